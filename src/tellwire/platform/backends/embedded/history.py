"""Versions and log of campaigns: what saving adds to them, and the statements that read them.

A line of the log travels as one JSON array, its moment in milliseconds, and so does what stands beside a version's
body: the body is joined in as it is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import apsw
import msgspec

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends import campaign_turns
from tellwire.platform.backends.campaign_turns import Addition, addition
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.stored_campaign import read_campaign
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.campaign_version import Around, LogEntry, Moment, PublishedVersion, Turn

Line: TypeAlias = tuple[CampaignId, Turn, int, str, int, int]
VersionLine: TypeAlias = tuple[CampaignId, int, int, str, msgspec.Raw]
VersionId: TypeAlias = tuple[CampaignId, int]

_LINES = decoder(list[Line])
_VERSIONS = decoder(list[VersionLine])
_END = 2**62  # above every number of a version, and of the catalog


class EmbeddedHistory:
    """See `ports.history.History`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def versions(self, named: Sequence[VersionId]) -> Mapping[VersionId, PublishedVersion]:
        """Return those of these versions that are kept, by campaign and number."""
        return await self._database.read(_versions, named) if named else {}

    async def versions_of(
        self, campaign_id: CampaignId, limit: int, before: int | None = None
    ) -> list[PublishedVersion]:
        """Return a campaign's versions, newest first."""
        return await self._database.read(_versions_of, campaign_id, limit, _END if before is None else before)

    async def log_of(self, campaign_id: CampaignId, limit: int, before: int | None = None) -> list[LogEntry]:
        """Return a campaign's log, newest first."""
        return await self._database.read(_log_of, campaign_id, limit, _END if before is None else before)

    async def newest(self, campaign_ids: Sequence[CampaignId]) -> Mapping[CampaignId, int]:
        """Return the number of each campaign's newest version."""
        return await self._database.read(_newest, campaign_ids)

    async def around(self, moments: Sequence[Moment]) -> list[Around]:
        """Return what each campaign's log says around the moment."""
        return await self._database.read(_around, moments) if moments else []

    async def changed_since(self, at: datetime) -> list[CampaignId]:
        """Return the campaigns whose log has a line after this moment."""
        return await self._database.read(_changed_since, to_ms(at))


def add(
    connection: apsw.Connection, campaigns: Iterable[Campaign], by: str, catalog_version: int
) -> Mapping[CampaignId, int]:
    """Write what saving these campaigns adds to their histories; part of the transaction that saves them.

    Return the number of each one's newest version, 0 if it has none.
    """
    saved = {campaign.id: campaign for campaign in campaigns}
    if not saved:
        return {}
    histories = _histories(connection, list(saved))
    additions = [
        one
        for campaign in saved.values()
        if (one := addition(histories[campaign.id], campaign, by, catalog_version)) is not None
    ]
    if additions:
        _write(connection, additions)
    numbers = {key: one.newest.number if one.newest else 0 for key, one in histories.items()}
    return numbers | {one.entry.campaign_id: one.entry.number for one in additions}


_LINE = "json_array(l.campaign_id, l.what, l.at_ms, l.author, l.number, l.catalog_version)"
_VERSION = """
'[' || v.campaign_id || ',' || v.number || ',' || v.published_ms || ',' || json_quote(v.author) || ',' || v.body || ']'
"""
_LAST_LINES = f"""
SELECT json_group_array(json({_LINE})) FROM json_each(?) AS given CROSS JOIN campaign_log AS l
ON l.campaign_id = given.value AND l.catalog_version =
  (SELECT max(catalog_version) FROM campaign_log WHERE campaign_id = given.value)
"""  # noqa: S608 - of constants
_NEWEST_VERSIONS = f"""
SELECT group_concat({_VERSION}, ',') FROM json_each(?) AS given CROSS JOIN campaign_version AS v
ON v.campaign_id = given.value AND v.number =
  (SELECT max(number) FROM campaign_version WHERE campaign_id = given.value)
"""  # noqa: S608 - of constants


def _histories(
    connection: apsw.Connection, campaign_ids: list[CampaignId]
) -> dict[CampaignId, campaign_turns.History]:
    ids = encode(campaign_ids)
    lines = _LINES.decode(connection.execute(_LAST_LINES, (ids,)).get)
    last = {line[0]: _entry(line) for line in lines}
    bodies = _VERSIONS.decode(lines_of(connection.execute(_NEWEST_VERSIONS, (ids,)).get))
    newest = {body[0]: _version(body) for body in bodies}
    return {i: campaign_turns.History(last=last.get(i), newest=newest.get(i)) for i in campaign_ids}


_ADD_VERSIONS = """
INSERT INTO campaign_version (campaign_id, number, published_ms, author, body)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(?)
"""
_ADD_LINES = """
INSERT INTO campaign_log (campaign_id, what, at_ms, author, number, catalog_version)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?)
"""


def _write(connection: apsw.Connection, additions: Sequence[Addition]) -> None:
    versions = [
        (v.campaign.id, v.number, to_ms(v.published_at), v.published_by, encode(v.campaign))
        for one in additions
        if (v := one.version) is not None
    ]
    lines = [
        (e.campaign_id, e.what, to_ms(e.at), e.by, e.number, e.catalog_version)
        for e in (one.entry for one in additions)
    ]
    connection.execute(_ADD_VERSIONS, (encode(versions),))
    connection.execute(_ADD_LINES, (encode(lines),))


_NAMED = f"""
SELECT group_concat({_VERSION}, ',') FROM json_each(?) AS given CROSS JOIN campaign_version AS v
ON v.campaign_id = given.value->>0 AND v.number = given.value->>1
"""  # noqa: S608 - of constants


def _versions(connection: apsw.Connection, named: Sequence[VersionId]) -> dict[VersionId, PublishedVersion]:
    bodies = _VERSIONS.decode(lines_of(connection.execute(_NAMED, (encode(named),)).get))
    return {body[:2]: _version(body) for body in bodies}


_VERSIONS_OF = f"""
SELECT group_concat(line, ',' ORDER BY number DESC) FROM (
  SELECT {_VERSION} AS line, v.number FROM campaign_version AS v
  WHERE v.campaign_id = ? AND v.number < ? ORDER BY v.number DESC LIMIT ?)
"""  # noqa: S608 - of constants


def _versions_of(
    connection: apsw.Connection, campaign_id: CampaignId, limit: int, before: int
) -> list[PublishedVersion]:
    bodies = connection.execute(_VERSIONS_OF, (campaign_id, before, limit)).get
    return [_version(body) for body in _VERSIONS.decode(lines_of(bodies))]


_LOG_OF = f"""
SELECT group_concat(line, ',' ORDER BY catalog_version DESC) FROM (
  SELECT {_LINE} AS line, l.catalog_version FROM campaign_log AS l
  WHERE l.campaign_id = ? AND l.catalog_version < ? ORDER BY l.catalog_version DESC LIMIT ?)
"""  # noqa: S608 - of constants


def _log_of(connection: apsw.Connection, campaign_id: CampaignId, limit: int, before: int) -> list[LogEntry]:
    lines = connection.execute(_LOG_OF, (campaign_id, before, limit)).get
    return [_entry(line) for line in _LINES.decode(lines_of(lines))]


_NEWEST = """
SELECT json_group_array(json_array(given.value, newest)) FROM (
  SELECT value, (SELECT max(number) FROM campaign_version WHERE campaign_id = value) AS newest FROM json_each(?))
  AS given WHERE newest IS NOT NULL
"""
_NUMBERS = decoder(list[tuple[CampaignId, int]])


def _newest(connection: apsw.Connection, campaign_ids: Sequence[CampaignId]) -> dict[CampaignId, int]:
    return dict(_NUMBERS.decode(connection.execute(_NEWEST, (encode(campaign_ids),)).get))


# A line of before the log was kept has the catalog's number 0: its moment tells whether a decision came after it.
_AROUND = f"""
SELECT json_group_array(json_array(
  json((SELECT {_LINE} FROM campaign_log AS l WHERE l.campaign_id = m.id AND l.catalog_version = m.before)),
  json((SELECT {_LINE} FROM campaign_log AS l WHERE l.campaign_id = m.id
    AND l.catalog_version > ifnull(m.before, -1) ORDER BY l.catalog_version LIMIT 1))) ORDER BY m.place)
FROM (
  SELECT given.key AS place, given.value->>0 AS id, (
    SELECT catalog_version FROM campaign_log
    WHERE campaign_id = given.value->>0 AND iif(given.value->>2 IS NULL, at_ms <= given.value->>1,
      catalog_version <= given.value->>2 AND (catalog_version > 0 OR at_ms <= given.value->>1))
    ORDER BY catalog_version DESC LIMIT 1) AS before
  FROM json_each(?) AS given) AS m
"""  # noqa: S608 - of constants
_PAIRS = decoder(list[tuple[Line | None, Line | None]])


def _around(connection: apsw.Connection, moments: Sequence[Moment]) -> list[Around]:
    rows = encode([(one.campaign_id, to_ms(one.at), one.catalog_version) for one in moments])
    return [
        Around(before=before and _entry(before), after=after and _entry(after))
        for before, after in _PAIRS.decode(connection.execute(_AROUND, (rows,)).get)
    ]


_CHANGED = (
    "SELECT json_group_array(DISTINCT campaign_id ORDER BY campaign_id) FROM campaign_log WHERE at_ms > ?"
)
_IDS = decoder(list[CampaignId])


def _changed_since(connection: apsw.Connection, at_ms: int) -> list[CampaignId]:
    return _IDS.decode(connection.execute(_CHANGED, (at_ms,)).get)


def _entry(line: Line) -> LogEntry:
    campaign_id, what, at_ms, by, number, catalog_version = line
    return LogEntry(
        campaign_id=campaign_id,
        what=what,
        at=from_ms(at_ms),
        by=by,
        number=number,
        catalog_version=catalog_version,
    )


def _version(line: VersionLine) -> PublishedVersion:
    _, number, published_ms, by, body = line
    return PublishedVersion(
        number=number,
        campaign=read_campaign(body),
        published_at=from_ms(published_ms),
        published_by=by,
    )
