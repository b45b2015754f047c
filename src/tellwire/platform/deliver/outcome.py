"""What to do with a message after one attempt: the campaign's policy applied to the outcome. Pure.

Accepted                         handed over
Refused                          rejected, for good
Deferred                         again after a wait; rejected when tries or time run out
Unresolved, policy repeat        as Deferred
Unresolved, policy never_repeat  silence: handed over, uncertain, and its receipts may still come;
                                 an error answer (it has a code): rejected, for the provider did answer
"""

from datetime import datetime
from typing import assert_never

import msgspec

from tellwire.kernel.failure import Accepted, Backoff, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.model.message import Claimed, GivenUp, HandedOver, Message, Settlement, TryAgain

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 300.0
_REJECTED = Standing(MessageStatus.REJECTED)


def settlement_of(claimed: Claimed, outcome: Outcome, now: datetime, jitter: float) -> Settlement:
    """Return how this attempt closes, with what the provider said. `jitter` is a random number in [0, 1)."""
    return msgspec.structs.replace(_closing(claimed, outcome, now, jitter), answer=outcome.answer)


def _closing(claimed: Claimed, outcome: Outcome, now: datetime, jitter: float) -> Settlement:
    message = claimed.message
    match outcome:
        case Accepted(reference):
            return HandedOver(message_id=message.id, reference=reference)
        case Refused(reason, code):
            return GivenUp(message_id=message.id, standing=_REJECTED, code=code, reason=reason)
        case Deferred(reason, code, asked_s, tries):
            return _again(claimed, reason, code, asked_s, now, jitter, tries)
        case Unresolved(reason, code):
            if message.repeats_unresolved:
                return _again(claimed, reason, code, 0.0, now, jitter)
            if code:
                return GivenUp(message_id=message.id, standing=_REJECTED, code=code, reason=reason)
            return HandedOver(message_id=message.id, is_certain=False, description=reason)
        case _:
            assert_never(outcome)


def stale(message: Message, *, was_tried: bool = False) -> Settlement:
    """Return how a message closes whose offer is over: nobody tried in time, or the next try would be too late."""
    return GivenUp(
        message_id=message.id,
        standing=Standing(MessageStatus.EXPIRED),
        code="too_late",
        reason="it waited longer than its campaign allows and was not sent",
        was_tried=was_tried,
    )


def unusable(message: Message, code: str, reason: str) -> Settlement:
    """Return how a message closes whose provider is gone."""
    return GivenUp(message_id=message.id, standing=_REJECTED, code=code, reason=reason, was_tried=False)


def unasked(message: Message, at: datetime) -> TryAgain:
    """Return how a message closes of which nobody could tell whether it may still go."""
    reason = "whether it may still go could not be asked"
    return TryAgain(message_id=message.id, at=at, code="not_sent", reason=reason)


def _again(
    claimed: Claimed, reason: str, code: str, asked_s: float, now: datetime, jitter: float, tries: int = 0
) -> Settlement:
    message = claimed.message
    attempts = min(message.attempts, tries or message.attempts)
    backoff = Backoff(first_s=FIRST_WAIT_S, longest_s=LONGEST_WAIT_S, attempts=attempts)
    wait = backoff.delay(claimed.attempt, jitter, asked_s)
    if wait is None:
        made = f"{claimed.attempt} tries" if claimed.attempt > 1 else "one try"
        return GivenUp(
            message_id=message.id, standing=_REJECTED, code=code, reason=f"given up after {made}: {reason}"
        )
    if now + wait >= message.give_up_at:
        return stale(message, was_tried=True)
    return TryAgain(message_id=message.id, at=now + wait, code=code, reason=reason)
