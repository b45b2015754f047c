from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.failure import Accepted, Backoff, Deferred, Outcome, Refused, Unresolved

jitters = st.floats(0, 1, exclude_max=True)
backoffs = st.builds(
    Backoff,
    first_s=st.floats(0.01, 60),
    longest_s=st.floats(60, 3600),
    attempts=st.integers(1, 1 << 62),
)


@given(backoffs, st.integers(1, 1 << 62), jitters, st.floats(0, 1e9) | st.just(float("inf")))
def test_a_wait_is_bounded_and_never_shorter_than_asked(
    backoff: Backoff, attempt: int, jitter: float, asked_s: float
) -> None:
    delay = backoff.delay(attempt, jitter, asked_s)

    assert (delay is None) == (attempt >= backoff.attempts)
    if delay is not None:
        wait_s = delay.total_seconds()
        assert min(backoff.first_s / 2, backoff.longest_s / 2) <= wait_s + 1e-6
        assert min(asked_s, backoff.longest_s) <= wait_s + 1e-6
        assert wait_s <= backoff.longest_s * 1.1 + 1e-6


@given(jitters)
def test_waits_double_until_the_longest(jitter: float) -> None:
    backoff = Backoff(first_s=1, longest_s=60, attempts=20)

    waits = [backoff.delay(attempt, jitter) for attempt in range(1, 20)]

    whole = [timedelta(seconds=min(60, 2**doublings) * (0.5 + jitter / 2)) for doublings in range(19)]
    assert waits == whole


def test_messages_refused_together_do_not_come_back_together() -> None:
    backoff = Backoff()

    asked = {backoff.delay(1, jitter / 100, asked_s=30) for jitter in range(100)}
    unasked = {backoff.delay(3, jitter / 100) for jitter in range(100)}

    assert len(asked) == len(unasked) == 100


@pytest.mark.parametrize("attempt", [8, 9, 1000])
def test_the_last_try_has_no_wait_after_it(attempt: int) -> None:
    assert Backoff(attempts=8).delay(attempt, 0.5, asked_s=10) is None


@pytest.mark.parametrize(
    "outcome",
    [
        Accepted("abc"),
        Refused("no such number", "1002"),
        Deferred("busy", "429", 2.5),
        Unresolved("timed out"),
    ],
)
def test_outcomes_keep_their_kind_on_the_wire(outcome: Outcome) -> None:
    assert msgspec.json.decode(msgspec.json.encode(outcome), type=Outcome) == outcome
