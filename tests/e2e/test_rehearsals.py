"""Replays over what came, simulations by the API, and plans that are applied only while they hold."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from tests.e2e.control_client import PROVIDER, START, Platform, running

from tellwire.remote import RemoteProblem
from tellwire.replaying import Form, write_replay

HELLO = {
    "name": "Hello",
    "start": {"event": "Seen"},
    "limits": {"per_person": ["1 per 1 hour"]},
    "steps": [
        {"id": "hi", "send": {"text": "Hi {{ Profile.Name }}"}},
        {"id": "pause", "wait": {"for": "30 minutes", "or": [{"event": "Charged"}]}},
        {"id": "bye", "send": {"text": "Bye"}},
    ],
}
HOUR = timedelta(hours=1)


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        for number, who in enumerate(("ann", "bob")):
            await started.track(started.record(who, Phone=f"9123000{number}", Name=who.title()))
        yield started


async def replayed(platform: Platform, path: str, **changed: str) -> list[dict[str, Any]]:
    period = {"from": START.isoformat(), "to": (START + 12 * HOUR).isoformat(), **changed}
    query = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in period.items())
    answer = await platform.api.ask("POST", f"{path}/replay?{query}")
    assert answer.status == 200, answer.body
    return [msgspec.json.decode(line) for line in answer.body.splitlines()]


async def test_a_draft_is_replayed_over_the_events_that_came(platform: Platform) -> None:
    draft = await platform.api.post("/api/campaigns", HELLO)
    path = f"/api/campaigns/{draft['id']}"
    for step in (platform.event("Seen"), platform.event("Seen", "bob"), platform.event("Other")):
        await platform.track(step)
    platform.clock.advance(timedelta(minutes=10))
    await platform.track(platform.event("Charged", "bob"))
    platform.clock.advance(HOUR)
    await platform.track(platform.event("Seen"))

    *lines, last = await replayed(platform, path)

    brief = [
        (line["identity"], line["step"], line["verdict"], line["code"] or line["text"]) for line in lines
    ]
    assert brief == [
        ("ann", "hi", "send", "Hi Ann"),
        ("bob", "hi", "send", "Hi Bob"),
        ("bob", "pause", "exit", "answered"),
        ("ann", "bye", "skip", "person_cap"),
        ("ann", "bye", "exit", "finished"),
        ("ann", "hi", "send", "Hi Ann"),
        ("ann", "bye", "skip", "person_cap"),
        ("ann", "bye", "exit", "finished"),
    ]
    summary = last["summary"]
    assert (summary["events"], summary["people"], summary["messages"], summary["parts"]) == (5, 2, 3, 3)
    assert (summary["skips"], summary["cost"]) == ({"person_cap": 2}, None)
    assert (await platform.api.get("/api/messages"))["messages"] == []
    assert (await platform.api.get(path))["state"] == "draft"
    shorter = await replayed(platform, path, **{"from": (START + HOUR).isoformat(), "progress": "true"})
    assert [line.get("verdict") for line in shorter][-4:] == ["send", "skip", "exit", None] or any(
        "progress" in line for line in shorter
    )
    for wrong in ({"from": (START + 13 * HOUR).isoformat()}, {"to": "2090-01-01T00:00:00Z"}):
        period = {"from": START.isoformat(), "to": (START + HOUR).isoformat(), **wrong}
        query = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in period.items())
        assert (await platform.api.ask("POST", f"{path}/replay?{query}")).status == 422


async def test_a_broadcast_is_replayed_over_everybody(platform: Platform) -> None:
    moment = (START + HOUR).isoformat()
    start = {"at": moment}
    draft = await platform.api.post(
        "/api/campaigns", {"name": "All", "start": start, "steps": [{"send": {"text": "Hi"}}]}
    )

    *lines, last = await replayed(platform, f"/api/campaigns/{draft['id']}")

    assert [(line["identity"], line["verdict"]) for line in lines] == [("ann", "send"), ("bob", "send")]
    assert last["summary"]["people"] == 2


async def test_a_campaign_by_date_is_replayed_over_those_who_were_there_before(platform: Platform) -> None:
    tomorrow = START.replace(hour=0, minute=0) + timedelta(days=1)
    await platform.track(platform.record("cy", Phone="91230007", DOB=f"$D_{int(tomorrow.timestamp())}"))
    start = {"date": "Profile.DOB", "at": "10:00"}
    draft = await platform.api.post(
        "/api/campaigns", {"name": "Birthday", "start": start, "steps": [{"send": {"text": "Hi"}}]}
    )

    *lines, _ = await replayed(platform, f"/api/campaigns/{draft['id']}", to=(START + 48 * HOUR).isoformat())

    assert [(line["identity"], line["verdict"], line["text"]) for line in lines] == [("cy", "send", "Hi")]


async def test_files_are_simulated_by_the_api_too(platform: Platform) -> None:
    files = [yaml.safe_dump({"campaigns": [HELLO]})]
    ts = int(START.timestamp())
    records = [
        {
            "identity": "ann",
            "ts": ts,
            "type": "profile",
            "profileData": {"Phone": "+6591230000", "Name": "Ann"},
        },
        {"identity": "ann", "ts": ts, "type": "event", "evtName": "Seen", "evtData": {}},
        {"ts": ts, "type": "event", "evtName": "Seen"},
    ]
    events = "\n".join(msgspec.json.encode(record).decode() for record in records)
    until = (START + 2 * HOUR).isoformat()

    told = await platform.api.post("/api/simulate", {"files": files, "events": events, "until": until})

    assert [(line["step"], line["verdict"]) for line in told["lines"]] == [
        ("hi", "send"),
        ("bye", "skip"),
        ("bye", "exit"),
    ]
    assert [one["line"] for one in told["refused"]] == [3]
    bad = await platform.api.ask("POST", "/api/simulate", {"files": ["a: ["], "events": "", "until": until})
    assert (bad.status, bad.json()["error"]["code"]) == (422, "bad_document")
    story = await platform.api.ask("POST", "/api/simulate", {"files": files, "events": "x", "until": until})
    assert (story.status, list(story.fields)) == (422, ["events"])


async def test_a_plan_says_what_would_go_out_and_is_applied_only_while_it_holds(platform: Platform) -> None:
    await platform.track(platform.event("Seen"), platform.event("Seen", "bob"))
    platform.clock.advance(2 * HOUR)
    text = yaml.safe_dump({"campaigns": [HELLO]}).encode()

    plan = (await platform.api.ask("POST", "/api/plan", text)).json()
    assert (plan["people"], plan["messages"], plan["parts"], plan["cost"]) == (2, 2, 2, None)
    assert [one["name"] for one in plan["changes"]] == ["Hello"]
    print_ = plan["fingerprint"]

    other = await platform.api.ask("POST", f"/api/apply?fingerprint={print_}", text + b"\n")
    assert (other.status, other.json()["error"]["code"]) == (409, "plan_changed")
    assert "the file changed" in other.json()["error"]["message"]
    known = await platform.api.get("/api/account-settings")
    await platform.api.put("/api/account-settings", {**known, "account": {"holdout": 5}})
    stale = await platform.api.ask("POST", f"/api/apply?fingerprint={print_}", text)
    assert "the account's settings changed" in stale.json()["error"]["message"]
    assert (await platform.api.ask("POST", "/api/apply?fingerprint=x", text)).status == 409
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []

    again = (await platform.api.ask("POST", "/api/plan", text)).json()
    applied = await platform.api.ask("POST", f"/api/apply?fingerprint={again['fingerprint']}", text)
    assert applied.status == 200
    (campaign,) = (await platform.api.get("/api/campaigns"))["campaigns"]
    assert (campaign["name"], campaign["state"]) == ("Hello", "running")
    wrong = yaml.safe_dump({"campaigns": [{**HELLO, "steps": [{"send": {"text": "{{"}}]}]}).encode()
    assert (await platform.api.ask("POST", "/api/plan", wrong)).status == 422


async def test_a_plan_counts_nobody_for_a_broadcast_that_was_made_already(platform: Platform) -> None:
    def written(text: str) -> bytes:
        steps = [{"id": "hi", "send": {"text": text}}]
        return yaml.safe_dump(
            {"campaigns": [{"name": "News", "start": {"at": "now"}, "steps": steps}]}
        ).encode()

    first = (await platform.api.ask("POST", "/api/plan", written("Hi"))).json()
    path = f"/api/apply?fingerprint={first['fingerprint']}"
    assert (await platform.api.ask("POST", path, written("Hi"))).status == 200
    platform.clock.advance(HOUR)

    again = (await platform.api.ask("POST", "/api/plan", written("Hello"))).json()

    assert [(one["name"], one["people"]) for one in first["campaigns"]] == [("News", 2)]
    assert [(one["name"], one["people"]) for one in again["campaigns"]] == [("News", 0)]
    assert (again["people"], again["messages"], again["parts"]) == (0, 0, 0)


async def test_a_plan_that_two_apply_at_once_is_carried_out_once(platform: Platform) -> None:
    text = yaml.safe_dump({"campaigns": [HELLO]}).encode()
    plan = (await platform.api.ask("POST", "/api/plan", text)).json()
    path = f"/api/apply?fingerprint={plan['fingerprint']}"

    answers = await asyncio.gather(*(platform.api.ask("POST", path, text) for _ in range(2)))

    assert [answer.status for answer in answers] == [200, 200]
    assert sorted(len(answer.json()["changes"]) for answer in answers) == [0, 1]
    assert len((await platform.api.get("/api/campaigns"))["campaigns"]) == 1


@pytest.mark.parametrize("form", ["ndjson", "json", "csv", "text"])
def test_a_replay_that_comes_to_no_summary_is_no_success(form: Form) -> None:
    with pytest.raises(RemoteProblem, match="broke off"):
        write_replay(iter([{"progress": 0.5}]), form)


ENDLESS = {
    "name": "Endless",
    "start": {"event": "Seen"},
    "steps": [
        {
            "id": "round",
            "repeat": {
                "times": 1000,
                "every": "1 second",
                "steps": [
                    {
                        "id": "in",
                        "repeat": {
                            "times": 1000,
                            "every": "1 second",
                            "steps": [{"id": "rest", "wait": {"for": "1 second"}}],
                        },
                    }
                ],
            },
        }
    ],
}


async def test_a_replay_in_which_people_go_on_without_end_is_cut_and_says_so(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellwire.platform.rehearse.replay.TURNS", 300)
    await platform.track(platform.event("Seen"))
    draft = await platform.api.post("/api/campaigns", ENDLESS)

    *_, last = await replayed(platform, f"/api/campaigns/{draft['id']}")
    *_, short = await replayed(
        platform, f"/api/campaigns/{draft['id']}", to=(START + timedelta(minutes=3)).isoformat()
    )

    assert (last["summary"]["events"], last["summary"]["is_cut"], short["summary"]["is_cut"]) == (
        1,
        True,
        False,
    )


async def test_a_simulation_in_which_people_go_on_without_end_is_refused(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellwire.platform.control.replaying.TURNS", 300)
    seen = {"identity": "ann", "type": "event", "evtName": "Seen", "ts": int(START.timestamp())}
    story = {
        "files": [json.dumps({"campaigns": [ENDLESS]})],
        "events": json.dumps(seen),
        "until": (START + 24 * HOUR).isoformat(),
    }

    answer = await platform.api.ask("POST", "/api/simulate", story)

    assert (answer.status, list(answer.fields)) == (422, ["until"])


async def test_a_campaign_that_is_not_saved_is_replayed_to_its_sum(platform: Platform) -> None:
    await platform.track(platform.event("Seen"))
    await platform.track(platform.event("Other"))
    period = f"from={START.isoformat()}&to={(START + HOUR).isoformat()}".replace("+", "%2B")

    answer = await platform.api.ask("POST", f"/api/campaigns/replay?{period}", HELLO)

    *lines, last = [msgspec.json.decode(line) for line in answer.body.splitlines()]
    assert {key for line in lines for key in line} == {"progress"}
    assert (last["summary"]["events"], last["summary"]["messages"]) == (2, 1)
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []
    unreadable = await platform.api.ask("POST", f"/api/campaigns/replay?{period}", {**HELLO, "key": "x"})
    assert (unreadable.status, list(unreadable.fields)) == (422, ["key"])
