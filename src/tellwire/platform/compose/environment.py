"""The Liquid that campaigns are written in: which tags and filters there are, and how much each render may cost.

Templates are written by people we do not know. Nothing here reads files or other templates, and python-liquid's
own limits are joined by ours where those do not reach: what a filter may return, how many steps a render may take,
how long a range may be (CleverTap contract 6.4).

    AbortRendering   the template said {% abort %}
    LiquidError      python-liquid's tree, for everything else that a template can do wrong
"""

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import StringIO
from typing import Any, ClassVar, Final, TextIO

from liquid import Environment, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions.primitive import FloatLiteral, RangeLiteral
from liquid.exceptions import (
    FilterArgumentError,
    LiquidError,
    LiquidValueError,
    LoopIterationLimitError,
    OutputStreamLimitError,
    ResourceLimitError,
)
from liquid.expression import Expression
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.template import BoundTemplate
from liquid.token import TOKEN_TAG, Token
from liquid.undefined import Undefined
from liquid.utils import ReadOnlyChainMap

from tellwire.platform.compose import dates, decimals
from tellwire.platform.compose.cost import cost_of_filter, put_tolls, weight_of
from tellwire.platform.compose.names import Moment

LOOP_LIMIT: Final = 1_000  # iterations in all: ten times the longest list that intake takes
STEP_LIMIT: Final = 20_000  # as compose.cost counts them: some 30 ms
TEXT_LIMIT: Final = 4_096  # characters a filter takes or returns: twice the longest message
LIST_LIMIT: Final = 4_096  # items; a text split into its characters
NUMBER_LIMIT: Final = 10**18
OUTPUT_LIMIT: Final = 16_384  # characters; ten parts are 1,530, and control blocks may drop what they print
LOCALS_LIMIT: Final = 65_536  # bytes of assigned values, as sys.getsizeof counts them
NESTING_LIMIT: Final = 30

# Other templates, and markup of other products: neither has a place in a text message.
_UNWANTED_TAGS: Final = ("include", "render", "liquid", "doc")


class AbortRendering(Exception):
    """The template came to {% abort %}: nothing is to be sent."""


class Context(RenderContext):
    """One render, and what it has spent so far."""

    __slots__ = ("iterations", "now", "steps")

    def __init__(self, template: BoundTemplate, names: dict[str, object], now: datetime) -> None:
        super().__init__(template, globals=names)
        self.now = now
        self.steps = 0
        self.iterations = 0
        # Without python-liquid's own `now` and `today`, which ask the machine.
        self.scope = ReadOnlyChainMap(self.locals, names, {"now": Moment(now)}, self.counters)

    def get(self, path: list[object], **keywords: Any) -> object:
        """Look a name up, for what its value weighs: whoever has it may compare, count or write it."""
        self.spend(1)
        value = super().get(path, **keywords)
        self.spend(weight_of(value, self._left) - 1)
        return value

    def get_item(self, obj: Any, key: Any) -> Any:
        """Return an item; beyond the end of a list there is none, and nothing is sent (contract 6.4)."""
        if isinstance(obj, list | tuple) and isinstance(key, int) and not -len(obj) <= key < len(obj):
            raise LiquidValueError(f"there is no item {key}: the list has {len(obj)}", token=None)
        return super().get_item(obj, key)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """Return a filter that costs what its arguments weigh."""
        function = super().filter(name, token)

        def charged(left: object, *arguments: object, **keywords: object) -> object:
            self.spend(cost_of_filter(name, left, [*arguments, *keywords.values()], self._left))
            return function(left, *arguments, **keywords)

        return charged

    def assign(self, key: str, val: Any) -> None:
        """Set a local name; python-liquid measures all of them each time."""
        self.spend(1 + len(self.locals) // 16)
        super().assign(key, val)

    @property
    def _left(self) -> int:
        return STEP_LIMIT - self.steps

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count the iterations of a loop that begins: all loops of a render share one limit."""
        self.iterations += length
        if self.iterations > LOOP_LIMIT:
            raise LoopIterationLimitError(f"more than {LOOP_LIMIT} loop iterations", token=None)

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        """Return a buffer for a capture; what is captured counts as output."""
        return Output(buf.size if isinstance(buf, Output) else 0)

    def spend(self, steps: int) -> None:
        """Count steps; raises `ResourceLimitError` when there are too many."""
        self.steps += steps
        if self.steps > STEP_LIMIT:
            raise ResourceLimitError("the template takes too many steps", token=None)


class Output(StringIO):
    """Collects what is rendered, up to a limit."""

    def __init__(self, size: int = 0) -> None:
        super().__init__()
        self.size = size

    def write(self, text: str, /) -> int:
        """Append, or raise `OutputStreamLimitError`."""
        self.size += len(text)
        if self.size > OUTPUT_LIMIT:
            raise OutputStreamLimitError(f"the text is longer than {OUTPUT_LIMIT} characters", token=None)
        return super().write(text)


class AbortNode(Node):
    """{% abort %} in a parsed template."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.blank = False

    def render_to_output(self, _context: RenderContext, _buffer: TextIO) -> int:
        """End the render."""
        raise AbortRendering


class AbortTag(Tag):
    """{% abort %}: do not send (contract 6.4)."""

    name = "abort"
    block = False

    def parse(self, stream: TokenStream) -> Node:
        """Read the tag; it takes no argument."""
        stream.expect(TOKEN_TAG, value=self.name)
        return AbortNode(stream.current)


class BoundedEnd(Expression):
    """The end of a range: refuses, before anything is made of it, a range longer than a loop may run."""

    __slots__ = ("start", "stop")

    def __init__(self, start: Expression, stop: Expression) -> None:
        super().__init__(stop.token)
        self.start = start
        self.stop = stop

    def evaluate(self, context: RenderContext) -> object:
        """Return the end as it was written."""
        start, stop = self.start.evaluate(context), self.stop.evaluate(context)
        if _whole(stop) - _whole(start) > LOOP_LIMIT:
            raise LoopIterationLimitError(f"a range of more than {LOOP_LIMIT}", token=self.token)
        return stop

    def children(self) -> Iterable[Expression]:
        """Return what it is made of."""
        return [self.start, self.stop]


class CampaignEnvironment(Environment):
    """python-liquid with our tags, filters and limits; strict where a template is written, lenient about values."""

    block_nesting_limit: ClassVar[int] = NESTING_LIMIT
    context_depth_limit: ClassVar[int] = NESTING_LIMIT
    loop_iteration_limit: ClassVar[int | None] = LOOP_LIMIT
    local_namespace_limit: ClassVar[int | None] = LOCALS_LIMIT
    output_stream_limit: ClassVar[int | None] = OUTPUT_LIMIT
    suppress_blank_control_flow_blocks = False  # spaces are part of a message

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Take the standard ones, without what reads other templates, and bound every filter."""
        super().setup_tags_and_filters(extra=extra)
        for name in _UNWANTED_TAGS:
            del self.tags[name]
        self.add_tag(AbortTag)
        self.add_filter("date", dates.date)
        self.add_filter("date_tz", dates.date_tz)
        self.add_filter("round", decimals.round_)
        self.add_filter("divided_by", decimals.divided_by)
        self.add_filter("json", as_json)
        for name, function in list(self.filters.items()):
            self.filters[name] = _bounded(name, function)

    def error(self, exc: Any, msg: str | None = None, token: Token | None = None) -> None:
        """Raise; an error at the end of an expression, which has no place of its own, gets that of its markup."""
        if isinstance(exc, LiquidError) and exc.token is not None and exc.token.start_index < 0:
            exc.token = token
        super().error(exc, msg, token)

    def from_string(self, source: str, *args: Any, **keywords: Any) -> BoundTemplate:
        """Parse a template, bound its ranges and put tolls into its blocks."""
        template = super().from_string(source, *args, **keywords)
        context = RenderContext(template)
        for node in template.nodes:
            _settle(node, context)
            put_tolls(node, context)
        return template


def _settle(node: Node, context: RenderContext) -> None:
    for expression in node.expressions():
        _settle_expression(expression)
    for child in node.children(context, include_partials=False):
        _settle(child, context)


def _settle_expression(expression: Expression) -> None:
    """Bound the ranges of an expression, and let its numbers print plainly."""
    if isinstance(expression, RangeLiteral) and not isinstance(expression.stop, BoundedEnd):
        expression.stop = BoundedEnd(expression.start, expression.stop)
        return
    if isinstance(expression, FloatLiteral):
        expression.value = decimals.plain(expression.value)
    for child in expression.children():
        _settle_expression(child)


def as_json(value: object) -> str:
    """Return a value as JSON, as a body of JSON needs it: a text with its quotes, nothing as `null`."""
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    match value:
        case Undefined():
            return None
        case Mapping():
            return dict(value)
        case _:
            return str(value)


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)  # which also copies python-liquid's marks `with_context`, `with_environment`
    def filter_(*arguments: Any, **keywords: Any) -> Any:
        for argument in arguments:
            _refuse_large(name, argument)
        result = decimals.plain(function(*arguments, **keywords))
        _refuse_large(name, result)
        return result

    return filter_


def _refuse_large(name: str, value: object) -> None:
    match value:
        case str():
            too_large = len(value) > TEXT_LIMIT
        case list() | range():
            too_large = len(value) > LIST_LIMIT
        case int():
            too_large = not -NUMBER_LIMIT <= value <= NUMBER_LIMIT
        case _:
            return
    if too_large:
        raise FilterArgumentError(f"{name}: the value is too large", token=None)


def _whole(value: object) -> int:
    """Return the number that python-liquid makes of a range's end: anything that is none counts as 0."""
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]  # whatever the template named
    except (TypeError, ValueError, OverflowError):
        return 0
