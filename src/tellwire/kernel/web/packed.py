"""Packs JSON for browsers that can unpack it: lists of messages are a tenth of their size on the wire.

For pages' answers, not for hot routes: clients there send and get little. Streams go through as they are.
"""

import asyncio
import gzip
from typing import Final

from tellwire.kernel.web.asgi import App, Message, Receive, Scope, Send, header

_LEAST: Final = 1024  # bytes; less gains nothing
_IN_THREAD: Final = 64 * 1024  # bytes; below that packing takes less than a millisecond
_LEVEL: Final = 5
_KINDS: Final = (b"application/json", b"application/yaml", b"text/csv")


class Packed:
    """An ASGI app that packs whole answers of `app`."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        takes = scope["type"] == "http" and b"gzip" in (header(scope, b"accept-encoding") or b"")
        if not takes or scope["method"] == "HEAD":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Packing(send).send)


class _Packing:
    """Holds the head of an answer until its body shows whether it is whole and worth packing."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_packable(message):
            self._head = message
            return
        head, self._head = self._head, None
        body = message.get("body", b"")
        if head is not None:
            if not message.get("more_body") and len(body) >= _LEAST:
                body = await _packed(body)
                message = {**message, "body": body}
                head = {**head, "headers": _headers(head, len(body))}
            await self._send(head)
        await self._send(message)


def _is_packable(start: Message) -> bool:
    headers = {name.lower(): value for name, value in start.get("headers", ())}
    return headers.get(b"content-type", b"").startswith(_KINDS) and b"content-encoding" not in headers


def _headers(start: Message, length: int) -> list[tuple[bytes, bytes]]:
    kept = [pair for pair in start.get("headers", ()) if pair[0].lower() != b"content-length"]
    return [
        *kept,
        (b"content-encoding", b"gzip"),
        (b"content-length", b"%d" % length),
        (b"vary", b"accept-encoding"),
    ]


async def _packed(body: bytes) -> bytes:
    if len(body) < _IN_THREAD:
        return gzip.compress(body, _LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)
