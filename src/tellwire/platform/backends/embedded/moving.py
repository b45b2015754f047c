"""Moves messages: what was settled and what receipts say, written with the timeline and the sums."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import MessageStatus, Receipt, Standing
from tellwire.platform.backends.embedded.codec import encode
from tellwire.platform.backends.embedded.moves import Moves, Row, Step
from tellwire.platform.model.message import Dropped, GivenUp, HandedOver, Settlement, TryAgain
from tellwire.platform.ports.reports import Trouble

_SENT = Standing(MessageStatus.SENT)
_QUEUED = Standing(MessageStatus.QUEUED)
_REJECTED = Standing(MessageStatus.REJECTED)

_UNCLAIM = "DELETE FROM claim WHERE message IN (SELECT value FROM json_each(?))"
_REQUEUE = """
INSERT INTO outbox (provider_id, due_ms, message, attempt)
SELECT m.provider_id, given.value->>0, m.seq, given.value->>2
FROM json_each(?) AS given CROSS JOIN message AS m ON m.seq = given.value->>1
"""


def settle(connection: apsw.Connection, calls: list[tuple[Sequence[Settlement], datetime]]) -> list[None]:
    """Close claims, and move their messages."""
    moves = Moves(connection, (settlement.message_id for call in calls for settlement in call[0]))
    closed: list[int] = []
    waiting: list[tuple[int, int, int]] = []
    for settlement, now in ((settlement, now) for settlements, now in calls for settlement in settlements):
        row = moves.row(settlement.message_id)
        if row is None or row.attempt is None:
            continue
        closed.append(row.seq)
        if isinstance(settlement, TryAgain):
            waiting.append((to_ms(settlement.at), row.seq, row.attempt))
        _move(moves, row, settlement, now)
        row.attempt = None  # a second settlement in the same batch finds no claim
    if closed:
        connection.execute(_UNCLAIM, (encode(closed),))
    if waiting:
        connection.execute(_REQUEUE, (encode(waiting),))
    moves.write()
    return [None] * len(calls)


def _move(moves: Moves, row: Row, settlement: Settlement, now: datetime) -> None:
    step = _step(settlement, row.attempt, now)
    if not isinstance(settlement, TryAgain):
        has_moved = moves.reach(row, step, was_handed_over=isinstance(settlement, HandedOver))
        if has_moved and isinstance(settlement, Dropped):
            moves.hours.add(row.campaign_id, row.created_ms, "dropped")
    moves.note(row, step)
    match settlement:
        case HandedOver(is_certain=True):
            moves.traffic.took(row.provider_id, now)
        case Dropped():
            pass  # no trouble of the provider's
        case GivenUp(standing=standing) if standing.status is MessageStatus.EXPIRED:
            pass  # it ran out of time, and what held it up was told before
        case _:
            trouble = Trouble(at=now, code=step.code, reason=step.description, answer=step.answer)
            moves.traffic.trouble(row.provider_id, trouble)


def _step(settlement: Settlement, attempt: int | None, now: datetime) -> Step:
    match settlement:
        case HandedOver(reference=reference, is_certain=is_certain, description=description, answer=answer):
            what = "handed over" if is_certain else "perhaps handed over"
            return Step(
                at=now, standing=_SENT, what=what, description=description or reference, answer=answer
            )
        case TryAgain(code=code, reason=reason, answer=answer):
            what = f"due again after try {attempt}"
            return Step(at=now, standing=_QUEUED, what=what, code=code, description=reason, answer=answer)
        case GivenUp(standing=standing, code=code, reason=reason, answer=answer, was_tried=was_tried):
            what = f"given up after try {attempt}" if was_tried else "given up without a try"
            return Step(at=now, standing=standing, what=what, code=code, description=reason, answer=answer)
        case Dropped(code=code, reason=reason):
            return Step(at=now, standing=_REJECTED, what="taken back", code=code, description=reason)
        case _ as never:
            assert_never(never)


def apply(connection: apsw.Connection, calls: list[Sequence[Receipt]]) -> list[list[bool]]:
    """Move messages as receipts say; answer for each whether it moved its message."""
    moves = Moves(connection, (receipt.message_id for receipts in calls for receipt in receipts))
    answers = [[_apply_one(moves, receipt) for receipt in receipts] for receipts in calls]
    moves.write()
    return answers


def _apply_one(moves: Moves, receipt: Receipt) -> bool:
    row = moves.row(receipt.message_id)
    if row is None:
        return False
    step = Step(
        at=receipt.at,
        standing=receipt.standing,
        what="receipt",
        code=receipt.error_code,
        description=receipt.description,
    )
    has_moved = moves.reach(row, step, was_handed_over=True)
    if has_moved:
        moves.note(row, step)
    return has_moved
