"""Caps and gaps: how often one person was written to, by true windows and not by calendar days. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Cap


class Reached(NamedTuple):
    """A cap that is reached, and how many messages stand in its window."""

    cap: Cap
    messages: int


def reached(caps: Sequence[Cap], contacts: Sequence[datetime], now: datetime) -> Reached | None:
    """Return the first cap that one more message now would break, None if it would break none.

    `contacts` are the moments of the decisions to send, in any order. At most `count` of them, with the new one, may
    lie in (t - window, t] at any t: so all that are younger than a window count.
    """
    for cap in caps:
        since = now - cap.window.span
        count = sum(contact > since for contact in contacts)
        if count >= cap.count:
            return Reached(cap, count)
    return None


def end_of_gap(gap: Duration, contacts: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when the gap after the last message ends, None if it is over."""
    last = max(contacts, default=None)
    if last is None:
        return None
    ends = last + gap.span
    return ends if ends > now else None
