"""Templates that only put values into a text, as nearly all do: rendered without Liquid's machinery. Pure.

    Hello {{ Profile.Name | default: "you" }}, thanks for {{ Event.Item }}

What comes out is what Liquid would say, in a fraction of its time. Whatever is not as simple (another tag or filter, a
list, a date, a long value) is left to Liquid: `plain_of` and `filled` answer None.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec
from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import (
    Filter,
    FilteredExpression,
    Path,
    PositionalArgument,
    StringLiteral,
)
from liquid.builtin.output import OutputNode
from liquid.expression import Expression
from liquid.template import BoundTemplate

from tellwire.platform.compose.decimals import PlainFloat
from tellwire.platform.compose.names import Names

# Within these no limit of a render (`compose.environment`) can be reached, so none is counted here.
PLACES_LIMIT: Final = 16
VALUE_LIMIT: Final = 256  # characters
_NUMBER_LIMIT: Final = 10**15
_METHODS: Final = frozenset(
    {"size", "first", "last"}
)  # which Liquid answers itself when there is no such property


class Place(msgspec.Struct, frozen=True):
    """One `{{ Profile.name }}`; `default` is what stands there instead of nothing, if the template says so."""

    root: str
    name: str
    default: "Place | str | None" = None


Plain: TypeAlias = tuple[str | Place, ...]


def plain_of(template: BoundTemplate, roots: frozenset[str]) -> Plain | None:
    """Return the template as texts and places, or None if there is more to it; `roots` are what a place may name."""
    pieces = [_piece(node, roots) for node in template.nodes]
    plain = tuple(piece for piece in pieces if piece is not None)
    if len(plain) < len(pieces) or sum(isinstance(piece, Place) for piece in plain) > PLACES_LIMIT:
        return None
    return plain


def filled(plain: Plain, names: Mapping[str, Names]) -> str | None:
    """Return the text with its values, or None if one of these is Liquid's to write."""
    texts = [piece if isinstance(piece, str) else _text(piece, names) for piece in plain]
    known = [text for text in texts if text is not None]
    return "".join(known) if len(known) == len(texts) else None


def _piece(node: Node, roots: frozenset[str]) -> str | Place | None:
    if type(node) is ContentNode:
        return node.text
    if type(node) is OutputNode and type(node.expression) is FilteredExpression:
        place = _place(node.expression.left, roots)
        filters = node.expression.filters or []
        return place if place is None or not filters else _with_default(place, filters, roots)
    return None


def _with_default(place: Place, filters: list[Filter], roots: frozenset[str]) -> Place | None:
    match filters:
        case [Filter(name="default", args=[PositionalArgument(value=StringLiteral(value=text))])]:
            return Place(place.root, place.name, text)
        case [Filter(name="default", args=[PositionalArgument(value=value)])]:
            other = _place(value, roots)
            return None if other is None else Place(place.root, place.name, other)
        case _:
            return None


def _place(expression: Expression, roots: frozenset[str]) -> Place | None:
    match expression:
        case Path(path=[str(root), str(name)]) if root in roots and name not in _METHODS:
            return Place(root, name)
        case _:
            return None


def _text(place: Place, names: Mapping[str, Names]) -> str | None:
    value = names[place.root].get(place.name)
    if place.default is not None and (value is None or value is False or value == ""):
        return place.default if isinstance(place.default, str) else _text(place.default, names)
    match value:
        case str() if len(value) <= VALUE_LIMIT:
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case PlainFloat() | int() if isinstance(value, PlainFloat) or abs(value) < _NUMBER_LIMIT:
            return str(value)
        case _:
            return None
