"""Messages after their acceptance, as their senders ask for them: details, cancelling, feedback, erasure, export."""

from datetime import datetime
from typing import Final

import apsw
import msgspec

from tellwire.gateway.contract.delivery_errors import LOCAL_CANCEL
from tellwire.gateway.contract.receipts import MessageReport
from tellwire.gateway.model.message import Cancel, Feedback
from tellwire.gateway.store.links import erase_links
from tellwire.gateway.store.progress import Move, progress
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

PAGE: Final = 1_000
CANCELLED: Final = Standing(MessageStatus.REJECTED)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it stands; `seq` orders them by acceptance."""

    seq: int
    report: MessageReport
    encoding: str
    created: datetime


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which messages of a subaccount: accepted in [`since_ms`, `until_ms`), to `destination` (digits) or to all."""

    subaccount: str
    since_ms: int
    until_ms: int
    destination: str | None = None


class _Row(msgspec.Struct, frozen=True, array_like=True):
    seq: int
    umid: str
    subaccount: str
    source: str
    destination: str
    status: MessageStatus
    detail: StatusDetail | None
    error: int
    changed_ms: int
    parts: int
    batch: str | None
    client_id: str | None
    client_batch: str | None
    price_micro: int
    currency: str
    encoding: str
    created_ms: int
    mcc: str
    mnc: str
    operator: str


class Records:
    """The store's records of messages, for their senders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, subaccount: str, umid: str) -> Record | None:
        """Return a message of the subaccount."""
        rows = await self._database.read(_find, subaccount, umid)
        return _record(rows[0]) if rows else None

    async def page(self, wish: Wish, after_seq: int) -> list[Record]:
        """Return the first `PAGE` messages of a wish beyond `after_seq`, in order of acceptance."""
        return [_record(row) for row in await self._database.read(_page, wish, after_seq)]

    async def cancel(self, cancel: Cancel) -> int:
        """Cancel what is scheduled and was never tried; return how many. A prepaid account gets its money back."""
        return await self._database.write(_cancel, cancel)

    async def note_feedback(self, feedback: Feedback) -> bool:
        """Keep a sender's feedback, the last one counts; False when the message is unknown."""
        return await self._database.write(_note_feedback, feedback)

    async def ask_erasure(self, subaccount: str, umid: str) -> bool:
        """Note that a message's personal data is to go; False when it is unknown."""
        return await self._database.write(_ask_erasure, (subaccount, umid))

    async def erase(self, now: datetime) -> int:
        """Erase number, text and client ids of the messages that `ask_erasure` named and that are over.

        A message is over when it stands finally, or was last moved 48 hours ago, and no callback of it waits.
        """
        return await self._database.write(_erase, to_ms(now))


_FIND: Final = """
SELECT json_group_array(json_array(
  m.seq, m.umid, m.subaccount, m.source, m.destination, m.status, m.detail, m.error, m.changed_ms, m.parts,
  m.batch, m.client_id, m.client_batch, m.price_micro, m.currency, m.encoding, m.created_ms,
  m.mcc, m.mnc, ''))
FROM message m WHERE m.umid = ? AND m.subaccount = ?
"""
_PAGE_OF: Final = """
SELECT json_group_array(json_array(
  m.seq, m.umid, m.subaccount, m.source, m.destination, m.status, m.detail, m.error, m.changed_ms, m.parts,
  m.batch, m.client_id, m.client_batch, m.price_micro, m.currency, m.encoding, m.created_ms,
  m.mcc, m.mnc, coalesce(o.name, '')) ORDER BY m.seq)
FROM (
  SELECT * FROM message
  WHERE subaccount = ?1 AND created_ms >= ?2 AND created_ms < ?3 AND seq > ?4
    AND (?5 IS NULL OR destination = ?5)
  ORDER BY seq LIMIT ?6
) m
LEFT JOIN (
  SELECT account, mcc, mnc, max(operator) AS name FROM price WHERE mcc <> '' GROUP BY account, mcc, mnc
) o ON o.account = m.account AND o.mcc = m.mcc AND o.mnc = m.mnc
"""


def _find(connection: apsw.Connection, subaccount: str, umid: str) -> list[_Row]:
    return read_rows(connection, _FIND, (umid, subaccount), _Row)


def _page(connection: apsw.Connection, wish: Wish, after_seq: int) -> list[_Row]:
    parameters = (wish.subaccount, wish.since_ms, wish.until_ms, after_seq, wish.destination, PAGE)
    return read_rows(connection, _PAGE_OF, parameters, _Row)


def _record(row: _Row) -> Record:
    return Record(
        seq=row.seq,
        report=MessageReport(
            umid=row.umid,
            subaccount=row.subaccount,
            source=row.source,
            destination=row.destination,
            standing=Standing(row.status, row.detail),
            error_code=row.error,
            at=from_ms(row.changed_ms),
            parts=row.parts,
            batch=row.batch,
            client_id=row.client_id,
            client_batch_id=row.client_batch,
            price_micro=row.price_micro,
            currency=row.currency,
            mcc=row.mcc,
            mnc=row.mnc,
            operator=row.operator,
        ),
        encoding=row.encoding,
        created=from_ms(row.created_ms),
    )


# Only what still waits for its first time: a message in `ready` may be on its way to the carrier.
_CANCELLABLE: Final = """
SELECT json_group_array(json_array(m.due_ms, m.seq)) FROM message m
JOIN later l ON l.due_ms = m.due_ms AND l.seq = m.seq
WHERE m.subaccount = ?1 AND m.attempts = 0 AND m.status = 'queued'
  AND ((?2 IS NOT NULL AND m.umid = ?2) OR (?3 IS NOT NULL AND m.batch = ?3))
"""
_UNSCHEDULE: Final = """
DELETE FROM later WHERE (due_ms, seq) IN (SELECT value->>0, value->>1 FROM json_each(?))
"""
_REFUND: Final = """
UPDATE account SET balance_micro = balance_micro + refund.amount FROM (
  SELECT account, sum(price_micro) AS amount FROM message
  WHERE seq IN (SELECT value->>1 FROM json_each(?)) GROUP BY account
) AS refund WHERE account.id = refund.account AND account.is_prepaid
"""


def _cancel(connection: apsw.Connection, cancels: list[Cancel]) -> list[int]:
    return [_cancel_one(connection, cancel) for cancel in cancels]


def _cancel_one(connection: apsw.Connection, cancel: Cancel) -> int:
    parameters = (cancel.subaccount, cancel.umid, cancel.batch)
    waiting = read_rows(connection, _CANCELLABLE, parameters, tuple[int, int])
    if waiting:
        rows = as_json(waiting)
        connection.execute(_UNSCHEDULE, (rows,))
        connection.execute(_REFUND, (rows,))
        moves = [
            Move(seq=seq, standing=CANCELLED, error_code=LOCAL_CANCEL, at_ms=to_ms(cancel.now))
            for _, seq in waiting
        ]
        progress(connection, moves, is_told=False)
    return len(waiting)


_SEQ: Final = "SELECT seq FROM message WHERE umid = ? AND subaccount = ?"
_FEEDBACK: Final = """
INSERT INTO feedback (seq, outcome, at_ms) VALUES (?, ?, ?)
ON CONFLICT (seq) DO UPDATE SET outcome = excluded.outcome, at_ms = excluded.at_ms
"""
_ASK_ERASURE: Final = "INSERT OR IGNORE INTO erasure (seq) VALUES (?)"


def _note_feedback(connection: apsw.Connection, feedbacks: list[Feedback]) -> list[bool]:
    known: list[bool] = []
    for feedback in feedbacks:
        seq = connection.execute(_SEQ, (feedback.umid, feedback.subaccount)).get
        known.append(seq is not None)
        if seq is not None:
            connection.execute(_FEEDBACK, (seq, feedback.outcome, to_ms(feedback.at)))
    return known


def _ask_erasure(connection: apsw.Connection, messages: list[tuple[str, str]]) -> list[bool]:
    known: list[bool] = []
    for subaccount, umid in messages:
        seq = connection.execute(_SEQ, (umid, subaccount)).get
        known.append(seq is not None)
        if seq is not None:
            connection.execute(_ASK_ERASURE, (seq,))
    return known


_RECEIPTS_OVER_MS: Final = 48 * 3600 * 1000
_ERASABLE: Final = """
SELECT json_group_array(e.seq) FROM erasure e JOIN message m ON m.seq = e.seq
WHERE (m.status IN ('undelivered', 'rejected', 'expired', 'read') OR m.detail = 'delivered_to_recipient'
    OR (m.status <> 'queued' AND m.changed_ms < ?1 - ?2))
  AND NOT EXISTS (SELECT 1 FROM callback c WHERE c.seq = e.seq)
"""
_ERASE: Final = """
UPDATE message SET body = '', destination = '', client_id = NULL, callback_url = NULL
WHERE seq IN (SELECT value FROM json_each(?))
"""
_ERASED: Final = "DELETE FROM erasure WHERE seq IN (SELECT value FROM json_each(?))"


def _erase(connection: apsw.Connection, moments_ms: list[int]) -> list[int]:
    over = read_rows(connection, _ERASABLE, (max(moments_ms), _RECEIPTS_OVER_MS), int)
    if over:
        erase_links(connection, over)
        connection.execute(_ERASE, (as_json(over),))
        connection.execute(_ERASED, (as_json(over),))
    return [len(over)] * len(moments_ms)
