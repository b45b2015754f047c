"""People by what they are called, and what they did: the statements of `ports.people` that read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import apsw

from tellwire.kernel.address import Msisdn
from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import erasing, erasures, event_lists, message_lists
from tellwire.platform.backends.embedded.codec import decoder, lines_of
from tellwire.platform.backends.embedded.links import EmbeddedLinks
from tellwire.platform.backends.embedded.profile_hash import profile_hash
from tellwire.platform.backends.embedded.record import position
from tellwire.platform.backends.embedded.stream import PARTITION
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.message_reports import MessageRow
from tellwire.platform.ports.people import Erasure, EventCount, Happenings, PeoplePage, Wanted
from tellwire.platform.ports.stream import Position


class EmbeddedPeople:
    """See `ports.people.People`. `links` remembers links of people, and hears of erasures."""

    def __init__(self, database: Database, links: EmbeddedLinks) -> None:
        self._database = database
        self._links = links

    async def decided(self) -> Position:
        """Return how far the stream has been decided."""
        return await self._database.read(position, PARTITION)

    async def find(self, wanted: Wanted, limit: int) -> list[Profile]:
        """Return the people who are called so, or whose number it is."""
        return await self._database.read(_find, wanted, limit)

    async def of_email(self, email: str) -> Profile | None:
        """Return who has an e-mail address."""
        return await self._database.read(_of_email, email)

    async def newest(self, limit: int, before: int | None = None) -> PeoplePage:
        """Return the people who came last."""
        return await self._database.read(_newest, limit, _END if before is None else before)

    async def happenings(
        self, profile_id: ProfileId, number: Msisdn | None, limit: int, before: tuple[int, int] | None = None
    ) -> Happenings:
        """Return what a person did and was sent."""
        return await self._database.read(_happenings, profile_id, number, limit, before or (_END, _END))

    async def counts(self, profile_id: ProfileId) -> list[EventCount]:
        """Return how often a person did each event that is kept."""
        return await self._database.read(_counts, profile_id)

    async def erase(self, subject: Subject, receipt: str, deed: Deed, by: str) -> Erasure | None:
        """Erase whom a subject names; see the port."""
        erased = await self._database.write(erasing.begin, erasing.Wish(subject, receipt, deed, by))
        self._links.erasures += 1
        return erased

    async def erase_some(self, now: datetime, after: int) -> Step:  # noqa: ARG002 - each knows its own place
        """Erase some more of those who are erased."""
        return await self._database.write(erasures.go_on, to_ms(now))

    async def erasure(self, receipt: str) -> Erasure | None:
        """Return a receipt."""
        return await self._database.read(erasures.one, receipt)

    async def erasures(self, limit: int) -> list[Erasure]:
        """Return the last receipts."""
        return await self._database.read(erasures.last, limit)


_END: Final = 2**62
_PROFILES = decoder(list[Profile])
_PLACED = decoder(list[tuple[int, Profile]])
_HIGHEST: Final = "\U0010ffff"  # behind every text that goes on
# Each by an index, and each at most so many; who was merged or erased has no names.
_BY_IDENTITY: Final = """
SELECT group_concat(body) FROM profile WHERE seq IN (
  SELECT profile FROM subject WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3)
"""
_BY_NAME: Final = """
SELECT group_concat(body) FROM (SELECT body FROM profile
  WHERE lower(body->>'$.properties.Name') >= ?1 AND lower(body->>'$.properties.Name') < ?2
  ORDER BY lower(body->>'$.properties.Name') LIMIT ?3)
"""
_REST: Final = "lower(substr(body->>'$.properties.Name', instr(body->>'$.properties.Name', ' ') + 1))"
_BY_REST_OF_NAME: Final = f"""
SELECT group_concat(body) FROM (SELECT body FROM profile
  WHERE {_REST} >= ?1 AND {_REST} < ?2 AND instr(body->>'$.properties.Name', ' ') > 0 ORDER BY {_REST} LIMIT ?3)
"""  # noqa: S608 - of constants
_BY_NUMBER: Final = """
SELECT group_concat(body) FROM (
  SELECT body FROM profile WHERE phone >= ?1 AND phone < ?2 ORDER BY phone LIMIT ?3)
"""
_DIGITS_MOST: Final = 15  # of a number (E.164)


def _find(connection: apsw.Connection, wanted: Wanted, limit: int) -> list[Profile]:
    people: dict[ProfileId, Profile] = {}

    def add(statement: str, begin: object, end: object) -> None:
        if len(people) < limit:
            lines = connection.execute(statement, (begin, end, limit)).get
            people.update((one.id, one) for one in _PROFILES.decode(lines_of(lines)) if one.subjects)

    if wanted.identity:
        begin = Subject("identity", wanted.identity).key
        add(_BY_IDENTITY, begin, begin + _HIGHEST)
    if wanted.digits:
        for more in range(_DIGITS_MOST - len(wanted.digits) + 1):
            add(_BY_NUMBER, int(wanted.digits) * 10**more, (int(wanted.digits) + 1) * 10**more)
    if wanted.name:
        name = _lower(wanted.name)
        add(_BY_NAME, name, name + _HIGHEST)
        add(_BY_REST_OF_NAME, name, name + _HIGHEST)
    return list(people.values())[:limit]


def _lower(text: str) -> str:
    """Return a text as SQLite's `lower` writes it, which knows the letters of ASCII."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


_OF_EMAIL: Final = """
SELECT group_concat(body) FROM (
  SELECT body FROM profile WHERE lower(body->>'$.properties.Email') = ? ORDER BY seq LIMIT 20)
"""


def _of_email(connection: apsw.Connection, email: str) -> Profile | None:
    lines = connection.execute(_OF_EMAIL, (_lower(email),)).get
    return next((one for one in _PROFILES.decode(lines_of(lines)) if one.subjects), None)


_NEWEST: Final = """
SELECT group_concat('[' || seq || ',' || body || ']', ',' ORDER BY seq DESC)
FROM (SELECT seq, body FROM profile WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2)
"""


def _newest(connection: apsw.Connection, limit: int, before: int) -> PeoplePage:
    rows = _PLACED.decode(lines_of(connection.execute(_NEWEST, (before, limit)).get))
    return PeoplePage(
        people=[one for _, one in rows if one.subjects],
        following=rows[-1][0] if len(rows) == limit else None,
    )


# An event's body is an array: its name is the fourth of it, and when it occurred the fifth.
_COUNTS: Final = """
SELECT json_group_array(json_array(name, n, first_s, last_s)) FROM (
  SELECT max(body->>'$[3]') AS name, count(*) AS n, unixepoch(min(body->>'$[4]')) AS first_s,
    unixepoch(max(body->>'$[4]')) AS last_s
  FROM activity WHERE profile_hash = ? AND profile_id = ? GROUP BY activity.name)
"""
_COUNT_ROWS = decoder(list[EventCount])


def _counts(connection: apsw.Connection, profile_id: ProfileId) -> list[EventCount]:
    return _COUNT_ROWS.decode(connection.execute(_COUNTS, (profile_hash(profile_id), profile_id)).get)


_EVENTS: Final = """
SELECT group_concat(line, ',' ORDER BY seq DESC), min(seq) FROM (
  SELECT seq, line FROM event_line WHERE profile_hash = ?1 AND profile_id = ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4)
"""
_MESSAGES: Final = """
SELECT group_concat(line, ',' ORDER BY seq DESC), min(seq) FROM (
  SELECT l.seq, l.line FROM message AS m CROSS JOIN message_line AS l ON l.seq = m.seq
  WHERE m.phone = ?1 AND m.body->>'profile_id' = ?2 AND m.seq < ?3 ORDER BY m.seq DESC LIMIT ?4)
"""


def _happenings(
    connection: apsw.Connection,
    profile_id: ProfileId,
    number: Msisdn | None,
    limit: int,
    before: tuple[int, int],
) -> Happenings:
    what = (profile_hash(profile_id), profile_id, before[0], limit)
    events_joined, event_seq = next(connection.execute(_EVENTS, what))
    events = event_lists.event_rows(events_joined)
    messages: Sequence[MessageRow] = ()
    message_seq = None
    if number is not None:
        to = (int(number.digits), profile_id, before[1], limit)
        messages_joined, message_seq = next(connection.execute(_MESSAGES, to))
        messages = message_lists.rows(messages_joined)
    has_more = len(events) == limit or len(messages) == limit
    following = (event_seq or before[0], message_seq or before[1]) if has_more else None
    return Happenings(events=events, messages=messages, following=following)
