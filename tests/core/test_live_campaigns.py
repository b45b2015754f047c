"""What this release runs live, and what it can only simulate so far."""

from typing import Any

import msgspec
import pytest
from tests.builders import NOON

from tellwire.platform.control.campaign_check import unrunnable
from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.model.campaign import Campaign, CampaignId

SEND = {"id": "hi", "send": {"text": "Hi"}}


def read(**body: Any) -> Campaign:
    whole = {"name": "n", "start": {"event": "Seen"}, "steps": [SEND], **body}
    return campaign_of(msgspec.convert(whole, CampaignForm), None, campaign_id=CampaignId(1), now=NOON)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"holdout": 5, "priority": "high", "labels": ["spring"]},
        {"who": {"any": [{"profile": "Plan", "equals": "gold"}, {"not": {"reachable": "sms"}}]}},
        {"steps": [{"send": {"text": "Hi", "necessary": True}}]},
    ],
)
def test_one_send_at_once_runs_live(body: dict[str, Any]) -> None:
    assert unrunnable(read(**body)) == {}


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"steps": [{"id": "w", "wait": {"for": "1 day"}}, SEND]}, ["steps[0]", "steps[1]"]),
        ({"steps": [SEND, {"id": "b", "send": {"text": "Ho"}}]}, ["steps[1]"]),
        ({"start": {"at": "now"}}, ["start"]),
        ({"start": {"date": "Profile.DOB"}}, ["start"]),
        ({"start": {"date": "Event.Departure", "event": "Flight Booked"}}, ["start"]),
        ({"start": {"joins": "Gold"}}, ["start"]),
        ({"start": {"call": "shipped"}}, ["start"]),
        ({"key": "Event.cart_id"}, ["key"]),
        ({"stop": {"event": "Charged"}}, ["stop"]),
        ({"goal": {"event": "Charged", "within": "3 days"}}, ["goal"]),
        ({"limits": {"per_person": ["1 per 2 days"]}}, ["limits"]),
        ({"quiet": {"from": "22:00", "to": "08:00"}}, ["quiet"]),
        (
            {"who": {"all": [{"listed": "VIPs"}, {"not": {"member": "Gold"}}]}},
            ["who.all[0]", "who.all[1].not"],
        ),
    ],
)
def test_what_needs_a_store_of_who_waits_and_what_was_sent_is_named(
    body: dict[str, Any], paths: list[str]
) -> None:
    problems = unrunnable(read(**body))

    assert list(problems) == paths
    assert all("simulated" in why for why in problems.values())
