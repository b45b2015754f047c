"""Notes how large saved audiences are, so that growth can be shown; the worker."""

import asyncio
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.kernel.local_time import day_of
from tellwire.platform.model.rule import Member
from tellwire.platform.ports.audiences import Audiences, HistoryProblem
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.growth import DaySize, Growth

PASS_S: Final = 600.0  # between two counts: a day's size is that of its last ten minutes
SOONER_S: Final = 10.0  # until the next, where the copy is being made
AT_ONCE: Final = 20  # audiences that one question counts: others wait for it


class Growing:
    """Counts all saved audiences again and again."""

    def __init__(self, audiences: Audiences, growth: Growth, catalog: Catalog, clock: Clock) -> None:
        self._audiences = audiences
        self._growth = growth
        self._catalog = catalog
        self._clock = clock

    async def run(self) -> None:
        """Count until cancelled."""
        while True:
            was_counted = await self.run_once()
            await asyncio.sleep(PASS_S if was_counted else SOONER_S)

    async def run_once(self) -> bool:
        """Note today's size of each audience. Return whether they could be counted."""
        account = (await self._catalog.snapshot()).account
        names = list(account.audiences)
        for begins in range(0, len(names), AT_ONCE):
            some, now = names[begins : begins + AT_ONCE], self._clock.now()
            try:
                counted = await self._audiences.count([Member(name) for name in some], account, now)
            except HistoryProblem:
                return False
            day = day_of(now, account.clock)
            await self._growth.note(
                {
                    name: DaySize(day=day, count=one.count, reachable=one.reachable, as_of=one.as_of)
                    for name, one in zip(some, counted, strict=True)
                }
            )
        return True
