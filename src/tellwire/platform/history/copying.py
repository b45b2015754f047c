"""Keeps the copy like the store that feeds it, a slice at a time; the worker.

    opened ─→ people ─→ numbers ─→ lists ─→ current: what changed, and what people did, again and again
       └ missing, damaged, of another store: made anew and loaded from the beginning

Each slice is one transaction, which says how far it went, so that a crash repeats one slice at most. What people did
comes after who they are: events of somebody whom the copy does not know (who became part of another, or came since)
are given to whoever has the name now.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from tellwire.kernel.clock import Clock
from tellwire.kernel.telemetry import log
from tellwire.platform.history.store import LOAD_S, ColumnStore, Opened
from tellwire.platform.history.transactions import About, about_of, in_transaction
from tellwire.platform.model.list_member import PHONE_PREFIX, ListKey
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.audiences import HistoryLost, Standing
from tellwire.platform.ports.feed import EVENTS_LIMIT, PEOPLE_LIMIT, Changed, Feed, Listing, Source

IDLE_S: Final = 0.4  # between looks for news: what was acknowledged has to be counted within two seconds
PAGES: Final = 10  # of events in one slice
FEED_LIMIT: Final = 10_000  # numbers or names of one slice

R = TypeVar("R")


class Copying:
    """Feeds a store of columns. `run` is for a supervisor; the rest asks how it stands."""

    def __init__(self, feed: Feed, store: ColumnStore, clock: Clock) -> None:
        self._feed = feed
        self._store = store
        self._clock = clock
        self._about: About | None = None
        self._behind = 0
        self._oldest = 0
        self._is_lost = False
        self._made_anew: tuple[str, datetime] | None = None
        self._is_asked_for = False
        self.as_of: datetime | None = None

    async def run(self) -> None:
        """Copy until cancelled."""
        while True:
            if not await self.step():
                await asyncio.sleep(IDLE_S)

    async def step(self) -> bool:
        """Take one slice. Return whether there may be more at once."""
        try:
            source = await self._feed.source()
            if self._about is None:
                await self._open(source)
            return await self._slice(source)
        except HistoryLost as lost:
            log("history.lost", "error", reason=str(lost))
            self._is_lost, self._about, self.as_of = True, None, None
            await self._anew(await self._feed.source(), "damaged")
            return True

    def make_anew(self) -> None:
        """Throw the copy away and make it anew, from the next slice on."""
        self._is_asked_for = True

    @property
    def is_current(self) -> bool:
        """Whether everything was read once, so that it can answer."""
        return self._about is not None and self._about.stage == "events" and self.as_of is not None

    async def standing(self, people: int, events: int) -> Standing:
        """Return how the copy stands."""
        why, at = self._made_anew or (None, None)
        return Standing(
            state="current" if self.is_current else "lost" if self._is_lost else "loading",
            people=people,
            events=events,
            behind=self._behind,
            as_of=self.as_of,
            made_anew=why,
            made_anew_at=at,
        )

    async def _open(self, source: Source) -> None:
        why = await self._store.open(source.id)
        if why is not None:
            self._note_anew(why)
        self._about = await self._store.call(LOAD_S, about_of)

    async def _anew(self, source: Source, why: str) -> None:
        await self._store.make_anew(source.id)
        self._note_anew(why)
        self._about, self._is_lost, self._is_asked_for = (
            await self._store.call(LOAD_S, about_of),
            False,
            False,
        )

    def _note_anew(self, why: str) -> None:
        self._made_anew, self.as_of, self._oldest = (why, self._clock.now()), None, 0
        log("history.made_anew", "info" if why == "missing" else "warning", reason=why)

    async def _slice(self, source: Source) -> bool:
        about = self._about
        assert about is not None  # noqa: S101 - it is open
        if self._is_asked_for or about.event_place > source.last_event:
            await self._anew(source, "asked for" if self._is_asked_for else "ahead of the store")
            return True
        match about.stage:
            case "people":
                return await self._people(about)
            case "numbers":
                return await self._numbers(about)
            case "lists":
                return await self._lists(about)
            case _:
                return await self._news(about, source)

    async def _people(self, about: About) -> bool:
        pages: list[tuple[int, Profile]] = []
        for _ in range(PAGES):
            after = pages[-1][0] if pages else about.after_place
            page = await self._feed.people(after, PEOPLE_LIMIT)
            pages += page
            if len(page) < PEOPLE_LIMIT:
                break
        people = dict(pages)
        last = pages[-1][0] if pages else about.after_place
        is_last = len(pages) < PAGES * PEOPLE_LIMIT
        then = About("numbers", 0, "", 0) if is_last else About("people", last, "", 0)
        await self._write(then, lambda opened: opened.loading.people(people))
        return True

    async def _numbers(self, about: About) -> bool:
        numbers = await self._feed.suppressed(about.after_place, FEED_LIMIT)
        is_last = len(numbers) < FEED_LIMIT
        after = About("lists", 0, "", 0) if is_last else About("numbers", numbers[-1], "", 0)
        await self._write(after, lambda opened: opened.loading.suppressed(dict.fromkeys(numbers, True)))
        return True

    async def _lists(self, about: About) -> bool:
        listings = await self._feed.listings(
            Listing(ListId(about.after_place), ListKey(about.after_key)), FEED_LIMIT
        )
        is_last = len(listings) < FEED_LIMIT
        after = About("events", 0, "", 0)
        if not is_last:
            after = About("lists", listings[-1].list_id, listings[-1].key, 0)
        await self._write(after, lambda opened: opened.loading.listings(dict.fromkeys(listings, True)))
        return True

    async def _news(self, about: About, source: Source) -> bool:
        """Take what changed, and what people did since."""
        at = self._clock.now()
        source = await self._feed.source()
        changed = await self._feed.take(PEOPLE_LIMIT * PAGES)
        if changed:
            await self._change(about, changed)
            await self._feed.kept()
        if source.oldest_event > self._oldest:
            await self._write(about, lambda opened: opened.loading.forget_before(source.oldest_event))
            self._oldest = source.oldest_event
        place = await self._events(about, source)
        self._behind = max(0, source.last_event - place)
        if changed.is_all and not self._behind:
            self.as_of = at
        return not changed.is_all or self._behind > 0

    async def _change(self, about: About, changed: Changed) -> None:
        gone = [place for place, one in changed.people.items() if one is None or not one.subjects]
        moved, left = await self._where_to(gone)

        def write(opened: Opened) -> None:
            opened.loading.move(moved)
            opened.loading.forget_people(left)
            opened.loading.people(changed.people)
            opened.loading.suppressed(changed.numbers)
            opened.loading.listings(changed.listings)

        await self._write(about, write)

    async def _where_to(self, gone: Sequence[int]) -> tuple[Mapping[int, int], Sequence[int]]:
        """Return whom those who are nobody any more became part of, and those who left nobody behind."""
        if not gone:
            return {}, ()
        names = await self._store.call(LOAD_S, lambda opened: opened.loading.names_of(gone))
        keys = [ListKey(key) for some in names.values() for key in some if not key.startswith(PHONE_PREFIX)]
        holders = await self._feed.holders(keys)
        moved = {}
        for place, some in names.items():
            into = next((holders[ListKey(key)] for key in some if key in holders), place)
            if into != place:
                moved[place] = into
        return moved, [place for place in names if place not in moved]

    async def _events(self, about: About, source: Source) -> int:
        rows, place = list[str](), about.event_place
        for _ in range(PAGES):
            if place >= source.last_event:
                break
            page = await self._feed.events(place, EVENTS_LIMIT)
            if page.last == place:
                break
            place = page.last
            if page.count:
                rows.append(page.rows)
        if place == about.event_place:
            return place
        await self._take_events(rows, About("events", 0, "", place))
        return place

    async def _take_events(self, rows: Sequence[str], about: About) -> None:
        strangers = await self._store.call(LOAD_S, lambda opened: opened.loading.unpack(rows)) if rows else []
        holders = await self._feed.holders([ListKey(key) for _, key in strangers]) if strangers else {}
        others = {place: holders[ListKey(key)] for place, key in strangers if key in holders}
        await self._write(about, lambda opened: rows and opened.loading.events(others))

    async def _write(self, after: About, work: Callable[[Opened], object]) -> None:
        await self._store.call(LOAD_S, in_transaction, after, work)
        self._about = after
