"""SMPP times (7.1.1) written and read: absolute with an offset, relative to now, or none."""

from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

TimeForm: TypeAlias = Literal["absolute", "relative", "none"]

_LONGEST_RELATIVE_S = 30 * 86400  # relative time has no unambiguous month


def write_time(moment: datetime | None, now: datetime, form: TimeForm) -> str:
    """Return an aware UTC moment as validity_period or schedule_delivery_time wants it; empty when there is none."""
    if moment is None or form == "none":
        return ""
    if form == "absolute":
        return f"{moment:%y%m%d%H%M%S}000+"
    seconds = min(max(0, round((moment - now).total_seconds())), _LONGEST_RELATIVE_S)
    days, seconds = divmod(seconds, 86400)
    return f"0000{days:02d}{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}000R"


def read_time(text: str, now: datetime) -> datetime | None:
    """Return the aware UTC moment of a 16-character time; None when there is none or it cannot be.

    A relative year is 365 days and a relative month 30.
    """
    if len(text) != 16 or not (text[:15].isascii() and text[:15].isdecimal()):
        return None
    years, months, days, hours, minutes, seconds = (int(text[at : at + 2]) for at in range(0, 12, 2))
    sign = text[15]
    if sign == "R":
        return now + timedelta(
            days=365 * years + 30 * months + days, hours=hours, minutes=minutes, seconds=seconds
        )
    if sign not in "+-":
        return None
    try:
        moment = datetime(2000 + years, months, days, hours, minutes, seconds, tzinfo=UTC)
    except ValueError:
        return None
    east = timedelta(minutes=15 * int(text[13:15]))
    return moment - east if sign == "+" else moment + east
