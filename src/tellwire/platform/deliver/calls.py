"""The loop that makes calls of other systems: take, ask, settle. Nothing is decided in this file."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.kernel.http.client import HttpClient, NotSent, Unknown
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.platform.deliver.webhook import settled, signed
from tellwire.platform.model.call import CallEnded, CallSettlement, DueCall
from tellwire.platform.ports.calls import Calls

CONCURRENCY: Final = 16  # calls under way at once
TIMEOUT_S: Final = 15.0
LEASE: Final = timedelta(seconds=60)
IDLE_S: Final = 1.0  # how long to wait for the store's own sign before looking again


class CallWorker:
    """Makes the calls of one store."""

    def __init__(
        self,
        *,
        calls: Calls,
        http: HttpClient,
        secret: bytes,
        clock: Clock,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._calls = calls
        self._http = http
        self._secret = secret
        self._clock = clock
        self._random = random

    async def run(self) -> None:
        """Make calls until cancelled."""
        while True:
            if await self.step() == 0:
                await self._calls.wait(IDLE_S)

    async def step(self) -> int:
        """Make the calls that are due, at most so many at once, and return how many."""
        due = await self._calls.take(self._clock.now(), LEASE, CONCURRENCY)
        if due:
            settlements = await asyncio.gather(*map(self._made, due))
            await self._calls.settle(settlements)
        return len(due)

    async def _made(self, due: DueCall) -> CallSettlement:
        settlement = await self._tried(due)
        outcome = settlement.end if isinstance(settlement, CallEnded) else "again"
        metrics.count("tellwire_calls_total", 1, outcome=outcome)
        if outcome in {"refused", "failed"}:
            log("call.failed", "warning", campaign_id=due.call.campaign_id, reason=outcome)
        return settlement

    async def _tried(self, due: DueCall) -> CallSettlement:
        status: int | None = None
        try:
            request = signed(due, self._secret, self._clock.now())
            status = (await self._http.send(request, timeout_s=TIMEOUT_S)).status
        except NotSent as trouble:
            if trouble.is_final:
                return CallEnded(due.call.id, "failed")
        except Unknown:
            pass  # perhaps it was had: it is tried again with the same id
        return settled(due, status, self._clock.now(), self._random)
