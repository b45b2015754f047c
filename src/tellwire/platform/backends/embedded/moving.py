"""Moves messages: fetches where they stand, asks `backends.moves`, and writes what it answers.

Rows are fetched in one statement and written in few a table (`bulk`), however many calls wait.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import Receipt
from tellwire.platform.backends import moves
from tellwire.platform.backends.embedded import bulk, sums
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.moves import Moved, Row
from tellwire.platform.model.message import MessageId, Settlement
from tellwire.platform.ports.message_reports import TimelineStep


def settle(connection: apsw.Connection, calls: list[tuple[Sequence[Settlement], datetime]]) -> list[None]:
    """Close claims, and move their messages."""
    settlements = [(one, now) for some, now in calls for one in some]
    seqs, rows = _fetch(connection, (settlement.message_id for settlement, _ in settlements))
    _write(connection, seqs, moves.settle(rows, settlements))
    return [None] * len(calls)


def apply(connection: apsw.Connection, calls: list[Sequence[Receipt]]) -> list[list[bool]]:
    """Move messages as receipts say; answer for each whether it moved its message."""
    receipts = [receipt for some in calls for receipt in some]
    seqs, rows = _fetch(connection, (receipt.message_id for receipt in receipts))
    moved = moves.apply(rows, receipts)
    _write(connection, seqs, moved)
    answers = iter(moved.has_moved)
    return [[next(answers) for _ in some] for some in calls]


_FETCH = """
SELECT json_group_array(json_array(m.seq, json_array(
  m.id, m.campaign_id, m.provider_id, m.created_ms,
  s.status, s.detail, s.error_code, s.description, s.updated_ms, c.attempt)))
FROM json_each(?) AS given CROSS JOIN message AS m ON m.id = given.value CROSS JOIN standing AS s ON s.message = m.seq
LEFT JOIN claim AS c ON c.message = m.seq
"""
_ROWS = decoder(list[tuple[int, Row]])


def _fetch(
    connection: apsw.Connection, message_ids: Iterable[str]
) -> tuple[dict[MessageId, int], dict[MessageId, Row]]:
    """Return the keys of these messages, and where they stand; nobody sent those that are absent."""
    lines = _ROWS.decode(connection.execute(_FETCH, (encode(sorted(set(message_ids))),)).get)
    return {row.id: seq for seq, row in lines}, {row.id: row for _, row in lines}


_STEPS = "INSERT INTO timeline (message, at_ms, status, detail, what, code, description, answer)"
_STAND = """
WITH moved (message, status, detail, error_code, description, updated_ms) AS (VALUES {rows})
UPDATE standing SET status = moved.status, detail = moved.detail, error_code = moved.error_code,
  description = moved.description, updated_ms = moved.updated_ms
FROM moved WHERE standing.message = moved.message
"""
_UNCLAIM = "DELETE FROM claim WHERE message IN (SELECT value FROM json_each(?))"
_UNCOUNT = "UPDATE message SET counts = 0 WHERE seq IN (SELECT value FROM json_each(?))"
_REQUEUE = """
INSERT INTO outbox (provider_id, due_ms, message, attempt)
SELECT m.provider_id, given.value->>0, m.seq, given.value->>2
FROM json_each(?) AS given CROSS JOIN message AS m ON m.seq = given.value->>1
"""


def _write(connection: apsw.Connection, seqs: dict[MessageId, int], moved: Moved) -> None:
    for statement, rows in (
        (_UNCLAIM, [seqs[message_id] for message_id in moved.closed]),
        (_UNCOUNT, [seqs[message_id] for message_id in moved.never_left]),
        (_REQUEUE, [(again.due_ms, seqs[again.message_id], again.attempt) for again in moved.again]),
    ):
        if rows:
            connection.execute(statement, (encode(rows),))
    bulk.insert(connection, _STEPS, (_step(seqs[message_id], step) for message_id, step in moved.steps))
    bulk.write(connection, _STAND, (_standing(seqs[row.id], row) for row in moved.rows))
    sums.write(connection, moved.sums)


def _step(seq: int, step: TimelineStep) -> tuple[bulk.Cell, ...]:
    status, detail = step.standing.status, step.standing.detail
    return (seq, to_ms(step.at), status, detail, step.what, step.code, step.description, step.answer)


def _standing(seq: int, row: Row) -> tuple[bulk.Cell, ...]:
    return (seq, row.status, row.detail, row.error_code, row.description, row.updated_ms)
