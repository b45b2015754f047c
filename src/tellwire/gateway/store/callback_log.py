"""The log of posted callbacks: every try with its answer, and the means to post one again by hand."""

from datetime import datetime, timedelta
from typing import Final

import apsw
import msgspec

from tellwire.gateway.contract.drafts import CallbackStyle
from tellwire.gateway.model.callback import LoggedTry
from tellwire.gateway.store.rows import as_json, read_rows, reserve
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import Database

KEPT: Final = timedelta(days=7)
# At 6,000 callbacks a second a week would be too much: the newest are kept, some 20 MB of them.
KEPT_ROWS: Final = 200_000
FORGET_LIMIT: Final = 2_000  # in one transaction: some 3 ms
PAGE_LIMIT: Final = 500


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One try. `status` is the answer's, None when there was none, and then `reason` says why.

    `is_over`: no further try follows by itself. `umid` is the message's or the inbound text's.
    """

    id: int
    at: datetime
    subaccount: str
    url: str
    style: CallbackStyle
    umid: str
    event: str
    attempt: int
    status: int | None
    reason: str
    is_over: bool


class LogQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which tries: newest first below `before_id`; None is everything."""

    subaccount: str | None = None
    umid: str | None = None
    only_failed: bool = False
    before_id: int | None = None
    limit: int = 100


class _Row(msgspec.Struct, frozen=True, array_like=True):
    id: int
    at_ms: int
    subaccount: str
    url: str
    style: CallbackStyle
    umid: str
    event: str
    attempt: int
    status: int | None
    reason: str
    is_over: int


class CallbackLog:
    """The log of posts and of their answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, query: LogQuery) -> list[LogEntry]:
        """Return at most `query.limit` tries, newest first."""
        rows = await self._database.read(_page, query)
        return [
            LogEntry(
                id=row.id,
                at=from_ms(row.at_ms),
                subaccount=row.subaccount,
                url=row.url,
                style=row.style,
                umid=row.umid,
                event=row.event,
                attempt=row.attempt,
                status=row.status,
                reason=row.reason,
                is_over=bool(row.is_over),
            )
            for row in rows
        ]

    async def redeliver(self, log_id: int) -> str | None:
        """Queue the callback of a logged try once more; return its lane, None when the try or its content is gone."""
        return await self._database.write(_redeliver, log_id)

    async def forget(self, now: datetime, _after: int) -> Step:
        """Drop some of what is older than `KEPT` or beyond `KEPT_ROWS`."""
        return await self._database.write(_forget, to_ms(now - KEPT))


_LOG: Final = """
INSERT INTO callback_log (
  at_ms, lane, url, style, webhook, seq, number, inbound, happening, attempt, status, reason, is_over)
SELECT j.value->>1, c.lane, c.url, c.style, c.webhook, c.seq, c.number, c.inbound, c.happening, c.attempts + 1,
  j.value->>2, j.value->>3, j.value->>4
FROM json_each(?) j CROSS JOIN callback c ON c.id = j.value->>0
"""
_PAGE: Final = """
SELECT json_group_array(json_array(
  id, at_ms, subaccount, url, style, umid, event, attempt, status, reason, is_over) ORDER BY id DESC)
FROM (
  SELECT l.id, l.at_ms, coalesce(m.subaccount, i.subaccount, '') AS subaccount, l.url, l.style,
    coalesce(m.umid, i.umid, '') AS umid,
    coalesce(h.status, p.kind, iif(l.inbound IS NULL, 'erased', 'inbound')) AS event,
    l.attempt, l.status, l.reason, l.is_over
  FROM callback_log l
  LEFT JOIN message m ON m.seq = l.seq
  LEFT JOIN change h ON h.seq = l.seq AND h.number = l.number
  LEFT JOIN inbound i ON i.id = l.inbound
  LEFT JOIN happening p ON p.id = l.happening
  WHERE (?1 IS NULL OR l.id < ?1)
    AND (?2 IS NULL OR m.subaccount = ?2 OR i.subaccount = ?2)
    AND (?3 IS NULL OR m.umid = ?3 OR i.umid = ?3)
    AND (NOT ?4 OR l.status IS NULL OR l.status NOT BETWEEN 200 AND 299)
  ORDER BY l.id DESC LIMIT ?5)
"""
_FIND: Final = """
SELECT json_group_array(json_array(lane, url, style, webhook, seq, number, inbound, happening))
FROM callback_log l
WHERE id = ? AND CASE
  WHEN happening IS NOT NULL THEN EXISTS (SELECT 1 FROM happening p WHERE p.id = l.happening)
  WHEN inbound IS NOT NULL THEN EXISTS (SELECT 1 FROM inbound i WHERE i.id = l.inbound)
  ELSE EXISTS (SELECT 1 FROM change h WHERE h.seq = l.seq AND h.number = l.number) END
"""
_AGAIN: Final = """
INSERT INTO callback (id, lane, url, style, webhook, seq, number, inbound, happening)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_AGAIN_DUE: Final = """
INSERT INTO callback_due (lane, due_ms, id) SELECT ?1, 0, ?2
WHERE NOT EXISTS (SELECT 1 FROM callback earlier WHERE earlier.seq = ?3 AND earlier.id < ?2)
"""
_FORGET: Final = """
DELETE FROM callback_log WHERE id IN (
  SELECT id FROM (SELECT id, at_ms FROM callback_log ORDER BY id LIMIT ?3)
  WHERE at_ms < ?1 OR id <= (SELECT max(id) FROM callback_log) - ?2)
"""


def log_tries(connection: apsw.Connection, tries: list[LoggedTry]) -> None:
    """Log tries of callbacks that still have their row."""
    connection.execute(_LOG, (as_json(tries),))


def _page(connection: apsw.Connection, query: LogQuery) -> list[_Row]:
    limit = min(max(1, query.limit), PAGE_LIMIT)
    parameters = (query.before_id, query.subaccount, query.umid, query.only_failed, limit)
    return read_rows(connection, _PAGE, parameters, _Row)


class _Logged(msgspec.Struct, frozen=True, array_like=True):
    lane: str
    url: str
    style: str
    webhook: int | None
    seq: int
    number: int
    inbound: int | None
    happening: int | None


def _redeliver(connection: apsw.Connection, log_ids: list[int]) -> list[str | None]:
    return [_redeliver_one(connection, log_id) for log_id in log_ids]


def _redeliver_one(connection: apsw.Connection, log_id: int) -> str | None:
    rows = read_rows(connection, _FIND, (log_id,), _Logged)
    if not rows:
        return None
    logged, identifier = rows[0], reserve(connection, 1)
    row = (
        identifier, logged.lane, logged.url, logged.style, logged.webhook, logged.seq, logged.number, logged.inbound,
        logged.happening,
    )  # fmt: skip
    connection.execute(_AGAIN, row)
    connection.execute(_AGAIN_DUE, (logged.lane, identifier, logged.seq))
    return logged.lane


def _forget(connection: apsw.Connection, moments_ms: list[int]) -> list[Step]:
    return [_forget_some(connection, before_ms) for before_ms in moments_ms]


def _forget_some(connection: apsw.Connection, before_ms: int) -> Step:
    connection.execute(_FORGET, (before_ms, KEPT_ROWS, FORGET_LIMIT))
    gone = connection.changes()
    return Step(rows={"callback_log": gone}, resume=0 if gone == FORGET_LIMIT else None)
