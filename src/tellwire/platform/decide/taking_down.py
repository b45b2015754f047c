"""Takes down the audiences of runs, a slice at a time, while the events of others go on being decided.

Nothing is decided in this file. A slice is about `SLICE_S` of reading and asking; a crash repeats one at most.
"""

import time
from collections.abc import Callable, Sequence

from tellwire.kernel.clock import Clock
from tellwire.platform.decide.audience import is_known, quick_test, slice_of, whole_test
from tellwire.platform.decide.index import TriggerIndex
from tellwire.platform.decide.property_rules import Test
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.run import AudienceSlice, Choosing
from tellwire.platform.ports.ledger import Ledger

SLICE_S = 0.020
LEAST, MOST = 200, 10_000  # people of a slice


class AudienceTaker:
    """Takes down one audience after the other."""

    def __init__(
        self, ledger: Ledger, clock: Clock, seconds: Callable[[], float] = time.perf_counter
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._seconds = seconds
        self._limit = 1_000
        self._test: tuple[TriggerIndex, Choosing, Test | None] | None = None

    async def take(self, choosing: Choosing, index: TriggerIndex) -> None:
        """Take down the next slice of an audience."""
        began_at = self._seconds()
        one = await self._slice(choosing, index)
        if one is None:
            return  # what people did is still being counted: the next step asks again
        spent = self._seconds() - began_at
        await self._ledger.take_down(one)
        self._limit = next_slice(self._limit, spent)

    async def _slice(self, choosing: Choosing, index: TriggerIndex) -> AudienceSlice | None:
        test, limit = self._test_of(index, choosing), self._limit
        if test is not None:
            rows = await self._ledger.candidates(choosing, limit)
            candidates = [(place, one) for place, one in rows if one.is_somebody]
            last, is_last = _end(rows, choosing, limit)
            return slice_of(
                index,
                choosing,
                candidates,
                lambda candidate: test(candidate.properties),
                last=last,
                is_last=is_last,
            )
        lists = list(index.lists.ids.values())
        needs = Needs(crowd=choosing, sweep_limit=limit, lists=lists, tallies=bool(index.lines.by_key))
        facts = await self._ledger.facts(needs)
        if not is_known(index, facts, choosing):
            return None
        crowd = () if facts.page is None else facts.page.people
        people = [(place, profile) for place, profile in crowd if profile.subjects]
        belongs = whole_test(index, facts, self._clock.now())
        last, is_last = _end(crowd, choosing, limit)
        return slice_of(
            index, choosing, people, lambda one: belongs(choosing, one), last=last, is_last=is_last
        )

    def _test_of(self, index: TriggerIndex, choosing: Choosing) -> Test | None:
        """Return the test of a run's audience, made once for all of its slices."""
        known = self._test
        if known is None or known[0].catalog is not index.catalog or known[1].sweep != choosing.sweep:
            known = self._test = (index, choosing, quick_test(index, choosing))
        return known[2]


def _end(rows: Sequence[tuple[int, object]], choosing: Choosing, limit: int) -> tuple[int, bool]:
    """Return the last place of these rows, and whether there are no more."""
    is_last = len(rows) < limit
    return choosing.upto if is_last else rows[-1][0], is_last


def next_slice(limit: int, spent: float) -> int:
    """Return of how many people the next slice is, if one of so many took these seconds."""
    if spent <= 0:
        return limit
    wanted = int(limit * SLICE_S / spent)
    return max(LEAST, min(MOST, max(limit // 2, min(2 * limit, wanted))))
