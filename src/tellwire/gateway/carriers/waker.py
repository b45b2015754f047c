"""Puts scheduled messages and those to be tried again back into their lanes when their time has come."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from tellwire.gateway.carriers.settling import LONGEST_RETRY
from tellwire.gateway.store.messages import Messages
from tellwire.kernel.clock import Clock
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import log

# Schedules are in minutes and retries in seconds.
WAKE_S: Final = 1.0
# A clock that was set back by less delays a retry by less, and clocks are put right by seconds all the time.
SET_BACK: Final = timedelta(seconds=30)


class Waker:
    """Looks every `WAKE_S`; `on_ready` gets the lanes that got messages.

    A schedule is a moment of the calendar, and goes with the clock wherever that is set. A retry is a wait: when the
    clock is set back, or was while we were stopped, retries that are now further ahead than any wait are due at once.
    """

    def __init__(
        self, messages: Messages, *, clock: Clock, on_ready: Callable[[frozenset[str]], None]
    ) -> None:
        self._messages = messages
        self._clock = clock
        self._on_ready = on_ready

    async def run(self) -> None:
        """Look until cancelled."""
        looked = None
        while True:
            now = self._clock.now()
            try:
                if looked is None or now < looked - SET_BACK:
                    await self._messages.hurry_retries(now, now + LONGEST_RETRY)
                woken = await self._messages.wake(now)
            except StoreError as lost:
                log("store.full", "error", where="wake", error=lost)
            else:
                looked = now
                self._on_ready(woken.lanes)
            await asyncio.sleep(WAKE_S)
