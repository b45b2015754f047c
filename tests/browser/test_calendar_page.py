"""The calendar: what goes out when, in three forms, by mouse and by keyboard."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME = "Calendar digest"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def digest(story):
    """Have a campaign that runs each day at noon."""
    form = {
        "name": NAME,
        "start": {"rule": "FREQ=DAILY", "at": "12:00"},
        "who": {"profile": "Plan", "equals": "nobody reads a digest"},  # it may be noon while this runs
        "steps": [{"id": "say", "send": {"text": "Hi"}}],
        "limits": {"per_day": 500},
    }
    made = story.demo.post("/api/campaigns", form)["id"]
    story.demo.post(f"/api/campaigns/{made}/publish")
    yield made
    story.demo.post(f"/api/campaigns/{made}/stop")


@pytest.fixture
def quiet_at_night(story):
    """Have quiet hours for the whole account, and afterwards what there was before."""
    path = "/api/account-settings"
    known = story.demo.get(path)
    night = {"from": "22:00", "to": "08:00", "zone": "account"}
    status, saved = story.demo.ask("PUT", path, {**known, "account": {**known["account"], "quiet": [night]}})
    assert status == 200, saved
    yield
    status, saved = story.demo.ask("PUT", path, {**known, "version": saved["version"]})
    assert status == 200, saved


def later(days):
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


async def test_a_planned_run_leads_to_its_campaign(tab):
    day = later(3)
    page = await tab.open(f"/calendar?view=month&day={day}")
    cell = page.get_by_role("cell").filter(has=page.locator(f'[data-day="{day}"]'))

    await cell.get_by_role("link", name=re.compile(NAME)).click()

    await expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()


async def test_arrows_walk_from_day_to_day_over_the_end_of_a_month_and_enter_opens_the_week(tab):
    page = await tab.open("/calendar?view=month&day=2026-12-31")
    await page.locator('[data-day="2026-12-31"]').focus()

    await page.keyboard.press("ArrowRight")
    await expect(page.locator('[data-day="2027-01-01"]')).to_be_focused()
    await expect(page.get_by_role("heading", name="January 2027")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator('[data-day="2027-01-08"]')).to_be_focused()
    await page.keyboard.press("PageDown")
    await expect(page.locator('[data-day="2027-02-08"]')).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page).to_have_url(re.compile("view=week&day=2027-02-08"))
    await expect(page.get_by_role("list", name=re.compile("Feb 8"))).to_be_attached()


async def test_the_week_shows_the_accounts_quiet_hours_behind_its_runs(tab, quiet_at_night):
    page = await tab.open(f"/calendar?view=week&day={later(7)}")

    await expect(page.locator(".week-quiet")).to_have_count(14)
    await expect(page.get_by_text("Quiet hours of the account.")).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile(NAME))).to_have_count(7)


async def test_the_list_says_all_in_words(tab):
    page = await tab.open(f"/calendar?view=list&day={later(1)}")

    item = page.get_by_role("link", name=re.compile(NAME)).first

    await expect(item).to_contain_text("12:00")
    await expect(item).to_contain_text("recurring, at most 500 a day")
    await expect(page.get_by_text("Days and times are those of the account")).to_contain_text("UTC")


@pytest.mark.parametrize("options", [{"viewport": {"width": 390, "height": 800}}])
async def test_a_phone_shows_the_list(tab):
    page = await tab.open("/calendar")

    await expect(page.get_by_role("radio", name="List")).to_be_checked()


async def test_earlier_later_and_today(tab):
    page = await tab.open("/calendar?view=month&day=2026-12-15")

    await page.get_by_role("button", name="Earlier").click()
    await expect(page.get_by_role("heading", name="November 2026")).to_be_visible()
    await page.get_by_role("button", name="Later").click()
    await page.get_by_role("button", name="Later").click()
    await expect(page.get_by_role("heading", name="January 2027")).to_be_visible()
    await page.get_by_role("button", name="Today").click()

    await expect(page.locator("[aria-current=date]")).to_be_visible()
