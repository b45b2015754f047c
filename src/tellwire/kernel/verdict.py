"""What an HTTP answer, or the lack of one, means for the message that was handed over.

2xx                     Accepted     queued over there; the body is not read (CleverTap contract 1.6)
3xx                     Refused      redirects are errors and are not followed
401 407 408 425 429 503 Deferred     surely not taken, and may be later: keys get mended, load goes away
other 4xx               Refused      it will never take this one
500 502 504 other 5xx   Unresolved   it may have been taken before the error; `code` says it was an answer
NotSent                 Deferred     nothing left this machine
Unknown                 Unresolved   it left, and nothing whole came back; `code` is empty
"""

from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved

_DEFERRED = frozenset({401, 407, 408, 425, 429, 503})
_LONGEST_ASKED_S = 3600.0


def outcome_of(status: int, retry_after: str = "") -> Outcome:
    """Return the outcome that this status, with its Retry-After header in seconds, stands for."""
    code = str(status)
    if 200 <= status < 300:
        return Accepted()
    if status in _DEFERRED:
        return Deferred(f"the provider answered {code}", code, _seconds(retry_after))
    if status >= 500:
        return Unresolved(f"the provider answered {code}", code)
    what = "a redirect, which is not followed" if 300 <= status < 400 else code
    return Refused(f"the provider answered {what}", code)


def not_sent(reason: str) -> Outcome:
    """Return the outcome of a request that surely never left."""
    return Deferred(reason, "not_sent")


def unknown(reason: str) -> Outcome:
    """Return the outcome of a request that left and got no whole answer."""
    return Unresolved(reason)


def _seconds(retry_after: str) -> float:
    """Read Retry-After's seconds; its date form and nonsense count as not said."""
    try:
        asked = float(retry_after) if retry_after else 0.0
    except ValueError:
        return 0.0
    return min(asked, _LONGEST_ASKED_S) if asked > 0 else 0.0
