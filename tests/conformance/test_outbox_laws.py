"""Laws of `ports.outbox`: nobody shares a claim, nothing before its time, nothing settled comes back."""

import asyncio
import time
from datetime import datetime, timedelta

import msgspec
import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import (
    LATER,
    LEASE,
    MAIN,
    NOW,
    REJECTED,
    SENT,
    message,
    queue,
    receipt,
    record,
    send,
)
from tests.waiting import HANG_S

from tellwire.kernel.status import MessageStatus, Standing
from tellwire.model.campaign import CampaignId
from tellwire.model.message import Claimed, GivenUp, HandedOver, Message, MessageId, Settlement, TryAgain
from tellwire.model.provider import ProviderId
from tellwire.ports.ledger import Recording

CLOSINGS: list[Settlement] = [
    HandedOver(message_id=MessageId("e000001-1"), reference="r1"),
    HandedOver(message_id=MessageId("e000001-1"), is_certain=False),
    GivenUp(message_id=MessageId("e000001-1"), standing=REJECTED, code="400", reason="bad number"),
]


async def claim(backend: Backend, limit: int = 100, now: datetime = LATER) -> list[Claimed]:
    return await backend.outbox.claim({MAIN: limit}, now, LEASE)


async def standing(backend: Backend, message_id: str) -> Standing:
    return (await backend.ledger.contexts([MessageId(message_id)]))[MessageId(message_id)].standing


async def test_a_recorded_message_is_claimed_as_it_was_rendered(backend: Backend) -> None:
    await queue(backend, message(1))

    assert await claim(backend) == [Claimed(message(1), 1)]


async def test_the_oldest_due_come_first_and_no_more_than_the_share(backend: Backend) -> None:
    await queue(backend, message(3), message(1), message(4), message(2))

    first, second = await claim(backend, 3), await claim(backend, 3)

    assert [c.message.id for c in first] == ["e000001-1", "e000002-1", "e000003-1"]
    assert [c.message.id for c in second] == ["e000004-1"]


@pytest.mark.parametrize("share", [0, -1])
async def test_no_share_claims_nothing(backend: Backend, share: int) -> None:
    await queue(backend, message(1))

    assert await claim(backend, share) == []


async def test_each_provider_has_its_own_share(backend: Backend) -> None:
    other = ProviderId("other")
    others = [_through(other, n) for n in range(10, 13)]
    await queue(backend, *others, message(1), message(2))

    found = await backend.outbox.claim({MAIN: 1, other: 2, ProviderId("third"): 5}, LATER, LEASE)

    assert sorted(c.message.id for c in found) == ["e000001-1", "e000010-1", "e000011-1"]
    assert await backend.outbox.waiting() == {MAIN: message(2).created_at, other: others[2].created_at}


def _through(provider_id: ProviderId, n: int) -> Message:

    return msgspec.structs.replace(message(n), provider_id=provider_id)


async def test_nothing_is_claimed_before_it_is_due(backend: Backend) -> None:
    await queue(backend, message(5))

    assert await claim(backend, now=NOW + timedelta(milliseconds=4)) == []
    assert len(await claim(backend, now=NOW + timedelta(milliseconds=5))) == 1


async def test_two_claimers_never_share_a_message(backend: Backend) -> None:
    await queue(backend, *(message(n) for n in range(200)))

    claims = await asyncio.gather(*(claim(backend, 15) for _ in range(20)))

    found = [c.message.id for some in claims for c in some]
    assert len(found) == len(set(found)) == 200


@pytest.mark.parametrize("closing", CLOSINGS, ids=["sent", "perhaps sent", "given up"])
async def test_what_was_settled_is_never_claimed_again(harness: Harness, closing: Settlement) -> None:
    backend = await harness.open()
    await queue(backend, message(1))
    await claim(backend)

    await backend.outbox.settle([closing], LATER)

    assert await claim(backend, now=LATER + timedelta(days=9)) == []
    backend = await harness.reopen()
    assert await claim(backend, now=LATER + timedelta(days=9)) == []
    assert await backend.outbox.waiting() == {}


async def test_a_message_to_try_again_comes_back_when_due_as_the_next_try(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    again = LATER + timedelta(seconds=30)

    await backend.outbox.settle(
        [TryAgain(message_id=message(1).id, at=again, code="503", reason="busy")], LATER
    )

    assert await backend.outbox.waiting() == {MAIN: again}
    assert await claim(backend, now=again - timedelta(milliseconds=1)) == []
    assert await claim(backend, now=again) == [Claimed(message(1), 2)]
    assert await standing(backend, message(1).id) == Standing(MessageStatus.QUEUED)


async def test_a_settlement_without_a_claim_changes_nothing(backend: Backend) -> None:
    await queue(backend, message(1))

    await backend.outbox.settle(
        [HandedOver(message_id=message(1).id), HandedOver(message_id=MessageId("nobody"))], LATER
    )

    assert await standing(backend, message(1).id) == Standing(MessageStatus.QUEUED)
    assert len(await claim(backend)) == 1


async def test_the_first_of_two_settlements_counts(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    given_up = GivenUp(message_id=message(1).id, standing=REJECTED, code="x", reason="y")

    await backend.outbox.settle([HandedOver(message_id=message(1).id), given_up], LATER)
    await backend.outbox.settle([given_up], LATER)

    assert await standing(backend, message(1).id) == SENT


async def test_a_lease_that_ends_closes_as_perhaps_sent(backend: Backend) -> None:
    await queue(backend, message(1), message(2))
    await claim(backend, 1)

    found = await claim(backend, now=LATER + LEASE)

    assert [c.message.id for c in found] == ["e000002-1"]
    assert await standing(backend, message(1).id) == SENT
    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "perhaps handed over"]


async def test_a_lease_that_ends_gives_a_repeating_message_out_again(backend: Backend) -> None:
    await queue(backend, message(1, repeats=True))
    await claim(backend)

    assert await claim(backend, now=LATER + LEASE - timedelta(milliseconds=1)) == []
    assert await claim(backend, now=LATER + LEASE) == [Claimed(message(1, repeats=True), 2)]


async def test_a_settlement_after_the_lease_changes_nothing(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    await claim(backend, now=LATER + LEASE)

    await backend.outbox.settle(
        [GivenUp(message_id=message(1).id, standing=REJECTED, code="x", reason="y")], LATER
    )

    assert await standing(backend, message(1).id) == SENT


async def test_a_renewed_claim_lives_on_though_its_lease_has_ended(backend: Backend) -> None:
    await queue(backend, message(1), message(2, repeats=True), message(3))
    await backend.outbox.claim({MAIN: 2}, LATER, LEASE)
    much_later = LATER + LEASE * 10

    await backend.outbox.renew([message(1).id, message(2).id, message(3).id], much_later, LEASE)

    claimed = await backend.outbox.claim({MAIN: 9}, much_later, LEASE)
    assert [c.message.id for c in claimed] == [message(3).id]
    await backend.outbox.settle([HandedOver(message_id=message(1).id, reference="ref")], much_later)
    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "handed over"]


async def test_renewing_what_is_closed_or_unknown_changes_nothing(backend: Backend) -> None:
    await queue(backend, message(1))
    await backend.outbox.claim({MAIN: 1}, LATER, LEASE)
    await backend.outbox.settle([HandedOver(message_id=message(1).id)], LATER)

    await backend.outbox.renew([message(1).id, MessageId("nobody")], LATER, LEASE)

    assert await backend.outbox.claim({MAIN: 9}, LATER + LEASE * 2, LEASE) == []
    assert await backend.outbox.waiting() == {}


async def test_a_claim_renewed_to_end_earlier_ends_earlier(backend: Backend) -> None:
    await queue(backend, message(1, repeats=True))
    await backend.outbox.claim({MAIN: 1}, LATER + LEASE * 10, LEASE)

    await backend.outbox.renew([message(1).id], LATER, LEASE)

    again = await backend.outbox.claim({MAIN: 1}, LATER + LEASE, LEASE)
    assert [c.attempt for c in again] == [2]


async def test_a_claim_outlives_a_restart(harness: Harness) -> None:
    backend = await harness.open()
    await queue(backend, message(1, repeats=True))
    await claim(backend)

    backend = await harness.reopen()

    assert await claim(backend) == []
    assert [c.attempt for c in await claim(backend, now=LATER + LEASE)] == [2]


async def test_a_message_whose_receipt_came_first_is_not_sent_again(backend: Backend) -> None:
    await queue(backend, message(1, repeats=True), message(2))
    await claim(backend, 1)
    await backend.outbox.settle(
        [TryAgain(message_id=message(1).id, at=LATER, code="", reason="no answer")], LATER
    )

    await backend.ledger.apply([receipt(message(1).id)])

    assert [c.message.id for c in await claim(backend)] == ["e000002-1"]
    assert await backend.outbox.waiting() == {}


async def test_a_receipt_before_the_settlement_is_not_undone_by_it(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    await backend.ledger.apply([receipt(message(1).id)])

    await backend.outbox.settle([HandedOver(message_id=message(1).id)], LATER)

    assert (await standing(backend, message(1).id)).status is MessageStatus.DELIVERED
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert (funnel.by_status, funnel.sent_or_further) == ({MessageStatus.DELIVERED: 1}, 1)
    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "handed over", "receipt"]


async def test_wait_ends_when_a_message_enters(backend: Backend) -> None:
    assert await claim(backend) == []
    waiting = asyncio.create_task(backend.outbox.wait(60))
    await asyncio.sleep(0)

    await queue(backend, message(1))

    await asyncio.wait_for(waiting, HANG_S)


async def test_wait_ends_at_once_for_a_message_that_entered_after_the_claim(backend: Backend) -> None:
    assert await claim(backend) == []
    await record(backend, Recording(decisions=(send(message(1)),)))

    await asyncio.wait_for(backend.outbox.wait(60), HANG_S)


async def test_wait_ends_by_itself_and_not_before_without_news(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    begun = time.monotonic()

    await asyncio.wait_for(backend.outbox.wait(0.05), HANG_S)

    assert time.monotonic() - begun >= 0.049
