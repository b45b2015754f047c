"""Laws of `/metrics`: what happens is counted, what waits is told with its age, and an empty queue is told as 0."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

from tests.clock import Clock
from tests.gateway.checklist_world import PHONE, opened
from tests.gateway.gateway_world import Client, Receiver, until, until_asked


async def told(client: Client, name: str, **labels: str) -> float:
    text = await client.read(f"{client.base}/metrics")
    for line in text.splitlines():
        if line.startswith(name) and all(f'{key}="{value}"' in line for key, value in labels.items()):
            return float(line.rpartition(" ")[2])
    return 0.0


async def test_parts_their_times_and_webhooks_are_counted(client: Client, receiver: Receiver) -> None:
    receiver.answers = [500, 200]
    counts = [
        ("tellwire_gateway_parts_total", {"carrier": "simulator", "outcome": "accepted"}),
        ("tellwire_gateway_submit_seconds_count", {"carrier": "simulator"}),
        ("tellwire_webhooks_total", {"kind": "8x8", "outcome": "again"}),
        ("tellwire_webhooks_total", {"kind": "8x8", "outcome": "taken"}),
    ]
    before = [await told(client, name, **labels) for name, labels in counts]

    await client.send(destination=PHONE, text="x" * 161, dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) == 3)

    async def added() -> list[float]:
        after = [await told(client, name, **labels) for name, labels in counts]
        return [b - a for a, b in zip(before, after, strict=True)]

    await until_asked(lambda: _is(added(), [2, 2, 1, 2]))


async def test_the_age_of_what_waits_is_told_until_it_waits_no_more(
    tmp_path: Path, receiver: Receiver
) -> None:
    clock = Clock.running()
    released = asyncio.Event()
    receiver.before_answer = released.wait
    async with opened(tmp_path / "a", clock, pauses_carriers=True) as (_, client):
        await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)
        clock.advance(120)

        assert await told(client, "tellwire_waiting", queue="carrier simulator") == 1
        assert 120 <= await told(client, "tellwire_lag_seconds", queue="carrier simulator") < 180

    async with opened(tmp_path / "a", clock) as (_, client):
        await until(lambda: receiver.bodies)
        clock.advance(30)

        assert await told(client, "tellwire_waiting", queue="carrier simulator") == 0
        assert await told(client, "tellwire_lag_seconds", queue="carrier simulator") == 0
        assert 30 <= await told(client, "tellwire_lag_seconds", queue="webhooks") < 90
        released.set()


async def _is(asked: Awaitable[list[float]], expected: list[float]) -> bool:
    return await asked == expected
