"""Server-sent events: one feed, many browsers, none of which can slow the others or fill our memory.

A browser that reads too slowly loses the oldest events and gets `event: lagged`, so that it can load the
page's state anew. A feed keeps nothing for those who come later, but for the event that welcomes them.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, TypeAlias

from tellwire.kernel.web.asgi import Receive, Scope, Send, answer

CLIENTS: Final = 200  # open pages; each may hold QUEUE events
QUEUE: Final = 256  # events a page may be behind, some seconds of a busy day
HEARTBEAT_S: Final = 15.0  # below the 30 to 60 s after which proxies cut a silent connection
_OK: Final = 200
_BUSY: Final = 503
_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back until its buffer is full
]

MayStay: TypeAlias = Callable[[Scope], bool]
Welcome: TypeAlias = Callable[
    [], tuple[str, bytes] | None
]  # an event's name and JSON, for who begins to listen


def everyone(_scope: Scope) -> bool:
    """Let every stream go on."""
    return True


class Feed:
    """An ASGI app that streams what is published; `close` ends every stream, as a drain needs.

    Whom it lets in is for what stands before it. `may_stay` says before each block whether the request is still
    allowed, so that a stream ends with its session, at the latest with the next heartbeat.
    """

    def __init__(
        self,
        *,
        clients: int = CLIENTS,
        queue: int = QUEUE,
        heartbeat_s: float = HEARTBEAT_S,
        may_stay: MayStay = everyone,
        welcome: Welcome = lambda: None,
    ) -> None:
        self._limit = clients
        self._queue = queue
        self._heartbeat_s = heartbeat_s
        self._may_stay = may_stay
        self._welcome = welcome
        self._clients: set[_Client] = set()
        self._is_closed = False

    @property
    def clients(self) -> int:
        """How many are listening; nobody needs an event made when there are none."""
        return len(self._clients)

    def publish(self, event: str, data: bytes) -> None:
        """Hand one event (a name, and JSON in one line) to everyone who listens now; never waits."""
        for client in self._clients:
            client.give(_block(event, data))

    def close(self) -> None:
        """End every stream and refuse new ones; browsers come back by themselves."""
        self._is_closed = True
        for client in self._clients:
            client.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream to one browser until it goes or the feed is closed."""
        if scope["method"] != "GET" or self._is_closed or len(self._clients) >= self._limit:
            await answer(send, _BUSY, b"Too many pages are listening.\n", headers=[(b"retry-after", b"5")])
            return
        client = _Client(self._queue)
        if welcome := self._welcome():
            client.give(_block(*welcome))
        self._clients.add(client)
        leaving = asyncio.create_task(_wait_for_leave(receive, client))
        try:
            await send({"type": "http.response.start", "status": _OK, "headers": _HEADERS})
            await self._stream(client, scope, send)
        finally:
            self._clients.discard(client)
            leaving.cancel()

    async def _stream(self, client: "_Client", scope: Scope, send: Send) -> None:
        # The first line makes the browser say "open"; the wait for a new try is spread by the browser itself.
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        while (block := await client.take(self._heartbeat_s)) is not None and self._may_stay(scope):
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _block(event: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event.encode(), data)


class _Client:
    """Events that one browser has yet to get."""

    def __init__(self, limit: int) -> None:
        self._blocks: deque[bytes] = deque(maxlen=limit)
        self._lost = 0
        self._is_ended = False
        self._news = asyncio.Event()

    def give(self, block: bytes) -> None:
        if len(self._blocks) == self._blocks.maxlen:
            self._lost += 1
        self._blocks.append(block)
        self._news.set()

    def end(self) -> None:
        self._is_ended = True
        self._news.set()

    async def take(self, heartbeat_s: float) -> bytes | None:
        """Return all that waits, a comment if nothing came for `heartbeat_s`, or None at the end."""
        try:
            async with asyncio.timeout(heartbeat_s):
                await self._news.wait()
        except TimeoutError:
            return b": still here\n\n"
        self._news.clear()
        if self._is_ended:
            return None
        lagged = b'event: lagged\ndata: {"lost":%d}\n\n' % self._lost if self._lost else b""
        blocks = lagged + b"".join(self._blocks)
        self._blocks.clear()
        self._lost = 0
        return blocks


async def _wait_for_leave(receive: Receive, client: _Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.end()
