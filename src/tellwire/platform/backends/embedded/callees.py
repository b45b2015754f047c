"""Whom calls name, read from what was decided: see `ports.callees`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.embedded.record import position
from tellwire.platform.model.event import EventId, Subject
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.ports.callees import NAMESAKES_LIMIT
from tellwire.platform.ports.stream import Position


class EmbeddedCallees:
    """See `ports.callees.Callees`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, subjects: Sequence[Subject]) -> Mapping[Subject, ProfileId]:
        """Return whom these subjects name."""
        return await self._database.read(_known, subjects)

    async def of_emails(self, emails: Sequence[str]) -> Mapping[str, Sequence[Subject]]:
        """Return who has these e-mail addresses, each by the first of their names."""
        return await self._database.read(_of_emails, emails)

    async def met(self, calls: Sequence[EventId]) -> frozenset[EventId]:
        """Return those of these entries of calls that were decided and whose person was known."""
        return await self._database.read(_met, calls)

    async def decided(self, partition: int) -> Position:
        """Return how far this partition has been decided."""
        return await self._database.read(position, partition)


_KNOWN = """
SELECT json_group_array(json_array(given.key, profile.id)) FROM json_each(?) AS given
CROSS JOIN subject ON subject.key = given.value CROSS JOIN profile ON profile.seq = subject.profile
"""
_MET = """
SELECT json_group_array(given.key) FROM json_each(?) AS given CROSS JOIN activity ON activity.event_id = given.value
"""
# By the index `profile_by_email`; a profile that was merged into another one is named by nobody.
_OF_EMAILS = """
SELECT json_group_array(json_array(given.key, (
  SELECT json_group_array(json_array(seq, json(subjects))) FROM (
    SELECT seq, body->'$.subjects' AS subjects FROM profile
    WHERE lower(body->>'$.properties.Email') = given.value LIMIT ?2)))) FROM json_each(?1) AS given
"""
_OWNERS = "SELECT json_group_array(profile) FROM json_each(?) AS given CROSS JOIN subject ON subject.key = given.value"
_PROFILES = decoder(list[tuple[int, ProfileId]])
_PLACES = decoder(list[int])
_HOLDERS = decoder(list[tuple[int, str]])
_NAMED = decoder(list[tuple[int, list[Subject]]])


def _known(connection: apsw.Connection, subjects: Sequence[Subject]) -> Mapping[Subject, ProfileId]:
    keys = encode([subject.key for subject in subjects])
    rows = _PROFILES.decode(connection.execute(_KNOWN, (keys,)).get)
    return {subjects[place]: profile_id for place, profile_id in rows}


def _met(connection: apsw.Connection, calls: Sequence[EventId]) -> frozenset[EventId]:
    return frozenset(calls[place] for place in _PLACES.decode(connection.execute(_MET, (encode(calls),)).get))


def _of_emails(connection: apsw.Connection, emails: Sequence[str]) -> Mapping[str, Sequence[Subject]]:
    folded = encode([_lower(email) for email in emails])
    rows = _HOLDERS.decode(connection.execute(_OF_EMAILS, (folded, NAMESAKES_LIMIT)).get)
    holders = [(emails[place], seq, names) for place, held in rows for seq, names in _NAMED.decode(held)]
    keys = encode([one.key for _, _, names in holders for one in names])
    named = set(_PLACES.decode(connection.execute(_OWNERS, (keys,)).get))
    people: dict[str, list[Subject]] = defaultdict(list)
    for email, seq, names in holders:
        if seq in named:
            people[email].append(names[0])
    return people


def _lower(email: str) -> str:
    """Return an address as SQLite's `lower` writes it, which knows the letters of ASCII."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in email)
