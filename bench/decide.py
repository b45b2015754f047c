"""How fast events are decided: the engine alone, one render, and the worker on the embedded back end.

    .venv/bin/python bench/decide.py [--runs 5]

One JSON line a figure, medians over the runs. The limit of the worker is the engine: storing shares the interpreter.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import msgspec

from tellwire.kernel.address import msisdn_of_digits
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.ids import new_ids
from tellwire.kernel.telemetry import configure
from tellwire.platform.compose.names import Names
from tellwire.platform.compose.template import render
from tellwire.platform.decide.engine import decide_batch
from tellwire.platform.decide.index import index_of
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet, campaign_set
from tellwire.platform.model.content import Content
from tellwire.platform.model.event import Entry, Event, EventId, ProfileChange, SetValue, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import JsonParameters, Provider, ProviderId
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import SendStep
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.wiring.backend import open_backend

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
PEOPLE = 1_000
TEXT = "Hi {{ Profile.Name | default: 'you' }}, your order of {{ Event.Amount }} is on its way"
PROPERTIES = msgspec.Raw(b'{"Amount":120.5,"Currency":"SGD","Items":3,"Plan":"gold","First":true}')


def catalog() -> CampaignSet:
    return of_campaigns([an_answer()])


def an_answer() -> Campaign:
    return Campaign(
        id=CampaignId(1),
        name="bench",
        state="running",
        start=OnEvent(
            event="Order Placed", where=(Condition(property="Amount", operator="greater_than", value=100),)
        ),
        steps=(SendStep(content=Content(text=TEXT)),),
        created_at=NOW,
        updated_at=NOW,
    )


def of_campaigns(campaigns: Iterable[Campaign]) -> CampaignSet:
    provider = Provider(
        id=ProviderId("p"),
        nickname="bench",
        endpoint="http://127.0.0.1:1/",
        parameters=JsonParameters('{"to":"$$To","text":"$$Body"}'),
        is_default=True,
        callback_key="k",
        created_at=NOW,
        updated_at=NOW,
    )
    return campaign_set(1, list(campaigns), [provider])


def subjects() -> list[Subject]:
    return [Subject("identity", f"u{n}") for n in range(PEOPLE)]


def events(name: str, amount: int) -> list[Entry]:
    known = subjects()
    return [
        Event(
            id=EventId(identifier),
            subject=known[n % PEOPLE],
            name=name,
            occurred_at=NOW,
            received_at=NOW,
            properties=PROPERTIES,
        )
        for n, identifier in enumerate(new_ids(datetime.now(UTC), time.perf_counter_ns(), amount))
    ]


def beside(amount: int) -> CampaignSet:
    """Return a catalog of this many live campaigns, each on an event of its own that never comes."""
    return of_campaigns(
        msgspec.structs.replace(an_answer(), id=CampaignId(n), start=OnEvent(event=f"Other {n}"))
        for n in range(1, amount + 1)
    )


def on_one_name(amount: int) -> CampaignSet:
    """Return a catalog of this many live campaigns on the same event, of which one wants what comes."""
    return of_campaigns(
        msgspec.structs.replace(
            an_answer(),
            id=CampaignId(n),
            start=OnEvent(
                event="Order Placed",
                where=(Condition(property="Plan", value="gold" if n == 1 else f"plan {n}"),),
            ),
        )
        for n in range(1, amount + 1)
    )


def engine_per_s(name: str, amount: int, known: CampaignSet) -> float:
    facts = Facts(
        profiles={
            subject: Profile(
                id=ProfileId(f"p{n}"),
                subjects=(subject,),
                properties={"Name": "Ann", "Phone": f"+65{90000000 + n}"},
                phone=msisdn_of_digits(f"65{90000000 + n}"),
                created_at=NOW,
                updated_at=NOW,
            )
            for n, subject in enumerate(subjects())
        }
    )
    entries, index = events(name, amount), index_of(known)
    started = time.perf_counter()
    for at in range(0, amount, 1000):
        decide_batch(
            entries[at : at + 1000],
            facts=facts,
            index=index,
            now=NOW,
            new_ids=map(ProfileId, map(str, count())),
        )
    return amount / (time.perf_counter() - started)


def renders_per_s(amount: int) -> float:
    profile, started = {"Name": "Ann"}, time.perf_counter()
    for _ in range(amount):
        render(TEXT, Names(profile), Names({"Amount": 120.5}), NOW)
    return amount / (time.perf_counter() - started)


async def worker_per_s(name: str, amount: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        backend = await open_backend(Path(folder))
        try:
            return await _worker_on(backend, name, amount)
        finally:
            await backend.close()


async def _worker_on(backend: Backend, name: str, amount: int) -> float:
    known = catalog()
    await backend.catalog.save(
        (*map(PutProvider, known.providers.values()), *map(PutCampaign, known.campaigns.values())),
        (await backend.catalog.snapshot()).version,
    )
    worker = DecideWorker(
        stream=backend.stream,
        ledger=backend.ledger,
        catalog=backend.catalog,
        history=backend.history,
        clock=SystemClock(),
    )
    await backend.stream.append(people())
    await _drain(worker)
    entries = events(name, amount)
    for at in range(0, amount, 500):
        await backend.stream.append(entries[at : at + 500])
    started = time.perf_counter()
    await _drain(worker)
    return amount / (time.perf_counter() - started)


def people() -> list[Entry]:
    ids = new_ids(datetime.now(UTC), time.perf_counter_ns(), PEOPLE)
    return [
        ProfileChange(
            id=EventId(identifier),
            subject=subject,
            occurred_at=NOW,
            received_at=NOW,
            changes=(SetValue("Name", "Ann"), SetValue("Phone", f"+65{90000000 + n}")),
        )
        for n, (identifier, subject) in enumerate(zip(ids, subjects(), strict=True))
    ]


async def _drain(worker: DecideWorker) -> None:
    while await worker.step():
        pass


async def _median(runs: int, measure: Callable[[], Awaitable[float]]) -> float:
    return statistics.median([await measure() for _ in range(runs)])


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    sys.setswitchinterval(0.0005)  # as the composition root does
    configure(level="warning")
    engine = {
        name: statistics.median(engine_per_s(event, amount, known) for _ in range(runs))
        for name, event, amount, known in (
            ("idle", "Page Seen", 20_000, catalog()),
            ("match", "Order Placed", 5_000, catalog()),
            ("beside 10", "Page Seen", 20_000, beside(10)),
            ("beside 10,000", "Page Seen", 20_000, beside(10_000)),
            ("one of 1", "Order Placed", 5_000, on_one_name(1)),
            ("one of 1,000", "Order Placed", 5_000, on_one_name(1_000)),
        )
    }
    figures = [
        ("renders", statistics.median(renders_per_s(5_000) for _ in range(runs)), "renders/s", None),
        ("engine, events that match nothing", engine["idle"], "events/s", None),
        ("engine, events that become messages", engine["match"], "events/s", None),
        (
            "engine, unmatched events beside 10 campaigns on other events",
            engine["beside 10"],
            "events/s",
            None,
        ),
        (
            "engine, unmatched events beside 10,000 campaigns on other events",
            engine["beside 10,000"],
            "events/s",
            engine["beside 10"],
        ),
        ("engine, events that the one campaign on their name answers", engine["one of 1"], "events/s", None),
        (
            "engine, events that one of 1,000 campaigns on their name answers",
            engine["one of 1,000"],
            "events/s",
            engine["one of 1"],
        ),
        (
            "worker on SQLite, events that match nothing",
            await _median(runs, lambda: worker_per_s("Page Seen", 50_000)),
            "events/s",
            engine["idle"],
        ),
        (
            "worker on SQLite, events that become messages",
            await _median(runs, lambda: worker_per_s("Order Placed", 10_000)),
            "events/s",
            engine["match"],
        ),
    ]
    for figure, value, unit, limit in figures:
        line = {"figure": figure, "value": round(value), "unit": unit}
        if limit is not None:
            line |= {"limit": round(limit), "ratio": round(value / limit, 2)}
        print(json.dumps(line))


if __name__ == "__main__":
    asyncio.run(main())
