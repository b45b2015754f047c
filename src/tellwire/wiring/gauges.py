"""The platform's metrics that are read when somebody asks, rather than counted: what waits, and since when."""

from datetime import datetime
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics
from tellwire.platform.ports.ledger import Ledger
from tellwire.platform.ports.messages import Messages
from tellwire.platform.ports.stream import Stream

STREAM: Final = "stream"
OUTBOX: Final = "outbox"


class PlatformGauges:
    """Reads the store for `/metrics`."""

    def __init__(self, stream: Stream, ledger: Ledger, messages: Messages, clock: Clock) -> None:
        self._stream = stream
        self._ledger = ledger
        self._messages = messages
        self._clock = clock

    async def read(self) -> None:
        """Set every gauge."""
        await self._read_stream()
        # How long the oldest message has been due: the first thing to watch when a provider is in trouble.
        due = await self._messages.waiting()
        metrics.gauge("tellwire_lag_seconds", self._lag_s(min(due.values(), default=None)), queue=OUTBOX)

    async def _read_stream(self) -> None:
        """How much was uploaded and is not decided yet, and when the oldest of it came."""
        waiting = 0
        oldest: datetime | None = None
        for partition in self._stream.partitions():
            decided = await self._ledger.position(partition)
            behind = self._stream.last(partition) - decided
            if behind > 0:
                waiting += behind
                for first in (await self._stream.read(partition, decided, 1))[:1]:
                    came = first.entry.received_at
                    oldest = came if oldest is None else min(oldest, came)
        metrics.gauge("tellwire_waiting", waiting, queue=STREAM)
        metrics.gauge("tellwire_lag_seconds", self._lag_s(oldest), queue=STREAM)

    def _lag_s(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self._clock.now() - since).total_seconds())
