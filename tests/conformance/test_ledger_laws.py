"""Laws of `ports.ledger`: a recording is all or nothing and once; a status never moves back."""

import asyncio
from datetime import datetime, timedelta

import msgspec
from conformance_harness import Backend, Harness
from conformance_nouns import (
    DELIVERED,
    LATER,
    LEASE,
    MAIN,
    NOW,
    READ,
    SENT,
    UNDELIVERED,
    activity,
    campaign,
    event,
    message,
    number,
    profile,
    provider,
    queue,
    receipt,
    record,
    send,
    skip,
    subject,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail, advance
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.device_token import DeviceToken, WebPushKeys
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import MessageId, TryAgain
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.platform.ports.ledger import Advance, Conflict, Recorded, Recording
from tellwire.platform.ports.stream import START, Position


def suppress(msisdn: Msisdn, *, is_suppressed: bool = True) -> SuppressionChange:
    return SuppressionChange(msisdn=msisdn, is_suppressed=is_suppressed, source="profile", at=NOW)


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
    facts = await backend.ledger.facts([subject()], [number()])
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

    facts = await backend.ledger.facts([device, subject("bob"), subject("nobody"), subject("ann")], [])
    assert facts.profiles == {device: ann, subject("ann"): ann, subject("bob"): bob}


async def test_subjects_of_any_characters_are_told_apart(backend: Backend) -> None:
    names = ["a", "a\0", "a\0b", "A", "ä", "a\u0308", "😀", '"', "\\u0000", " a", "a" * 1024]
    profiles = [profile(str(n), None, (subject(name),)) for n, name in enumerate(names)]

    await record(backend, Recording(profiles=tuple(profiles)))

    facts = await backend.ledger.facts([subject(name) for name in names], [])
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

    facts = await backend.ledger.facts([subject("ann")], [])
    assert facts.profiles[subject("ann")].tokens == (token,)


async def test_a_later_profile_replaces_the_earlier(backend: Backend) -> None:
    await record(backend, Recording(profiles=(profile(phone=number(1)),)))

    await record(backend, Recording(profiles=(profile(phone=number(2)),)))

    facts = await backend.ledger.facts([subject()], [])
    assert facts.profiles[subject()].phone == number(2)
    assert await backend.reports.profile_by_number(number(1)) == []


async def test_a_subject_moves_to_the_profile_that_lists_it_last(backend: Backend) -> None:
    device = Subject("device", "shared")
    await record(backend, Recording(profiles=(profile("ann", None, (subject("ann"), device)),)))
    bob = profile("bob", None, (subject("bob"), device))

    await record(backend, Recording(profiles=(profile("ann"), bob)))

    facts = await backend.ledger.facts([device, subject("ann")], [])
    assert facts.profiles == {device: bob, subject("ann"): profile("ann")}


async def test_suppression_is_told_of_numbers_asked_for_and_of_those_of_profiles_found(
    backend: Backend,
) -> None:
    changes = (suppress(number(1)), suppress(number(2)), suppress(number(3)))
    await record(backend, Recording(profiles=(profile(phone=number(1)),), suppressions=changes))

    facts = await backend.ledger.facts([subject()], [number(2), number(4)])

    assert facts.suppressed == {number(1), number(2)}
    assert await backend.reports.is_suppressed(number(3))
    assert not await backend.reports.is_suppressed(number(4))


async def test_a_suppression_can_be_lifted_and_the_last_word_of_a_batch_counts(backend: Backend) -> None:
    await record(backend, Recording(suppressions=(suppress(number(1)), suppress(number(2)))))

    lifted = suppress(number(1), is_suppressed=False)
    await record(backend, Recording(suppressions=(suppress(number(1)), lifted)))

    facts = await backend.ledger.facts([], [number(1), number(2)])
    assert facts.suppressed == {number(2)}


def reply(msisdn: Msisdn, at: datetime, *, is_suppressed: bool = True) -> SuppressionChange:
    return SuppressionChange(msisdn=msisdn, is_suppressed=is_suppressed, source="reply", at=at)


async def test_a_stop_by_reply_holds_whatever_a_profile_says(backend: Backend) -> None:
    await backend.ledger.suppress([reply(number(1), NOW)])

    later = SuppressionChange(
        msisdn=number(1), is_suppressed=False, source="profile", at=NOW + timedelta(days=1)
    )
    await record(backend, Recording(suppressions=(later,)))

    assert await backend.reports.suppression(number(1)) == reply(number(1), NOW)
    facts = await backend.ledger.facts([], [number(1), number(2)])
    assert dict(facts.suppressions) == {number(1): reply(number(1), NOW)}


async def test_the_later_of_two_replies_holds_whichever_came_first(backend: Backend) -> None:
    second = timedelta(seconds=1)
    await backend.ledger.suppress(
        [reply(number(1), NOW + second), reply(number(1), NOW, is_suppressed=False), reply(number(2), NOW)]
    )
    await backend.ledger.suppress([reply(number(2), NOW + second / 2, is_suppressed=False)])

    assert await backend.reports.is_suppressed(number(1))
    assert not await backend.reports.is_suppressed(number(2))
    assert await backend.reports.suppression(number(3)) is None


async def test_a_number_is_held_by_the_profile_that_changed_last(backend: Backend) -> None:
    older = profile("ann", phone=number(1))
    newer = msgspec.structs.replace(profile("bob", phone=number(1)), updated_at=NOW + timedelta(days=1))
    await record(
        backend,
        Recording(profiles=(newer, older), decisions=(send(message(1, to=1)), send(message(2, to=3)))),
    )

    holders = await backend.ledger.holders([number(1), number(2), number(3)])

    assert holders.keys() == {number(1), number(3)}
    assert holders[number(1)].subject == subject("bob")
    assert holders[number(1)].message == (await backend.ledger.contexts([message(1).id]))[message(1).id]
    assert holders[number(3)].subject == message(2).subject  # nobody holds it, and somebody was written to


async def test_no_questions_give_no_facts(backend: Backend) -> None:
    facts = await backend.ledger.facts([], [])
    await backend.ledger.suppress([])

    assert await backend.ledger.holders([]) == {}
    assert (dict(facts.profiles), facts.suppressed) == ({}, frozenset())


async def test_a_context_tells_what_a_receipt_needs(backend: Backend) -> None:
    await backend.catalog.save((PutCampaign(campaign()), PutProvider(provider())), 0)
    await queue(backend, message(1), message(2))

    contexts = await backend.ledger.contexts([MessageId("e000001-1"), MessageId("nobody")])

    assert list(contexts) == ["e000001-1"]
    context = contexts[MessageId("e000001-1")]
    assert (context.campaign_name, context.provider_nickname) == ("Thanks", "The main one")
    assert (context.to, context.subject, context.occasion_id) == (number(1), subject(), "e000001")
    assert context.standing == Standing(MessageStatus.QUEUED)
    assert context.created_at == message(1).created_at


async def test_a_receipt_moves_its_message_and_says_so(backend: Backend) -> None:
    await queue(backend, message(1), message(2))

    moved = await backend.ledger.apply(
        [receipt(MessageId("e000001-1"), SENT), receipt(MessageId("nobody")), receipt(MessageId("e000001-1"))]
    )

    assert moved == [True, False, True]
    contexts = await backend.ledger.contexts([message(1).id, message(2).id])
    assert contexts[message(1).id].standing == DELIVERED
    assert contexts[message(2).id].standing.status is MessageStatus.QUEUED


async def test_a_receipt_twice_is_one_receipt(backend: Backend) -> None:
    await queue(backend, message(1))
    twice = receipt(message(1).id, UNDELIVERED, code="914")
    await backend.ledger.apply([twice])

    assert await backend.ledger.apply([twice, twice]) == [False, False]

    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "receipt"]
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert (funnel.by_status, funnel.errors) == ({MessageStatus.UNDELIVERED: 1}, {"914": 1})


async def test_a_failed_message_keeps_its_code_and_words(backend: Backend) -> None:
    await queue(backend, message(1))
    failed = receipt(message(1).id, UNDELIVERED, code="912")

    await backend.ledger.apply([failed, receipt(message(1).id, READ)])

    (row,) = await backend.reports.recent_messages(1)
    assert (row.standing, row.error_code) == (UNDELIVERED, "912")
    assert row.updated_at == failed.at


async def test_a_receipt_from_a_slow_clock_does_not_set_a_message_back_in_time(backend: Backend) -> None:
    await queue(backend, message(5))

    await backend.ledger.apply([receipt(message(5).id, seconds=-60)])

    (row,) = await backend.reports.recent_messages(1)
    assert (row.standing, row.updated_at) == (DELIVERED, message(5).created_at)


async def test_applying_nothing_is_nothing(backend: Backend) -> None:
    assert await backend.ledger.apply([]) == []


STANDINGS = st.sampled_from(
    [
        *(Standing(status) for status in MessageStatus),
        Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR),
        Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT),
        Standing(MessageStatus.REJECTED, StatusDetail.REJECTED_BY_OPERATOR),
    ]
)


async def test_whatever_receipts_come_a_status_only_moves_forward(harness: Harness) -> None:
    backend = await harness.open()
    messages = iter(range(100_000))

    async def story(reported: list[list[Standing]]) -> None:
        sent = message(next(messages))
        await queue(backend, sent)
        expected = Standing(MessageStatus.QUEUED)
        for batch in reported:
            answers = await backend.ledger.apply([receipt(sent.id, standing) for standing in batch])
            moved = []
            for standing in batch:
                moved.append(advance(expected, standing) != expected)
                expected = advance(expected, standing)
            assert answers == moved
        assert (await backend.ledger.contexts([sent.id]))[sent.id].standing == expected

    loop = asyncio.get_running_loop()

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.lists(STANDINGS, min_size=1, max_size=5), max_size=4))
    def law(reported: list[list[Standing]]) -> None:
        asyncio.run_coroutine_threadsafe(story(reported), loop).result(30)

    await asyncio.to_thread(law)


async def test_reopened_the_ledger_holds_what_was_recorded(harness: Harness) -> None:
    backend = await harness.open()
    await record(backend, Recording(profiles=(profile(phone=number()),), decisions=(send(message(1)),)), by=9)
    await backend.ledger.apply([receipt(message(1).id)])

    backend = await harness.reopen()

    assert await backend.ledger.position(0) == 9
    facts = await backend.ledger.facts([subject()], [])
    assert facts.profiles[subject()] == profile(phone=number())
    assert (await backend.ledger.contexts([message(1).id]))[message(1).id].standing == DELIVERED


async def test_a_message_was_attempted_once_it_was_claimed_and_stays_so(backend: Backend) -> None:
    async def was_attempted() -> bool:
        return (await backend.ledger.contexts([message(1).id]))[message(1).id].was_attempted

    await queue(backend, message(1))
    seen = [await was_attempted()]
    await backend.outbox.claim({MAIN: 1}, LATER, LEASE)
    seen.append(await was_attempted())
    again = TryAgain(message_id=message(1).id, at=LATER + LEASE, code="", reason="no answer")
    await backend.outbox.settle([again], LATER)
    seen.append(await was_attempted())

    assert seen == [False, True, True]
