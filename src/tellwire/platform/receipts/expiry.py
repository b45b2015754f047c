"""Releases numbers whose suppression was for a time, when that is over."""

import asyncio
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.kernel.telemetry import log
from tellwire.platform.ports.consent import EXPIRED_AT_ONCE, Consents
from tellwire.platform.ports.errors import StoreError

LOOK_S: Final = 30.0  # between looks: a number is suppressed for at most so much longer than asked


class Expiry:
    """Looks for suppressions that are over, again and again; each end has its line in the consent ledger."""

    def __init__(self, consents: Consents, clock: Clock) -> None:
        self._consents = consents
        self._clock = clock

    async def run(self) -> None:
        """Release until cancelled."""
        while True:
            await self.run_once()
            await asyncio.sleep(LOOK_S)

    async def run_once(self) -> None:
        """Release all that is over by now; what a store without room cannot write stays suppressed until next time."""
        try:
            while await self._consents.expire(self._clock.now()) == EXPIRED_AT_ONCE:
                pass
        except StoreError as lost:
            log("store.full", "error", where="ending suppressions", error=lost)
