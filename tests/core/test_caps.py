"""Caps and gaps by true windows."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.decide.caps import Reached, end_of_gap, reached
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Cap

NOW = datetime(2026, 6, 1, 0, 30, tzinfo=UTC)
ONE_A_DAY = Cap(1, Duration(24, "hour"))
HOUR = timedelta(hours=1)


def test_two_messages_an_hour_apart_are_two_within_a_window_though_midnight_is_between_them() -> None:
    assert reached([ONE_A_DAY], [NOW - HOUR], NOW) == Reached(ONE_A_DAY, 1)


def test_a_message_exactly_one_window_old_counts_no_more() -> None:
    assert reached([ONE_A_DAY], [NOW - 24 * HOUR], NOW) is None
    assert reached([ONE_A_DAY], [NOW - 24 * HOUR + timedelta(microseconds=1)], NOW) == Reached(ONE_A_DAY, 1)


def test_the_first_cap_that_is_reached_is_named() -> None:
    three_a_week = Cap(3, Duration(7, "day"))
    contacts = [NOW - 30 * HOUR, NOW - 40 * HOUR, NOW - 50 * HOUR]

    assert reached([ONE_A_DAY, three_a_week], contacts, NOW) == Reached(three_a_week, 3)
    assert reached([ONE_A_DAY, three_a_week], contacts[1:], NOW) is None


@given(st.lists(st.integers(0, 400), max_size=40), st.integers(1, 4), st.integers(1, 48))
def test_no_window_ever_holds_more_than_the_cap(minutes: list[int], count: int, hours: int) -> None:
    cap = Cap(count, Duration(hours, "hour"))
    sent: list[datetime] = []
    for minute in sorted(minutes):
        now = NOW + timedelta(minutes=20 * minute)
        if reached([cap], sent, now) is None:
            sent.append(now)

    for moment in sent:
        assert sum(moment - cap.window.span < other <= moment for other in sent) <= count


def test_a_gap_ends_after_the_last_message() -> None:
    gap = Duration(12, "hour")

    assert end_of_gap(gap, [], NOW) is None
    assert end_of_gap(gap, [NOW - 20 * HOUR, NOW - HOUR], NOW) == NOW + 11 * HOUR
    assert end_of_gap(gap, [NOW - 12 * HOUR], NOW) is None
