"""Small verbs for a route that is a raw ASGI function: read the body, find a header, write one answer.

For hot routes and plain ones; routing is `dispatch`, and what answers look like is each contract's own.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

import msgspec

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers: TypeAlias = Iterable[tuple[bytes, bytes]]

LATE: Final = "tellwire.is_late"  # set in the scope by `server` when a body takes too long
QUERY_FIELDS: Final = 200
_JSON: Final = b"application/json"
_WITHOUT_CONTENT: Final = frozenset({204, 304})
_STATUS_408: Final = 408
_STATUS_413: Final = 413


class Unread(msgspec.Struct, frozen=True):
    """A body that was not read to its end: the `status` to answer, and a sentence saying why."""

    status: int
    reason: str


GONE: Final = Unread(400, "the connection was closed before the request was whole")


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes | Unread:
    """Return the request's body of at most `limit` bytes, or why there is none: 413, 408, or `GONE`.

    A body that says it is too long is not read at all, one that says nothing is read to the limit.
    """
    if _declared_length(scope) > limit:
        return _too_large(limit)
    return await read_to_end(scope, receive, limit)


async def read_to_end(scope: Scope, receive: Receive, limit: int) -> bytes | Unread:
    """Return what `read_body` does, for a route that has looked at the declared length itself.

    How long a body may take is watched by `kernel.web.server`.
    """
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body") and message["type"] == "http.request" and len(body) <= limit:
        return body  # one message: nothing to join
    return await _read_on(message, scope, receive, limit)


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the first value of the header `name` (lower case), or None."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


def peer(scope: Scope) -> str:
    """Return the caller's IP address, empty when the server does not know it."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def bearer(scope: Scope) -> str | None:
    """Return the token of `Authorization: Bearer ...`, or None."""
    return _credentials(scope, b"bearer")


def basic(scope: Scope) -> tuple[str, str] | None:
    """Return user and password of `Authorization: Basic ...`, or None."""
    packed = _credentials(scope, b"basic")
    if packed is None:
        return None
    try:
        plain = base64.b64decode(packed, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    user, colon, password = plain.partition(":")
    return (user, password) if colon else None


def query(scope: Scope) -> dict[str, str]:
    """Return the query's fields, the first of each name; more than `QUERY_FIELDS` of them are none."""
    text = scope.get("query_string", b"").decode("latin-1")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=QUERY_FIELDS)
    except ValueError:
        return {}
    return dict(reversed(pairs))


async def answer(
    send: Send,
    status: int,
    body: bytes = b"",
    *,
    kind: bytes = b"text/plain; charset=utf-8",
    headers: Headers = (),
) -> None:
    """Write a whole answer; `kind` is its content type, which an answer without content does not have."""
    start = list(headers)
    if status not in _WITHOUT_CONTENT:
        start += [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def json_answer(send: Send, status: int, body: bytes, *, headers: Headers = ()) -> None:
    """Write a whole answer of JSON that is already encoded."""
    await answer(send, status, body, kind=_JSON, headers=headers)


async def refuse(send: Send, unread: Unread) -> None:
    """Answer in plain words that a body was not read.

    A body that is too long is let run out, or the client would meet a reset before it reads the answer;
    one that never ends is cut off.
    """
    closing = [] if unread.status == _STATUS_413 else [(b"connection", b"close")]
    await answer(send, unread.status, unread.reason.encode(), headers=closing)


async def _read_on(message: Message, scope: Scope, receive: Receive, limit: int) -> bytes | Unread:
    chunks: list[bytes] = [message.get("body", b"")]
    size = len(chunks[0])
    while message.get("more_body") and size <= limit:
        if LATE in scope:
            return Unread(_STATUS_408, "the request's body took too long to arrive")
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
    if message["type"] != "http.request":
        return GONE
    return b"".join(chunks) if size <= limit else _too_large(limit)


def _declared_length(scope: Scope) -> int:
    text = header(scope, b"content-length")
    return int(text) if text is not None and text.isdigit() else 0


def _too_large(limit: int) -> Unread:
    return Unread(_STATUS_413, f"the request's body is longer than {limit} bytes")


def _credentials(scope: Scope, scheme: bytes) -> str | None:
    value = header(scope, b"authorization")
    if value is None:
        return None
    kind, _, rest = value.partition(b" ")
    if kind.lower() != scheme or not rest.isascii():
        return None
    return rest.strip().decode("ascii") or None
