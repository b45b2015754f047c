"""A campaign's steps as a flat table: each step has a place, and knows the place of what comes after it.

0 pause   wait    ─→ 1                      next of the last step in a branch is the next of the step
1 which   split   ─→ 4, branches 2, 3       that holds the branch; of a repeat's last step it is the
2 a       send    ─→ 4                      repeat itself, which counts the visit.
3 b       send    ─→ 4
4 last    send    ─→ END
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from tellwire.platform.model.step import RepeatStep, Step, WaitStep, lists_of

END: Final = -1  # behind the last step
LEAVE: Final = -2  # of an answer without steps: the enrollment ends

Place: TypeAlias = int


class Node(NamedTuple):
    """A step, what comes after it, where its branches begin, and the repeats that it stands in, outermost first."""

    step: Step
    next: Place
    branches: tuple[Place, ...]
    repeats: tuple[Place, ...]


class Program(NamedTuple):
    """The steps of one version of a campaign. The first stands at 0; there is at least one."""

    nodes: tuple[Node, ...]
    places: Mapping[str, Place]

    def at(self, step: str) -> Node | None:
        """Return the node of the step with this id, None if the campaign has none."""
        place = self.places.get(step)
        return None if place is None else self.nodes[place]


def program_of(steps: Sequence[Step]) -> Program:
    """Return the table of these steps."""
    nodes: list[Node | None] = []
    _lay(nodes, steps, END, ())
    laid = tuple(node for node in nodes if node is not None)
    return Program(laid, {node.step.id: place for place, node in enumerate(laid)})


def _lay(nodes: list[Node | None], steps: Sequence[Step], after: Place, repeats: tuple[Place, ...]) -> Place:
    """Append the nodes of a list, and return the place of its first, or `after` for a list without steps."""
    if not steps:
        return after
    places = _places(nodes, steps)
    for number, step in enumerate(steps):
        following = places[number + 1] if number + 1 < len(steps) else after
        nodes[places[number]] = _node(nodes, step, places[number], following, repeats)
    return places[0]


def _places(nodes: list[Node | None], steps: Sequence[Step]) -> list[Place]:
    """Give each step of a list its place."""
    first = len(nodes)
    nodes.extend(None for _ in steps)
    return list(range(first, len(nodes)))


def _node(
    nodes: list[Node | None], step: Step, place: Place, following: Place, repeats: tuple[Place, ...]
) -> Node:
    if isinstance(step, RepeatStep):
        return Node(step, following, (_lay(nodes, step.steps, place, (*repeats, place)),), repeats)
    if isinstance(step, WaitStep):
        branches = tuple(
            LEAVE if answer.steps is None else _lay(nodes, answer.steps, following, repeats)
            for answer in step.answers
        )
        return Node(step, following, branches, repeats)
    return Node(
        step,
        following,
        tuple(_lay(nodes, branch, following, repeats) for _, branch in lists_of(step)),
        repeats,
    )
