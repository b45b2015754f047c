"""“Why so few?”: what kept people from a campaign's message, counted by reason, with some of the people."""

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


async def why(platform: Platform, campaign: int, query: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = await platform.api.get(f"/api/campaigns/{campaign}/why?{query}")
    return answer


def counted(answer: dict[str, Any]) -> dict[tuple[str, str], tuple[int, list[str]]]:
    return {
        (one["stage"], one["code"]): (one["times"], [who["value"] for who in one["sample"]])
        for one in answer["reasons"]
    }


async def test_reasons_are_counted_with_the_people(platform: Platform) -> None:
    campaign = await published(platform, start={"event": "Cart"}, who=GOLD)
    people = [(f"p{n}", {"Phone": f"9123000{n}", "Plan": "gold" if n < 4 else "tin"}) for n in range(8)]
    for who, properties in people:
        await platform.track(platform.record(who, **properties))
    await platform.track(platform.record("p1", **{"MSG-sms": False}), platform.record("p2", Phone=None))
    for who, _ in people:
        await platform.track(platform.event("Cart", who))

    answer = await why(platform, campaign)

    assert (answer["decided"], answer["sent"], answer["reached"]) == (8, 2, None)
    assert counted(answer) == {
        ("start", "profile_conditions"): (4, ["p7", "p6", "p5", "p4"]),
        ("gate", "no_consent"): (1, ["p1"]),
        ("gate", "no_phone"): (1, ["p2"]),
    }
    first = answer["reasons"][0]
    assert (first["gate"], "Plan" in first["example"]) == ("profile_conditions", True)
    assert "“Cart” that do not meet" in answer["note"]


async def test_a_period_bounds_what_is_counted(platform: Platform) -> None:
    campaign = await published(platform, start={"event": "Cart"}, who=GOLD)
    for who in ("ann", "bob", "cid"):
        platform.clock.advance(timedelta(hours=1))
        await platform.track(platform.event("Cart", who))

    middle = await why(platform, campaign, "from=2026-01-31T10:00:00Z&to=2026-01-31T11:00:00Z")
    refused = await platform.api.ask("GET", f"/api/campaigns/{campaign}/why?from=2026-02-01&to=2026-01-01")

    assert counted(middle) == {("start", "profile_conditions"): (1, ["bob"])}
    assert "to" in refused.fields
    assert (await platform.api.ask("GET", "/api/campaigns/99/why")).status == 404


async def test_those_whom_a_run_is_not_for_and_those_who_left_are_counted(platform: Platform) -> None:
    for n in range(5):
        await platform.track(platform.record(f"p{n}", Phone=f"9123000{n}", Plan="gold" if n else "tin"))
    runs = await published(platform, name="Runs", start={"at": "now"}, who=GOLD)
    steps = [{"id": "pause", "wait": {"for": "1 hour"}}, *SEND]
    journey = await published(platform, start={"event": "Cart"}, stop={"event": "Paid"}, steps=steps)
    platform.clock.advance(1)
    await platform.track(platform.event("Cart", "p1"), platform.event("Paid", "p1"))

    by_runs, left = await why(platform, runs), await why(platform, journey)

    assert (by_runs["decided"], by_runs["sent"], by_runs["note"]) == (5, 4, "")
    assert counted(by_runs) == {("start", "profile_conditions"): (1, [])}
    assert counted(left) == {("left", "stopped"): (1, ["p1"])}
