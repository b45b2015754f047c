"""Wall time: the moment at which a clock in some zone shows a given day and time, and arithmetic on such days.

Days are calendar days, as RFC 5545 (3.3.6) counts them: a day later is the same time on the next day, however many
hours that is. A clock that is put forward skips times, and one that is put back shows some of them twice.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

_SECOND: Final = timedelta(seconds=1)
_WEEK: Final = 7  # days


def moment_of(day: date, at: time, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, at which clocks in `zone` show `at` on `day`.

    Of a time that they show twice it is the first. For one that they skip it is the first moment after the gap.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    later = wall.replace(tzinfo=zone).astimezone(UTC)
    if later.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return later
    earlier = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _end_of_gap(earlier, later, zone)


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the moment between these two at which the clock was put forward, to the second."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """Return the day that it is in `zone` at this moment."""
    return moment.astimezone(zone).date()


def next_time(after: datetime, at: time, zone: tzinfo, weekday: int | None = None) -> datetime:
    """Return the first moment from `after` on at which it is `at` in `zone`: `after` itself if it is that second.

    `weekday` (Monday is 0) is the day of the week in `zone` on which it must be; None takes any day.
    """
    second = after.replace(microsecond=0)
    day = day_of(after, zone)
    while True:
        if weekday is None or day.weekday() == weekday:
            moment = moment_of(day, at, zone)
            if moment >= second:
                return max(moment, after)
        day += timedelta(days=1 if weekday is None else (weekday - day.weekday() - 1) % _WEEK + 1)


def days_later(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the moment with the same wall time in `zone` this many calendar days later, earlier if negative."""
    local = moment.astimezone(zone)
    return _same_time(local.date() + timedelta(days=days), local, zone)


def months_later(moment: datetime, months: int, zone: tzinfo) -> datetime:
    """Return the moment with the same wall time in `zone` this many months later: the last day of a shorter month."""
    local = moment.astimezone(zone)
    return _same_time(month_shifted(local.date(), months), local, zone)


def _same_time(day: date, local: datetime, zone: tzinfo) -> datetime:
    """Return the moment of a local time on another day; a second hour stays a second hour where that day has one."""
    moment = moment_of(day, local.timetz(), zone)
    if local.fold and day == local.date():
        return local.astimezone(UTC)
    return moment


def month_shifted(day: date, months: int) -> date:
    """Return the same day this many months later, or the last day of a month that has no such day.

    Raises OverflowError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"no such year: {year}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_year(day: date, year: int) -> date:
    """Return the same day of another year: 28 February for the 29th where the year has none."""
    return month_shifted(day, 12 * (year - day.year))
