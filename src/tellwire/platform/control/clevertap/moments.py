"""`when` of a target: now, later, at several dates or again, as a start of the language (contract 4.8). Pure."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from tellwire.platform.control.clevertap.words import Words
from tellwire.platform.model.bounds import NAME_LIMIT
from tellwire.platform.model.start import MOMENTS_LIMIT

_MOMENT: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})[ T](\d{2}):(\d{2})", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):[0-5]\d", re.ASCII)
_ZONES: Final = {"user": "person", "account": "account"}
_TEXT: Final = 40
_INTERVALS: Final = 1_000
_OCCURRENCES: Final = 10_000

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS: Final = {str(number): day for number, day in enumerate(WEEKDAYS, start=1)}


class When(NamedTuple):
    """The start, and the time of the day at which a run ends, empty if it has none."""

    start: dict[str, Any]
    cut_off: str = ""
    is_recurring: bool = False


def read_when(body: Words) -> When:
    """Return when a body sends. Raises a `Problem`."""
    when = body.any("when")
    if when is None:
        raise body.refused("when", 'This is missing: write "now", "YYYYMMDD HH:MM" or an object.')
    if isinstance(when, str):
        if when.strip().casefold() == "now":
            return When({"at": "now"})
        return When({"at": _moment(body, "when", when)})
    words = body.object("when")
    assert words is not None  # noqa: S101 - it is there
    return _read(words)


def _read(when: Words) -> When:
    kind = when.text("type", NAME_LIMIT)
    zone = when.text("delivery_timezone", NAME_LIMIT) or "account"
    if zone not in _ZONES:
        raise when.refused("delivery_timezone", "This has to be user or account.")
    if when.flag("user_timezone_wrap_around"):
        why = "Whose moment has passed is left out here, and not written to a day later."
        raise when.refused("user_timezone_wrap_around", why)
    cut_off = _clock(when, "campaign_cutoff")
    match kind:
        case "now":
            start: dict[str, Any] = {"at": "now"}
        case "later":
            start = {"at": _moments(when), "zone": _ZONES[zone]}
        case "recurring":
            start = {**_recurring(when), "zone": _ZONES[zone]}
        case _:
            raise when.refused("type", "This has to be now, later or recurring.")
    when.end()
    return When(start, cut_off, kind == "recurring")


def _moments(when: Words) -> str | list[str]:
    written = when.any("delivery_date_time")
    if isinstance(written, list):
        items = when.texts("delivery_date_time", MOMENTS_LIMIT, _TEXT)
        return [_moment(when, f"delivery_date_time[{n}]", one) for n, one in enumerate(items)]
    return _moment(when, "delivery_date_time", when.demand("delivery_date_time", _TEXT))


def _recurring(when: Words) -> dict[str, Any]:
    """Return a rule of RFC 5545, from the moment at which it begins if one is said."""
    every = when.whole("repeats_every", 1, _INTERVALS) or 1
    kind = when.text("repeat_type", NAME_LIMIT) or "day"
    if kind not in {"day", "week"}:
        raise when.refused("repeat_type", "This has to be day or week.")
    days = _weekdays(when, "repeat_on_days_of_week")
    if days and kind == "day":
        raise when.refused("repeat_on_days_of_week", "This goes with repeat_type week.")
    occurrences = when.whole("end_by_occurrences", 1, _OCCURRENCES)
    begins, at = _beginning(when)
    parts = [f"FREQ={'DAILY' if kind == 'day' else 'WEEKLY'}"]
    parts += [f"INTERVAL={every}"] if every > 1 else []
    parts += [f"BYDAY={','.join(day[:2].upper() for day in days)}"] if days else []
    parts += [f"COUNT={occurrences}"] if occurrences else []
    start: dict[str, Any] = {"rule": ";".join(parts), "at": at}
    if begins:
        start["from"] = begins
    end = when.any("end_by_date")
    if end is not None:
        start["until"] = _day(when, "end_by_date", end)
    return start


def _beginning(when: Words) -> tuple[str, str]:
    """Return the day from which it recurs, empty if none is said, and the time of the day."""
    started, delivered = when.text("start_time", _TEXT), when.text("delivery_date_time", _TEXT)
    begins, at = "", ""
    for name, written in (("delivery_date_time", delivered), ("start_time", started)):
        if written is None:
            continue
        if name == "start_time" and _CLOCK.fullmatch(written):
            at = written
        else:
            begins, at = _moment(when, name, written).split("T")
    if not at:
        raise when.refused("start_time", "This is missing: write the time of the day, as 09:00.")
    return begins, at


def _weekdays(when: Words, name: str) -> Sequence[str]:
    """Return days of the week by name; numbers are those of ISO 8601, 1 for Monday."""
    return [weekday(when, name, written) for written in when.items(name, len(WEEKDAYS))]


def weekday(words: Words, name: str, written: Any) -> str:
    """Return a day of the week that is written by name, by its first letters or by its number in ISO 8601."""
    text = str(written).strip().casefold()
    if text in _NUMBERS:
        return _NUMBERS[text]
    days = [day for day in WEEKDAYS if len(text) > 1 and day.startswith(text)]
    if len(days) != 1:
        raise words.refused(name, "This has to be a day of the week: monday, or 1 for it.")
    return days[0]


def _moment(words: Words, name: str, written: str) -> str:
    match = _MOMENT.fullmatch(written.strip())
    if match is None:
        raise words.refused(name, "This has to be a moment as YYYYMMDD HH:MM.")
    year, month, day, hour, minute = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}"


def _day(words: Words, name: str, written: Any) -> str:
    match = _DAY.fullmatch(str(written).strip())
    if match is None:
        raise words.refused(name, "This has to be a day as YYYYMMDD.")
    return "-".join(match.groups())


def _clock(words: Words, name: str) -> str:
    written = words.text(name, _TEXT)
    if written is not None and _CLOCK.fullmatch(written) is None:
        raise words.refused(name, "This has to be a time of the day as HH:MM.")
    return written or ""
