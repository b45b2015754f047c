"""Ctrl K: pages, campaigns and people by what is typed, by keyboard alone."""

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_ctrl_k_finds_a_page_and_goes_there(tab):
    page = await tab.open("/live")

    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog", name="Find").get_by_role("combobox").fill("import and")
    await expect(page.get_by_role("option", name="Import and export")).to_have_attribute(
        "aria-selected", "true"
    )
    assert await violations(page) == []
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Import and export", level=1)).to_be_focused()


async def test_the_button_of_the_frame_finds_campaigns_and_people(tab):
    name = tab.story.demo.get(f"/api/campaigns/{tab.story.campaign_id}")["name"]
    page = await tab.open("/live")
    await page.get_by_role("button", name="Find", exact=True).click()
    await page.get_by_role("dialog", name="Find").get_by_role("combobox").fill(name[:6])
    await page.get_by_role("option", name=name).first.click()
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()

    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog", name="Find").get_by_role("combobox").fill("ann")
    await page.get_by_role("option", name="Profile ann").click()

    await expect(page).to_have_url(f"{tab.story.url}/profile?identity=ann")


async def test_what_is_called_nothing_says_so_and_escape_leaves(tab):
    page = await tab.open("/messages")
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog", name="Find").get_by_role("combobox").fill("no such thing at all")

    await expect(page.get_by_text("Nothing is called")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog")).to_have_count(0)
