"""The platform's JSON API and files: campaigns written with start, who and steps."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.e2e.control_client import CAMPAIGN, PROVIDER, Platform, running

STEPS = {
    "name": "Thanks",
    "start": {"event": "Order Placed", "where": [{"property": "Amount", "greater_than": 10}]},
    "who": {"all": [{"profile": "Plan", "equals": "gold"}]},
    "steps": [{"id": "thanks", "send": {"text": "Thanks for {{ Event.Item }}", "passes": ["consent"]}}],
}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        yield started


async def test_a_campaign_of_steps_answers_an_event(platform: Platform) -> None:
    saved = await platform.api.post("/api/campaigns", STEPS)
    await platform.api.post(f"/api/campaigns/{saved['id']}/publish", {})
    await platform.track(platform.record(Phone="91230000", Plan="gold", **{"MSG-sms": False}))

    happened = platform.event("Order Placed", Amount=20, Item="shoes")
    await platform.track(happened)

    (message,) = (await platform.api.get("/api/messages"))["messages"]
    assert message["id"] == f"{happened.id}-{saved['id']}"
    assert (await platform.api.get(f"/api/messages/{message['id']}"))["text"] == "Thanks for shoes"


async def test_both_forms_are_answered_and_either_may_be_sent_back(platform: Platform) -> None:
    saved = await platform.api.post("/api/campaigns", STEPS)
    path = f"/api/campaigns/{saved['id']}"

    assert saved["event"] == "Order Placed"
    assert saved["event_conditions"] == [{"property": "Amount", "operator": "greater_than", "value": 10}]
    assert (saved["respects_consent"], saved["content"]["text"]) == (False, "Thanks for {{ Event.Item }}")
    assert saved["who"] == STEPS["who"]
    worded = await platform.api.put(path, {**saved, "content": {"text": "Bye"}})
    assert worded["steps"][0] == {**saved["steps"][0], "send": {**saved["steps"][0]["send"], "text": "Bye"}}
    anew = await platform.api.put(path, {**worded, "start": {"event": "Charged"}})
    assert (anew["event"], anew["event_conditions"], anew["content"]["text"]) == ("Charged", [], "Bye")


async def test_one_of_two_forms_that_disagree_is_not_guessed(platform: Platform) -> None:
    answer = await platform.api.ask("POST", "/api/campaigns", {**STEPS, **CAMPAIGN})

    assert answer.status == 422
    assert list(answer.fields) == ["steps"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"steps": [{"send": {"text": "{{"}}]}, "steps[0].send.text"),
        ({"steps": [{"send": {"text": "x", "through": "nobody"}}]}, "steps[0].send.through"),
        ({"start": {"event": "A", "where": [{"property": "a", "between": [1]}]}}, "start.where[0].between"),
        ({"who": {"profile": "", "equals": 1}}, "who.profile"),
    ],
)
async def test_what_must_be_mended_is_named_by_its_place_in_the_steps(
    platform: Platform, change: dict[str, Any], path: str
) -> None:
    checked = await platform.api.post("/api/campaigns/check", {**STEPS, **change})

    assert list(checked["problems"]) == [path]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"start": {"evnt": "A"}}, "start"),
        ({"steps": []}, "steps"),
        ({"steps": [{"id": "a"}]}, "steps[0]"),
        ({"steps": [{"id": "b", "send": {}}, {"id": "b", "send": {}}]}, "steps[1].id"),
        ({"who": {"all": []}}, "who.all"),
        (
            {"start": {"event": "A", "where": [{"property": "a", "equals": 1, "contains": 2}]}},
            "start.where[0]",
        ),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_with_its_place(
    platform: Platform, change: dict[str, Any], path: str
) -> None:
    answer = await platform.api.ask("POST", "/api/campaigns", {**STEPS, **change})

    assert answer.status in {400, 422}
    assert [name.removesuffix(".evnt") for name in answer.fields] == [path]


async def test_what_cannot_run_is_kept_as_a_draft_and_not_published(platform: Platform) -> None:
    steps = [{"id": "tell", "call": {"url": "https://crm.example/seen"}}]
    who = {"listed": "VIPs"}
    draft = await platform.api.post("/api/campaigns", {**STEPS, "who": who, "steps": steps})

    answer = await platform.api.ask("POST", f"/api/campaigns/{draft['id']}/publish", {})

    assert answer.status == 422
    assert [path.partition(".")[0] for path in answer.fields] == ["who"]
    kept = await platform.api.get(f"/api/campaigns/{draft['id']}")
    assert (kept["state"], kept["content"], kept["published_version"]) == ("draft", None, None)


async def test_a_provider_that_a_step_names_is_in_use(platform: Platform) -> None:
    (provider,) = (await platform.api.get("/api/providers"))["providers"]
    steps = [{"send": {"text": "Hi", "through": " 8X8 "}}]
    saved = await platform.api.post("/api/campaigns", {**STEPS, "steps": steps})

    answer = await platform.api.ask("DELETE", f"/api/providers/{provider['id']}")

    assert saved["provider_id"] == saved["steps"][0]["send"]["through"] == provider["id"]
    assert (answer.status, answer.json()["error"]["code"]) == (409, "in_use")


FILE = """\
tellwire: 1
campaigns:
- name: Thanks
  state: running
  from: 2026-01-01T00:00:00Z
  start: {event: Order Placed, where: [{property: Amount, between: [1, 9]}]}
  who: {profile: Plan, exists: true}
  steps:
  - {id: thanks, send: {text: "Hi", through: 8x8, passes: [consent]}}
"""


async def test_a_file_of_steps_is_imported_and_comes_out_again(platform: Platform) -> None:
    await platform.api.post("/api/import", FILE.encode())

    exported = (await platform.api.ask("GET", "/api/export")).body
    again = await platform.api.post("/api/import", exported)

    (campaign,) = yaml.safe_load(exported)["campaigns"]
    assert campaign["start"] == {
        "event": "Order Placed",
        "where": [{"property": "Amount", "between": [1, 9]}],
    }
    assert campaign["who"] == {"profile": "Plan", "exists": True}
    assert campaign["steps"][0]["send"]["through"] == "8x8"
    assert "event" not in campaign
    assert again["changes"] == []


async def test_a_campaign_that_the_flat_form_says_all_of_is_exported_flat(platform: Platform) -> None:
    await platform.api.post("/api/campaigns", {**STEPS, "steps": [{"send": STEPS["steps"][0]["send"]}]})  # type: ignore[index]

    (campaign,) = yaml.safe_load((await platform.api.ask("GET", "/api/export")).body)["campaigns"]

    assert set(campaign) == {
        "name",
        "state",
        "event",
        "event_conditions",
        "profile_conditions",
        "respects_consent",
        "content",
    }


async def test_mistakes_of_a_file_of_steps_have_their_lines(platform: Platform) -> None:
    document = """\
tellwire: 1
campaigns:
- name: a
  event: A
  steps: [{send: {text: Hi}}]
- name: b
  state: running
  start:
    event: B
    where:
    - {property: x, greater_than: much}
  steps:
  - send:
      text: "{{"
- name: c
  steps:
  - send: {text: Hi, through: nobody}
- name: d
  start: {event: D, wear: []}
- name: e
  event: E
  provider_id: abc
"""
    answer = await platform.api.ask("POST", "/api/import?dry_run=1", document.encode())

    assert answer.status == 422
    assert {path: why.split(":")[0] for path, why in answer.fields.items()} == {
        "campaigns[0]": "Line 3",
        "campaigns[1].start.where[0].greater_than": "Line 11",
        "campaigns[1].steps[0].send.text": "Line 14",
        "campaigns[2].steps[0].send.through": "Line 17",
        "campaigns[3].start.wear": "Line 19",
        "campaigns[4].provider_id": "Line 22",
    }


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("limit", "There is no such field: did you mean `limits`?"),
        ("send", "This does not stand here."),
        ("qwertz", "There is no such field."),
    ],
)
async def test_a_word_that_is_none_is_refused_and_not_dropped(
    platform: Platform, word: str, why: str
) -> None:
    saved = await platform.api.post("/api/campaigns", STEPS)

    for method, path in (("POST", "/api/campaigns"), ("PUT", f"/api/campaigns/{saved['id']}")):
        answer = await platform.api.ask(method, path, {**STEPS, "version": saved["version"], word: {}})
        assert (answer.status, answer.fields) == (422, {word: why})
    await platform.api.post("/api/campaigns", {**CAMPAIGN, "name": "Flat", word: {}})  # takes anything


async def test_a_check_answers_what_cannot_be_read_too_and_warns_of_events_that_nobody_sent(
    platform: Platform,
) -> None:
    await platform.track(platform.event("Order Placed"))
    await platform.backend.event_types.claim(["orderplaced"], 10)
    wait = {"wait": {"for": "1 day", "or": [{"event": "Notification Replied", "steps": []}]}}

    unreadable = await platform.api.post("/api/campaigns/check", {**STEPS, "key": "cart_id"})
    mistyped = await platform.api.post(
        "/api/campaigns/check",
        {**STEPS, "start": {"event": "Order Place"}, "steps": [wait, *STEPS["steps"]]},
    )

    assert list(unreadable["problems"]) == ["key"]
    assert mistyped["problems"] == {}
    assert list(mistyped["warnings"]) == ["start.event"]
    assert "“orderplaced”" in mistyped["warnings"]["start.event"]


async def test_a_part_of_a_campaign_is_written_as_yaml_and_read_again(platform: Platform) -> None:
    written = await platform.api.post("/api/yaml/write", {"value": {"campaigns": [STEPS]}})

    read = await platform.api.post("/api/yaml/read", {"text": written["text"]})

    assert read["value"] == {"campaigns": [STEPS]}
    assert read["error"] is None
    assert read["lines"] == written["lines"]
    wrong = await platform.api.post("/api/yaml/read", {"text": "a: [1"})
    assert (wrong["value"], wrong["error"]["line"]) == (None, 1)


async def test_a_word_that_is_none_is_refused_with_the_nearest(platform: Platform) -> None:
    form = {"name": "x", "start": {"event": "E", "where": [{"property": "P", "greter_than": 1}]}}
    steps = {"name": "x", "start": {"event": "E"}, "steps": [{"id": "a", "sned": {}}]}
    dated = {"name": "x", "start": {"event": "E"}, "from": "2026-02-30"}

    said = [(await platform.api.ask("POST", "/api/campaigns", one)).fields for one in (form, steps, dated)]

    assert "did you mean `greater_than`?" in said[0]["start.where[0]"]
    assert "did you mean `send`?" in said[1]["steps[0]"]
    assert said[2]["from"].startswith("This is not a moment: write 2026-06-06T09:00:00")
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []
