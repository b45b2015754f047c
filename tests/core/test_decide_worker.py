"""The worker on a real back end: what it reads, decides and records, and that a crash repeats nothing."""

import asyncio
import gc
import itertools
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.builders import a_campaign, a_provider, rewritten
from tests.clock import Clock
from tests.waiting import HANG_S

from tellwire.kernel.address import msisdn_of_digits
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.ids import new_ids
from tellwire.platform.decide.worker import BATCH_LIMIT, DecideWorker, next_limit
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.event import Entry, Event, EventId, ProfileChange, SetValue, Subject
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.model.provider import QueryParameters
from tellwire.platform.model.rule import Condition
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import PutCampaign, PutProvider, Stale
from tellwire.platform.ports.errors import Unavailable
from tellwire.platform.ports.ledger import Advance, Recorded, Recording
from tellwire.platform.ports.stream import START
from tellwire.wiring.backend import open_backend

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
ANN = Subject("identity", "ann")
NUMBER = msisdn_of_digits("6591230000")


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Backend]:
    opened = await open_backend(tmp_path)
    provider = a_provider(endpoint="https://sms.example/?text=$$Body", parameters=QueryParameters())
    campaign = a_campaign(
        id=CampaignId(1),
        name="c",
        state="running",
        event="Order Placed",
        content=Content(text="Hi {{ Profile.Name }}"),
        created_at=NOW,
        updated_at=NOW,
    )
    saved = await opened.catalog.save(
        (PutProvider(provider), PutCampaign(campaign)), (await opened.catalog.snapshot()).version
    )
    assert not isinstance(saved, Stale)
    yield opened
    await opened.close()


def worker_on(backend: Backend, seconds: Callable[[], float] = lambda: 0.0) -> DecideWorker:
    return DecideWorker(
        stream=backend.stream,
        ledger=backend.ledger,
        catalog=backend.catalog,
        history=backend.history,
        clock=Clock(NOW),
        entropy=lambda: 1,
        seconds=seconds,
    )


def story(events: int) -> list[Entry]:
    ids = [EventId(i) for i in new_ids(NOW, 2, events + 1)]
    known = ProfileChange(
        id=ids[0],
        subject=ANN,
        occurred_at=NOW,
        received_at=NOW,
        changes=(SetValue("Phone", "+6591230000"), SetValue("Name", "Ann")),
    )
    return [
        known,
        *(Event(id=i, subject=ANN, name="Order Placed", occurred_at=NOW, received_at=NOW) for i in ids[1:]),
    ]


async def drained(worker: DecideWorker) -> int:
    total = 0
    while done := await worker.step():
        total += done
    return total


async def test_what_was_appended_is_decided_and_enters_the_outbox(backend: Backend) -> None:
    await backend.stream.append(story(1))

    assert await drained(worker_on(backend)) == 2

    (claimed,) = await claims(backend)
    assert claimed == "Hi Ann"
    assert await worker_on(backend).step() == 0


async def claims(backend: Backend) -> list[str]:
    rows = await backend.reports.recent_messages(500)
    details = [await backend.reports.message(row.id) for row in rows]
    return [detail.text for detail in details if detail is not None]


async def test_a_batch_is_bounded_and_the_rest_waits_its_turn(backend: Backend) -> None:
    await backend.stream.append(
        [msgspec.structs.replace(e, name="Page Seen") if isinstance(e, Event) else e for e in story(2500)]
    )
    worker = worker_on(backend)

    steps = [await worker.step() for _ in range(4)]

    assert steps == [BATCH_LIMIT, BATCH_LIMIT, 501, 0]


async def test_it_has_caught_up_once_what_it_found_is_decided_whatever_comes_meanwhile(
    backend: Backend,
) -> None:
    await backend.stream.append(story(BATCH_LIMIT + 1))
    worker = worker_on(backend)
    caught_up = asyncio.create_task(worker.caught_up())

    await worker.step()
    await asyncio.sleep(0)
    assert not caught_up.done()
    later = new_ids(NOW + timedelta(seconds=1), 3, BATCH_LIMIT)
    seen = msgspec.structs.replace(story(1)[1], name="Page Seen")
    await backend.stream.append([msgspec.structs.replace(seen, id=EventId(i)) for i in later])
    await worker.step()

    await asyncio.wait_for(caught_up, HANG_S)


async def test_it_has_caught_up_with_an_empty_stream_at_once(backend: Backend) -> None:
    worker = worker_on(backend)

    assert await worker.step() == 0

    await asyncio.wait_for(worker.caught_up(), HANG_S)


async def test_a_second_worker_goes_on_where_the_first_stopped(backend: Backend) -> None:
    await backend.stream.append(story(1))
    await drained(worker_on(backend))
    more = msgspec.structs.replace(story(1)[1], id=EventId(new_ids(NOW + timedelta(seconds=1), 3, 1)[0]))
    await backend.stream.append([more])

    assert await drained(worker_on(backend)) == 1

    assert len(await claims(backend)) == 2


async def test_a_stop_that_comes_while_a_batch_is_decided_is_obeyed(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = worker_on(backend)
    known, event = story(1)
    await backend.stream.append([known])
    await worker.step()
    await backend.stream.append([event])
    facts = backend.ledger.facts
    stop = SuppressionChange(address=NUMBER, is_suppressed=True, source="reply", at=NOW)
    asked = 0

    async def facts_before_a_stop(needs: Needs) -> Facts:
        nonlocal asked
        asked += 1
        answer = await facts(needs)
        await backend.messages.suppress([stop])
        return answer

    monkeypatch.setattr(backend.ledger, "facts", facts_before_a_stop)
    await drained(worker)

    [decision] = await backend.reports.decisions(OccasionId(event.id))
    assert (asked, decision.code) == (2, "suppressed")
    assert await claims(backend) == []


async def test_a_worker_that_was_overtaken_reads_its_position_again(backend: Backend) -> None:
    await backend.stream.append(story(1))
    late = worker_on(backend)
    await late.step()
    await backend.stream.append([msgspec.structs.replace(story(1)[1], id=EventId("f" * 24))])
    read = await backend.stream.read(0, await backend.ledger.position(0), 10)
    overtaking = Advance(partition=0, after=await backend.ledger.position(0), to=read[-1].position)
    assert isinstance(await backend.ledger.record(Recording(), overtaking), Recorded)

    conflicted, then = await late.step(), await late.step()

    assert (conflicted, then) == (1, 0)
    assert len(await claims(backend)) == 1
    assert await backend.ledger.position(0) > START


async def test_a_store_that_fails_once_loses_no_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = await open_backend(tmp_path)
    events = [
        Event(
            id=EventId(f"{n:024x}"),
            subject=Subject("identity", f"u{n}"),
            name="Looked",
            occurred_at=NOW,
            received_at=NOW,
        )
        for n in range(BATCH_LIMIT + 500)
    ]
    await backend.stream.append(events)
    worker = DecideWorker(
        stream=backend.stream,
        ledger=backend.ledger,
        catalog=backend.catalog,
        history=backend.history,
        clock=SystemClock(),
    )
    record = backend.ledger.record

    async def fail_once(*_: object) -> None:
        monkeypatch.setattr(backend.ledger, "record", record)
        raise Unavailable("the disk is away")

    monkeypatch.setattr(backend.ledger, "record", fail_once)
    with pytest.raises(Unavailable, match="away"):
        await worker.step()
    while await worker.step():
        pass

    decided = [
        await backend.reports.event(event.id) for event in (events[0], events[BATCH_LIMIT], events[-1])
    ]
    await backend.close()
    assert all(decided)


def ticking() -> Callable[[], float]:
    """Return seconds of which one millisecond passes with every look."""
    return itertools.count(0.001, 0.001).__next__


async def test_a_step_ends_when_its_time_is_over_and_the_rest_is_the_next_ones(
    backend: Backend,
) -> None:
    await backend.stream.append(story(40))
    worker = worker_on(backend, ticking())

    first = await worker.step()
    recorded = len(await claims(backend))
    total = first + await drained(worker)

    assert 1 <= first < 20
    assert recorded == first - 1  # the first entry is a profile
    assert total == 41
    assert len(await claims(backend)) == 40


async def test_one_event_that_costs_many_steps_gives_way_and_is_recorded_whole(
    backend: Backend,
) -> None:
    newest = await backend.catalog.snapshot()
    [one] = newest.campaigns.values()
    many = [msgspec.structs.replace(one, id=CampaignId(n), name=f"c{n}") for n in range(1, 51)]
    await backend.catalog.save(tuple(map(PutCampaign, many)), newest.version)
    [known, placed] = story(1)
    await backend.stream.append([known, placed])
    turns, seen, passed = 0, set[int](), ticking()

    def seconds() -> float:
        seen.add(turns)
        return passed()

    async def take_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    worker = worker_on(backend, seconds)
    others = asyncio.create_task(take_turns())
    await drained(worker)
    others.cancel()

    row = await backend.reports.event(placed.id)
    assert row is not None
    assert row.messages == 50
    assert len(seen) > 8  # of 50 campaigns, five a turn


async def test_a_saved_campaign_counts_from_the_next_step_on(backend: Backend) -> None:
    worker = worker_on(backend)
    await backend.stream.append(story(1))
    await drained(worker)
    newest = await backend.catalog.snapshot()
    [one] = newest.campaigns.values()
    stopped = msgspec.structs.replace(one, state="stopped")

    await backend.catalog.save((PutCampaign(stopped),), newest.version)
    await backend.stream.append([msgspec.structs.replace(story(1)[1], id=EventId("f" * 24))])
    await drained(worker)

    assert len(await claims(backend)) == 1


@pytest.mark.parametrize(
    ("limit", "count", "is_cut", "expected"),
    [
        (1000, 1000, False, 1000),
        (1000, 150, True, 500),
        (200, 150, True, 150),
        (150, 150, False, 300),
        (1, 1, True, 1),
    ],
)
def test_facts_are_asked_for_as_many_entries_as_a_step_has_time_for(
    limit: int, count: int, is_cut: bool, expected: int
) -> None:
    assert next_limit(limit, count, is_cut=is_cut) == expected


class Timed:
    """A coroutine, and the most processor seconds that it kept the loop's thread without a pause."""

    def __init__(self, coroutine: Coroutine[Any, Any, int]) -> None:
        self._coroutine = coroutine
        self.longest_s = 0.0

    def __await__(self) -> Generator[Any, Any, int]:
        steps = self._coroutine.__await__()
        while True:
            begun = time.thread_time()
            try:
                awaited = next(steps)
            except StopIteration as end:
                return int(end.value)
            finally:
                self.longest_s = max(self.longest_s, time.thread_time() - begun)
            yield awaited


@pytest.mark.parametrize(
    "condition",
    [
        lambda n: Condition(property="City", value=f"city {n}"),
        lambda n: Condition(property="Amount", operator="greater_than", value=n),
    ],
    ids=["each another city", "each another range"],
)
async def test_no_step_holds_the_loop_for_more_than_20_ms_with_10_000_campaigns(
    backend: Backend, condition: Callable[[int], Condition]
) -> None:
    newest = await backend.catalog.snapshot()
    [one] = newest.campaigns.values()
    many = [
        rewritten(one, id=CampaignId(n), name=f"c{n}", event_conditions=(condition(n),))
        for n in range(1, 10_001)
    ]
    await backend.catalog.save(tuple(map(PutCampaign, many)), newest.version)
    properties = msgspec.Raw(b'{"City":"City 7","Amount":2}')
    [known, *placed] = story(20)
    await backend.stream.append(
        [known, *(msgspec.structs.replace(each, properties=properties) for each in placed)]
    )
    worker, longest_s = (
        worker_on(backend, time.perf_counter),
        [],
    )

    gc.collect()
    gc.freeze()  # as the composition root does: what lives as long as the program is not walked again
    try:
        while True:
            step = Timed(worker.step())
            decided = await step
            longest_s.append(step.longest_s)
            if not decided:
                break
    finally:
        gc.unfreeze()

    assert len(await claims(backend)) == 20
    assert max(longest_s) < 0.02
