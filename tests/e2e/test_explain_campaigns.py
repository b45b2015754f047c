"""Why she got a campaign, or never entered it: asked without an event, for every start."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.asked_about import GOLD, SEND, published
from tests.e2e.control_client import PROVIDER, Platform, running


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        yield started


async def explained(platform: Platform, campaign: int, who: str = "ann") -> dict[str, Any]:
    answer: dict[str, Any] = await platform.api.get(f"/api/explain?campaign={campaign}&identity={who}")
    return answer


def codes(explanation: dict[str, Any]) -> list[str]:
    return [line["code"] for line in explanation["start"]]


def verdicts(explanation: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["verdict"], one["code"]) for one in explanation["campaigns"]]


async def test_by_event_the_last_ones_stand_with_what_was_made_of_each(platform: Platform) -> None:
    start = {"event": "Cart", "where": [{"property": "Amount", "greater_than": 10}]}
    campaign = await published(platform, start=start, who=GOLD)
    await platform.track(platform.record(Phone="91230000", Name="Ann", Plan="gold"))
    never = await explained(platform, campaign)
    platform.clock.advance(60)
    await platform.track(platform.event("Cart", Amount=5))
    platform.clock.advance(60)
    await platform.track(platform.event("Cart", Amount=50))
    await platform.track(platform.record(Plan="silver"))

    now = await explained(platform, campaign)

    assert (codes(never), verdicts(never)) == (["no_event", "who_now"], [])
    assert "decided nothing for them" in never["note"]
    assert "No “Cart” of theirs has come" in never["note"]
    assert verdicts(now) == [("send", ""), ("skip", "event_conditions")]
    assert codes(now) == ["last_event", "who"]
    assert "Plan = silver" in now["start"][1]["text"]
    assert [gate["gate"] for gate in now["campaigns"][0]["trace"]][:2] == ["event_conditions", "schedule"]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, ["no_date"]),
        ({"DOB": "soon"}, ["not_a_date"]),
        ({"DOB": "1990-03-01"}, ["date", "last_moment", "missed", "not_yet"]),
    ],
)
async def test_by_date_the_day_and_its_moments_are_said(
    platform: Platform, properties: dict[str, str], expected: list[str]
) -> None:
    start = {"date": "Profile.DOB", "yearly": True, "shift": "-3 days", "at": "09:00"}
    campaign = await published(platform, start=start)
    await platform.track(platform.record(Phone="91230000", Name="Ann", **properties))

    explanation = await explained(platform, campaign)

    assert codes(explanation) == expected
    if len(expected) == 4:
        day, last, _, following = explanation["start"]
        assert "1990-03-01" in day["text"]
        assert "shifted by -3 days" in day["text"]
        assert last["at"] == "2025-02-26T01:00:00Z"  # 09:00 in Singapore, by the number
        assert following["at"] == "2026-02-26T01:00:00Z"
        assert verdicts(explanation)[0][0] == "waits"
        assert "They enter at 2026-02-26" in explanation["note"]


async def test_a_date_that_was_missed_says_so(platform: Platform) -> None:
    campaign = await published(platform, start={"date": "Profile.Trip"})
    await platform.track(platform.record(Phone="91230000", Trip="2026-01-02"))

    explanation = await explained(platform, campaign)

    assert codes(explanation) == ["date", "last_moment", "missed", "over"]
    assert verdicts(explanation) == [("skip", "missed")]
    assert explanation["note"].startswith("No message: ")


async def test_by_schedule_the_runs_say_what_they_made_of_her(platform: Platform) -> None:
    await platform.track(platform.record(Phone="91230000", Name="Ann", Plan="gold"))
    await platform.track(platform.record("bob", Phone="91230001", Name="Bob", Plan="silver"))
    start = {"rule": "FREQ=DAILY", "at": "09:00", "zone": "Asia/Singapore"}
    campaign = await published(platform, start=start, who=GOLD)
    planned = await explained(platform, campaign)
    platform.clock.advance(timedelta(days=1))
    await platform.track(platform.record("cid", Name="Cid", Plan="gold"))

    chosen, other, late = [await explained(platform, campaign, who) for who in ("ann", "bob", "cid")]

    assert codes(planned) == ["next_run", "who_now"]
    assert verdicts(chosen) == [("send", "")]
    assert codes(chosen)[0] == "run_answered"
    assert verdicts(other) == []
    assert codes(other) == ["no_run", "next_run", "who"]
    assert "“who” said no then" in other["start"][0]["text"]
    assert [line["as_of"] for line in other["start"]] == ["then", "now", "now"]
    assert verdicts(late) == []
    assert "before they were known" in late["start"][0]["text"]


async def test_by_membership_whether_she_is_one_now_is_said(platform: Platform) -> None:
    account = await platform.api.get("/api/account-settings")
    audiences = [{"name": "Gold", "rule": {"profile": "Plan", "equals": "gold"}}]
    await platform.api.put("/api/account-settings", {**account, "audiences": audiences})
    await platform.track(platform.record(Phone="91230000", Name="Ann", Plan="gold"))
    await platform.track(platform.record("bob", Phone="91230001", Plan="silver"))
    campaign = await published(platform, start={"joins": "Gold"})

    before, never = await explained(platform, campaign), await explained(platform, campaign, "bob")
    await platform.track(platform.record("bob", Plan="gold"))
    after = await explained(platform, campaign, "bob")

    assert codes(before) == ["member", "joined_before"]
    assert codes(never) == ["not_member"]
    assert "no member of “Gold” now" in never["note"]
    assert verdicts(after) == [("send", "")]


async def test_who_waits_and_who_left_is_said_first_to_last(platform: Platform) -> None:
    steps = [{"id": "pause", "wait": {"for": "1 hour"}}, *SEND]
    campaign = await published(platform, start={"event": "Cart"}, stop={"event": "Paid"}, steps=steps)
    await platform.track(platform.record(Phone="91230000", Name="Ann"), platform.event("Cart"))
    waiting = await explained(platform, campaign)
    platform.clock.advance(60)
    await platform.track(platform.event("Paid"))
    left = await explained(platform, campaign)

    assert verdicts(waiting) == [("waits", "waits")]
    assert "They wait at “pause” until" in waiting["note"]
    assert [one["campaign_id"] for one in waiting["stays"]] == [campaign]
    assert verdicts(left) == [("left", "stopped")]


async def test_a_campaign_that_does_not_run_says_so(platform: Platform) -> None:
    campaign = await published(platform, start={"event": "Cart"})
    await platform.track(platform.record(Phone="91230000", Name="Ann"))
    await platform.api.post(f"/api/campaigns/{campaign}/stop", {})

    explanation = await explained(platform, campaign)
    nobody = await explained(platform, campaign, "nobody")

    assert codes(explanation) == ["not_running", "no_event"]
    assert "It is stopped since 2026-01-31" in explanation["note"]
    assert codes(nobody) == ["not_running"]
    assert "Nobody is known by that name" in nobody["note"]


async def test_with_an_event_the_answer_is_of_this_campaign_alone(platform: Platform) -> None:
    campaign = await published(platform, start={"event": "Cart"})
    other = await published(platform, name="Other", start={"event": "Cart"})
    await platform.track(platform.record(Phone="91230000", Name="Ann"), platform.event("Cart"))

    both = await platform.api.get("/api/explain?identity=ann&event=Cart")
    one = await platform.api.get(f"/api/explain?identity=ann&event=Cart&campaign={campaign}")

    assert [each["id"] for each in both["campaigns"]] == [campaign, other]
    assert [each["id"] for each in one["campaigns"]] == [campaign]


async def test_what_cannot_be_explained_says_what_is_missing(platform: Platform) -> None:
    campaign = await published(platform, start={"event": "Cart"})

    assert "identity" in (await platform.api.ask("GET", f"/api/explain?campaign={campaign}")).fields
    assert (await platform.api.ask("GET", "/api/explain?campaign=99&identity=ann")).status == 404
