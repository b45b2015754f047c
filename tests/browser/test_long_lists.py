"""Thousands of things stay a page that can be used: some rows are drawn, and all of them can be found."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MANY = 2_000


@pytest.fixture
def campaigns(story):
    """Return the list's answer as it would be with thousands of campaigns."""
    like = story.demo.get(f"/api/campaigns/{story.campaign_id}")
    named = [
        {**like, "id": n + 100, "name": f"Campaign {n}", "start": {"event": f"Event {n % 50}"}}
        for n in range(MANY)
    ]
    return {"campaigns": named}


async def test_two_thousand_campaigns_draw_a_hundred_and_more_on_demand(tab, campaigns):
    await tab.page.route("**/api/campaigns", lambda route: route.fulfill(json=campaigns))
    page = await tab.open("/campaigns")
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(100)
    await expect(page.get_by_text("2,000 campaigns")).to_be_visible()

    await page.get_by_role("button", name="Show 100 more").click()

    await expect(rows).to_have_count(200)
    assert await page.locator("*").count() < 5_000


async def test_a_search_looks_through_all_and_clearing_it_draws_the_first_hundred(tab, campaigns):
    await tab.page.route("**/api/campaigns", lambda route: route.fulfill(json=campaigns))
    page = await tab.open("/campaigns")
    search = page.get_by_label("Find a campaign")

    await search.fill("campaign 1234")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.get_by_text("1 of 2,000")).to_be_visible()
    await search.fill("")

    await expect(page.locator("tbody tr")).to_have_count(100)


async def test_back_finds_the_search_and_as_many_rows_as_before(tab, campaigns):
    await tab.page.route("**/api/campaigns", lambda route: route.fulfill(json=campaigns))
    page = await tab.open("/campaigns")
    await page.get_by_label("Find a campaign").fill("event 4")
    await expect(page.get_by_text("440 of 2,000")).to_be_visible()
    await page.get_by_role("button", name="Show 100 more").click()
    await expect(page.locator("tbody tr")).to_have_count(200)

    await page.get_by_role("link", name="Messages").click()
    await expect(page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    await page.go_back()

    await expect(page.get_by_label("Find a campaign")).to_have_value("event 4")
    await expect(page.locator("tbody tr")).to_have_count(200)
