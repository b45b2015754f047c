"""The outgoing HTTP seam: one request, one bounded answer, and a clear word when there is none.

Not for retrying, following redirects or keeping cookies: callers decide what a second try may cost.
What can go wrong is two exceptions, because a sender does opposite things with them:

    NotSent   no byte of the request left us (URL, DNS, address, connect, TLS, pool wait): safe to retry
    Unknown   the request left or may have left, and no whole answer came (time-out, reset, garbage)

An answer whose body is over-long is an answer, cut and marked `truncated`: its status is known.

How it is done, in the order of a request: `http_request` writes it, `http_pool` finds a connection, `http_connect`
makes one, `http_connection` speaks on it. docs/decisions/0005-own-http-pool.md says why it is ours.
"""

import asyncio

from tellwire.kernel.http.connect import Connector, is_public
from tellwire.kernel.http.message import HttpAnswer, HttpRequest, NotSent, Unknown
from tellwire.kernel.http.pool import Pool
from tellwire.kernel.http.request import REQUEST_LIMIT, written
from tellwire.kernel.http.reuse import PROOFS_S

__all__ = ["REQUEST_LIMIT", "HttpAnswer", "HttpClient", "HttpRequest", "NotSent", "Unknown", "is_public"]


class HttpClient:
    """A bounded pool of connections; `start` before the first `send`, on the same event loop.

    `connections` bounds all of them, `connections_per_host` (0: no bound of its own) keeps one slow host from
    taking all. `timeout_s` is for the whole of a request, dripping answers too; waiting for a connection gets
    half of it, so that a time-out in that half is surely `NotSent`.
    `proofs_s` is how long a server has to keep a connection before one to it is used again (`http_reuse`).
    Unless `allow_private`, every address is checked as it is connected to, whatever its name resolved to; `own` are
    addresses with their ports that may be connected to all the same, as those of our other half are.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        connections: int,
        connections_per_host: int = 0,
        timeout_s: float = 15.0,
        answer_limit: int = 65536,
        own: frozenset[tuple[str, int]] = frozenset(),
        proofs_s: tuple[float, ...] = PROOFS_S,
    ) -> None:
        self._allow_private = allow_private
        self._own = own
        self._connections = connections
        self._per_host = connections_per_host
        self._timeout_s = timeout_s
        self._answer_limit = answer_limit
        self._proofs_s = proofs_s
        self._pool: Pool | None = None

    async def start(self) -> None:
        """Make the pool; nothing is connected yet."""
        self._loop = asyncio.get_running_loop()
        self._pool = Pool(
            self._loop,
            Connector(self._loop, allow_private=self._allow_private, own=self._own),
            limit=self._connections,
            per_host=self._per_host,
            answer_limit=self._answer_limit,
            proofs_s=self._proofs_s,
        )

    async def send(self, request: HttpRequest, *, timeout_s: float | None = None) -> HttpAnswer:
        """Send `request` once and return its answer, whatever its status; raises `NotSent` or `Unknown`."""
        pool = self._pool
        if pool is None:
            raise NotSent("the HTTP client is not running")
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        until = self._loop.time() + limit_s
        origin, data = written(request)
        connection = pool.take(origin) or await pool.obtain(origin, limit_s / 2)
        exchange = connection.ask(data, until, limit_s, is_head=request.method.upper() == "HEAD")
        try:
            return await exchange
        except asyncio.CancelledError:
            connection.give_up(exchange)
            raise

    async def close(self) -> None:
        """Close every connection; requests under way end as `Unknown`."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()
