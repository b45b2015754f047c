"""The pages of the simulated phones: all of them, and one that is written from."""

import pytest
from playwright.async_api import Route, expect
from tests.browser.portal_world import Tab, door, spill, tab, violations, world

__all__ = ["door", "tab", "world"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE = "6590008888"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", f"/{PHONE}"], ids=["all", "one"])
async def test_the_phones_are_readable_in_both_themes_and_at_all_widths(
    tab: Tab, path: str, scheme: str
) -> None:
    await tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of two
    await tab.page.goto(f"{tab.world.url}/simulator/handsets{path}")
    await expect(tab.page.get_by_role("heading", level=1)).to_be_visible()

    for width in (1920, 1200, 390, 320):
        await tab.page.set_viewport_size({"width": width, "height": 800})
        assert await violations(tab.page) == [], width
        assert await spill(tab.page) <= 0, width


async def test_a_phone_is_opened_written_from_and_switched_off_by_keys_alone(tab: Tab) -> None:
    page = tab.page
    await page.goto(f"{tab.world.url}/simulator/handsets")
    await page.get_by_label("Open the phone of any number").focus()
    await page.keyboard.type("+65 9000 8888")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{tab.world.url}/simulator/handsets/{PHONE}")

    await page.get_by_label("To", exact=True).fill("6580001234")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Where is it?")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Where is it?")
    await expect(page.get_by_label("Text", exact=True)).to_have_value("")
    await page.get_by_role("switch", name="Switched on").press("Space")
    await expect(page.get_by_text("Switched off. Texts wait with the carrier.")).to_be_visible()
    await expect(page.get_by_role("button", name="Send")).to_be_disabled()

    await page.get_by_role("switch", name="Switched on").press("Space")
    await expect(page.get_by_role("button", name="Send")).to_be_enabled()


async def test_a_list_of_phones_that_cannot_be_had_says_so_and_comes_back(tab: Tab) -> None:
    page = tab.page

    async def fail(route: Route) -> None:
        await route.fulfill(status=409, json={"error": {"message": "The gateway is starting."}})

    await page.route("**/simulator/api/handsets", fail)
    await page.goto(f"{tab.world.url}/simulator/handsets")
    await expect(page.get_by_role("alert")).to_contain_text("The gateway is starting.")

    await page.unroute_all(behavior="wait")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(page.get_by_role("table", name="Magic numbers")).to_contain_text("+12025550100")
