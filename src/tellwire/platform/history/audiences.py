"""Answers about audiences over the copy: the port's implementation, and what opens and closes it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.platform.history.copying import Copying
from tellwire.platform.history.exporting import write_parquet
from tellwire.platform.history.projections import rows_of
from tellwire.platform.history.reading import PeopleSet, Reading
from tellwire.platform.history.schema import event_table
from tellwire.platform.history.store import ColumnStore, Opened
from tellwire.platform.model.account import Account
from tellwire.platform.model.channel import CHANNELS
from tellwire.platform.model.list_member import ListKey
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.value import decoded
from tellwire.platform.ports.audiences import (
    Belonging,
    Counted,
    Exported,
    HistoryLoading,
    HistoryProblem,
    Members,
    Standing,
)
from tellwire.platform.ports.feed import Feed

ANSWER_S: Final = (
    20.0  # of one question: a property that was never asked for may take three on fifty million events
)
EXPORT_S: Final = 600.0  # fifty million events
FILE_NAME: Final = "history.duckdb"


class ColumnAudiences:
    """See `ports.audiences.Audiences`."""

    def __init__(self, store: ColumnStore, copying: Copying) -> None:
        self._store = store
        self.copying = copying

    async def count(self, rules: Sequence[Rule], account: Account, now: datetime) -> list[Counted]:
        """Count the people who meet each rule, and whom of them each channel reaches."""
        as_of = self._as_of()

        def work(opened: Opened) -> list[tuple[int, dict[str, int]]]:
            reading = opened.reading(account, now)
            return [_sizes(reading, reading.meeting(rule)) for rule in rules]

        sizes = await self._store.call(ANSWER_S, work)
        return [Counted(count=count, reachable=reachable, as_of=as_of) for count, reachable in sizes]

    async def members(
        self, rule: Rule, account: Account, now: datetime, *, after: int, limit: int
    ) -> Members:
        """Return people who meet a rule, by place."""
        as_of = self._as_of()

        def work(opened: Opened) -> Members:
            reading = opened.reading(account, now)
            places = reading.places(reading.meeting(rule), after, limit + 1)
            more = len(places) > limit
            people = _people(opened, places[:limit])
            return Members(people=people, after=places[limit - 1] if more else None, as_of=as_of)

        return await self._store.call(ANSWER_S, work)

    async def sample(self, rule: Rule, account: Account, now: datetime, size: int) -> Sequence[Belonging]:
        """Return some of those who meet a rule, from all over."""
        self._as_of()

        def work(opened: Opened) -> Sequence[Belonging]:
            reading = opened.reading(account, now)
            return _people(opened, reading.some(reading.meeting(rule), size), with_properties=True)

        return await self._store.call(ANSWER_S, work)

    async def overlaps(
        self, rules: Sequence[Rule], account: Account, now: datetime
    ) -> Sequence[Sequence[int]]:
        """Return how many people meet both of each pair of rules."""
        self._as_of()

        def work(opened: Opened) -> Sequence[Sequence[int]]:
            reading = opened.reading(account, now)
            sets = [reading.meeting(rule) for rule in rules]
            return [[(one & other).bit_count() for other in sets] for one in sets]

        return await self._store.call(ANSWER_S, work)

    async def holding(
        self, rules: Sequence[Rule], account: Account, now: datetime, key: ListKey
    ) -> Sequence[bool] | None:
        """Return which rules the person of this name meets."""
        self._as_of()

        def work(opened: Opened) -> Sequence[bool] | None:
            ((place,),) = rows_of(
                opened.connection, "SELECT min(place) FROM person_name WHERE key = ?", (key,)
            )
            if place is None:
                return None
            reading = opened.reading(account, now)
            return [reading.places(reading.meeting(rule), place - 1, 1) == [place] for rule in rules]

        return await self._store.call(ANSWER_S, work)

    async def export(self, what: Exported, to: Path) -> None:
        """Write people, or what they did, to a Parquet file."""
        self._as_of()
        await self._store.call(EXPORT_S, write_parquet, what, to)

    def make_anew(self) -> None:
        """Throw the copy away and make it anew."""
        self.copying.make_anew()

    async def standing(self) -> Standing:
        """Return how the copy stands."""
        try:
            people, events = await self._store.call(ANSWER_S, _totals)
        except HistoryProblem:
            people, events = 0, 0
        return await self.copying.standing(people, events)

    async def close(self) -> None:
        """Let go of the file."""
        await self._store.close()

    def _as_of(self) -> datetime:
        if not self.copying.is_current or self.copying.as_of is None:
            raise HistoryLoading("it is being made")
        return self.copying.as_of


def column_audiences(
    directory: Path, feed: Feed, clock: Clock, *, memory_mb: int, threads: int
) -> ColumnAudiences:
    """Return what answers about audiences, over a file in a directory; its `copying` is to be run."""
    store = ColumnStore(directory / FILE_NAME, memory_mb=memory_mb, threads=threads)
    return ColumnAudiences(store, Copying(feed, store, clock))


def _sizes(reading: Reading, people: PeopleSet) -> tuple[int, dict[str, int]]:
    reachable = {name: (people & reading.reachable(name)).bit_count() for name in CHANNELS}
    return people.bit_count(), reachable


_PEOPLE: Final = """
SELECT place, id, name, if(?, props, '{}') FROM person WHERE place IN (SELECT unnest(?::UINTEGER[])) ORDER BY place
"""


def _people(opened: Opened, places: Sequence[int], *, with_properties: bool = False) -> list[Belonging]:
    if not places:
        return []
    return [
        Belonging(place=place, id=identifier, name=name, properties=decoded(msgspec.Raw(props.encode())))
        for place, identifier, name, props in rows_of(opened.connection, _PEOPLE, (with_properties, places))
    ]


def _totals(opened: Opened) -> tuple[int, int]:
    ((people,),) = rows_of(opened.connection, "SELECT count(*) FROM person")
    tables = map(event_table, opened.loading.numbers.values())
    events = sum(rows_of(opened.connection, f"SELECT count(*) FROM {table}")[0][0] for table in tables)
    return people, events
