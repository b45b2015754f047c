"""Quiet hours: their edges, over midnight, over a change of the clock, and where several meet."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tellwire.platform.decide.quiet import Zoned, end_of_quiet, quiet_at
from tellwire.platform.model.guard import QuietHours

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Zoned(QuietHours(begins=time(22), ends=time(8)), BERLIN)
LUNCH = Zoned(QuietHours(begins=time(12), ends=time(13)), BERLIN)
WEEKEND = Zoned(QuietHours(begins=time(0), ends=time(23, 59), days=("saturday", "sunday")), BERLIN)
EARLY = Zoned(QuietHours(begins=time(8), ends=time(9)), BERLIN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "quiet", "end"),
    [
        ("2026-06-01 21:59:59", NIGHT, "2026-06-01 21:59:59"),
        ("2026-06-01 22:00:00", NIGHT, "2026-06-02 08:00:00"),
        ("2026-06-02 00:30:00", NIGHT, "2026-06-02 08:00:00"),
        ("2026-06-02 07:59:59", NIGHT, "2026-06-02 08:00:00"),
        ("2026-06-02 08:00:00", NIGHT, "2026-06-02 08:00:00"),
        ("2026-06-01 12:00:00", LUNCH, "2026-06-01 13:00:00"),
        ("2026-06-01 13:00:00", LUNCH, "2026-06-01 13:00:00"),
        ("2026-03-28 23:00:00", NIGHT, "2026-03-29 08:00:00"),  # clocks go forward in it
        ("2026-10-24 23:00:00", NIGHT, "2026-10-25 08:00:00"),  # and back
        ("2026-06-05 12:00:00", WEEKEND, "2026-06-05 12:00:00"),  # a Friday
        ("2026-06-06 12:00:00", WEEKEND, "2026-06-06 23:59:00"),
    ],
)
def test_when_they_end(now: str, quiet: Zoned, end: str) -> None:
    assert end_of_quiet(at(now), [quiet]) == at(end)


def test_a_hold_ends_at_the_first_moment_outside_of_all() -> None:
    assert end_of_quiet(at("2026-06-01 23:00:00"), [EARLY, NIGHT]) == at("2026-06-02 09:00:00")


def test_hours_that_leave_no_moment_have_no_end() -> None:
    day = Zoned(QuietHours(begins=time(8), ends=time(22)), BERLIN)

    assert end_of_quiet(at("2026-06-01 23:00:00"), [NIGHT, day]) is None


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert end_of_quiet(at("2026-06-01 23:00:00"), []) == at("2026-06-01 23:00:00")
    assert quiet_at(at("2026-06-01 23:00:00"), []) is None


def test_which_hours_it_is() -> None:
    assert quiet_at(at("2026-06-01 12:30:00"), [NIGHT, LUNCH]) == LUNCH


def test_hours_over_midnight_hold_on_the_day_on_which_they_begin() -> None:
    friday = Zoned(QuietHours(begins=time(22), ends=time(8), days=("friday",)), BERLIN)

    assert end_of_quiet(at("2026-06-06 03:00:00"), [friday]) == at("2026-06-06 08:00:00")
    assert end_of_quiet(at("2026-06-06 23:00:00"), [friday]) == at("2026-06-06 23:00:00")
