"""Whatever the language says comes back from an export as it went in, and through the API too."""

from pathlib import Path

import msgspec
import pytest
from tests.builders import NOON

from tellwire.platform.control.campaign_form import CampaignForm, page_of
from tellwire.platform.control.catalog_yaml import campaign_in, read_document, write_document
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.rule import DEPTH_LIMIT as RULES_DEEP
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.step import DEPTH_LIMIT as STEPS_DEEP

FILES = sorted((Path(__file__).parents[2] / "docs/examples").glob("*/campaigns.yaml"))
STARTS = """\
campaigns:
- {name: a, start: {date: Profile.DOB, shift: -3 days, at: "09:00", yearly: true}, steps: [{send: {text: x}}]}
- {name: b, start: {date: Event.Departure, event: Booked, missed: now}, steps: [{send: {text: x}}]}
- {name: c, start: {at: now}, steps: [{send: {text: x}}]}
- {name: d, start: {at: ["2026-06-06T09:00Z", "2026-06-13T09:00Z"]}, steps: [{send: {text: x}}]}
- {name: e, start: {rule: "FREQ=WEEKLY;BYDAY=FR", at: "09:00", zone: person}, steps: [{send: {text: x}}]}
- {name: f, start: {joins: Gold, present: true}, steps: [{send: {text: x}}], labels: [spring], priority: high}
- {name: g, start: {call: shipped}, steps: [{call: {url: "https://x.example", headers: {A: b}}}, {stop: done}]}
- name: h
  start: {event: Seen}
  goal: {event: Charged, within: 3 days, revenue: Amount}
  holdout: 2.5
  limits: {per_person: [1 per 2 days], ever: 2, gap: 12 hours, per_day: 7, cut_off: "18:00", throttle: 5 per 5 minutes}
  quiet: [{from: "22:00", to: "08:00", days: [saturday], zone: account, then: discard}]
  steps: [{set: {A: 1, B: null, C: {increment: 2}}}]
"""


def read(text: str) -> list[Campaign]:
    reading = read_document(text)
    assert reading.mistakes == {}
    return [
        campaign_in(entry, None, CampaignId(number), NOON, {})
        for number, entry in enumerate(reading.document.campaigns, start=1)
    ]


@pytest.mark.parametrize("text", [STARTS, *(path.read_text() for path in FILES)])
def test_an_export_reads_as_what_was_exported(text: str) -> None:
    campaigns = [
        one for one in read(text) if "through: backup" not in text
    ]  # a provider has to be there to be named

    assert read(write_document(campaigns, [])) == campaigns


@pytest.mark.parametrize("text", [STARTS, *(path.read_text() for path in FILES)])
def test_what_the_api_answers_can_be_sent_back(text: str) -> None:
    for campaign in read(text):
        answer = msgspec.json.decode(msgspec.json.encode(page_of(campaign)))
        form = msgspec.convert(answer, CampaignForm)

        again = campaign_of(form, campaign, campaign_id=campaign.id, now=NOON)

        assert again == campaign


def test_the_deepest_steps_with_the_deepest_rule_come_back() -> None:
    rule: dict[str, object] = {"profile": "Plan", "equals": "gold"}
    for _ in range(RULES_DEEP):
        rule = {"not": rule}
    steps: list[dict[str, object]] = [{"choose": [{"if": rule, "steps": [{"send": {"text": "x"}}]}]}]
    for _ in range(STEPS_DEEP - 1):
        steps = [{"choose": [{"else": True, "steps": steps}]}]
    written = {"campaigns": [{"name": "deep", "start": {"event": "Seen"}, "steps": steps}]}
    campaigns = read(msgspec.json.encode(written).decode())

    assert read(write_document(campaigns, [])) == campaigns
