"""Tests of a campaign's text: as it would be for somebody, to a number of one's own; nothing counts it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import CAMPAIGN, PROVIDER, Platform, listening, running

TO = "+6591239999"
STEPS = {
    "name": "Two",
    "start": {"event": "Order Placed"},
    "steps": [
        {"id": "first", "send": {"text": "Hi {{ Profile.Name }}, {{ Event.Item | default: 'thanks' }}"}},
        {"id": "pause", "wait": {"for": "1 hour"}},
        {"id": "later", "send": {"text": "Still there, {{ Profile.Name }}?"}},
    ],
}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        yield started


@asynccontextmanager
async def taking(platform: Platform) -> AsyncIterator[list[bytes]]:
    """Give what a provider gets that takes all."""
    async with listening(b'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"ok":true}') as (port, got):
        await platform.api.post("/api/providers", {**PROVIDER, "endpoint": f"http://127.0.0.1:{port}/send"})
        yield got


async def test_the_text_is_that_of_the_campaign_for_this_person(platform: Platform) -> None:
    await platform.track(platform.record(Phone="91230000", Name="Ann"))
    await platform.track(platform.event("Order Placed", Item="shoes"))
    saved = await platform.api.post("/api/campaigns", STEPS)

    async with taking(platform) as got:
        sent = await platform.api.post(
            "/api/campaigns/test-send", {"campaign_id": saved["id"], "identity": "ann", "to": "9123 9999"}
        )
        later = await platform.api.post(
            "/api/campaigns/test-send",
            {"campaign_id": saved["id"], "step": "later", "profile_properties": {"Name": "Bo"}, "to": TO},
        )

    assert (sent["outcome"], sent["text"], sent["texts"]) == ("accepted", "Hi Ann, shoes", ["Hi Ann, shoes"])
    assert (sent["step"], sent["provider"], sent["parts"], sent["cost"]) == ("first", "8x8", 1, None)
    assert sent["event_id"]
    assert later["text"] == "Still there, Bo?"
    assert later["event_id"] is None
    body = json.loads(sent["request"]["body"])
    assert (body["destination"], body["text"]) == (TO, "Hi Ann, shoes")
    assert body["mid"].startswith("test-")
    assert len(got) == 2


async def test_nothing_counts_it(platform: Platform) -> None:
    await platform.track(platform.record(Phone="91230000", Name="Ann"))
    async with taking(platform):
        saved = await platform.api.post("/api/campaigns", {**CAMPAIGN, "limits": {"ever": 1}})
        before = await platform.api.get(f"/api/campaigns/{saved['id']}")
        await platform.api.post(
            "/api/campaigns/test-send", {"campaign_id": saved["id"], "identity": "ann", "to": "91230000"}
        )

    after = await platform.api.get(f"/api/campaigns/{saved['id']}")
    explained = await platform.api.get("/api/explain?identity=ann")
    assert after == before
    assert (await platform.api.get("/api/messages"))["messages"] == []
    assert (await platform.api.get("/api/events"))["events"] == []
    assert explained["stays"] == []


async def test_what_is_not_saved_yet_can_be_tested(platform: Platform) -> None:
    send = "{id: a, send: {text: 'Hi {{ Event.n }}', through: 8x8}}"
    yaml = f"campaigns: [{{name: New, start: {{event: X}}, steps: [{send}]}}]"
    async with taking(platform):
        flat = await platform.api.post("/api/campaigns/test-send", {"campaign": CAMPAIGN, "to": TO})
        file = await platform.api.post(
            "/api/campaigns/test-send", {"yaml": yaml, "event_properties": {"n": 7}, "to": TO}
        )

    assert flat["text"] == "Hi you, thanks for "
    assert file["text"] == "Hi 7"
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"campaign": CAMPAIGN, "to": "nobody"}, 422, "to"),
        ({"campaign": CAMPAIGN, "to": TO, "step": "none"}, 422, "step"),
        ({"campaign": CAMPAIGN, "to": TO, "identity": "nobody"}, 422, "identity"),
        ({"campaign": {**CAMPAIGN, "content": {"text": "{{ Profile.x }}"}}, "to": TO}, 422, "text"),
        ({"campaign": {**CAMPAIGN, "content": {"text": "{% if"}}, "to": TO}, 422, "text"),
        ({"to": TO}, 422, "campaign_id"),
        ({"campaign_id": 99, "to": TO}, 404, None),
        ({"yaml": "campaigns: []", "to": TO}, 422, None),
        ({"yaml": "campaigns: [{name: x, start: {evnt: y}}]", "to": TO}, 422, "campaigns[0].start.evnt"),
    ],
)
async def test_what_cannot_be_sent_says_why(
    platform: Platform, body: dict[str, Any], status: int, field: str | None
) -> None:
    async with taking(platform) as got:
        answer = await platform.api.ask("POST", "/api/campaigns/test-send", body)

    assert answer.status == status
    assert field is None or list(answer.fields) == [field]
    assert got == []


async def test_without_a_provider_nothing_can_carry_it(platform: Platform) -> None:
    answer = await platform.api.ask("POST", "/api/campaigns/test-send", {"campaign": CAMPAIGN, "to": TO})

    assert set(answer.fields) == {"through"}


async def test_somebody_who_said_no_is_asked_about_first(platform: Platform) -> None:
    await platform.track(platform.record("nora", Phone=TO, **{"MSG-sms": False}))
    body = {"campaign": CAMPAIGN, "to": TO}
    async with taking(platform) as got:
        refused = await platform.api.ask("POST", "/api/campaigns/test-send", body)
        sent_unasked = list(got)
        sent = await platform.api.post("/api/campaigns/test-send", {**body, "is_confirmed": True})

    assert (refused.status, refused.json()["error"]["code"], sent_unasked) == (409, "opted_out", [])
    assert sent["outcome"] == "accepted"


async def test_ten_a_minute_are_enough(platform: Platform) -> None:
    body = {"campaign": CAMPAIGN, "to": TO}
    async with taking(platform) as got:
        for _ in range(10):
            await platform.api.post("/api/campaigns/test-send", body)
        held = await platform.api.ask("POST", "/api/campaigns/test-send", body)
        platform.clock.advance(60)
        await platform.api.post("/api/campaigns/test-send", body)

    assert (held.status, held.headers["retry-after"]) == (429, "60")
    assert len(got) == 11
