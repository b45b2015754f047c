"""Keeps the store counting what live rules ask, and counts what came before they asked, a slice at a time.

Nothing is decided in this file. A slice is about `SLICE_S` of reading and counting; a crash repeats one at most.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.platform.decide.asked import AskedLine
from tellwire.platform.decide.filling import filled
from tellwire.platform.decide.index import TriggerIndex
from tellwire.platform.decide.taking_down import next_slice
from tellwire.platform.ports.ledger import Ledger

AT_ONCE_S: Final = 0.1  # for which events wait when a rule is new
SLICES_AT_ONCE: Final = 20
FORGOTTEN_LIMIT: Final = 1_000  # tallies that one transaction forgets


class TallyFiller:
    """Counts for one line after the other, until all that is asked is counted."""

    def __init__(
        self, ledger: Ledger, clock: Clock, seconds: Callable[[], float] = time.perf_counter
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._seconds = seconds
        self._lines: Mapping[str, AskedLine] | None = None  # what the store was told last
        self._kept: Collection[str] = ()
        self._is_filling = self._is_forgetting = True  # what a worker before this one left over
        self._limit = 500

    async def ask(self, index: TriggerIndex) -> None:
        """Let the store count for what is asked now, if that is something else than before.

        Lines that nobody asks any more go only once nobody is inside by a version that asks them.
        """
        lines = index.lines.by_key
        if self._lines is lines:
            return
        if self._lines is None:
            self._kept = await self._ledger.asks()
        if set(lines) != set(self._kept):
            await self._ledger.ask([one.question for one in lines.values()])
            self._is_filling = self._is_forgetting = True
        self._lines, self._kept = lines, frozenset(lines)
        await self._fill_quickly()

    async def _fill_quickly(self) -> None:
        """Count what can be counted in a moment: a short history is, before anything is decided by the new rules."""
        ends_at = self._seconds() + AT_ONCE_S
        for _ in range(SLICES_AT_ONCE):
            if not self._is_filling or self._seconds() > ends_at:
                return
            self._is_filling = await self._fill()

    async def go_on(self) -> bool:
        """Count the next slice, or forget some of what is not asked any more; say whether there was any."""
        if self._is_filling:
            self._is_filling = await self._fill()
        if self._is_filling:
            return True
        if self._is_forgetting:
            self._is_forgetting = await self._ledger.forget_unasked(FORGOTTEN_LIMIT) > 0
        return self._is_forgetting

    async def _fill(self) -> bool:
        began_at, lines = self._seconds(), self._lines or {}
        one = await self._ledger.filling(self._limit)
        if one is None:
            return False
        await self._ledger.fill(filled(one, lines, self._clock.now()))
        self._limit = next_slice(self._limit, self._seconds() - began_at)
        await asyncio.sleep(0)
        return True
