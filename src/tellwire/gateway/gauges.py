"""The gateway's metrics that are read when somebody asks, rather than counted: binds, queues and their age."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from tellwire.gateway.store.callbacks import Callbacks
from tellwire.gateway.store.messages import Messages
from tellwire.kernel.clock import Clock, to_ms
from tellwire.kernel.metrics import metrics

WEBHOOKS: Final = "webhooks"


class Gauges:
    """Reads the store for `/metrics`; `carriers` names all there are, so that an empty queue is a 0."""

    def __init__(
        self,
        messages: Messages,
        callbacks: Callbacks,
        *,
        carriers: Callable[[], Iterable[str]],
        binds: Callable[[], Mapping[str, int]],
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._callbacks = callbacks
        self._carriers = carriers
        self._binds = binds
        self._clock = clock

    async def read(self) -> None:
        """Set every gauge."""
        for carrier, binds in self._binds().items():
            metrics.gauge("tellwire_gateway_binds", binds, carrier=carrier)
        now_ms = to_ms(self._clock.now())
        waiting, oldest_ms = await self._messages.waiting(), await self._messages.oldest_ms()
        for lane in {*self._carriers(), *waiting}:
            queue = f"carrier {lane}"
            metrics.gauge("tellwire_waiting", waiting.get(lane, 0), queue=queue)
            metrics.gauge("tellwire_lag_seconds", _lag_s(oldest_ms.get(lane), now_ms), queue=queue)
        webhook_ms = await self._callbacks.oldest_ms()
        metrics.gauge("tellwire_lag_seconds", _lag_s(webhook_ms, now_ms), queue=WEBHOOKS)


def _lag_s(since_ms: int | None, now_ms: int) -> float:
    return 0.0 if since_ms is None else max(0, now_ms - since_ms) / 1000
