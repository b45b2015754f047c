"""A provider's request as a template: compiled once, then filled for each message with correct escaping.

Where a token stands decides how its value is escaped: percent-encoded in the URL, the query and a form,
JSON-escaped in a JSON body (`json_body`), refused with control characters in a header.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias
from urllib.parse import quote, quote_plus, urlsplit

import msgspec

from tellwire.kernel.http.client import HttpRequest
from tellwire.platform.model.message import Message
from tellwire.platform.model.provider import FormParameters, JsonParameters, Provider, QueryParameters
from tellwire.platform.senders.json_body import RECORDS, JsonBody, compile_json, fill_json
from tellwire.platform.senders.pieces import BadTemplate, Pieces, Slot, pieces_of
from tellwire.platform.senders.tokens import value_of

__all__ = ["BadTemplate", "Headers", "RequestTemplate", "alike", "compile_template", "fill"]

Escape: TypeAlias = Callable[[str], str]
Headers: TypeAlias = tuple[tuple[str, str], ...]


class RequestTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled provider: pieces of text with slots between them.

    `shared` names the tokens outside a batch's record, which have one value a request.
    """

    method: str
    url: Pieces
    pairs: tuple[tuple[Pieces, Pieces], ...]
    headers: tuple[tuple[str, Pieces], ...]
    json: JsonBody | None
    shared: tuple[str, ...]
    phone_form: str
    is_form: bool


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def compile_template(provider: Provider, headers: Headers) -> RequestTemplate:
    """Compile a provider; `headers` are its headers with their values opened. Raises `BadTemplate`."""
    parameters = provider.parameters
    pairs: tuple[tuple[Pieces, Pieces], ...] = ()
    json: JsonBody | None = None
    match parameters:
        case JsonParameters(template=text):
            json = compile_json(text, provider.batch.key if provider.batch else None)
        case FormParameters() | QueryParameters():
            if provider.batch is not None:
                raise BadTemplate(
                    "Batch needs JSON parameters: an array of records has no form in a query or form."
                )
            escape = _escape_of(parameters)
            pairs = tuple((_encoded(p.name, escape), _encoded(p.value, escape)) for p in parameters.pairs)
    url = pieces_of(provider.endpoint)
    lines = tuple((name, pieces_of(value)) for name, value in _with_type(headers, parameters))
    outside = [url, *(value for _, value in lines), *([json.body] if json else ())]
    return RequestTemplate(
        method="GET" if isinstance(parameters, QueryParameters) else "POST",
        url=url,
        pairs=pairs,
        headers=lines,
        json=json,
        shared=tuple({slot.name: None for pieces in outside for slot in _slots(pieces)}),
        phone_form=provider.phone_form,
        is_form=isinstance(parameters, FormParameters),
    )


def alike(template: RequestTemplate, messages: Sequence[Message]) -> list[list[Message]]:
    """Put messages together that may share a request: those with the same values outside the record.

    One person's words must never go to another, so what stands outside the record and differs (a text or number
    put there, a personalised token in a header) makes a request of its own.
    """
    takes_extra = template.json is None or template.json.takes_extra
    if not template.shared and takes_extra:
        return [list(messages)]
    groups: dict[tuple[object, ...], list[Message]] = {}
    for message in messages:
        values = tuple(value_of(name, message, template.phone_form) for name in template.shared)
        extra = () if takes_extra else tuple(message.extra.items())
        groups.setdefault((values, extra), []).append(message)
    return list(groups.values())


def fill(template: RequestTemplate, messages: Sequence[Message], authorization: str = "") -> HttpRequest:
    """Return the request that hands over these messages: one, or several where the template has a record.

    Tokens outside the record take the first message's values: the others have the same (`alike`).
    Raises `BadTemplate` when a value cannot stand in a header or in the path.
    """
    first = messages[0]
    url = _path_kept(_fill(template.url, first, template, _percent), template)
    escape = quote_plus if template.is_form else _percent
    encoded = "&".join(
        f"{_fill(name, first, template, escape)}={_fill(value, first, template, escape)}"
        for name, value in template.pairs
    )
    extra = "&".join(f"{escape(k)}={escape(v)}" for k, v in first.extra.items())
    headers = tuple((name, _header(_fill(value, first, template, str))) for name, value in template.headers)
    if authorization:
        headers = (
            *(h for h in headers if h[0].casefold() != "authorization"),
            ("Authorization", authorization),
        )
    if template.json is not None:
        body = fill_json(template.json, messages, template.phone_form)
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


def _escape_of(parameters: FormParameters | QueryParameters) -> Escape:
    """A space is a plus in a form; in a query it is `%20`, which nobody takes for a plus (contract 1.2)."""
    return quote_plus if isinstance(parameters, FormParameters) else _percent


def _encoded(text: str, escape: Escape) -> Pieces:
    """Split a name or value of a form or query, with the typed text around its tokens already encoded."""
    return tuple(piece if isinstance(piece, Slot) else escape(piece) for piece in pieces_of(text))


def _slots(pieces: Pieces) -> list[Slot]:
    return [piece for piece in pieces if isinstance(piece, Slot) and piece is not RECORDS]


def _fill(pieces: Pieces, message: Message, template: RequestTemplate, escape: Escape) -> str:
    return "".join(
        piece if isinstance(piece, str) else escape(value_of(piece.name, message, template.phone_form))
        for piece in pieces
    )


def _percent(value: str) -> str:
    return quote(value, safe="")


def _path_kept(url: str, template: RequestTemplate) -> str:
    """Return the address, unless a value has become a step of its path that leads elsewhere."""
    if len(template.url) > 1 and {".", ".."} & set(urlsplit(url).path.split("/")):
        raise BadTemplate("a value in the address came out as “.” or “..”, which would lead elsewhere")
    return url


def _header(value: str) -> str:
    if _CONTROL.search(value) is not None:
        raise BadTemplate("a header's value came out with a line break or control character in it")
    return value
