"""Deletes how people left campaigns, who was in trials, what runs did, and decisions of occasions that are no events.

The oldest go first. Decisions that an event led to go with it, in `retention`; here go those of runs, dates and
memberships, and those that came later than their event was kept. They stand in the order in which they were made.
"""

from typing import Final

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Horizon, Step

ROWS_LIMIT: Final = 200  # of each table that one step looks at

_DEPARTURES: Final = """
DELETE FROM departure WHERE seq < (SELECT min(seq) FROM departure) + ?2 AND at_ms < ?1
"""
_DECISIONS: Final = """
DELETE FROM decision WHERE rowid < min((SELECT min(rowid) FROM decision) + ?2, (SELECT max(rowid) FROM decision))
  AND unixepoch(body->>'decided_at') * 1000 < ?1
"""
_OLD_RUN: Final = """
SELECT campaign_id, run FROM campaign_run
WHERE at_ms = (SELECT min(at_ms) FROM campaign_run) AND at_ms < ? LIMIT 1
"""
_NUMBERS: Final = """
DELETE FROM run_number WHERE (campaign_id, run, phone) IN (
  SELECT campaign_id, run, phone FROM run_number WHERE campaign_id = ?1 AND run = ?2 LIMIT ?3)
"""
_TRIALS: Final = "DELETE FROM trial WHERE campaign_id = ?1 AND run = ?2"
_TRIED: Final = """
DELETE FROM tried WHERE (profile, id, step) IN (
  SELECT profile, id, step FROM tried WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)
"""
_AUDIENCE: Final = """
DELETE FROM audience WHERE (campaign_id, run, last) IN (
  SELECT campaign_id, run, last FROM audience WHERE campaign_id = ?1 AND run = ?2 LIMIT ?3)
"""
_RUN: Final = "DELETE FROM campaign_run WHERE campaign_id = ?1 AND run = ?2"


def forget_journeys(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    """Take one step for each call."""
    return [_forget(connection, to_ms(horizon.came_before)) for horizon, _ in calls]


def _forget(connection: apsw.Connection, before_ms: int) -> Step:
    rows = {
        "departure": _delete(connection, _DEPARTURES, (before_ms, ROWS_LIMIT)),
        "decision": _delete(connection, _DECISIONS, (before_ms, ROWS_LIMIT)),
        "tried": _delete(connection, _TRIED, (before_ms, ROWS_LIMIT)),
        **_forget_run(connection, before_ms),
    }
    return Step(rows=rows, resume=1 if any(rows.values()) else None)


def _forget_run(connection: apsw.Connection, before_ms: int) -> dict[str, int]:
    """Delete some of what is kept of the oldest run, if it is old, and the run itself with the last of it."""
    run = next(connection.execute(_OLD_RUN, (before_ms,)), None)
    if run is None:
        return {}
    parts = {
        "run_number": _delete(connection, _NUMBERS, (*run, ROWS_LIMIT)),
        "audience": _delete(connection, _AUDIENCE, (*run, ROWS_LIMIT)),
    }
    if ROWS_LIMIT in parts.values():
        return parts
    _delete(connection, _TRIALS, run)
    return {**parts, "campaign_run": _delete(connection, _RUN, run)}


def _delete(connection: apsw.Connection, statement: str, values: tuple[object, ...]) -> int:
    connection.execute(statement, values)
    return connection.changes()
