"""8x8 contract 11, item 8 as far as it is about SMS: the sequence of receipts, their retries, their price.

The order of states is also in `test_gateway_faults`, prices are in `test_gateway_messages`.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from tests.builders import a_price
from tests.clock import Clock
from tests.gateway.checklist_world import PHONE, opened
from tests.gateway.gateway_world import Client, Receiver, until
from tests.waiting import HANG_S

from tellwire.gateway.callbacks import callbacks
from tellwire.gateway.main import Gateway

INTERVALS_S = [1, 10, 30, 90]


class Failing:
    """A receiver that fails each path in its way, and notes when each post came by the gateway's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.posts: dict[str, list[tuple[datetime, str]]] = {}
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/{way}", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self._released.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        way = request.match_info["way"]
        body = msgspec.json.decode(await request.read())
        self.posts.setdefault(way, []).append((self._clock.now(), body["payload"]["status"]["state"]))
        if way == "hangs":
            await self._released.wait()
        elif way == "closes" and request.transport is not None:
            request.transport.close()
        return web.Response(status=int(way) if way.isdecimal() else 200)


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    # The minutes pass at once, so the looks for what is due must be as quick, and so must giving up a slow receiver.
    monkeypatch.setattr(callbacks, "LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr(callbacks, "TIMEOUT_S", 1.0)
    return Clock.running()


@pytest.fixture
async def failing(clock: Clock) -> AsyncIterator[Failing]:
    failing = Failing(clock)
    await failing.start()
    yield failing
    await failing.stop()


async def test_8_a_failed_post_goes_again_after_1_10_30_and_90_s_and_then_no_more(
    tmp_path: Path, clock: Clock, failing: Failing
) -> None:
    ways = ["500", "404", "302", "hangs", "closes"]
    async with opened(tmp_path, clock) as (_, client):
        await client.batch(
            {
                "messages": [
                    {"destination": PHONE, "text": "hi", "dlrCallbackUrl": f"{failing.url}/{way}"}
                    for way in ways
                ]
            }
        )

        await until(lambda: all(failing.posts.get(way) for way in ways))
        await pass_until(clock, lambda: all(len(failing.posts[way]) > 5 for way in ways))

    for way in ways:
        gaps_s = [
            (later - sooner).total_seconds() for (sooner, _), (later, _) in pairwise(failing.posts[way][:5])
        ]
        # The sixth post is of the next state: the first one was given up after five.
        assert [state for _, state in failing.posts[way][:6]] == ["sent"] * 5 + ["delivered"], way
        for gap_s, interval_s in zip(gaps_s, INTERVALS_S, strict=True):
            assert gap_s >= interval_s, (way, gaps_s)
            # What hangs is given up by the machine's clock, while the gateway's runs ahead.
            assert gap_s <= 3 * interval_s + 5 or way == "hangs", (way, gaps_s)


async def pass_until(clock: Clock, condition: Callable[[], bool], deadline_s: float = HANG_S) -> None:
    """Let time pass, slowly at first and ever faster, so that each interval has many steps, until a condition holds."""
    passed_s, end = 0.0, time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        step_s = max(0.05, 0.03 * passed_s)
        clock.advance(step_s)
        passed_s += step_s
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_8_any_2xx_is_taken_once(client: Client, receiver: Receiver, status: int) -> None:
    receiver.answers = [status]

    await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) >= 2)

    assert receiver.states == [("sent", None), ("delivered", "delivered_to_recipient")]


async def test_8_a_receipt_goes_from_sent_over_the_operator_to_the_recipient(
    client: Client, receiver: Receiver
) -> None:
    await client.send(destination="+12025550119", text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) == 3)

    assert receiver.states == [
        ("sent", None),
        ("delivered", "delivered_to_operator"),
        ("delivered", "delivered_to_recipient"),
    ]
    stamps = [body["payload"]["status"]["timestamp"] for body in receiver.bodies]
    assert stamps == sorted(stamps)
    assert all("errorCode" not in body["payload"]["status"] for body in receiver.bodies)
    assert {headers["Content-Type"].partition(";")[0] for headers in receiver.headers} == {"application/json"}


@pytest.mark.parametrize(
    ("number", "state", "error", "sentence"),
    [
        ("+12025550101", "undelivered", 1, "Absent subscriber"),
        ("+12025550103", "undelivered", 36, "Expired"),
        ("+12025550105", "undelivered", 15, "Invalid destination"),
    ],
)
async def test_8_a_failure_carries_its_code_and_sentence(
    client: Client, receiver: Receiver, number: str, state: str, error: int, sentence: str
) -> None:
    await client.send(destination=number, text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: receiver.states and receiver.states[-1][0] == state)

    status = receiver.bodies[-1]["payload"]["status"]
    assert status["errorCode"] == error
    assert sentence.lower().split()[0] in status["errorMessage"].lower()


async def test_8_a_price_is_there_when_charged_and_absent_when_not(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await client.send(destination=PHONE, text="x" * 200, dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) == 2)
    await gateway.accounts.save_prices("demo", [a_price(25_000)])
    await client.send(destination=PHONE, text="x" * 200, dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) == 4)

    prices = [body["payload"].get("price") for body in receiver.bodies]
    charged = {"total": 0.05, "perSms": 0.025, "currency": "EUR"}
    assert prices == [None, None, charged, charged]
    assert "price" not in receiver.bodies[0]["payload"]
    assert [body["payload"]["smsCount"] for body in receiver.bodies] == [2] * 4
