"""The callbacks that wait: what each lane may send next, and what became of the tries."""

from datetime import datetime
from typing import Final, cast

import apsw
import msgspec

from tellwire.gateway.contract.drafts import CallbackStyle
from tellwire.gateway.contract.happenings import HappeningKind, HappeningReport
from tellwire.gateway.contract.receipts import InboundReport, MessageReport
from tellwire.gateway.model.callback import DueCallback, LoggedTry, Report, Tried
from tellwire.gateway.store.callback_log import log_tries
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

# No retry is further ahead than this; CleverTap's fourth is 80 minutes away.
_LONGEST_RETRY_MS: Final = 2 * 3600 * 1000


class _DueRow(msgspec.Struct, frozen=True, array_like=True):
    """The first columns of a due row of each kind, in their order."""

    id: int
    url: str
    style: CallbackStyle
    webhook: int | None
    attempts: int


class _Row(_DueRow, frozen=True, array_like=True):
    at_ms: int
    status: MessageStatus
    detail: StatusDetail | None
    error: int
    umid: str
    subaccount: str
    source: str
    destination: str
    parts: int
    batch: str | None
    client_id: str | None
    client_batch: str | None
    price_micro: int
    currency: str
    created_ms: int
    mcc: str
    mnc: str
    carrier_error: str


class _InboundRow(_DueRow, frozen=True, array_like=True):
    umid: str
    subaccount: str
    source: str
    destination: str
    body: str
    encoding: str
    parts: int
    received_ms: int
    in_reply_to: str | None


class _HappeningRow(_DueRow, frozen=True, array_like=True):
    umid: str
    kind: HappeningKind
    body: str


class _Due(msgspec.Struct, frozen=True, kw_only=True):
    """The due rows of each kind."""

    receipts: list[_Row]
    inbound: list[_InboundRow]
    happenings: list[_HappeningRow]


class Callbacks:
    """The queue of receipts to post, in order for each message."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lanes(self) -> list[str]:
        """Return the lanes in which anything waits, for a start after a stop."""
        return await self._database.read(_lanes)

    async def due(self, lane: str, now: datetime, limit: int, busy: list[int]) -> list[DueCallback]:
        """Return at most `limit` callbacks of a lane whose time has come, but for those in `busy`, oldest first.

        Of one message only the first is ever due; the next becomes so when that one is over.
        """
        rows = await self._database.read(_due, lane, to_ms(now), limit, busy)
        return [
            *(_due_callback(row, _message(row)) for row in rows.receipts),
            *(_due_callback(row, _inbound(row)) for row in rows.inbound),
            *(_due_callback(row, _happening(row)) for row in rows.happenings),
        ]

    async def next_due(self, lane: str) -> datetime | None:
        """Return when the next callback of a lane is due, None when none waits."""
        next_ms = await self._database.read(_next_due, lane)
        return None if next_ms is None else from_ms(next_ms)

    async def oldest_ms(self) -> int | None:
        """Return when happened what the first callback that waits tells of, None when none waits."""
        return await self._database.read(_oldest)

    async def hurry(self, lane: str) -> None:
        """Make everything of a lane due that is first of its message."""
        await self._database.write(_hurry, lane)

    async def settle(self, tried: Tried) -> None:
        """Close one try; the message's next callback becomes due when this one is over."""
        await self._database.write(_settle, tried)


_LANES: Final = "SELECT json_group_array(lane) FROM (SELECT DISTINCT lane FROM callback_due)"
# Retries that are due go first: they are few, and what waits behind them is in order. One that is due further
# ahead than any retry can be was written before the clock was set back, and is due now.
_CHOOSE: Final = """
SELECT json_group_array(id) FROM (
  SELECT id FROM (
    SELECT due_ms, id FROM callback_due
    WHERE lane = ?1 AND (due_ms BETWEEN 1 AND ?2 OR due_ms > ?2 + ?5)
      AND id NOT IN (SELECT value FROM json_each(?4))
    ORDER BY due_ms, id LIMIT ?3)
  UNION ALL
  SELECT id FROM (
    SELECT id FROM callback_due
    WHERE lane = ?1 AND due_ms = 0 AND id NOT IN (SELECT value FROM json_each(?4))
    ORDER BY id LIMIT ?3)
  LIMIT ?3
)
"""
_DUE: Final = """
SELECT json_group_array(json_array(
  c.id, c.url, c.style, c.webhook, c.attempts, h.at_ms, h.status, h.detail, h.error,
  m.umid, m.subaccount, m.source, m.destination, m.parts, m.batch, m.client_id, m.client_batch,
  m.price_micro, m.currency, m.created_ms, m.mcc, m.mnc, h.carrier_error) ORDER BY d.key)
FROM json_each(?1) d
CROSS JOIN callback c ON c.id = d.value
CROSS JOIN change h ON h.seq = c.seq AND h.number = c.number
CROSS JOIN message m ON m.seq = c.seq
"""
_OLDEST: Final = """
SELECT coalesce(
  (SELECT i.received_ms FROM inbound i WHERE i.id = c.inbound),
  (SELECT p.at_ms FROM happening p WHERE p.id = c.happening),
  (SELECT h.at_ms FROM change h WHERE h.seq = c.seq AND h.number = c.number))
FROM callback c ORDER BY c.id LIMIT 1
"""
_HAS_INBOUND: Final = "SELECT EXISTS (SELECT 1 FROM inbound)"
_DUE_INBOUND: Final = """
SELECT json_group_array(json_array(
  c.id, c.url, c.style, c.webhook, c.attempts, i.umid, i.subaccount, i.source, i.destination, i.body,
  i.encoding, i.parts, i.received_ms,
  CASE c.style WHEN 'clevertap' THEN (SELECT m.client_id FROM message m WHERE m.seq = c.number) END) ORDER BY d.key)
FROM json_each(?1) d
CROSS JOIN callback c ON c.id = d.value
CROSS JOIN inbound i ON i.id = c.inbound
"""
_HAS_HAPPENING: Final = "SELECT EXISTS (SELECT 1 FROM happening)"
_DUE_HAPPENING: Final = """
SELECT json_group_array(json_array(
  c.id, c.url, c.style, c.webhook, c.attempts, m.umid, p.kind, p.body) ORDER BY d.key)
FROM json_each(?1) d
CROSS JOIN callback c ON c.id = d.value
CROSS JOIN happening p ON p.id = c.happening
CROSS JOIN message m ON m.seq = c.seq
"""
_NEXT_DUE: Final = """
SELECT due_ms FROM callback_due WHERE lane = ? ORDER BY due_ms, id LIMIT 1
"""
# The callbacks that are over go first, then their messages' next ones become due.
_UNQUEUE: Final = """
DELETE FROM callback_due WHERE (lane, due_ms, id) IN (
  SELECT c.lane, c.due_ms, c.id FROM json_each(?) j CROSS JOIN callback c ON c.id = j.value)
"""
_NEXT: Final = """
INSERT INTO callback_due (lane, due_ms, id)
SELECT following.lane, 0, following.id FROM json_each(?) j
CROSS JOIN callback done ON done.id = j.value
CROSS JOIN callback following ON following.id =
  (SELECT min(c.id) FROM callback c WHERE c.seq = done.seq AND c.id > done.id)
"""
_DELETE: Final = "DELETE FROM callback WHERE id IN (SELECT value FROM json_each(?))"
_RETRY_COUNT: Final = """
UPDATE callback SET attempts = attempts + 1, due_ms = again.due_ms
FROM (SELECT value->>0 AS id, value->>1 AS due_ms FROM json_each(?)) AS again WHERE callback.id = again.id
"""
_RETRY: Final = """
INSERT INTO callback_due (lane, due_ms, id)
SELECT c.lane, c.due_ms, c.id FROM json_each(?) j CROSS JOIN callback c ON c.id = j.value->>0
"""


def _lanes(connection: apsw.Connection) -> list[str]:
    return read_rows(connection, _LANES, (), str)


def _due(connection: apsw.Connection, lane: str, now_ms: int, limit: int, busy: list[int]) -> _Due:
    chosen = connection.execute(_CHOOSE, (lane, now_ms, limit, as_json(busy), _LONGEST_RETRY_MS)).get
    rows = read_rows(connection, _DUE, (chosen,), _Row)
    inbound: list[_InboundRow] = []
    if connection.execute(_HAS_INBOUND).get:
        inbound = read_rows(connection, _DUE_INBOUND, (chosen,), _InboundRow)
    happenings: list[_HappeningRow] = []
    if connection.execute(_HAS_HAPPENING).get:
        happenings = read_rows(connection, _DUE_HAPPENING, (chosen,), _HappeningRow)
    return _Due(receipts=rows, inbound=inbound, happenings=happenings)


def _next_due(connection: apsw.Connection, lane: str) -> int | None:
    due_ms: int | None = connection.execute(_NEXT_DUE, (lane,)).get
    return due_ms


_HURRY: Final = """
UPDATE callback SET due_ms = 0 WHERE id IN (SELECT id FROM callback_due WHERE lane = ? AND due_ms > 0)
"""
_HURRY_DUE: Final = "UPDATE callback_due SET due_ms = 0 WHERE lane = ? AND due_ms > 0"


def _oldest(connection: apsw.Connection) -> int | None:
    return cast("int | None", connection.execute(_OLDEST).get)


def _hurry(connection: apsw.Connection, lanes: list[str]) -> list[None]:
    for lane in lanes:
        connection.execute(_HURRY, (lane,))
        connection.execute(_HURRY_DUE, (lane,))
    return [None] * len(lanes)


def _settle(connection: apsw.Connection, tries: list[Tried]) -> list[None]:
    log_tries(connection, [_logged(tried) for tried in tries if tried.is_logged])
    connection.execute(_UNQUEUE, (as_json([tried.id for tried in tries]),))
    over = [tried.id for tried in tries if tried.retry_at is None]
    if over:
        connection.execute(_NEXT, (as_json(over),))
        connection.execute(_DELETE, (as_json(over),))
    again = [(tried.id, to_ms(tried.retry_at)) for tried in tries if tried.retry_at is not None]
    if again:
        connection.execute(_RETRY_COUNT, (as_json(again),))
        connection.execute(_RETRY, (as_json(again),))
    return [None] * len(tries)


def _logged(tried: Tried) -> LoggedTry:
    return LoggedTry(tried.id, to_ms(tried.at), tried.status, tried.reason, tried.retry_at is None)


def _due_callback(row: _DueRow, report: Report) -> DueCallback:
    return DueCallback(
        id=row.id,
        url=row.url,
        style=row.style,
        webhook=row.webhook,
        attempts=row.attempts,
        report=report,
    )


def _message(row: _Row) -> MessageReport:
    return MessageReport(
        umid=row.umid,
        subaccount=row.subaccount,
        source=row.source,
        destination=row.destination,
        standing=Standing(row.status, row.detail),
        error_code=row.error,
        at=from_ms(row.at_ms),
        parts=row.parts,
        batch=row.batch,
        client_id=row.client_id,
        client_batch_id=row.client_batch,
        price_micro=row.price_micro,
        currency=row.currency,
        created=from_ms(row.created_ms),
        mcc=row.mcc,
        mnc=row.mnc,
        carrier_error=row.carrier_error,
    )


def _inbound(row: _InboundRow) -> InboundReport:
    return InboundReport(
        umid=row.umid,
        subaccount=row.subaccount,
        source=row.source,
        destination=row.destination,
        body=row.body,
        encoding=row.encoding,
        parts=row.parts,
        at=from_ms(row.received_ms),
        in_reply_to=row.in_reply_to,
    )


def _happening(row: _HappeningRow) -> HappeningReport:
    return HappeningReport(umid=row.umid, kind=row.kind, body=row.body.encode())
