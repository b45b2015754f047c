"""Campaigns made by CleverTap's addresses: create, list, result, stop, estimate (contract 4.8)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.clevertap_client import CREATE, LIST, RESULT, STOP, texts, told, wire
from tests.e2e.control_client import PROVIDER, START, Platform, running

FIELDS = {"profile_fields": [{"name": "Plan", "operator": "equals", "value": "gold"}]}
TARGET = {
    "name": "spring offer",
    "target_mode": "sms",
    "provider_nick_name": "8x8",
    "where": {"common_profile_properties": FIELDS},
    "respect_frequency_caps": True,
    "content": {"body": "Hello {{ Profile.Name }}"},
    "when": "now",
}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        await started.track(
            started.record("ann", Phone="91230000", Name="Ann", Plan="gold"),
            started.record("ben", Phone="91230001", Name="Ben", Plan="silver"),
            started.record("eve", Name="Eve", Plan="gold"),
            started.record("tom", Phone="91230002", Name="Tom", Plan="gold", **{"MSG-sms": False}),
        )
        yield started


async def create(platform: Platform, status: int = 200, **more: Any) -> Any:
    body = {name: value for name, value in {**TARGET, **more}.items() if value is not ...}
    return await told(wire(platform), CREATE, body, status)


async def made(platform: Platform, **more: Any) -> Any:
    """Return the campaign that a target became."""
    answer = await create(platform, skip_estimate=True, **more)
    return await platform.api.get(f"/api/campaigns/{answer['id']}")


async def test_a_target_is_a_campaign_that_is_sent(platform: Platform) -> None:
    answer = await create(platform)
    await platform.track()

    assert answer["status"] == "success"
    assert {name: answer["estimates"][name] for name in ("total", "reachable")} == {
        "total": 3,
        "reachable": 1,
    }
    assert answer["estimates"]["as_of"] == "2026-01-31T08:00:00Z"
    assert await texts(platform) == ["Hello Ann"]
    campaign = await platform.api.get(f"/api/campaigns/{answer['id']}")
    assert (campaign["name"], campaign["state"]) == ("spring offer", "running")
    assert campaign["start"] == {"at": "now"}
    assert campaign["who"] == {"profile": "Plan", "equals": "gold"}


async def test_only_an_estimate_makes_nothing(platform: Platform) -> None:
    answer = await create(platform, estimate_only=True)

    assert (answer["status"], answer["estimates"]["total"], answer["estimates"]["reachable"]) == (
        "success",
        3,
        1,
    )
    assert "id" not in answer
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []


async def test_an_estimate_may_be_skipped_and_a_draft_sends_nothing(platform: Platform) -> None:
    answer = await create(platform, skip_estimate=True, draft=True)
    await platform.track()

    assert answer == {"status": "success", "id": answer["id"]}
    assert (await platform.api.get(f"/api/campaigns/{answer['id']}"))["state"] == "draft"
    assert await texts(platform) == []


async def test_everybody_and_an_audience(platform: Platform) -> None:
    everybody = await create(platform, where=..., segment="all", estimate_only=True)
    assert (everybody["estimates"]["total"], everybody["estimates"]["reachable"]) == (4, 2)
    settings = await platform.api.get("/api/account-settings")
    settings["audiences"] = [{"name": "Silver", "rule": {"profile": "Plan", "equals": "silver"}}]
    await platform.api.put("/api/account-settings", settings)

    silver = await made(platform, where=..., segment="silver")
    await platform.track()

    assert silver["who"] == {"member": "Silver"}
    assert await texts(platform) == ["Hello Ben"]


async def test_an_audience_may_ask_who_is_on_a_list(platform: Platform) -> None:
    members = (await platform.api.post("/api/lists", {"name": "VIPs"}))["id"]
    await platform.api.post(f"/api/lists/{members}/members", ["ben", "eve"])
    settings = await platform.api.get("/api/account-settings")
    settings["audiences"] = [{"name": "Best", "rule": {"listed": "VIPs"}}]
    await platform.api.put("/api/account-settings", settings)

    answer = await create(platform, where=..., segment="Best")
    await platform.track()

    assert (answer["estimates"]["total"], answer["estimates"]["reachable"]) == (2, 1)
    assert await texts(platform) == ["Hello Ben"]


@pytest.mark.parametrize(
    ("operator", "value", "rule"),
    [
        ("equals", "gold", {"equals": "gold"}),
        ("not_equals", ["gold", "silver"], {"not_equals": ["gold", "silver"]}),
        ("contains", "o", {"contains": "o"}),
        ("does_not_contain", "o", {"does_not_contain": "o"}),
        ("exists", None, {"exists": True}),
        ("does_not_exist", None, {"exists": False}),
        ("greater_than", 5, {"greater_than": 5}),
        ("greater_than_equals", 5, {"greater_than_equals": 5}),
        ("less_than", 5, {"less_than": 5}),
        ("less_than_equals", 5, {"less_than_equals": 5}),
        ("between", [1, 9], {"between": [1, 9]}),
    ],
)
async def test_every_operator_is_a_condition(
    platform: Platform, operator: str, value: Any, rule: dict[str, Any]
) -> None:
    field = {"name": "Plan", "operator": operator, **({} if value is None else {"value": value})}
    two = {"common_profile_properties": {"profile_fields": [field, {"name": "City", "value": "Berlin"}]}}

    campaign = await made(platform, where=two, draft=True)

    first, second = campaign["who"]["all"]
    assert second == {"profile": "City", "equals": "Berlin"}
    assert {**first, "profile": "Plan"} in ({"profile": "Plan", **rule}, {"profile": "Plan", operator: True})


@pytest.mark.parametrize(
    ("when", "start", "limits"),
    [
        ("now", {"at": "now"}, {}),
        ({"type": "now"}, {"at": "now"}, {}),
        ("20260301 09:30", {"at": "2026-03-01T09:30:00"}, {}),
        (
            {"type": "later", "delivery_date_time": "20260301 09:30", "delivery_timezone": "user"},
            {"at": "2026-03-01T09:30:00", "zone": "person"},
            {},
        ),
        (
            {
                "type": "later",
                "delivery_date_time": ["20260301 09:30", "20260308 09:30"],
                "campaign_cutoff": "18:00",
            },
            {"at": ["2026-03-01T09:30:00", "2026-03-08T09:30:00"]},
            {"cut_off": "18:00"},
        ),
        (
            {"type": "recurring", "repeats_every": 2, "repeat_type": "day", "start_time": "09:00"},
            {"rule": "FREQ=DAILY;INTERVAL=2", "at": "09:00"},
            {},
        ),
        (
            {
                "type": "recurring",
                "repeat_type": "week",
                "repeat_on_days_of_week": ["monday", "Fri", 7],
                "start_time": "20260302 10:00",
                "end_by_date": "20260601",
                "user_timezone_wrap_around": False,
            },
            {
                "rule": "FREQ=WEEKLY;BYDAY=MO,FR,SU",
                "at": "10:00",
                "from": "2026-03-02T10:00:00",
                "until": "2026-06-01",
            },
            {},
        ),
        (
            {"type": "recurring", "start_time": "09:00", "end_by_occurrences": 3},
            {"rule": "FREQ=DAILY;COUNT=3", "at": "09:00"},
            {},
        ),
    ],
)
async def test_when_is_a_schedule(
    platform: Platform, when: Any, start: dict[str, Any], limits: dict[str, Any]
) -> None:
    campaign = await made(platform, when=when)

    assert campaign["start"] | {"from": start.get("from")} == start | {"from": start.get("from")}
    assert campaign["limits"] == limits


async def test_all_else_that_is_honoured(platform: Platform) -> None:
    campaign = await made(
        platform,
        respect_frequency_caps=False,
        labels=["spring"],
        users_limit_overall=500,
        users_limit_per_run=300,
        control_group={"type": "campaign", "percentage": 5},
        conversion_goal={"event_name": "Charged", "conversion_time": "3D", "revenue_property": "Amount"},
        dnd={
            "message_state": "discard",
            "dnd_timezone": "account_timezone",
            "dnd_info": {
                "1": [{"from": "22:00", "to": "08:00"}],
                "sunday": [{"from": "00:00", "to": "12:00"}],
            },
        },
        content={"body": "Hi", "title": "of push", "unicode": False},
        devices=["ios"],
        app_name="x",
        send_to_all_devices=True,
        subscription_groups=[],
    )

    (step,) = campaign["steps"]
    assert (step["send"]["passes"], step["send"]["transliterate"]) == (["caps"], True)
    assert (campaign["labels"], campaign["holdout"], campaign["limits"]) == (["spring"], 5, {"per_run": 300})
    assert {"event": "Charged", "within": "3 days", "revenue": "Amount"}.items() <= campaign["goal"].items()
    shared = {"zone": "account", "then": "discard"}
    assert [{**one, **shared} == one for one in campaign["quiet"]] == [True, True]
    assert [(one["from"], one["to"], one["days"]) for one in campaign["quiet"]] == [
        ("22:00", "08:00", ["monday"]),
        ("00:00", "12:00", ["sunday"]),
    ]


@pytest.mark.parametrize(
    ("spelled", "within"),
    [
        ("30m", "30 minutes"),
        ("1H", "1 hour"),
        ("12H", "12 hours"),
        ("5D", "5 days"),
        ("2W", "2 weeks"),
        ("5M", "5 months"),
    ],
)
async def test_conversion_times(platform: Platform, spelled: str, within: str) -> None:
    campaign = await made(platform, conversion_goal={"event_name": "Charged", "conversion_time": spelled})

    assert campaign["goal"]["within"] == within


async def test_hours_that_all_days_share_are_said_once(platform: Platform) -> None:
    hours = {str(day): [{"from": "22:00", "to": "08:00"}] for day in range(1, 8)}

    campaign = await made(platform, dnd={"dnd_info": hours})

    assert [(one["from"], one["to"], one.get("days", [])) for one in campaign["quiet"]] == [
        ("22:00", "08:00", [])
    ]


BEHAVIOUR = "This asks for what people did, which cannot be answered yet"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"target_mode": "push"}, "target_mode: Only sms is sent here."),
        ({"target_mode": ...}, "target_mode: This is missing."),
        ({"name": ...}, "name: This is missing."),
        ({"name": "x" * 121}, "name: This has to be a text of at most 120"),
        ({"where": ...}, "where: Send either where or segment."),
        ({"segment": "all"}, "where: Send either where or segment."),
        ({"where": ..., "segment": "Nobody"}, "segment: There is no audience “Nobody”"),
        ({"where": ..., "segment": 123}, "segment: There is no audience “123”"),
        ({"where": {}}, "where.common_profile_properties: Name a field"),
        (
            {"where": {"event_name": "Order Placed", "from": 20260101, "to": 20260131}},
            f"where.event_name: {BEHAVIOUR}",
        ),
        ({"where": {"advanced_query": {"did_all": []}}}, f"where.advanced_query: {BEHAVIOUR}"),
        ({"where": {"common_profile_properties": FIELDS, "did_none": []}}, f"where.did_none: {BEHAVIOUR}"),
        (
            {"where": {"common_profile_properties": {"demographics": {}}}},
            "where.common_profile_properties.demographics",
        ),
        ({"where": {"geo": {}}}, "where.geo: This cannot be honoured"),
        (
            {"where": {"common_profile_properties": {"profile_fields": [{"name": "a", "operator": "like"}]}}},
            "where.common_profile_properties.profile_fields[0].operator: This is no operator",
        ),
        (
            {"where": {"common_profile_properties": {"profile_fields": [{"name": "a"}]}}},
            "where.common_profile_properties.profile_fields[0].value",
        ),
        (
            {
                "where": {
                    "common_profile_properties": {
                        "profile_fields": [{"name": "a", "operator": "between", "value": 3}]
                    }
                }
            },
            "where",
        ),
        ({"content": {"body": "{{ Event.x | nothing }}"}}, "content.body: Line 1"),
        ({"content": {"body": "{{ ExternalTrigger.x }}"}}, "content.body: No call starts"),
        ({"provider_nick_name": "other"}, "provider_nick_name: This provider is archived or gone"),
        ({"when": ...}, "when: This is missing"),
        ({"when": "tomorrow"}, "when: This has to be a moment as YYYYMMDD HH:MM."),
        ({"when": "20269901 09:00"}, "when"),
        ({"when": "20200101 09:00"}, "when: This moment has passed"),
        ({"when": {"type": "live"}}, "when.type: This has to be now, later or recurring."),
        ({"when": {"type": "later"}}, "when.delivery_date_time: This is missing."),
        ({"when": {"type": "recurring"}}, "when.start_time: This is missing"),
        ({"when": {"type": "now", "user_timezone_wrap_around": True}}, "when.user_timezone_wrap_around"),
        ({"when": {"type": "recurring", "start_time": "09:00", "repeat_type": "month"}}, "when.repeat_type"),
        (
            {
                "when": {
                    "type": "recurring",
                    "start_time": "09:00",
                    "repeat_type": "week",
                    "repeat_on_days_of_week": ["day"],
                }
            },
            "when.repeat_on_days_of_week",
        ),
        ({"when": {"type": "now", "time": 1}}, "when.time: This cannot be honoured"),
        ({"upper_cap_for_target_segment": 5}, "upper_cap_for_target_segment: This cannot be honoured"),
        ({"subscription_groups": ["a"]}, "subscription_groups: There are no subscription groups"),
        ({"control_group": {"type": "system"}}, "control_group.type"),
        ({"control_group": {"type": "campaign"}}, "control_group.percentage: This is missing."),
        ({"control_group": {"type": "campaign", "percentage": 100}}, "control_group.percentage"),
        (
            {"conversion_goal": {"event_name": "x", "conversion_time": "1y"}},
            "conversion_goal.conversion_time",
        ),
        (
            {"conversion_goal": {"event_name": "x", "conversion_time": "1D", "filter_type": "click"}},
            "conversion_goal.filter_type",
        ),
        ({"dnd": {"message_state": "drop"}}, "dnd.message_state"),
        ({"dnd": {"dnd_info": {"8": []}}}, "dnd.dnd_info.8: This has to be a day"),
        ({"dnd": {"dnd_info": {"1": [{"from": "22", "to": "08:00"}]}}}, "dnd"),
        ({"users_limit_overall": 0}, "users_limit_overall: This has to be a whole number"),
        (
            {"users_limit_overall": 9, "when": {"type": "recurring", "start_time": "09:00"}},
            "users_limit_overall: This is honoured for one run",
        ),
        ({"draft": "yes"}, "draft: This has to be true or false."),
        ({"expiry": 5}, "expiry: This cannot be honoured here"),
    ],
)
async def test_what_cannot_be_honoured_is_refused_by_name(
    platform: Platform, more: dict[str, Any], error: str
) -> None:
    answer = await create(platform, 400, **more)

    assert (answer["status"], answer["code"]) == ("fail", 400)
    assert answer["error"].startswith(error), answer["error"]
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []


async def test_a_target_comes_to_its_end_and_then_has_a_result(platform: Platform) -> None:
    later = await create(platform, when="20260131 09:00")
    number = later["id"]
    day = {"from": 20260131, "to": 20260131}
    listed = await told(wire(platform), LIST, day)
    assert listed == {
        "status": "success",
        "targets": [
            {"id": number, "name": "spring offer", "scheduled_on": "20260131 09:00", "status": "scheduled"}
        ],
    }
    early = await told(wire(platform), RESULT, {"id": number}, 409)
    assert (early["status"], early["code"]) == ("fail", 409)
    assert (await told(wire(platform), LIST, {"from": 20250101, "to": 20250102}))["targets"] == []

    platform.clock.advance(timedelta(hours=1))
    await platform.track()

    assert (await told(wire(platform), LIST, day))["targets"][0]["status"] == "running"  # its message waits
    assert (await told(wire(platform), STOP, {"id": str(number)})) == {"status": "success"}
    result = await told(wire(platform), RESULT, {"id": number})
    assert result["result"]["status"] == "stopped"
    assert result["result"]["sent"] == 0
    assert await texts(platform) == ["Hello Ann"]


async def test_a_target_of_nobody_is_completed(platform: Platform) -> None:
    where = {"common_profile_properties": {"profile_fields": [{"name": "Plan", "value": "none"}]}}
    number = (await create(platform, where=where))["id"]
    await platform.track()

    result = await told(wire(platform), RESULT, {"id": number})

    assert result == {
        "status": "success",
        "result": {
            "status": "completed",
            "sent": 0,
            "delivered": 0,
            "failed": 0,
            "skipped": 0,
            "converted": 0,
        },
    }


@pytest.mark.parametrize("path", [RESULT, STOP])
async def test_targets_that_are_none(platform: Platform, path: str) -> None:
    assert (await told(wire(platform), path, {"id": 99}, 404))["error"] == "There is no campaign 99."
    assert (await told(wire(platform), path, {}, 400))["error"] == "id: This is missing."
    assert (await told(wire(platform), path, {"id": "x"}, 400))["error"].startswith("id: This has to be")
    assert (await told(wire(platform), path, {"id": 1, "x": 2}, 400))["error"].startswith("x: This cannot")


async def test_a_draft_is_pending_and_a_paused_one_is_paused(platform: Platform) -> None:
    await create(platform, draft=True, skip_estimate=True)
    paused = await create(platform, when="20260301 09:00", skip_estimate=True)
    await platform.api.post(f"/api/campaigns/{paused['id']}/pause", {})

    listed = (await told(wire(platform), LIST, {}))["targets"]

    assert [one["status"] for one in listed] == ["paused", "pending"]
    assert (await told(wire(platform), LIST, {"from": 20260131, "to": 20260101}, 400))["error"].startswith(
        "to:"
    )


async def test_of_many_people_some_are_looked_at_and_the_rest_reckoned(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellwire.platform.control.reach.PAGE", 50)
    monkeypatch.setattr("tellwire.platform.control.reach.PAGES", 4)
    plans = ("gold", "silver")
    people = [platform.record(f"u{n}", Plan=plans[n % 2], Phone=f"+65812{n:05}") for n in range(996)]
    await platform.track(*people)

    estimates = (await create(platform, estimate_only=True))["estimates"]

    assert estimates["sampled"] == 200
    assert 450 <= estimates["total"] <= 550
    assert START.isoformat().startswith(estimates["as_of"][:10])
