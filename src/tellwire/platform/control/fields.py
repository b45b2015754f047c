"""The fields of a noun as its types declare them: what each is, its default, bounds, and what it is for. Pure.

One mechanism for the vocabulary, the pages and the reference: a bound or a sentence stands at the field and nowhere
else, as `msgspec.Meta`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import inspect

Kind: TypeAlias = Literal["text", "integer", "number", "boolean", "moment", "choice", "list", "object", "any"]


class Field(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field: what it is when it is left out, and its bounds.

    `title` and `help` are for people. `choices` are all that a choice may be, or each item of a list.
    `longest` is in characters, or in items of a list or an object; `least` and `most` are numbers, both allowed.
    """

    path: str
    kind: Kind
    title: str = ""
    help: str = ""
    default: Any = None
    choices: Sequence[Any] = ()
    least: float | None = None
    most: float | None = None
    longest: int | None = None


def fields_of(noun: type[msgspec.Struct], prefix: str = "") -> Iterator[Field]:
    """Yield the fields of a noun, those of a noun inside it by their path; one that may hold itself is one field."""
    kind = inspect.type_info(noun)
    assert isinstance(kind, inspect.StructType)  # noqa: S101 - a noun is a struct
    for one in kind.fields:
        path, inner = f"{prefix}{one.encode_name}", _meant(one.type)
        if isinstance(inner, inspect.StructType) and not _holds_itself(inner):
            yield from fields_of(inner.cls, f"{path}.")
        else:
            yield _field(path, one, inner)


def _holds_itself(kind: inspect.StructType) -> bool:
    return any(_meant(one.type) is kind for one in kind.fields)


_KINDS: Final[dict[type[inspect.Type], Kind]] = {
    inspect.StrType: "text",
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.DateTimeType: "moment",
    inspect.LiteralType: "choice",
    inspect.VarTupleType: "list",
    inspect.ListType: "list",
    inspect.DictType: "object",
    inspect.StructType: "object",
}


def _field(path: str, one: inspect.Field, kind: inspect.Type) -> Field:
    words = _words(one.type)
    items = _meant(kind.item_type) if isinstance(kind, inspect.VarTupleType) else kind
    return Field(
        path=path,
        kind=_KINDS.get(type(kind), "any"),
        title=words.get("title", ""),
        help=words.get("description", ""),
        default=_default(one),
        choices=items.values if isinstance(items, inspect.LiteralType) else (),
        least=getattr(kind, "ge", None),
        most=getattr(kind, "le", None),
        longest=getattr(kind, "max_length", None),
    )


def _default(one: inspect.Field) -> Any:
    if one.default is not msgspec.NODEFAULT:
        return None if one.default is msgspec.UNSET else one.default
    return None if one.default_factory is msgspec.NODEFAULT else one.default_factory()


def _meant(kind: inspect.Type) -> inspect.Type:
    """Return the type without its metadata and `None`; of several the union."""
    if isinstance(kind, inspect.Metadata):
        return _meant(kind.type)
    if isinstance(kind, inspect.UnionType):
        rest = [_meant(one) for one in kind.types if not isinstance(one, inspect.NoneType)]
        return rest[0] if len(rest) == 1 else kind
    return kind


def _words(kind: inspect.Type) -> dict[str, Any]:
    """Return title and description of a field, the outermost of each."""
    words: dict[str, Any] = {}
    while isinstance(kind, inspect.Metadata):
        words = {**(kind.extra_json_schema or {}), **words}
        kind = kind.type
    return words
