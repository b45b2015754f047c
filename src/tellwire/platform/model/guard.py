"""Guards: what keeps a campaign, or the account as a whole, from writing too much or at the wrong time."""

from datetime import time
from typing import Final, Literal, get_args

import msgspec

from tellwire.platform.model.duration import Duration

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)  # Monday is the first, as of `date.weekday`

CAPS_LIMIT: Final = 10  # windows of one guard; each is looked at for every message
CAP_COUNT_LIMIT: Final = 1_000


class Cap(msgspec.Struct, frozen=True):
    """At most `count` messages to one person in any window of this length: in (t - window, t] at any moment t."""

    count: int
    window: Duration


class Throttle(msgspec.Struct, frozen=True):
    """At most `count` messages of one broadcast at once, and the next as many a window later."""

    count: int
    window: Duration


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much at most. A campaign's count its own messages, the account's count all.

    `per_person` are caps, `gap` the least time between two messages to one person, `ever` how often one person may
    enter. `per_run` and `per_day` are messages to all people, of one run and on one day of the account's zone;
    at `cut_off`, a time of that day, a run ends.
    """

    per_person: tuple[Cap, ...] = ()
    ever: int | None = None
    gap: Duration | None = None
    per_run: int | None = None
    per_day: int | None = None
    throttle: Throttle | None = None
    cut_off: time | None = None


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of the day, [begins, ends), at which nobody is written to; over midnight if they end before they begin.

    `days` are those on which they begin, all if empty. `then` says what becomes of a message at such an hour.
    """

    begins: time
    ends: time
    days: tuple[Weekday, ...] = ()
    zone: Literal["person", "account"] = "person"
    then: Literal["delay", "discard"] = "delay"
