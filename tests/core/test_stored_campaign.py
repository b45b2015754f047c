"""Rows of campaigns as earlier releases wrote them are read as start, who and steps."""

import msgspec
import pytest
from tests.builders import NOON, a_campaign

from tellwire.platform.backends.stored_campaign import read_campaign, read_campaigns
from tellwire.platform.model.campaign import Campaign, CampaignId, Policy
from tellwire.platform.model.content import Content
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.rule import All, Condition, Has
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import SendStep

# As 0.1 wrote it, whole.
OLD = """{"id":7,"name":"Order thanks","state":"stopped","event":"Order Placed",
"event_conditions":[{"property":"Amount","operator":"between","value":[1,9]}],
"profile_conditions":[{"property":"Plan","operator":"exists","value":null},
{"property":"City","operator":"equals","value":["Berlin","Rome"]}],
"respects_consent":false,"starts_at":"2026-03-04T12:00:00Z","ends_at":null,"provider_id":"acme",
"content":{"text":"Hi","transliterate":true,"template_id":"t","template_variables":["a"],"tokens":{"b":"c"},
"extra":{"d":"e"}},
"policy":{"when_unresolved":"repeat","attempts":3,"give_up_after_s":60},
"dropped_until":"2026-03-04T12:00:00Z","created_at":"2026-03-04T12:00:00Z","updated_at":"2026-03-04T12:00:00Z"}"""
# As the first commits of 0.1 wrote it, before fields were added.
OLDEST = """{"id":8,"name":"n","event":"E","content":{"text":"Hi"},"created_at":"2026-03-04T12:00:00Z",
"updated_at":"2026-03-04T12:00:00Z"}"""


def test_every_field_of_an_old_row_is_kept() -> None:
    assert read_campaign(OLD) == Campaign(
        id=CampaignId(7),
        name="Order thanks",
        state="stopped",
        start=OnEvent(
            event="Order Placed", where=(Condition(property="Amount", operator="between", value=[1, 9]),)
        ),
        who=All(
            (
                Has(Condition(property="Plan", operator="exists")),
                Has(Condition(property="City", value=["Berlin", "Rome"])),
            )
        ),
        steps=(
            SendStep(
                id="send",
                content=Content(
                    text="Hi",
                    transliterate=True,
                    template_id="t",
                    template_variables=("a",),
                    tokens={"b": "c"},
                    extra={"d": "e"},
                ),
                through=ProviderId("acme"),
                passes=("consent",),
            ),
        ),
        starts_at=NOON,
        policy=Policy(when_unresolved="repeat", attempts=3, give_up_after_s=60),
        dropped_until=NOON,
        created_at=NOON,
        updated_at=NOON,
    )


def test_fields_that_an_old_row_has_not_are_what_they_were_by_default() -> None:
    campaign = read_campaign(OLDEST)

    assert (campaign.state, campaign.who, campaign.policy) == ("draft", None, Policy())
    assert campaign.steps == (SendStep(content=Content(text="Hi")),)


def test_a_row_of_today_comes_back_as_it_went() -> None:
    campaign = a_campaign(event_conditions=(Condition(property="a", value=1),), respects_consent=False)

    assert read_campaigns(f"[{msgspec.json.encode(campaign).decode()},{OLD}]") == [
        campaign,
        read_campaign(OLD),
    ]


# What a form of 0.1 took at most.
WIDEST = {
    "event": "e" * 120,
    "name": "n" * 120,
    "event_conditions": [{"property": "p" * 120}] * 50,
    "profile_conditions": [{"property": "p" * 120}] * 50,
    "provider_id": "p" * 64,
    "content": {
        "text": "t" * 4096,
        "template_id": "t" * 120,
        "template_variables": ["t" * 4096] * 100,
        "tokens": {f"{n:0120}": "t" * 4096 for n in range(100)},
        "extra": {f"{n:0120}": "t" * 4096 for n in range(100)},
    },
}


@pytest.mark.parametrize(
    "policy",
    [{"attempts": 1, "give_up_after_s": 60}, {"attempts": 100, "give_up_after_s": 604_800}],
)
def test_a_bound_that_a_release_set_is_never_tightened(policy: dict[str, int]) -> None:
    """A row that somebody was allowed to save opens for ever: nothing else would, with it."""
    row = {**msgspec.json.decode(OLDEST), **WIDEST, "policy": policy}

    assert read_campaign(msgspec.json.encode(row).decode()).policy == Policy(**policy)  # type: ignore[arg-type]
