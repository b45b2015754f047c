"""People inside campaigns, on a real store: begun, called off, due, and a broadcast to everybody.

Rates are of the worker alone, with delivery held: what it decides and records in a second.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import apsw
import msgspec
import uvloop

from _figures import figure, percentile, resident_mb
from tellwire.cli import GC_THRESHOLDS, SWITCH_INTERVAL_S
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.ids import new_ids
from tellwire.kernel.telemetry import configure
from tellwire.platform.control.campaign_state import moved, replacing
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.event import Entry, Event, EventId, ProfileChange, SetValue, Subject
from tellwire.platform.model.facts import Versions
from tellwire.platform.model.guard import Limits, Throttle
from tellwire.platform.model.provider import Provider, ProviderId, QueryParameters
from tellwire.platform.model.rule import Condition, Has
from tellwire.platform.model.start import Now, OnEvent, OnSchedule, Start
from tellwire.platform.model.step import ForTime, PutProperty, SendStep, SetStep, Signal, Step, WaitStep
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import PutProvider
from tellwire.platform.ports.ledger import NOTHING_READ, Advance, Ledger, RecordAnswer, Recording
from tellwire.wiring.backend import open_backend

NOW = datetime.now(UTC).replace(microsecond=0)
PROVIDER = Provider(
    id=ProviderId("acme"),
    nickname="acme",
    endpoint="https://sms.example/?text=$$Body",
    parameters=QueryParameters(),
    is_default=True,
    callback_key="k" * 43,
    created_at=NOW,
    updated_at=NOW,
)
LIMITS = {
    "begun": 25_000.0,
    "called off": 25_000.0,
    "due, into a step that does not send": 20_000.0,
    "broadcast, messages decided": 10_000.0,
    "others wait for a page, longest": 0.1,
}
SECONDS = {
    "audience taken down": 5.0,
    "audience taken down among others": 8.0,
    "others wait meanwhile, longest": 0.1,
}
HI = SendStep(id="hi", content=Content(text="Hi {{ Profile.Name | default: 'there' }}"))


class Hand:
    """A clock in the hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


def campaign(start: Start, *steps: Step, stop: Signal | None = None, **fields: object) -> Campaign:
    made = Campaign(
        id=CampaignId(1),
        name="bench",
        start=start,
        steps=steps,
        stop=stop,
        created_at=NOW,
        updated_at=NOW,
        **fields,
    )
    return moved(made, "running", datetime.now(UTC))


async def publish(backend: Backend, one: Campaign) -> None:
    version = (await backend.catalog.snapshot()).version
    assert one.began_at is not None
    change = replacing(None, one, Account(), one.began_at)
    await backend.catalog.save((PutProvider(PROVIDER), change), version)


async def people(backend: Backend, worker: DecideWorker, count: int) -> list[Subject]:
    subjects = [Subject("identity", f"p{number}") for number in range(count)]
    for first in range(0, count, 5_000):
        some = subjects[first : first + 5_000]
        ids = new_ids(datetime.now(UTC), time.perf_counter_ns(), len(some))
        entries: list[Entry] = [
            ProfileChange(
                id=EventId(identifier),
                subject=subject,
                occurred_at=NOW,
                received_at=NOW,
                changes=(
                    SetValue("Name", "Ann"),
                    SetValue("Phone", f"+65{90_000_000 + first + number}"),
                    SetValue("Plan", "gold" if number % 2 else "tin"),
                ),
            )
            for number, (identifier, subject) in enumerate(zip(ids, some, strict=True))
        ]
        await backend.stream.append(entries)
        await drained(worker)
    return subjects


async def events(backend: Backend, name: str, subjects: list[Subject]) -> None:
    for first in range(0, len(subjects), 500):
        some = subjects[first : first + 500]
        at = datetime.now(UTC)
        ids = new_ids(at, time.perf_counter_ns(), len(some))
        await backend.stream.append(
            [
                Event(id=EventId(identifier), subject=subject, name=name, occurred_at=at, received_at=at)
                for identifier, subject in zip(ids, some, strict=True)
            ]
        )


async def drained(worker: DecideWorker) -> None:
    while await worker.step():
        pass


async def rate(worker: DecideWorker, amount: int) -> float:
    started = time.perf_counter()
    await drained(worker)
    return amount / (time.perf_counter() - started)


def worker_on(backend: Backend, clock: Hand) -> DecideWorker:
    return DecideWorker(
        stream=backend.stream,
        ledger=backend.ledger,
        catalog=backend.catalog,
        history=backend.history,
        clock=clock,
    )


async def journeys(backend: Backend, count: int) -> dict[str, float]:
    """Begin an enrollment for each person, call half off, and let the others be due into a step that does not send."""
    clock = Hand()
    worker = worker_on(backend, clock)
    subjects = await people(backend, worker, count)
    wait = WaitStep(id="pause", until=ForTime(Duration(30, "minute")))
    mark = SetStep(id="mark", changes=(PutProperty("Seen", "yes"),))
    await publish(backend, campaign(OnEvent(event="Seen"), wait, mark, stop=Signal(event="Charged")))
    await events(backend, "Seen", subjects)
    begun = await rate(worker, count)
    half = subjects[: count // 2]
    await events(backend, "Charged", half)
    cancelled = await rate(worker, len(half))
    clock.ahead = timedelta(hours=1)
    fired = await rate(worker, count - len(half))
    return {"begun": begun, "called off": cancelled, "due, into a step that does not send": fired}


async def sends(backend: Backend, count: int) -> dict[str, float]:
    clock = Hand()
    worker = worker_on(backend, clock)
    subjects = await people(backend, worker, count)
    wait = WaitStep(id="pause", until=ForTime(Duration(30, "minute")))
    await publish(backend, campaign(OnEvent(event="Seen"), wait, HI))
    await events(backend, "Seen", subjects)
    await drained(worker)
    clock.ahead = timedelta(hours=1)
    return {"due, into a message": await rate(worker, count)}


async def broadcast(backend: Backend, count: int) -> dict[str, float]:
    clock = Hand()
    worker = worker_on(backend, clock)
    await people(backend, worker, count)
    gold = Has(Condition(property="Plan", operator="equals", value="gold"))
    await publish(backend, campaign(OnSchedule(when=Now()), HI, who=gold))
    started = time.perf_counter()
    await drained(worker)
    seconds = time.perf_counter() - started
    return {"broadcast, people met": count / seconds, "broadcast, messages decided": count / 2 / seconds}


async def crowded(backend: Backend, folder: Path, worker: DecideWorker, count: int) -> None:
    """Let there be very many people: some as they come, and the others as copies of their rows, which takes seconds."""
    made = min(count, 10_000)
    await people(backend, worker, made)
    copy = """
    INSERT INTO profile (id, phone, body) SELECT printf('c%023d', ?1 * 1000000 + p.seq), p.phone + ?1 * 10000,
      json_set(p.body, '$.id', printf('c%023d', ?1 * 1000000 + p.seq),
        '$.subjects[0][1]', printf('p%d', p.seq - 1 + ?1 * 10000)) FROM profile AS p WHERE p.seq <= ?2
    """
    connection = apsw.Connection(str(folder / "tellwire.db"))
    for number in range(1, count // made):
        connection.execute(copy, (number, made))
    connection.close()


async def audience(backend: Backend, folder: Path, count: int, *, is_busy: bool) -> dict[str, float]:
    """Take down the audience of a run; where others are busy, an event of theirs comes every 50 ms meanwhile."""
    worker = worker_on(backend, Hand())
    await crowded(backend, folder, worker, count)
    gold = Has(Condition(property="Plan", operator="equals", value="gold"))
    await publish(backend, campaign(OnEvent(event="Seen"), HI))
    paced = Limits(throttle=Throttle(1, Duration(1, "day")))
    broadcast = campaign(OnSchedule(when=Now()), HI, who=gold, limits=paced)
    await publish(backend, msgspec.structs.replace(broadcast, id=CampaignId(2), name="broadcast"))
    waits: list[float] = []
    others = asyncio.create_task(_others(backend, waits)) if is_busy else None
    started, spent = time.perf_counter(), time.process_time()
    while not await _has_begun(backend):
        await worker.step()
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    (run,) = await backend.reports.runs(CampaignId(2), 1)
    assert run.members == count // 2, run
    if others is None:
        return {"audience taken down": seconds, "audience taken down, of a core": spent}
    others.cancel()
    return {"audience taken down among others": seconds, "others wait meanwhile, longest": max(waits)}


async def _has_begun(backend: Backend) -> bool:
    runs = await backend.reports.runs(CampaignId(2), 1)
    return bool(runs) and runs[0].met > 0


async def _others(backend: Backend, waits: list[float]) -> None:
    """Let events of other people come, and note how long each waits for its decision."""
    while True:
        await asyncio.sleep(0.05)
        started = time.perf_counter()
        await events(backend, "Seen", [Subject("identity", "p1")])
        last = backend.stream.last(0)
        while await backend.ledger.position(0) < last:  # each look is a turn of the reader's
            pass
        waits.append(time.perf_counter() - started)


async def audiences(count: int, runs: int) -> None:
    found: dict[str, list[float]] = {}
    for is_busy in (False, True):
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as folder:
                backend = await open_backend(Path(folder))
                try:
                    figures = await audience(backend, Path(folder), count, is_busy=is_busy)
                finally:
                    await backend.close()
            for name, value in figures.items():
                found.setdefault(name, []).append(value)
    for name, values in found.items():
        figure(f"{name}, of {count:,} people", values, "s", SECONDS.get(name), at_most=True)


class Lateness:
    """Notes how long after their moment people have moved on, on the disk, until all have."""

    def __init__(self, ledger: Ledger, clock: Hand, people: int) -> None:
        self._record = ledger.record
        self._clock = clock
        self._people = people
        self.seconds: list[float] = []
        self.early = 0
        self.are_all_here = asyncio.Event()

    async def record(
        self, recording: Recording, advance: Advance, versions: Versions = NOTHING_READ
    ) -> RecordAnswer:
        answer = await self._record(recording, advance, versions)
        now = self._clock.now()
        for one in recording.left:
            due_at = one.enrollment.due_at
            self.seconds.append((now - due_at).total_seconds())
            self.early += one.at <= due_at - timedelta(milliseconds=1)  # the stores' unit of time
        if len(self.seconds) >= self._people:
            self.are_all_here.set()
        return answer


async def waiting(folder: Path, made: int, count: int) -> None:
    """Let very many people wait for a day, as copies of the rows of those who came."""
    connection = apsw.Connection(str(folder / "tellwire.db"))
    profile = """
    INSERT INTO profile (seq, id, phone, body)
    SELECT seq + ?1 * ?2, printf('c%023d', ?1 * 1000000 + seq), phone + ?1 * ?2,
      json_set(body, '$.id', printf('c%023d', ?1 * 1000000 + seq)) FROM profile WHERE seq <= ?2
    """
    inside = """
    INSERT INTO enrollment (profile, id, campaign_id, version, step, wake_ms, body)
    SELECT profile + ?1 * ?2, id || '.' || ?1, campaign_id, version, step, wake_ms + 86400000 + ?1, body
    FROM enrollment WHERE profile <= ?2
    """
    for number in range(1, count // made):
        connection.execute(profile, (number, made))
        connection.execute(inside, (number, made))
    connection.close()


async def begin(backend: Backend, subjects: list[Subject], first: datetime, a_second: int) -> None:
    """Let an event of each come, so many a second from a moment on."""
    ids = new_ids(first, time.perf_counter_ns(), len(subjects))
    moments = [first + timedelta(seconds=number / a_second) for number in range(len(subjects))]
    entries = [
        Event(id=EventId(one), subject=subject, name="Seen", occurred_at=at, received_at=at)
        for one, subject, at in zip(ids, subjects, moments, strict=True)
    ]
    for start in range(0, len(entries), 500):
        await backend.stream.append(entries[start : start + 500])


async def lateness(folder: Path, count: int, a_second: int = 1_000, for_s: int = 20) -> dict[str, float]:
    """How late people move on who are due one after the other, while very many others wait."""
    backend = await open_backend(folder)
    try:
        hand, made = Hand(), a_second * for_s
        worker = worker_on(backend, hand)
        subjects = await people(backend, worker, made)
        wait = WaitStep(id="pause", until=ForTime(Duration(1, "hour")))
        mark = SetStep(id="mark", changes=(PutProperty("Seen", "yes"),))
        await publish(backend, campaign(OnEvent(event="Seen"), wait, mark))
        first = datetime.now(UTC)
        await begin(backend, subjects, first, a_second)
        await drained(worker)
        await waiting(folder, made, count)
        noted = Lateness(backend.ledger, hand, made)
        with mock.patch.object(backend.ledger, "record", noted.record):
            before = resident_mb(os.getpid())
            hand.ahead = first + timedelta(hours=1) - datetime.now(UTC) - timedelta(seconds=1)
            running = asyncio.create_task(worker.run())
            await noted.are_all_here.wait()
            running.cancel()
        assert noted.early == 0
        return {
            "late, p50": percentile(noted.seconds, 0.5),
            "late, p99": percentile(noted.seconds, 0.99),
            "memory taken meanwhile": resident_mb(os.getpid()) - before,
        }
    finally:
        await backend.close()


async def latenesses(count: int, runs: int) -> None:
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            for name, value in (await lateness(Path(folder), count)).items():
                found.setdefault(name, []).append(value)
    for name, values in found.items():
        limit = 1.0 if name == "late, p99" else None
        unit = "MB" if name.startswith("memory") else "s"
        figure(f"{name}, 1,000 due a second among {count:,} who wait", values, unit, limit, at_most=True)


async def busy_broadcast(backend: Backend, count: int) -> dict[str, float]:
    """How long events of others wait while a broadcast goes out."""
    worker = worker_on(backend, Hand())
    await people(backend, worker, count)
    await publish(backend, campaign(OnEvent(event="Seen"), HI))
    broadcast = campaign(OnSchedule(when=Now()), HI)
    await publish(backend, msgspec.structs.replace(broadcast, id=CampaignId(2), name="broadcast"))
    waits: list[float] = []
    others = asyncio.create_task(_others(backend, waits))
    await drained(worker)
    others.cancel()
    return {"others wait for a page, longest": max(waits)}


async def measured(
    what: Callable[[Backend, int], Awaitable[dict[str, float]]], count: int
) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        backend = await open_backend(Path(folder))
        try:
            return await what(backend, count)
        finally:
            await backend.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--audience", type=int, default=1_000_000, help="people an audience is chosen of")
    parser.add_argument(
        "--only", default="", help="journeys, sends, broadcast, busy_broadcast, audiences or lateness"
    )
    arguments = parser.parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    configure(level="warning")
    if arguments.only in {"", "audiences"}:
        await audiences(arguments.audience, arguments.runs)
    if arguments.only in {"", "lateness"}:
        await latenesses(arguments.audience, arguments.runs)
    for what in (journeys, sends, broadcast, busy_broadcast):
        if arguments.only not in {"", what.__name__}:
            continue
        runs = [await measured(what, arguments.people) for _ in range(arguments.runs)]
        for name in runs[0]:
            figure(
                f"{name}, of {arguments.people:,} people",
                [run[name] for run in runs],
                "s" if what is busy_broadcast else "a second",
                LIMITS.get(name),
                at_most=what is busy_broadcast,
            )


if __name__ == "__main__":
    uvloop.run(main())
