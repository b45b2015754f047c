"""Laws of `ports.ledger`: a recording is all or nothing and once, and moves the position."""

import asyncio

import msgspec
from conformance_harness import Backend, Harness
from conformance_nouns import (
    DELIVERED,
    NOW,
    activity,
    event,
    message,
    number,
    profile,
    receipt,
    record,
    send,
    skip,
    subject,
)

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import MessageStatus
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.device_token import DeviceToken, WebPushKeys
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.ports.ledger import Advance, Conflict, Recorded, Recording
from tellwire.platform.ports.stream import START, Position


def suppress(msisdn: Msisdn, *, is_suppressed: bool = True) -> SuppressionChange:
    return SuppressionChange(address=msisdn, is_suppressed=is_suppressed, source="profile", at=NOW)


async def test_a_new_partition_stands_at_the_start(backend: Backend) -> None:
    assert await backend.ledger.position(0) == START


async def test_a_recording_moves_the_position(backend: Backend) -> None:
    answer = await backend.ledger.record(Recording(), Advance(partition=0, after=START, to=Position(7)))

    assert answer == Recorded()
    assert await backend.ledger.position(0) == 7


async def test_a_recording_from_elsewhere_than_the_position_writes_nothing(backend: Backend) -> None:
    await record(backend, Recording(), by=5)
    late = Recording(
        profiles=(profile(phone=number()),),
        suppressions=(suppress(number()),),
        activity=activity(event(1)),
        decisions=(send(message(1)),),
    )

    answer = await backend.ledger.record(late, Advance(partition=0, after=Position(3), to=Position(6)))

    assert answer == Conflict(Position(5))
    assert await backend.ledger.position(0) == 5
    facts = await backend.ledger.facts(Needs(subjects=[subject()], numbers=[number()]))
    assert (facts.profiles, facts.suppressed) == ({}, frozenset())
    assert await backend.reports.recent_events(10) == []
    assert await backend.reports.recent_messages(10) == []
    assert await backend.reports.decisions(OccasionId("e000001")) == []


async def test_record_twice_is_one_recording(backend: Backend) -> None:
    recording = Recording(activity=activity(event(1)), decisions=(send(message(1)), skip(1, campaign=2)))
    step = Advance(partition=0, after=START, to=Position(1))

    answers = await asyncio.gather(*(backend.ledger.record(recording, step) for _ in range(5)))

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * 4 + ["Recorded"]
    assert len(await backend.reports.recent_events(10)) == 1
    assert len(await backend.reports.recent_messages(10)) == 1
    assert len(await backend.reports.decisions(OccasionId("e000001"))) == 2


async def test_of_two_decisions_for_one_event_and_campaign_the_first_stays(backend: Backend) -> None:
    await record(backend, Recording(decisions=(skip(1), send(message(2)))))

    await record(backend, Recording(decisions=(send(message(1)), skip(2), skip(3), send(message(3)))))

    assert [(await backend.reports.decisions(OccasionId(f"e00000{n}")))[0].code for n in (1, 2, 3)] == [
        "consent",
        "",
        "consent",
    ]
    assert [row.id for row in await backend.reports.recent_messages(10)] == ["e000002-1"]
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert (funnel.skips, funnel.by_status) == ({"consent": 2}, {MessageStatus.QUEUED: 1})


async def test_a_profile_is_known_by_each_of_its_subjects(backend: Backend) -> None:
    device = Subject("device", "d1")
    ann = profile("ann", number(1), (subject("ann"), device))
    bob = profile("bob")

    await record(backend, Recording(profiles=(ann, bob)))

    facts = await backend.ledger.facts(
        Needs(subjects=[device, subject("bob"), subject("nobody"), subject("ann")])
    )
    assert facts.profiles == {device: ann, subject("ann"): ann, subject("bob"): bob}


async def test_subjects_of_any_characters_are_told_apart(backend: Backend) -> None:
    names = ["a", "a\0", "a\0b", "A", "ä", "a\u0308", "😀", '"', "\\u0000", " a", "a" * 1024]
    profiles = [profile(str(n), None, (subject(name),)) for n, name in enumerate(names)]

    await record(backend, Recording(profiles=tuple(profiles)))

    facts = await backend.ledger.facts(Needs(subjects=[subject(name) for name in names]))
    assert facts.profiles == {p.subjects[0]: p for p in profiles}
    assert [await backend.reports.profile(subject(name)) for name in names] == profiles


async def test_properties_are_kept_whatever_they_are(backend: Backend) -> None:
    deep: list[object] = []
    for _ in range(500):
        deep = [deep]
    properties = {"big": 10**30, "exact": 0.1, "deep": deep, "nul\0": "\0", "": None, "quote": '"\\'}
    odd = msgspec.structs.replace(profile(), properties=properties)

    await record(backend, Recording(profiles=(odd,)))

    assert await backend.reports.profile(subject()) == odd


async def test_device_tokens_are_kept_with_the_profile(backend: Backend) -> None:
    keys = WebPushKeys("p256dh", "auth")
    token = DeviceToken(device="d1", kind="chrome", value="t" * 300, keys=keys, at=NOW)
    ann = profile("ann", None, (subject("ann"), Subject("device", "d1")))
    ann = msgspec.structs.replace(ann, tokens=(token,))

    await record(backend, Recording(profiles=(ann,)))

    facts = await backend.ledger.facts(Needs(subjects=[subject("ann")]))
    assert facts.profiles[subject("ann")].tokens == (token,)


async def test_a_later_profile_replaces_the_earlier(backend: Backend) -> None:
    await record(backend, Recording(profiles=(profile(phone=number(1)),)))

    await record(backend, Recording(profiles=(profile(phone=number(2)),)))

    facts = await backend.ledger.facts(Needs(subjects=[subject()]))
    assert facts.profiles[subject()].phone == number(2)
    assert await backend.reports.profile_by_number(number(1)) == []


async def test_a_subject_moves_to_the_profile_that_lists_it_last(backend: Backend) -> None:
    device = Subject("device", "shared")
    await record(backend, Recording(profiles=(profile("ann", None, (subject("ann"), device)),)))
    bob = profile("bob", None, (subject("bob"), device))

    await record(backend, Recording(profiles=(profile("ann"), bob)))

    facts = await backend.ledger.facts(Needs(subjects=[device, subject("ann")]))
    assert facts.profiles == {device: bob, subject("ann"): profile("ann")}


async def test_suppression_is_told_of_numbers_asked_for_and_of_those_of_profiles_found(
    backend: Backend,
) -> None:
    changes = (suppress(number(1)), suppress(number(2)), suppress(number(3)))
    await record(backend, Recording(profiles=(profile(phone=number(1)),), suppressions=changes))

    facts = await backend.ledger.facts(Needs(subjects=[subject()], numbers=[number(2), number(4)]))

    assert facts.suppressed == {number(1), number(2)}
    assert await backend.reports.is_suppressed(number(3))
    assert not await backend.reports.is_suppressed(number(4))


async def test_a_suppression_can_be_lifted_and_the_last_word_of_a_batch_counts(backend: Backend) -> None:
    await record(backend, Recording(suppressions=(suppress(number(1)), suppress(number(2)))))

    lifted = suppress(number(1), is_suppressed=False)
    await record(backend, Recording(suppressions=(suppress(number(1)), lifted)))

    facts = await backend.ledger.facts(Needs(numbers=[number(1), number(2)]))
    assert facts.suppressed == {number(2)}


async def test_reopened_the_ledger_holds_what_was_recorded(harness: Harness) -> None:
    backend = await harness.open()
    await record(backend, Recording(profiles=(profile(phone=number()),), decisions=(send(message(1)),)), by=9)
    await backend.messages.apply([receipt(message(1).id)])

    backend = await harness.reopen()

    assert await backend.ledger.position(0) == 9
    facts = await backend.ledger.facts(Needs(subjects=[subject()]))
    assert facts.profiles[subject()] == profile(phone=number())
    assert (await backend.messages.contexts([message(1).id]))[message(1).id].standing == DELIVERED
