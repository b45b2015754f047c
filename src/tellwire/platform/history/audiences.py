"""Answers about audiences over the copy: the port's implementation, and what opens and closes it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.platform.history.copying import Copying
from tellwire.platform.history.projections import rows_of
from tellwire.platform.history.reading import PeopleSet, Reading
from tellwire.platform.history.store import ColumnStore, Opened
from tellwire.platform.model.account import Account
from tellwire.platform.model.channel import CHANNELS
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.rule import Rule
from tellwire.platform.ports.audiences import (
    Belonging,
    Counted,
    HistoryLoading,
    HistoryProblem,
    Members,
    Standing,
)
from tellwire.platform.ports.feed import Feed

ANSWER_S: Final = (
    20.0  # of one question: a property that was never asked for may take three on fifty million events
)
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


def _people(opened: Opened, places: Sequence[int]) -> list[Belonging]:
    if not places:
        return []
    statement = (
        "SELECT place, id, name FROM person WHERE place IN (SELECT unnest(?::UINTEGER[])) ORDER BY place"
    )
    return [
        Belonging(place=place, id=ProfileId(str(identifier)), name=str(name))
        for place, identifier, name in rows_of(opened.connection, statement, (places,))
    ]


def _totals(opened: Opened) -> tuple[int, int]:
    ((people,),) = rows_of(opened.connection, "SELECT count(*) FROM person")
    events = rows_of(
        opened.connection,
        "SELECT coalesce(sum(estimated_size), 0) FROM duckdb_tables() WHERE starts_with(table_name, 'event_')"
        " AND table_name <> 'event_name'",
    )
    return people, events[0][0]
