"""Feeds a copy of the past: see `ports.feed`. What changed is in tables of names that triggers fill (`schema`)."""

from collections.abc import Mapping, Sequence

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.list_member import ListKey
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.feed import Changed, FedEvents, Listing, Source


class EmbeddedFeed:
    """See `ports.feed.Feed`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def source(self) -> Source:
        """Return who feeds, and how far."""
        return await self._database.read(_source)

    async def people(self, after: int, limit: int) -> list[tuple[int, Profile]]:
        """Return the people who came after this place, with their places."""
        return await self._database.read(_people, after, limit)

    async def suppressed(self, after: int, limit: int) -> list[int]:
        """Return the digits of numbers that are suppressed, after these."""
        return await self._database.read(_suppressed, after, limit)

    async def listings(self, after: Listing, limit: int) -> list[Listing]:
        """Return names on lists after this one."""
        return await self._database.read(_listings, after, limit)

    async def events(self, after: int, limit: int) -> FedEvents:
        """Return what people did after this place."""
        return await self._database.read(_events, after, limit)

    async def holders(self, keys: Sequence[ListKey]) -> Mapping[ListKey, int]:
        """Return the places of the people who have these names now."""
        return await self._database.read(_holders, keys)

    async def take(self, limit: int) -> Changed:
        """Mark some of what changed as taken, unless some is already, and return it as it is now."""
        if await self._database.read(_has_news):
            await self._database.write(_mark, limit)
        return await self._database.read(_taken)

    async def kept(self) -> None:
        """Forget what was taken."""
        await self._database.write(_forget_taken, 0)


_SOURCE = """
SELECT json_array((SELECT id FROM fed_from), (SELECT ifnull(min(seq), 0) FROM activity),
  (SELECT ifnull(max(seq), 0) FROM activity), (SELECT ifnull(max(seq), 0) FROM profile))
"""
_SOURCE_ROW = decoder(tuple[str, int, int, int])


def _source(connection: apsw.Connection) -> Source:
    name, oldest, last, person = _SOURCE_ROW.decode(connection.execute(_SOURCE).get)
    return Source(id=name, oldest_event=oldest, last_event=last, last_person=person)


_PEOPLE = """
SELECT group_concat('[' || seq || ',' || body || ']') FROM (
  SELECT seq, body FROM profile WHERE seq > ? ORDER BY seq LIMIT ?)
"""
_PEOPLE_ROWS = decoder(list[tuple[int, Profile]])


def _people(connection: apsw.Connection, after: int, limit: int) -> list[tuple[int, Profile]]:
    return _PEOPLE_ROWS.decode(lines_of(connection.execute(_PEOPLE, (after, limit)).get))


_SUPPRESSED = """
SELECT json_group_array(phone) FROM (
  SELECT phone FROM suppression WHERE is_suppressed AND phone > ? ORDER BY phone LIMIT ?)
"""
_NUMBERS = decoder(list[int])


def _suppressed(connection: apsw.Connection, after: int, limit: int) -> list[int]:
    return _NUMBERS.decode(connection.execute(_SUPPRESSED, (after, limit)).get)


_LISTINGS = """
SELECT json_group_array(json_array(list, key)) FROM (
  SELECT list, key FROM list_member WHERE (list, key) > (?, ?) ORDER BY list, key LIMIT ?)
"""
_LISTING_ROWS = decoder(list[Listing])


def _listings(connection: apsw.Connection, after: Listing, limit: int) -> list[Listing]:
    return _LISTING_ROWS.decode(connection.execute(_LISTINGS, (after.list_id, after.key, limit)).get)


# Rows that nobody did any more (their profile was deleted) are passed over, and `last` goes beyond them.
_EVENTS = """
SELECT group_concat('[' || a.seq || ',' || p.seq || ',' || json_quote(a.name) || ',' || a.body || ']'),
  count(p.seq), max(a.seq)
FROM (SELECT seq, profile_id, name, body FROM activity WHERE seq > ? ORDER BY seq LIMIT ?) AS a
LEFT JOIN profile AS p ON p.id = a.profile_id
"""


def _events(connection: apsw.Connection, after: int, limit: int) -> FedEvents:
    rows, count, last = next(connection.execute(_EVENTS, (after, limit)))
    return FedEvents(rows=rows or "", count=count, last=after if last is None else last)


_HOLDERS = """
SELECT json_group_array(json_array(subject.key, subject.profile)) FROM json_each(?) AS given
CROSS JOIN subject ON subject.key = given.value
"""
_HOLDER_ROWS = decoder(list[tuple[ListKey, int]])


def _holders(connection: apsw.Connection, keys: Sequence[ListKey]) -> Mapping[ListKey, int]:
    return dict(_HOLDER_ROWS.decode(connection.execute(_HOLDERS, (encode(keys),)).get))


# Nothing is marked while something is: what was taken comes again as it is by then.
_HAS_NEWS = """
SELECT NOT (EXISTS (SELECT 1 FROM fed_person WHERE is_taken = 1) OR EXISTS (SELECT 1 FROM fed_number WHERE is_taken = 1)
  OR EXISTS (SELECT 1 FROM fed_member WHERE is_taken = 1)) AND (
  EXISTS (SELECT 1 FROM fed_person) OR EXISTS (SELECT 1 FROM fed_number) OR EXISTS (SELECT 1 FROM fed_member))
"""
_MARK = (
    """UPDATE fed_person SET is_taken = 1 WHERE (is_taken, profile) IN (
      SELECT 0, profile FROM fed_person WHERE is_taken = 0 ORDER BY profile LIMIT ?)""",
    """UPDATE fed_number SET is_taken = 1 WHERE (is_taken, phone) IN (
      SELECT 0, phone FROM fed_number WHERE is_taken = 0 ORDER BY phone LIMIT ?)""",
    """UPDATE fed_member SET is_taken = 1 WHERE (is_taken, list, key) IN (
      SELECT 0, list, key FROM fed_member WHERE is_taken = 0 ORDER BY list, key LIMIT ?)""",
)


def _has_news(connection: apsw.Connection) -> bool:
    return bool(connection.execute(_HAS_NEWS).get)


def _mark(connection: apsw.Connection, calls: list[int]) -> list[None]:
    for statement in _MARK:
        connection.execute(statement, (calls[0],))
    return [None for _ in calls]


_TAKEN_PEOPLE = """
SELECT group_concat('[' || f.profile || ',' || ifnull(p.body, 'null') || ']')
FROM fed_person AS f LEFT JOIN profile AS p ON p.seq = f.profile WHERE f.is_taken = 1
"""
_TAKEN_NUMBERS = """
SELECT json_group_array(json_array(f.phone, ifnull(s.is_suppressed, 0) <> 0))
FROM fed_number AS f LEFT JOIN suppression AS s ON s.phone = f.phone WHERE f.is_taken = 1
"""
_TAKEN_MEMBERS = """
SELECT json_group_array(json_array(f.list, f.key, m.key IS NOT NULL))
FROM fed_member AS f LEFT JOIN list_member AS m ON m.key = f.key AND m.list = f.list WHERE f.is_taken = 1
"""
_WAITING = """
SELECT EXISTS (SELECT 1 FROM fed_person WHERE is_taken = 0) OR EXISTS (SELECT 1 FROM fed_number WHERE is_taken = 0)
  OR EXISTS (SELECT 1 FROM fed_member WHERE is_taken = 0)
"""
_TAKEN_PEOPLE_ROWS = decoder(list[tuple[int, Profile | None]])
_TAKEN_NUMBER_ROWS = decoder(list[tuple[int, int]])
_TAKEN_MEMBER_ROWS = decoder(list[tuple[int, str, int]])


def _taken(connection: apsw.Connection) -> Changed:
    people = _TAKEN_PEOPLE_ROWS.decode(lines_of(connection.execute(_TAKEN_PEOPLE).get))
    numbers = _TAKEN_NUMBER_ROWS.decode(connection.execute(_TAKEN_NUMBERS).get)
    members = _TAKEN_MEMBER_ROWS.decode(connection.execute(_TAKEN_MEMBERS).get)
    return Changed(
        people=dict(people),
        numbers={phone: bool(is_suppressed) for phone, is_suppressed in numbers},
        listings={_listing(list_id, key): bool(is_on) for list_id, key, is_on in members},
        is_all=not connection.execute(_WAITING).get,
    )


def _listing(list_id: int, key: str) -> Listing:
    return _LISTING.decode(encode((list_id, key)))


_LISTING = decoder(Listing)


def _forget_taken(connection: apsw.Connection, calls: list[int]) -> list[None]:
    for statement in _FORGET:
        connection.execute(statement)
    return [None for _ in calls]


_FORGET = (
    "DELETE FROM fed_person WHERE is_taken = 1",
    "DELETE FROM fed_number WHERE is_taken = 1",
    "DELETE FROM fed_member WHERE is_taken = 1",
)
