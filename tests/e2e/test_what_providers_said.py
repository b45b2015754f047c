"""What a provider said to an attempt, wherever an error stands: message, explain, list of providers, test message."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import CAMPAIGN, PROVIDER, Platform, listening, running

from tellwire.kernel.failure import Accepted, Outcome, Refused
from tellwire.platform.deliver.outcome import settlement_of
from tellwire.platform.model.event import Subject
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RefusedCallback, RefusedRecord
from tellwire.platform.senders.provider_words import worded

SPENT = '{"code":1300,"message":"Insufficient balance"}'
LEASE = timedelta(minutes=1)


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        yield started


async def sent(platform: Platform, outcome: Outcome) -> str:
    """Let an event make a message whose handing over ends so, and return the message's id."""
    provider = await platform.api.post("/api/providers", PROVIDER)
    campaign = await platform.api.post("/api/campaigns", CAMPAIGN)
    await platform.api.post(f"/api/campaigns/{campaign['id']}/publish", {})
    happened = platform.event("Order Placed", Amount=20, Item="shoes")
    await platform.track(platform.record(Phone="91230000"), happened)
    now = platform.clock.now()
    (claimed,) = (await platform.backend.messages.claim({ProviderId(provider["id"]): 1}, now, LEASE)).taken
    await platform.backend.messages.settle([settlement_of(claimed, outcome, now, 0.5)], now)
    return str(claimed.message.id)


async def test_a_spent_balance_is_told_in_the_providers_words_and_not_as_a_wrong_key(
    platform: Platform,
) -> None:
    refused = worded(Refused("the provider answered 401", "401"), SPENT)
    message_id = await sent(platform, refused)

    page = await platform.api.get(f"/api/messages/{message_id}")
    explained = await platform.api.get("/api/explain?identity=ann&event=order%20placed")
    (traffic,) = (await platform.api.get("/api/providers/traffic"))["traffic"]

    step, outcome, trouble = page["timeline"][-1], explained["campaigns"][0]["outcome"], traffic["trouble"]
    for shown in (step, outcome, trouble):
        assert shown["answer"] == SPENT
        assert "no credit" in shown["advice"]
    said = "the provider answered 401: Insufficient balance (1300)"
    assert (page["row"]["description"], outcome["description"], trouble["reason"]) == (said, said, said)
    assert explained["note"].startswith(f"A message was made, and it failed (rejected: {said})")


async def test_a_no_with_a_status_of_success_is_shown_with_the_attempt(platform: Platform) -> None:
    message_id = await sent(platform, worded(Accepted(), '{"result":"no"}'))

    page = await platform.api.get(f"/api/messages/{message_id}")
    explained = await platform.api.get("/api/explain?identity=ann&event=order%20placed")

    assert page["timeline"][-1]["answer"] == '{"result":"no"}'
    assert page["timeline"][-1]["advice"] == ""
    assert explained["campaigns"][0]["outcome"]["answer"] == '{"result":"no"}'
    assert explained["note"] == "It was sent; the message is sent."


@pytest.mark.parametrize(
    ("status", "body", "outcome", "summary", "advice"),
    [
        (
            401,
            b'{"message":"Invalid API key"}',
            "deferred",
            "denied access",
            "credentials",
        ),
        (401, SPENT.encode(), "deferred", "denied access", "no credit"),
        (403, b"", "deferred", "denied access", "may not do this"),
        (402, b"", "deferred", "wants to be paid", "no credit"),
        (429, b"", "deferred", "try later", "asked too much"),
        (503, b"", "unresolved", "answered with an error", "takes nothing for now"),
        (400, SPENT.encode(), "refused", "Refused by the provider", "no credit"),
        (500, b"", "unresolved", "answered with an error", "its side"),
        (200, b'{"result":"no"}', "accepted", "Accepted", ""),
    ],
)
async def test_a_test_message_says_what_the_answer_means_and_what_to_do(
    platform: Platform, status: int, body: bytes, outcome: str, summary: str, advice: str
) -> None:
    head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    async with listening(head + body) as (port, _):
        draft = {**PROVIDER, "endpoint": f"http://127.0.0.1:{port}/send"}
        result: dict[str, Any] = await platform.api.post(
            "/api/providers/test", {"provider": draft, "to": "+6591230000", "text": "x"}
        )

    assert result["outcome"] == outcome
    assert summary in result["summary"]
    assert advice in result["advice"]
    assert result["answer"]["body"].encode() == body


async def test_a_refused_record_is_told_where_somebody_looks_for_it(platform: Platform) -> None:
    now = platform.clock.now()
    refused = RefusedRecord(
        at=now,
        subject=Subject("identity", "ann"),
        kind="profile",
        code=516,
        error="Phone number is not valid.",
    )
    await platform.backend.refusals.note_records([refused])

    unknown = await platform.api.get("/api/explain?identity=ann&event=Paid")
    await platform.track(platform.record(Name="Ann"))
    known = await platform.api.get("/api/explain?identity=ann")
    other = await platform.api.get("/api/explain?identity=ben")
    (listed,) = (await platform.api.get("/api/refused-records"))["records"]

    for told in (unknown, known):
        assert told["refused"] == [listed]
        assert told["note"].endswith(
            "A profile record of theirs was refused at 2026-01-31 08:00:00 UTC: Phone number is not valid."
        )
    assert other["refused"] == []
    assert listed["subject"] == {"kind": "identity", "value": "ann"}


async def test_a_refused_callback_is_told_at_its_provider(platform: Platform) -> None:
    saved = await platform.api.post("/api/providers", PROVIDER)
    trace = RefusedCallback(
        provider_id=saved["id"],
        at=platform.clock.now(),
        status=400,
        reason="2 of 3 items lack: meta.",
        items=2,
    )
    await platform.backend.refusals.note_callback(trace)

    (listed,) = (await platform.api.get(f"/api/providers/{saved['id']}/refused-callbacks"))["callbacks"]

    assert (listed["status"], listed["reason"], listed["items"]) == (400, "2 of 3 items lack: meta.", 2)


async def test_a_campaign_that_fails_for_everybody_says_so_beside_its_state(platform: Platform) -> None:
    provider = await platform.api.post("/api/providers", PROVIDER)
    campaign = await platform.api.post("/api/campaigns", CAMPAIGN)
    await platform.api.post(f"/api/campaigns/{campaign['id']}/publish", {})
    for number in range(3):
        happened = platform.event("Order Placed", f"who {number}", Amount=20, Item="shoes")
        await platform.track(platform.record(f"who {number}", Phone=f"9123000{number}"), happened)
    now = platform.clock.now()
    claimed = (await platform.backend.messages.claim({ProviderId(provider["id"]): 9}, now, LEASE)).taken
    refused = worded(Refused("the provider answered 400", "400"), SPENT)
    await platform.backend.messages.settle([settlement_of(one, refused, now, 0.5) for one in claimed], now)

    (listed,) = (await platform.api.get("/api/campaigns"))["campaigns"]
    page = await platform.api.get(f"/api/campaigns/{campaign['id']}")

    assert listed["state"] == page["state"] == "running"
    assert listed["facts"] == page["facts"]
    (fact,) = page["facts"]
    assert (fact["code"], fact["text"]) == ("failing", "All of the last 3 messages with an end failed.")
    assert "Insufficient balance" in fact["advice"]
    assert page["delivery"] == {"delivered": 0, "ended": 3, "share": 0.0, "has_receipts": True}
