"""What the parts of a template cost, in steps of one to two microseconds: so that a render's time is bounded. Pure.

A name looked up costs what its value weighs, a filter what its arguments weigh, a block what its nodes and their
expressions are, each time it is rendered. Without the weights a list of thousands cost one step to sort.
"""

from collections.abc import Mapping
from typing import Any, Final, TextIO

from liquid import RenderContext
from liquid.ast import BlockNode, Node
from liquid.expression import Expression

_CHARACTERS_A_STEP: Final = 32
_PAIRS_A_STEP: Final = 64  # of items that `uniq` compares with each other


class Toll(Node):
    """The first node of every block: pays for the block, and writes nothing."""

    __slots__ = ("steps",)

    def __init__(self, block: BlockNode, steps: int) -> None:
        super().__init__(block.token)
        self.steps = steps

    def render_to_output(self, context: RenderContext, _buffer: TextIO) -> int:
        """Pay, or raise what `compose.environment.Context` raises."""
        context.spend(self.steps)  # type: ignore[attr-defined]  # renders use compose.environment.Context
        return 0


def put_tolls(node: Node, context: RenderContext) -> int:
    """Put a toll into every block at and below a node, and return what the node costs without its blocks."""
    steps = 1 + sum(map(_size, node.expressions()))
    steps += sum(put_tolls(child, context) for child in list(node.children(context, include_partials=False)))
    if isinstance(node, BlockNode):
        node.nodes.insert(0, Toll(node, steps))
        return 0
    return steps


def cost_of_filter(name: str, left: object, arguments: list[object], most: int) -> int:
    """Return what a filter costs; once that is over `most` the rest is not looked at."""
    weight = weight_of(left, most)
    weights = [weight_of(argument, most) for argument in arguments]
    cost = weight + sum(weights)
    if name == "uniq":  # compares each with each
        cost += weight * weight // _PAIRS_A_STEP
    elif name == "replace" or (isinstance(left, list | tuple | range) and name != "concat"):
        cost += weight * sum(one - 1 for one in weights)  # a key or a text is written out for every item
    return cost


def weight_of(value: object, most: int) -> int:
    """Return how much there is of a value: items of lists and objects, at any depth, and pieces of texts."""
    weight, waiting = 1, [value]
    while waiting and weight <= most:
        one: Any = waiting.pop()
        match one:
            case str():
                weight += len(one) // _CHARACTERS_A_STEP
            case range():
                weight += len(one)
            case list() | tuple():
                weight += len(one)
                waiting += [item for item in one if isinstance(item, _HEAVY)]
            case Mapping():
                weight += len(one)
                waiting += [item for item in one.values() if isinstance(item, _HEAVY)]
    return weight


_HEAVY: Final = (str, range, list, tuple, Mapping)


def _size(expression: Expression) -> int:
    return 1 + sum(map(_size, expression.children()))
