"""Durations, times of the day and caps, as texts. Every reader raises `Unreadable` with the path that it was given."""

import re
from datetime import time
from typing import Final

from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.duration import Duration, duration_of
from tellwire.platform.model.guard import CAP_COUNT_LIMIT, Cap, Throttle

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_PER: Final = re.compile(r"([0-9]{1,9}) +per +(.+)", re.ASCII)
_THROTTLE_LIMIT: Final = 10_000_000


def read_duration(text: str, path: str, *, is_signed: bool = False) -> Duration:
    """Return the duration of a text such as `30 minutes`."""
    duration = duration_of(text, is_signed=is_signed)
    if duration is None:
        example = "-3 days" if is_signed else "30 minutes, 2 days or 1 month"
        raise Unreadable(
            {path: f"“{text[:40]}” is no duration, or one of more than ten years: write {example}."}
        )
    return duration


def read_time(text: str, path: str) -> time:
    """Return the time of a text such as `09:00`."""
    written = _CLOCK.fullmatch(text.strip())
    if written is None:
        raise Unreadable({path: f"“{text[:40]}” is not a time of the day: write 09:00."})
    return time.fromisoformat(f"{written[1]:0>2}:{written[2]}")


def write_time(at: time) -> str:
    """Return the text of a time."""
    return f"{at:%H:%M}"


def read_cap(text: str, path: str) -> Cap:
    """Return the cap of a text such as `3 per 7 days`."""
    count, window = _read_per(text, path, CAP_COUNT_LIMIT, "3 per 7 days")
    return Cap(count, window)


def read_throttle(text: str, path: str) -> Throttle:
    """Return the throttle of a text such as `500 per 5 minutes`."""
    count, window = _read_per(text, path, _THROTTLE_LIMIT, "500 per 5 minutes")
    return Throttle(count, window)


def write_per(limit: Cap | Throttle) -> str:
    """Return the text of a cap or a throttle."""
    return f"{limit.count} per {limit.window}"


def _read_per(text: str, path: str, limit: int, example: str) -> tuple[int, Duration]:
    written = _PER.fullmatch(text.strip().lower())
    window = None if written is None else duration_of(written[2])
    if written is None or window is None or not 1 <= int(written[1]) <= limit:
        raise Unreadable({path: f"“{text[:40]}” is not a limit: write {example}."})
    return int(written[1]), window
