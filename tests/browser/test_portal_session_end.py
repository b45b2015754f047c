"""A portal session that ends while a dialog is open loses nothing of what was typed into it."""

import pytest
from playwright.async_api import expect
from tests.browser.portal_world import ADMIN, Tab, door, tab, violations, world

__all__ = ["door", "tab", "world"]  # fixtures of the portal
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def write_key(tab: Tab) -> None:
    page = await tab.open("keys")
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("Name").fill("Typed before the end")
    await page.get_by_label("IP addresses").fill("203.0.113.7")


async def test_a_dialog_stands_while_its_writer_signs_in_again_and_is_then_saved(tab: Tab) -> None:
    await write_key(tab)
    page = tab.page
    await tab.context.clear_cookies()

    await page.get_by_role("button", name="Make the key").click()
    again = page.get_by_role("dialog", name="Sign in again")
    await expect(again.get_by_label("Admin token").last).to_be_focused()
    assert await violations(page) == []
    await page.keyboard.type(ADMIN)
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("dialog", name="The key for")).to_contain_text("Copy it now")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("row").filter(has_text="Typed before the end")).to_have_count(1)


async def test_looking_away_from_the_door_and_back_keeps_what_was_typed(tab: Tab) -> None:
    await write_key(tab)
    page = tab.page
    await tab.context.clear_cookies()
    await page.get_by_role("button", name="Make the key").click()
    again = page.get_by_role("dialog", name="Sign in again")
    await expect(again).to_be_visible()

    async with page.expect_response("**/admin/api/session"):
        await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await again.get_by_role("button", name="Not now").click()

    await expect(page.get_by_role("dialog", name="New API key").get_by_label("Name")).to_have_value(
        "Typed before the end"
    )
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("still here")
