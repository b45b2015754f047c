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
        {"steps": [{"id": "w", "wait": {"for": "1 day"}}, SEND]},
        {"steps": [SEND, {"id": "b", "call": {"url": "https://a.example"}}]},
        {"goal": {"event": "Charged", "within": "3 days"}},
        {"start": {"at": "now"}},
        {"start": {"date": "Profile.DOB"}},
        {"start": {"date": "Event.Departure", "event": "Flight Booked"}},
        {"start": {"joins": "Gold"}},
        {"key": "Event.cart_id", "stop": {"event": "Charged"}, "again": "beside"},
        {"limits": {"per_person": ["1 per 2 days"]}, "quiet": {"from": "22:00", "to": "08:00"}},
    ],
)
def test_what_runs_live(body: dict[str, Any]) -> None:
    assert unrunnable(read(**body)) == {}


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"start": {"call": "shipped"}}, ["start"]),
    ],
)
def test_what_does_not_run_live_yet_is_named(body: dict[str, Any], paths: list[str]) -> None:
    problems = unrunnable(read(**body))

    assert list(problems) == paths
    assert all("simulated" in why for why in problems.values())
