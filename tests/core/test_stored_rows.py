"""What a stored row means that has no more than it must: rows of earlier releases lack what came later.

A default that changes, changes what all of these rows say.
"""

from typing import Any

import msgspec
import pytest
from tests.builders import NOON, a_message, a_provider

from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.model.campaign import Policy
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.message import GivenUp, HandedOver, Message, MessageId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import Batch, Provider
from tellwire.platform.model.refused import RefusedCallback
from tellwire.platform.model.step import SendStep


def without(value: Any, *fields: str) -> Any:
    """Return the value as it is read from a row that lacks the fields."""
    row = msgspec.json.decode(msgspec.json.encode(value))
    kept = {name: held for name, held in row.items() if name not in fields}
    return msgspec.json.decode(msgspec.json.encode(kept), type=type(value))


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("attempts", 3, 8),
        ("repeats_unresolved", True, False),
        ("depth", 2, 0),
        ("template_id", "t", ""),
        ("tokens", {"a": "b"}, {}),
    ],
)
def test_a_message_without_a_field(field: str, written: object, meant: object) -> None:
    found: Message = without(a_message(**{field: written}), field)

    assert getattr(found, field) == meant


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("per_s", 5.0, 0.0),
        ("concurrency", 3, 64),
        ("is_default", True, False),
        ("lets_queued_go", True, False),
        ("phone_form", "digits", "e164"),
        ("archived_at", NOON, None),
        ("batch", Batch(key="list", size=7), None),
    ],
)
def test_a_provider_without_a_field(field: str, written: object, meant: object) -> None:
    found: Provider = without(a_provider(**{field: written}), field)

    assert getattr(found, field) == meant


def test_a_batch_without_a_size_has_a_hundred() -> None:
    assert without(Batch(key="list", size=7), "size").size == 100


def test_a_settlement_without_a_field_was_tried_and_is_certain() -> None:
    gone = GivenUp(
        message_id=MessageId("m"),
        standing=Standing(MessageStatus.REJECTED),
        code="c",
        reason="r",
        was_tried=False,
    )
    sent = HandedOver(message_id=MessageId("m"), is_certain=False)

    assert without(gone, "was_tried").was_tried
    assert without(sent, "is_certain").is_certain


def test_an_event_that_ends_early_came_from_an_app_and_may_trigger() -> None:
    whole = Event(
        id=EventId("e"), subject=Subject("identity", "u"), name="Order", occurred_at=NOON, received_at=NOON,
        source="receipt", may_trigger=False, depth=2,
    )  # fmt: skip
    row = msgspec.json.decode(msgspec.json.encode(whole))

    early = msgspec.json.decode(msgspec.json.encode(row[:6]), type=Event)

    assert (early.source, early.may_trigger, early.depth, early.cause, bytes(early.properties)) == (
        "api", True, 0, None, b"{}",
    )  # fmt: skip


def test_a_profile_without_times_holds_its_properties_since_ever() -> None:
    profile = Profile(
        id=ProfileId("p"), subjects=(Subject("identity", "u"),), created_at=NOON, updated_at=NOON
    )

    found: Profile = without(profile, "times", "tokens", "phone", "properties")

    assert (found.times.common_s, found.times.apart_s, found.tokens, found.phone, found.properties) == (
        0, {}, (), None, {},
    )  # fmt: skip


def test_a_refused_callback_without_a_count_could_not_be_read() -> None:
    refused = RefusedCallback(provider_id=a_provider().id, at=NOON, status=400, reason="r", items=3)

    assert without(refused, "items").items == 0


def test_who_says_no_more_respects_consent_and_is_tried_eight_times_in_four_hours_at_most_once() -> None:
    assert SendStep().passes == ()
    assert Policy() == Policy(when_unresolved="never_repeat", attempts=8, give_up_after_s=14_400)
