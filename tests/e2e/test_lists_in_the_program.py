"""Lists in the whole program: filled over the API and from the command line, and killed while starts follow them."""

import json
import random
import signal
import subprocess
import sys
from typing import Any

import pytest
from tests.e2e.conftest import Demo, eventually
from tests.e2e.test_kill_inside import IDLE_S, KILLS, PEOPLE, count, kill_at, publish, texts, upload_people
from tests.ports import free_ports

HI = [{"id": "hi", "send": {"text": "Hi"}}]


def make(demo: Demo, name: str, rule: dict[str, Any] | None = None) -> str:
    """Make a list, and an audience by a rule about it; return where the list is."""
    status, one = demo.ask("POST", "/api/lists", {"name": name})
    assert status == 201, one
    if rule is not None:
        settings = demo.get("/api/account-settings")
        settings["audiences"].append({"name": f"On {name}", "rule": rule})
        status, saved = demo.ask("PUT", "/api/account-settings", settings)
        assert status == 200, saved
    return f"/api/lists/{one['id']}"


def add(demo: Demo, path: str, names: list[str]) -> Any:
    status, added = demo.ask("POST", f"{path}/members", names)
    assert status == 200, added
    return added


def person(name: str, number: int) -> dict[str, Any]:
    return {"identity": name, "type": "profile", "profileData": {"Phone": f"+65{number}"}}


def seen(name: str, event: str) -> dict[str, Any]:
    return {"identity": name, "type": "event", "evtName": event, "evtData": {}}


def test_people_on_a_list_get_a_text_and_others_are_told_why_not(demo):
    path = make(demo, "Program VIPs")
    added = add(demo, path, ["list-ann", "list-new"])
    publish(
        demo,
        {"name": "For VIPs", "start": {"event": "List Seen"}, "who": {"listed": "program vips"}, "steps": HI},
    )

    demo.upload(person("list-ann", 91_555_001), person("list-bob", 91_555_002))
    demo.upload(*(seen(name, "List Seen") for name in ("list-ann", "list-bob")))

    assert (added["added"], added["unknown"]) == (2, 2)
    eventually(lambda: demo.texts("+6591555001"), what="a text for who is on the list")
    (answer,) = eventually(
        lambda: demo.get("/api/explain", identity="list-bob", event="List Seen")["campaigns"],
        what="who is not on the list is decided too",
    )
    (gate,) = [one for one in answer["trace"] if one["gate"] == "profile_conditions"]
    assert (answer["verdict"], gate["saw"], gate["wanted"]) == (
        "skip",
        "not on it",
        "in the list program vips",
    )


@pytest.mark.timeout(300)  # nine commands, one of them with 60,000 lines
def test_lists_are_made_filled_and_deleted_from_the_command_line(demo, tmp_path):
    remote = ["--url", demo.ready["platform_url"], "--token", demo.ready["api_token"]]
    lines = tmp_path / "people.csv"
    lines.write_text(
        "City,Identity\n" + "".join(f"Bonn,cli-{number:06}\n" for number in range(60_000)) + "Bonn,\n"
    )
    some = tmp_path / "some.txt"
    some.write_text("cli-000001\ncli-000002\nnobody\n")

    def lists(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tellwire", "lists", *arguments, *remote]
        return subprocess.run(command, check=check, timeout=200, capture_output=True, text=True)

    assert json.loads(lists("create", "From a file").stdout)["members"] == 0
    added = json.loads(lists("add", "from a file", str(lines)).stdout)
    removed = json.loads(lists("remove", "From a file", str(some)).stdout)
    members = lists("members", "From a file", "--limit", "1500").stdout.splitlines()
    lists("create", "Closed [/b]")
    shown = lists().stdout
    missing = lists("add", "No list", str(some), check=False)
    lists("delete", "From a file")

    assert (added["added"], added["already"], added["unknown"], added["refused"]) == (60_000, 0, 60_000, 1)
    assert added["mistakes"][0]["line"] == 60_002
    assert removed == {"removed": 2, "absent": 1, "refused": 0, "mistakes": []}
    assert [json.loads(line)["subject"]["value"] for line in members[:2]] == ["cli-000000", "cli-000003"]
    assert len(members) == 1_500
    assert "59998" in shown
    assert "Closed [/b]" in shown
    assert (missing.returncode, "There is no list" in missing.stderr) == (1, True)
    assert "From a file" not in lists().stdout


@pytest.mark.timeout(KILLS * 60 + 2 * IDLE_S)
def test_who_comes_to_a_list_enters_once_however_often_the_program_is_killed(start_demo, tmp_path):
    data, ports, chance = tmp_path / "data", tuple(free_ports(2)), random.Random("lists")
    demo = start_demo(data, ports=ports)
    path = make(demo, "Killed", {"listed": "Killed"})
    campaign = publish(demo, {"name": "Joined", "start": {"joins": "On Killed"}, "steps": HI})
    everybody = [f"p{number}" for number in range(PEOPLE)]
    add(demo, path, everybody[: PEOPLE // 3])  # who is not known yet
    upload_people(demo)
    add(demo, path, everybody[PEOPLE // 4 :])

    for _ in range(KILLS):
        kill_at(demo, campaign, chance.randrange(50, PEOPLE // 2))
        demo = start_demo(data, ports=ports)
        again = add(demo, path, everybody)
        assert (again["added"], again["already"]) == (0, PEOPLE)

    eventually(lambda: count(demo, campaign) >= PEOPLE, IDLE_S, "a message for everybody")
    status, gone = demo.ask("POST", f"{path}/members/remove", everybody)
    assert (status, gone["removed"]) == (200, PEOPLE)
    assert set(texts(demo, campaign).values()) == {1}
    assert count(demo, campaign) == PEOPLE
    demo.stop(signal.SIGKILL)
