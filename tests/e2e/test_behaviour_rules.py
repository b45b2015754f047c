"""Rules about behaviour through the API: published, refused, explained, walked, replayed, and joined."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.e2e.asked_about import SEND, published
from tests.e2e.control_client import PROVIDER, Platform, running

TWICE: dict[str, Any] = {"did": "Charged", "at_least": 2, "within": "30 days"}
LAPSED: dict[str, Any] = {"all": [{"did": "Charged"}, {"not": {"did": "Charged", "within": "3 days"}}]}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        yield started


async def known(platform: Platform) -> None:
    await platform.track(platform.record(Phone="91230000", Name="Ann", Plan="gold"))


async def test_the_rule_of_the_issue_is_saved_answered_and_kept(platform: Platform) -> None:
    rule = {
        "all": [
            {"profile": "Plan", "equals": "gold"},
            {**TWICE, "where": [{"property": "Amount", "greater_than": 10}]},
            {"not": {"did": "Refunded"}},
        ]
    }
    await known(platform)
    number = await published(platform, start={"event": "Seen"}, who=rule)
    saved = await platform.api.get(f"/api/campaigns/{number}")
    await platform.track(platform.event("Charged", Amount=11), platform.event("Seen"))
    await platform.track(platform.event("Charged", Amount=12), platform.event("Charged", Amount=9))
    await platform.track(platform.event("Seen"))
    await platform.track(platform.event("Refunded"), platform.event("Seen"))

    assert saved["who"] == rule
    explained = await platform.api.get(f"/api/explain?campaign={number}&identity=ann")
    assert [one["verdict"] for one in explained["campaigns"]] == ["skip", "send", "skip"]
    gates = [
        gate
        for one in explained["campaigns"]
        for gate in one["trace"]
        if gate["gate"] == "profile_conditions"
    ]
    assert [gate["has_passed"] for gate in gates] == [False, True, False]
    assert "did Charged at least 2 times, within 30 days, Amount greater" in str(gates[2]["wanted"])
    assert gates[2]["saw"] == "1"
    assert (gates[0]["wanted"], gates[0]["saw"]) == ("not did Refunded", "1")


async def test_who_of_a_campaign_says_what_is_counted_now(platform: Platform) -> None:
    await known(platform)
    number = await published(platform, start={"event": "Seen"}, who=TWICE)
    await platform.track(platform.event("Charged"))

    explained = await platform.api.get(f"/api/explain?campaign={number}&identity=ann")

    line = next(one for one in explained["start"] if one["code"] == "who")
    assert "Seen: 1. Wanted: did Charged at least 2 times, within 30 days." in line["text"]


async def test_why_somebody_is_no_member_says_what_was_counted(platform: Platform) -> None:
    await known(platform)
    await _audience(platform, TWICE)
    number = await published(platform, start={"joins": "Best"})
    await platform.track(platform.event("Charged"))

    explained = await platform.api.get(f"/api/explain?campaign={number}&identity=ann")

    line = next(one for one in explained["start"] if one["code"] == "not_member")
    assert "Wanted: did Charged at least 2 times, within 30 days. Seen: 1." in line["text"]


async def test_what_cannot_be_asked_is_refused_where_it_stands(platform: Platform) -> None:
    bad = {"did": "Charged", "where": [{"property": "Amount", "greater_than": "much"}], "since": "entering"}

    checked = await platform.api.post(
        "/api/campaigns/check", {"name": "x", "start": {"event": "Seen"}, "who": bad, "steps": SEND}
    )

    assert set(checked["problems"]) == {"who.where[0].greater_than", "who.since"}
    assert "who.did" in checked["warnings"]


async def test_a_walk_and_a_replay_know_what_was_done_before(platform: Platform) -> None:
    await known(platform)
    await platform.track(platform.event("Charged"))
    platform.clock.advance(3600)
    since = platform.clock.now()
    await platform.track(platform.event("Charged"), platform.event("Seen"))
    draft = {"name": "Draft", "start": {"event": "Seen"}, "who": TWICE, "steps": SEND}
    saved = await platform.api.post("/api/campaigns", draft)

    walk = await platform.api.post(f"/api/campaigns/{saved['id']}/walk", {"identity": "ann"})

    assert (walk["refused"], walk["stops"][0]["verdict"]) == (None, "send")
    path = f"/api/campaigns/{saved['id']}/replay?from={_written(since)}&to={_written(since + timedelta(hours=1))}"
    answer = await platform.api.ask("POST", path)
    assert msgspec.json.decode(answer.body.splitlines()[-1])["summary"]["messages"] == 1


async def test_an_audience_that_moves_with_time_from_now_on_is_followed(platform: Platform) -> None:
    await known(platform)
    await _audience(platform, {"did": "Charged", "at_least": 99})
    number = await published(platform, start={"joins": "Best"})
    await platform.track(platform.event("Charged"))

    await _audience(platform, LAPSED)
    await platform.track()
    platform.clock.advance(3 * 24 * 3600 + 1)
    await platform.track()

    explained = await platform.api.get(f"/api/explain?campaign={number}&identity=ann")
    assert [one["verdict"] for one in explained["campaigns"]] == ["send"]


def _written(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


async def _audience(platform: Platform, rule: dict[str, Any]) -> None:
    page = await platform.api.get("/api/account-settings")
    form = {
        "account": page["account"],
        "audiences": [{"name": "Best", "rule": rule}],
        "version": page["version"],
    }
    await platform.api.put("/api/account-settings", form)
