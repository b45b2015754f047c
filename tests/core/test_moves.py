"""What moves a message, as every back end does it: a status never goes back, sums equal what moved, twice is once."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_decision, a_message

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import FAILURES, MessageStatus, Receipt, Standing, StatusDetail, advance, rank
from tellwire.platform.backends.moves import Again, Moved, Row, apply, settle
from tellwire.platform.backends.sums import HOUR_MS, Sums, sums_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import Decision, Send, Skip
from tellwire.platform.model.message import Dropped, GivenUp, HandedOver, MessageId, Settlement, TryAgain
from tellwire.platform.model.provider import ProviderId

SENT = Standing(MessageStatus.SENT)
QUEUED = Standing(MessageStatus.QUEUED)
REJECTED = Standing(MessageStatus.REJECTED)
EXPIRED = Standing(MessageStatus.EXPIRED)
DELIVERED = Standing(MessageStatus.DELIVERED)
HOUR = to_ms(NOON) // HOUR_MS
STANDINGS = st.builds(Standing, st.sampled_from(MessageStatus), st.none() | st.sampled_from(StatusDetail))
NAMES = st.sampled_from(["m1", "m2", "m3", "nobody"]).map(MessageId)


def row(name: str = "m1", standing: Standing = QUEUED, attempt: int | None = 1, campaign: int = 7) -> Row:
    return Row(
        id=MessageId(name),
        campaign_id=CampaignId(campaign),
        provider_id=ProviderId("acme"),
        created_ms=to_ms(NOON),
        status=standing.status,
        detail=standing.detail,
        error_code="",
        description="",
        updated_ms=to_ms(NOON),
        attempt=attempt,
    )


def rows(*some: Row) -> dict[MessageId, Row]:
    return {one.id: one for one in some}


def receipt(name: str = "m1", standing: Standing = DELIVERED, code: str = "") -> Receipt:
    return Receipt(message_id=name, standing=standing, at=NOON, error_code=code)


def settled(settlement: Settlement, standing: Standing = QUEUED) -> Moved:
    return settle(rows(row(standing=standing)), [(settlement, NOON)])


M1 = MessageId("m1")
SENT_ON = HandedOver(message_id=M1, reference="r1", answer="ok")
PERHAPS = HandedOver(message_id=M1, is_certain=False, description="silence")
AGAIN = TryAgain(message_id=M1, at=NOON + timedelta(seconds=9), code="503", reason="busy", answer="wait")
REFUSED = GivenUp(message_id=M1, standing=REJECTED, code="400", reason="bad number")
TOO_LATE = GivenUp(message_id=M1, standing=EXPIRED, code="too_late", reason="late", was_tried=False)
TAKEN_BACK = Dropped(message_id=M1, code="suppressed", reason="said stop")


@pytest.mark.parametrize(
    ("settlement", "standing", "what", "code", "description", "answer"),
    [
        (SENT_ON, SENT, "handed over", "", "r1", "ok"),
        (PERHAPS, SENT, "perhaps handed over", "", "silence", ""),
        (AGAIN, QUEUED, "due again after try 1", "503", "busy", "wait"),
        (REFUSED, REJECTED, "given up after try 1", "400", "bad number", ""),
        (TOO_LATE, EXPIRED, "given up without a try", "too_late", "late", ""),
        (TAKEN_BACK, REJECTED, "taken back", "suppressed", "said stop", ""),
    ],
)
def test_each_settlement_ends_the_claim_and_is_a_step(
    settlement: Settlement, standing: Standing, what: str, code: str, description: str, answer: str
) -> None:
    moved = settled(settlement)

    assert moved.closed == (M1,)
    [(message_id, step)] = moved.steps
    assert (message_id, step.at, step.standing) == (M1, NOON, standing)
    assert (step.what, step.code, step.description, step.answer) == (what, code, description, answer)
    assert [one.standing for one in moved.rows] == ([] if standing == QUEUED else [standing])


def test_a_message_to_try_again_waits_anew_under_its_try_and_stands_where_it_stood() -> None:
    moved = settled(AGAIN)

    assert moved.again == (Again(M1, to_ms(AGAIN.at), 1),)
    assert (moved.rows, moved.has_moved, moved.sums.counters) == ((), (False,), {})


@pytest.mark.parametrize(
    ("settlement", "has_trouble", "was_taken"),
    [
        (SENT_ON, False, True),
        (PERHAPS, True, False),
        (AGAIN, True, False),
        (REFUSED, True, False),
        (TOO_LATE, False, False),
        (TAKEN_BACK, False, False),
    ],
)
def test_what_a_settlement_says_about_the_provider(
    settlement: Settlement, *, has_trouble: bool, was_taken: bool
) -> None:
    sums = settled(settlement).sums

    assert bool(sums.troubles) == has_trouble
    assert sums.taken_ms == ({ProviderId("acme"): to_ms(NOON)} if was_taken else {})


def test_only_what_went_counts_as_sent_and_only_what_was_taken_back_as_dropped() -> None:
    for settlement in (SENT_ON, PERHAPS, REFUSED, TOO_LATE, TAKEN_BACK):
        sums = settled(settlement).sums
        assert sums.counters[CampaignId(7), "sent", ""] == isinstance(settlement, HandedOver)
        assert sums.traffic[HOUR, ProviderId("acme"), "taken"] == isinstance(settlement, HandedOver)
        assert sums.hours[CampaignId(7), HOUR, "taken"] == isinstance(settlement, HandedOver)
        assert sums.hours[CampaignId(7), HOUR, "dropped"] == isinstance(settlement, Dropped)


def test_a_receipt_that_comes_before_the_settlement_counts_as_sent_once() -> None:
    first = apply(rows(row()), [receipt()])

    then = settle(rows(*first.rows), [(SENT_ON, NOON)])

    assert first.sums.counters[CampaignId(7), "sent", ""] == 1
    assert (then.rows, then.closed, len(then.steps)) == ((), (M1,), 1)
    assert then.sums.counters[CampaignId(7), "sent", ""] == 0


def test_a_failure_is_counted_by_its_code_or_else_its_status() -> None:
    by_code = apply(rows(row()), [receipt(standing=REJECTED, code="914")])
    by_status = apply(rows(row()), [receipt(standing=REJECTED)])

    assert by_code.sums.counters[CampaignId(7), "error", "914"] == 1
    assert by_status.sums.counters[CampaignId(7), "error", "rejected"] == 1


def test_a_settlement_of_what_nobody_claimed_is_nothing() -> None:
    moved = settle(rows(row(attempt=None)), [(SENT_ON, NOON)])

    assert (moved.rows, moved.steps, moved.closed, moved.has_moved) == ((), (), (), (False,))


def test_a_message_is_never_set_back_in_time() -> None:
    early = Receipt(message_id="m1", standing=DELIVERED, at=NOON - timedelta(hours=1))

    [moved] = apply(rows(row()), [early]).rows

    assert moved.updated_ms == to_ms(NOON)


def settlements(name: MessageId) -> list[Settlement]:
    every = (SENT_ON, PERHAPS, AGAIN, REFUSED, TOO_LATE, TAKEN_BACK)
    return [msgspec.structs.replace(one, message_id=name) for one in every]


SETTLEMENTS = st.lists(NAMES.flatmap(lambda name: st.sampled_from(settlements(name))), max_size=8)
RECEIPTS = st.lists(st.builds(receipt, NAMES, STANDINGS, st.sampled_from(["", "9"])), max_size=8)
ROWS = st.tuples(
    *(
        st.builds(row, st.just(name), STANDINGS, st.sampled_from([None, 1, 3]), st.sampled_from([7, 8]))
        for name in ("m1", "m2", "m3")
    )
).map(lambda some: rows(*some))


def counts(some: Sequence[Row]) -> Counter[tuple[int, str]]:
    return Counter((one.campaign_id, one.status.value) for one in some)


def statuses_of(sums: Sums) -> Counter[tuple[int, str]]:
    return Counter(
        {(c, name): amount for (c, kind, name), amount in sums.counters.items() if kind == "status"}
    )


def after(before: dict[MessageId, Row], moved: Moved) -> dict[MessageId, Row]:
    return before | rows(*moved.rows)


def check(before: dict[MessageId, Row], moved: Moved) -> None:
    """Compare standings with those before, and the sums with both."""
    then = after(before, moved)
    for message_id, one in then.items():
        was = before[message_id]
        assert one.standing == was.standing or rank(one.standing) > rank(was.standing)
        assert one.standing == was.standing or was.status not in FAILURES
    change = counts(list(then.values()))
    change.subtract(counts(list(before.values())))
    assert {k: v for k, v in change.items() if v} == {k: v for k, v in statuses_of(moved.sums).items() if v}
    by_hour: Counter[tuple[int, str]] = Counter()
    by_provider: Counter[str] = Counter()
    for (campaign, _, kind), amount in moved.sums.hours.items():
        if kind not in {"taken", "dropped"}:
            by_hour[campaign, kind] += amount
    for (_, _, kind), amount in moved.sums.traffic.items():
        if kind != "taken":
            by_provider[kind] += amount
    assert {k: v for k, v in by_hour.items() if v} == {k: v for k, v in change.items() if v}
    by_status: Counter[str] = Counter()
    for (_, status), amount in change.items():
        by_status[status] += amount
    assert {k: v for k, v in by_provider.items() if v} == {k: v for k, v in by_status.items() if v}


@given(ROWS, RECEIPTS)
def test_receipts_move_only_forward_once_and_sums_equal_what_moved(
    before: dict[MessageId, Row], receipts: list[Receipt]
) -> None:
    moved = apply(before, receipts)

    check(before, moved)
    assert len(moved.steps) == sum(moved.has_moved)
    standings = {message_id: one.standing for message_id, one in before.items()}
    for one in receipts:
        if one.message_id in standings:
            name = MessageId(one.message_id)
            standings[name] = advance(standings[name], one.standing)
    assert {i: one.standing for i, one in after(before, moved).items()} == standings


@given(ROWS, RECEIPTS)
def test_receipts_twice_are_receipts_once(before: dict[MessageId, Row], receipts: list[Receipt]) -> None:
    once = after(before, apply(before, receipts))

    twice = apply(once, receipts)

    assert (twice.rows, twice.steps) == ((), ())
    assert not any(twice.has_moved)
    assert not any(twice.sums.counters.values())


@given(ROWS, SETTLEMENTS)
def test_settlements_move_only_forward_and_each_claim_ends_once(
    before: dict[MessageId, Row], some: list[Settlement]
) -> None:
    moved = settle(before, [(one, NOON) for one in some])

    check(before, moved)
    claimed = {message_id for message_id, one in before.items() if one.attempt is not None}
    assert set(moved.closed) == claimed & {one.message_id for one in some}
    assert len(moved.closed) == len(set(moved.closed)) == len(moved.steps)


@given(ROWS, SETTLEMENTS)
def test_settling_twice_is_settling_once(before: dict[MessageId, Row], some: list[Settlement]) -> None:
    calls = [(one, NOON) for one in some]

    once, twice = settle(before, calls), settle(before, calls + calls)

    assert (twice.rows, twice.steps, twice.closed, twice.again) == (
        once.rows,
        once.steps,
        once.closed,
        once.again,
    )
    assert twice.sums.counters == once.sums.counters
    assert (twice.sums.traffic, twice.sums.hours) == (once.sums.traffic, once.sums.hours)


def test_new_decisions_are_messages_that_wait_and_skips_by_code() -> None:
    message = a_message(parts=3)
    verdicts = (Send(message), Skip("consent"), Skip("consent"))

    sums = sums_of(_decision(verdict) for verdict in verdicts)

    campaign = message.campaign_id
    assert sums.counters == {
        (campaign, "status", "queued"): 1,
        (campaign, "parts", ""): 3,
        (campaign, "skip", "consent"): 2,
    }
    assert sums.traffic == {(HOUR, message.provider_id, "queued"): 1}
    assert sums.hours == {(campaign, HOUR, "queued"): 1, (campaign, HOUR, "skip consent"): 2}


def _decision(verdict: Send | Skip) -> Decision:
    message = a_message()
    return a_decision(message, verdict=verdict)
