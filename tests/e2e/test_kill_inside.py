"""kill -9 of the whole program in the middle of a broadcast, and of a batch of people who are due: sums agree."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
import yaml
from tests.e2e.conftest import Demo, eventually
from tests.ports import free_ports

from tellwire.platform.decide.share import branch_of

PEOPLE = 1_200
IDLE_S = 90.0
KILLS = 3
DAY = timedelta(days=1)


def upload_people(demo: Demo) -> None:
    for first in range(0, PEOPLE, 400):
        demo.upload(
            *(
                {
                    "identity": f"p{number}",
                    "type": "profile",
                    "profileData": {"Phone": f"+65{90_000_000 + number}", "Name": f"P{number}"},
                }
                for number in range(first, first + 400)
            )
        )


def publish(demo: Demo, campaign: dict[str, Any]) -> int:
    status, saved = demo.ask("POST", "/api/campaigns", campaign)
    assert status == 201, saved
    status, running = demo.ask("POST", f"/api/campaigns/{saved['id']}/publish")
    assert status == 200, running
    number: int = saved["id"]
    return number


def texts(demo: Demo, campaign: int) -> Counter[str]:
    """Return how many messages each person has of a campaign, as the platform knows them."""
    people: Counter[str] = Counter()
    before = ""
    while True:
        query = {"campaign_id": str(campaign), "limit": "500", **({"before": before} if before else {})}
        rows = demo.get("/api/messages", **query)["messages"]
        people.update(row["profile_id"] for row in rows)
        if len(rows) < 500:
            return people
        before = rows[-1]["id"]


def count(demo: Demo, campaign: int) -> int:
    funnel = demo.get(f"/api/campaigns/{campaign}")["funnel"]
    return sum(funnel["by_status"].values())


def kill_at(demo: Demo, campaign: int, messages: int) -> None:
    eventually(lambda: count(demo, campaign) >= messages, IDLE_S, f"{messages} messages")
    demo.stop(signal.SIGKILL)


@pytest.mark.timeout(KILLS * 60 + 2 * IDLE_S)
def test_a_broadcast_that_is_killed_again_and_again_reaches_everybody_once(start_demo, tmp_path):
    data, ports, chance = tmp_path / "data", tuple(free_ports(2)), random.Random("broadcast")
    demo = start_demo(data, ports=ports)
    upload_people(demo)
    eventually(lambda: demo.get("/api/explain", identity=f"p{PEOPLE - 1}")["profile"], IDLE_S, "all people")
    steps = [{"id": "all", "send": {"text": "Sale, {{ Profile.Name }}"}}]
    campaign = publish(demo, {"name": "Sale", "start": {"at": "now"}, "steps": steps})

    for _ in range(KILLS):
        kill_at(demo, campaign, chance.randrange(50, PEOPLE // 2))
        demo = start_demo(data, ports=ports)

    eventually(lambda: count(demo, campaign) >= PEOPLE, IDLE_S, "a message for everybody")
    (run,) = demo.get(f"/api/campaigns/{campaign}/runs")["runs"]
    assert (run["people"], run["entered"], run["messages"]) == (PEOPLE, PEOPLE, PEOPLE)
    assert (run["share"], run["refused"], run["skipped"]) == (1.0, {}, {})
    assert set(texts(demo, campaign).values()) == {1}
    assert count(demo, campaign) == PEOPLE
    demo.stop(signal.SIGKILL)


@pytest.mark.timeout(KILLS * 60 + 2 * IDLE_S)
def test_those_who_are_due_when_the_program_is_killed_go_on_once(start_demo, tmp_path):
    data, ports, chance = tmp_path / "data", tuple(free_ports(2)), random.Random("due")
    demo = start_demo(data, ports=ports)
    upload_people(demo)
    steps = [
        {"id": "pause", "wait": {"for": "2 seconds"}},
        {"id": "first", "send": {"text": "One, {{ Profile.Name }}"}},
        {"id": "again", "wait": {"for": "1 second"}},
        {"id": "second", "send": {"text": "Two"}},
    ]
    campaign = publish(demo, {"name": "Due", "start": {"event": "Seen"}, "steps": steps})
    for first in range(0, PEOPLE, 400):
        demo.upload(
            *(
                {"identity": f"p{number}", "type": "event", "evtName": "Seen", "evtData": {}}
                for number in range(first, first + 400)
            )
        )

    for _ in range(KILLS):
        kill_at(demo, campaign, chance.randrange(50, PEOPLE))
        demo = start_demo(data, ports=ports)

    eventually(lambda: count(demo, campaign) >= 2 * PEOPLE, IDLE_S, "two messages for everybody")
    inside = demo.get(f"/api/campaigns/{campaign}/inside")
    assert (inside["people"], inside["ever"], inside["left"]) == (0, PEOPLE, {"finished": PEOPLE})
    assert set(texts(demo, campaign).values()) == {2}
    demo.stop(signal.SIGKILL)


@pytest.mark.timeout(KILLS * 60 + 2 * IDLE_S)
def test_those_who_wait_for_a_winner_all_get_it_though_the_program_is_killed_when_it_is_found(
    start_demo, tmp_path
):
    data, ports, chance = tmp_path / "data", tuple(free_ports(2)), random.Random("winner")
    demo = start_demo(data, ports=ports)
    upload_people(demo)
    eventually(lambda: demo.get("/api/explain", identity=f"p{PEOPLE - 1}")["profile"], IDLE_S, "all people")
    split = [
        {"share": 5, "steps": [{"id": "a", "send": {"text": "A, {{ Profile.Name }}"}}]},
        {
            "share": 5,
            "steps": [{"id": "b", "send": {"text": f"B{' and more' * 20}, {{{{ Profile.Name }}}}"}}],
        },
        {"share": 90, "winner": {"by": "goal", "after": "10 seconds"}},
    ]
    goal = {"event": "Bought", "within": "1 day"}
    steps = [{"id": "test", "split": split}]
    campaign = publish(demo, {"name": "Test", "start": {"at": "now"}, "goal": goal, "steps": steps})
    trials = f"/api/campaigns/{campaign}/trials"
    inside = f"/api/campaigns/{campaign}/inside"
    eventually(lambda: demo.get(inside)["people"] > 0, IDLE_S, "people who wait")
    people: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for name in (f"p{number}" for number in range(PEOPLE)):
        people[branch_of(name, "Test", "test", (5, 5, 90))].append(name)
    buyer, short = people[1][0], len(people[0])
    demo.upload({"identity": buyer, "type": "event", "evtName": "Bought", "evtData": {}})

    kill_at(demo, campaign, PEOPLE // 5)
    for _ in range(KILLS - 1):
        demo = start_demo(data, ports=ports)
        kill_at(demo, campaign, chance.randrange(PEOPLE // 4, PEOPLE))
    demo = start_demo(data, ports=ports)

    eventually(lambda: count(demo, campaign) >= PEOPLE, IDLE_S, "a message for everybody")
    (trial,) = demo.get(trials)["trials"]
    assert trial["branches"] == [
        {"branch": "A", "sent": short, "reached": 0},
        {"branch": "B", "sent": len(people[1]), "reached": 1},
    ]
    assert trial["winner"] == "B"
    assert set(texts(demo, campaign).values()) == {1}
    parts = demo.get(f"/api/campaigns/{campaign}")["funnel"]["parts"]
    assert parts == short + 2 * (PEOPLE - short)
    demo.stop(signal.SIGKILL)


def test_a_file_is_planned_applied_and_replayed_from_the_command_line(demo, tmp_path):
    base = [sys.executable, "-m", "tellwire"]
    remote = ["--url", demo.ready["platform_url"], "--token", demo.ready["api_token"]]
    file = tmp_path / "welcome.yaml"
    steps = [{"id": "pause", "wait": {"for": "1 hour"}}, {"id": "hi", "send": {"text": "Hi"}}]
    campaign = {"name": "Command line", "start": {"event": "Command Line Seen"}, "steps": steps}
    file.write_text(yaml.safe_dump({"campaigns": [campaign]}))

    def tellwire(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*base, *arguments, *remote], check=check, timeout=60, capture_output=True, text=True
        )

    plan = json.loads(tellwire("plan", str(file)).stdout)
    assert (plan["people"], plan["cost"]) == (0, None)
    refused = tellwire("apply", str(file), "--fingerprint", "a.b.c", check=False)
    assert (refused.returncode, "plan again" in refused.stderr) == (1, True)
    applied = json.loads(tellwire("apply", str(file), "--fingerprint", plan["fingerprint"]).stdout)
    assert [one["what"] for one in applied["changes"]] == ["created"]

    demo.upload(
        {"identity": "cli", "type": "profile", "profileData": {"Phone": "+6591234999"}},
        {"identity": "cli", "type": "event", "evtName": "Command Line Seen", "evtData": {}},
    )
    now = datetime.now(UTC)
    period = [f"--from={(now - DAY).isoformat()}", f"--to={(now + DAY).isoformat()}"]
    lines = [
        json.loads(line)
        for line in tellwire("replay", "command line", *period, "--format", "ndjson").stdout.splitlines()
    ]
    assert [(line["identity"], line["step"], line["verdict"]) for line in lines] == [
        ("cli", "hi", "send"),
        ("cli", "hi", "exit"),
    ]
    assert "1 message to 1 person" in tellwire("replay", "Command line", *period).stdout
    table = tellwire("replay", "Command line", *period, "--format", "csv").stdout.splitlines()
    assert table[0].startswith("at,identity,campaign,step,verdict")
    whole = json.loads(tellwire("replay", "Command line", *period, "--format", "json").stdout)
    assert whole["summary"]["messages"] == 1
    nobody = tellwire("replay", "Nobody", *period, check=False)
    assert "There is no campaign" in nobody.stderr

    asked = ["walk", "command line", "--identity", "cli", "--at", "2026-06-01T09:00:00Z"]
    assert tellwire(*asked).stdout.splitlines()[1].split() == ["2026-06-01T10:00:00Z", "hi", "sends:", "Hi"]
    walk = json.loads(tellwire(*asked, "--values", '{"cart_id": 7}', "--format", "json").stdout)
    assert (walk["values"], [stop["step"] for stop in walk["stops"]]) == ({"cart_id": 7}, ["pause", "hi"])
    stranger = tellwire("walk", "Command line", "--identity", "stranger", check=False)
    assert (stranger.returncode, "Nobody has this identity" in stranger.stderr) == (1, True)


OTHERS = 150_000  # of whom a slice of the audience has a few thousand


def add_others(data: Path) -> None:
    """Let there be many people more, none of whom the broadcast is for: as copies of one, since uploads take long."""
    connection = apsw.Connection(str(data / "tellwire.db"))
    connection.execute(
        """
        WITH RECURSIVE one (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < ?1)
        INSERT INTO profile (id, phone, body) SELECT printf('c%023d', n), NULL,
          json_set(p.body, '$.id', printf('c%023d', n), '$.subjects[0][1]', printf('c%d', n), '$.properties',
            json('{"Plan":"tin"}'), '$.phone', NULL)
        FROM one CROSS JOIN (SELECT body FROM profile ORDER BY seq LIMIT 1) AS p
        """,
        (OTHERS,),
    )
    connection.close()


@pytest.mark.timeout(KILLS * 60 + 3 * IDLE_S)
def test_an_audience_that_is_killed_while_it_is_taken_down_is_whole_and_reached_once(start_demo, tmp_path):
    data, ports = tmp_path / "data", tuple(free_ports(2))
    demo = start_demo(data, ports=ports)
    upload_people(demo)
    eventually(lambda: demo.get("/api/explain", identity=f"p{PEOPLE - 1}")["profile"], IDLE_S, "all people")
    demo.stop()
    add_others(data)
    demo = start_demo(data, ports=ports)
    steps = [{"id": "all", "send": {"text": "Sale, {{ Profile.Name }}"}}]
    who = {"not": {"profile": "Plan", "equals": "tin"}}
    campaign = publish(demo, {"name": "Sale", "start": {"at": "now"}, "who": who, "steps": steps})

    seen = 0
    for _ in range(KILLS):
        seen = kill_in_next_slice(demo, campaign, seen)
        demo = start_demo(data, ports=ports)

    def is_over() -> bool:
        return bool(demo.get(f"/api/campaigns/{campaign}/runs")["runs"][0]["state"] == "complete")

    eventually(is_over, IDLE_S, "a whole run")
    (run,) = demo.get(f"/api/campaigns/{campaign}/runs")["runs"]
    assert run["people"] >= PEOPLE + OTHERS
    assert (run["qualified"], run["messages"], run["missing"], run["reasons"]) == (PEOPLE, PEOPLE, 0, [])
    assert set(texts(demo, campaign).values()) == {1}
    demo.stop(signal.SIGKILL)


def kill_in_next_slice(demo: Demo, campaign: int, seen: int) -> int:
    """Kill the program when the run has looked at more people than these, and return at how many."""

    def further() -> dict[str, Any] | None:
        runs = demo.get(f"/api/campaigns/{campaign}/runs")["runs"]
        return next((run for run in runs if run["people"] > seen or run["state"] == "complete"), None)

    run = eventually(further, IDLE_S, "a further slice")
    demo.stop(signal.SIGKILL)
    assert run is not None
    people: int = run["people"]
    return people
