r"""Runs one ASGI app on one port inside our event loop: uvicorn with httptools, and the bounds that it lacks.

Not for routing or TLS; it takes no signals and writes no access log. States, in order and never back:

    made -> start() -> serving -> drain(deadline) -> stopped
                               \-> stop() ----------^
"""

import asyncio
import math
import socket
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import LATE, App, Receive, Scope, Send
from tellwire.kernel.web.joined import JoinedWrites

KEEP_ALIVE_S: Final = 65  # above the 60 s of most load balancers: they close first, never on our answer
HEAD_S: Final = 10.0  # a head that takes longer holds a connection on purpose
BODY_S: Final = 30.0  # a body that takes longer comes from nobody who means well
LATE_S: Final = 5.0  # for the app to answer that a body is late
HEAD_LIMIT: Final = 64 * 1024  # beyond the first read; what browsers and providers send is below 16 KB
HEADERS: Final = 100
CONNECTIONS: Final = 4_000  # about 100 MB at worst; above it answers are 503
BACKLOG: Final = 1_024
TICK_S: Final = 1.0  # the Date header counts seconds, and deadlines may be late by so much
_NEVER: Final = math.inf


class CannotListenError(OSError):
    """The port is taken, or the address is not ours; the message says which and what to do."""


class AppFailedError(RuntimeError):
    """The app behind a port did not start; its error is in the log."""


class HttpServer:
    """One port; `port=0` takes a free one, which `.port` tells after `start`.

    `trusted_proxies` are addresses (comma separated) whose `X-Forwarded-For` and `-Proto` are believed.
    """

    def __init__(
        self, app: App, host: str, port: int, *, connections: int = CONNECTIONS, trusted_proxies: str = ""
    ) -> None:
        self.host = host
        self.port = port
        config = uvicorn.Config(
            _Caught(app),
            http=_BoundedProtocol,
            ws="none",
            log_config=None,
            log_level="critical",  # `_Caught` says what matters, and says it redacted
            access_log=False,
            server_header=False,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=trusted_proxies or None,
            timeout_keep_alive=KEEP_ALIVE_S,
            limit_concurrency=connections,
            backlog=BACKLOG,
        )
        self._config = config
        self._server = uvicorn.Server(config)
        self._socket: socket.socket | None = None
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the port and serve; raises `CannotListenError` or `AppFailedError`, with nothing left open."""
        bound = await _bind(self.host, self.port)
        self._config.load()
        self._server.lifespan = self._config.lifespan_class(self._config)
        try:
            await self._server.startup(sockets=[bound])
        except SystemExit:
            bound.close()
            raise AppFailedError(f"the application for {self.host}:{self.port} did not start") from None
        self._socket = bound
        self.port = bound.getsockname()[1]
        self._ticking = asyncio.create_task(self._tick())
        log("server.started", host=self.host, port=self.port)

    async def drain(self, deadline_s: float) -> None:
        """Take no more connections, let requests under way finish for `deadline_s`, then end the rest."""
        if self._socket is None:
            return
        bound, self._socket = self._socket, None
        self._config.timeout_graceful_shutdown = max(deadline_s, 0.0)  # type: ignore[assignment]  # wait_for's
        await self._server.shutdown(sockets=[bound])
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        if self._ticking is not None:
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking
        log("server.stopped", host=self.host, port=self.port)

    async def stop(self) -> None:
        """End at once: requests under way are cut off."""
        await self.drain(0)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._server.on_tick(0)
            now = loop.time()
            for connection in list(self._server.server_state.connections):
                if isinstance(connection, _BoundedProtocol):
                    connection.look(now)
            await asyncio.sleep(TICK_S)


def address_of(host: str, port: int) -> str:
    """Return the URL of a port of this machine; one that listens everywhere is reached by loopback from here."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def place_of(url: str) -> tuple[str, int]:
    """Return the address and port of a URL that `address_of` made."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


class _Caught:
    """Logs where an app has raised, without the words that its error may hold; uvicorn then answers 500.

    Half an answer is cut off instead, so that it is not taken for a whole one.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            # The pattern and not the path: in a path stand numbers of people and keys of callbacks.
            log("server.failed", "error", route=scope.get("route"), error=error)
            raise


class _BoundedProtocol(HttpToolsProtocol):
    r"""uvicorn's, with bounds on a request's head and deadlines for head and body.

    Without them one client fills the memory, or a few hold every connection.
    Deadlines are looked at once a tick, all together: a timer for each request costs more than reading it.

        waiting -> head -> body -> answering -> waiting     past its deadline a head is cut off,
                              \-> late -> cut off           the app gets `LATE` for a body first
    """

    _deadline = _NEVER
    _in_head = False
    _is_late = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        # Above the limit requests get 503; far above it even that costs too much.
        if self.limit_concurrency is not None and len(self.connections) > 2 * self.limit_concurrency:
            transport.abort()
            return
        self._deadline = self.loop.time() + HEAD_S

    def data_received(self, data: bytes) -> None:
        was_in_head = self._in_head
        super().data_received(data)
        if self._in_head:
            if was_in_head:
                self._head_bytes += len(data)
            if self._head_bytes > HEAD_LIMIT or len(self.headers) > HEADERS:
                self.send_400_response("The head of this request is too long.")
        elif self._deadline == _NEVER and not self._is_under_way():
            self._deadline = self.loop.time() + HEAD_S  # empty lines, which may come before a head

    def on_message_begin(self) -> None:
        self._in_head = True
        self._is_late = False
        self._head_bytes = 0
        self._deadline = self.loop.time() + HEAD_S
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if len(self.headers) > HEADERS:
            raise ValueError("too many headers")  # httptools makes a parser error of it, uvicorn a 400
        self._in_head = False
        self._deadline = self.loop.time() + BODY_S
        super().on_headers_complete()
        if self.scope["method"] != "HEAD":
            self.cycle.transport = JoinedWrites(self.transport)  # type: ignore[assignment]  # all that a cycle asks of it

    def on_message_complete(self) -> None:
        self._deadline = _NEVER
        super().on_message_complete()

    def look(self, now: float) -> None:
        """Act on a deadline that is over at `now`, by the loop's clock."""
        if now < self._deadline:
            return
        if self.pipeline:  # we do not read on while a request before it is answered
            self._deadline = now + BODY_S
        elif self._is_late:
            self.transport.abort()
        elif self._in_head or not self._is_under_way():
            self.transport.close()
        else:
            self._is_late = True
            self._deadline = now + LATE_S
            self.scope[LATE] = True  # type: ignore[typeddict-unknown-key]  # a key of ours
            self.cycle.message_event.set()  # the app wakes, finds nothing new and looks at the scope

    def _is_under_way(self) -> bool:
        cycle: RequestResponseCycle | None = (
            self.cycle
        )  # None before the first request, whatever its type says
        return cycle is not None and not cycle.response_complete


async def _bind(host: str, port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    try:
        addresses: list[Any] = await loop.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError:
        raise CannotListenError(f"there is no address {host!r} to listen on") from None
    family, kind, proto, _, address = min(addresses, key=lambda info: info[0] != socket.AF_INET)
    bound = socket.socket(family, kind, proto)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise CannotListenError(
            f"cannot listen on {host}:{port} ({error.strerror}): stop what holds it, or choose another port"
        ) from None
    bound.settimeout(0)
    return bound
