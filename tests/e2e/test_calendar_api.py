"""The platform's JSON API: what goes out when."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import PROVIDER, START, Platform, running

SEND = [{"id": "say", "send": {"text": "Hi"}}]
TODAY = START.date()


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        yield started


async def published(platform: Platform, name: str, start: dict[str, Any], **fields: Any) -> int:
    form = {"name": name, "start": start, "steps": SEND, **fields}
    campaign = await platform.api.post("/api/campaigns", form)
    await platform.api.post(f"/api/campaigns/{campaign['id']}/publish", {})
    return int(campaign["id"])


async def month(platform: Platform, days: int = 30) -> dict[str, Any]:
    answer = await platform.api.get(f"/api/calendar?from={TODAY}&to={TODAY + timedelta(days=days)}")
    return dict(answer)


async def test_planned_runs_stand_on_the_days_of_the_accounts_zone(platform: Platform) -> None:
    page = await platform.api.get("/api/account-settings")
    account = {"zone": "Asia/Singapore", "quiet": [{"from": "22:00", "to": "08:00"}]}
    await platform.api.put("/api/account-settings", {**page, "account": account})
    late = (START + timedelta(hours=10)).isoformat()  # past midnight in Singapore
    once = await published(platform, "once", {"at": late}, limits={"per_day": 500})
    weekly = await published(
        platform, "weekly", {"rule": "FREQ=WEEKLY;BYDAY=FR", "at": "09:00", "zone": "person"}
    )
    await published(platform, "event", {"event": "Cart"})

    calendar = await month(platform)

    assert (calendar["zone"], calendar["today"], calendar["now"]) == ("Asia/Singapore", "2026-01-31", "16:00")
    first, *others = calendar["items"]
    assert (first["campaign_id"], first["day"], first["time"]) == (once, "2026-02-01", "02:00")
    assert (first["phase"], first["per_day"], first["is_personal"], first["is_recurring"]) == (
        *("planned", 500, False, False),
    )
    fridays = [(one["campaign_id"], one["day"], one["time"], one["is_personal"]) for one in others]
    assert fridays == [(weekly, f"2026-02-{day:02}", "09:00", True) for day in (6, 13, 20, 27)]
    assert [one["from"] for one in calendar["quiet"]] == ["22:00"]
    assert (len(calendar["days"]), calendar["is_cut"]) == (31, False)


@pytest.mark.parametrize(
    ("zone", "now", "first", "utc"),
    [
        ("Europe/Berlin", "2026-03-27T12:00", "2026-03-28", ["08:00", "07:00", "07:00"]),
        ("Europe/Berlin", "2026-10-23T12:00", "2026-10-24", ["07:00", "08:00", "08:00"]),
        ("America/New_York", "2026-03-06T15:00", "2026-03-07", ["14:00", "13:00", "13:00"]),
        ("America/New_York", "2026-10-30T15:00", "2026-10-31", ["13:00", "14:00", "14:00"]),
        ("Australia/Lord_Howe", "2026-04-02T23:00", "2026-04-04", ["22:00", "22:30", "22:30"]),
        ("Australia/Lord_Howe", "2026-10-01T23:00", "2026-10-03", ["22:30", "22:00", "22:00"]),
        ("UTC", "2028-02-27T12:00", "2028-02-28", ["09:00", "09:00", "09:00"]),
    ],
)
async def test_each_day_has_its_run_and_whoever_is_due_on_it_over_both_changes_of_the_clock(
    platform: Platform, zone: str, now: str, first: str, utc: list[str]
) -> None:
    platform.clock.move_to(datetime.fromisoformat(now).replace(tzinfo=UTC))
    page = await platform.api.get("/api/account-settings")
    await platform.api.put("/api/account-settings", {**page, "account": {"zone": zone}})
    await published(platform, "daily", {"rule": "FREQ=DAILY", "at": "09:00"})
    waits = [{"id": "w", "wait": {"until": "23:59"}}, {"id": "x", "wait": {"for": "1 day"}}, *SEND]
    await published(platform, "waits", {"event": "Cart"}, steps=waits)
    await platform.track(platform.event("Cart", "ann"))
    days = [date.fromisoformat(first) + timedelta(days=n) for n in range(3)]

    calendar = await platform.api.get(f"/api/calendar?from={days[0]}&to={days[-1]}")

    assert [one["day"] for one in calendar["days"]] == [str(day) for day in days]
    assert [(one["day"], one["time"]) for one in calendar["items"]] == [(str(day), "09:00") for day in days]
    assert [one["at"][11:16] for one in calendar["items"]] == utc


async def test_a_run_that_was_made_says_how_many_messages_it_had(platform: Platform) -> None:
    await platform.track(platform.record(Phone="91230000", Name="Ann"))
    await published(platform, "now", {"at": "now"})
    await platform.track()
    platform.clock.advance(timedelta(seconds=1))

    (item,) = (await month(platform))["items"]

    assert (item["name"], item["phase"], item["messages"]) == ("now", "made", 1)


async def test_who_waits_is_counted_on_the_day_on_which_they_are_due(platform: Platform) -> None:
    form = {
        "name": "later",
        "start": {"event": "Cart"},
        "steps": [{"id": "w", "wait": {"for": "3 days"}}, *SEND],
    }
    campaign = await platform.api.post("/api/campaigns", form)
    await platform.api.post(f"/api/campaigns/{campaign['id']}/publish", {})
    for who in ("ann", "ben"):
        await platform.track(platform.event("Cart", who))

    days = (await month(platform, 5))["days"]
    past = await platform.api.get(f"/api/calendar?from={TODAY - timedelta(days=1)}&to={TODAY}")

    assert [one["due"] for one in days] == [0, 0, 0, 2, 0, 0]
    assert [one["due"] for one in past["days"]] == [None, 0]


async def test_what_is_paused_is_said_to_be(platform: Platform) -> None:
    daily = await published(platform, "daily", {"rule": "FREQ=DAILY", "at": "09:00"})
    await platform.api.post(f"/api/campaigns/{daily}/pause", {})

    items = (await month(platform, 1))["items"]

    assert [one["is_paused"] for one in items] == [True, True]


async def test_no_more_than_a_thousand_items_are_answered_the_earliest_first(platform: Platform) -> None:
    for number in range(17):
        await published(platform, f"daily {number}", {"rule": "FREQ=DAILY", "at": "09:00"})

    calendar = await month(platform, 61)

    assert (len(calendar["items"]), calendar["is_cut"]) == (1000, True)
    assert calendar["items"][-1]["day"] < calendar["days"][-1]["day"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"from={TODAY}&to={TODAY + timedelta(days=62)}", "to"),
        (f"from={TODAY}&to={TODAY - timedelta(days=1)}", "to"),
        ("from=2199-01-01", "from"),
        ("from=1970-01-01&to=1970-01-02", "from"),
        ("from=yesterday", "from"),
    ],
)
async def test_days_that_make_no_sense_are_refused(platform: Platform, query: str, field: str) -> None:
    refused = await platform.api.ask("GET", f"/api/calendar?{query}")

    assert refused.status in {400, 422}
    assert field in refused.fields
