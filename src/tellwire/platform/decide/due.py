"""When a wait is over. Pure; the zone is the person's, and dates are read in the account's (CAMPAIGNS 10.18)."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final, assert_never

from tellwire.kernel.local_time import day_of, moment_of, next_time
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import WEEKDAYS
from tellwire.platform.model.step import ForTime, Until, UntilDate, UntilTime
from tellwire.platform.model.value import Value, date_of


def due_of(until: Until, since: datetime, zone: tzinfo, account: tzinfo, value: Value) -> datetime | None:
    """Return when a wait that began at `since` is over, None if its date is no date.

    `value` is that of the property which an `UntilDate` names. A moment before `since` is over at once.
    """
    match until:
        case ForTime(duration):
            return duration.after(since, zone)
        case UntilTime(at=at, weekday=weekday):
            return next_time(since, at, zone, None if weekday is None else WEEKDAYS.index(weekday))
        case UntilDate(shift=shift, at=at):
            return moment_on(value, shift, at, zone, account)
        case _:
            assert_never(until)


def moment_on(
    value: Value, shift: Duration | None, at: time | None, zone: tzinfo, account: tzinfo
) -> datetime | None:
    """Return the moment of a date, shifted, at a time of the day in `zone` if one is given; None if it is no date.

    Without `at` a `$D_` value is the very moment, and a day without a time begins at its midnight in `zone`.
    """
    try:
        if at is None:
            moment = date_of(value) or written_moment(value, zone)
            return moment if moment is None or shift is None else shift.after(moment, zone)
        day = day_in(value, account)
        if day is None:
            return None
        moment = moment_of(day, at, zone)
        return moment if shift is None else shift.after(moment, zone)
    except OverflowError:
        return None


def day_in(value: Value, account: tzinfo) -> date | None:
    """Return the day that a property's value names: a `$D_` moment's day in the account's zone, a text's own day."""
    moment = date_of(value)
    if moment is not None:
        return day_of(moment, account)
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        return day_of(_aware(datetime.fromisoformat(text), account), account) if _MOMENT.match(text) else None
    except (ValueError, OverflowError):
        return None


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", re.ASCII)


def written_moment(value: Value, zone: tzinfo) -> datetime | None:
    """Return the moment of a text in ISO 8601, in `zone` where it names no offset; None if it is no such text."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        if _DAY.fullmatch(text):
            return moment_of(date.fromisoformat(text), time.min, zone)
        return _aware(datetime.fromisoformat(text), zone).astimezone(UTC) if _MOMENT.match(text) else None
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment_of(moment.date(), moment.timetz(), zone) if moment.tzinfo is None else moment
