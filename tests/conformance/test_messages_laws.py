"""Laws of `ports.messages`: nobody shares a claim, nothing before its time, nothing settled comes back."""

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
    number,
    profile,
    queue,
    receipt,
    record,
    send,
)
from tests.waiting import HANG_S

from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import (
    Claimed,
    Claims,
    Dropped,
    GivenUp,
    HandedOver,
    Message,
    MessageId,
    Settlement,
    TryAgain,
)
from tellwire.platform.model.permission import Permission
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.ledger import Recording
from tellwire.platform.ports.messages import RUN_OUT_LIMIT

CLOSINGS: list[Settlement] = [
    HandedOver(message_id=MessageId("e000001-1"), reference="r1"),
    HandedOver(message_id=MessageId("e000001-1"), is_certain=False),
    GivenUp(message_id=MessageId("e000001-1"), standing=REJECTED, code="400", reason="bad number"),
    Dropped(message_id=MessageId("e000001-1"), code="suppressed", reason="the number was suppressed"),
]


async def claim(backend: Backend, limit: int = 100, now: datetime = LATER) -> list[Claimed]:
    return list((await backend.messages.claim({MAIN: limit}, now, LEASE)).taken)


async def run_out(backend: Backend, now: datetime) -> list[Claimed]:
    return list((await backend.messages.claim({}, now, LEASE)).run_out)


async def standing(backend: Backend, message_id: str) -> Standing:
    return (await backend.messages.contexts([MessageId(message_id)]))[MessageId(message_id)].standing


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

    found = await backend.messages.claim({MAIN: 1, other: 2, ProviderId("third"): 5}, LATER, LEASE)

    assert sorted(c.message.id for c in found.taken) == ["e000001-1", "e000010-1", "e000011-1"]
    assert await backend.messages.waiting() == {MAIN: message(2).created_at, other: others[2].created_at}


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


@pytest.mark.parametrize("closing", CLOSINGS, ids=["sent", "perhaps sent", "given up", "dropped"])
async def test_what_was_settled_is_never_claimed_again(harness: Harness, closing: Settlement) -> None:
    backend = await harness.open()
    await queue(backend, message(1))
    await claim(backend)

    await backend.messages.settle([closing], LATER)

    assert await claim(backend, now=LATER + timedelta(days=9)) == []
    backend = await harness.reopen()
    assert await claim(backend, now=LATER + timedelta(days=9)) == []
    assert await backend.messages.waiting() == {}


async def test_a_message_to_try_again_comes_back_when_due_as_the_next_try(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    again = LATER + timedelta(seconds=30)

    await backend.messages.settle(
        [TryAgain(message_id=message(1).id, at=again, code="503", reason="busy")], LATER
    )

    assert await backend.messages.waiting() == {MAIN: again}
    assert await claim(backend, now=again - timedelta(milliseconds=1)) == []
    assert await claim(backend, now=again) == [Claimed(message(1), 2)]
    assert await standing(backend, message(1).id) == Standing(MessageStatus.QUEUED)


async def test_a_settlement_without_a_claim_changes_nothing(backend: Backend) -> None:
    await queue(backend, message(1))

    await backend.messages.settle(
        [HandedOver(message_id=message(1).id), HandedOver(message_id=MessageId("nobody"))], LATER
    )

    assert await standing(backend, message(1).id) == Standing(MessageStatus.QUEUED)
    assert len(await claim(backend)) == 1


async def test_the_first_of_two_settlements_counts(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    given_up = GivenUp(message_id=message(1).id, standing=REJECTED, code="x", reason="y")

    await backend.messages.settle([HandedOver(message_id=message(1).id), given_up], LATER)
    await backend.messages.settle([given_up], LATER)

    assert await standing(backend, message(1).id) == SENT


async def test_a_lease_that_ends_is_told_once_and_gives_nothing_out_again(backend: Backend) -> None:
    await queue(backend, message(1), message(2, repeats=True), message(3))
    await claim(backend, 2)

    assert await run_out(backend, LATER + LEASE - timedelta(milliseconds=1)) == []
    claims = await backend.messages.claim({MAIN: 9}, LATER + LEASE, LEASE)
    assert claims.run_out == (Claimed(message(1), 1), Claimed(message(2, repeats=True), 1))
    assert [c.message.id for c in claims.taken] == [message(3).id]
    assert await backend.messages.claim({MAIN: 9}, LATER + LEASE, LEASE) == Claims()


async def test_what_ran_out_is_settled_like_any_claim_and_runs_out_again_if_it_is_not(
    backend: Backend,
) -> None:
    await queue(backend, message(1), message(2), message(3))
    await claim(backend)
    await run_out(backend, LATER + LEASE)

    perhaps = HandedOver(message_id=message(1).id, is_certain=False, description="nobody told")
    again = TryAgain(message_id=message(2).id, at=LATER + LEASE, code="", reason="nobody told")
    await backend.messages.settle([perhaps, again], LATER + LEASE)

    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "perhaps handed over"]
    assert await claim(backend, now=LATER + LEASE) == [Claimed(message(2), 2)]
    assert [c.message.id for c in await run_out(backend, LATER + LEASE * 2)] == [message(2).id, message(3).id]


async def test_more_claims_than_one_can_tell_of_are_told_of_by_the_next(backend: Backend) -> None:
    await queue(backend, *(message(n) for n in range(RUN_OUT_LIMIT + 5)))
    await claim(backend, RUN_OUT_LIMIT + 5)

    found = [await run_out(backend, LATER + LEASE) for _ in range(3)]

    assert [len(some) for some in found] == [RUN_OUT_LIMIT, 5, 0]


# May it go: asked in the transaction that claims


async def test_a_claim_tells_what_the_person_said_by_now(backend: Backend) -> None:
    opted_out = msgspec.structs.replace(profile("bob"), properties={"msg-SMS ": False})
    suppression = SuppressionChange(address=number(3), is_suppressed=True, source="api", at=LATER)
    await queue(backend, message(1), message(2, who="bob"), message(3, to=3))

    await record(backend, Recording(profiles=(profile(), opted_out), suppressions=(suppression,)))

    by_id = {c.message.id: c.permission for c in await claim(backend)}
    assert by_id == {
        message(1).id: Permission(),
        message(2).id: Permission(consents=(False,)),
        message(3).id: Permission(is_suppressed=True),
    }
    later = await backend.messages.permissions(
        [message(2, who="bob"), message(3, to=3), message(4, who="eve")]
    )
    assert later == {**{i: by_id[i] for i in by_id if i != message(1).id}, message(4).id: Permission()}


async def test_what_was_suppressed_and_is_not_any_more_may_go(backend: Backend) -> None:
    await queue(backend, message(1))
    for is_suppressed in (True, False):
        change = SuppressionChange(address=number(1), is_suppressed=is_suppressed, source="api", at=LATER)
        await record(backend, Recording(suppressions=(change,)))

    [claimed] = await claim(backend)

    assert claimed.permission == Permission()


async def test_who_was_merged_or_handed_a_device_on_is_asked_under_both_names(backend: Backend) -> None:
    device = Subject("device", "phone-1")
    made_for = profile("ann", subjects=(device,))
    of_device = msgspec.structs.replace(message(1), subject=device)
    await record(backend, Recording(profiles=(made_for,), decisions=(send(of_device),)))

    gone = msgspec.structs.replace(made_for, subjects=(), properties={})
    merged = msgspec.structs.replace(profile("bob", subjects=(device,)), properties={"MSG-sms": "no"})
    await record(backend, Recording(profiles=(gone, merged)))

    assert [c.permission.consents for c in await claim(backend)] == [("no",)]
    asked_before = msgspec.structs.replace(made_for, subjects=(), properties={"MSG-sms": 0})
    await record(backend, Recording(profiles=(asked_before,)))
    found = await backend.messages.permissions([of_device])
    assert sorted(map(str, found[of_device.id].consents)) == ["0", "no"]


async def test_a_dropped_message_ends_rejected_with_its_reason_and_no_attempt(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)

    await backend.messages.settle(
        [Dropped(message_id=message(1).id, code="no_consent", reason="the profile opted out")], LATER
    )

    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert (detail.row.standing, detail.row.error_code) == (REJECTED, "no_consent")
    assert [step.what for step in detail.timeline] == ["queued", "taken back"]
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert (funnel.errors, funnel.sent_or_further) == ({"no_consent": 1}, 0)
    (traffic,) = await backend.reports.traffic(NOW)
    assert (traffic.hours[0].failed, traffic.trouble) == (1, None)
    (hours,) = await backend.reports.campaign_hours([CampaignId(1)], NOW)
    assert (hours.hours[0].by_status, hours.hours[0].dropped) == ({REJECTED.status: 1}, 1)


async def test_a_renewed_claim_lives_on_though_its_lease_has_ended(backend: Backend) -> None:
    await queue(backend, message(1), message(2, repeats=True), message(3))
    await backend.messages.claim({MAIN: 2}, LATER, LEASE)
    much_later = LATER + LEASE * 10

    await backend.messages.renew([message(1).id, message(2).id, message(3).id], much_later, LEASE)

    claims = await backend.messages.claim({MAIN: 9}, much_later, LEASE)
    assert ([c.message.id for c in claims.taken], claims.run_out) == ([message(3).id], ())
    await backend.messages.settle([HandedOver(message_id=message(1).id, reference="ref")], much_later)
    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "handed over"]


async def test_renewing_what_is_closed_or_unknown_changes_nothing(backend: Backend) -> None:
    await queue(backend, message(1))
    await backend.messages.claim({MAIN: 1}, LATER, LEASE)
    await backend.messages.settle([HandedOver(message_id=message(1).id)], LATER)

    await backend.messages.renew([message(1).id, MessageId("nobody")], LATER, LEASE)

    assert await backend.messages.claim({MAIN: 9}, LATER + LEASE * 2, LEASE) == Claims()
    assert await backend.messages.waiting() == {}


async def test_a_claim_renewed_to_end_earlier_ends_earlier(backend: Backend) -> None:
    await queue(backend, message(1, repeats=True))
    await backend.messages.claim({MAIN: 1}, LATER + LEASE * 10, LEASE)

    await backend.messages.renew([message(1).id], LATER, LEASE)

    assert await run_out(backend, LATER + LEASE) == [Claimed(message(1, repeats=True), 1)]


async def test_a_claim_outlives_a_restart(harness: Harness) -> None:
    backend = await harness.open()
    await queue(backend, message(1, repeats=True))
    await claim(backend)

    backend = await harness.reopen()

    assert await claim(backend) == []  # told by that one, or by a later one, once the lease has ended
    assert [c.attempt for c in await run_out(backend, LATER + LEASE * 2)] == [1]


async def test_a_message_whose_receipt_came_first_is_not_sent_again(backend: Backend) -> None:
    await queue(backend, message(1, repeats=True), message(2))
    await claim(backend, 1)
    await backend.messages.settle(
        [TryAgain(message_id=message(1).id, at=LATER, code="", reason="no answer")], LATER
    )

    await backend.messages.apply([receipt(message(1).id)])

    assert [c.message.id for c in await claim(backend)] == ["e000002-1"]
    assert await backend.messages.waiting() == {}


async def test_a_receipt_before_the_settlement_is_not_undone_by_it(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    await backend.messages.apply([receipt(message(1).id)])

    await backend.messages.settle([HandedOver(message_id=message(1).id)], LATER)

    assert (await standing(backend, message(1).id)).status is MessageStatus.DELIVERED
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert (funnel.by_status, funnel.sent_or_further) == ({MessageStatus.DELIVERED: 1}, 1)
    detail = await backend.reports.message(message(1).id)
    assert detail is not None
    assert [step.what for step in detail.timeline] == ["queued", "handed over", "receipt"]


async def test_wait_ends_when_a_message_enters(backend: Backend) -> None:
    assert await claim(backend) == []
    waiting = asyncio.create_task(backend.messages.wait(60))
    await asyncio.sleep(0)

    await queue(backend, message(1))

    await asyncio.wait_for(waiting, HANG_S)


async def test_wait_ends_at_once_for_a_message_that_entered_after_the_claim(backend: Backend) -> None:
    assert await claim(backend) == []
    await record(backend, Recording(decisions=(send(message(1)),)))

    await asyncio.wait_for(backend.messages.wait(60), HANG_S)


async def test_wait_ends_by_itself_and_not_before_without_news(backend: Backend) -> None:
    await queue(backend, message(1))
    await claim(backend)
    begun = time.monotonic()

    await asyncio.wait_for(backend.messages.wait(0.05), HANG_S)

    assert time.monotonic() - begun >= 0.049
