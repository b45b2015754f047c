"""The platform's JSON API: campaigns, previews, what happened and why, export and import."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.e2e.control_client import CAMPAIGN, PROVIDER, START, TOKEN, Platform, deliver, running, scope_of
from tests.waiting import HANG_S

from tellwire.kernel.status import MessageStatus, Receipt, Standing, StatusDetail
from tellwire.platform.model.device_token import DeviceToken
from tellwire.platform.model.event import KeepToken, LinkSubject, Subject


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        yield started


async def published(platform: Platform, **fields: Any) -> dict[str, Any]:
    if not (await platform.api.get("/api/providers"))["providers"]:
        await platform.api.post("/api/providers", PROVIDER)
    saved = await platform.api.post("/api/campaigns", {**CAMPAIGN, **fields})
    told: dict[str, Any] = await platform.api.post(f"/api/campaigns/{saved['id']}/publish", {})
    return told


async def test_a_draft_may_be_unfinished_and_says_what_is_missing(platform: Platform) -> None:
    saved = await platform.api.post("/api/campaigns", {"name": "idea"})

    assert saved["state"] == "draft"
    assert set(saved["problems"]) == {"event", "content.text", "provider_id"}
    refused = await platform.api.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})
    assert refused.status == 422
    assert refused.fields == saved["problems"]


async def test_a_published_campaign_answers_until_it_is_stopped(platform: Platform) -> None:
    campaign = await published(platform)
    await platform.track(platform.record(Phone="91230000", Name="Ann"))

    await platform.track(platform.event("Order Placed", Amount=20, Item="shoes"))
    stopped = await platform.api.post(f"/api/campaigns/{campaign['id']}/stop", {})
    await platform.track(platform.event("Order Placed", Amount=20, Item="hat"))

    assert (campaign["state"], stopped["state"]) == ("running", "stopped")
    (message,) = (await platform.api.get("/api/messages"))["messages"]
    detail = await platform.api.get(f"/api/messages/{message['id']}")
    assert detail["text"] == "Hi Ann, thanks for shoes"
    (listed,) = (await platform.api.get("/api/campaigns"))["campaigns"]
    assert listed["funnel"]["by_status"] == {"queued": 1}


async def test_saving_over_somebody_elses_save_is_refused(platform: Platform) -> None:
    saved = await platform.api.post("/api/campaigns", CAMPAIGN)
    other = await platform.api.post("/api/campaigns", {**CAMPAIGN, "name": "another"})
    path = f"/api/campaigns/{saved['id']}"

    first = await platform.api.put(path, {**CAMPAIGN, "name": "first", "version": saved["version"]})
    second = await platform.api.ask("PUT", path, {**CAMPAIGN, "name": "second", "version": saved["version"]})

    assert other["id"] != saved["id"]
    assert first["version"] > saved["version"]
    assert second.status == 409
    assert second.json()["error"]["code"] == "stale"
    assert (await platform.api.get(path))["name"] == "first"


async def test_what_is_shown_can_be_sent_back(platform: Platform) -> None:
    campaign = await published(platform, starts_at="2026-01-01T00:00:00+08:00", ends_at="2027-01-01T00:00:00")

    again = await platform.api.put(f"/api/campaigns/{campaign['id']}", campaign)

    assert {**again, "version": 0, "updated_at": ""} == {**campaign, "version": 0, "updated_at": ""}
    assert again["starts_at"] == "2025-12-31T16:00:00Z"


async def test_a_running_campaign_stays_sound(platform: Platform) -> None:
    campaign = await published(platform)
    broken = {**campaign, "content": {"text": "Hi {{ Profile.Name"}}

    answer = await platform.api.ask("PUT", f"/api/campaigns/{campaign['id']}", broken)

    assert answer.status == 422
    assert answer.fields["content.text"].startswith("Line 1:")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"content": {"text": "a\n{{ Event.x | nope }}"}}, "content.text"),
        ({"content": {"text": "x" * 1531}}, "content.text"),
        ({"content": {"text": "x", "extra": {"a": "{% if %}"}}}, "content.extra.a"),
        (
            {"event_conditions": [{"property": "a", "operator": "between", "value": [1]}]},
            "event_conditions[0].value",
        ),
        ({"profile_conditions": [{"property": "", "value": 1}]}, "profile_conditions[0].property"),
        ({"ends_at": "2026-01-01T00:00:00Z"}, "ends_at"),
        ({"starts_at": "2026-03-01T00:00:00Z", "ends_at": "2026-02-01T00:00:00Z"}, "ends_at"),
        ({"provider_id": "nobody"}, "provider_id"),
        ({"event": "Notification Sent", "event_conditions": []}, "event_conditions"),
    ],
)
async def test_publishing_names_what_must_be_mended(
    platform: Platform, change: dict[str, Any], path: str
) -> None:
    await platform.api.post("/api/providers", PROVIDER)
    saved = await platform.api.post("/api/campaigns", {**CAMPAIGN, **change})

    answer = await platform.api.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})

    assert answer.status == 422
    assert path in answer.fields


async def test_publishing_asks_for_the_providers_tokens(platform: Platform) -> None:
    template = '{"a":"$$acct","messages":[{"to":"$$To","text":"$$Body","r":"$$ref","t":"$$TemplateID"}]}'
    await platform.api.post(
        "/api/providers",
        {
            **PROVIDER,
            "parameters": {"type": "json", "template": template},
            "batch": {"key": "messages", "size": 10},
        },
    )
    saved = await platform.api.post("/api/campaigns", CAMPAIGN)
    personal = {**CAMPAIGN["content"], "tokens": {"acct": "{{ Profile.Name }}", "REF": "{{ Event.Item }}"}}
    sound = {**personal, "tokens": {"acct": "acme", "ref": "{{ Event.Item }}"}, "template_id": "1007"}

    missing = await platform.api.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})
    changed = await platform.api.put(f"/api/campaigns/{saved['id']}", {**saved, "content": personal})
    await platform.api.put(f"/api/campaigns/{saved['id']}", {**changed, "content": sound})
    done = await platform.api.post(f"/api/campaigns/{saved['id']}/publish", {})

    assert set(missing.fields) == {"content.tokens.acct", "content.tokens.ref", "content.template_id"}
    assert set(changed["problems"]) == {"content.tokens.acct", "content.template_id"}
    assert done["state"] == "running"


async def test_archiving_a_provider_stops_the_campaigns_that_name_it(platform: Platform) -> None:
    provider = await platform.api.post("/api/providers", PROVIDER)
    named = await published(platform, provider_id=provider["id"])

    in_use = await platform.api.ask("DELETE", f"/api/providers/{provider['id']}")
    archived = await platform.api.post(f"/api/providers/{provider['id']}/archive")

    assert in_use.status == 409
    assert archived["stopped"] == [named["id"]]
    assert (await platform.api.get(f"/api/campaigns/{named['id']}"))["state"] == "stopped"


async def test_restoring_a_provider_runs_what_stopped_with_it_and_nothing_else(platform: Platform) -> None:
    provider = await platform.api.post("/api/providers", PROVIDER)
    named = await published(platform, provider_id=provider["id"])
    by_hand = await published(platform, provider_id=provider["id"])
    await platform.api.post(f"/api/campaigns/{by_hand['id']}/stop", {})
    await platform.api.post(f"/api/providers/{provider['id']}/archive")

    back = await platform.api.post(f"/api/providers/{provider['id']}/restore", {"is_default": True})

    assert back["running"] == [named["id"]]
    assert back["provider"]["archived_at"] is None
    assert back["provider"]["is_default"]
    assert (await platform.api.get(f"/api/campaigns/{named['id']}"))["state"] == "running"
    assert (await platform.api.get(f"/api/campaigns/{by_hand['id']}"))["state"] == "stopped"


async def test_a_restored_provider_does_not_take_a_mark_or_a_name_that_another_has(
    platform: Platform,
) -> None:
    first = await platform.api.post("/api/providers", PROVIDER)
    await platform.api.post(f"/api/providers/{first['id']}/archive")
    namesake = await platform.api.post("/api/providers", PROVIDER)

    refused = await platform.api.ask("POST", f"/api/providers/{first['id']}/restore", {"is_default": True})
    await platform.api.put(f"/api/providers/{namesake['id']}", {**namesake, "nickname": "another"})
    back = await platform.api.post(f"/api/providers/{first['id']}/restore", {"is_default": True})

    assert refused.json()["error"]["code"] == "nickname_taken"
    assert not back["provider"]["is_default"]


async def test_a_campaign_is_checked_whole_and_not_saved(platform: Platform) -> None:
    told = await platform.api.post("/api/campaigns/check", {"event_conditions": [{"property": ""}]})

    assert {"name", "event", "content.text", "event_conditions[0].property"} <= told["problems"].keys()
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []


async def test_a_preview_counts_parts_and_points_at_what_forces_ucs2(platform: Platform) -> None:
    told = await platform.api.post(
        "/api/campaigns/preview",
        {
            "content": {"text": "{{ Event.Item }} \u2013 " + "x" * 70},
            "event_properties": {"item": "Hat"},
        },
    )

    assert told["text"].startswith("Hat \u2013 xxx")
    assert (told["encoding"], len(told["parts"]), told["limit_per_part"]) == ("UCS2", 2, 67)
    assert told["forced_by"] == {"char": "\u2013", "name": "En dash", "index": 4}
    assert told["transliterated_text"].startswith("Hat - xxx")
    assert told["transliterated_parts"] == 1
    assert told["error"] is None


async def test_a_preview_of_a_wrong_or_aborting_template_says_so(platform: Platform) -> None:
    wrong = await platform.api.post("/api/campaigns/preview", {"content": {"text": "a\n{% if %}"}})
    aborting = await platform.api.post("/api/campaigns/preview", {"content": {"text": "{% abort %}"}})
    failing = await platform.api.post(
        "/api/campaigns/preview", {"content": {"text": "{{ 1 | divided_by: 0 }}"}}
    )

    assert wrong["error"]["line"] == 2
    assert (aborting["aborted"], aborting["error"]) == (True, None)
    assert "divide" in failing["error"]["message"]


async def test_a_message_is_masked_in_lists_and_whole_on_its_page(platform: Platform) -> None:
    campaign = await published(platform)
    happened = platform.event("Order Placed", Amount=20, Item="shoes")
    await platform.track(platform.record(Phone="91230000"), happened)
    delivered = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
    await platform.backend.messages.apply(
        [Receipt(message_id=f"{happened.id}-{campaign['id']}", standing=delivered, at=platform.clock.now())]
    )

    listed = await platform.api.ask("GET", "/api/messages?to=91230000")
    (row,) = listed.json()["messages"]
    page = await platform.api.get(f"/api/messages/{row['id']}")

    assert row["to"] == "+65******00"
    assert b"shoes" not in listed.body
    assert row["standing"] == {"status": "delivered", "detail": "delivered_to_recipient"}
    assert page["row"]["to"] == "+6591230000"
    assert page["text"] == "Hi you, thanks for shoes"
    assert [step["standing"]["status"] for step in page["timeline"]] == ["queued", "delivered"]
    assert [gate["gate"] for gate in page["decision"]["trace"]][-1] == "content"
    assert (await platform.api.get("/api/messages?campaign_id=999"))["messages"] == []


@pytest.mark.parametrize(
    "query",
    ["campaign_id=99999999999999999999", "campaign_id=-1", "campaign_id=x", "limit=99999999999999999999"],
)
async def test_a_number_that_no_store_can_look_for_is_refused(platform: Platform, query: str) -> None:
    assert (await platform.api.ask("GET", f"/api/messages?{query}")).status == 400


async def test_events_are_listed_newest_first_and_page_by_page(platform: Platform) -> None:
    await published(platform)
    for n in range(3):
        platform.clock.advance(1)
        await platform.track(platform.event("Order Placed", Amount=n * 10))

    first = (await platform.api.get("/api/events?limit=2"))["events"]
    rest = (await platform.api.get(f"/api/events?limit=2&before={first[-1]['id']}"))["events"]
    page = await platform.api.get(f"/api/events/{first[0]['id']}")

    assert [e["properties"]["Amount"] for e in [*first, *rest]] == [20, 10, 0]
    assert [e["skips"] for e in [*first, *rest]] == [1, 0, 0]
    assert first[0]["subject"] == {"kind": "identity", "value": "ann"}
    assert (first[0]["messages"], first[0]["skips"]) == (0, 1)
    assert page["decisions"][0]["code"] == "no_phone"


@pytest.mark.parametrize(
    "path",
    [
        "/api/events/none",
        "/api/messages/none",
        "/api/campaigns/99",
        "/api/providers/none",
        "/api/campaigns/x",
    ],
)
async def test_what_is_not_there_is_not_found(platform: Platform, path: str) -> None:
    answer = await platform.api.ask("GET", path)

    assert answer.status == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_explain_works_out_why_an_event_did_not_start_a_campaign(platform: Platform) -> None:
    campaign = await published(platform)
    platform.clock.advance(1)  # the event comes after it
    await platform.track(
        platform.record(Phone="91230000"),
        platform.event("Order Placed", Amount=5),
        platform.record(Name="Ann"),
    )

    told = await platform.api.get("/api/explain?identity=ann&event=order%20placed")

    (answer,) = told["campaigns"]
    assert (answer["id"], answer["verdict"], answer["code"]) == (campaign["id"], "skip", "event_conditions")
    failed = answer["trace"][-1]
    assert (failed["has_passed"], failed["saw"]) == (False, "Amount = 5")
    assert told["profile"]["phone"] == told["profile"]["properties"]["Phone"] == "+65******00"
    assert told["note"].startswith("No message: ")
    assert (await platform.api.get(f"/api/events/{told['event']['id']}"))["decisions"] == []


async def test_explain_shows_every_gate_with_the_value_it_saw(platform: Platform) -> None:
    await published(platform)
    await platform.track(
        platform.record(Phone="91230000"),
        platform.event("Order Placed", Amount=50),
    )

    explanation = await platform.api.get("/api/explain?identity=ann&event=order%20placed")

    (answer,) = explanation["campaigns"]
    gates = [gate["gate"] for gate in answer["trace"]]
    assert gates == [
        *("event_conditions", "schedule", "triggering_window", "profile_conditions", "reachability"),
        *("consent", "suppression", "provider", "content"),
    ]
    assert answer["trace"][0]["saw"] == "Amount = 50"


async def test_explain_shows_the_conditions_of_then_whatever_the_campaign_wants_since(
    platform: Platform,
) -> None:
    campaign = await published(platform)
    await platform.track(platform.record(Phone="91230000"), platform.event("Order Placed", Amount=50))
    changed = {**CAMPAIGN, "event_conditions": [{"property": "Amount", "operator": "less_than", "value": 10}]}
    stored = await platform.api.get(f"/api/campaigns/{campaign['id']}")
    await platform.api.put(f"/api/campaigns/{campaign['id']}", {**changed, "version": stored["version"]})

    explanation = await platform.api.get("/api/explain?identity=ann&event=order%20placed")

    (answer,) = explanation["campaigns"]
    assert (answer["verdict"], answer["published_version"]) == ("send", 1)
    assert answer["trace"][0] == {
        "gate": "event_conditions",
        "has_passed": True,
        "saw": "Amount = 50",
        "wanted": "Amount greater than 10",
    }


async def test_explain_shows_the_devices_of_a_person_and_no_whole_token(platform: Platform) -> None:
    device = DeviceToken(device="phone1", kind="fcm", value="a-token-of-some-length-abc123", at=START)
    changes = (LinkSubject(Subject("device", "phone1")), KeepToken(device))
    await platform.track(msgspec.structs.replace(platform.record(Name="Ann"), changes=changes))

    answer = await platform.api.ask("GET", "/api/explain?identity=ann")

    [token] = answer.json()["profile"]["tokens"]
    assert (token["device"], token["kind"], token["ends_in"]) == ("phone1", "fcm", "abc123")
    assert device.value not in json.dumps(answer.json())


async def test_explain_finds_people_by_number_and_events_by_id(platform: Platform) -> None:
    await published(platform)
    happened = platform.event("Order Placed", Amount=50)
    await platform.track(
        platform.record(Phone="91230000"), platform.record("bob", Phone="91230000"), happened
    )

    by_number = await platform.api.get("/api/explain?phone=91230000&event=Order%20Placed")
    by_event = await platform.api.get(f"/api/explain?event={happened.id}")

    assert by_number["campaigns"][0]["verdict"] == by_event["campaigns"][0]["verdict"] == "send"
    assert by_event["profile"]["subjects"] == [{"kind": "identity", "value": "ann"}]
    assert [o["subjects"][0]["value"] for o in by_number["others"]] == ["bob"]


async def test_explain_says_why_there_is_nothing(platform: Platform) -> None:
    saved = await platform.api.post("/api/campaigns", CAMPAIGN)
    await platform.track(platform.event("Page Seen"), platform.event("Order Placed"))

    async def note(query: str) -> str:
        told: str = (await platform.api.get(f"/api/explain?{query}"))["note"]
        return told

    assert "Nobody is known" in await note("identity=nobody&event=Page%20Seen")
    assert "No running campaign listens to “Page Seen”" in await note("identity=ann&event=Page%20Seen")
    assert f"“{saved['name']}” is for this event, and is not running" in await note(
        "identity=ann&event=Order%20Placed"
    )
    assert "No event “Other”" in await note("identity=ann&event=Other")
    assert (await platform.api.ask("GET", "/api/explain?event=Other")).status == 422
    assert (await platform.api.ask("GET", "/api/explain?phone=abc&event=Other")).status == 422


async def test_explain_tells_of_a_campaign_that_came_later(platform: Platform) -> None:
    await platform.track(platform.event("Order Placed", Amount=50))
    await published(platform)

    told = await platform.api.get("/api/explain?identity=ann&event=Order%20Placed")

    assert [(c["verdict"], c["code"]) for c in told["campaigns"]] == [("none", "not_running_then")]


async def test_live_tells_what_happens_while_somebody_watches(platform: Platform) -> None:
    await published(platform)
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    leave = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await leave.wait()
        return {"type": "http.disconnect"}

    scope = scope_of("GET", "/api/live", "", {"authorization": f"Bearer {TOKEN}"})
    watching = asyncio.create_task(platform.app(scope, receive, sent.put))
    feeding = asyncio.create_task(platform.app.run())
    try:
        async with asyncio.timeout(HANG_S):
            assert (await sent.get())["status"] == 200
            await platform.track(
                platform.record(Phone="91230000"), platform.event("Order Placed", Amount=50, Item="shoes")
            )
            changes = await next_changes(sent)
    finally:
        leave.set()
        await watching
        feeding.cancel()
        with suppress(asyncio.CancelledError):
            await feeding

    assert [e["name"] for e in changes["events"]] == ["Order Placed"]
    assert [m["to"] for m in changes["messages"]] == ["+65******00"]


async def test_pages_hear_which_topics_changed_and_no_more(platform: Platform) -> None:
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    leave = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await leave.wait()
        return {"type": "http.disconnect"}

    scope = scope_of("GET", "/api/changes", "", {"authorization": f"Bearer {TOKEN}"})
    watching = asyncio.create_task(platform.app(scope, receive, sent.put))
    changes = platform.app._changes
    try:
        async with asyncio.timeout(HANG_S):
            assert (await sent.get())["status"] == 200
            assert await changes.step() == frozenset()
            await published(platform)
            after_publishing = await changes.step()
            await platform.track(
                platform.record(Phone="91230000"), platform.event("Order Placed", Amount=50, Item="shoes")
            )
            after_an_event = await changes.step()
    finally:
        leave.set()
        await watching

    assert after_publishing >= {"campaigns", "providers"}
    assert after_an_event == {"events", "messages"}


async def next_changes(sent: "asyncio.Queue[dict[str, Any]]") -> dict[str, Any]:
    while True:
        for block in (await sent.get()).get("body", b"").decode().split("\n\n"):
            if block.startswith("event: changes"):
                told: dict[str, Any] = json.loads(block.partition("data: ")[2])
                return told


async def test_an_export_imported_again_changes_nothing(platform: Platform) -> None:
    await published(platform, content={"text": "Hi {{ Profile.Name }}\nand\nbye", "transliterate": True})
    exported = await platform.api.ask("GET", "/api/export")

    told = await platform.api.post("/api/import", exported.body)

    assert b"s3cr3t" not in exported.body
    assert told["changes"] == []
    assert [change["what"] for change in told["unchanged"]] == ["unchanged", "unchanged"]


async def test_a_change_says_which_fields_it_is_about(platform: Platform) -> None:
    await published(platform)
    exported = (await platform.api.ask("GET", "/api/export")).body.decode()
    document = re.sub(r"text: .*", "text: Other words", exported)

    told = await platform.api.post("/api/import?dry_run=1", document.encode())

    assert [(change["what"], change["fields"]) for change in told["changes"]] == [("changed", ["content"])]
    assert [change["kind"] for change in told["unchanged"]] == ["provider"]


async def test_a_dry_run_tells_and_an_import_does(platform: Platform, tmp_path: Path) -> None:
    await published(platform)
    exported = (await platform.api.ask("GET", "/api/export")).body
    document = exported.replace(b'"***"', b"${TELLWIRE_SECRET_KEY}").replace(
        b"'***'", b"${TELLWIRE_SECRET_KEY}"
    )
    async with running(tmp_path / "other") as other:
        planned = await other.api.post("/api/import?dry_run=1", document)
        nothing = await other.api.get("/api/campaigns")
        done = await other.api.post("/api/import", document)
        provider = next(iter((await other.backend.catalog.snapshot()).providers.values()))
        (campaign,) = (await other.api.get("/api/campaigns"))["campaigns"]

        assert planned["changes"] == done["changes"]
        assert {change["what"] for change in done["changes"]} == {"created"}
        assert nothing["campaigns"] == []
        assert campaign["state"] == "running"
        assert other.vault.open(provider.headers[0].value) == "s3cr3t-key"


async def test_every_mistake_of_a_document_is_named_with_its_line(platform: Platform) -> None:
    document = """\
tellwire: 1
providers:
- nickname: eight
  request_type: PUT
- nickname: nine
  endpoint: https://sms.example/send
  headers: [[X-Key, "***"], [X-Other, "${TELLWIRE_SECRET_NOWHERE}"]]
  parameters: {type: json, template: '{"to":"$$To","text":"$$Body"}'}
campaigns:
- name: a
  provider: eight
- name: b
  provider: nobody
- name: c
  state: running
  event: Order
  content:
    text: "{{ Event.x"
"""
    answer = await platform.api.ask("POST", "/api/import?dry_run=1", document.encode())

    assert answer.status == 422
    assert {path: why.split(":")[0] for path, why in answer.fields.items()} == {
        "providers[0].request_type": "Line 4",
        "providers[1].headers[0][1]": "Line 7",
        "providers[1].headers[1][1]": "Line 7",
        "campaigns[1].provider": "Line 13",
        "campaigns[2].content.text": "Line 18",
        "campaigns[2].provider_id": "Line 14",
    }


@pytest.mark.parametrize(
    ("document", "status", "said"),
    [
        ("a: [", 422, "Line"),
        ("tellwire: 2", 422, "tellwire"),
        ("tellwire: 1\nsurprise: 1", 422, "surprise"),
        ("tellwire: 1\ncampaigns:\n- name: a\n- name: [b]", 422, "Line 4: Expected `str`"),
        ("tellwire: 1\nproviders: [{nickname: a}]", 422, "providers[0].endpoint"),
        ("tellwire: 1\ncampaigns: [{name: a, state: running}]", 422, "campaigns[0].event"),
        ("tellwire: 1\ncampaigns: [{name: a, provider: b}]", 422, "campaigns[0].provider"),
        ("tellwire: 1\ncampaigns:\n- name: a\n  provider: b", 422, "Line 4: There is no provider"),
        ("tellwire: 1\ncampaigns: [{name: a}, {name: A}]", 422, "twice"),
        ("a: &a [x]\nb: [*a, *a]", 422, "Aliases"),
        ("tellwire: 1\nproviders: [{nickname: a, headers: [[X, '${HOME}']]}]", 422, "TELLWIRE_SECRET_"),
        ("[" * 3000, 422, ""),
    ],
)
async def test_a_document_that_is_wrong_changes_nothing(
    platform: Platform, document: str, status: int, said: str
) -> None:
    answer = await platform.api.ask("POST", "/api/import", document.encode())

    assert answer.status == status
    assert said in answer.body.decode()
    assert (await platform.backend.catalog.snapshot()).campaigns == {}


async def waiting(platform: Platform) -> tuple[Any, Any]:
    """Return a campaign with a message that waits, and the message."""
    campaign = await published(platform)
    platform.clock.advance(1)
    await platform.track(platform.record(Phone="91230000"), platform.event("Order Placed", Amount=20))
    (message,) = (await platform.api.get("/api/messages"))["messages"]
    return campaign, message


async def test_stopping_drops_what_waits_and_says_so_everywhere(platform: Platform) -> None:
    campaign, message = await waiting(platform)

    await platform.api.post(f"/api/campaigns/{campaign['id']}/stop", {})

    assert await deliver(platform) == []
    (row,) = (await platform.api.get("/api/messages"))["messages"]
    assert (row["standing"]["status"], row["error_code"]) == ("rejected", "campaign_stopped")
    page = await platform.api.get(f"/api/campaigns/{campaign['id']}")
    assert page["funnel"]["by_status"] == {"rejected": 1}
    assert page["funnel"]["errors"] == {"campaign_stopped": 1}
    told = await platform.api.get("/api/explain?phone=%2B6591230000&event=Order%20Placed")
    assert "its campaign was stopped before it went" in told["note"]
    assert told["campaigns"][0]["message_id"] == message["id"]


async def test_stopping_may_let_go_what_waits(platform: Platform) -> None:
    campaign, message = await waiting(platform)

    await platform.api.post(f"/api/campaigns/{campaign['id']}/stop?queued=let_go")
    wrong = await platform.api.ask("POST", f"/api/campaigns/{campaign['id']}/stop?queued=burn")

    assert wrong.status == 400
    assert await deliver(platform) == [message["id"]]


async def test_what_was_dropped_stays_so_when_the_campaign_runs_again(platform: Platform) -> None:
    campaign, _ = await waiting(platform)
    await platform.api.post(f"/api/campaigns/{campaign['id']}/stop")
    platform.clock.advance(1)

    await platform.api.post(f"/api/campaigns/{campaign['id']}/publish")
    again = platform.event("Order Placed", Amount=20)
    await platform.track(again)

    assert await deliver(platform) == [f"{again.id}-{campaign['id']}"]


async def test_archiving_a_provider_drops_what_waits_for_it_or_lets_it_go(platform: Platform) -> None:
    _, message = await waiting(platform)
    (provider,) = (await platform.api.get("/api/providers"))["providers"]

    await platform.api.post(f"/api/providers/{provider['id']}/archive?queued=let_go")

    assert await deliver(platform) == [message["id"]]


async def test_importing_a_campaign_as_stopped_drops_what_waits(platform: Platform) -> None:
    await waiting(platform)
    document = (await platform.api.ask("GET", "/api/export")).body.decode()

    done = await platform.api.post(
        "/api/import", document.replace("state: running", "state: stopped").encode()
    )

    assert [change["fields"] for change in done["changes"] if change["kind"] == "campaign"] == [["state"]]
    assert await deliver(platform) == []
