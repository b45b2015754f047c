"""A provider's request as a template: compiled once, then filled for each message with correct escaping.

Where a token stands decides how its value is escaped: percent-encoded in the URL, the query and a form,
JSON-escaped in a JSON body, refused with control characters in a header. The JSON document is parsed, never
patched as text, so no value can break out of its string.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus

import msgspec

from tellwire.kernel.http import HttpRequest
from tellwire.model.message import Message
from tellwire.model.provider import FormParameters, JsonParameters, Provider, QueryParameters
from tellwire.senders.tokens import TEMPLATE_VARIABLES, TOKEN, value_of

Escape: TypeAlias = Callable[[str], str]
Headers: TypeAlias = tuple[tuple[str, str], ...]


class BadTemplate(ValueError):
    """The provider's template cannot make a request; the message says what to mend. Found when it is saved."""


class Slot(msgspec.Struct, frozen=True):
    """A place for one token's value."""

    name: str
    is_array: bool = False


Piece: TypeAlias = str | Slot
Pieces: TypeAlias = tuple[Piece, ...]


class RequestTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled provider: pieces of text with slots between them.

    `record` is the element of the batch's array, `body` then has one `_RECORDS` slot in its place.
    """

    method: str
    url: Pieces
    pairs: tuple[tuple[Pieces, Pieces], ...]
    headers: tuple[tuple[str, Pieces], ...]
    body: Pieces | None
    record: Pieces | None
    phone_form: str
    is_form: bool


_RECORDS = Slot("", is_array=True)
_MARK = "\x00records\x00"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def compile_template(provider: Provider, headers: Headers) -> RequestTemplate:
    """Compile a provider; `headers` are its headers with their values opened. Raises `BadTemplate`."""
    parameters = provider.parameters
    pairs: tuple[tuple[Pieces, Pieces], ...] = ()
    body = record = None
    match parameters:
        case JsonParameters(template=text):
            body, record = _json_pieces(text, provider.batch.key if provider.batch else None)
        case FormParameters() | QueryParameters():
            if provider.batch is not None:
                raise BadTemplate(
                    "Batch needs JSON parameters: an array of records has no form in a query or form."
                )
            pairs = tuple((_encoded(p.name), _encoded(p.value)) for p in parameters.pairs)
    return RequestTemplate(
        method="GET" if isinstance(parameters, QueryParameters) else "POST",
        url=_pieces(provider.endpoint),
        pairs=pairs,
        headers=tuple((name, _pieces(value)) for name, value in _with_type(headers, parameters)),
        body=body,
        record=record,
        phone_form=provider.phone_form,
        is_form=isinstance(parameters, FormParameters),
    )


def fill(template: RequestTemplate, messages: Sequence[Message], authorization: str = "") -> HttpRequest:
    """Return the request that hands over these messages: one, or several where the template has a record.

    Tokens outside the record take the first message's values: they are the same for a whole campaign.
    Raises `BadTemplate` when a value cannot stand in a header.
    """
    first = messages[0]
    url = _fill(template.url, first, template, _percent)
    encoded = "&".join(
        f"{_fill(name, first, template, quote_plus)}={_fill(value, first, template, quote_plus)}"
        for name, value in template.pairs
    )
    extra = "&".join(f"{quote_plus(k)}={quote_plus(v)}" for k, v in first.extra.items())
    headers = tuple((name, _header(_fill(value, first, template, str))) for name, value in template.headers)
    if authorization:
        headers = (
            *(h for h in headers if h[0].casefold() != "authorization"),
            ("Authorization", authorization),
        )
    if template.body is not None:
        body = _json_body(template, messages)
    else:
        encoded = "&".join(filter(None, (encoded, extra)))
        body = encoded.encode() if template.is_form else b""
        if encoded and not template.is_form:
            url = f"{url}{'&' if '?' in url else '?'}{encoded}"
    return HttpRequest(method=template.method, url=url, headers=headers, body=body)


def _with_type(headers: Headers, parameters: object) -> Headers:
    """Add the content type of the parameters where the provider's own headers do not name one."""
    if any(name.casefold() == "content-type" for name, _ in headers) or isinstance(
        parameters, QueryParameters
    ):
        return headers
    kind = (
        "application/json" if isinstance(parameters, JsonParameters) else "application/x-www-form-urlencoded"
    )
    return (*headers, ("Content-Type", f"{kind}; charset=utf-8"))


def _pieces(text: str) -> Pieces:
    """Split a text at its tokens."""
    found = TOKEN.split(text)  # text, name, text, name, ..., text
    pieces: list[Piece] = [Slot(part) if n % 2 else part for n, part in enumerate(found)]
    return tuple(piece for piece in pieces if piece != "")


def _encoded(text: str) -> Pieces:
    """Split a name or value of a form or query, with the typed text around its tokens already encoded."""
    return tuple(piece if isinstance(piece, Slot) else quote_plus(piece) for piece in _pieces(text))


def _fill(pieces: Pieces, message: Message, template: RequestTemplate, escape: Escape) -> str:
    return "".join(
        piece if isinstance(piece, str) else escape(value_of(piece.name, message, template.phone_form))
        for piece in pieces
    )


def _percent(value: str) -> str:
    return quote(value, safe="")


def _header(value: str) -> str:
    if _CONTROL.search(value) is not None:
        raise BadTemplate("a header's value came out with a line break or control character in it")
    return value


def _json_body(template: RequestTemplate, messages: Sequence[Message]) -> bytes:
    assert template.body is not None  # noqa: S101 - the caller asked; this narrows the type
    first = messages[0]
    if template.record is None:
        whole = _fill_json(template.body, first, template, "")
        return (_extended(whole, first) if first.extra else whole).encode()
    records = ",".join(
        _extended(filled, message) if message.extra else filled
        for message in messages
        for filled in (_fill_json(template.record, message, template, ""),)
    )
    return _fill_json(template.body, first, template, records).encode()


def _fill_json(pieces: Pieces, message: Message, template: RequestTemplate, records: str) -> str:
    out = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
        elif piece is _RECORDS:
            out.append(records)
        elif piece.is_array:
            out.append(msgspec.json.encode(message.template_variables).decode())
        else:
            out.append(_json_escape(value_of(piece.name, message, template.phone_form)))
    return "".join(out)


def _json_escape(value: str) -> str:
    return msgspec.json.encode(value).decode()[1:-1]


def _extended(document: str, message: Message) -> str:
    """Add the campaign's extra pairs as members; one that the document has already is replaced."""
    members: dict[str, Any] = msgspec.json.decode(document)
    return msgspec.json.encode({**members, **message.extra}).decode()


def _json_pieces(text: str, batch_key: str | None) -> tuple[Pieces, Pieces | None]:
    """Return the pieces of the body, and of the record when there is a batch key."""
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as problem:
        raise BadTemplate(
            f'The parameters are not valid JSON ({problem}). Tokens stand inside quotes: "$$To".'
        ) from problem
    if not isinstance(document, dict):
        raise BadTemplate("The parameters must be one JSON object.")
    if batch_key is None:
        return tuple(_joined(_walk(document))), None
    array = document.get(batch_key)
    if not isinstance(array, list) or len(array) != 1 or not isinstance(array[0], dict):
        raise BadTemplate(
            f'Batch: "{batch_key}" must be an array of exactly one object, the template of a record.'
        )
    record = tuple(_joined(_walk(array[0])))
    return tuple(_joined(_walk({**document, batch_key: _MARK}))), record


def _walk(value: Any) -> list[Piece]:
    """Write a JSON value as pieces of JSON text, with a slot wherever a string holds a token."""
    match value:
        case str() if value == _MARK:
            return ["[", _RECORDS, "]"]
        case str() if (found := TOKEN.fullmatch(value)) and found[1].casefold() == TEMPLATE_VARIABLES:
            return [Slot(found[1], is_array=True)]
        case str():
            return _walk_text(value)
        case list():
            return ["[", *_between([_walk(item) for item in value]), "]"]
        case dict():
            members = [[*_walk_text(key), ":", *_walk(item)] for key, item in value.items()]
            return ["{", *_between(members), "}"]
        case _:
            return [msgspec.json.encode(value).decode()]


def _walk_text(text: str) -> list[Piece]:
    inner = [piece if isinstance(piece, Slot) else _json_escape(piece) for piece in _pieces(text)]
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
