"""Calls of other systems that wait."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import bulk, sums
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.backends.sums import Sums
from tellwire.platform.model.call import Call, CallAgain, CallEnded, CallSettlement, DueCall
from tellwire.platform.model.campaign import CampaignId


class EmbeddedCalls:
    """See `ports.calls.Calls`. `wake` hears of new calls."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake

    async def take(self, now: datetime, lease: timedelta, limit: int) -> list[DueCall]:
        """Take calls that are due."""
        return await self._database.write(_take, (to_ms(now), to_ms(now + lease), limit))

    async def settle(self, settlements: Sequence[CallSettlement]) -> None:
        """Say what became of calls."""
        if settlements:
            await self._database.write(_settle, settlements)

    async def wait(self, timeout_s: float) -> None:
        """Return when there may be something to take."""
        await self._wake.wait(self._wake.count, timeout_s)


_INSERT = "INSERT OR IGNORE INTO call (id, campaign_id, due_ms, tries, body)"


def write(connection: apsw.Connection, calls: Sequence[Call]) -> None:
    """Write calls that were decided."""
    rows = [(call.id, call.campaign_id, to_ms(call.created_at), 0, encode(call)) for call in calls]
    if rows:
        bulk.insert(connection, _INSERT, rows)


_TAKE = """
SELECT group_concat('[' || body || ',' || tries || ']', ',' ORDER BY due_ms) FROM (
  SELECT body, tries, due_ms FROM call WHERE due_ms <= ?1 ORDER BY due_ms LIMIT ?2)
"""
_LEASE = """
UPDATE call SET due_ms = ?3, tries = tries + 1 WHERE seq IN (
  SELECT seq FROM call WHERE due_ms <= ?1 ORDER BY due_ms LIMIT ?2)
"""
_TAKEN = decoder(list[tuple[Call, int]])


def _take(connection: apsw.Connection, calls: list[tuple[int, int, int]]) -> list[list[DueCall]]:
    return [_take_some(connection, *one) for one in calls]


def _take_some(connection: apsw.Connection, now_ms: int, until_ms: int, limit: int) -> list[DueCall]:
    rows = _TAKEN.decode(lines_of(connection.execute(_TAKE, (now_ms, limit)).get))
    if rows:
        connection.execute(_LEASE, (now_ms, limit, until_ms))
    return [DueCall(call, tries) for call, tries in rows]


_WAITING = """
SELECT count(*), ifnull(sum(tries > 0), 0) FROM (
  SELECT tries FROM call WHERE campaign_id = ? ORDER BY due_ms LIMIT ?)
"""


def waiting(connection: apsw.Connection, campaign_id: CampaignId, limit: int) -> tuple[int, int]:
    """Return how many calls of a campaign wait, and how many of these were tried in vain."""
    waits, tried = next(connection.execute(_WAITING, (campaign_id, limit)))
    return waits, tried


_AGAIN = "UPDATE call SET due_ms = ?2 WHERE id = ?1"
_ENDED = """
DELETE FROM call WHERE id IN (SELECT value FROM json_each(?)) RETURNING id, campaign_id
"""


def _settle(connection: apsw.Connection, calls: list[Sequence[CallSettlement]]) -> list[None]:
    ends: dict[str, str] = {}
    for settlement in (one for some in calls for one in some):
        match settlement:
            case CallAgain(call_id=call_id, at=at):
                connection.execute(_AGAIN, (call_id, to_ms(at)))
            case CallEnded(call_id=call_id, end=end):
                ends[call_id] = end
    if ends:
        gone = list(connection.execute(_ENDED, (encode(list(ends)),)))
        count(connection, Counter((CampaignId(campaign_id), ends[call_id]) for call_id, campaign_id in gone))
    return [None] * len(calls)


def count(connection: apsw.Connection, ended: Counter[tuple[CampaignId, str]]) -> None:
    """Count calls that are over, by campaign and how they ended."""
    if ended:
        counted = Sums()
        for (campaign_id, end), amount in ended.items():
            counted.counters[campaign_id, "call", end] += amount
        sums.write(connection, counted)
