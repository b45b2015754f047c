"""A split whose rest waits for the winner, through the API: who waits for what, the figures, the trace, the replay."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import PROVIDER, Platform, running

from tellwire.platform.decide.share import branch_of

NAME = "Which text"
WINNER = {"by": "replies", "after": "4 hours"}
CAMPAIGN: dict[str, Any] = {
    "name": NAME,
    "start": {"event": "Seen"},
    "steps": [
        {
            "id": "test",
            "split": [
                {"share": 30, "steps": [{"id": "short", "send": {"text": "Short"}}]},
                {"share": 30, "steps": [{"id": "long", "send": {"text": "Long"}}]},
                {"share": 40, "winner": WINNER},
            ],
        }
    ],
}


def falling(branch: int) -> str:
    names = (f"p{number}" for number in range(100))
    return next(name for name in names if branch_of(name, NAME, "test", (30, 30, 40)) == branch)


A, B, REST = map(falling, range(3))


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        for number, who in enumerate((A, B, REST)):
            await started.track(started.record(who, Phone=f"9123000{number}"))
        yield started


async def test_the_winner_is_awaited_shown_and_explained(platform: Platform) -> None:
    saved = await platform.api.post("/api/campaigns", CAMPAIGN)
    path = f"/api/campaigns/{saved['id']}"
    assert saved["steps"] == CAMPAIGN["steps"]
    await platform.api.post(f"{path}/publish", {})
    began = platform.clock.now()
    came = [platform.event("Seen", who) for who in (A, B, REST)]
    await platform.track(*came)

    waits = await platform.api.get(f"/api/explain?event={came[2].id}")
    assert "They wait for the winner of “test” until" in waits["note"]
    assert (await platform.api.get(f"{path}/inside"))["steps"] == [
        {"version": 1, "step": "test", "people": 1}
    ]
    (open_trial,) = (await platform.api.get(f"{path}/trials"))["trials"]
    assert open_trial["winner"] is None

    answered = platform.event("Notification Replied", B, **{"Message ID": f"{came[1].id}-{saved['id']}.1"})
    await platform.track(answered)
    platform.clock.advance(timedelta(hours=5))
    await platform.track()

    (trial,) = (await platform.api.get(f"{path}/trials"))["trials"]
    assert (trial["by"], trial["winner"]) == ("replies", "B")
    assert trial["branches"] == [
        {"branch": "A", "sent": 1, "reached": 0},
        {"branch": "B", "sent": 1, "reached": 1},
    ]
    assert trial["due_at"].startswith(f"{began + timedelta(hours=4):%Y-%m-%dT%H:%M}")
    went = await platform.api.get(f"/api/explain?event={came[2].id}")
    sent = next(one for one in went["campaigns"] if one["verdict"] == "send")
    assert sent["step"] == "long"
    (gate,) = [one for one in sent["trace"] if one["gate"] == "winner"]
    assert (gate["saw"].startswith("waited until "), gate["saw"].endswith(", and B won")) == (True, True)

    period = f"from={began:%Y-%m-%dT%H:%M:%SZ}&to={platform.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    replayed = await platform.api.ask("POST", f"{path}/replay?{period}")
    lines = [json.loads(line) for line in replayed.body.splitlines()]
    assert [one["step"] for one in lines if one.get("identity") == REST] == ["long", "long"]


async def test_a_test_by_goal_needs_one(platform: Platform) -> None:
    steps = json.loads(json.dumps(CAMPAIGN["steps"]))
    steps[0]["split"][2]["winner"]["by"] = "goal"
    saved = await platform.api.post("/api/campaigns", {**CAMPAIGN, "steps": steps})

    refused = await platform.api.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})

    assert (refused.status, list(refused.fields)) == (422, ["steps[0].split[2].winner.by"])


async def test_there_is_no_trial_of_a_campaign_that_is_none(platform: Platform) -> None:
    assert (await platform.api.ask("GET", "/api/campaigns/99/trials")).status == 404
