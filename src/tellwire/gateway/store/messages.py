"""Messages between their acceptance and their hand-over to carriers: the queue's side of the store.

Every handler takes all the calls that wait, in one transaction (see `kernel.sqlite`); nothing here decides.
"""

from datetime import datetime
from typing import Final

import apsw
import msgspec

from tellwire.gateway.model.message import Claimed, LaneSettlement, NewBatch, Overdue, Progress, Taken, Woken
from tellwire.gateway.store.acceptance import accept
from tellwire.gateway.store.once import forget_taken
from tellwire.gateway.store.progress import Move, progress
from tellwire.gateway.store.receipts import match_early
from tellwire.gateway.store.rows import as_json, read_rows, reserve
from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import Database

WAKE_LIMIT: Final = 5_000  # due messages moved in one transaction: some 30 ms

LOOK_LIMIT: Final = 5_000  # messages that one look for expired ones reads: 1 to 4 ms


class Messages:
    """The messages of the gateway, from acceptance to their hand-over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, batch: NewBatch) -> Taken:
        """Store a request's messages, all or none; returns once they are on the disk.

        When the prepaid balance does not cover them, nothing was stored and nothing charged. Of messages
        that repeat an earlier one nothing is stored, and what they would cost is not charged.
        Raises `kernel.sqlite.Full` when there is no room.
        """
        return await self._database.write(accept, batch)

    async def forget_taken(self, before: datetime) -> Step:
        """Forget some of the client ids that were taken before a moment."""
        return await self._database.write(forget_taken, to_ms(before))

    async def claim(self, lane: str, after: int, limit: int) -> list[Claimed]:
        """Return the first `limit` messages of a lane beyond place `after`, in order.

        Nothing is written: the lane's one reader remembers how far it came, and a row stays until it is settled.
        """
        return await self._database.read(_claim, lane, after, limit)

    async def overdue(self, lane: str, after: int, now: datetime) -> Overdue:
        """Return what is expired among the next `LOOK_LIMIT` messages of a lane beyond place `after`."""
        return await self._database.read(_overdue, lane, after, to_ms(now))

    async def settle(self, settlement: LaneSettlement) -> Progress:
        """Close what was claimed: delivered onwards, failed, or to be tried again."""
        return await self._database.write(_settle, settlement)

    async def wake(self, now: datetime) -> Woken:
        """Put at most `WAKE_LIMIT` messages whose time has come at the end of their lanes."""
        return await self._database.write(_wake, to_ms(now))

    async def hurry_retries(self, now: datetime, beyond: datetime) -> None:
        """Make retries due that are due `beyond` a moment; what is scheduled stays. Reads all that waits there."""
        await self._database.write(_hurry_retries, (to_ms(now), to_ms(beyond)))

    async def move(self, from_lane: str, moves: list[tuple[int, int, str]]) -> None:
        """Put messages, each as place, seq and new lane, at the end of other lanes."""
        await self._database.write(_move, (from_lane, moves))

    async def waiting(self) -> dict[str, int]:
        """Return how many messages wait in each lane."""
        return await self._database.read(_waiting)

    async def oldest_ms(self) -> dict[str, int]:
        """Return since when the first message of each lane could have been sent."""
        return await self._database.read(_oldest)

    async def standings(self) -> dict[str, int]:
        """Return how many messages have each status; reads all of them."""
        return await self._database.read(_standings)


_CLAIM: Final = """
SELECT json_group_array(json_array(
  r.place, m.seq, m.umid, m.source, m.destination, m.body, m.encoding, m.expiry_ms, m.attempts,
  CASE WHEN m.attempts > 0 THEN json(
    (SELECT json_group_array(p.number) FROM part p WHERE p.seq = m.seq AND p.carrier = ?1)) END,
  m.account
) ORDER BY r.place)
FROM (SELECT place, seq FROM ready WHERE lane = ?1 AND place > ?2 ORDER BY place LIMIT ?3) r
JOIN message m ON m.seq = r.seq
"""


def _claim(connection: apsw.Connection, lane: str, after: int, limit: int) -> list[Claimed]:
    return read_rows(connection, _CLAIM, (lane, after, limit), Claimed)


_OVERDUE: Final = """
SELECT json_array(
  json_group_array(json_array(r.place, r.seq) ORDER BY r.place) FILTER (WHERE m.expiry_ms <= ?4), max(r.place))
FROM (SELECT place, seq FROM ready WHERE lane = ?1 AND place > ?2 ORDER BY place LIMIT ?3) r
CROSS JOIN message m ON m.seq = r.seq
"""


def _overdue(connection: apsw.Connection, lane: str, after: int, now_ms: int) -> Overdue:
    page = connection.execute(_OVERDUE, (lane, after, LOOK_LIMIT, now_ms)).get
    expired, looked_to = msgspec.json.decode(page, type=tuple[list[tuple[int, int]], int | None])
    return Overdue(expired=expired, looked_to=looked_to)


_SETTLE_READY: Final = """
DELETE FROM ready WHERE lane = ?1 AND place IN (SELECT value FROM json_each(?2))
"""
_SETTLE_PARTS: Final = """
INSERT OR REPLACE INTO part (carrier, reference, seq, number, status)
SELECT ?1, value->>0, value->>1, value->>2, 'sent' FROM json_each(?2)
"""
_RETRY_LATER: Final = """
INSERT OR REPLACE INTO later (due_ms, seq, lane)
SELECT value->>0, value->>1, ?1 FROM json_each(?2)
"""
_RETRY_COUNT: Final = """
UPDATE message SET attempts = attempts + 1 WHERE seq IN (SELECT value->>1 FROM json_each(?))
"""


def _settle(connection: apsw.Connection, settlements: list[LaneSettlement]) -> list[Progress]:
    return [_settle_lane(connection, settlement) for settlement in settlements]


def _settle_lane(connection: apsw.Connection, settlement: LaneSettlement) -> Progress:
    lane, settled = settlement.lane, settlement.settled
    connection.execute(_SETTLE_READY, (lane, as_json([one.place for one in settled])))
    references = [(reference, one.seq, number) for one in settled for number, reference in one.references]
    if references:
        connection.execute(_SETTLE_PARTS, (lane, as_json(references)))
    retries = [(to_ms(one.retry_at), one.seq) for one in settled if one.retry_at is not None]
    if retries:
        connection.execute(_RETRY_LATER, (lane, as_json(retries)))
        connection.execute(_RETRY_COUNT, (as_json(retries),))
    moves = [
        Move(seq=one.seq, standing=one.standing, error_code=one.error_code, at_ms=to_ms(one.at))
        for one in settled
        if one.standing is not None
    ]
    lanes = progress(connection, moves)
    lanes |= match_early(connection, lane, [reference for reference, _, _ in references])
    return Progress(lanes)


_WAKE_NEXT: Final = "SELECT min(due_ms) FROM later"
_WAKE_FOUND: Final = """
SELECT json_group_array(json_array(due_ms, seq, lane) ORDER BY due_ms, seq)
FROM (SELECT due_ms, seq, lane FROM later WHERE due_ms <= ? ORDER BY due_ms, seq LIMIT ?)
"""
_WAKE_DELETE: Final = "DELETE FROM later WHERE (due_ms, seq) <= (?, ?)"
_WAKE_READY: Final = """
INSERT INTO ready (lane, place, seq)
SELECT value->>2, ?1 + key, value->>1 FROM json_each(?2)
"""


def _wake(connection: apsw.Connection, moments_ms: list[int]) -> list[Woken]:
    due: list[tuple[int, int, str]] = read_rows(
        connection, _WAKE_FOUND, (max(moments_ms), WAKE_LIMIT), tuple[int, int, str]
    )
    if due:
        connection.execute(_WAKE_DELETE, due[-1][:2])
        connection.execute(_WAKE_READY, (reserve(connection, len(due)), as_json(due)))
    next_due_ms = connection.execute(_WAKE_NEXT).get
    return [Woken(frozenset(lane for _, _, lane in due), next_due_ms)] * len(moments_ms)


_HURRY_RETRIES: Final = """
UPDATE later SET due_ms = ?1
WHERE due_ms > ?2 AND (SELECT attempts FROM message WHERE message.seq = later.seq) > 0
"""


def _hurry_retries(connection: apsw.Connection, calls: list[tuple[int, int]]) -> list[None]:
    for moments in calls:
        connection.execute(_HURRY_RETRIES, moments)
    return [None] * len(calls)


_MOVE_READY: Final = """
INSERT INTO ready (lane, place, seq)
SELECT value->>2, ?1 + key, value->>1 FROM json_each(?2)
"""
_MOVE_MESSAGE: Final = """
UPDATE message SET lane = moved.lane
FROM (SELECT value->>1 AS seq, value->>2 AS lane FROM json_each(?)) AS moved WHERE message.seq = moved.seq
"""


def _move(connection: apsw.Connection, calls: list[tuple[str, list[tuple[int, int, str]]]]) -> list[None]:
    for from_lane, moves in calls:
        connection.execute(_SETTLE_READY, (from_lane, as_json([place for place, _, _ in moves])))
        connection.execute(_MOVE_READY, (reserve(connection, len(moves)), as_json(moves)))
        connection.execute(_MOVE_MESSAGE, (as_json(moves),))
    return [None] * len(calls)


_WAITING: Final = """
SELECT json_group_array(json_array(lane, n)) FROM (SELECT lane, count(*) AS n FROM ready GROUP BY lane)
"""


def _waiting(connection: apsw.Connection) -> dict[str, int]:
    return dict(read_rows(connection, _WAITING, (), tuple[str, int]))


_OLDEST: Final = """
SELECT json_group_array(json_array(r.lane, coalesce(m.due_ms, m.created_ms)))
FROM (SELECT lane, min(place), seq FROM ready GROUP BY lane) r JOIN message m ON m.seq = r.seq
"""


def _oldest(connection: apsw.Connection) -> dict[str, int]:
    return dict(read_rows(connection, _OLDEST, (), tuple[str, int]))


_STANDINGS: Final = """
SELECT json_group_array(json_array(status, n)) FROM (SELECT status, count(*) AS n FROM message GROUP BY status)
"""


def _standings(connection: apsw.Connection) -> dict[str, int]:
    return dict(read_rows(connection, _STANDINGS, (), tuple[str, int]))
