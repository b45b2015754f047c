"""A campaign is written flat or with start, who and steps, and shown in both forms."""

from typing import Any

import msgspec
import pytest
from tests.builders import NOON, a_campaign

from tellwire.platform.control.campaign_check import in_flat, problems_of
from tellwire.platform.control.campaign_form import CampaignForm, page_of
from tellwire.platform.control.campaign_state import moved
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.flat import flat_of
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.step import SendStep

FLAT = {
    "name": "Thanks",
    "event": "Charged",
    "event_conditions": [{"property": "Amount", "operator": "greater_than", "value": 50}],
    "profile_conditions": [{"property": "Plan", "operator": "exists", "value": None}],
    "respects_consent": False,
    "provider_id": "acme",
    "content": {"text": "Hi"},
    "starts_at": "2026-03-04T12:00:00Z",
}
STRUCTURED = {
    "name": "Thanks",
    "start": {"event": "Charged", "where": [{"property": "Amount", "greater_than": 50}]},
    "who": {"all": [{"profile": "Plan", "exists": True}]},
    "steps": [{"id": "send", "send": {"text": "Hi", "through": "acme", "passes": ["consent"]}}],
    "from": "2026-03-04T12:00:00Z",
}


def read(body: dict[str, Any], known: Campaign | None = None) -> Campaign:
    return campaign_of(msgspec.convert(body, CampaignForm), known, campaign_id=CampaignId(1), now=NOON)


def shown(campaign: Campaign) -> dict[str, Any]:
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(page_of(campaign)))
    return answer


def test_both_forms_mean_the_same_campaign() -> None:
    assert read(FLAT) == read(STRUCTURED)


def test_a_campaign_is_shown_in_both_forms() -> None:
    answer = shown(read(FLAT))

    content = {"transliterate": False, "template_id": "", "template_variables": [], "tokens": {}, "extra": {}}
    assert {name: answer[name] for name in FLAT} == {**FLAT, "content": {"text": "Hi", **content}}
    assert answer["start"] == STRUCTURED["start"]
    assert answer["who"] == STRUCTURED["who"]
    assert answer["steps"] == [
        {"id": "send", "send": {"text": "Hi", "through": "acme", "passes": ["consent"]}}
    ]


def test_a_form_of_nothing_but_a_name_is_a_draft() -> None:
    campaign = read({"name": "later"})

    assert (campaign.start.event, campaign.steps, campaign.who) == ("", (SendStep(),), None)
    assert read({"name": "later", "start": {"event": "A"}}).start.event == "A"


def test_what_is_shown_and_sent_back_changes_nothing() -> None:
    campaign = read(STRUCTURED)

    assert read(shown(campaign), campaign) == campaign


@pytest.mark.parametrize(
    "change",
    [
        {"content": {"text": "Other"}},
        {"steps": [{"id": "send", "send": {"text": "Other", "through": "acme", "passes": ["consent"]}}]},
    ],
)
def test_of_what_is_shown_the_form_that_somebody_changed_is_taken(change: dict[str, Any]) -> None:
    campaign = read(FLAT)

    assert read({**shown(campaign), **change}, campaign) == read({**FLAT, "content": {"text": "Other"}})


def test_the_flat_form_keeps_the_id_of_the_step() -> None:
    named = read({**STRUCTURED, "steps": [{"id": "thanks", "send": {"text": "Hi"}}]})

    (step,) = read({"name": "n", "event": "Charged", "content": {"text": "Other"}}, named).steps
    assert step.id == "thanks"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"event": "A", "steps": [{"send": {"text": "Hi"}}]}, "start"),
        ({"content": {"text": "Hi"}, "start": {"event": "A"}}, "steps"),
        ({"event": "A", "who": {"profile": "Plan", "equals": 1}}, "start"),
        ({**FLAT, **STRUCTURED, "content": {"text": "Other"}}, "steps"),
        ({"from": "2026-03-04T12:00:00Z", "starts_at": "2026-03-04T12:00:01Z"}, "from"),
        ({"until": "2026-03-04T12:00:00Z", "ends_at": "2026-03-04T12:00:01Z"}, "until"),
    ],
)
def test_half_of_each_form_or_two_that_disagree_are_refused(body: dict[str, Any], path: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(body)

    assert list(refusal.value.fields) == [path]


def test_two_forms_that_were_both_changed_and_disagree_are_refused() -> None:
    campaign = read(FLAT)
    steps = [{"id": "send", "send": {"text": "One"}}]

    with pytest.raises(Unreadable):
        read({**shown(campaign), "content": {"text": "Another"}, "steps": steps}, campaign)


BROKEN = {
    "start": {"event": "", "where": [{"property": "", "equals": 1}, {"property": "a", "greater_than": "x"}]},
    "who": {"all": [{"profile": "a", "equals": 1}, {"all": [{"profile": "", "between": [1]}]}]},
    "steps": [
        {"send": {"text": "{{", "through": "nobody", "tokens": {"t": "{%"}, "template_variables": ["{%"]}}
    ],
}


def test_what_is_wrong_has_its_path_in_either_form() -> None:
    campaign = read({"name": "n", **BROKEN})

    problems = problems_of(campaign, CampaignSet(version=0), None, NOON)

    pairs = dict(zip(problems, in_flat(campaign, problems), strict=True))
    assert pairs == {
        "start.event": "event",
        "start.where[0].property": "event_conditions[0].property",
        "start.where[1].greater_than": "event_conditions[1].value",
        "who.all[1].all[0].profile": "profile_conditions[1].property",
        "who.all[1].all[0].between": "profile_conditions[1].value",
        "steps[0].send.through": "provider_id",
        "steps[0].send.text": "content.text",
        "steps[0].send.template_variables[0]": "content.template_variables[0]",
        "steps[0].send.tokens.t": "content.tokens.t",
    }
    assert in_flat(campaign, {"name": "x", "start.where": "y"}) == {"name": "x", "event_conditions": "y"}


def test_conditions_inside_each_other_are_flat_as_long_as_all_must_hold() -> None:
    nested = read({"name": "n", **BROKEN})
    flat = flat_of(nested)

    assert flat is not None
    assert flat.profile_conditions == (
        Condition(property="a", value=1),
        Condition(property="", operator="between", value=[1]),
    )
    assert flat_of(a_campaign()) is not None


def test_a_flat_form_leaves_what_it_has_no_words_for() -> None:
    guarded = read({**STRUCTURED, "holdout": 10, "again": "beside", "labels": ["a", " "], "priority": "high"})
    complex_who = read({**STRUCTURED, "who": {"any": [{"profile": "A", "exists": True}]}})
    flat = {name: value for name, value in FLAT.items() if name != "profile_conditions"}

    again = read({**FLAT, "content": {"text": "Bye"}}, guarded)

    assert (again.holdout, again.again, again.labels, again.priority) == (10, "beside", ("a",), "high")
    assert read({**FLAT, "holdout": 0}, guarded).holdout == 0
    assert read(flat, complex_who).who == complex_who.who
    assert read(FLAT, complex_who).who == read(FLAT).who
    assert read(STRUCTURED, guarded).holdout == 0  # which has words for all of it


def test_people_are_shared_out_by_the_first_published_name() -> None:
    published = moved(read(STRUCTURED), "running", NOON)

    renamed = read({**STRUCTURED, "name": "Thanks again"}, published)

    assert published.hashed_as == "Thanks"
    assert renamed.hashed_as == "Thanks"
    older = msgspec.structs.replace(published, hashed_as="")  # as earlier releases stored it
    assert read({**STRUCTURED, "name": "Thanks again"}, older).hashed_as == "Thanks"
    assert read({**STRUCTURED, "name": "Thanks again"}, read(STRUCTURED)).hashed_as == ""


def test_a_send_keeps_its_number_over_all_versions() -> None:
    def steps(*names: str) -> dict[str, Any]:
        return {**STRUCTURED, "steps": [{"id": name, "send": {"text": name}} for name in names]}

    first = msgspec.structs.replace(read(steps("hello", "bye")), version=1)
    second = msgspec.structs.replace(read(steps("bye", "more"), first), version=2)
    third = read(steps("hello", "bye", "last"), second)

    assert [step.number for step in second.steps if isinstance(step, SendStep)] == [1, 2]
    assert [step.number for step in third.steps if isinstance(step, SendStep)] == [3, 1, 4]
    assert [step.number for step in read(steps("bye")).steps if isinstance(step, SendStep)] == [0]
