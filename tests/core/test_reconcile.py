"""What words about messages lead to: which receipts, which events, and that twice is once."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_message

from tellwire.kernel.ids import ID_LENGTH
from tellwire.kernel.status import MessageStatus, Receipt, Standing, StatusDetail, advance
from tellwire.platform.model.chain import CHAIN_LIMIT
from tellwire.platform.model.message import MessageContext
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.model.system_event import (
    context_of_sent,
    notification_delivered,
    notification_failed,
    notification_replied,
    notification_sent,
)
from tellwire.platform.model.value import fold
from tellwire.platform.receipts.reconcile import Reconciled, reconcile
from tellwire.platform.receipts.words import Click, Reply

NOW = NOON + timedelta(minutes=5)
OPERATOR = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR)
RECIPIENT = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
UNDELIVERED = Standing(MessageStatus.UNDELIVERED)


def a_context(**changed: Any) -> MessageContext:
    return context_of_sent(a_message(**changed), "order thanks", "acme")


CONTEXT = a_context()
KNOWN = {CONTEXT.id: CONTEXT}


def receipt(standing: Standing, at: datetime = NOW, message_id: str = CONTEXT.id, **told: str) -> Receipt:
    return Receipt(message_id=message_id, standing=standing, at=at, **told)


def names(reconciled: Reconciled) -> list[str]:
    return [event.name for event in reconciled.events]


def test_a_delivery_is_a_receipt_and_an_event_that_can_trigger() -> None:
    reconciled = reconcile([receipt(RECIPIENT)], KNOWN, NOW)

    [event] = reconciled.events
    assert reconciled.receipts == (receipt(RECIPIENT),)
    assert (event.name, event.source, event.may_trigger) == ("Notification Delivered", "receipt", True)
    assert (event.subject, event.occurred_at, event.received_at) == (CONTEXT.subject, NOW, NOW)
    assert json.loads(bytes(event.properties)) == {
        "Campaign ID": 12,
        "Campaign Name": "order thanks",
        "Campaign Type": "SMS",
        "Provider": "acme",
        "Message ID": CONTEXT.id,
        "wzrk_id": f"12_{int(NOON.timestamp())}",
        "wzrk_pivot": "wzrk_default",
        "CT Source": "API",
    }


def test_a_failure_says_why() -> None:
    [event] = reconcile([receipt(UNDELIVERED, error_code="912", description="inbox full")], KNOWN, NOW).events

    told = json.loads(bytes(event.properties))
    assert event.name == "Notification Failed"
    assert (told["Error"], told["Error Code"]) == ("inbox full", "912")


def test_a_click_is_an_event_and_no_receipt_and_a_reply_is_taken_in_elsewhere() -> None:
    words = [
        Click(message_id=CONTEXT.id, at=NOW, url="https://a.example", short_url="https://s.example"),
        Reply(message_id=CONTEXT.id, at=NOW, text="STOP"),
    ]

    reconciled = reconcile(words, KNOWN, NOW)

    (clicked,) = (json.loads(bytes(event.properties)) for event in reconciled.events)
    assert names(reconciled) == ["Notification Clicked"]
    assert reconciled.receipts == ()
    assert (clicked["wzrk_c2a"], clicked["wzrk_c2a_short_url"]) == ("https://a.example", "https://s.example")


@pytest.mark.parametrize(
    ("standings", "events"),
    [
        ([OPERATOR], []),
        ([Standing(MessageStatus.SENT)], []),
        ([OPERATOR, RECIPIENT], ["Notification Delivered"]),
        ([RECIPIENT, OPERATOR], ["Notification Delivered"]),
        ([RECIPIENT, RECIPIENT], ["Notification Delivered"]),
        ([RECIPIENT, UNDELIVERED], ["Notification Delivered"]),
        ([UNDELIVERED, RECIPIENT], ["Notification Failed"]),
        ([Standing(MessageStatus.DELIVERED)], ["Notification Delivered"]),
        ([Standing(MessageStatus.READ)], ["Notification Delivered"]),
        ([RECIPIENT, Standing(MessageStatus.READ)], ["Notification Delivered"]),
        ([Standing(MessageStatus.EXPIRED)], ["Notification Failed"]),
        ([Standing(MessageStatus.REJECTED), UNDELIVERED], ["Notification Failed"]),
    ],
)
def test_only_what_moves_a_message_is_an_event(standings: list[Standing], events: list[str]) -> None:
    reconciled = reconcile([receipt(standing) for standing in standings], KNOWN, NOW)

    assert names(reconciled) == events
    assert len(reconciled.receipts) == len(standings)


def test_words_for_nobody_are_counted_and_do_no_harm() -> None:
    words = [receipt(RECIPIENT, message_id="stranger"), Reply(message_id="x", at=NOW, text="hi")]

    assert reconcile(words, KNOWN, NOW) == Reconciled(unknown=2)


def test_the_same_news_told_later_is_the_same_event() -> None:
    first = reconcile([receipt(RECIPIENT)], KNOWN, NOW).events
    again = reconcile([receipt(RECIPIENT, NOW + timedelta(hours=1))], KNOWN, NOW + timedelta(hours=1)).events

    assert [event.id for event in first] == [event.id for event in again]


def test_news_of_one_message_are_different_events() -> None:
    events = [
        notification_sent(CONTEXT, NOW, NOW),
        notification_delivered(CONTEXT, NOW, NOW),
        notification_failed(CONTEXT, NOW, NOW, code="1", error="x"),
        notification_sent(a_context(campaign_id=13), NOW, NOW),
    ]

    assert len({event.id for event in events}) == 4


def test_an_event_that_is_told_of_too_late_triggers_nothing() -> None:
    [event] = reconcile([receipt(RECIPIENT, NOW - timedelta(hours=3))], KNOWN, NOW).events

    assert not event.may_trigger


def test_a_ring_of_campaigns_comes_to_an_end() -> None:
    context, triggered = CONTEXT, 0
    while (event := notification_sent(context, NOW, NOW)).may_trigger:
        triggered += 1
        context = a_context(occasion_id=occasion_of(event), depth=event.depth)

    assert triggered == CHAIN_LIMIT
    assert event.depth == CHAIN_LIMIT + 1
    assert len(event.id) == ID_LENGTH


def test_what_a_person_does_begins_a_chain_anew() -> None:
    deep = a_context(depth=2)

    assert notification_replied(deep, NOW, NOW, text="hi").depth == 0
    assert notification_delivered(deep, NOW, NOW).depth == 3


def test_our_own_events_name_the_campaign_that_caused_them() -> None:
    events = reconcile(
        [receipt(RECIPIENT), Click(message_id=CONTEXT.id, url="https://a.example", at=NOW)], KNOWN, NOW
    ).events

    assert {event.cause for event in events} == {CONTEXT.campaign_id}


STANDINGS = st.builds(Standing, st.sampled_from(MessageStatus)) | st.sampled_from([OPERATOR, RECIPIENT])


@given(st.lists(STANDINGS, max_size=8), st.integers(min_value=0, max_value=8))
def test_receipts_in_two_callbacks_lead_to_the_events_of_one(standings: list[Standing], cut: int) -> None:
    words = [receipt(standing) for standing in standings]
    whole = reconcile(words, KNOWN, NOW)

    first = reconcile(words[:cut], KNOWN, NOW)
    moved = CONTEXT.standing
    for one in first.receipts:
        moved = advance(moved, one.standing)
    second = reconcile(words[cut:], {CONTEXT.id: a_moved_context(moved)}, NOW)

    assert (*first.events, *second.events) == whole.events
    assert len({fold(event.name) for event in whole.events}) == len(whole.events) <= 1


def a_moved_context(standing: Standing) -> MessageContext:
    fields = {name: getattr(CONTEXT, name) for name in MessageContext.__struct_fields__}
    return MessageContext(**{**fields, "standing": standing})
