"""What differs between two versions of a campaign."""

from datetime import timedelta

import msgspec
from tests.builders import NOON, a_campaign

from tellwire.platform.control.campaign_changes import changes_between
from tellwire.platform.model.campaign import Campaign, Policy
from tellwire.platform.model.campaign_version import NO_BEHAVIOUR, behaves_alike
from tellwire.platform.model.content import Content


def test_fields_are_named_by_their_path_with_what_was_and_what_is() -> None:
    before = a_campaign(content=Content(text="Hi", tokens={"a": "1", "b": "2"}))
    after = a_campaign(
        event="Other", content=Content(text="Hello", tokens={"a": "1", "c": "3"}), policy=Policy(attempts=2)
    )

    changes = [(one.field, one.before, one.after) for one in changes_between(before, after)]

    assert changes == [
        ("event", "Order Placed", "Other"),
        ("content.text", "Hi", "Hello"),
        ("content.tokens.c", None, "3"),
        ("content.tokens.b", "2", None),
        ("policy.attempts", 8, 2),
    ]


def test_what_changes_no_answer_is_no_change() -> None:
    before = a_campaign()
    later = NOON + timedelta(days=1)
    after = msgspec.structs.replace(
        before, name="Another", state="stopped", dropped_until=later, created_at=later, updated_at=later
    )

    assert changes_between(before, after) == []
    assert behaves_alike(before, after)


def test_every_field_is_behaviour_but_those_that_are_named() -> None:
    assert NO_BEHAVIOUR.keys() < set(Campaign.__struct_fields__)
    assert not behaves_alike(a_campaign(), a_campaign(respects_consent=False))
    assert not behaves_alike(a_campaign(), a_campaign(content=Content(text="Other")))
