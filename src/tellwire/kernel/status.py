r"""A message's status, the receipts that move it, and the lattice that lets it move forward only.

    queued -> sent -> delivered to the operator -> delivered to the recipient -> read
                 \\-> undelivered | rejected | expired          (final, as is `read`)

Words follow 8x8's `state` and `detail` (8x8 contract 2.10); `expired` is ours, and its receipts say `undelivered`.
Receipts come early, late, twice and out of order: `advance` takes any of them and never goes back.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class MessageStatus(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"
    READ = "read"
    EXPIRED = "expired"


class StatusDetail(StrEnum):
    """The detail of a status."""

    DELIVERED_TO_OPERATOR = "delivered_to_operator"
    DELIVERED_TO_RECIPIENT = "delivered_to_recipient"
    REJECTED_BY_OPERATOR = "rejected_by_operator"
    UNDELIVERED_TO_RECIPIENT = "undelivered_to_recipient"


class Standing(msgspec.Struct, frozen=True):
    """A status with its detail: one point of the lattice."""

    status: MessageStatus
    detail: StatusDetail | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The network's word on a message's fate, whichever wire it came by.

    `error_code` is the sender's own code as text, `description` its own words; both empty when all is well.
    """

    message_id: str
    standing: Standing
    at: datetime
    error_code: str = ""
    description: str = ""


_FAILED = 4
_RANK = {
    MessageStatus.QUEUED: 0,
    MessageStatus.SENT: 1,
    MessageStatus.DELIVERED: 3,
    MessageStatus.UNDELIVERED: _FAILED,
    MessageStatus.REJECTED: _FAILED,
    MessageStatus.EXPIRED: _FAILED,
    MessageStatus.READ: 5,
}
_WITH_THE_OPERATOR = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR)
FAILURES = frozenset(status for status, rank in _RANK.items() if rank == _FAILED)


def rank(standing: Standing) -> int:
    """Return how far along a standing is; equal ranks never replace each other."""
    if standing == _WITH_THE_OPERATOR:
        return 2
    return _RANK[standing.status]


def is_final(standing: Standing) -> bool:
    """Say whether nothing but `read` may still follow."""
    return rank(standing) >= _RANK[MessageStatus.DELIVERED]


def advance(current: Standing, reported: Standing) -> Standing:
    """Return the further of the two: `current` unless `reported` really moves the message on.

    A failure ends a message: no late `delivered` revives it. A delivered message may still become read, and
    nothing else: a carrier that says "undelivered" after "delivered" is not believed.
    """
    if current.status in FAILURES:
        return current
    if is_final(current) and reported.status is not MessageStatus.READ:
        return current
    return reported if rank(reported) > rank(current) else current
