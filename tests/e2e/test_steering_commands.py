"""`tellwire campaigns`, `pause`, `resume`, `stop`, `inside`, `people`, `runs` against a running platform."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.e2e.conftest import eventually
from tests.e2e.test_command_line import tellwire

AT = f"{datetime.now(UTC) + timedelta(hours=12):%H}:00"  # no run falls due while this is tested
STEPS = [{"id": "pause", "wait": {"for": "1 hour"}}, {"id": "remind", "send": {"text": "Hi [you]"}}]


@pytest.fixture(scope="module")
def platform(start_demo):
    demo = start_demo(sample=False)
    body = {"name": "Cart reminder [1]", "start": {"event": "Cart"}, "steps": STEPS}
    _, saved = demo.ask("POST", "/api/campaigns", body)
    assert demo.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})[0] == 200
    for name in ("Daily", "Short lived [2]"):
        form = {"name": name, "start": {"rule": "FREQ=DAILY", "at": AT}, "steps": STEPS[1:]}
        _, daily = demo.ask("POST", "/api/campaigns", form)
        assert demo.ask("POST", f"/api/campaigns/{daily['id']}/publish", {})[0] == 200
    demo.upload({"identity": "ann", "type": "event", "evtName": "Cart", "evtData": {}})
    path = f"/api/campaigns/{saved['id']}/inside"
    eventually(lambda: demo.get(path)["people"] == 1, what="ann is inside")
    return demo, saved["id"]


def run(platform, *arguments, check=True):
    demo, _ = platform
    place = {"TELLWIRE_URL": demo.ready["platform_url"], "TELLWIRE_API_TOKEN": demo.ready["api_token"]}
    return tellwire(*arguments, check=check, COLUMNS="160", **place)


def test_the_list_has_state_start_and_figures(platform):
    _, number = platform
    lines = run(platform, "campaigns").stdout.splitlines()
    listed = json.loads(run(platform, "campaigns", "--json").stdout)["campaigns"]

    assert lines[0].split() == ["id", "name", "state", "start", "inside", "sent", "delivered"]
    (row,) = (line for line in lines if "Cart reminder" in line)
    assert row.split() == [str(number), "Cart", "reminder", "[1]", "running", "Cart", "1", "0", "0"]
    (daily,) = (line for line in lines if "Daily" in line)
    assert daily.split()[2] == "scheduled"
    assert {one["name"] for one in listed} == {
        "Cart reminder [1]",
        "Daily",
        "Short lived [2]",
        "Order thanks",
    }


def test_who_is_inside_and_where(platform):
    where = run(platform, "inside", "cart reminder [1]").stdout
    who = run(platform, "people", "Cart reminder [1]", "--step", "pause").stdout.splitlines()
    nobody = json.loads(run(platform, "people", platform[1], "--step", "remind", "--json").stdout)

    assert "1 inside now, 1 ever." in where
    assert ["pause", "1", "1"] in [line.split() for line in where.splitlines()]
    assert who[1].split()[:2] == ["ann", "pause"]
    assert nobody == {"people": []}


def test_runs_that_are_planned_stand_there(platform):
    lines = run(platform, "runs", "Daily").stdout.splitlines()

    assert len(lines) == 2
    assert f"T{AT}:00Z" in lines[1]


def test_a_campaign_is_held_let_go_and_stopped_by_name_or_number(platform):
    campaigns = platform[0].get("/api/campaigns")["campaigns"]
    (number,) = (one["id"] for one in campaigns if one["name"] == "Short lived [2]")

    assert run(platform, "pause", number).stdout == f"Short lived [2] ({number}) is paused.\n"
    assert json.loads(run(platform, "resume", "Short lived [2]", "--json").stdout)["state"] == "running"
    assert "is stopped" in run(platform, "stop", "Short lived [2]").stdout


def test_the_accounts_switch_holds_all_sending(platform):
    demo, _ = platform

    assert run(platform, "pause", "--all").stdout == "All sending is paused.\n"
    assert demo.get("/api/account-settings")["is_paused"] is True
    assert json.loads(run(platform, "resume", "--all", "--json").stdout)["is_paused"] is False


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("pause", "Cart remindr [1]"),
            "There is no campaign “Cart remindr [1]”: did you mean “Cart reminder [1]”?",
        ),
        (("inside", "999"), "There is no campaign “999”."),
        (("pause",), "Name the campaign, or write `tellwire pause --all`: one of the two."),
        (("resume", "Daily", "--all"), "one of the two"),
        (("resume", "Order thanks", "--url", "http://127.0.0.1:9"), "does not answer"),
        (("resume", "--all", "--overdue", "skip"), "name it, without --all"),
        (("resume", "Daily", "--overdue", "spread"), "over"),
        (("people", "Daily", "--limit", "900"), "The request is not what this endpoint takes."),
    ],
)
def test_what_cannot_be_done_says_what_to_do(platform, arguments, says):
    done = run(platform, *arguments, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr


def test_a_campaign_is_explained_for_a_person_without_an_event(platform):
    waiting = run(platform, "explain", "--campaign", "Cart reminder [1]", "--identity", "ann").stdout
    never = run(platform, "explain", "--campaign", platform[1], "--identity", "nobody").stdout
    neither = run(platform, "explain", "--identity", "ann", check=False)

    assert "then: Their last “Cart” came at" in waiting
    assert "Inside now:\n  Cart reminder [1]" in waiting
    assert "They wait at “pause” until" in waiting
    assert "Nobody is known by that name" in never
    assert (neither.returncode, "--event" in neither.stderr) == (1, True)
