"""The loop that deletes what is old, a little at a time, so that nobody who writes has to wait for it.

What is old is for `kernel.retention` to say, and how it is deleted for the stores. Everything here may be cut off at
any line: a step is one transaction, and the next pass begins at the beginning.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import log

# A step holds the writer for some milliseconds, so with this pause it has the store to itself for at most a tenth of
# the time, and still forgets hundreds of messages a second: tens of millions a day.
PAUSE_S: Final = 0.1
PASS_S: Final = 60.0  # between two passes; one that finds nothing old reads a few rows

# Forgets one step's worth of what is old at a moment, looking on from `resume` of the step before (0: from the oldest).
Forget: TypeAlias = Callable[[datetime, int], Awaitable[Step]]


class Forgetting:
    """Runs `sweeps` (by a name for people) one after the other, again and again."""

    def __init__(
        self, sweeps: Mapping[str, Forget], *, clock: Clock, pause_s: float = PAUSE_S, pass_s: float = PASS_S
    ) -> None:
        self._sweeps = sweeps
        self._clock = clock
        self._pause_s = pause_s
        self._pass_s = pass_s

    async def run(self) -> None:
        """Forget until cancelled."""
        while True:
            await self.run_once()
            await asyncio.sleep(self._pass_s)

    async def run_once(self) -> None:
        """Forget all that is old by now. A store that cannot delete now, for want of room, is asked next time."""
        for name, forget in self._sweeps.items():
            try:
                await self._sweep(name, forget)
            except StoreError as lost:
                log("store.full", "error", where=f"forgetting {name}", error=lost)

    async def _sweep(self, name: str, forget: Forget) -> None:
        resume: int | None = 0
        rows = 0
        while resume is not None:
            step = await forget(self._clock.now(), resume)
            for table, count in step.rows.items():
                metrics.count("tellwire_rows_forgotten_total", count, table=table)
                rows += count
            resume = step.resume
            await asyncio.sleep(self._pause_s)
        if rows:
            log("store.forgot", system=name, rows=rows)
