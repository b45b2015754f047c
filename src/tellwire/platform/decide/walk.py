"""Walks one person through a campaign: on from where the person stands, until a step blocks or the last is done. Pure.

What a step needs of the world (gates, words, the profile, the zone) it asks of a `Walker`, which also notes what
the steps do. Only a wait, a message that is held, the pause of a repeat and a split whose winner is awaited block.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias, assert_never

from tellwire.platform.decide.program import END, LEAVE, Node, Place, Program
from tellwire.platform.model.enrollment import EndReason
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.step import (
    CallStep,
    ChooseStep,
    RepeatStep,
    SendStep,
    SetStep,
    SplitStep,
    StopStep,
    Until,
    WaitStep,
)

Rounds: TypeAlias = Mapping[
    str, int
]  # by the id of a repeat that the person is in: which visit it is, from 0


class Blocked(NamedTuple):
    """The person waits at a step, which was reached at `since`, until `due`.

    `is_hold`: the step itself is still to be done, for a gate said not yet.
    """

    step: str
    rounds: Rounds
    since: datetime
    due: datetime
    is_hold: bool = False


class Ended(NamedTuple):
    """The person has left the campaign at a step; `detail` is a stop step's own reason."""

    reason: EndReason
    step: str
    detail: str = ""


Walked: TypeAlias = Blocked | Ended


class Walker(Protocol):
    """What the steps of one enrollment do and ask, at one moment."""

    now: datetime
    may_go: bool  # False while nobody moves: the first step that is reached stays to be done

    def come(self, step: str) -> None:
        """Note that the person has come to a step, of a campaign that has several."""

    def send(self, step: SendStep, visit: int) -> datetime | None:
        """Decide a message; return until when it is held, None if it was sent or skipped."""

    def due(self, until: Until, since: datetime) -> datetime | None:
        """Return when a wait that began at `since` is over, None if it has no such moment."""

    def pause(self, step: RepeatStep, since: datetime) -> datetime:
        """Return when the next visit of a repeat begins."""

    def meets(self, rule: Rule) -> bool:
        """Say whether the person meets a rule now."""

    def branch(self, step: SplitStep) -> int | datetime:
        """Return which share of a split the person falls into, or until when they wait for the one that wins."""

    def winner(self, step: SplitStep) -> int | datetime:
        """Return which share of a split has won for somebody who waited, or until when they wait on."""

    def set(self, step: SetStep) -> None:
        """Change the profile."""

    def call(self, step: CallStep, visit: int) -> None:
        """Call another system."""


def begin(program: Program, walker: Walker) -> Walked:
    """Walk from the first step."""
    return _walk(program, 0, {}, walker, "")


def go_on(program: Program, blocked: Blocked, walker: Walker) -> Walked:
    """Walk on: what the person waited for is over."""
    place = program.places[blocked.step]
    node = program.nodes[place]
    if blocked.is_hold:
        return _walk(program, place, blocked.rounds, walker, blocked.step, since=blocked.since)
    match node.step:
        case RepeatStep(id=repeat):
            rounds = {**blocked.rounds, repeat: blocked.rounds[repeat] + 1}
            return _walk(program, node.branches[0], rounds, walker, blocked.step)
        case SplitStep() as split:
            won = walker.winner(split)
            if isinstance(won, datetime):
                return Blocked(split.id, blocked.rounds, blocked.since, won)
            return _walk(program, node.branches[won], blocked.rounds, walker, blocked.step)
        case _:
            return _walk(program, node.next, blocked.rounds, walker, blocked.step)


def answer(program: Program, blocked: Blocked, number: int, walker: Walker) -> Walked:
    """Walk on by an answer of the wait at which the person stands; `number` is its place among the answers."""
    place = program.nodes[program.places[blocked.step]].branches[number]
    return _walk(program, place, blocked.rounds, walker, blocked.step)


def leave_repeat(program: Program, blocked: Blocked, repeat: str, walker: Walker) -> Walked:
    """Walk on behind a repeat that the person is in: what it goes on until has come."""
    place = program.nodes[program.places[repeat]].next
    return _walk(program, place, blocked.rounds, walker, blocked.step)


def visit_of(node: Node, program: Program, rounds: Rounds) -> int:
    """Return how often the step was reached before in this enrollment: 0 outside of repeats."""
    visit = 0
    for place in node.repeats:
        repeat = program.nodes[place].step
        assert isinstance(repeat, RepeatStep)  # noqa: S101 - `program_of` puts only these there
        visit = visit * repeat.times + rounds.get(repeat.id, 0)
    return visit


def _walk(
    program: Program, place: Place, rounds: Rounds, walker: Walker, last: str, since: datetime | None = None
) -> Walked:
    """Do steps from `place` on. `since` is when the first of them was reached, if that was not now.

    `last` is the id of the step at which the person stood before.
    """
    visits, has_several = dict(rounds), len(program.nodes) > 1
    while place not in {END, LEAVE}:
        node = program.nodes[place]
        last = node.step.id
        if visits:
            visits = {repeat: visit for repeat, visit in visits.items() if _is_inside(node, program, repeat)}
        if has_several and since is None and last not in visits:
            walker.come(last)
        if not walker.may_go:
            return Blocked(last, visits, since or walker.now, walker.now, is_hold=True)
        walked = _do(program, node, visits, walker, since or walker.now)
        if not isinstance(walked, int):
            return walked
        place, since = walked, None
    return Ended("answered" if place == LEAVE else "finished", last)


def _do(
    program: Program, node: Node, visits: dict[str, int], walker: Walker, since: datetime
) -> Place | Walked:
    """Do one step, and return the place of what comes next, or where the walk stops."""
    step = node.step
    match step:
        case SendStep() | SetStep() | CallStep():
            return _acted(node, step, visits, visit_of(node, program, visits), walker, since)
        case WaitStep():
            return _waited(node, step, visits, walker, since)
        case ChooseStep():
            return _chosen(node, [branch.rule for branch in step.branches], walker)
        case SplitStep():
            taken = walker.branch(step)
            return (
                Blocked(step.id, visits, since, taken)
                if isinstance(taken, datetime)
                else node.branches[taken]
            )
        case RepeatStep():
            return _repeated(node, step, visits, walker)
        case StopStep():
            return Ended("stop_step", step.id, step.reason)
        case _:
            assert_never(step)


def _acted(
    node: Node,
    step: SendStep | SetStep | CallStep,
    visits: dict[str, int],
    visit: int,
    walker: Walker,
    since: datetime,
) -> Place | Blocked:
    """Send, change the profile or call; only a message may be held."""
    match step:
        case SendStep():
            held = walker.send(step, visit)
            return node.next if held is None else Blocked(step.id, visits, since, held, is_hold=True)
        case SetStep():
            walker.set(step)
        case CallStep():
            walker.call(step, visit)
        case _:
            assert_never(step)
    return node.next


def _waited(
    node: Node, step: WaitStep, visits: dict[str, int], walker: Walker, since: datetime
) -> Place | Walked:
    due = walker.due(step.until, since)
    if due is None:
        return Ended("missed", step.id)
    return node.next if due <= walker.now else Blocked(step.id, visits, since, due)


def _chosen(node: Node, rules: Sequence[Rule | None], walker: Walker) -> Place:
    for place, rule in zip(node.branches, rules, strict=True):
        if rule is None or walker.meets(rule):
            return place
    return node.next


def _repeated(node: Node, step: RepeatStep, visits: dict[str, int], walker: Walker) -> Place | Blocked:
    """Begin the first visit, or pause before the next; go on behind the repeat after the last."""
    visit = visits.get(step.id)
    if visit is None:
        visits[step.id] = 0
        return node.branches[0]
    if visit + 1 >= step.times:
        del visits[step.id]
        return node.next
    return Blocked(step.id, visits, walker.now, walker.pause(step, walker.now))


def _is_inside(node: Node, program: Program, repeat: str) -> bool:
    """Say whether a node is a repeat or stands in it."""
    return node.step.id == repeat or any(program.nodes[place].step.id == repeat for place in node.repeats)
