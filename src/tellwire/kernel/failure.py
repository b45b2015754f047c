"""The outcome of one attempt to hand a message over, and the moment of the next one.

    Accepted    the other side has it
    Refused     it will never take this one: do not try again
    Deferred    surely not sent, and may go later: try again, not before `retry_after_s`
    Unresolved  perhaps sent (a time-out after the request left): the campaign's policy decides

`answer` is what the other side said, as far as it is kept (`senders/provider_words`); empty where nothing is.
Nothing here knows HTTP or SMPP; `kernel/http` and `gateway/smpp` translate into these four.
"""

from datetime import timedelta
from typing import TypeAlias

import msgspec


class Accepted(msgspec.Struct, frozen=True, tag=True):
    """The other side answered that it has the message; `reference` is its own id for it, or empty."""

    reference: str = ""
    answer: str = ""


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The other side will never take this message; `reason` is a sentence, `code` its own code."""

    reason: str
    code: str = ""
    answer: str = ""


class Deferred(msgspec.Struct, frozen=True, tag=True):
    """Surely not sent; `retry_after_s` is what the other side asked for, 0 if it did not say.

    `tries` bounds all tries of what waiting hardly mends, below what a campaign allows; 0 is no bound of its own.
    """

    reason: str
    code: str = ""
    retry_after_s: float = 0.0
    tries: int = 0
    answer: str = ""


class Unresolved(msgspec.Struct, frozen=True, tag=True):
    """Perhaps sent: the request left and no whole answer came back."""

    reason: str
    code: str = ""
    answer: str = ""


Outcome: TypeAlias = Accepted | Refused | Deferred | Unresolved


class Backoff(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait between tries: doubling from `first_s` to at most `longest_s`, `attempts` tries in all."""

    first_s: float = 1.0
    longest_s: float = 300.0
    attempts: int = 8

    def delay(self, attempt: int, jitter: float, asked_s: float = 0.0) -> timedelta | None:
        """Return the wait after try number `attempt` (from 1), or None when it was the last one.

        `jitter` is a random number in [0, 1) from the caller: the wait is between half and the whole of the
        doubled one, so that a thousand messages refused together do not come back together.
        What the other side asked for (`asked_s`) is a floor, cut at `longest_s`, with up to a tenth more for the
        same reason.
        """
        if attempt >= self.attempts:
            return None
        doubled = min(self.longest_s, self.first_s * 2.0 ** min(attempt - 1, 32))
        floor_s = min(self.longest_s, asked_s)
        return timedelta(seconds=max(doubled * (0.5 + jitter / 2), floor_s * (1.0 + jitter / 10)))
