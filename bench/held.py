"""How long the event loop is held by one step of the decide worker, at 10,000 live campaigns.

Something else in the loop asks for its turn each millisecond. Between two of its turns we take the processor time of
the loop's thread, which the machine's other work does not touch, and the time on the clock, which counts as well how
long the store's thread and the collector had the interpreter.
"""

import asyncio
import gc
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import uvloop
from bench._figures import RUNS, figure, machine
from bench.decide import PEOPLE, _people, an_answer, events, of_campaigns

from tellwire.cli import GC_THRESHOLDS, SWITCH_INTERVAL_S
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.telemetry import configure
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.wiring.backend import open_backend

CAMPAIGNS = 10_000
TURN_S = 0.001


class Turns:
    """Takes a turn of the loop as often as it can get one, and notes the longest waits: on the clock, and of work."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.longest_work_s = 0.0

    async def take(self) -> None:
        at, worked = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(TURN_S)
            now, work = time.perf_counter(), time.thread_time()
            self.longest_s = max(self.longest_s, now - at)
            self.longest_work_s = max(self.longest_work_s, work - worked)
            at, worked = now, work


def main() -> None:
    print(f'{{"machine": "{machine()}"}}', flush=True)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    configure(level="warning")
    for answering, amount in ((0, PEOPLE), (1, PEOPLE), (1_000, 3), (CAMPAIGNS, 2)):
        runs = [uvloop.run(held(answering, amount)) for _ in range(RUNS)]
        name = f"{answering:,} of {CAMPAIGNS:,} campaigns answer each event"
        figure(
            f"loop held by its own work, {name}",
            [one.longest_work_s * 1000 for one in runs],
            "ms",
            20.0,
            at_most=True,
        )
        figure(
            f"longest wait for a turn, {name}",
            [one.longest_s * 1000 for one in runs],
            "ms",
            20.0,
            at_most=True,
        )


async def held(answering: int, amount: int) -> Turns:
    with tempfile.TemporaryDirectory() as folder:
        backend = await open_backend(Path(folder))
        try:
            return await _held_on(backend, answering, amount)
        finally:
            await backend.close()


async def _held_on(backend: Backend, answering: int, amount: int) -> Turns:
    catalog = campaigns(answering)
    await backend.catalog.save(
        (*map(PutProvider, catalog.providers.values()), *map(PutCampaign, catalog.campaigns.values())),
        (await backend.catalog.snapshot()).version,
    )
    worker = DecideWorker(
        stream=backend.stream,
        ledger=backend.ledger,
        catalog=backend.catalog,
        history=backend.history,
        clock=SystemClock(),
    )
    await backend.stream.append(_people())
    while await worker.step():
        pass
    await backend.stream.append(events("Order Placed", amount))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    turns = Turns()
    taking = asyncio.create_task(turns.take())
    await asyncio.sleep(0)
    while await worker.step():
        pass
    taking.cancel()
    gc.unfreeze()
    return turns


def campaigns(answering: int) -> CampaignSet:
    """Return the catalog: `answering` campaigns on the event that comes, the others each on one that never does."""
    now = datetime.now(UTC)
    return of_campaigns(
        msgspec.structs.replace(
            an_answer(),
            id=CampaignId(n),
            event="Order Placed" if n <= answering else f"Other {n}",
            created_at=now,
        )
        for n in range(1, CAMPAIGNS + 1)
    )


if __name__ == "__main__":
    main()
