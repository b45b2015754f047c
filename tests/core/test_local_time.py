"""Wall time: both changes of the clock, zones that skip days, short months, and the person's own weekday."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.local_time import days_later, in_year, moment_of, month_shifted, months_later, next_time

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
CHATHAM = ZoneInfo("Pacific/Chatham")
ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, APIA, CHATHAM, ZoneInfo("Asia/Kathmandu"), UTC])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - in UTC
NINE = time(9)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2026, 6, 1), time(9), BERLIN, "2026-06-01 07:00"),
        (date(2026, 3, 29), time(2, 30), BERLIN, "2026-03-29 01:00"),  # skipped: 03:00 is the first after
        (date(2026, 3, 29), time(3), BERLIN, "2026-03-29 01:00"),
        (date(2026, 10, 25), time(2, 30), BERLIN, "2026-10-25 00:30"),  # twice: the first
        (date(2026, 3, 8), time(2), NEW_YORK, "2026-03-08 07:00"),
        (date(2026, 11, 1), time(1, 59), NEW_YORK, "2026-11-01 05:59"),
        (date(2026, 10, 4), time(2, 15), LORD_HOWE, "2026-10-03 15:30"),  # a gap of half an hour
        (date(2026, 4, 5), time(1, 45), LORD_HOWE, "2026-04-04 14:45"),
        (date(2011, 12, 30), time(12), APIA, "2011-12-30 10:00"),  # a day that never was
    ],
)
def test_the_moment_of_a_wall_time(day: date, at: time, zone: ZoneInfo, expected: str) -> None:
    assert moment_of(day, at, zone) == utc(expected)


@given(MOMENTS, ZONES)
def test_a_time_that_a_clock_shows_leads_back_to_the_first_moment_at_which_it_shows_it(
    moment: datetime, zone: ZoneInfo
) -> None:
    local = moment.astimezone(zone)

    again = moment_of(local.date(), local.time(), zone)

    assert again.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
    assert again == moment or (local.fold == 1 and again < moment)


@pytest.mark.parametrize("days", range(-3, 4))
def test_nine_stays_nine_over_both_changes_of_the_clock(days: int) -> None:
    for around in (date(2026, 3, 29), date(2026, 10, 25)):
        moved = days_later(moment_of(around, NINE, BERLIN), days, BERLIN).astimezone(BERLIN)
        assert (moved.date(), moved.time()) == (around + timedelta(days=days), NINE)


def test_no_day_later_is_the_same_moment_in_the_second_of_two_hours_too() -> None:
    second = utc("2026-10-25 01:30")

    assert days_later(second, 0, BERLIN) == second
    assert days_later(second, 1, BERLIN) == utc("2026-10-26 01:30")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 6, 30), 0, date(2026, 6, 30)),
    ],
)
def test_a_month_after_the_31st_is_the_last_day(day: date, months: int, expected: date) -> None:
    assert month_shifted(day, months) == expected


@pytest.mark.parametrize("months", [12 * 8_000, -12 * 3_000])
def test_a_year_that_no_calendar_has_is_refused(months: int) -> None:
    with pytest.raises(OverflowError):
        month_shifted(date(2026, 1, 1), months)


def test_a_month_later_keeps_the_time_of_the_day() -> None:
    assert months_later(utc("2026-01-31 08:00"), 1, BERLIN) == utc("2026-02-28 08:00")
    assert months_later(utc("2026-02-28 08:00"), 1, BERLIN) == utc("2026-03-28 08:00")
    assert months_later(utc("2026-03-15 08:00"), 1, BERLIN) == utc("2026-04-15 07:00")


def test_29_february_is_the_28th_in_other_years() -> None:
    assert in_year(date(2024, 2, 29), 2026) == date(2026, 2, 28)
    assert in_year(date(2024, 2, 29), 2028) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("after", "at", "weekday", "expected"),
    [
        ("2026-06-01 06:59:59", NINE, None, "2026-06-01 07:00:00"),
        ("2026-06-01 07:00:00", NINE, None, "2026-06-01 07:00:00"),  # already now: at once
        ("2026-06-01 07:00:01", NINE, None, "2026-06-02 07:00:00"),
        ("2026-06-01 07:00:01", NINE, 0, "2026-06-08 07:00:00"),  # a Monday, and just over
        ("2026-06-01 06:00:00", NINE, 0, "2026-06-01 07:00:00"),
        (
            "2026-05-31 22:30:00",
            time(0, 15),
            0,
            "2026-06-07 22:15:00",
        ),  # Monday 00:30 in Berlin, Sunday in UTC
        ("2026-03-28 02:00:00", time(2, 30), None, "2026-03-29 01:00:00"),  # in the gap: when it ends
    ],
)
def test_the_next_moment_at_a_time(after: str, at: time, weekday: int | None, expected: str) -> None:
    assert next_time(utc(after), at, BERLIN, weekday) == utc(expected)


def test_the_very_second_counts_as_now_whatever_its_fraction() -> None:
    now = utc("2026-06-01 07:00:00").replace(microsecond=400_000)

    assert next_time(now, NINE, BERLIN) == now


@given(MOMENTS, ZONES, st.times(), st.none() | st.integers(0, 6))
def test_the_next_moment_is_never_before_now_and_at_most_a_day_or_a_week_away(
    after: datetime, zone: ZoneInfo, at: time, weekday: int | None
) -> None:
    found = next_time(after, at, zone, weekday)

    assert (
        after
        <= found
        <= after + (timedelta(days=2, hours=2) if weekday is None else timedelta(days=14, hours=2))
    )
    assert weekday is None or found.astimezone(zone).weekday() in {weekday, (weekday + 1) % 7}
