"""Durations as written, and what they are over a change of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tellwire.platform.model.duration import Duration, duration_of

BERLIN = ZoneInfo("Europe/Berlin")
EVE = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the day before clocks go forward in Berlin


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("45 seconds", Duration(45, "second")),
        ("1 minute", Duration(1, "minute")),
        ("1 minutes", Duration(1, "minute")),
        ("2 hour", Duration(2, "hour")),
        (" 3 Days ", Duration(3, "day")),
        ("1 week", Duration(1, "week")),
        ("2 months", Duration(2, "month")),
    ],
)
def test_what_people_write(text: str, duration: Duration) -> None:
    assert duration_of(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0 days",
        "-1 days",
        "1.5 hours",
        "days",
        "5",
        "2 years",
        "1 day 2 hours",
        "99999999 months",
        "११ days",
        "9 d",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    assert duration_of(text) is None


def test_a_shift_may_be_negative_or_nothing() -> None:
    assert duration_of("-3 days", is_signed=True) == Duration(-3, "day")
    assert duration_of("+3 days", is_signed=True) == Duration(3, "day")
    assert duration_of("0 days", is_signed=True) == Duration(0, "day")


def test_a_century_is_no_duration_and_ten_years_are() -> None:
    assert duration_of("120 months") is not None
    assert duration_of("123 months") is None
    assert duration_of("5200 weeks") is None


@pytest.mark.parametrize(
    ("duration", "hours"),
    [
        (Duration(24, "hour"), 24),
        (Duration(1, "day"), 23),
        (Duration(1, "week"), 7 * 24 - 1),
        (Duration(-1, "day"), -24),
        (Duration(90, "minute"), 1.5),
        (Duration(1, "month"), 31 * 24 - 1),
    ],
)
def test_hours_are_exact_and_days_are_of_the_calendar(duration: Duration, hours: float) -> None:
    assert duration.after(EVE, BERLIN) == EVE + timedelta(hours=hours)


def test_where_it_looks_back_a_day_is_24_hours() -> None:
    assert Duration(3, "day").span == timedelta(hours=72)


@pytest.mark.parametrize(
    ("duration", "text"), [(Duration(1, "day"), "1 day"), (Duration(-2, "hour"), "-2 hours")]
)
def test_it_is_written_as_it_is_read(duration: Duration, text: str) -> None:
    assert str(duration) == text
    assert duration_of(text, is_signed=True) == duration
