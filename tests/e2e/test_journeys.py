"""Campaigns of several steps, live, through the API: who waits where, pauses, changes, and why somebody got nothing."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from tests.e2e.control_client import PROVIDER, Platform, running

from tellwire.platform.control.walkthroughs import WalkView
from tellwire.walked import walk_in_text

CART = {
    "name": "Cart",
    "start": {"event": "Added To Cart"},
    "key": "Event.cart_id",
    "stop": {"event": "Charged", "same": "cart_id"},
    "steps": [
        {"id": "pause", "wait": {"for": "30 minutes"}},
        {"id": "remind", "send": {"text": "Cart {{ Event.cart_id }} waits"}},
        {"id": "later", "wait": {"for": "1 day", "or": [{"event": "Charged"}]}},
        {"id": "last", "send": {"text": "Last call"}},
    ],
}
HALF = timedelta(minutes=30)


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        await started.track(started.record(Phone="91230000"))
        yield started


async def published(platform: Platform, campaign: dict[str, Any] = CART) -> str:
    saved = await platform.api.post("/api/campaigns", campaign)
    path = f"/api/campaigns/{saved['id']}"
    await platform.api.post(f"{path}/publish", {})
    return path


async def texts(platform: Platform) -> list[str]:
    rows = (await platform.api.get("/api/messages"))["messages"]
    return [(await platform.api.get(f"/api/messages/{row['id']}"))["text"] for row in reversed(rows)]


async def test_a_cart_is_reminded_of_and_one_that_is_paid_is_not(platform: Platform) -> None:
    path = await published(platform)
    first, second = (platform.event("Added To Cart", cart_id=number) for number in (1, 2))
    await platform.track(first, second)

    inside = await platform.api.get(f"{path}/inside")
    assert (inside["people"], inside["ever"]) == (2, 2)
    assert inside["steps"] == [{"version": 1, "step": "pause", "people": 2}]
    people = (await platform.api.get(f"{path}/people?step=pause&limit=1"))["people"]
    assert [one["key"] for one in people] == ["1"]
    rest = (await platform.api.get(f"{path}/people?step=pause&after={people[0]['cursor']}"))["people"]
    assert [one["key"] for one in rest] == ["2"]

    await platform.track(platform.event("Charged", cart_id=1))
    platform.clock.advance(HALF)
    await platform.track()

    assert await texts(platform) == ["Cart 2 waits"]
    paid = await platform.api.get(f"/api/explain?event={first.id}")
    assert [(one["verdict"], one["step"], one["code"]) for one in paid["campaigns"]] == [
        ("left", "pause", "stopped")
    ]
    waits = await platform.api.get(f"/api/explain?event={second.id}")
    assert [(one["verdict"], one["step"]) for one in waits["campaigns"]] == [
        ("send", "remind"),
        ("waits", "later"),
    ]
    assert "They wait at “later” until" in waits["note"]
    assert [stay["key"] for stay in waits["stays"]] == ["2"]
    assert (await platform.api.get(f"{path}/inside"))["left"] == {"stopped": 1}


async def test_a_paused_campaign_refuses_and_lists_who_is_overdue_and_goes_on(platform: Platform) -> None:
    path = await published(platform)
    await platform.track(platform.event("Added To Cart", cart_id=1))
    paused = await platform.api.post(f"{path}/pause", {})
    assert paused["state"] == "paused"
    refused = platform.event("Added To Cart", cart_id=2)
    await platform.track(refused)
    platform.clock.advance(HALF)
    await platform.track()

    assert (await platform.api.get(f"{path}/inside"))["overdue"] == 1
    assert (await platform.api.get(f"/api/explain?event={refused.id}"))["campaigns"][0]["code"] == "paused"
    assert await texts(platform) == []

    await platform.api.post(f"{path}/resume", {})
    await platform.track()
    assert await texts(platform) == ["Cart 1 waits"]
    log = (await platform.api.get(f"{path}/log"))["log"]
    assert [line["what"] for line in log] == ["published", "paused", "published"]
    stopped = await platform.api.post(f"{path}/stop", {})
    assert stopped["state"] == "stopped"
    assert (await platform.api.ask("POST", f"{path}/pause", {})).status == 409
    assert (await platform.api.ask("POST", f"{path}/resume", {})).status == 409


async def test_a_change_says_before_whom_it_is_about_and_then_moves_them(platform: Platform) -> None:
    path = await published(platform)
    await platform.track(platform.event("Added To Cart", cart_id=1))
    known = await platform.api.get(path)
    steps = [{"id": "pause", "wait": {"for": "10 minutes"}}, {"id": "remind", "send": {"text": "New"}}]
    change = {**CART, "steps": steps, "version": known["version"]}

    table = await platform.api.post(f"{path}/affected", change)
    gone = await platform.api.post(f"{path}/affected", {**change, "steps": steps[1:]})
    stands = {"version": 1, "step": "pause", "people": 1}
    assert table["steps"] == [{**stands, "if_moved": "goes_on", "is_changed": True}]
    assert gone["steps"][0]["if_moved"] == "stays_on_its_version"

    platform.clock.advance(timedelta(minutes=15))
    await platform.api.put(f"{path}?inside=move", change)
    await platform.track()

    assert await texts(platform) == ["New"]
    assert (await platform.api.get(path))["published_version"] == 2


async def test_a_dry_run_of_an_import_says_who_is_inside_of_what_would_change(platform: Platform) -> None:
    await published(platform)
    await platform.track(platform.event("Added To Cart", cart_id=1))
    text = (await platform.api.ask("GET", "/api/export?campaign_id=1")).body

    same = await platform.api.post("/api/import?dry_run=true", text)
    changed = await platform.api.post("/api/import?dry_run=true", text.replace(b"id: pause", b"id: rest"))
    assert same["affected"] == []
    assert changed["affected"] == [
        {
            "campaign_id": 1,
            "name": "Cart",
            "steps": [
                {
                    "version": 1,
                    "step": "pause",
                    "people": 1,
                    "if_moved": "stays_on_its_version",
                    "is_changed": False,
                }
            ],
        }
    ]


async def test_the_account_holds_over_all_campaigns(platform: Platform) -> None:
    night = {"from": "00:00", "to": "23:59", "zone": "account"}
    gold = [{"name": "Gold", "rule": {"profile": "Plan", "equals": "gold"}}]
    known = await platform.api.get("/api/account-settings")

    saved = await platform.api.put(
        "/api/account-settings",
        {
            "account": {"zone": "Asia/Singapore", "quiet": night},
            "audiences": gold,
            "version": known["version"],
        },
    )

    assert saved["account"]["quiet"] == [night]
    assert (
        await platform.api.ask("PUT", "/api/account-settings", {"account": {}, "version": 0})
    ).status == 409
    hello = {"name": "Hello", "start": {"event": "Seen"}, "who": {"not": {"member": "Gold"}}}
    await published(platform, {**hello, "steps": [{"id": "hi", "send": {"text": "Hi"}}]})
    seen = platform.event("Seen")
    await platform.track(seen)
    (answer, waits) = (await platform.api.get(f"/api/explain?event={seen.id}"))["campaigns"]
    assert (answer["verdict"], answer["code"], waits["verdict"]) == ("hold", "quiet_hours", "waits")
    assert "these are quiet hours" in waits["reason"]
    in_use = await platform.api.ask(
        "PUT", "/api/account-settings", {"account": {}, "version": saved["version"]}
    )
    assert (in_use.status, list(in_use.fields)) == (422, ["audiences"])
    unknown = await platform.api.post("/api/campaigns", {**hello, "who": {"member": "Golt"}})
    assert "did you mean “Gold”" in unknown["problems"]["who.member"]


async def test_a_file_brings_audiences_and_the_account_only_if_asked(platform: Platform) -> None:
    document = {
        "account": {"zone": "Europe/Berlin"},
        "audiences": [{"name": "Gold", "rule": {"profile": "Plan", "equals": "gold"}}],
        "lists": [{"name": "VIPs"}],
        "campaigns": [{**CART, "who": {"member": "Gold"}, "state": "running"}],
    }
    text = yaml.safe_dump(document).encode()

    plan = (await platform.api.ask("POST", "/api/import?dry_run=true", text)).json()
    assert [(one["kind"], one["what"]) for one in plan["changes"]] == [
        ("list", "created"),
        ("account", "changed"),
        ("campaign", "created"),
    ]
    assert [line.partition(":")[0] for line in plan["left_out"]] == ["account"]
    await platform.api.ask("POST", "/api/import", text)
    assert "zone" not in (await platform.api.get("/api/account-settings"))["account"]
    await platform.api.ask("POST", "/api/import?account=true", text)
    account = await platform.api.get("/api/account-settings")
    assert (account["account"]["zone"], account["audiences"][0]["name"]) == ("Europe/Berlin", "Gold")
    exported = yaml.safe_load((await platform.api.ask("GET", "/api/export")).body)
    assert (exported["account"], exported["audiences"]) == (document["account"], document["audiences"])


async def test_a_file_without_a_state_stops_nobody(platform: Platform) -> None:
    path = await published(platform)
    file = {**CART, "steps": [*CART["steps"][:1], {"id": "remind", "send": {"text": "Other"}}]}

    await platform.api.ask("POST", "/api/import", yaml.safe_dump({"campaigns": [file]}).encode())

    assert (await platform.api.get(path))["state"] == "running"
    new = yaml.safe_dump({"campaigns": [{**file, "name": "New"}]}).encode()
    await platform.api.ask("POST", "/api/import", new)
    states = {one["name"]: one["state"] for one in (await platform.api.get("/api/campaigns"))["campaigns"]}
    assert states == {"Cart": "running", "New": "draft"}


async def test_a_copy_is_a_draft_and_only_what_was_never_published_is_deleted(platform: Platform) -> None:
    path = await published(platform)

    copy = await platform.api.post(f"{path}/clone", {})
    again = await platform.api.post(f"{path}/clone", {})

    assert (copy["name"], copy["state"], again["name"]) == ("Cart (copy)", "draft", "Cart (copy 2)")
    assert (copy["steps"], copy["stop"]) == ((await platform.api.get(path))["steps"], CART["stop"])
    assert (await platform.api.ask("DELETE", f"/api/campaigns/{copy['id']}")).status == 204
    assert (await platform.api.ask("GET", f"/api/campaigns/{copy['id']}")).status == 404
    assert (await platform.api.ask("DELETE", path)).status == 409
    assert (await platform.api.ask("DELETE", "/api/campaigns/999")).status == 404


async def test_a_broadcast_goes_to_everybody_and_says_how_far_it_is(platform: Platform) -> None:
    for number in range(1, 4):
        record = platform.record(f"p{number}", Phone=f"9123000{number}", Plan="gold" if number < 3 else "tin")
        await platform.track(record)
    sale = {"name": "Sale", "start": {"at": "now"}, "who": {"profile": "Plan", "equals": "gold"}}
    path = await published(platform, {**sale, "steps": [{"id": "all", "send": {"text": "Sale"}}]})
    (planned,) = (await platform.api.get(f"{path}/runs"))["runs"]
    assert (planned["share"], planned["people"]) == (0.0, 0)

    await platform.track()

    (run,) = (await platform.api.get(f"{path}/runs"))["runs"]
    assert (run["share"], run["people"], run["qualified"], run["messages"]) == (1.0, 4, 2, 2)
    assert await texts(platform) == ["Sale", "Sale"]


async def test_goals_are_counted_once_also_after_the_end_and_for_those_held_out(platform: Platform) -> None:
    goal = {"event": "Charged", "within": "3 days", "same": "cart_id", "revenue": "Amount"}
    campaign = {**CART, "name": "Goal", "goal": goal, "holdout": 50, "stop": None}
    path = await published(platform, {name: value for name, value in campaign.items() if value is not None})
    people = [f"g{number}" for number in range(20)]
    for number, who in enumerate(people):
        await platform.track(platform.record(who, Phone=f"912310{number:02}"))
        await platform.track(platform.event("Added To Cart", who, cart_id=1))
    platform.clock.advance(timedelta(days=2))
    await platform.track()

    for who in people:
        await platform.track(platform.event("Charged", who, cart_id=2, Amount=99))  # of another cart
        await platform.track(platform.event("Charged", who, cart_id=1, Amount=10.5))
        await platform.track(platform.event("Charged", who, cart_id=1, Amount=10.5))

    figures = (await platform.api.get(path))["funnel"]["goal"]
    assert figures["entered"] + figures["held_out"] == 20
    assert figures["reached"] == figures["entered"] > 0
    assert figures["held_out_reached"] == figures["held_out"] > 0
    assert figures["revenue"] == 10.5 * figures["entered"]
    await platform.track(platform.event("Added To Cart", "g1", cart_id=7))
    platform.clock.advance(timedelta(days=4))
    await platform.track(platform.event("Charged", "g1", cart_id=7, Amount=5))
    again = (await platform.api.get(path))["funnel"]["goal"]
    assert (again["reached"], again["held_out_reached"]) == (figures["reached"], figures["held_out_reached"])


async def test_a_goal_that_is_reached_at_once_counts_its_entry_too(platform: Platform) -> None:
    path = await published(
        platform, {**CART, "name": "Goal", "goal": {"event": "Charged", "within": "3 days"}}
    )

    await platform.track(
        platform.event("Added To Cart", cart_id=1), platform.event("Charged", cart_id=1, Amount=1)
    )

    figures = (await platform.api.get(path))["funnel"]["goal"]
    assert (figures["entered"], figures["reached"]) == (1, 1)


async def test_a_file_that_keeps_the_state_publishes_nothing(platform: Platform) -> None:
    path = await published(platform)
    changes = [{"state": "stopped"}, {"name": "New", "state": "running"}]
    document = json.dumps({"campaigns": [{**CART, **change} for change in changes]})

    answer = await platform.api.ask("POST", "/api/import?keep_state=true", document.encode())
    assert answer.status == 200, answer.body

    states = {one["name"]: one["state"] for one in (await platform.api.get("/api/campaigns"))["campaigns"]}
    assert states == {"Cart": "running", "New": "draft"}
    assert (await platform.api.get(path))["state"] == "running"


async def test_a_campaign_without_a_message_says_who_went_through_it(platform: Platform) -> None:
    steps = [{"id": "tell", "call": {"url": "https://crm.example/seen"}}]
    path = await published(platform, {"name": "Tell", "start": {"event": "Seen"}, "steps": steps})

    await platform.track(platform.event("Seen"))

    inside = await platform.api.get(f"{path}/inside")
    assert (inside["ever"], inside["people"], inside["left"]) == (1, 0, {"finished": 1})
    assert inside["calls_waiting"] == 1


async def test_a_moment_that_has_passed_chooses_nobody_and_is_refused_unless_it_was_to_come(
    platform: Platform,
) -> None:
    moment = (platform.clock.now() + HALF).isoformat()
    sale = {"name": "Sale", "start": {"at": moment}, "steps": [{"id": "all", "send": {"text": "Sale"}}]}
    path = await published(platform, sale)
    platform.clock.advance(2 * HALF)
    await platform.track()

    saved = await platform.api.get(path)
    worded = await platform.api.put(path, {**saved, "steps": [{"id": "all", "send": {"text": "Sold"}}]})
    assert worded["steps"][0]["send"]["text"] == "Sold"
    again = await platform.api.post("/api/campaigns", {**sale, "name": "Late"})
    answer = await platform.api.ask("POST", f"/api/campaigns/{again['id']}/publish", {})
    assert answer.fields == {"start.at": "This moment has passed: nobody would be chosen."}


async def test_account_settings_without_the_version_they_were_read_at_are_refused(platform: Platform) -> None:
    await platform.api.put("/api/account-settings", {"account": {}, "version": 0})

    answer = await platform.api.ask("PUT", "/api/account-settings", {"account": {}})

    assert answer.status == 409
    assert b"`version`" in answer.body


async def test_the_operator_chooses_what_becomes_of_those_who_are_overdue(platform: Platform) -> None:
    path = await published(platform)
    await platform.track(*(platform.event("Added To Cart", cart_id=number) for number in (1, 2)))
    assert await platform.api.get(f"{path}/overdue") == {"people": 0, "steps": []}
    await platform.api.post(f"{path}/pause", {})
    due_at = platform.clock.now() + HALF
    platform.clock.advance(2 * HALF)
    await platform.track()

    table = await platform.api.get(f"{path}/overdue")
    (step,) = table["steps"]
    assert (table["people"], step["people"], step["version"], step["step"]) == (2, 2, 1, "pause")
    assert (step["next_step"], step["is_message"]) == ("remind", True)
    assert step["since"].startswith(f"{due_at:%Y-%m-%dT%H:%M:%S}")

    for wrong, field, words in (
        ({"overdue": "spred"}, "overdue", "did you mean “spread”?"),
        ({"overdue": "spread"}, "over", "is no duration"),
        ({"overdue": "spread", "over": "8 days"}, "over", "1 minute to 7 days"),
        ({"overdue": "spread", "over": "30 seconds"}, "over", "1 minute to 7 days"),
        ({"overdue": "skip", "over": "2 hours"}, "over", "belongs to `spread`"),
    ):
        refused = await platform.api.ask("POST", f"{path}/resume", wrong)
        assert refused.status in {400, 422}
        assert words in refused.fields[field]
    assert (await platform.api.get(path))["state"] == "paused"

    await platform.api.post(f"{path}/resume", {"overdue": "skip"})
    await platform.track()

    assert await texts(platform) == []
    assert (await platform.api.get(path))["funnel"]["skips"] == {"overdue": 2}
    (stay, _) = (await platform.api.get("/api/explain?identity=ann&event=Added+To+Cart"))["stays"]
    assert stay["step"] == "later"
    decided = (await platform.api.get("/api/explain?identity=ann&event=Added+To+Cart"))["campaigns"]
    skipped = next(one for one in decided if one["verdict"] == "skip")
    assert (skipped["code"], "while the campaign was paused" in skipped["reason"]) == ("overdue", True)


async def test_a_campaign_is_resumed_without_a_body_as_ever(platform: Platform) -> None:
    path = await published(platform)
    await platform.track(platform.event("Added To Cart", cart_id=1))
    await platform.api.post(f"{path}/pause", {})
    platform.clock.advance(HALF)
    await platform.track()

    assert (await platform.api.ask("POST", f"{path}/resume", b"")).status == 200
    await platform.track()

    assert await texts(platform) == ["Cart 1 waits"]


async def test_somebody_is_walked_through_a_campaign_and_a_draft_of_it(platform: Platform) -> None:
    path = await published(platform)
    await platform.track(platform.event("Added To Cart", cart_id=7))
    who = platform.record().subject.value

    walk = await platform.api.post(f"{path}/walk", {"identity": who, "at": "2026-06-01T09:00:00Z"})

    assert [(stop["step"], stop["at"], stop["text"], stop["way"]) for stop in walk["stops"]] == [
        ("pause", "2026-06-01T09:00:00Z", "", None),
        ("remind", "2026-06-01T09:30:00Z", "Cart 7 waits", None),
        ("later", "2026-06-01T09:30:00Z", "", -1),
        ("last", "2026-06-02T09:30:00Z", "Last call", None),
    ]
    assert (walk["values"], walk["end"]["code"], walk["refused"]) == ({"cart_id": 7}, "finished", None)
    assert all(gate["has_passed"] for gate in walk["stops"][1]["gates"])

    assert list(walk_in_text(msgspec.convert(walk, WalkView))) == [
        "2026-06-01T09:00:00Z            pause",
        "2026-06-01T09:30:00Z            remind               sends: Cart 7 waits",
        "2026-06-01T09:30:00Z            later                past all branches",
        "2026-06-02T09:30:00Z            last                 sends: Last call",
        "2026-06-02T09:30:00Z            last                 The last step was done.",
    ]

    draft = {**CART, "who": {"profile": "Plan", "equals": "gold"}, "steps": CART["steps"][1:2]}
    asked = {"identity": who, "values": {"cart_id": 8}, "campaign": draft}
    for place in (f"{path}/walk", "/api/campaigns/walk"):
        drafted = await platform.api.post(place, asked)
        assert drafted["refused"]["code"] == "profile_conditions"
        assert next(walk_in_text(msgspec.convert(drafted, WalkView))).startswith("They would not enter: ")
        assert [stop["text"] for stop in drafted["stops"]] == ["Cart 8 waits"]
    made_up = await platform.api.post(
        f"{path}/walk", {"profile": {"Phone": "+6591230001", "Tz": "Asia/Tokyo"}}
    )
    assert (made_up["zone"], made_up["refused"]["code"]) == ("Asia/Tokyo", "no_key")
    assert [stop["verdict"] for stop in made_up["stops"]] == [None, "send", None, "send"]


async def test_a_walk_says_what_it_cannot_read(platform: Platform) -> None:
    path = await published(platform)

    for form, field in (
        ({"identity": "nobody"}, "identity"),
        ({"profile": {"Name": "x"}, "at": "1066-10-14T00:00:00Z"}, "at"),
        ({"profile": {"Name": "x"}, "values": {"long": "x" * 100_000}}, "values"),
    ):
        refused = await platform.api.ask("POST", f"{path}/walk", form)
        assert (refused.status, list(refused.fields)) == (422, [field])
    refused = await platform.api.ask("POST", "/api/campaigns/walk", {"profile": {"Name": "x"}})
    assert refused.fields == {"campaign": "Give the campaign to walk through."}


async def test_the_figures_of_each_step_are_told_with_who_is_inside(platform: Platform) -> None:
    path = await published(platform)
    await platform.track(*(platform.event("Added To Cart", cart_id=number) for number in (1, 2)))
    platform.clock.advance(HALF)
    await platform.track(platform.event("Added To Cart", cart_id=3))

    figures = (await platform.api.get(f"{path}/inside"))["figures"]

    assert [(one["step"], one["reached"], one["waiting"], one["messages"]) for one in figures] == [
        ("pause", 3, 1, 0),
        ("remind", 2, 0, 2),
        ("later", 2, 2, 0),
        ("last", 0, 0, 0),
    ]
