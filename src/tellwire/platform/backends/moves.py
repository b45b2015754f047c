"""What moves a message: attempts that were settled, and receipts. Pure, and the same for every back end.

    rows as they stand + settlements | receipts -> new rows, timeline steps, claims that end, sums

A back end fetches the rows, asks `settle` or `apply`, and writes the answer in the same transaction: a status never
moves back (`kernel.status.advance`), and the sums equal what moved.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, assert_never

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import MessageStatus, Receipt, Standing, StatusDetail, advance
from tellwire.platform.backends.sums import HOUR_MS, Place, Sums, drop, move, take
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.message import (
    Dropped,
    GivenUp,
    HandedOver,
    MessageId,
    Settlement,
    TryAgain,
    number_in,
)
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.message_reports import TimelineStep
from tellwire.platform.ports.traffic_reports import Trouble

_SENT: Final = Standing(MessageStatus.SENT)
_QUEUED: Final = Standing(MessageStatus.QUEUED)
_REJECTED: Final = Standing(MessageStatus.REJECTED)


class Row(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Where one message stands. `attempt` is that of its claim, or None if it is not claimed."""

    id: MessageId
    campaign_id: CampaignId
    provider_id: ProviderId
    created_ms: int
    status: MessageStatus
    detail: StatusDetail | None
    error_code: str
    description: str
    updated_ms: int
    attempt: int | None = None

    @property
    def standing(self) -> Standing:
        """Status and detail as one point of the lattice."""
        return Standing(self.status, self.detail)

    @property
    def place(self) -> Place:
        """Where the message is counted."""
        return Place(self.campaign_id, self.provider_id, self.created_ms // HOUR_MS, number_in(self.id))


class Again(msgspec.Struct, frozen=True):
    """A message that waits anew, with how many tries it has had."""

    message_id: MessageId
    due_ms: int
    attempt: int


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What to write. `closed` are claims that end, `again` those of them that wait anew.

    `has_moved` has one answer for each settlement or receipt: whether it moved its message. `never_left` are messages
    that ended and that surely nobody got: caps count them no more.
    """

    rows: tuple[Row, ...]
    steps: tuple[tuple[MessageId, TimelineStep], ...]
    sums: Sums
    closed: tuple[MessageId, ...] = ()
    again: tuple[Again, ...] = ()
    has_moved: tuple[bool, ...] = ()
    never_left: tuple[MessageId, ...] = ()


def settle(rows: Mapping[MessageId, Row], settlements: Iterable[tuple[Settlement, datetime]]) -> Moved:
    """Close claims, each at its moment; a settlement of a message that is not claimed (any more) changes nothing."""
    moves = _Moves(rows)
    has_moved = [moves.settle(settlement, at) for settlement, at in settlements]
    return moves.result(has_moved)


def apply(rows: Mapping[MessageId, Row], receipts: Iterable[Receipt]) -> Moved:
    """Move messages as receipts say; one that moves nothing leaves no step. A receipt of no row is for nobody."""
    moves = _Moves(rows)
    has_moved = [moves.apply(receipt) for receipt in receipts]
    return moves.result(has_moved)


class _Moves:
    """The rows while they move, and what that leads to."""

    def __init__(self, rows: Mapping[MessageId, Row]) -> None:
        self._rows = dict(rows)
        self._moved: set[MessageId] = set()
        self._steps: list[tuple[MessageId, TimelineStep]] = []
        # Most of a batch makes the same move: it is summed up once, with how many made it.
        self._counted: Counter[tuple[Place, Standing, Standing, str]] = Counter()
        self._taken: Counter[Place] = Counter()
        self._sums = Sums()
        self._closed: list[MessageId] = []
        self._never_left: list[MessageId] = []
        self._again: list[Again] = []

    def result(self, has_moved: list[bool]) -> Moved:
        for (place, before, after, code), count in self._counted.items():
            move(self._sums, place, before, after, code, count)
        for place, count in self._taken.items():
            take(self._sums, place, count)
        return Moved(
            rows=tuple(row for message_id, row in self._rows.items() if message_id in self._moved),
            steps=tuple(self._steps),
            sums=self._sums,
            closed=tuple(self._closed),
            again=tuple(self._again),
            has_moved=tuple(has_moved),
            never_left=tuple(self._never_left),
        )

    def settle(self, settlement: Settlement, at: datetime) -> bool:
        row = self._rows.get(MessageId(settlement.message_id))
        if row is None or row.attempt is None:
            return False
        step = _step(settlement, row.attempt, at)
        has_moved = self._close(row, row.attempt, settlement, step)
        self._steps.append((row.id, step))
        _note_provider(self._sums, row.provider_id, settlement, step)
        return has_moved

    def apply(self, receipt: Receipt) -> bool:
        row = self._rows.get(MessageId(receipt.message_id))
        if row is None:
            return False
        step = _step_of_receipt(receipt)
        if not self._reach(row, step, row.attempt, was_taken=True):
            return False
        self._steps.append((row.id, step))
        return True

    def _close(self, row: Row, attempt: int, settlement: Settlement, step: TimelineStep) -> bool:
        self._closed.append(row.id)
        if isinstance(settlement, TryAgain):
            self._again.append(Again(row.id, to_ms(settlement.at), attempt))
            has_moved = False
        else:
            has_moved = self._reach(row, step, None, was_taken=isinstance(settlement, HandedOver))
        if not has_moved:  # a second settlement finds no claim
            self._rows[row.id] = msgspec.structs.replace(row, attempt=None)
        if has_moved and isinstance(settlement, Dropped):
            drop(self._sums, row.place)
        return has_moved

    def _reach(self, row: Row, step: TimelineStep, attempt: int | None, *, was_taken: bool) -> bool:
        """Move the message to the step's standing unless that is no step forward; return whether it moved.

        `attempt` is that of its claim from then on, None if it is not claimed any more.
        `was_taken`: the step proves, or lets us assume, that a provider has had the message.
        """
        before = row.standing
        after = advance(before, step.standing)
        if after == before:
            return False
        place = row.place
        self._counted[place, before, after, step.code] += 1
        if before.status is MessageStatus.QUEUED:
            if was_taken:
                self._taken[place] += 1
            else:
                self._never_left.append(row.id)
        self._moved.add(row.id)
        self._rows[row.id] = Row(
            id=row.id,
            campaign_id=row.campaign_id,
            provider_id=row.provider_id,
            created_ms=row.created_ms,
            status=after.status,
            detail=after.detail,
            error_code=step.code,
            description=step.description,
            updated_ms=max(row.updated_ms, to_ms(step.at)),
            attempt=attempt,
        )
        return True


def _note_provider(sums: Sums, provider_id: ProviderId, settlement: Settlement, step: TimelineStep) -> None:
    """Note what an attempt says about its provider."""
    match settlement:
        case HandedOver(is_certain=True):
            sums.taken_ms[provider_id] = max(to_ms(step.at), sums.taken_ms.get(provider_id, 0))
        case Dropped():
            pass  # no trouble of the provider's
        case GivenUp(standing=standing) if standing.status is MessageStatus.EXPIRED:
            pass  # it ran out of time, and what held it up was noted before
        case HandedOver() | TryAgain() | GivenUp():
            sums.troubles[provider_id] = Trouble(
                at=step.at, code=step.code, reason=step.description, answer=step.answer
            )
        case _:
            assert_never(settlement)


def _step(settlement: Settlement, attempt: int, at: datetime) -> TimelineStep:
    match settlement:
        case HandedOver(reference=reference, is_certain=is_certain, description=description, answer=answer):
            what = "handed over" if is_certain else "perhaps handed over"
            words = description or reference
            return TimelineStep(at=at, standing=_SENT, what=what, description=words, answer=answer)
        case TryAgain(code=code, reason=reason, answer=answer):
            what = f"due again after try {attempt}"
            standing = _QUEUED
        case GivenUp(standing=standing, code=code, reason=reason, answer=answer, was_tried=was_tried):
            what = f"given up after try {attempt}" if was_tried else "given up without a try"
        case Dropped(code=code, reason=reason):
            what, standing, answer = "taken back", _REJECTED, ""
        case _ as never:
            assert_never(never)
    return TimelineStep(at=at, standing=standing, what=what, code=code, description=reason, answer=answer)


def _step_of_receipt(receipt: Receipt) -> TimelineStep:
    return TimelineStep(
        at=receipt.at,
        standing=receipt.standing,
        what="receipt",
        code=receipt.error_code,
        description=receipt.description,
    )
