from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.status import (
    FAILURES,
    MessageStatus,
    Standing,
    StatusDetail,
    advance,
    is_final,
    rank,
)

QUEUED = Standing(MessageStatus.QUEUED)
SENT = Standing(MessageStatus.SENT)
WITH_OPERATOR = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR)
DELIVERED = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
DELIVERED_SOMEHOW = Standing(MessageStatus.DELIVERED)
READ = Standing(MessageStatus.READ)
UNDELIVERED = Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT)
REFUSED = Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR)
REJECTED = Standing(MessageStatus.REJECTED)
EXPIRED = Standing(MessageStatus.EXPIRED)

standings = st.builds(Standing, st.sampled_from(MessageStatus), st.none() | st.sampled_from(StatusDetail))


@pytest.mark.parametrize(
    ("current", "reported", "then"),
    [
        (QUEUED, SENT, SENT),
        (QUEUED, DELIVERED, DELIVERED),  # a receipt before the answer to the submission
        (SENT, QUEUED, SENT),
        (SENT, WITH_OPERATOR, WITH_OPERATOR),
        (WITH_OPERATOR, SENT, WITH_OPERATOR),
        (WITH_OPERATOR, DELIVERED, DELIVERED),
        (WITH_OPERATOR, DELIVERED_SOMEHOW, DELIVERED_SOMEHOW),
        (WITH_OPERATOR, UNDELIVERED, UNDELIVERED),
        (WITH_OPERATOR, EXPIRED, EXPIRED),
        (DELIVERED, WITH_OPERATOR, DELIVERED),
        (DELIVERED, DELIVERED_SOMEHOW, DELIVERED),
        (DELIVERED, UNDELIVERED, DELIVERED),
        (DELIVERED, READ, READ),
        (READ, DELIVERED, READ),
        (READ, UNDELIVERED, READ),
        (QUEUED, REJECTED, REJECTED),
        (SENT, REFUSED, REFUSED),
        (REFUSED, UNDELIVERED, REFUSED),
        (UNDELIVERED, DELIVERED, UNDELIVERED),
        (UNDELIVERED, READ, UNDELIVERED),
        (EXPIRED, DELIVERED, EXPIRED),
    ],
)
def test_what_a_receipt_does(current: Standing, reported: Standing, then: Standing) -> None:
    assert advance(current, reported) == then


@given(standings, standings)
def test_a_status_never_moves_back(current: Standing, reported: Standing) -> None:
    then = advance(current, reported)

    assert then in (current, reported)
    assert then == current or rank(then) > rank(current)


@given(standings, standings)
def test_a_receipt_twice_is_one_receipt(current: Standing, reported: Standing) -> None:
    once = advance(current, reported)

    assert advance(once, reported) == once


@given(standings, st.lists(standings, max_size=12))
def test_a_final_status_stays_but_for_read(first: Standing, receipts: list[Standing]) -> None:
    at = first
    for receipt in receipts:
        then = advance(at, receipt)
        if is_final(at):
            assert then == at or (then.status is MessageStatus.READ and at.status not in FAILURES)
        at = then


@given(st.lists(st.sampled_from([QUEUED, SENT, WITH_OPERATOR, DELIVERED, READ]), min_size=1), st.randoms())
def test_good_news_in_any_order_ends_alike(receipts: list[Standing], shuffler: Random) -> None:
    shuffled = receipts.copy()
    shuffler.shuffle(shuffled)

    assert fold(receipts) == fold(shuffled) == max(receipts, key=rank)


def fold(receipts: list[Standing]) -> Standing:
    at = QUEUED
    for receipt in receipts:
        at = advance(at, receipt)
    return at


def test_only_the_recipient_ends_a_delivery() -> None:
    assert not is_final(QUEUED)
    assert not is_final(SENT)
    assert not is_final(WITH_OPERATOR)
    assert all(map(is_final, [DELIVERED, DELIVERED_SOMEHOW, UNDELIVERED, REFUSED, REJECTED, EXPIRED, READ]))


def test_a_detail_that_does_not_fit_changes_no_rank() -> None:
    assert rank(Standing(MessageStatus.UNDELIVERED, StatusDetail.DELIVERED_TO_OPERATOR)) == rank(UNDELIVERED)
    assert rank(Standing(MessageStatus.SENT, StatusDetail.DELIVERED_TO_OPERATOR)) == rank(SENT)


def test_failures_are_the_three_bad_ends() -> None:
    assert set(FAILURES) == {MessageStatus.UNDELIVERED, MessageStatus.REJECTED, MessageStatus.EXPIRED}
