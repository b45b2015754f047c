"""A pace finds the rate that a carrier allows, keeps to it, and follows it up and down. Simulated time."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.gateway.smpp.pace import Pace

STEP_S = 0.005
RTT_S = 0.02


class FixedWindow:
    """Allows N in each whole second."""

    def __init__(self, per_s: float) -> None:
        self.per_s = per_s
        self.second, self.count = 0, 0

    def takes(self, now_s: float) -> bool:
        if int(now_s) != self.second:
            self.second, self.count = int(now_s), 0
        self.count += 1
        return self.count <= self.per_s


class Bucket:
    """Allows N a second, a tenth of a second's worth at once."""

    def __init__(self, per_s: float) -> None:
        self.per_s = per_s
        self.tokens, self.at_s = per_s / 10, 0.0

    def takes(self, now_s: float) -> bool:
        self.tokens = min(max(1.0, self.per_s / 10), self.tokens + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        if self.tokens < 0.999:
            return False
        self.tokens -= 1
        return True


Carrier = FixedWindow | Bucket


def run(pace: Pace, carrier: Carrier, start_s: float, seconds: float, window: int = 200) -> tuple[int, int]:
    """Offer as much as the pace allows; returns how many the carrier took and how many it throttled."""
    taken = throttled = 0
    in_flight: list[tuple[float, bool]] = []
    for n in range(int(seconds / STEP_S)):
        now_s = start_s + n * STEP_S
        done = [one for one in in_flight if one[0] <= now_s]
        in_flight = [one for one in in_flight if one[0] > now_s]
        accepted = sum(ok for _, ok in done)
        if accepted < len(done):
            pace.throttled(now_s)
        if accepted:
            pace.accepted(accepted, now_s)
        taken += accepted
        throttled += len(done) - accepted
        go = min(pace.available(now_s), window - len(in_flight))
        pace.take(go)
        in_flight += [(now_s + RTT_S, carrier.takes(now_s)) for _ in range(go)]
    return taken, throttled


@pytest.mark.parametrize("carrier", [FixedWindow, Bucket])
@pytest.mark.parametrize("per_s", [10, 50, 400, 3000])
def test_at_least_95_percent_of_an_untold_rate_is_used(
    carrier: Callable[[float], Carrier], per_s: int
) -> None:
    pace, limits = Pace(now_s=0.0), carrier(per_s)
    run(pace, limits, 0.0, 8.0)

    taken, throttled = run(pace, limits, 8.0, 20.0)

    assert taken >= 0.95 * per_s * 20
    assert throttled <= 0.1 * taken


def test_a_carrier_that_gets_slower_is_followed_within_seconds() -> None:
    pace, carrier = Pace(now_s=0.0), Bucket(1000)
    run(pace, carrier, 0.0, 8.0)
    carrier.per_s = 100
    run(pace, carrier, 8.0, 5.0)

    taken, throttled = run(pace, carrier, 13.0, 10.0)

    assert taken >= 0.95 * 1000
    assert throttled <= 0.1 * taken


def test_a_carrier_that_gets_faster_is_followed_within_a_minute() -> None:
    pace, carrier = Pace(now_s=0.0), Bucket(100)
    run(pace, carrier, 0.0, 8.0)
    carrier.per_s = 300

    run(pace, carrier, 8.0, 60.0)

    assert run(pace, carrier, 68.0, 10.0)[0] >= 0.95 * 3000


def test_a_rate_that_nobody_uses_does_not_grow() -> None:
    pace = Pace(now_s=0.0, start=100.0)

    for n in range(1000):
        now_s = n * 0.1
        pace.available(now_s)
        pace.take(1)
        pace.accepted(1, now_s)

    assert pace.rate == 100.0


@given(
    gaps=st.lists(st.floats(0.0, 3.0), min_size=1, max_size=60),
    throttles=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_the_rate_stays_within_its_bounds_and_no_burst_exceeds_it(
    gaps: list[float], throttles: list[bool]
) -> None:
    pace, now_s = Pace(now_s=0.0, start=500.0, least=1.0, most=800.0), 0.0

    for gap, throttled in zip(gaps, throttles, strict=False):
        now_s += gap
        burst = pace.available(now_s)
        assert burst <= max(1.0, pace.rate * 0.1)
        pace.take(burst)
        pace.throttled(now_s) if throttled else pace.accepted(burst, now_s)
        assert 1.0 <= pace.rate <= 800.0
        assert pace.wait_s() <= 1.0 / pace.rate + 1e-9
