"""A JSON body with tokens in its strings: parsed, never patched as text, so no value can break out of its string.

With batching the body's array has one element, the record, which is repeated for each message (contract 1.4).
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from tellwire.kernel.json_place import json_mistake
from tellwire.platform.model.message import Message
from tellwire.platform.senders.pieces import BadTemplate, Piece, Pieces, Slot, pieces_of
from tellwire.platform.senders.tokens import TEMPLATE_VARIABLES, TOKEN, value_of

NESTING_LIMIT = 64  # levels of a template; a deeper one is a mistake, and would end in Python's own limit
RECORDS = Slot("", is_array=True)  # the place of the records in a batch's body
_MARK = "\x00records\x00"
_TOO_DEEP = f"The parameters are nested more than {NESTING_LIMIT} levels deep."


class JsonBody(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled body. `record` is the element of the batch's array, and `body` then has `RECORDS` in its place.

    `takes_extra` says whether the record is an object, which the campaign's extra pairs can join.
    """

    body: Pieces
    record: Pieces | None = None
    takes_extra: bool = True


def compile_json(text: str, batch_key: str | None) -> JsonBody:
    """Compile a JSON body, and the record when there is a batch key."""
    document = _document(text)
    if batch_key is None:
        return JsonBody(body=tuple(_joined(_walk(document))))
    array = document.get(batch_key) if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(array, list) or len(array) != 1:
        raise BadTemplate(
            f'Batch: "{batch_key}" must be an array of exactly one element, the template of a record.'
        )
    record = tuple(_joined(_walk(array[0])))
    body = tuple(_joined(_walk({**document, batch_key: _MARK})))
    return JsonBody(body=body, record=record, takes_extra=isinstance(array[0], dict))


def _document(text: str) -> dict[str, Any] | list[Any]:
    """Parse a body's template: an object, or an array of objects."""
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


def fill_json(template: JsonBody, messages: Sequence[Message], phone_form: str) -> bytes:
    """Return the body for these messages: one, or several where the template has a record."""
    first = messages[0]
    if template.record is None:
        return _extended(_fill(template.body, first, phone_form, ""), first).encode()
    records = [_fill(template.record, message, phone_form, "") for message in messages]
    if template.takes_extra:
        records = [_extended(record, message) for record, message in zip(records, messages, strict=True)]
        return _fill(template.body, first, phone_form, ",".join(records)).encode()
    return _extended(_fill(template.body, first, phone_form, ",".join(records)), first).encode()


def _fill(pieces: Pieces, message: Message, phone_form: str, records: str) -> str:
    out = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
        elif piece is RECORDS:
            out.append(records)
        elif piece.is_array:
            out.append(msgspec.json.encode(message.template_variables).decode())
        else:
            out.append(_escaped(value_of(piece.name, message, phone_form)))
    return "".join(out)


def _escaped(value: str) -> str:
    return msgspec.json.encode(value).decode()[1:-1]


def _extended(document: str, message: Message) -> str:
    """Add the campaign's extra pairs as members of the object, or of each object of an array; ours replace."""
    if not message.extra:
        return document
    body: dict[str, Any] | list[dict[str, Any]] = msgspec.json.decode(document)
    if isinstance(body, dict):
        return msgspec.json.encode({**body, **message.extra}).decode()
    return msgspec.json.encode([{**members, **message.extra} for members in body]).decode()


def _walk(value: Any, levels: int = NESTING_LIMIT) -> list[Piece]:
    """Write a JSON value as pieces of JSON text, with a slot wherever a string holds a token."""
    if levels == 0:
        raise BadTemplate(_TOO_DEEP)
    match value:
        case str() if value == _MARK:
            return ["[", RECORDS, "]"]
        case str() if (found := TOKEN.fullmatch(value)) and found[1].casefold() == TEMPLATE_VARIABLES:
            return [Slot(found[1], is_array=True)]
        case str():
            return _walk_text(value)
        case list():
            return ["[", *_between([_walk(item, levels - 1) for item in value]), "]"]
        case dict():
            members = [[*_walk_text(key), ":", *_walk(item, levels - 1)] for key, item in value.items()]
            return ["{", *_between(members), "}"]
        case _:
            return [msgspec.json.encode(value).decode()]


def _walk_text(text: str) -> list[Piece]:
    inner = [piece if isinstance(piece, Slot) else _escaped(piece) for piece in pieces_of(text)]
    return ['"', *inner, '"']


def _between(items: list[list[Piece]]) -> list[Piece]:
    return [piece for n, item in enumerate(items) for piece in ([",", *item] if n else item)]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Merge neighbouring texts, so that filling touches as few pieces as there are slots."""
    out: list[Piece] = []
    for piece in pieces:
        if out and isinstance(piece, str) and isinstance(out[-1], str):
            out[-1] += piece
        else:
            out.append(piece)
    return out
