"""When a date lets a person enter: once or each year, shifted, at a time of the day. Pure.

The zone is the person's, and dates are read in the account's (CAMPAIGNS 10.18).
"""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from tellwire.kernel.local_time import in_year, moment_of
from tellwire.platform.decide.due import day_in, moment_on
from tellwire.platform.model.start import OnDate
from tellwire.platform.model.value import Value

_NOTHING: Final = timedelta(0)


class Zones(NamedTuple):
    """The person's zone and the account's."""

    person: tzinfo
    account: tzinfo


class Coming(NamedTuple):
    """The moment that is next, None if there is none, and the one that was missed, if one was."""

    due: datetime | None
    missed: datetime | None = None


def coming(start: OnDate, value: Value, now: datetime, zones: Zones) -> Coming | None:
    """Return when the person may enter by a date of which we learn now, None if the value is no date.

    A date that comes once is missed if its moment has passed. One of each year is missed if this year's moment has
    passed and its day has not.
    """
    second = now.replace(microsecond=0)
    if start.yearly:
        base = _base(start, value, zones)
        return None if base is None else _yearly(start, base, second, zones.person)
    moment = moment_on(value, start.shift, start.at, zones.person, zones.account)
    if moment is None:
        return None
    return Coming(None, moment) if moment < second else Coming(moment)


def next_year(start: OnDate, value: Value, after: datetime, zones: Zones) -> datetime | None:
    """Return the first moment after this one, None where the start is not yearly or the value is no date."""
    base = _base(start, value, zones) if start.yearly else None
    if base is None:
        return None
    return next((moment for _, moment in _years(start, base, after, zones.person) if moment > after), None)


class _Base(NamedTuple):
    """The day that comes again, and the time of it."""

    day: date
    at: time


def _base(start: OnDate, value: Value, zones: Zones) -> _Base | None:
    if start.at is not None:
        day = day_in(value, zones.account)
        return None if day is None else _Base(day, start.at)
    moment = moment_on(value, None, None, zones.person, zones.account)
    if moment is None:
        return None
    try:
        local = moment.astimezone(zones.person)
    except OverflowError:
        return None
    return _Base(local.date(), local.timetz().replace(tzinfo=None))


def _yearly(start: OnDate, base: _Base, second: datetime, zone: tzinfo) -> Coming:
    missed: datetime | None = None
    for day, moment in _years(start, base, second, zone):
        if moment >= second:
            return Coming(moment, missed)
        missed = moment if moment_of(day + timedelta(days=1), time.min, zone) > second else None
    return Coming(None, missed)


def _years(start: OnDate, base: _Base, around: datetime, zone: tzinfo) -> list[tuple[date, datetime]]:
    """Return the day and the moment in each of the years around a moment, none before the date itself."""
    first = max(base.day.year, _year_before(start, around))
    moments: list[tuple[date, datetime]] = []
    for year in range(first, first + 4):
        try:
            day = in_year(base.day, year)
            moment = moment_of(day, base.at, zone)
            moments.append((day, moment if start.shift is None else start.shift.after(moment, zone)))
        except OverflowError:
            break
    return moments


def _year_before(start: OnDate, around: datetime) -> int:
    shift = _NOTHING if start.shift is None else start.shift.span
    try:
        return (around - shift).year - 1
    except OverflowError:
        return around.year - 1
