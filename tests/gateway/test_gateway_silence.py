"""Laws of receipts that stay away: what never comes has no delay, and still costs its carrier its share."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clock import Clock
from tests.gateway.checklist_world import opened
from tests.gateway.gateway_world import Client, until, until_asked

from tellwire.gateway.main import Gateway
from tellwire.kernel.choice.health import JUDGE_S, Health
from tellwire.kernel.choice.routing import Condition, Rule, Share, weights
from tellwire.kernel.choice.silence import COHORT_S, LEAST_RIPE, OVERDUE_S, Silence

COUNT = 2 * LEAST_RIPE
RIPE_S = OVERDUE_S + JUDGE_S
NEVER_TOLD = "12025550109"  # the simulator's number of which no receipt ever comes


def told(silence: Silence, share: float, now_s: float, *, delay_s: float = 1.0) -> bool | None:
    """Let the carrier take `COUNT` parts, tell of a share of them, and judge when they are ripe."""
    silence.note_taken(COUNT, now_s)
    for _ in range(round(share * COUNT)):
        silence.note_heard(delay_s, now_s + delay_s)
    return silence.judge(now_s + RIPE_S)


@pytest.mark.parametrize(
    ("usual", "now", "is_silent"),
    [
        (1.0, 0.0, True),
        (0.9, 0.4, True),  # a part of its network is gone
        (0.9, 0.6, False),
        (0.5, 0.2, True),
        (0.1, 0.0, False),  # who tells of one in ten proves nothing by telling of none
        (0.0, 0.0, False),
    ],
)
def test_a_carrier_is_held_against_what_it_usually_tells(usual: float, now: float, is_silent: bool) -> None:
    silence = Silence()
    told(silence, usual, 0.0)

    assert told(silence, now, 1000.0) is is_silent


def test_what_is_not_overdue_yet_is_no_silence() -> None:
    silence = Silence()
    told(silence, 1.0, 0.0)
    silence.note_taken(COUNT, 1000.0)

    assert silence.judge(1000.0 + OVERDUE_S - JUDGE_S) is None
    assert silence.judge(1000.0 + RIPE_S)


def test_a_word_that_comes_after_the_judgement_is_none_in_time() -> None:
    silence = Silence()
    told(silence, 1.0, 0.0)

    assert told(silence, 0.0, 1000.0)
    for _ in range(COUNT):
        silence.note_heard(600.0, 1600.0)

    assert silence.usual == 1.0
    assert silence.judge(2000.0) is None


def test_silence_does_not_become_the_usual() -> None:
    silence = Silence()
    told(silence, 1.0, 0.0)

    assert all(told(silence, 0.0, 1000.0 * n) for n in range(1, 500))


def test_a_few_parts_are_judged_once_they_are_enough() -> None:
    silence = Silence()
    told(silence, 1.0, 0.0)
    judged = []
    for n in range(1, LEAST_RIPE + 1):
        silence.note_taken(1, 1000.0 * n)
        judged.append(silence.judge(1000.0 * n + RIPE_S))

    assert judged == [None] * (LEAST_RIPE - 1) + [True]


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(-10, 1e5), st.booleans()), max_size=300))
def test_memory_is_bounded_and_shares_are_shares(steps: list[tuple[float, float, bool]]) -> None:
    silence = Silence()
    now_s = 0.0
    for elapsed_s, delay_s, is_judged in steps:
        now_s += elapsed_s
        silence.note_taken(1, now_s)
        silence.note_heard(delay_s, now_s)
        if is_judged:
            silence.judge(now_s)

        assert len(silence._cohorts) <= OVERDUE_S / COHORT_S + 2
        assert silence.usual is None or 0 <= silence.usual <= 1


def test_silence_halves_a_share_at_every_judgement_and_words_bring_it_back() -> None:
    health = Health()
    moments_s = iter(range(0, 100_000, 1000))
    shares = [judged(health, heard, next(moments_s)) for heard in (COUNT, 0, 0)]
    risen = [judged(health, COUNT, next(moments_s)) for _ in range(60)]

    assert shares == [1.0, 0.5, 0.25]
    assert risen == sorted(risen)
    assert risen[-1] == 1.0


def judged(health: Health, heard: int, now_s: float) -> float:
    health.note_taken(COUNT, now_s)
    for _ in range(heard):
        health.note_delay(1.0, now_s + 1.0)
    return health.judge(JUDGE_S, now_s + RIPE_S)


async def test_lost_receipts_shift_messages_to_the_other_carrier(tmp_path: Path) -> None:
    async with opened(tmp_path, Clock.running()) as (gateway, client):
        await until(lambda: gateway.traffic.conditions["simulator"].is_up)
        health = gateway.traffic.health("simulator")

        await send(client, [f"+65912{n:05d}" for n in range(COUNT)])
        await until_asked(lambda: stands(gateway, "delivered"))
        usual = health.judge(JUDGE_S, now_s() + RIPE_S)
        await send(client, [f"+{NEVER_TOLD}"] * COUNT)
        await until_asked(lambda: stands(gateway, "sent"))
        fallen = health.judge(JUDGE_S, now_s() + 2 * RIPE_S)
        gateway.traffic.look()

        rule = Rule(id="r", shares=(Share("simulator"), Share("other")))
        weighed = weights(rule, {**gateway.traffic.conditions, "other": Condition()})
        assert (usual, fallen) == (1.0, 0.5)
        assert weighed == {"simulator": 0.5, "other": 1.0}


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def send(client: Client, numbers: list[str]) -> None:
    await client.batch({"destinations": numbers, "template": {"text": "hi"}})


async def stands(gateway: Gateway, status: str) -> bool:
    return (await gateway.standings()).get(status, 0) == COUNT
