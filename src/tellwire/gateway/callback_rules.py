"""When a callback counts as taken and when it is posted again. Pure.

8x8 contract 3.1: again after 1, 10, 30 and 90 s on a connection error, a time-out, any 4xx and 5xx, then dropped.
CleverTap contract 2.3: on a 5xx of its own it wants 10 minutes and exponential back-off.
"""

from datetime import timedelta
from typing import Final

from tellwire.gateway.contract.drafts import CallbackStyle
from tellwire.gateway.contract.styles import is_smpp

_WAITS_S: Final = (1, 10, 30, 90)
# An SMPP customer who is not bound gets its receipts when it is, within 48 hours (8x8 contract 2.9).
_SMPP_WAIT_S: Final = 20
_SMPP_TRIES: Final = 48 * 3600 // _SMPP_WAIT_S
_CLEVERTAP_5XX_WAITS_S: Final = (600, 1200, 2400, 4800)


def is_taken(status: int) -> bool:
    """Say whether an answer with this HTTP status means that the receiver has the callback."""
    return 200 <= status < 300


def wait_after(style: CallbackStyle, attempts: int, status: int | None) -> timedelta | None:
    """Return the wait after try number `attempts` (from 1) failed, None when it was the last.

    `status` is the answer's, None when there was none.
    """
    if is_smpp(style):
        return timedelta(seconds=_SMPP_WAIT_S) if attempts < _SMPP_TRIES else None
    is_busy_clevertap = style == "clevertap" and status is not None and status >= 500
    waits_s = _CLEVERTAP_5XX_WAITS_S if is_busy_clevertap else _WAITS_S
    return timedelta(seconds=waits_s[attempts - 1]) if attempts <= len(waits_s) else None
