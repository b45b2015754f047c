"""A request's template: compiled once, then filled for each message with correct escaping. Pure.

Where a token stands decides how its value is escaped: percent-encoded in the URL, the query and a form,
JSON-escaped in a JSON body (`json_body`), refused with control characters in a header.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias, assert_never
from urllib.parse import quote, quote_plus, urlsplit

import msgspec

from tellwire.kernel.http.message import HttpRequest
from tellwire.kernel.provider.json_body import JsonBody, compile_json, fill_json
from tellwire.kernel.provider.pieces import (
    BadTemplate,
    Escape,
    Filling,
    Pieces,
    Values,
    encoded,
    fill_text,
    names_of,
    pieces_of,
)

Headers: TypeAlias = tuple[tuple[str, str], ...]


class JsonContent(msgspec.Struct, frozen=True):
    """A JSON body as a document with tokens in its strings; with `batch_key` it carries several messages."""

    document: Any
    batch_key: str | None = None


class PairContent(msgspec.Struct, frozen=True):
    """Names and values with tokens in them, as the query of the URL or as a form in the body."""

    pairs: Headers
    place: Literal["query", "form"]


class RequestForm(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's request as it is typed."""

    method: str
    url: str
    content: JsonContent | PairContent
    headers: Headers = ()


class RequestTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled request: pieces of text with slots between them.

    `names` are those of all tokens; `shared` are those outside a batch's record, which have one value a request.
    """

    method: str
    url: Pieces
    pairs: tuple[tuple[Pieces, Pieces], ...] = ()
    headers: tuple[tuple[str, Pieces], ...]
    json: JsonBody | None = None
    is_form: bool = False
    names: tuple[str, ...]
    shared: tuple[str, ...]
    same_headers: Headers | None = None

    @property
    def shares_extra(self) -> bool:
        """Whether all messages of a request have the same extra pairs, because its record cannot take any."""
        return self.json is not None and not self.json.takes_extra


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_PATH_BEGINS: Final = re.compile(r"://[^/?#]+[/?#]")


def compile_request(form: RequestForm, tokens: re.Pattern[str]) -> RequestTemplate:
    """Compile a request; `tokens` finds a token, and its only group is the name. Raises `BadTemplate`."""
    url = _url_pieces(form.url, tokens)
    headers = tuple((name, pieces_of(value, tokens)) for name, value in form.headers)
    outside: list[object] = [*url, *(piece for _, pieces in headers for piece in pieces)]
    inside: list[object] = []
    pairs: tuple[tuple[Pieces, Pieces], ...] = ()
    json: JsonBody | None = None
    is_form = False
    match form.content:
        case PairContent(place=place) as content:
            is_form = place == "form"
            pairs = _compiled_pairs(content, tokens)
            inside += (piece for pair in pairs for pieces in pair for piece in pieces)
        case JsonContent(document=document, batch_key=batch_key):
            json = compile_json(document, tokens, batch_key)
            outside += json.body
            inside += json.record or ()
        case _:
            assert_never(form.content)
    return RequestTemplate(
        method=form.method,
        url=url,
        pairs=pairs,
        headers=headers,
        json=json,
        is_form=is_form,
        names=tuple(dict.fromkeys(names_of([*outside, *inside]))),
        shared=tuple(dict.fromkeys(names_of(outside))),
        same_headers=_same_headers(form.headers, tokens),
    )


def _same_headers(headers: Headers, tokens: re.Pattern[str]) -> Headers | None:
    """Return the headers if every request has them as they are typed."""
    is_same = all(tokens.search(value) is None and _CONTROL.search(value) is None for _, value in headers)
    return headers if is_same else None


def with_content_type(headers: Headers, kind: str) -> Headers:
    """Add a content type where the provider's own headers do not name one."""
    if any(name.casefold() == "content-type" for name, _ in headers):
        return headers
    return (*headers, ("Content-Type", kind))


def fill(template: RequestTemplate, fillings: Sequence[Filling], authorization: str = "") -> HttpRequest:
    """Return the request that hands over these messages: one, or several where the template has a record.

    Tokens outside the record take the first message's values: the caller gives messages of which those are alike.
    Raises `BadTemplate` when a value cannot stand in a header or in the path.
    """
    first = fillings[0]
    url = _filled_url(template.url, first.values)
    body = b""
    if template.json is not None:
        body = fill_json(template.json, fillings)
    elif template.is_form:
        body = _filled_pairs(template, first, quote_plus).encode()
    elif query := _filled_pairs(template, first, percent):
        url = f"{url}{'&' if '?' in url else '?'}{query}"
    headers = template.same_headers
    if headers is None:
        headers = tuple(
            (name, _header(fill_text(text, first.values, str))) for name, text in template.headers
        )
    if authorization:
        others = (pair for pair in headers if pair[0].casefold() != "authorization")
        headers = (*others, ("Authorization", authorization))
    return HttpRequest(method=template.method, url=url, headers=headers, body=body)


def percent(value: str) -> str:
    """Percent-encode a value, so that it stays one step of a path or one value of a query."""
    return quote(value, safe="")


def _compiled_pairs(content: PairContent, tokens: re.Pattern[str]) -> tuple[tuple[Pieces, Pieces], ...]:
    """Split names and values at their tokens, with the typed text around these already encoded."""
    # A space is a plus in a form; in a query it is `%20`, which nobody takes for a plus (CleverTap contract 1.2).
    escape = quote_plus if content.place == "form" else percent

    def compiled(text: str) -> Pieces:
        return encoded(pieces_of(text, tokens), escape)

    return tuple((compiled(name), compiled(value)) for name, value in content.pairs)


def _url_pieces(url: str, tokens: re.Pattern[str]) -> Pieces:
    pieces = pieces_of(url, tokens)
    if names_of(pieces) and not (isinstance(pieces[0], str) and _PATH_BEGINS.search(pieces[0])):
        raise BadTemplate("Tokens may stand in the path and query of the address, not in the host.")
    return pieces


def _filled_url(pieces: Pieces, values: Values) -> str:
    """Return the address, unless a value has become a step of its path that leads elsewhere."""
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return pieces[0]
    url = fill_text(pieces, values, percent)
    if len(pieces) > 1 and "/." in url and {".", ".."} & set(urlsplit(url).path.split("/")):
        raise BadTemplate("a value in the address came out as “.” or “..”, which would lead elsewhere")
    return url


def _filled_pairs(template: RequestTemplate, filling: Filling, escape: Escape) -> str:
    values = filling.values
    pairs = [
        f"{fill_text(name, values, escape)}={fill_text(value, values, escape)}"
        for name, value in template.pairs
    ]
    pairs += [f"{escape(name)}={escape(value)}" for name, value in filling.extra.items()]
    return "&".join(pairs)


def _header(value: str) -> str:
    if _CONTROL.search(value) is not None:
        raise BadTemplate("a header's value came out with a line break or control character in it")
    return value
