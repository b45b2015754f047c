"""Laws of a lane: what a crash would repeat is bounded, whatever the disk and the carrier do."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.gateway.gateway_world import Client, shown, until

from tellwire.gateway.main import Gateway
from tellwire.gateway.model.message import LaneSettlement

COUNT = 300


@pytest.fixture
def settling(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Settling waits for this event, as it would for a disk that does not answer."""
    released = asyncio.Event()
    settle: Callable[[LaneSettlement], Awaitable[Any]] = gateway.stores.messages.settle

    async def settle_late(settlement: LaneSettlement) -> Any:
        await released.wait()
        return await settle(settlement)

    monkeypatch.setattr(gateway.stores.messages, "settle", settle_late)
    return released


async def test_no_more_than_one_window_is_submitted_and_not_settled(
    gateway: Gateway, client: Client, settling: asyncio.Event
) -> None:
    lane = gateway.traffic.lanes["simulator"]
    numbers = [f"+65912{n:05d}" for n in range(COUNT)]
    await client.batch({"destinations": numbers, "template": {"text": "hi"}})

    await until(lambda: lane._unsettled_parts == lane.carrier.window)
    submits = gateway.carriers.simulator.counters.submits if gateway.carriers.simulator else 0
    settling.set()
    await until(lambda: all(len(shown(gateway, number)) == 1 for number in numbers))

    assert submits == lane.carrier.window


async def test_a_message_of_more_parts_than_the_window_still_goes(gateway: Gateway, client: Client) -> None:
    lane = gateway.traffic.lanes["simulator"]
    lane.carrier.window = 3

    for number in ("+6591230000", "+6591230001"):
        await client.send(destination=number, text="x" * 1500)

    await until(lambda: shown(gateway, "+6591230000") and shown(gateway, "+6591230001"))
