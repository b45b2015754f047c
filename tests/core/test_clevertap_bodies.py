"""Bodies of CleverTap's addresses, whatever they hold: each is read, or refused with a sentence that names a word."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tellwire.platform.control.clevertap.forms import form_of
from tellwire.platform.control.clevertap.sendings import campaign_words, read_sending
from tellwire.platform.control.clevertap.standing import read_days, read_id
from tellwire.platform.control.clevertap.targets import read_target
from tellwire.platform.control.clevertap.triggers import read_trigger
from tellwire.platform.control.clevertap.words import object_in
from tellwire.platform.control.problem import Problem
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import CampaignId

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Words that the wires know, and some that they do not.
_KEYS = """
    name target_mode where segment when content body unicode sender_id message_info template_id pe_id title to from
    Identity identity Email objectId FBID tag_group campaign_id campaign_id_list respect_frequency_caps
    provider_nick_name ExternalTrigger common_profile_properties profile_fields operator value event_name type
    delivery_date_time delivery_timezone user_timezone_wrap_around campaign_cutoff repeats_every repeat_type
    start_time repeat_on_days_of_week end_by_date end_by_occurrences estimate_only skip_estimate draft
    users_limit_overall users_limit_per_run control_group percentage conversion_goal conversion_time
    revenue_property dnd message_state dnd_timezone dnd_info 1 7 monday labels devices id other
"""
_VALUES = """
    now later recurring sms all user account 20260101 09:00 campaign 1D 30m equals between exists day week monday
    delay discard ² ٣ 22:00 a@b
"""
KEYS = st.sampled_from(_KEYS.split())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(_VALUES.split())
    | st.sampled_from(["20260101 09:00", "20269999 99:99", "{{ Profile.x }}", "{% raw %}", " "])
)
JSON = st.recursive(
    LEAVES,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), below, max_size=5)
    ),
    max_leaves=12,
)
BODIES = st.dictionaries(KEYS, JSON, max_size=8)
TARGET = {
    "name": "n",
    "target_mode": "sms",
    "segment": "all",
    "when": "now",
    "content": {"body": "x"},
}
SENDING = {"to": {"Identity": ["a"]}, "content": {"body": "x"}}
TRIGGER = {"to": {"identity": ["a"]}, "campaign_id": 1}


def refusal(read: Any, body: dict[str, Any]) -> Problem | None:
    """Return why a body is refused, None if it is read."""
    try:
        read(object_in(msgspec.json.encode(body)))
    except Problem as problem:
        return problem
    return None


def target(words: Any) -> None:
    read = read_target(words, Account())
    with contextlib.suppress(Unreadable):  # which the wire tells by its fields
        campaign_of(form_of(read.words), None, campaign_id=CampaignId(1), now=NOW)


def sending(words: Any) -> None:
    campaign_of(form_of(campaign_words(read_sending(words))), None, campaign_id=CampaignId(1), now=NOW)


def trigger(words: Any) -> None:
    read_trigger(words, is_many=False)


def triggers(words: Any) -> None:
    read_trigger(words, is_many=True)


@pytest.mark.parametrize(
    ("read", "whole"),
    [
        (target, TARGET),
        (sending, SENDING),
        (trigger, TRIGGER),
        (triggers, {**TRIGGER, "campaign_id_list": [1]}),
        (read_days, {}),
        (read_id, {"id": 1}),
    ],
)
@given(body=BODIES)
@example(
    body={
        "when": {
            "type": "recurring",
            "start_time": "09:00",
            "repeat_type": "week",
            "repeat_on_days_of_week": ["²"],
        }
    }
)
@example(body={"id": "²", "campaign_id": "²", "from": "²"})
@example(body={"control_group": {"percentage": "٣"}})
@example(body={"dnd": {"dnd_info": {"1": [{"from": "22:00", "to": "22:00"}]}}})
@example(body={"to": {"identity": [{}], "Identity": [None], "email": [" @ "]}})
@example(body={"content": {"body": "{{ Profile.x }}" * 300}})
def test_a_body_is_read_or_refused(read: Any, whole: dict[str, Any], body: dict[str, Any]) -> None:
    for one in (body, {**whole, **body}):
        problem = refusal(read, one)
        assert problem is None or (400 <= problem.status < 500 and problem.message)


def test_the_plainest_bodies_are_read() -> None:
    assert refusal(target, TARGET) is None
    assert refusal(sending, SENDING) is None
    assert refusal(trigger, TRIGGER) is None
