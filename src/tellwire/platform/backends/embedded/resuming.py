"""Lets those go on who became due while their campaign was paused: some at a time, in the order in which they were due.

How far that has come is a row of its own, so that a crash repeats no page and leaves nobody behind.
"""

from collections.abc import Sequence
from typing import Final

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.backends.embedded import bulk
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.resuming import resumed
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Enrollment, EnrollmentId
from tellwire.platform.model.resumption import Resumption
from tellwire.platform.ports.inside_reports import OverdueAt

PAGE: Final = 300  # people that one transaction lets go on: some 6 ms

_BEGIN = "INSERT OR REPLACE INTO resumption (campaign_id, done, body) VALUES (?, 0, ?)"
_END = "DELETE FROM resumption WHERE campaign_id = ?"
_FIRST_ID = "SELECT min(campaign_id) FROM resumption"
_FIRST = "SELECT campaign_id, done, body FROM resumption ORDER BY campaign_id LIMIT 1"
_RESUMPTION = decoder(Resumption)


def begin(connection: apsw.Connection, campaign_id: CampaignId, resumption: Resumption) -> None:
    """Let whoever is overdue in this campaign go on."""
    connection.execute(_BEGIN, (campaign_id, encode(resumption)))


def end(connection: apsw.Connection, campaign_id: CampaignId) -> None:
    """Leave those where they are who have not gone on yet: the campaign does not run any more."""
    connection.execute(_END, (campaign_id,))


def is_under_way(connection: apsw.Connection) -> bool:
    """Say whether there are people who are to go on."""
    return connection.execute(_FIRST_ID).get is not None


_NEXT = """
SELECT group_concat(line) FROM (
  SELECT '[' || json_array(profile, id) || ',' || body || ']' AS line
  FROM enrollment INDEXED BY enrollment_by_parking WHERE campaign_id = ? AND wake_ms IS NULL
  ORDER BY parked_ms, profile, id LIMIT ?)
"""
_GO_ON = """
WITH given (profile, id, wake_ms, body) AS (VALUES {rows})
UPDATE enrollment SET wake_ms = given.wake_ms, body = given.body FROM given
WHERE enrollment.profile = given.profile AND enrollment.id = given.id
"""
_DONE = "UPDATE resumption SET done = done + ?2 WHERE campaign_id = ?1"
_ROWS = decoder(list[tuple[tuple[int, str], Enrollment]])


def step(connection: apsw.Connection) -> None:
    """Let the next of them be looked at when it is their turn."""
    campaign_id, done, body = next(connection.execute(_FIRST))
    resumption = _RESUMPTION.decode(body)
    rows = _ROWS.decode(lines_of(connection.execute(_NEXT, (campaign_id, PAGE)).get))
    if rows:
        bulk.write(
            connection,
            _GO_ON,
            (
                (*key, to_ms(after.due_at), encode(after))
                for rank, (key, before) in enumerate(rows, start=done)
                for after in [resumed(before, resumption, rank)]
            ),
        )
    if len(rows) < PAGE:
        end(connection, campaign_id)
    else:
        connection.execute(_DONE, (campaign_id, len(rows)))


_ALL = "SELECT group_concat('[' || campaign_id || ',' || body || ']') FROM resumption"
_PARKED = """
SELECT json_group_array(id) FROM enrollment
WHERE profile IN (SELECT value FROM json_each(?1)) AND wake_ms IS NULL
  AND campaign_id IN (SELECT campaign_id FROM resumption)
"""
_RESUMPTIONS = decoder(list[tuple[CampaignId, Resumption]])
_IDS = decoder(list[EnrollmentId])


def as_chosen(
    connection: apsw.Connection, enrollments: Sequence[Enrollment], seqs: Sequence[int]
) -> Sequence[Enrollment]:
    """Return where these people stand, those whose turn to go on has not come yet as it was chosen for them.

    Whoever something happens to before is looked at out of turn: who is spread is taken for the last meanwhile.
    """
    if not is_under_way(connection):
        return enrollments
    resumptions = dict(_RESUMPTIONS.decode(lines_of(connection.execute(_ALL).get)))
    parked = set(_IDS.decode(connection.execute(_PARKED, (encode(seqs),)).get))
    return [
        resumed(one, resumption, resumption.people)
        if one.id in parked and (resumption := resumptions.get(one.campaign_id)) is not None
        else one
        for one in enrollments
    ]


_COUNT = """
SELECT count(*) FROM (
  SELECT 1 FROM enrollment INDEXED BY enrollment_by_parking WHERE campaign_id = ? AND wake_ms IS NULL LIMIT ?)
"""
_BY_STEP = """
SELECT json_group_array(json_array(version, step, people, since_ms)) FROM (
  SELECT version, step, count(*) AS people, min(parked_ms) AS since_ms FROM (
    SELECT version, step, parked_ms FROM enrollment INDEXED BY enrollment_by_parking
    WHERE campaign_id = ? AND wake_ms IS NULL ORDER BY parked_ms LIMIT ?)
  GROUP BY version, step ORDER BY version DESC, since_ms)
"""
_STEP_ROWS = decoder(list[tuple[int, str, int, int | None]])


def overdue(connection: apsw.Connection, campaign_id: CampaignId, limit: int) -> int:
    """Return how many people of a paused campaign have become due."""
    count: int = connection.execute(_COUNT, (campaign_id, limit)).get
    return count


def overdue_by_step(connection: apsw.Connection, campaign_id: CampaignId, limit: int) -> list[OverdueAt]:
    """Return at which steps they stand, and since when the first of each is due."""
    rows = _STEP_ROWS.decode(connection.execute(_BY_STEP, (campaign_id, limit)).get)
    return [
        OverdueAt(version=version, step=step_id, people=people, since=None if ms is None else from_ms(ms))
        for version, step_id, people, ms in rows
    ]
