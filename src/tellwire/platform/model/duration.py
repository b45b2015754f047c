"""Durations as people write them: `45 seconds`, `3 days`, `2 months`.

Hours and less are exact. Days, weeks and months are of the calendar, in somebody's zone: 09:00 stays 09:00 over a
change of the clock. Where a duration counts or looks back instead of waiting, a day is 24 hours (`span`).
"""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal

import msgspec

from tellwire.kernel.local_time import days_later, months_later

Unit = Literal["second", "minute", "hour", "day", "week", "month"]

LONGEST: Final = timedelta(days=3_660)  # ten years: who waits for longer has mistyped

_WRITTEN: Final = re.compile(r"([+-]?)([0-9]{1,9}) +(second|minute|hour|day|week|month)s?")
_SPANS: Final[dict[Unit, timedelta]] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


class Duration(msgspec.Struct, frozen=True):
    """So many units; a negative count is a time before, as of a date that is shifted."""

    count: int
    unit: Unit

    @property
    def span(self) -> timedelta:
        """The duration where it counts or looks back: a day is 24 hours, and a month 30 days."""
        return self.count * _SPANS[self.unit]

    def after(self, moment: datetime, zone: tzinfo) -> datetime:
        """Return the moment, in UTC, that is this much later; days and more are calendar days in `zone`.

        Raises OverflowError where no calendar has that moment.
        """
        match self.unit:
            case "day":
                return days_later(moment, self.count, zone)
            case "week":
                return days_later(moment, 7 * self.count, zone)
            case "month":
                return months_later(moment, self.count, zone)
            case _:
                return moment + self.span

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if abs(self.count) == 1 else 's'}"


def duration_of(text: str, *, is_signed: bool = False) -> Duration | None:
    """Return the duration that `text` says, None if it says none or one beyond `LONGEST`.

    Counts are whole numbers from 1; `is_signed` takes 0 and those with a sign too.
    """
    written = _WRITTEN.fullmatch(text.strip().lower())
    if written is None:
        return None
    sign, digits, word = written.groups()
    if not is_signed and (sign or int(digits) == 0):
        return None
    unit = next(unit for unit in _SPANS if unit == word)
    count = int(digits)
    return None if count > LONGEST // _SPANS[unit] else Duration(-count if sign == "-" else count, unit)
