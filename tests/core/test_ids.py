from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.clock import SystemClock, from_ms, to_ms
from tellwire.kernel.ids import BATCH_LIMIT, made_at, new_id, new_ids

moments = st.datetimes(datetime(1970, 1, 2), datetime(2500, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given below
entropies = st.integers(0, (1 << 64) - 1)
NOW = datetime(2026, 11, 22, 14, 53, 7, 123_456, UTC)


@given(moments, entropies, st.integers(0, 300))
def test_a_batch_is_in_order_and_without_doubles(now: datetime, entropy: int, count: int) -> None:
    ids = new_ids(now, entropy, count)

    assert len(ids) == count
    assert ids == sorted(set(ids))
    assert all(len(identifier) == 24 for identifier in ids)


@given(moments, entropies, entropies, st.integers(1, 86_400_000))
def test_text_order_is_time_order(now: datetime, entropy: int, other: int, later_ms: int) -> None:
    assert new_id(now, entropy) < new_id(now + timedelta(milliseconds=later_ms), other)


@given(moments, entropies)
def test_an_id_tells_its_moment_to_the_millisecond(now: datetime, entropy: int) -> None:
    assert abs(made_at(new_id(now, entropy)) - now) <= timedelta(milliseconds=0.5)


@given(st.integers(0, (1 << 44) - 1))
def test_milliseconds_survive_the_clock(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) == milliseconds


def test_a_moment_is_the_same_in_every_zone() -> None:
    assert to_ms(NOW) == to_ms(NOW.astimezone(timezone(timedelta(hours=8))))


def test_the_same_asking_makes_the_same_id() -> None:
    assert new_ids(NOW, 7, 3) == new_ids(NOW, 7, 3)
    assert new_id(NOW, 7) == new_ids(NOW, 7, 1)[0]


def test_all_sixty_four_bits_tell_batches_apart() -> None:
    assert len({new_id(NOW, 1 << bit) for bit in range(52)}) == 52


def test_the_largest_batch_fits_whatever_the_entropy() -> None:
    ids = new_ids(NOW, (1 << 64) - 1, BATCH_LIMIT)

    assert len(ids[-1]) == 24
    assert ids[0] < ids[-1]


def test_a_larger_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        new_ids(NOW, 0, BATCH_LIMIT + 1)


@pytest.mark.parametrize("text", ["", "abc", "0" * 23, "0" * 25, "G" * 24, "A" * 24, "1_" * 12, " " * 24])
def test_what_is_no_id_has_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="24 lower-case"):
        made_at(text)


def test_the_clock_of_the_machine_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC
