"""Attempts of runs: the messages that one goes by, and how it begins."""

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import audiences
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.run import RunRecord, first_of
from tellwire.platform.ports.runs import Attempt, Ordeal, Ordeals


class EmbeddedRuns:
    """See `ports.runs.Runs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def attempts(self, campaign_id: CampaignId, run: str) -> list[RunRecord]:
        """Return a run and the later attempts of it, the last first."""
        return await self._database.read(_attempts, campaign_id, run)

    async def is_under_way(self, campaign_id: CampaignId, run: str) -> bool:
        """Say whether a run, or a later attempt of it, has not come to its end."""
        return await self._database.read(_is_under_way, campaign_id, run)

    async def messages(
        self, campaign_id: CampaignId, after: str, before: str, limit: int, *, has_ended_well: bool
    ) -> Ordeals:
        """Return a campaign's messages whose ids are between these two."""
        return await self._database.read(_messages, campaign_id, after, before, limit, has_ended_well)

    async def begin(self, attempt: Attempt) -> bool:
        """Begin an attempt of a run; see the port."""
        return await self._database.write(_begin, attempt)


# An attempt's name is that of its run and `~`, which sorts behind all that a name of a run is made of.
_ATTEMPTS = """
SELECT group_concat(body, ',' ORDER BY at_ms DESC) FROM campaign_run
WHERE campaign_id = ?1 AND (run = ?2 OR (run > ?2 || '~' AND run < ?2 || '~~'))
"""
_RECORDS = decoder(list[RunRecord])


def _attempts(connection: apsw.Connection, campaign_id: CampaignId, run: str) -> list[RunRecord]:
    return _RECORDS.decode(lines_of(connection.execute(_ATTEMPTS, (campaign_id, first_of(run))).get))


_UNDER_WAY = """
SELECT EXISTS (
  SELECT 1 FROM sweep WHERE campaign_id = ?1 AND (run = ?2 OR (run > ?2 || '~' AND run < ?2 || '~~')))
"""


def _is_under_way(connection: apsw.Connection, campaign_id: CampaignId, run: str) -> bool:
    return bool(connection.execute(_UNDER_WAY, (campaign_id, first_of(run))).get)


_MESSAGES = """
SELECT max(m.id), group_concat(iif(
  m.campaign_id = ?1 AND (?5 OR s.status NOT IN ('queued', 'delivered', 'read')),
  json_array(m.id, m.body->>'event_id', m.body->>'profile_id', p.seq, s.status, s.error_code, s.description,
    json(iif(m.repeats, 'true', 'false')), json(iif(s.status IN ('queued', 'delivered', 'read'), '[]', (
      SELECT json_group_array(json_array(t.what, t.code) ORDER BY t.seq)
      FROM timeline AS t WHERE t.message = m.seq)))),
  NULL)), count(*)
FROM (SELECT * FROM message WHERE id > ?2 AND id < ?3 ORDER BY id LIMIT ?4) AS m
CROSS JOIN standing AS s ON s.message = m.seq LEFT JOIN profile AS p ON p.id = m.body->>'profile_id'
"""
_ORDEALS = decoder(list[Ordeal])


def _messages(
    connection: apsw.Connection,
    campaign_id: CampaignId,
    after: str,
    before: str,
    limit: int,
    has_ended_well: bool,  # noqa: FBT001 - as the thread takes it
) -> Ordeals:
    values = (campaign_id, after, before, limit, has_ended_well)
    last, rows, count = next(connection.execute(_MESSAGES, values))
    return Ordeals(messages=_ORDEALS.decode(lines_of(rows)), after=last if count == limit else None)


_IS_RUNNING = "SELECT EXISTS (SELECT 1 FROM campaign WHERE id = ? AND body->>'state' = 'running')"
_SWEEP = """
INSERT INTO sweep (campaign_id, run, at_ms, next_ms, after, upto, is_paused, is_chosen)
VALUES (?1, ?2, ?3, ?3, -1, ?4, 0, 1)
"""
_RUN = "INSERT OR IGNORE INTO campaign_run (campaign_id, run, at_ms, body) VALUES (?, ?, ?, ?)"


def _begin(connection: apsw.Connection, calls: list[Attempt]) -> list[bool]:
    return [_begin_one(connection, one) for one in calls]


def _begin_one(connection: apsw.Connection, attempt: Attempt) -> bool:
    sweep, record = attempt.sweep, attempt.record
    key = (sweep.campaign_id, sweep.run)
    is_running = connection.execute(_IS_RUNNING, (sweep.campaign_id,)).get
    if not is_running or _is_under_way(connection, *key) or not attempt.members:
        return False
    connection.execute(_RUN, (*key, to_ms(sweep.at), encode(record)))
    if not connection.changes():
        return False
    audiences.write(connection, sweep, attempt.members)
    connection.execute(_SWEEP, (*key, to_ms(sweep.at), attempt.members[-1]))
    return True
