"""One HTTP/1.1 connection: one request at a time, one answer or none, one timer.

Not for choosing connections (`http_pool`), making them (`http_connect`) or reading bytes (`http_answer`).
Nothing is ever written twice here, and never a request before the answer to the last one is whole.

    idle --ask--> asked --whole--> idle     if another answer may come on the connection
                    |   --whole--> closed   if not: `close`, HTTP/1.0, HEAD, cut, more than was asked for
                    +------------> closed   lost, too late, not HTTP: `Unknown`; given up by its caller
    idle --bytes, end, or IDLE_S without a request--> closed
"""

import asyncio
from collections.abc import Callable
from typing import Final, Literal, cast

from tellwire.kernel.http.answer import AnswerReader
from tellwire.kernel.http.message import HttpAnswer, NotSent, Unknown

IDLE_S: Final = 4.0  # Node and uvicorn close idle connections after 5 s; reuse later races with that
_EARLY_S: Final = 0.001  # loops count in milliseconds and may call that much too soon


class Connection(asyncio.Protocol):
    """A connection that a pool owns, not connected yet.

    `on_free` is called when an answer is whole and another request may follow, `on_lost` once when none may any
    more. `ask` is for connections that are idle, which the pool sees to.
    `ended` says how the server closed it after an answer that let another follow: "idle", or "asked" once more.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        answer_limit: int,
        on_free: Callable[["Connection"], None],
        on_lost: Callable[["Connection"], None],
    ) -> None:
        self._loop = loop
        self._on_free = on_free
        self._on_lost = on_lost
        self._reader = AnswerReader(answer_limit)
        self._transport: asyncio.Transport | None = None
        self._is_closed = False
        self.gone: asyncio.Future[None] = loop.create_future()  # done when the socket is let go
        self._exchange: asyncio.Future[HttpAnswer] | None = None
        self._limit_s = 0.0
        self._until = 0.0  # the moment of `loop.time()` at which waiting ends, for an answer or for a request
        self._timer: asyncio.TimerHandle | None = None
        self._idle_since: float | None = None  # None before the first answer
        self.ended: Literal["idle", "asked"] | None = None

    @property
    def idle_s(self) -> float:
        """Return how long it has stood idle since its last answer."""
        return 0.0 if self._idle_since is None else self._loop.time() - self._idle_since

    @property
    def is_usable(self) -> bool:
        """Say whether a request may be written: nothing has closed it, and its idle time is not over."""
        if not self._is_open():
            return False
        return self._timer is None or self._loop.time() < self._until

    def ask(self, data: bytes, until: float, limit_s: float, *, is_head: bool) -> asyncio.Future[HttpAnswer]:
        """Write a whole request and return its answer to be; raises `NotSent` if the connection has just closed.

        The answer is `Unknown` if it is not whole at `until`, a moment of `loop.time()`; its words name `limit_s`.
        """
        if self._transport is None or not self._is_open():
            raise NotSent("the connection was closed before the request")
        if self._exchange is not None:
            raise RuntimeError("a request is under way on this connection")
        exchange = self._exchange = self._loop.create_future()
        self._limit_s = limit_s
        self._reader.expect(is_head=is_head)
        self._wait_until(until)
        self._transport.write(data)
        return exchange

    def give_up(self, exchange: asyncio.Future[HttpAnswer]) -> None:
        """Close the connection if `exchange` is under way: its answer would be taken for the next request's."""
        if self._exchange is exchange:
            self.abort()
        elif exchange.done() and not exchange.cancelled():
            exchange.exception()  # nobody will look any more, and asyncio would complain of that

    def abort(self) -> None:
        """Close at once; a request under way ends as `Unknown`."""
        self._fail(Unknown(self._how_lost()))

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; with TLS, its handshake is done."""
        self._transport = cast("asyncio.Transport", transport)
        if self._is_closed:  # given up while it was being made
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on; bytes that nobody asked for end the connection."""
        if self._exchange is None:
            self.abort()
            return
        try:
            self._reader.feed(data)
        except Unknown as reason:
            self._fail(reason)
        else:
            if self._reader.is_whole:
                self._finish(self._exchange)

    def eof_received(self) -> None:
        """End the answer if its body lasts until the end of the connection, else everything."""
        self._note_end()
        self._reader.end()
        if self._exchange is not None and self._reader.is_whole:
            self._finish(self._exchange)
        else:
            self.abort()

    def connection_lost(self, _: Exception | None) -> None:
        """Wake the caller that waits."""
        self._note_end()
        self._leave(Unknown(self._how_lost()))
        if not self.gone.done():
            self.gone.set_result(None)

    # Steps

    def _finish(self, exchange: asyncio.Future[HttpAnswer]) -> None:
        self._exchange = None
        if not exchange.done():  # else its caller was cancelled a moment ago
            try:
                exchange.set_result(self._reader.answer())
            except Unknown as reason:
                exchange.set_exception(reason)
        if self._reader.may_keep and self._is_written():
            self._idle_since = self._loop.time()
            self._wait_until(self._idle_since + IDLE_S)
            self._on_free(self)
        else:
            self.abort()

    def _note_end(self) -> None:
        """Note that the server, and not we, closed a connection that was kept."""
        if self._is_closed or self._idle_since is None:
            return
        if self._exchange is None:
            self.ended = "idle"
        elif not self._reader.has_head:
            self.ended = "asked"

    def _is_open(self) -> bool:
        return not self._is_closed and self._transport is not None and not self._transport.is_closing()

    def _is_written(self) -> bool:
        """Say whether the whole request has left: an answer may come before that, and then nothing may follow."""
        return self._transport is not None and self._transport.get_write_buffer_size() == 0

    def _how_lost(self) -> str:
        return (
            "the answer ended too early"
            if self._reader.has_head
            else "the connection was lost before an answer"
        )

    def _fail(self, reason: Unknown) -> None:
        self._leave(reason)
        if self._transport is not None:
            self._transport.abort()
        elif not self.gone.done():
            self.gone.set_result(None)

    def _leave(self, reason: Unknown) -> None:
        """Be closed, once: no request, no timer, no place in the pool."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None and not exchange.done():
            exchange.set_exception(reason)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._is_closed:
            self._is_closed = True
            self._on_lost(self)

    # The timer: moved only when it must ring earlier, so that quick answers do not cost a timer each

    def _wait_until(self, at: float) -> None:
        self._until = at
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._until - self._loop.time() > _EARLY_S:
            self._wait_until(self._until)
        else:
            self._fail(Unknown(f"no whole answer within {self._limit_s:g} s"))
