"""Laws of `ports.retention`: what is old goes in small steps, nothing younger does, and nothing that still matters."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec
import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import (
    DELIVERED,
    LATER,
    LEASE,
    MAIN,
    NOW,
    READ,
    SENT,
    activity,
    event,
    ids,
    message,
    number,
    profile,
    queue,
    read_all,
    receipt,
    record,
    send,
    skip,
    subject,
)

from tellwire.kernel.retention import RECEIPTS_WITHIN, Horizon, Step, horizon
from tellwire.kernel.status import Standing
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Enrollment, EnrollmentId, Left, entrance_of
from tellwire.platform.model.event import Event
from tellwire.platform.model.facts import Needs, Recall
from tellwire.platform.model.message import HandedOver, Message, MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId, SuppressionChange
from tellwire.platform.model.run import NumberOfRun, RunRecord
from tellwire.platform.model.trial import Trial, Tried
from tellwire.platform.ports.ledger import Moved, Recording
from tellwire.platform.ports.stream import START, Position

KEPT = timedelta(days=90)
MANY = 450  # more than any step looks at, of messages and of events


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def event_on(day: float, n: int) -> Event:
    return msgspec.structs.replace(event(n), received_at=at(day) + timedelta(milliseconds=n))


def message_on(day: float, n: int, campaign: int = 1) -> Message:
    moment = at(day) + timedelta(milliseconds=n)
    return msgspec.structs.replace(message(n, campaign), created_at=moment)


async def live_through(backend: Backend, *days: float) -> None:
    """On each day one event comes, is decided by two campaigns, and its message is delivered."""
    for n, day in enumerate(days, start=1):
        await backend.stream.append([event_on(day, n)])
        sent = message_on(day, n)
        decisions = (send(sent), skip(n, campaign=2))
        await record(backend, Recording(activity=activity(event_on(day, n)), decisions=decisions))
        await deliver(backend, [sent.id], at(day))


async def deliver(backend: Backend, sent: list[MessageId], on: datetime) -> None:
    claimed = (await backend.messages.claim({MAIN: 1_000}, on + timedelta(minutes=1), LEASE)).taken
    await backend.messages.settle([HandedOver(message_id=c.message.id) for c in claimed], on)
    receipts = [receipt(one) for one in sent]
    await backend.messages.apply([msgspec.structs.replace(r, at=on) for r in receipts])


async def sweep(forget: Callable[[Horizon, int], Awaitable[Step]], now: datetime) -> Counter[str]:
    """Take every step of one pass, and return what went."""
    rows: Counter[str] = Counter()
    resume: int | None = 0
    while resume is not None:
        step = await forget(horizon(now, KEPT), resume)
        rows.update(step.rows)
        resume = step.resume
    return +rows


async def forget_all(backend: Backend, now: datetime) -> Counter[str]:
    one = backend.retention
    sweeps = (one.forget_stream, one.forget_activity, one.forget_messages)
    return sum([await sweep(forget, now) for forget in sweeps], Counter[str]())


async def kept(backend: Backend) -> tuple[list[str], list[str], list[str]]:
    """Return the ids of what is left of stream, events and messages."""
    return (
        ids([e for e in await read_all(backend) if isinstance(e, Event)]),
        sorted(row.event.id for row in await backend.reports.recent_events(500)),
        sorted(row.id for row in await backend.reports.recent_messages(500)),
    )


async def test_what_is_old_goes_and_nothing_younger(backend: Backend) -> None:
    await live_through(backend, 0, 1, 2, 3, 50)

    gone = await forget_all(backend, at(92) + timedelta(milliseconds=3))

    younger = ["e000003", "e000004", "e000005"]  # to the millisecond: the third is as old as it may be
    assert await kept(backend) == (younger, younger, [f"{n}-1" for n in younger])
    assert gone["message"] == gone["activity"] == gone["entry"] == 2
    assert gone["decision"] == 4
    assert await backend.reports.message(MessageId("e000001-1")) is None
    assert await backend.reports.decisions(OccasionId("e000001")) == []
    assert len(await backend.reports.decisions(OccasionId("e000003"))) == 2


async def test_forgetting_twice_is_forgetting_once(backend: Backend) -> None:
    await live_through(backend, 0, 1, 50)
    await forget_all(backend, at(100))
    left = await kept(backend)

    again = await forget_all(backend, at(100))

    assert not again
    assert await kept(backend) == left


async def test_a_pass_that_was_cut_off_is_finished_by_the_next(harness: Harness) -> None:
    backend = await harness.open()
    many = [event_on(0, n) for n in range(1000, 1000 + MANY)]
    await backend.stream.append(many)
    sent = [message_on(0, n) for n in range(1000, 1000 + MANY)]
    decisions = tuple(send(one) for one in sent)
    await record(backend, Recording(activity=activity(*many), decisions=decisions), by=MANY)
    await deliver(backend, [one.id for one in sent], at(0))
    await live_through(backend, 80)

    for forget in (backend.retention.forget_activity, backend.retention.forget_messages):
        step = await forget(horizon(at(95), KEPT), 0)
        assert 0 < sum(step.rows.values()) < MANY * 3
        assert step.resume is not None
    backend = await harness.reopen()
    await forget_all(backend, at(95))

    assert await kept(backend) == (["e000001"], ["e000001"], ["e000001-1"])


async def test_a_message_that_waits_or_is_claimed_stays_however_old(backend: Backend) -> None:
    await queue(backend, message(1), message(2), message(3))
    await backend.messages.claim({MAIN: 1}, LATER, LEASE)

    await forget_all(backend, at(500))

    assert (await kept(backend))[2] == [message(1).id, message(2).id, message(3).id]
    claimed = (await backend.messages.claim({MAIN: 9}, LATER, LEASE)).taken
    assert ids([c.message for c in claimed]) == [message(2).id, message(3).id]


@pytest.mark.parametrize("standing", [SENT, DELIVERED, READ])
async def test_a_message_stays_while_its_receipt_may_come(backend: Backend, standing: Standing) -> None:
    await queue(backend, message(1))
    await deliver(backend, [], at(88))
    moved = msgspec.structs.replace(receipt(message(1).id), standing=standing, at=at(88))
    await backend.messages.apply([moved])
    await queue(backend, message_on(95, 2))
    await deliver(backend, [message(2).id], at(95))

    await forget_all(backend, at(88) + RECEIPTS_WITHIN)
    before = (await kept(backend))[2]
    await forget_all(backend, at(88) + RECEIPTS_WITHIN + timedelta(milliseconds=1))

    assert before == [message(1).id, message(2).id]
    assert (await kept(backend))[2] == [message(2).id]


async def test_entries_that_were_not_decided_stay(backend: Backend) -> None:
    await backend.stream.append([event_on(0, 1)])
    await backend.stream.append([event_on(0, 2)])
    await backend.stream.append([event_on(80, 3)])
    await record(backend, Recording())  # decided up to the first

    await forget_all(backend, at(200))

    assert (await kept(backend))[0] == ["e000002", "e000003"]


async def test_an_entry_that_comes_again_is_known_for_as_long_as_it_is_kept(backend: Backend) -> None:
    await live_through(backend, 0, 30, 60)

    await forget_all(backend, at(89))
    await backend.stream.append([event_on(0, 1), event_on(30, 2)])

    assert (await kept(backend))[0] == ["e000001", "e000002", "e000003"]


async def test_positions_and_order_go_on_as_if_nothing_had_gone(harness: Harness) -> None:
    backend = await harness.open()
    await live_through(backend, 0, 1, 2)
    await forget_all(backend, at(400))

    backend = await harness.reopen()
    await backend.stream.append([event_on(400, 4)])
    found = await backend.stream.read(0, Position(3), 10)
    await live_through_next(backend)

    assert [(p.position, p.entry.id) for p in found] == [(4, "e000004")]
    assert (await backend.stream.read(0, START, 10))[-1].position == 4
    assert (await backend.reports.recent_events(1))[0].event.id == "e000004"
    assert (await backend.reports.recent_messages(1))[0].id == "e000004-1"


async def live_through_next(backend: Backend) -> None:
    sent = message_on(400, 4)
    await record(backend, Recording(activity=activity(event_on(400, 4)), decisions=(send(sent),)))


async def test_a_live_page_misses_nothing_over_a_pass(backend: Backend) -> None:
    await live_through(backend, 0, 1, 2)
    cursor = (await backend.reports.changes("", 10)).cursor

    await forget_all(backend, at(400))
    await record(backend, Recording(decisions=(send(message_on(400, 9)),)))

    assert [row.id for row in (await backend.reports.changes(cursor, 10)).messages] == ["e000009-1"]


async def test_figures_and_people_stay(backend: Backend) -> None:
    suppression = SuppressionChange(address=number(7), is_suppressed=True, source="api", at=NOW)
    await record(backend, Recording(profiles=(profile(phone=number()),), suppressions=(suppression,)), by=0)
    await live_through(backend, 0, 1, 2)
    funnels = await backend.reports.funnel([CampaignId(1), CampaignId(2)])

    await forget_all(backend, at(400))

    assert await backend.reports.funnel([CampaignId(1), CampaignId(2)]) == funnels
    assert funnels[0].by_status == {"delivered": 3}
    assert funnels[1].skips == {"consent": 3}
    assert await backend.reports.profile(subject()) == profile(phone=number())
    assert await backend.reports.is_suppressed(number(7))
    assert len(await backend.reports.profile_events(ProfileId("profile-ann"), 10)) == 1


async def test_a_receipt_for_a_message_that_is_gone_is_for_nobody(backend: Backend) -> None:
    await live_through(backend, 0, 1)
    funnel = await backend.reports.funnel([CampaignId(1)])
    await forget_all(backend, at(400))

    moved = await backend.messages.apply([receipt(MessageId("e000001-1"), READ)])

    assert moved == [False]
    assert await backend.messages.contexts([MessageId("e000001-1")]) == {}
    assert await backend.reports.funnel([CampaignId(1)]) == funnel


async def test_an_empty_store_has_nothing_to_forget(backend: Backend) -> None:
    assert not await forget_all(backend, at(1000))


async def test_how_people_left_and_what_runs_did_is_forgotten_and_where_people_stand_stays(
    backend: Backend,
) -> None:
    inside = an_enrollment(profile().id)
    run = RunRecord(campaign_id=CampaignId(1), run="a", at=NOW, messages=1)
    number_of = NumberOfRun(CampaignId(1), "a", number(), profile().id)
    left = Left(enrollment=inside, reason="stopped", step="pause", at=NOW)
    one_tried = tried(profile().id, "a")
    recording = Recording(
        profiles=(profile(),),
        moved=(Moved(after=inside),),
        left=(left,),
        runs=(run,),
        run_numbers=(number_of,),
        trials=(a_trial("a"),),
        tried=(one_tried,),
    )
    await record(backend, recording, by=1)

    step = await backend.retention.forget_journeys(horizon(NOW + timedelta(days=10), timedelta(days=14)), 0)
    assert not any(step.rows.values())
    old = horizon(NOW + timedelta(days=99), timedelta(days=14))
    while (await backend.retention.forget_journeys(old, 0)).resume is not None:
        pass

    stays = await backend.reports.stays(profile().id, 9)
    assert (list(stays.enrollments), list(stays.departures)) == ([inside], [])
    assert await backend.reports.runs(CampaignId(1), 9) == []
    assert await backend.reports.trials(CampaignId(1), 9) == []
    recall = Recall(trials=frozenset({CampaignId(1)}))
    assert list((await backend.ledger.facts(Needs(subjects=[subject()], recall=recall))).tried) == []


def a_trial(run: str) -> Trial:
    return Trial(
        campaign_id=CampaignId(1),
        run=run,
        step="test",
        version=1,
        by="replies",
        began_at=NOW,
        due_at=NOW,
        sent=(0, 0),
        reached=(0, 0),
        winner=0,
    )


def tried(profile_id: ProfileId, run: str) -> Tried:
    return Tried(
        id=EnrollmentId("e000001-1"),
        step="test",
        profile_id=profile_id,
        campaign_id=CampaignId(1),
        run=run,
        version=1,
        branch=0,
        joined_at=NOW,
    )


def an_enrollment(profile_id: ProfileId) -> Enrollment:
    return Enrollment(
        id=EnrollmentId("e000001-1"),
        campaign_id=CampaignId(1),
        profile_id=profile_id,
        entrance=entrance_of(event(1)),
        entered_at=NOW,
        step="pause",
        since=NOW,
        due_at=NOW + timedelta(days=400),
        version=1,
    )
