"""How long a chain of our own events is, and what caused it: of today, and as earlier releases stored it."""

import msgspec
import pytest
from tests.builders import a_message, an_event

from tellwire.platform.model.chain import cause_of, depth_behind, depth_of
from tellwire.platform.model.event import Event, EventId
from tellwire.platform.model.message import Message
from tellwire.platform.model.occasion import OccasionId

OLD_ID = "0199f3c2a1b7e4d2c0100a00c2"  # of an automatic event of an earlier release, second of its chain
# As an earlier release wrote it to the stream: without `depth` and `cause`.
OLD_ENTRY = (
    f'["e","{OLD_ID}",["identity","u1"],"Notification Sent","2026-06-06T09:00:00Z","2026-06-06T09:00:01Z",'
    '{"Campaign ID":7},"receipt",true]'
)


def test_an_entry_of_an_earlier_release_has_its_depth_and_cause() -> None:
    event = msgspec.json.decode(OLD_ENTRY, type=Event)

    assert depth_of(event) == 2
    assert cause_of(event, {"Campaign ID": 7}) == 7


def test_a_message_of_an_earlier_release_has_the_depth_of_its_event() -> None:
    old = msgspec.json.encode(a_message(occasion_id=OccasionId(OLD_ID))).replace(b',"depth":0', b"")

    message = msgspec.json.decode(old, type=Message)

    assert b'"event_id":"' in old
    assert message.occasion_id == OLD_ID
    assert depth_behind(message) == 2


def test_a_field_wins_over_what_an_id_or_a_property_says() -> None:
    event = an_event(id=EventId(OLD_ID), depth=1, source="receipt", cause=8)

    assert depth_of(event) == 1
    assert cause_of(event, {"Campaign ID": 7}) == 8


def test_an_app_cannot_name_a_cause() -> None:
    assert cause_of(an_event(), {"Campaign ID": 7}) is None


@pytest.mark.parametrize("written", [None, "7", [7], 7.0])
def test_what_is_no_campaign_caused_nothing(written: object) -> None:
    assert cause_of(an_event(source="receipt"), {"Campaign ID": written}) is None


@pytest.mark.parametrize(
    "identifier",
    ["0199f3c2a1b7e4d2c0100a00", "0199f3c2a1b7e4d2c0100a00-link", "e1", "", "c" * 24, "x" * 40],
)
def test_events_of_apps_have_no_depth(identifier: str) -> None:
    assert depth_of(an_event(id=EventId(identifier))) == 0
