"""The filters `date` and `date_tz` (CleverTap contract 6.4): any form a date comes in, written as a format says.

`"now"` is the moment of deciding, in UTC, and not in India's time zone as with CleverTap.
"""

import re
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from liquid import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from liquid.undefined import is_undefined

from tellwire.platform.compose.names import Moment

_FORMAT_LIMIT: Final = 128
_DATE_TEXT_LIMIT: Final = 64
_MILLISECONDS_FROM: Final = 10**11  # as seconds that is the year 5138; JavaScript's clocks count milliseconds
_FRACTION: Final = re.compile(r"%%|%([0-9]?)([LN])")  # Ruby's: L milliseconds, N nanoseconds, 3N three digits
_ZONE_END: Final = re.compile(r"\s+(?:UTC|GMT|Z)$|\s+(?=[+-][0-9]{2}:?[0-9]{2}$)")
_WIDE: Final = re.compile(r"%[-_0^#]*[0-9]{3,}")  # glibc pads to any width


@with_context
def date(value: Any, form: Any = None, *, context: RenderContext) -> Any:
    """Write a date in UTC; what is none comes back unchanged, as in the reference implementation."""
    return _written(value, form, UTC, context)


@with_context
def date_tz(value: Any, form: Any = None, zone: Any = "UTC", *, context: RenderContext) -> Any:
    """Write a date in an IANA time zone, as `"Asia/Singapore"`."""
    return _written(value, form, _zone(zone), context)


def _written(value: Any, form: Any, zone: tzinfo, context: RenderContext) -> Any:
    moment = _moment(value, context)
    if moment is None:
        return "" if is_undefined(value) else value
    if not isinstance(form, str) or not form:
        return str(Moment(moment))
    if len(form) > _FORMAT_LIMIT or _WIDE.search(form):
        raise FilterArgumentError("the format of a date is too long", token=None)
    try:
        return moment.astimezone(zone).strftime(_with_fraction(form, moment))
    except (ValueError, OverflowError) as problem:
        raise FilterArgumentError("this date cannot be written in that format", token=None) from problem


def _with_fraction(form: str, moment: datetime) -> str:
    """Return the format with the parts of a second written out, which Python's has no letters for."""
    digits = f"{moment.microsecond:06d}000"

    def written(letter: re.Match[str]) -> str:
        if letter[2] is None:
            return letter[0]
        return digits[: int(letter[1] or {"L": 3, "N": 9}[letter[2]])]

    return _FRACTION.sub(written, form)


def _moment(value: Any, context: RenderContext) -> datetime | None:
    match value:
        case Moment():
            return value.at
        case bool():
            return None
        case int() | float():
            return _of_epoch(value)
        case "now" | "today":
            moment: datetime = context.now  # type: ignore[attr-defined]  # renders use compose.environment.Context
            return moment
        case str() if len(value) <= _DATE_TEXT_LIMIT:
            return _of_epoch(int(value)) if value.isascii() and value.isdigit() else _of_text(value)
        case _:
            return None


def _of_epoch(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _of_text(text: str) -> datetime | None:
    text = text.strip()
    end = _ZONE_END.search(text)
    if end is not None:  # as `Moment` prints it, and as Ruby does
        text = text[: end.start()] + (text[end.end() :] or "+00:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _zone(name: Any) -> tzinfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise FilterArgumentError("no such time zone; write it as Asia/Singapore", token=None) from problem
