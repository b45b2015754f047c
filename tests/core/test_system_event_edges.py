"""Our own events: when they may trigger, how long a chain of them is, and that the same news is the same event."""

from datetime import datetime, timedelta

import msgspec
import pytest
from tests.builders import NOON, a_message

from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.system_event import (
    context_of_sent,
    is_fresh,
    notification_clicked,
    notification_delivered,
    notification_failed,
    notification_replied,
    notification_sent,
    text_received,
)

SECOND = timedelta(seconds=1)


def of_depth(depth: int):
    return context_of_sent(a_message(depth=depth), "thanks", "acme")


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (timedelta(hours=2), True),
        (timedelta(hours=2) + SECOND, False),
        (timedelta(0), True),
        (-timedelta(minutes=2), True),
        (-timedelta(minutes=2) - SECOND, False),
    ],
)
def test_news_triggers_for_two_hours_and_from_clocks_that_are_two_minutes_fast(
    age: timedelta, fresh: bool
) -> None:
    """CleverTap contract 4.2"""
    assert is_fresh(NOON - age, NOON) is fresh
    assert notification_sent(of_depth(0), NOON - age, NOON).may_trigger is fresh
    assert notification_clicked(of_depth(0), NOON - age, NOON, url="u").may_trigger is fresh


@pytest.mark.parametrize(
    ("behind", "depth", "may_trigger"), [(0, 1, True), (2, 3, True), (3, 4, False), (9, 4, False)]
)
def test_the_third_news_in_a_row_triggers_and_the_fourth_does_not(
    behind: int, depth: int, may_trigger: bool
) -> None:
    event = notification_sent(of_depth(behind), NOON, NOON)

    assert (event.depth, event.may_trigger) == (depth, may_trigger)


def test_what_was_dropped_on_purpose_triggers_nothing() -> None:
    failed, dropped = (
        notification_failed(of_depth(0), NOON, NOON, code="c", error="e"),
        notification_failed(of_depth(0), NOON, NOON, code="c", error="e", may_trigger=False),
    )

    assert (failed.may_trigger, dropped.may_trigger) == (True, False)
    assert failed.id == dropped.id


def test_the_same_news_is_one_event_and_each_click_its_own() -> None:
    context = of_depth(0)

    def clicked(at: datetime, url: str = "u", short_url: str = "") -> Event:
        return notification_clicked(context, at, NOON, url=url, short_url=short_url)

    assert (
        notification_delivered(context, NOON, NOON).id
        == notification_delivered(context, NOON + SECOND, NOON).id
    )
    assert notification_delivered(context, NOON, NOON).id != notification_sent(context, NOON, NOON).id
    clicks = [clicked(NOON), clicked(NOON + SECOND), clicked(NOON, "v"), clicked(NOON, "u", "s")]
    assert len({click.id for click in clicks}) == 4
    assert {len(click.id) for click in clicks} == {24}
    assert clicked(NOON).id < clicked(NOON + SECOND).id
    assert clicked(NOON).depth == 0


def test_an_answer_is_cut_at_512_characters_and_a_short_link_is_named_where_there_is_one() -> None:
    said = msgspec.json.decode(notification_replied(of_depth(0), NOON, NOON, text="x" * 513).properties)
    bare = msgspec.json.decode(notification_clicked(of_depth(0), NOON, NOON, url="u").properties)

    assert len(said["Incoming text"]) == 512
    assert "wzrk_c2a_short_url" not in bare


def test_a_text_from_a_number_without_a_message_names_no_campaign() -> None:
    subject = Subject("identity", "u1")

    alone = text_received(subject, None, NOON, NOON, text="hi", text_id="")
    again = text_received(subject, None, NOON, NOON, text="hi", text_id="")
    named = text_received(subject, of_depth(0), NOON, NOON, text="hi", text_id="7")

    assert alone.cause is None
    assert "Campaign ID" not in msgspec.json.decode(alone.properties)
    assert named.cause == 12
    assert msgspec.json.decode(named.properties)["Campaign ID"] == 12
    assert alone.id == again.id != named.id
