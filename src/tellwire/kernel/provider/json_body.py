"""A JSON body with tokens in its strings: parsed, never patched as text, so no value can leave its string. Pure.

A token that is a whole string becomes the value's own JSON, so a list of texts becomes an array there.
With batching the body's array has one element, the record, which is repeated for each message.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.kernel.json_place import json_mistake
from tellwire.kernel.provider.pieces import BadTemplate, Filling, Slot, Value, Values, as_text, pieces_of

NESTING_LIMIT: Final = (
    64  # levels of a template; a deeper one is a mistake, and would end in Python's own limit
)
_TOO_DEEP: Final = f"The parameters are nested more than {NESTING_LIMIT} levels deep."

_encode: Final = msgspec.json.Encoder().encode


class WholeSlot(Slot, frozen=True):
    """A place for one token's value as a JSON value of its own."""


class RecordsPlace(msgspec.Struct, frozen=True):
    """The place of the records in a batch's body."""


JsonPiece: TypeAlias = bytes | Slot | RecordsPlace
JsonPieces: TypeAlias = tuple[JsonPiece, ...]


class JsonBody(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled body. `record` is the element of the batch's array, and `body` then has a place for the records.

    `takes_extra` says whether the record is an object, which a message's extra pairs can join.
    """

    body: JsonPieces
    record: JsonPieces | None = None
    takes_extra: bool = True


def read_document(text: str) -> dict[str, Any] | list[Any]:
    """Parse a body's template: an object, or an array of objects. Raises `BadTemplate`."""
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as problem:
        raise BadTemplate(
            f'The parameters are not valid JSON: {json_mistake(text, problem)}. Tokens stand inside quotes: "$$To".'
        ) from problem
    except RecursionError as problem:
        raise BadTemplate(_TOO_DEEP) from problem
    if isinstance(document, dict) or (
        isinstance(document, list) and document and all(isinstance(item, dict) for item in document)
    ):
        return document
    raise BadTemplate("The parameters must be one JSON object, or an array of objects.")


def compile_json(document: Any, tokens: re.Pattern[str], batch_key: str | None = None) -> JsonBody:
    """Compile a JSON body, and the record when there is a batch key. Raises `BadTemplate`."""
    if batch_key is None:
        return JsonBody(body=_pieces(document, tokens))
    array = document.get(batch_key) if isinstance(document, dict) else None
    if not isinstance(array, list) or len(array) != 1:
        raise BadTemplate(
            f'Batch: "{batch_key}" must be an array of exactly one element, the template of a record.'
        )
    return JsonBody(
        body=_pieces({**document, batch_key: RecordsPlace()}, tokens),
        record=_pieces(array[0], tokens),
        takes_extra=isinstance(array[0], dict),
    )


def fill_json(template: JsonBody, fillings: Sequence[Filling]) -> bytes:
    """Return the body for these messages: one, or several where the template has a record."""
    first = fillings[0]
    if template.record is None:
        return _extended(_fill(template.body, first.values), first.extra)
    records = [_fill(template.record, filling.values) for filling in fillings]
    if template.takes_extra:
        pairs = zip(records, fillings, strict=True)
        records = [_extended(record, filling.extra) for record, filling in pairs]
        return _fill(template.body, first.values, records)
    return _extended(_fill(template.body, first.values, records), first.extra)


def _fill(pieces: JsonPieces, values: Values, records: Sequence[bytes] = ()) -> bytes:
    out = []
    for piece in pieces:
        if isinstance(piece, bytes):
            out.append(piece)
        elif isinstance(piece, WholeSlot):
            out.append(_encode(values[piece.name]))
        elif isinstance(piece, Slot):
            out.append(_inner(values[piece.name]))
        else:
            out.append(b"[%b]" % b",".join(records))
    return b"".join(out)


def _inner(value: Value) -> bytes:
    """Return a value as it stands within a JSON string."""
    return _encode(as_text(value))[1:-1]


def _extended(document: bytes, extra: Mapping[str, str]) -> bytes:
    """Add extra pairs as members of the object, or of each object of an array; they replace members of theirs."""
    if not extra:
        return document
    body: Any = msgspec.json.decode(document)
    if isinstance(body, dict):
        return _encode({**body, **extra})
    return _encode([{**members, **extra} for members in body])


def _pieces(value: Any, tokens: re.Pattern[str]) -> JsonPieces:
    return tuple(_joined(_walk(value, tokens, NESTING_LIMIT)))


def _walk(value: Any, tokens: re.Pattern[str], levels: int) -> list[JsonPiece]:
    """Write a JSON value as pieces of JSON text, with a slot wherever a string holds a token."""
    if levels == 0:
        raise BadTemplate(_TOO_DEEP)
    match value:
        case RecordsPlace():
            return [value]
        case str() if (whole := tokens.fullmatch(value)) is not None:
            return [WholeSlot(whole[1])]
        case str():
            return _walk_text(value, tokens)
        case list():
            return [b"[", *_between([_walk(item, tokens, levels - 1) for item in value]), b"]"]
        case dict():
            members = [
                [*_walk_text(key, tokens), b":", *_walk(item, tokens, levels - 1)]
                for key, item in value.items()
            ]
            return [b"{", *_between(members), b"}"]
        case _:
            return [_encode(value)]


def _walk_text(text: str, tokens: re.Pattern[str]) -> list[JsonPiece]:
    pieces = pieces_of(text, tokens)
    return [b'"', *(piece if isinstance(piece, Slot) else _inner(piece) for piece in pieces), b'"']


def _between(items: list[list[JsonPiece]]) -> list[JsonPiece]:
    return [piece for n, item in enumerate(items) for piece in ([b",", *item] if n else item)]


def _joined(pieces: list[JsonPiece]) -> list[JsonPiece]:
    """Merge neighbouring texts, so that filling touches as few pieces as there are slots."""
    out: list[JsonPiece] = []
    for piece in pieces:
        if out and isinstance(piece, bytes) and isinstance(out[-1], bytes):
            out[-1] += piece
        else:
            out.append(piece)
    return out
