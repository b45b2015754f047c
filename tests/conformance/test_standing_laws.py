"""Laws of `ports.messages`: receipts move a status only forward; who is suppressed, and whose a number is."""

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
    campaign,
    message,
    number,
    profile,
    provider,
    queue,
    receipt,
    record,
    send,
    subject,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail, advance
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.message import MessageId, TryAgain
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.platform.ports.ledger import Recording


def reply(msisdn: Msisdn, at: datetime, *, is_suppressed: bool = True) -> SuppressionChange:
    return SuppressionChange(address=msisdn, is_suppressed=is_suppressed, source="reply", at=at)


async def test_a_stop_by_reply_holds_whatever_a_profile_says(backend: Backend) -> None:
    await backend.messages.suppress([reply(number(1), NOW)])

    later = SuppressionChange(
        address=number(1), is_suppressed=False, source="profile", at=NOW + timedelta(days=1)
    )
    await record(backend, Recording(suppressions=(later,)))

    assert await backend.reports.suppression(number(1)) == reply(number(1), NOW)
    facts = await backend.ledger.facts(Needs(numbers=[number(1), number(2)]))
    assert dict(facts.suppressions) == {number(1): reply(number(1), NOW)}


async def test_the_later_of_two_replies_holds_whichever_came_first(backend: Backend) -> None:
    second = timedelta(seconds=1)
    await backend.messages.suppress(
        [reply(number(1), NOW + second), reply(number(1), NOW, is_suppressed=False), reply(number(2), NOW)]
    )
    await backend.messages.suppress([reply(number(2), NOW + second / 2, is_suppressed=False)])

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

    holders = await backend.messages.holders([number(1), number(2), number(3)])

    assert holders.keys() == {number(1), number(3)}
    assert holders[number(1)].subject == subject("bob")
    assert holders[number(1)].message == (await backend.messages.contexts([message(1).id]))[message(1).id]
    assert holders[number(3)].subject == message(2).subject  # nobody holds it, and somebody was written to


async def test_no_questions_give_no_facts(backend: Backend) -> None:
    facts = await backend.ledger.facts(Needs())
    await backend.messages.suppress([])

    assert await backend.messages.holders([]) == {}
    assert (dict(facts.profiles), facts.suppressed) == ({}, frozenset())


async def test_a_context_tells_what_a_receipt_needs(backend: Backend) -> None:
    await backend.catalog.save((PutCampaign(campaign()), PutProvider(provider())), 0)
    await queue(backend, message(1), message(2))

    contexts = await backend.messages.contexts([MessageId("e000001-1"), MessageId("nobody")])

    assert list(contexts) == ["e000001-1"]
    context = contexts[MessageId("e000001-1")]
    assert (context.campaign_name, context.provider_nickname) == ("Thanks", "The main one")
    assert (context.to, context.subject, context.occasion_id) == (number(1), subject(), "e000001")
    assert context.standing == Standing(MessageStatus.QUEUED)
    assert context.created_at == message(1).created_at


async def test_a_receipt_moves_its_message_and_says_so(backend: Backend) -> None:
    await queue(backend, message(1), message(2))

    moved = await backend.messages.apply(
        [receipt(MessageId("e000001-1"), SENT), receipt(MessageId("nobody")), receipt(MessageId("e000001-1"))]
    )

    assert moved == [True, False, True]
    contexts = await backend.messages.contexts([message(1).id, message(2).id])
    assert contexts[message(1).id].standing == DELIVERED
    assert contexts[message(2).id].standing.status is MessageStatus.QUEUED


async def test_a_receipt_twice_is_one_receipt(backend: Backend) -> None:
    await queue(backend, message(1))
    twice = receipt(message(1).id, UNDELIVERED, code="914")
    await backend.messages.apply([twice])

    assert await backend.messages.apply([twice, twice]) == [False, False]

    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "receipt"]
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert (funnel.by_status, funnel.errors) == ({MessageStatus.UNDELIVERED: 1}, {"914": 1})


async def test_a_failed_message_keeps_its_code_and_words(backend: Backend) -> None:
    await queue(backend, message(1))
    failed = receipt(message(1).id, UNDELIVERED, code="912")

    await backend.messages.apply([failed, receipt(message(1).id, READ)])

    (row,) = await backend.reports.recent_messages(1)
    assert (row.standing, row.error_code) == (UNDELIVERED, "912")
    assert row.updated_at == failed.at


async def test_a_receipt_from_a_slow_clock_does_not_set_a_message_back_in_time(backend: Backend) -> None:
    await queue(backend, message(5))

    await backend.messages.apply([receipt(message(5).id, seconds=-60)])

    (row,) = await backend.reports.recent_messages(1)
    assert (row.standing, row.updated_at) == (DELIVERED, message(5).created_at)


async def test_applying_nothing_is_nothing(backend: Backend) -> None:
    assert await backend.messages.apply([]) == []


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
            answers = await backend.messages.apply([receipt(sent.id, standing) for standing in batch])
            moved = []
            for standing in batch:
                moved.append(advance(expected, standing) != expected)
                expected = advance(expected, standing)
            assert answers == moved
        assert (await backend.messages.contexts([sent.id]))[sent.id].standing == expected

    loop = asyncio.get_running_loop()

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.lists(STANDINGS, min_size=1, max_size=5), max_size=4))
    def law(reported: list[list[Standing]]) -> None:
        asyncio.run_coroutine_threadsafe(story(reported), loop).result(30)

    await asyncio.to_thread(law)


async def test_a_message_was_attempted_once_it_was_claimed_and_stays_so(backend: Backend) -> None:
    async def was_attempted() -> bool:
        return (await backend.messages.contexts([message(1).id]))[message(1).id].was_attempted

    await queue(backend, message(1))
    seen = [await was_attempted()]
    await backend.messages.claim({MAIN: 1}, LATER, LEASE)
    seen.append(await was_attempted())
    again = TryAgain(message_id=message(1).id, at=LATER + LEASE, code="", reason="no answer")
    await backend.messages.settle([again], LATER)
    seen.append(await was_attempted())

    assert seen == [False, True, True]
