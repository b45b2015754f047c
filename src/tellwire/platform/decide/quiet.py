"""Quiet hours: times of the day at which nobody is written to, in the person's zone or the account's. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from tellwire.kernel.local_time import day_of, moment_of
from tellwire.platform.model.guard import WEEKDAYS, QuietHours

_DAY: Final = timedelta(days=1)
# Ends of hours that meet each other's beginning: after so many days without a free moment there is none.
_HORIZON: Final = timedelta(days=15)


class Zoned(NamedTuple):
    """Quiet hours, and the zone in which their clock stands."""

    hours: QuietHours
    zone: tzinfo


def end_of_quiet(now: datetime, quiet: Sequence[Zoned]) -> datetime | None:
    """Return the first moment from `now` on that is outside all of these: `now` itself if it is, None if none is.

    Hours are [from, to): the last moment of them is the one before `to`.
    """
    moment = now
    while moment - now <= _HORIZON:
        ends = [end for one in quiet if (end := _end(moment, one)) is not None]
        if not ends:
            return moment
        moment = max(ends)
    return None


def quiet_at(now: datetime, quiet: Sequence[Zoned]) -> Zoned | None:
    """Return the first of these hours that it is now, None if it is none of them."""
    return next((one for one in quiet if _end(now, one) is not None), None)


def _end(moment: datetime, quiet: Zoned) -> datetime | None:
    """Return when the quiet hours that it is at this moment end, None if it is none."""
    today = day_of(moment, quiet.zone)
    for day in (today - _DAY, today):  # those of yesterday may go on over midnight
        if quiet.hours.days and WEEKDAYS[day.weekday()] not in quiet.hours.days:
            continue
        begins = moment_of(day, quiet.hours.begins, quiet.zone)
        is_over_midnight = quiet.hours.ends <= quiet.hours.begins
        ends = moment_of(day + _DAY if is_over_midnight else day, quiet.hours.ends, quiet.zone)
        if begins <= moment < ends:
            return ends
    return None
