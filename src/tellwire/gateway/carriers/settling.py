"""From the answers to a message's parts to its end: sent, failed, or once more and when. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.gateway.contract import delivery_errors
from tellwire.gateway.model.message import EXPIRED, SENT, Claimed, Settled
from tellwire.kernel.failure import Accepted, Backoff, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

_REJECTED: Final = Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR)
_UNDELIVERED: Final = Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT)


_UNCOUNTED: Final = frozenset({"", str(delivery_errors.THROTTLED)})


class Persistence(msgspec.Struct, frozen=True, kw_only=True):
    """How hard to try with one carrier.

    `repeats_unanswered`: a part that was sent and never answered goes again, so that a lost answer loses no
    message but may send one twice (at least once). False: it counts as sent (at most once, but for a crash of our
    own: what it finds under way, a window at most, goes again).
    `backoff` counts the tries that a carrier put off or left unanswered; a try that never left us does not count.
    """

    repeats_unanswered: bool = True
    backoff: Backoff = Backoff(first_s=2.0, longest_s=300.0, attempts=10)  # gives up after some 20 minutes


# With a carrier's own wish, to which a tenth is added at most, nothing is put off for longer.
LONGEST_RETRY: Final = timedelta(seconds=Persistence().backoff.longest_s * 1.1)


def is_free_to_go(outcome: Outcome) -> bool:
    """Say whether the part may go again as soon as the carrier has room, and nothing is counted.

    So it is with a part that never left us (no bind was up), and with one that the carrier was too busy for: the
    link's pace is slower by then, and the message must not be parked for it.
    """
    return isinstance(outcome, Deferred) and outcome.code in _UNCOUNTED


def settle(
    claimed: Claimed,
    outcomes: Mapping[int, Outcome],
    *,
    persistence: Persistence,
    now: datetime,
    jitter: float,
) -> Settled:
    """Return how a message ends whose parts (by number) got these answers.

    One part refused refuses the message. Otherwise one that may go again makes the message wait for it, and only
    that part goes again: the references of the others are kept.
    """
    references = [
        (number, outcome.reference) for number, outcome in outcomes.items() if isinstance(outcome, Accepted)
    ]
    refused = next((outcome for outcome in outcomes.values() if isinstance(outcome, Refused)), None)
    if refused is not None:
        return _settled(claimed, references, now, _REJECTED, _code(refused.code, delivery_errors.SMSC_REJECT))
    again = _to_repeat(outcomes, persistence)
    if again is None:
        return _settled(claimed, references, now, SENT, 0)
    asked_s = again.retry_after_s if isinstance(again, Deferred) else 0.0
    delay = persistence.backoff.delay(claimed.attempts + 1, jitter, asked_s)
    if delay is None:
        fallback = (
            delivery_errors.TIME_OUT if isinstance(again, Unresolved) else delivery_errors.DELIVERY_FAILURE
        )
        return _settled(claimed, references, now, _UNDELIVERED, _code(again.code, fallback))
    return Settled(place=claimed.place, seq=claimed.seq, references=references, at=now, retry_at=now + delay)


def expire(place: int, seq: int, references: list[tuple[int, str]], now: datetime) -> Settled:
    """Return the end of a message whose expiry has passed before all of it was handed over."""
    return Settled(
        place=place,
        seq=seq,
        references=references,
        at=now,
        standing=EXPIRED,
        error_code=delivery_errors.EXPIRED,
    )


def put_off(claimed: Claimed, references: list[tuple[int, str]], now: datetime) -> Settled:
    """Return a message of which some parts were taken to the queue, so that only the others go again."""
    return Settled(place=claimed.place, seq=claimed.seq, references=references, at=now, retry_at=now)


def _to_repeat(outcomes: Mapping[int, Outcome], persistence: Persistence) -> Deferred | Unresolved | None:
    for outcome in outcomes.values():
        if isinstance(outcome, Deferred):
            return outcome
        if isinstance(outcome, Unresolved) and persistence.repeats_unanswered:
            return outcome
    return None


def _settled(
    claimed: Claimed, references: list[tuple[int, str]], now: datetime, standing: Standing, error_code: int
) -> Settled:
    return Settled(
        place=claimed.place,
        seq=claimed.seq,
        references=references,
        at=now,
        standing=standing,
        error_code=error_code,
    )


def _code(text: str, fallback: int) -> int:
    return delivery_errors.read_code(text) or fallback
