"""Explain for a person and a campaign, and “Why so few?” on a campaign's page."""

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import spill, violations
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SEND = [{"id": "say", "send": {"text": "Hi"}}]


def a_running_campaign(demo, name, **fields):
    _, saved = demo.ask("POST", "/api/campaigns", {"name": name, "steps": SEND, **fields})
    status, answer = demo.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})
    assert status == 200, answer
    return saved["id"]


async def test_why_so_few_leads_to_the_people_and_why_each_got_nothing(tab):
    demo = tab.story.demo
    who = {"all": [{"profile": "Plan", "equals": "gold"}]}
    campaign = a_running_campaign(demo, "Few get it", start={"event": "Asked Why"}, who=who)
    demo.upload({"identity": "walt", "type": "event", "evtName": "Asked Why", "evtData": {}})
    eventually(lambda: demo.get(f"/api/campaigns/{campaign}/why")["decided"] == 1, what="walt was refused")
    page = await tab.open(f"/campaigns/{campaign}")

    reasons = page.get_by_role("table", name="Why so few")
    await expect(reasons.get_by_role("row", name="Who it is for")).to_contain_text("At the start")
    assert await violations(page) == []
    await reasons.get_by_role("link", name="walt").click()

    await expect(page.get_by_role("combobox", name="Campaign")).to_have_value(str(campaign))
    await expect(page.get_by_text("They are none of those whom it is for now.")).to_be_visible()
    await expect(page.get_by_role("region", name="Few get it")).to_contain_text("Skipped")
    assert await violations(page) == []
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await spill(page) <= 0


async def test_who_never_had_a_birthday_is_explained_by_campaign_alone(tab):
    demo = tab.story.demo
    start = {"date": "Profile.DOB", "yearly": True, "at": "09:00"}
    campaign = a_running_campaign(demo, "Birthday wishes", start=start)
    demo.upload({"identity": "una", "type": "profile", "profileData": {"Name": "Una"}})
    eventually(lambda: demo.get("/api/explain", identity="una", event="x")["profile"], what="una is known")
    page = await tab.open("/explain")

    await page.get_by_label("Who").fill("una")
    await page.get_by_label("Campaign").select_option(str(campaign))
    await page.get_by_role("button", name="Explain").click()

    card = page.get_by_role("region", name="How it starts for them")
    await expect(card).to_contain_text("They have no “DOB”")
    assert f"campaign={campaign}" in page.url
