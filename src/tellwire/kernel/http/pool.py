"""The connections of one `HttpClient`: at most so many, kept while they are idle, given out in order of asking.

Not for what is said on them (`http_connection`). A request on its way never moves to another connection.

A connection is used again where that was seen to be safe (`http_reuse`); elsewhere one is watched while it is idle.

Every open connection, and every one being made, holds a place. A place is free, or its connection is idle and can be
closed for another origin's sake; who finds neither waits. Invariant: nobody waits who could have a place.
"""

import asyncio
from collections import OrderedDict
from itertools import count
from typing import Final

from tellwire.kernel.http.connect import Connector
from tellwire.kernel.http.connection import Connection
from tellwire.kernel.http.message import NotSent
from tellwire.kernel.http.request import Origin
from tellwire.kernel.http.reuse import PROOFS_S, Reuse

CLOSE_S: Final = (
    1.0  # sockets are let go in the next turn of the loop; nobody waits longer for one that is not
)
_Turn = asyncio.Future[Connection | None]  # a kept connection, or a place to make one in


class _Host:
    """The pool's connections and waiters for one origin."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.places = 0
        self.idle: OrderedDict[Connection, None] = OrderedDict()  # the last one used stands last
        self.waiting: OrderedDict[int, _Turn] = OrderedDict()  # by number, the longest waiting first


class Pool:
    """Connections by origin, `limit` of them and `per_host` (0: no bound of its own) to one origin."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        connector: Connector,
        *,
        limit: int,
        per_host: int,
        answer_limit: int,
        proofs_s: tuple[float, ...] = PROOFS_S,
    ) -> None:
        self._loop = loop
        self._connector = connector
        self._limit = limit
        self._per_host = per_host
        self._answer_limit = answer_limit
        self._reuse = Reuse(proofs_s)
        self._places = 0
        self._hosts: dict[Origin, _Host] = {}
        self._owners: dict[Connection, _Host] = {}
        self._idle: OrderedDict[Connection, None] = OrderedDict()  # of all hosts, the longest idle first
        self._waiting: dict[Origin, _Host] = {}  # hosts that somebody waits for
        self._numbers = count()
        self._scopes: set[asyncio.Timeout] = set()  # of those who wait or connect
        self._is_closed = False
        self._is_serving = False

    def take(self, origin: Origin) -> Connection | None:
        """Return a kept connection to `origin`, the one used last, if there is one."""
        host = self._hosts.get(origin)
        while host is not None and host.idle:
            connection = next(reversed(host.idle))
            if not connection.is_usable:
                connection.abort()
            elif self._reuse.may_use(origin, connection.idle_s, self._loop.time()):
                del host.idle[connection], self._idle[connection]
                return connection
            else:
                return None
        return None

    async def obtain(self, origin: Origin, within_s: float) -> Connection:
        """Return a connection to `origin`, kept or new, waiting for a place if need be; raises `NotSent`."""
        try:
            async with asyncio.timeout(within_s) as scope:
                self._scopes.add(scope)
                return await self._obtain(origin, self._loop.time() + within_s)
        except TimeoutError:
            raise NotSent(
                _NOT_RUNNING if self._is_closed else f"no connection within {within_s:g} s"
            ) from None
        finally:
            self._scopes.discard(scope)

    async def close(self) -> None:
        """Close every connection and send home who waits; returns when the sockets are let go."""
        self._is_closed = True
        for scope in self._scopes:
            if not scope.expired():
                scope.reschedule(self._loop.time())
        self._connector.close()
        open_ones = list(self._owners)
        for connection in open_ones:
            connection.abort()
        if open_ones:
            await asyncio.wait([connection.gone for connection in open_ones], timeout=CLOSE_S)

    # Getting a connection

    async def _obtain(self, origin: Origin, until: float) -> Connection:
        while not self._is_closed:
            if (kept := self.take(origin)) is not None:
                return kept
            host = self._hosts.setdefault(origin, _Host(origin))
            connection = await self._turn(host)
            if connection is None:
                return await self._connected(host, until)
            if connection.is_usable:  # else it was lost after it was given to us: ask again
                return connection
        raise NotSent(_NOT_RUNNING)

    async def _turn(self, host: _Host) -> Connection | None:
        if self._has_room(host):
            self._occupy(host)
            return None
        turn: _Turn = self._loop.create_future()
        number = next(self._numbers)
        host.waiting[number] = turn
        self._waiting[host.origin] = host
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._decline(host, turn.result())
            raise
        finally:
            self._forget(host, number)

    def _forget(self, host: _Host, number: int) -> None:
        """Let a turn wait no more, if it does."""
        if host.waiting.pop(number, None) is not None and not host.waiting:
            del self._waiting[host.origin]
            self._drop(host)

    def _decline(self, host: _Host, connection: Connection | None) -> None:
        """Give back what came too late."""
        if connection is None:
            self._vacate(host)
        elif connection.is_usable:
            self._freed(connection)

    async def _connected(self, host: _Host, until: float) -> Connection:
        connection = Connection(self._loop, self._answer_limit, self._freed, self._lost)
        self._owners[connection] = host
        try:
            await self._connector.connect(host.origin, connection, until)
        except BaseException:
            connection.abort()
            raise
        if self._is_closed:
            connection.abort()
            raise NotSent(_NOT_RUNNING)
        return connection

    # Keeping the books

    def _has_room(self, host: _Host) -> bool:
        if self._is_full(host):
            return bool(host.idle)  # one that is only watched: what may be used again was taken
        return self._places < self._limit or bool(self._idle)

    def _is_full(self, host: _Host) -> bool:
        return bool(self._per_host) and host.places >= self._per_host

    def _occupy(self, host: _Host) -> None:
        """Take a place; if there is no other way, close an idle connection of this host, or the longest idle one."""
        if self._is_full(host):
            next(iter(host.idle)).abort()
        self._places += 1
        host.places += 1
        if self._places > self._limit:
            next(iter(self._idle)).abort()

    def _vacate(self, host: _Host) -> None:
        self._places -= 1
        host.places -= 1
        self._drop(host)
        self._serve()

    def _drop(self, host: _Host) -> None:
        if not host.places and not host.waiting:
            self._hosts.pop(host.origin, None)

    def _freed(self, connection: Connection) -> None:
        """Keep a connection whose answer is whole, or hand it on; where that is not safe yet, watch one."""
        host = self._owners[connection]
        is_kept = self._reuse.may_use(host.origin, connection.idle_s, self._loop.time())
        if not is_kept and (host.idle or host.waiting):
            connection.abort()
            return
        self._idle[connection] = None
        host.idle[connection] = None
        self._serve()

    def _lost(self, connection: Connection) -> None:
        """Forget a closed connection; its place is free."""
        host = self._owners.pop(connection)
        if connection.ended is not None:
            self._reuse.note_closed(host.origin, self._loop.time(), was_asked=connection.ended == "asked")
        self._idle.pop(connection, None)
        host.idle.pop(connection, None)
        self._vacate(host)

    def _serve(self) -> None:
        """Give what is free to those who wait, the longest waiting first of those who can have it."""
        if self._is_serving or self._is_closed:
            return  # closing one connection for another's sake leads here again: the loop below goes on
        self._is_serving = True
        try:
            while self._waiting and (host := self._next_host()) is not None:
                self._serve_first(host)
        finally:
            self._is_serving = False

    def _serve_first(self, host: _Host) -> None:
        number, turn = next(iter(host.waiting.items()))
        if not turn.done():  # else cancelled, and about to say so
            connection = self.take(host.origin)
            if connection is None and not self._has_room(host):
                return
            if connection is None:
                self._occupy(host)
            turn.set_result(connection)
        self._forget(host, number)

    def _next_host(self) -> _Host | None:
        able = [host for host in self._waiting.values() if host.idle or self._has_room(host)]
        return min(able, key=lambda host: next(iter(host.waiting)), default=None)


_NOT_RUNNING: Final = "the HTTP client is not running"
