"""How many replies a second are taken in, each in a callback of its own, with what they ask for and their events.

    python bench/replies.py

Raw ASGI, the store synced: no HTTP and no decider. Half are STOP, each with a suppression, its line of the ledger and
a confirmation in the outbox; all are of people whom nobody knew, so each makes a person too.
"""

import asyncio
import itertools
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from _figures import figure, percentile, repeated
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.telemetry import configure
from tellwire.kernel.web.dispatch import Dispatch
from tellwire.platform.model.account import Account
from tellwire.platform.model.provider import FormParameters, Provider, ProviderId
from tellwire.platform.model.replies import KeywordRules, ReplyRules
from tellwire.platform.ports.catalog import PutAccount, PutProvider
from tellwire.platform.receipts.api import CallbackApi
from tellwire.wiring.backend import open_backend

REPLIES, AT_ONCE = 4_000, 64
KEY = "k" * 43
NOW = datetime.now(UTC)
LATENCIES: list[float] = []
PROCESSOR: list[float] = []  # microseconds of a reply, the store's thread included


def body(number: int) -> bytes:
    text = "STOP" if number % 2 else f"text {number}"
    payload = {
        "umid": f"u{number}",
        "source": f"+65910{number:05}",
        "destination": "+6580001111",
        "body": text,
    }
    return json.dumps({"eventType": "inbound_message_received", "payload": payload}).encode()


async def one(app: Any, number: int) -> None:
    async def receive() -> Any:
        return {"type": "http.request", "body": body(number), "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    began = time.perf_counter()
    await app(
        {"type": "http", "method": "POST", "path": f"/callbacks/sms/{KEY}", "headers": []}, receive, send
    )
    LATENCIES.append(time.perf_counter() - began)


async def taken(directory: Path) -> float:
    backend = await open_backend(directory)
    provider = Provider(
        id=ProviderId("main"),
        nickname="main",
        callback_key=KEY,
        endpoint="https://sms.example/",
        parameters=FormParameters(pairs=(("to", "$$To"), ("text", "$$Body"))),
        created_at=NOW,
        updated_at=NOW,
    )
    rules = ReplyRules(stop=KeywordRules(is_answered=True))
    await backend.catalog.save((PutProvider(provider), PutAccount(Account(replies=rules))), 0)
    callbacks = CallbackApi(backend.stream, backend.messages, backend.inbox, backend.catalog, SystemClock())
    app, numbers = Dispatch(callbacks.routes()), itertools.count()

    async def sender() -> None:
        for number in numbers:
            if number >= REPLIES:
                return
            await one(app, number)

    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    took = time.perf_counter() - began
    PROCESSOR.append((time.process_time() - used) / REPLIES * 1_000_000)
    await backend.close()
    return REPLIES / took


def run() -> float:
    with tempfile.TemporaryDirectory() as directory:
        return uvloop.run(taken(Path(directory) / "data"))


if __name__ == "__main__":
    configure(level="warning")
    figure("replies taken in a second", repeated(run), "replies/s", 1_000)
    figure("99 of 100 replies answered within", [percentile(LATENCIES, 0.99) * 1_000], "ms")
    figure("processor time of a reply", PROCESSOR, "us")
