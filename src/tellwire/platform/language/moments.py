"""Days and moments, as texts in ISO 8601. Every reader raises `Unreadable` with the path that it was given.

A moment without an offset is a wall time, and stays one: whose is said beside it. Years are bounded, so that whoever
counts from a moment stays in the calendar.
"""

import re
from datetime import datetime, time
from typing import Final

from tellwire.platform.language.unreadable import Unreadable

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_END: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
YEARS: Final = range(1900, 9000)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:", re.ASCII)


def read_moment(text: str, path: str) -> datetime:
    """Return the moment of a text in ISO 8601; without an offset it is a wall time."""
    try:
        if _MOMENT.match(text.strip()):
            return _bounded(datetime.fromisoformat(text.strip()), path)
    except ValueError:
        pass
    raise Unreadable(
        {path: f"“{text[:40]}” is not a moment: write 2026-06-06T09:00, or with a zone's offset."}
    )


def _bounded(moment: datetime, path: str) -> datetime:
    if moment.year not in YEARS:
        raise Unreadable({path: f"{moment.year} is no year from {YEARS[0]} to {YEARS[-1]}."})
    return moment


def read_bound(text: str, path: str, at: time) -> datetime:
    """Return a moment, or that of a day at this time."""
    if _DAY.fullmatch(text.strip()) is None:
        return read_moment(text, path)
    try:
        return _bounded(datetime.combine(datetime.fromisoformat(text.strip()).date(), at), path)
    except ValueError:
        raise Unreadable({path: f"“{text[:40]}” is not a day: write 2026-06-06."}) from None


def read_end(text: str, path: str) -> datetime:
    """Return the end that a rule has in the form of RFC 5545."""
    written = _END.fullmatch(text)
    if written is None:
        raise Unreadable({path: f"“{text[:40]}” is not an UNTIL: write 20261231 or 20261231T120000Z."})
    year, month, day, hour, minute, second, is_utc = written.groups()
    date = f"{year}-{month}-{day}"
    clock = f"T{hour}:{minute}:{second}{is_utc}" if hour else ""
    return read_bound(f"{date}{clock}", path, time.max)


def write_bound(moment: datetime, of_day: time) -> str:
    """Return the text of a moment, that of its day alone where it is at this time of it."""
    is_day = moment.tzinfo is None and moment.timetz() == of_day
    return moment.date().isoformat() if is_day else moment.isoformat()
