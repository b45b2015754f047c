"""The platform's JSON API: what changing the account would do, and pausing all sending."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.e2e.control_client import CAMPAIGN, PROVIDER, Platform, deliver, running

ACCOUNT = "/api/account-settings"


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        campaign = await started.api.post("/api/campaigns", CAMPAIGN)
        await started.api.post(f"/api/campaigns/{campaign['id']}/publish", {})
        await started.track(started.record(Phone="91230000", Name="Ann"))
        yield started


async def order(platform: Platform) -> None:
    await platform.track(platform.event("Order Placed", Amount=20, Item="shoes"))


async def statuses(platform: Platform) -> list[tuple[str, str]]:
    messages = (await platform.api.get("/api/messages"))["messages"]
    return [(one["standing"]["status"], one["error_code"]) for one in messages]


async def test_what_waits_while_all_sending_is_paused_goes_when_it_goes_on(platform: Platform) -> None:
    page = await platform.api.get(ACCOUNT)
    paused = await platform.api.put(ACCOUNT, {**page, "is_paused": True})
    await order(platform)

    assert await deliver(platform) == []
    assert (await platform.api.get("/api/session"))["is_sending_paused"] is True
    waiting = await platform.api.get(ACCOUNT)
    assert (waiting["is_paused"], waiting["queued"]) == (True, 1)
    await platform.api.put(ACCOUNT, {**paused, "is_paused": False})
    assert len(await deliver(platform)) == 1
    assert (await platform.api.get("/api/session"))["is_sending_paused"] is False


async def test_what_waits_may_be_dropped_and_what_comes_later_goes(platform: Platform) -> None:
    await order(platform)
    page = await platform.api.get(ACCOUNT)

    paused = await platform.api.put(f"{ACCOUNT}?queued=drop", {**page, "is_paused": True})
    platform.clock.advance(timedelta(minutes=1))
    await order(platform)
    await platform.api.put(ACCOUNT, {**paused, "is_paused": False})

    assert len(await deliver(platform)) == 1
    assert await statuses(platform) == [("sent", ""), ("rejected", "sending_stopped")]


async def test_what_a_change_would_do_is_said_and_nothing_is_saved(platform: Platform) -> None:
    page = await platform.api.get(ACCOUNT)
    change = {**page, "account": {"zone": "Asia/Singapore", "limits": {"per_person": ["3 per 7 days"]}}}

    told = await platform.api.post(f"{ACCOUNT}/effects", change)

    assert [one.partition(" ")[0] for one in told["effects"]] == ["Days", "One"]
    assert await platform.api.get(ACCOUNT) == page
    wrong = await platform.api.ask("POST", f"{ACCOUNT}/effects", {"account": {"zone": "Mars/Phobos"}})
    assert (wrong.status, list(wrong.fields)) == (422, ["account.zone"])


async def test_the_account_says_which_campaigns_need_an_audience(platform: Platform) -> None:
    page = await platform.api.get(ACCOUNT)
    gold = [{"name": "Gold", "rule": {"profile": "Tier", "equals": "gold"}}]
    saved = await platform.api.put(ACCOUNT, {**page, "audiences": gold})
    form = {"name": "For gold", "start": {"joins": "Gold"}, "steps": [{"id": "say", "send": {"text": "Hi"}}]}
    campaign = await platform.api.post("/api/campaigns", form)
    await platform.api.post(f"/api/campaigns/{campaign['id']}/publish", {})

    used = (await platform.api.get(ACCOUNT))["used"]
    refused = await platform.api.ask("PUT", ACCOUNT, {**saved, "audiences": []})

    assert used == {"Gold": ["For gold"]}
    assert (refused.status, list(refused.fields)) == (422, ["audiences"])
