"""Calls as the worker decides them: in the order of the stream, once, whatever crashes, with the call's own words."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.live import Live
from tests.rehearsing import at, campaign, event, profile, told

from tellwire.platform.intake.calling import Caller, Calling, Email
from tellwire.platform.model.account import Account
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.event import Called, EventId, Subject
from tellwire.platform.model.guard import QuietHours
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.start import OnCall, OnEvent
from tellwire.platform.model.step import ForTime, SendStep, WaitStep
from tellwire.platform.ports.errors import Unavailable

CODE = SendStep(id="code", content=Content(text="{{ ExternalTrigger.otp }} for {{ Profile.Name }}"))
CALL = OnCall("code")
NOON = at("2026-06-01T12:00")


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    opened = Live(tmp_path, at("2026-06-01T00:00"))
    await opened.open()
    yield opened
    await opened.close()


def a_call(who: str = "ann", number: int = 1, **fields: Any) -> Called:
    values = msgspec.Raw(msgspec.json.encode(fields.pop("values", {"otp": "12"})))
    return Called(
        id=EventId(f"c{number:023x}"),
        subject=Subject("identity", who),
        campaigns=fields.pop("campaigns", (1,)),
        received_at=fields.pop("received_at", NOON),
        values=values,
        **fields,
    )


async def test_a_call_meets_the_person_as_the_stream_has_them_by_then(live: Live) -> None:
    await live.publish(campaign(CALL, CODE))
    live.clock.move_to(NOON)
    stream = live.backend.stream

    await stream.append([a_call("ann", 1)])  # before she is known
    await live.receive(profile("ann", "2026-06-01T12:00"))
    await live.append([a_call("ann", 2)])

    assert live.lines == ["2026-06-01T12:00:00.000Z ann C1 code send 12 for ann"]
    (refused,) = await live.backend.reports.refused_records(10, [Subject("identity", "ann")])
    assert (refused.kind, refused.error) == ("call", "Called for “C1”, but nobody of that name is known.")


async def test_what_a_call_brings_is_its_campaigns_alone_and_stays_for_all_its_steps(live: Live) -> None:
    wait = WaitStep(id="wait", until=ForTime(Duration(1, "hour")))
    both = SendStep(id="both", number=1, content=Content(text="{{ ExternalTrigger.otp }}|{{ Event.otp }}"))
    await live.publish(campaign(CALL, wait, both), campaign(OnEvent(event="Seen"), both, number=2))
    await live.receive(profile("ann", "2026-06-01T12:00"), event("ann", "Seen", "2026-06-01T12:00", otp="e"))

    await live.append([a_call()])
    await live.wait(at("2026-06-01T14:00"))

    assert sorted(live.lines) == [
        "2026-06-01T12:00:00.000Z ann C2 both send |e",
        "2026-06-01T13:00:00.000Z ann C1 both exit finished",
        "2026-06-01T13:00:00.000Z ann C1 both send 12|",
    ]


async def test_the_words_of_a_call_outlast_a_hold(live: Live) -> None:
    quiet = (QuietHours(begins=at("2026-06-01T11:00").time(), ends=at("2026-06-01T13:00").time()),)
    await live.publish(campaign(CALL, CODE, quiet=quiet, again="beside"))
    await live.receive(profile("ann", "2026-06-01T12:00"))

    await live.append([a_call(number=1, text="First"), a_call(number=2, text="{{ Profile.Name }}, second")])
    await live.close()
    await live.open()
    await live.wait(at("2026-06-01T14:00"))

    sent = [line for line in live.lines if " send " in line]
    assert sorted(sent) == [
        "2026-06-01T13:00:00.000Z ann C1 code send First",
        "2026-06-01T13:00:00.000Z ann C1 code send ann, second",
    ]


async def test_a_call_that_was_stored_is_decided_after_a_crash_with_the_ids_of_its_entry(live: Live) -> None:
    await live.publish(campaign(CALL, CODE))
    await live.receive(profile("ann", "2026-06-01T12:00"))
    caller = Caller(
        stream=live.backend.stream,
        callees=live.backend.callees,
        refusals=live.backend.refusals,
        clock=live.clock,
        entropy=lambda: 77,
    )
    answer = await caller.call(Calling(callees=(Subject("identity", "ann"),), campaigns=(await one(live),)))
    assert (answer.taken, answer.unreached) == (1, ())

    await live.close()  # nothing of it was decided
    await live.open()
    await live.decide()

    (row,) = await live.backend.reports.recent_messages(10)
    last = live.backend.stream.last(0)
    (entry,) = [
        found.entry
        for found in await live.backend.stream.read(0, type(last)(last - 1), 1)
        if isinstance(found.entry, Called)
    ]
    assert row.id == MessageId(f"{entry.id}-1")


async def one(live: Live) -> Any:
    return (await live.campaign()).id


async def test_crashes_call_nobody_twice_and_lose_nobody(tmp_path: Path) -> None:
    for seed in range(5):
        live = Live(tmp_path / str(seed), at("2026-06-01T00:00"), random.Random(seed))
        await live.open()
        await live.publish(campaign(CALL, CODE))
        people = [f"p{n}" for n in range(30)]
        await live.receive(*(profile(name, "2026-06-01T12:00") for name in people))

        await live.append([a_call(name, n) for n, name in enumerate(people)])

        assert sorted(live.lines) == sorted(
            f"2026-06-01T12:00:00.000Z {name} C1 code send 12 for {name}" for name in people
        )
        await live.close()


async def test_an_answer_does_not_wait_for_ever_for_a_worker_that_stands(live: Live) -> None:
    await live.publish(campaign(CALL, CODE))
    caller = Caller(
        stream=live.backend.stream,
        callees=live.backend.callees,
        refusals=live.backend.refusals,
        clock=live.clock,
        entropy=lambda: 5,
        wait_s=0.01,
    )
    nobody = Calling(callees=(Subject("identity", "eve"), Email("e@x.example")), campaigns=(await one(live),))

    answer = await caller.call(nobody)

    assert answer.taken == 1  # what became of it is told by explain
    assert [one.why for one in answer.unreached] == ["unknown"]
    await live.decide()
    assert [one.kind for one in await live.backend.reports.refused_records(10)] == ["call", "call"]


async def test_a_store_that_is_gone_calls_nobody(live: Live) -> None:
    class Gone:
        def __getattr__(self, name: str) -> Any:
            return getattr(live.backend.stream, name)

        async def append(self, _entries: Any) -> None:
            raise Unavailable("the disk is away")

    caller = Caller(
        stream=Gone(),  # type: ignore[arg-type]  # it hands everything else on
        callees=live.backend.callees,
        refusals=live.backend.refusals,
        clock=live.clock,
        entropy=lambda: 5,
    )
    with pytest.raises(Unavailable):
        await caller.call(Calling(callees=(Subject("identity", "ann"),), campaigns=()))


def test_a_simulation_has_no_line_for_what_nobody_calls() -> None:
    lines = told(campaign(CALL, CODE), profile("ann", "2026-06-01T12:00"), until="2026-06-02T12:00")

    assert lines == []


async def test_a_holdout_holds_for_calls_too(live: Live) -> None:
    await live.publish(campaign(CALL, CODE), account=Account(holdout=100))
    await live.receive(profile("ann", "2026-06-01T12:00"))
    await live.append([a_call()])

    assert live.lines == ["2026-06-01T12:00:00.000Z ann C1 code skip holdout"]
