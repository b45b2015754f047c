"""Rules of RFC 5545 (3.3.10) as wall times: on which days something comes again.

The library keeps looking for the next day of a rule until the year 9999. The calendar repeats itself every 400 years,
so it is asked in the last of these: a rule that has no day at all is known as such after 0.3 s, and not after ten.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from dateutil.rrule import rrulestr

OCCURRENCES_LIMIT: Final = 10_000  # of one rule that are looked at: daily for 27 years

_CYCLE: Final = 400  # years
_LAST_CYCLE: Final = 9_600
_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_BOUNDS: Final = {"INTERVAL": 1_000, "COUNT": OCCURRENCES_LIMIT}
_PARTS: Final = frozenset(
    {"FREQ", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST", *_BOUNDS}
)
_ITEMS_LIMIT: Final = 400  # of one BY part: the days of a year, and some


def rule_problem(rule: str) -> str | None:
    """Return what is wrong with a rule, None if it has days."""
    parts = [part.partition("=") for part in _written(rule).split(";")]
    names = [name for name, _, _ in parts]
    values = {name: value for name, _, value in parts}
    unknown = next((name for name in names if name not in _PARTS), None)
    if unknown is not None:
        return _UNKNOWN.get(unknown, f"“{unknown[:20]}” is no part of a rule: write FREQ=WEEKLY;BYDAY=FR")
    if len(values) != len(names):
        return "a part stands in it twice"
    if values.get("FREQ") not in _FREQUENCIES:
        return "FREQ has to be DAILY, WEEKLY, MONTHLY or YEARLY; the time of the day is at"
    for name, most in _BOUNDS.items():
        value = values.get(name, "1")
        if not (value.isascii() and value.isdecimal() and 1 <= int(value[:9]) <= most):
            return f"{name} has to be a whole number from 1 to {most}"
    if any(value.count(",") > _ITEMS_LIMIT for value in values.values()):
        return f"a part has more than {_ITEMS_LIMIT} items"
    return _empty_problem(rule)


_UNKNOWN: Final = dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), "the time of the day is at")


class Ended(NamedTuple):
    """A rule without its end, and the end as the rule has it: a day (`20261231`) or a moment (`20261231T120000Z`)."""

    rule: str
    until: str | None


def end_of(rule: str) -> Ended:
    """Return a rule, as it is written in the standard, without the end in it."""
    parts = _written(rule).split(";")
    ends = [part for part in parts if part.startswith("UNTIL=")]
    if len(ends) != 1:
        return Ended(";".join(parts), None)
    return Ended(";".join(part for part in parts if part not in ends), ends[0].removeprefix("UNTIL="))


def wall_times(rule: str, first: datetime) -> Iterator[datetime]:
    """Yield the wall times of a rule that begins at the wall time `first`, in order, at most `OCCURRENCES_LIMIT`."""
    years = max(0, _LAST_CYCLE - first.year + first.year % _CYCLE)
    occurrences = rrulestr(_written(rule), dtstart=first.replace(year=first.year + years))
    for occurrence in islice(occurrences, OCCURRENCES_LIMIT):
        yield occurrence.replace(year=occurrence.year - years)


def _empty_problem(rule: str) -> str | None:
    try:
        is_empty = next(wall_times(rule, datetime(2000, 1, 1)), None) is None  # noqa: DTZ001 - a wall time
    except (ValueError, TypeError, KeyError, IndexError) as problem:
        return f"it cannot be read ({problem})"
    return "it has no day" if is_empty else None


def _written(rule: str) -> str:
    text = "".join(rule.split()).upper().rstrip(";")
    return text.removeprefix("RRULE:")
