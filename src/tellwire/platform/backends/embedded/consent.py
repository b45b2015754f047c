"""The consent ledger, and the list of suppressed addresses as people look at it.

Lines are appended by `write`, in the transaction of what they tell of, and nothing deletes them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import fact_changes, suppressions
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.address import Address, key_of
from tellwire.platform.model.consent import ConsentChange, ConsentLine
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange, SuppressionSource
from tellwire.platform.ports.consent import EXPIRED_AT_ONCE, Place, Suppression, SuppressionPage, addresses_of


class EmbeddedConsents:
    """See `ports.consent.Consents`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def change(self, changes: Sequence[SuppressionChange]) -> list[bool]:
        """Suppress and release addresses; see the port."""
        return await self._database.write(_change, changes) if changes else []

    async def suppressed(self, addresses: Sequence[Address]) -> Mapping[Address, Suppression]:
        """Return those of these addresses that are suppressed."""
        return await self._database.read(_suppressed, addresses) if addresses else {}

    async def suppressions(
        self, limit: int, before: Place | None = None, source: SuppressionSource | None = None
    ) -> SuppressionPage:
        """Return suppressed addresses, the newest first."""
        return await self._database.read(_page, limit, before, source)

    async def counts(self) -> Mapping[SuppressionSource, int]:
        """Return how many addresses are suppressed, by who asked."""
        return await self._database.read(_counts)

    async def expire(self, now: datetime) -> int:
        """Release addresses whose suppression has ended."""
        return await self._database.write(_expire, now)

    async def lines(self, after: int, limit: int) -> list[ConsentLine]:
        """Return lines of the ledger after a place."""
        return await self._database.read(_lines, after, limit)

    async def lines_of(
        self, profile_id: ProfileId, addresses: Sequence[Address], limit: int
    ) -> list[ConsentLine]:
        """Return the last lines about a person, newest first."""
        return await self._database.read(_lines_of, profile_id, addresses, limit)

    async def forget_texts(self, profile_id: ProfileId, addresses: Sequence[Address]) -> int:
        """Blank what a person wrote; see the port."""
        return await self._database.write(_forget_texts, (profile_id, addresses))


def _change(connection: apsw.Connection, calls: list[Sequence[SuppressionChange]]) -> list[list[bool]]:
    taken = iter(suppressions.write(connection, [one for changes in calls for one in changes]))
    fact_changes.following(connection)
    return [[next(taken) for _ in changes] for changes in calls]


_SUPPRESSED: Final = """
SELECT json_group_array(json_array(s.phone, s.source, s.at_ms, s.until_ms, s.reason, s.author, json(s.address)))
FROM json_each(?) AS given CROSS JOIN suppression AS s ON s.phone = given.value WHERE s.is_suppressed
"""
_Row = tuple[int, SuppressionSource, int, int | None, str, str, Address | None]
_ROWS = decoder(list[_Row])


def _suppressed(connection: apsw.Connection, addresses: Sequence[Address]) -> dict[Address, Suppression]:
    by_key = {key_of(address): address for address in addresses}
    rows = _ROWS.decode(connection.execute(_SUPPRESSED, (encode(list(by_key)),)).get)
    return {by_key[row[0]]: _suppression(row) for row in rows}


def _suppression(row: _Row) -> Suppression:
    key, source, at_ms, until_ms, reason, by, address = row
    return Suppression(
        address=suppressions.address_of(key, address),
        source=source,
        at=from_ms(at_ms),
        until=None if until_ms is None else from_ms(until_ms),
        reason=reason,
        by=by,
    )


# By the index alone, from the newest on; a source that few have is looked for along the list.
_PAGE: Final = """
SELECT json_group_array(json_array(phone, source, at_ms, until_ms, reason, author, json(address))
  ORDER BY at_ms DESC, phone DESC)
FROM (SELECT * FROM suppression WHERE is_suppressed AND (at_ms, phone) < (?1, ?2) AND (?3 IS NULL OR source = ?3)
  ORDER BY at_ms DESC, phone DESC LIMIT ?4)
"""
_NEWEST: Final[Place] = (2**62, 2**62)


def _page(
    connection: apsw.Connection, limit: int, before: Place | None, source: SuppressionSource | None
) -> SuppressionPage:
    rows = _ROWS.decode(connection.execute(_PAGE, (*(before or _NEWEST), source, limit)).get)
    return SuppressionPage(
        suppressions=list(map(_suppression, rows)),
        following=(rows[-1][2], rows[-1][0]) if len(rows) == limit else None,
    )


_COUNTS: Final = """
SELECT json_group_object(source, number) FROM (
  SELECT source, count(*) AS number FROM suppression WHERE is_suppressed GROUP BY source)
"""
_BY_SOURCE = decoder(dict[SuppressionSource, int])


def _counts(connection: apsw.Connection) -> Mapping[SuppressionSource, int]:
    return _BY_SOURCE.decode(connection.execute(_COUNTS).get)


_ENDED: Final = """
SELECT json_group_array(json_array(phone, source, at_ms, until_ms, reason, author, json(address)))
FROM (SELECT * FROM suppression WHERE until_ms <= ?1 AND is_suppressed ORDER BY until_ms LIMIT ?2)
"""


def _expire(connection: apsw.Connection, calls: list[datetime]) -> list[int]:
    return [_expire_some(connection, now) for now in calls]


def _expire_some(connection: apsw.Connection, now: datetime) -> int:
    rows = _ROWS.decode(connection.execute(_ENDED, (to_ms(now), EXPIRED_AT_ONCE)).get)
    if rows:
        suppressions.write(
            connection,
            [
                SuppressionChange(address=one.address, is_suppressed=False, source="expiry", at=now)
                for one in map(_suppression, rows)
            ],
        )
        fact_changes.following(connection)
    return len(rows)


_LINES: Final = """
SELECT group_concat('[' || seq || ',' || body || ']', ',' ORDER BY seq) FROM (
  SELECT seq, body FROM consent WHERE seq > ? ORDER BY seq LIMIT ?)
"""
_LINES_OF: Final = """
SELECT group_concat('[' || seq || ',' || body || ']', ',' ORDER BY seq DESC) FROM (
  SELECT seq, body FROM consent WHERE seq IN (
    SELECT seq FROM consent WHERE profile = ?1
    UNION SELECT seq FROM consent WHERE address IN (SELECT value FROM json_each(?2)))
  ORDER BY seq DESC LIMIT ?3)
"""
_LINE_ROWS = decoder(list[tuple[int, ConsentChange]])


def _lines(connection: apsw.Connection, after: int, limit: int) -> list[ConsentLine]:
    return _read(connection.execute(_LINES, (after, limit)).get)


def _lines_of(
    connection: apsw.Connection, profile_id: ProfileId, addresses: Sequence[Address], limit: int
) -> list[ConsentLine]:
    keys = encode([key_of(address) for address in addresses])
    return _read(connection.execute(_LINES_OF, (profile_id, keys, limit)).get)


def _read(lines: str | None) -> list[ConsentLine]:
    return [ConsentLine(seq, change) for seq, change in _LINE_ROWS.decode(lines_of(lines))]


_BLANK: Final = """
UPDATE consent SET body = json_remove(body, '$.request.text') WHERE body->>'$.request.text' IS NOT NULL AND seq IN (
  SELECT seq FROM consent WHERE profile = ?1
  UNION SELECT seq FROM consent WHERE address IN (SELECT value FROM json_each(?2)))
"""


def _forget_texts(connection: apsw.Connection, calls: list[tuple[ProfileId, Sequence[Address]]]) -> list[int]:
    return [_blank(connection, *call) for call in calls]


def blank(connection: apsw.Connection, profile: Profile) -> int:
    """Blank what a person wrote in the lines about them; return how many lines had it."""
    return _blank(connection, profile.id, addresses_of(profile))


def _blank(connection: apsw.Connection, profile_id: ProfileId, addresses: Sequence[Address]) -> int:
    connection.execute(_BLANK, (profile_id, encode([key_of(address) for address in addresses])))
    return connection.changes()
