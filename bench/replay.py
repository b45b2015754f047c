"""A replay of one campaign over events that came, on a real store: one event in fifty meets it.

.venv/bin/python bench/replay.py [--events 100000]
"""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from _figures import figure
from inside import HI, Hand, campaign, people, worker_on
from tellwire.kernel.ids import new_ids
from tellwire.kernel.telemetry import configure
from tellwire.platform.control.replaying import Summary, replayed
from tellwire.platform.model.account import Account
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.event import Event, EventId
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import ForTime, WaitStep
from tellwire.wiring.backend import open_backend

PEOPLE = 5_000


class Options(msgspec.Struct):
    """The one option that a replay looks at."""

    default_region: str | None = None


class Desk(msgspec.Struct):
    """What a replay asks of the desk."""

    stream: object
    reports: object
    clock: Hand
    options: Options


async def rate(amount: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        backend = await open_backend(Path(folder))
        try:
            subjects = await people(backend, worker_on(backend, Hand()), PEOPLE)
            begins = datetime.now(UTC)
            for first in range(0, amount, 500):
                at = datetime.now(UTC)
                ids = new_ids(at, time.perf_counter_ns(), 500)
                await backend.stream.append(
                    [
                        Event(
                            id=EventId(identifier),
                            subject=subjects[(first + number) % PEOPLE],
                            name="Seen" if number % 50 == 0 else "Page Viewed",
                            occurred_at=at,
                            received_at=at,
                        )
                        for number, identifier in enumerate(ids)
                    ]
                )
            wait = WaitStep(id="pause", until=ForTime(Duration(30, "minute")))
            desk = Desk(backend.stream, backend.reports, Hand(), Options())
            one = campaign(OnEvent(event="Seen"), wait, HI)
            started = time.perf_counter()
            lines = replayed(desk, one, Account(), begins, begins + timedelta(hours=2))  # type: ignore[arg-type]
            last = [line async for line in lines][-1]
            seconds = time.perf_counter() - started
            assert isinstance(last, Summary)
            assert last.summary.events == amount
            return amount / seconds
        finally:
            await backend.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--events", type=int, default=100_000)
    arguments = parser.parse_args()
    configure(level="warning")
    rates = [await rate(arguments.events) for _ in range(arguments.runs)]
    figure("replay, one event in fifty meets the campaign", rates, "events/s", 50_000)


if __name__ == "__main__":
    asyncio.run(main())
