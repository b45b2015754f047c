"""When a callback counts as taken and when it is posted again. Pure.

8x8 contract 3.1: again after 1, 10, 30 and 90 s on a connection error, a time-out, any 4xx and 5xx, then dropped.
CleverTap contract 2.3: on a 5xx of its own it wants 10 minutes and exponential back-off.
"""

from datetime import timedelta
from typing import Final

from tellwire.gateway.contract.drafts import CallbackStyle

_WAITS_S: Final = (1, 10, 30, 90)
# An SMPP customer gets its receipts within 48 hours (8x8 contract 2.9). One that is not bound is tried when it binds;
# the hour is for what that should miss. One that is bound and does not answer is tried less and less often.
_CUSTOMER_WITHIN: Final = timedelta(hours=48)
_AWAY: Final = timedelta(hours=1)
_CUSTOMER_FIRST_S: Final = 20.0
_CUSTOMER_LONGEST_S: Final = 600.0
_CLEVERTAP_5XX_WAITS_S: Final = (600, 1200, 2400, 4800)


def is_taken(status: int) -> bool:
    """Say whether an answer with this HTTP status means that the receiver has the callback."""
    return 200 <= status < 300


def wait_after(style: CallbackStyle, attempts: int, status: int | None) -> timedelta | None:
    """Return the wait after try number `attempts` (from 1) failed, None when it was the last.

    `status` is the answer's, None when there was none.
    """
    is_busy_clevertap = style == "clevertap" and status is not None and status >= 500
    waits_s = _CLEVERTAP_5XX_WAITS_S if is_busy_clevertap else _WAITS_S
    return timedelta(seconds=waits_s[attempts - 1]) if attempts <= len(waits_s) else None


def wait_for_customer(attempts: int, age: timedelta, *, is_away: bool) -> timedelta | None:
    """Return the wait after try number `attempts` (from 1) to tell an SMPP customer; None when it is too old.

    `is_away` says that nobody was bound.
    """
    if age >= _CUSTOMER_WITHIN:
        return None
    doubled_s = min(_CUSTOMER_LONGEST_S, _CUSTOMER_FIRST_S * 2.0 ** min(attempts - 1, 16))
    return _AWAY if is_away else timedelta(seconds=doubled_s)
