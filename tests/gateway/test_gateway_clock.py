"""Laws of a clock that jumps an hour while messages wait: nothing is lost, nothing goes twice, nothing is stuck."""

from pathlib import Path

import apsw
import pytest
from tests.clock import Clock
from tests.gateway.checklist_world import PHONE, later, opened
from tests.gateway.gateway_world import Receiver, shown, until, until_asked

from tellwire.gateway.callbacks import callbacks
from tellwire.gateway.carriers import leftovers, waker
from tellwire.gateway.main import Gateway
from tellwire.gateway.simulator.behaviour import Answers, Behaviour

HOUR_S = 3600.0
MINUTE_S = 60.0
COUNT = 600
REFUSED_TWICE = "+12025550107"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(waker, "WAKE_S", 0.02)
    monkeypatch.setattr(leftovers, "LOOK_S", 0.02)
    monkeypatch.setattr(callbacks, "LOOK_AGAIN_S", 0.02)
    return Clock.running()


@pytest.mark.parametrize("jumps", [(HOUR_S, -HOUR_S), (-HOUR_S, HOUR_S), (-HOUR_S, -HOUR_S)])
async def test_messages_under_way_are_delivered_and_told_once_whatever_the_clock_does(
    tmp_path: Path, clock: Clock, receiver: Receiver, jumps: tuple[float, float]
) -> None:
    behaviour = Behaviour(answers=Answers(throughput_per_s=600))
    numbers = [f"+65912{n:05d}" for n in range(COUNT)]
    async with opened(tmp_path, clock, behaviour=behaviour) as (gateway, client):
        assert gateway.carriers.simulator is not None
        counters = gateway.carriers.simulator.counters
        await until(lambda: gateway.traffic.conditions["simulator"].is_up)
        bound_since = gateway.carriers.binds["simulator-1"].since
        await client.batch(
            {"destinations": numbers, "template": {"text": "hi", "dlrCallbackUrl": receiver.url}}
        )
        for number, jump_s in enumerate(jumps, start=1):
            await until(lambda number=number: counters.shown >= number * COUNT // 3)  # type: ignore[misc]  # bound now
            clock.advance(jump_s)
        await until(lambda: len(receiver.bodies) == 2 * COUNT)

        assert {len(shown(gateway, number)) for number in numbers} == {1}
        assert receiver.states.count(("delivered", "delivered_to_recipient")) == COUNT
        assert gateway.carriers.binds["simulator-1"].since == bound_since


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S])
async def test_a_retry_is_not_held_up_and_a_schedule_stays_a_moment_of_the_calendar(
    tmp_path: Path, clock: Clock, jump_s: float
) -> None:
    due = later(clock, 2 * HOUR_S)
    async with opened(tmp_path, clock) as (gateway, client):
        await client.send(destination=PHONE, text="hi", scheduled=due)
        await client.send(destination=REFUSED_TWICE, text="hi")
        await until_asked(lambda: waits_for_retry(gateway))

        clock.advance(jump_s)
        await until(lambda: shown(gateway, REFUSED_TWICE))

        assert not shown(gateway, PHONE)
        clock.advance(2 * HOUR_S - jump_s + MINUTE_S)
        await until(lambda: shown(gateway, PHONE))


async def test_a_clock_that_was_set_back_over_a_restart_holds_no_retry_up(
    tmp_path: Path, clock: Clock
) -> None:
    async with opened(tmp_path, clock) as (gateway, client):
        await client.send(destination=REFUSED_TWICE, text="hi")
        await until_asked(lambda: waits_for_retry(gateway))

    clock.advance(-HOUR_S)

    async with opened(tmp_path, clock) as (gateway, _):
        assert gateway.carriers.simulator is not None
        counters = gateway.carriers.simulator.counters
        await until(lambda: counters.refused)


async def test_a_callbacks_retry_is_not_held_up_by_a_clock_that_is_set_back(
    tmp_path: Path, clock: Clock, receiver: Receiver
) -> None:
    receiver.answers = [500, 200]
    async with opened(tmp_path, clock) as (_, client):
        await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)
        await until(lambda: receiver.bodies)
        clock.advance(-3 * HOUR_S)
        await until(lambda: len(receiver.bodies) == 3)

    assert [state for state, _ in receiver.states] == ["sent", "sent", "delivered"]


async def waits_for_retry(gateway: Gateway) -> bool:
    return await gateway._database.read(_has_retry)


def _has_retry(connection: apsw.Connection) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM later JOIN message USING (seq) WHERE attempts > 0)"
    return bool(connection.execute(sql).get)
