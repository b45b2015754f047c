"""From an HTTP answer, or the lack of one, to an outcome of the message: one table for both halves.

2xx                      Accepted     queued over there; the body is not read (CleverTap contract 1.6)
3xx                      Refused      redirects are errors and are not followed
401 402 403 407          Deferred     surely not taken: keys, credit and allow-lists get mended, by people
429, 503 + Retry-After   Deferred     surely not taken: the other side says that it is busy, and until when
408 425, 503 alone       Unresolved   proxies say these after they have handed the request on
500 502 504 other 5xx    Unresolved   it may have been taken before the error; `code` says it was an answer
other 4xx                Refused      it will never take this one
NotSent                  Deferred     nothing left this machine; with a wrong certificate for a few tries only
Unknown                  Unresolved   it left, and nothing whole came back; `code` is empty
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan, nan
from typing import Final

from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved

MENDED_S: Final = 300.0  # eight tries at a wrong key last half an hour: time for somebody to mend it
# A wrong certificate that is mended at once costs a minute, and one that stays no hours.
FINAL_TRIES: Final = 3
FINAL_WAIT_S: Final = 30.0
_LONGEST_ASKED_S: Final = 3600.0
_MENDED: Final = frozenset({401, 402, 403, 407})
_PERHAPS: Final = frozenset({408, 425})


def outcome_of(status: int, retry_after: str = "", now: datetime | None = None) -> Outcome:
    """Return the outcome that this status stands for, with its Retry-After header.

    `now` turns a Retry-After that is a date into seconds; without it, a date says only that there is one.
    """
    code = str(status)
    reason = f"the provider answered {code}"
    if 200 <= status < 300:
        return Accepted()
    asked_s = _asked_s(retry_after, now)
    if status in _MENDED:
        return Deferred(reason, code, MENDED_S if asked_s is None else asked_s)
    if status == 429 or (status == 503 and asked_s is not None):
        return Deferred(reason, code, asked_s or 0.0)
    if status in _PERHAPS or status >= 500:
        return Unresolved(reason, code)
    return Refused(f"{reason}, a redirect, which is not followed" if status < 400 else reason, code)


def not_sent(reason: str, *, is_final: bool = False) -> Outcome:
    """Return the outcome of a request that surely never left; a final one is tried a few times, in case it is not."""
    if is_final:
        return Deferred(reason, "certificate", FINAL_WAIT_S, FINAL_TRIES)
    return Deferred(reason, "not_sent")


def unknown(reason: str) -> Outcome:
    """Return the outcome of a request that left and got no whole answer."""
    return Unresolved(reason)


def _asked_s(retry_after: str, now: datetime | None) -> float | None:
    """Read Retry-After, in seconds or as a date (RFC 9110, 10.2.3); None if it is absent or nonsense."""
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _until(retry_after, now)
    if isnan(seconds):
        return None
    return min(max(seconds, 0.0), _LONGEST_ASKED_S)


def _until(date: str, now: datetime | None) -> float:
    try:
        at = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return nan
    if now is None:
        return 0.0
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now.timestamp()
