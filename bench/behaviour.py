"""What a live rule about behaviour costs beside a plain one, and how fast history is counted for a new one.

    PYTHONPATH=. .venv/bin/python bench/behaviour.py [--runs 5]

The worker on the embedded back end in seconds of the processor, with 1,000 people who did ten such events each before.
One JSON line a figure: medians over the runs, in which the rules take turns. `ratio` is against the plain rule's
events, 1.5 at most.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from bench.decide import PEOPLE, an_answer, events, of_campaigns, people

from tellwire.kernel.clock import SystemClock
from tellwire.kernel.telemetry import configure
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.language.rule import RuleForm, read_rule
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.event import Entry
from tellwire.platform.model.rule import Rule
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.wiring.backend import open_backend

EVENTS = 10_000
BEFORE = 10 * PEOPLE
_WITHIN = {"at_least": 2, "within": "400 days"}

RULES: dict[str, dict[str, object]] = {
    "a plain rule": {"any": [{"profile": "Name", "equals": "Ann"}, {"profile": "Name", "equals": "Bob"}]},
    "what was done before, of another event": {"did": "Page Seen", **_WITHIN},
    "what was done before, of the event that starts it": {"did": "Order Placed", **_WITHIN},
    "two lines and a sum, of the event that starts it": {
        "all": [
            {"did": "Order Placed", "sum": {"property": "Amount", "at_least": 100}},
            {
                "not": {
                    "did": "Order Placed",
                    "where": [{"property": "Amount", "less_than": 1}],
                    "within": "7 days",
                }
            },
        ]
    },
}


def asking(written: dict[str, object]) -> Campaign:
    rule: Rule = read_rule(msgspec.convert(written, RuleForm))
    return msgspec.structs.replace(an_answer(), who=rule)


def worker_of(backend: Backend) -> DecideWorker:
    return DecideWorker(
        stream=backend.stream,
        ledger=backend.ledger,
        catalog=backend.catalog,
        history=backend.history,
        clock=SystemClock(),
    )


async def _decided(backend: Backend, worker: DecideWorker, entries: Sequence[Entry]) -> float:
    """Return how many seconds of the processor it takes to decide these."""
    for at in range(0, len(entries), 500):
        await backend.stream.append(list(entries[at : at + 500]))
    started = time.process_time()
    while await worker.step():
        pass
    return time.process_time() - started


async def _publish(backend: Backend, campaign: Campaign) -> None:
    known = of_campaigns([campaign])
    changes = (*map(PutProvider, known.providers.values()), *map(PutCampaign, known.campaigns.values()))
    await backend.catalog.save(changes, (await backend.catalog.snapshot()).version)


async def measured(written: dict[str, object], name: str) -> tuple[float, float]:
    """Return how many seconds of the processor it takes to count what was before, and to decide events of this name."""
    with tempfile.TemporaryDirectory() as folder:
        backend = await open_backend(Path(folder))
        try:
            worker = worker_of(backend)
            before = [*events("Page Seen", BEFORE // 2), *events("Order Placed", BEFORE // 2)]
            await _decided(backend, worker, [*people(), *before])
            await _publish(backend, asking(written))
            filling = await _decided(backend, worker, [])
            return filling, await _decided(backend, worker, events(name, EVENTS))
        finally:
            await backend.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    sys.setswitchinterval(0.0005)  # as the composition root does
    configure(level="warning")
    times: dict[tuple[str, str], list[float]] = {}
    fills: list[float] = []
    for _ in range(runs):
        for rule, written in RULES.items():
            for name in ("Order Placed", "Other"):
                filling, spent = await measured(written, name)
                times.setdefault((rule, name), []).append(spent)
                if rule.startswith("two"):
                    fills.append(filling)
    for name, what in (("Order Placed", "that become messages"), ("Other", "that match nothing")):
        plain = statistics.median(times["a plain rule", name])
        for rule in RULES:
            median = statistics.median(times[rule, name])
            line = {
                "figure": f"events {what}, {rule}",
                "value": round(EVENTS / median),
                "unit": "events/s of the processor",
            }
            print(json.dumps({**line, "ratio": round(median / plain, 2)}))
    speed = BEFORE // 2 / statistics.median(fills)
    print(
        json.dumps(
            {
                "figure": "history counted for two new lines",
                "value": round(speed),
                "unit": "events/s of the processor",
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main())
