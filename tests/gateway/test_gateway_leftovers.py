"""Laws of messages whose carrier is gone for hours: what expires is told in time, the rest goes when it is back."""

from pathlib import Path

import pytest
from tests.clock import Clock
from tests.gateway.checklist_world import later, opened
from tests.gateway.gateway_world import Receiver, until, until_asked

from tellwire.gateway.carriers import leftovers
from tellwire.gateway.main import Gateway
from tellwire.gateway.simulator.carrier import Simulator
from tellwire.kernel.choice.routing import Rule, Share

COUNT = 700  # more than a lane holds in memory
HOUR_S = 3600.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(leftovers, "LOOK_S", 0.02)  # hours pass at once here
    monkeypatch.setattr(leftovers, "ADOPT_LIMIT", 100)
    return Clock.running()


def numbers(count: int) -> list[str]:
    return [f"+65912{n:05d}" for n in range(count)]


async def test_what_expires_while_its_carrier_is_gone_is_told_and_the_rest_goes_when_it_is_back(
    tmp_path: Path, clock: Clock, receiver: Receiver
) -> None:
    carrier = Simulator()
    await carrier.start()
    await carrier.stop()  # its port stays known, and nobody listens there
    options = {"has_simulator": False, "carriers": {"gone": (carrier.link_config(),)}}
    async with opened(tmp_path, clock, **options) as (gateway, client):
        template = {"text": "hi", "dlrCallbackUrl": receiver.url}
        await client.batch({"destinations": numbers(10), "template": template})
        brief = {**template, "expiry": later(clock, HOUR_S)}
        await client.batch({"destinations": numbers(COUNT), "template": brief})

        clock.advance(3 * HOUR_S)
        await until(lambda: len(receiver.bodies) == COUNT)
        back = Simulator(port=carrier.port)
        await back.start()
        await until(lambda: back.counters.shown == 10)
        await until(lambda: len(receiver.bodies) == COUNT + 20)
        await back.stop()

        assert receiver.states[:COUNT] == [("undelivered", "undelivered_to_recipient")] * COUNT
        assert (await gateway.standings()) == {"expired": COUNT, "delivered": 10}


async def test_what_waits_for_a_carrier_that_is_in_no_list_any_more_goes_to_another(
    tmp_path: Path, clock: Clock
) -> None:
    options = {"has_simulator": False, "carriers": {"former": (Simulator().link_config(),)}}
    async with opened(tmp_path, clock, **options) as (_, client):
        await client.batch({"destinations": numbers(250), "template": {"text": "hi"}})

    async with opened(tmp_path, clock) as (gateway, _):
        await until_asked(lambda: all_delivered(gateway))


async def test_what_nobody_can_carry_expires_and_is_told(
    tmp_path: Path, clock: Clock, receiver: Receiver
) -> None:
    options = {"has_simulator": False, "carriers": {"former": (Simulator().link_config(),)}}
    async with opened(tmp_path, clock, **options) as (_, client):
        await client.send(destination=numbers(1)[0], text="hi", dlrCallbackUrl=receiver.url)

    async with opened(tmp_path, clock, pauses_carriers=True) as (gateway, _):
        await gateway.traffic.save_rules([Rule(id="r", prefix="49", shares=(Share("simulator"),))])
        clock.advance(49 * HOUR_S)
        await until(lambda: receiver.bodies)

        assert (await gateway.standings()) == {"expired": 1}


async def all_delivered(gateway: Gateway) -> bool:
    return (await gateway.standings()) == {"delivered": 250}
