"""Laws of `kernel/lifecycle`: a loop that crashes comes back, and a stop ends within its deadline."""

import asyncio
import io
import json
from collections.abc import Iterator

import pytest
import structlog
from tests.waiting import HANG_S, until

from tellwire.kernel import lifecycle
from tellwire.kernel.failure import Backoff
from tellwire.kernel.lifecycle import Restarts, Supervisor
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import configure

QUICK = Restarts(crashes=3, window_s=60, backoff=Backoff(first_s=0.001, longest_s=0.004, attempts=1000))


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    out = io.StringIO()
    configure(stream=out, pretty=False)
    yield out
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def quiet(lines: io.StringIO) -> None:
    """Keep the crashes that tests make out of their output."""


class Fragile:
    """A loop that crashes a number of times and then holds."""

    def __init__(self, crashes: int) -> None:
        self.left = crashes
        self.runs = 0
        self.holds = asyncio.Event()

    async def run(self) -> None:
        self.runs += 1
        if self.left:
            self.left -= 1
            raise ValueError("secret words")
        self.holds.set()
        await asyncio.Event().wait()


class Worker:
    """A loop with work under way that a drain waits for."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.may_finish = asyncio.Event()
        self.is_cancelled = False
        self.drained_with: list[float] = []

    async def run(self) -> None:
        self.began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise

    async def drain(self, deadline_s: float) -> None:
        self.drained_with.append(deadline_s)
        assert not self.is_cancelled
        await self.may_finish.wait()


async def test_a_crashed_loop_is_logged_and_started_again(lines: io.StringIO) -> None:
    fragile = Fragile(2)
    supervisor = Supervisor(QUICK)
    supervisor.add("fragile", fragile.run)
    await supervisor.start()

    await asyncio.wait_for(fragile.holds.wait(), HANG_S)

    assert fragile.runs == 3
    assert supervisor.is_ready
    crashes = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(line["event"], line["loop"], line["crashes"]) for line in crashes] == [
        ("loop.crashed", "fragile", 1),
        ("loop.crashed", "fragile", 2),
    ]
    assert crashes[0]["error"].startswith("ValueError at run:")
    assert "secret" not in lines.getvalue()
    await supervisor.stop(1)


async def test_too_many_crashes_make_the_process_not_ready_and_the_loop_is_tried_on(
    lines: io.StringIO,
) -> None:
    fragile, sound = Fragile(4), Fragile(0)
    supervisor = Supervisor(QUICK)
    supervisor.add("fragile", fragile.run)
    supervisor.add("sound", sound.run)
    await supervisor.start()

    await asyncio.wait_for(fragile.holds.wait(), HANG_S)

    assert not supervisor.is_ready
    assert supervisor.troubled() == ["fragile"]
    assert "loop.in_trouble" in lines.getvalue()
    await supervisor.stop(1)


async def test_readiness_is_measured_without_anybody_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "LOOK_S", 0.01)
    fragile, sound = Fragile(4), Fragile(0)
    supervisor, other = Supervisor(QUICK), Supervisor(QUICK)
    before = loops_ready()
    supervisor.add("fragile", fragile.run)
    supervisor.add("sound", sound.run)
    other.add("sound", Fragile(0).run)
    await supervisor.start()
    await other.start()

    await asyncio.wait_for(fragile.holds.wait(), HANG_S)

    await until(lambda: loops_ready() - before == 2)  # of both, but for the one in trouble
    await supervisor.stop(1)
    await other.stop(1)
    assert loops_ready() == before


def loops_ready() -> float:
    lines = metrics.render().decode().splitlines()
    return float(next(line for line in lines if line.startswith("tellwire_loops_ready ")).split()[1])


async def test_a_loop_that_holds_again_is_ready_again() -> None:
    fragile = Fragile(3)
    supervisor = Supervisor(Restarts(crashes=3, window_s=0.1, backoff=QUICK.backoff))
    supervisor.add("fragile", fragile.run)
    await supervisor.start()
    await asyncio.wait_for(fragile.holds.wait(), HANG_S)

    async with asyncio.timeout(HANG_S):
        while not supervisor.is_ready:  # noqa: ASYNC110 - readiness is asked for, it does not call back
            await asyncio.sleep(0.01)

    await supervisor.stop(1)


async def test_a_loop_that_ends_by_itself_is_started_again() -> None:
    runs = 0
    thrice = asyncio.Event()

    async def brief() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            thrice.set()

    supervisor = Supervisor(QUICK)
    supervisor.add("brief", brief)
    await supervisor.start()

    await asyncio.wait_for(thrice.wait(), HANG_S)
    await supervisor.stop(1)


async def test_one_loops_crashes_do_not_touch_another() -> None:
    fragile, worker = Fragile(10), Worker()
    worker.may_finish.set()
    supervisor = Supervisor(QUICK)
    supervisor.add("fragile", fragile.run)
    supervisor.add("worker", worker.run, drain=worker.drain)
    await supervisor.start()

    await asyncio.wait_for(fragile.holds.wait(), HANG_S)

    assert not worker.is_cancelled
    await supervisor.stop(1)


async def test_stop_drains_first_and_cancels_then() -> None:
    worker, helper = Worker(), Worker()
    supervisor = Supervisor(QUICK)
    supervisor.add("worker", worker.run, drain=worker.drain)
    supervisor.add("helper", helper.run)
    await supervisor.start()
    await worker.began.wait()

    stopping = asyncio.create_task(supervisor.stop(7))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    before = (supervisor.is_ready, worker.is_cancelled, helper.is_cancelled)
    worker.may_finish.set()
    await stopping

    assert before == (False, False, False)
    assert (worker.is_cancelled, helper.is_cancelled) == (True, True)
    assert worker.drained_with == [7]


async def test_a_drain_that_does_not_end_ends_at_the_deadline(lines: io.StringIO) -> None:
    worker = Worker()
    supervisor = Supervisor(QUICK)
    supervisor.add("worker", worker.run, drain=worker.drain)
    await supervisor.start()
    await worker.began.wait()

    await asyncio.wait_for(supervisor.stop(0.02), HANG_S)

    assert worker.is_cancelled
    assert "not drained in time" in lines.getvalue()


async def test_a_drain_that_breaks_leaves_the_others_their_drain() -> None:
    async def broken(_deadline_s: float) -> None:
        raise OSError

    worker = Worker()
    worker.may_finish.set()
    supervisor = Supervisor(QUICK)
    supervisor.add("broken", Fragile(0).run, drain=broken)
    supervisor.add("worker", worker.run, drain=worker.drain)
    await supervisor.start()
    await worker.began.wait()

    await supervisor.stop(1)

    assert worker.drained_with == [1]


async def test_a_loop_that_refuses_to_be_cancelled_is_left_behind(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "CANCEL_S", 0.02)
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    supervisor = Supervisor(QUICK)
    supervisor.add("stubborn", stubborn)
    await supervisor.start()
    await asyncio.sleep(0)

    await asyncio.wait_for(supervisor.stop(0.01), HANG_S)
    release.set()

    assert "does not let itself be cancelled" in lines.getvalue()


async def test_a_loop_that_returns_from_its_drain_is_not_started_again() -> None:
    ended = asyncio.Event()
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        await ended.wait()

    async def drain(_deadline_s: float) -> None:
        ended.set()
        await asyncio.sleep(0.02)

    supervisor = Supervisor(QUICK)
    supervisor.add("polite", run, drain=drain)
    await supervisor.start()
    await asyncio.sleep(0)

    await supervisor.stop(1)

    assert runs == 1


async def test_a_loop_added_later_starts_at_once() -> None:
    supervisor = Supervisor(QUICK)
    await supervisor.start()
    late = Worker()

    supervisor.add("late", late.run)

    await asyncio.wait_for(late.began.wait(), HANG_S)
    await supervisor.stop(1)
