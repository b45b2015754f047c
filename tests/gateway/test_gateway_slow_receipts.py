"""Laws of receipts that are slow: their carrier gives up share, and gets it back when they are in time again."""

from pathlib import Path

from tests.clock import Clock
from tests.gateway.checklist_world import opened
from tests.gateway.gateway_world import Client, until, until_asked

from tellwire.gateway.main import Gateway
from tellwire.gateway.simulator.behaviour import Behaviour, Receipts
from tellwire.kernel.choice.health import DELAY_LIMIT_S, JUDGE_S, Health
from tellwire.kernel.choice.routing import Condition, Rule, Share, weights

COUNT = 100


def heard(*delays_s: float) -> Health:
    health = Health()
    for delay_s in delays_s:
        health.note_delay(delay_s, 0.0)
        health.note_ending(is_failed=False)
    return health


def test_slow_receipts_halve_a_share_and_quick_ones_bring_it_back() -> None:
    health = heard(*[2 * DELAY_LIMIT_S] * 100)

    fallen = health.judge(JUDGE_S, 0.0)
    for _ in range(200):
        health.note_delay(1.0, 0.0)
        health.note_ending(is_failed=False)
    risen = [health.judge(JUDGE_S, 0.0) for _ in range(60)]

    assert fallen == 0.5
    assert risen == sorted(risen)
    assert risen[-1] == 1.0


def test_a_few_phones_that_were_off_for_days_are_not_their_carriers_fault() -> None:
    health = heard(*([3.0] * 19 + [2 * 86400.0]) * 20)

    assert health.judge(JUDGE_S, 0.0) == 1.0


async def test_receipts_an_hour_late_shift_messages_to_the_other_carrier(tmp_path: Path) -> None:
    clock = Clock.running()
    slow = Behaviour(receipts=Receipts(delay_ms=1000))
    async with opened(tmp_path, clock, behaviour=slow) as (gateway, client):
        await send(gateway, client)
        clock.advance(3600)
        await until_asked(lambda: stands(gateway, "delivered"))

        health = gateway.traffic.health("simulator")
        health.judge(JUDGE_S, 0.0)
        gateway.traffic.look()

        rule = Rule(id="r", shares=(Share("simulator"), Share("other")))
        weighed = weights(rule, {**gateway.traffic.conditions, "other": Condition()})
        assert health.delay_s > DELAY_LIMIT_S
        assert weighed == {"simulator": 0.5, "other": 1.0}


async def send(gateway: Gateway, client: Client) -> None:
    await until(lambda: gateway.traffic.conditions["simulator"].is_up)
    numbers = [f"+65912{n:05d}" for n in range(COUNT)]
    await client.batch({"destinations": numbers, "template": {"text": "hi"}})
    await until_asked(lambda: stands(gateway, "sent"))


async def stands(gateway: Gateway, status: str) -> bool:
    return (await gateway.standings()).get(status, 0) == COUNT
