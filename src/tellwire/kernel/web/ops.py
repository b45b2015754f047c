"""The endpoints for operators: is it up (`/health`), does it take work (`/ready`), how is it (`/metrics`)."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from tellwire.kernel.metrics import metrics
from tellwire.kernel.web.asgi import Receive, Scope, Send, answer, json_answer
from tellwire.kernel.web.dispatch import Route, route


class OpsApi:
    """Three open addresses; they tell nothing of customers.

    `is_ready` says whether work is taken, `state` what else to show beside it, and `gauge` is called before
    metrics are written, to set those that are read rather than counted.
    """

    def __init__(
        self,
        *,
        is_ready: Callable[[], bool],
        state: Callable[[], Mapping[str, object]] = dict,
        gauge: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._is_ready = is_ready
        self._state = state
        self._gauge = gauge

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            route("GET", "/health", self.health),
            route("GET", "/ready", self.ready),
            route("GET", "/metrics", self.metrics),
        ]

    async def health(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /health`: the process answers."""
        await json_answer(send, 200, b'{"status":"ok"}')

    async def ready(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /ready`: 200 when work is taken, else 503 with what is in trouble."""
        is_ready = self._is_ready()
        report = {"status": "ready" if is_ready else "not ready", **self._state()}
        await json_answer(send, 200 if is_ready else 503, msgspec.json.encode(report))

    async def metrics(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /metrics`, in Prometheus's text form."""
        if self._gauge is not None:
            await self._gauge()
        await answer(send, 200, metrics.render(), kind=b"text/plain; version=0.0.4; charset=utf-8")
