"""Deletes lines of campaigns' logs that no event and no decision asks for any more, and versions that nobody needs.

A version goes when no line names it and nobody is inside by it.
A line goes when a later one of its campaign was true for every event and every decision that is kept: the last line
of a campaign stays, and so does its newest version, however old.
"""

import apsw
import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Horizon, Step
from tellwire.platform.backends.embedded.codec import decoder
from tellwire.platform.model.event import Event

CAMPAIGNS_LIMIT = (
    200  # that one step looks at: if each has a version to forget, it holds the writer for some 4 ms
)


class _Bounds(msgspec.Struct, frozen=True):
    """Campaigns beyond `after` up to `last`. What is kept came at `at_ms` or later, or names `number` or a higher."""

    after: int
    last: int
    at_ms: int
    number: int


def forget_history(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    """Take one step for each call."""
    return [_forget(connection, horizon, after) for horizon, after in calls]


_LAST = "SELECT max(id) FROM (SELECT id FROM campaign WHERE id > ? ORDER BY id LIMIT ?)"
_DELETE_LINES = """
WITH needed AS (
  SELECT campaign_id AS id, max(catalog_version) AS first FROM campaign_log
  WHERE campaign_id > ? AND campaign_id <= ? AND at_ms <= ? AND catalog_version <= ? GROUP BY campaign_id)
DELETE FROM campaign_log WHERE (campaign_id, catalog_version) IN (
  SELECT l.campaign_id, l.catalog_version
  FROM needed CROSS JOIN campaign_log AS l ON l.campaign_id = needed.id AND l.catalog_version < needed.first)
"""
_DELETE_VERSIONS = """
WITH named AS (
  SELECT campaign_id AS id, min(number) AS first FROM campaign_log
  WHERE campaign_id > ? AND campaign_id <= ? GROUP BY campaign_id)
DELETE FROM campaign_version WHERE (campaign_id, number) IN (
  SELECT v.campaign_id, v.number
  FROM named CROSS JOIN campaign_version AS v ON v.campaign_id = named.id AND v.number < named.first
  WHERE NOT EXISTS (SELECT 1 FROM enrollment AS e WHERE e.campaign_id = v.campaign_id AND e.version = v.number))
"""
# A trial stays as long as the version that it is of; those of runs go with the run.
_DELETE_TRIALS = """
DELETE FROM trial WHERE campaign_id > ? AND campaign_id <= ? AND run = '' AND NOT EXISTS (
  SELECT 1 FROM campaign_version AS v WHERE v.campaign_id = trial.campaign_id AND v.number = trial.version)
"""


def _forget(connection: apsw.Connection, horizon: Horizon, after: int) -> Step:
    last = connection.execute(_LAST, (after, CAMPAIGNS_LIMIT)).get
    if last is None:
        return Step(rows={}, resume=None)
    bounds = _bounds(connection, horizon, after, last)
    connection.execute(_DELETE_LINES, (bounds.after, bounds.last, bounds.at_ms, bounds.number))
    lines = connection.changes()
    versions = 0
    if lines:
        connection.execute(_DELETE_VERSIONS, (bounds.after, bounds.last))
        versions = connection.changes()
    if versions:
        connection.execute(_DELETE_TRIALS, (bounds.after, bounds.last))
    return Step(rows={"campaign_log": lines, "campaign_version": versions}, resume=last)


# The oldest decision that is kept names the lowest number: they are written in the order in which they were made.
_OLDEST_EVENT = "SELECT body FROM activity WHERE seq = (SELECT min(seq) FROM activity)"
_OLDEST_DECISION = """
SELECT body->>'campaign_version' FROM decision WHERE rowid = (SELECT min(rowid) FROM decision)
"""
_NO_DECISION = 2**62  # above every number
_EVENT = decoder(Event)


def _bounds(connection: apsw.Connection, horizon: Horizon, after: int, last: int) -> _Bounds:
    oldest = connection.execute(_OLDEST_EVENT).get
    came = (
        horizon.came_before if oldest is None else min(horizon.came_before, _EVENT.decode(oldest).received_at)
    )
    number = connection.execute(_OLDEST_DECISION).get
    return _Bounds(after, last, to_ms(came), _NO_DECISION if number is None else number)
