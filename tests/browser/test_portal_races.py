"""The portal for quick hands: by keyboard alone, clicked twice, answered out of order, typed into meanwhile."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect
from tests.browser.portal_world import NUMBER, VIRTUAL, Tab, door, tab, world
from tests.waiting import until_asked

__all__ = ["door", "tab", "world"]  # fixtures of the portal
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STOPS = 80  # a page has fewer; more means that something cannot be reached


async def tab_to_link(page: Page, name: str) -> None:
    for _ in range(STOPS):
        if (
            await page.evaluate(
                "document.activeElement.matches('main a') && document.activeElement.innerText"
            )
            == name
        ):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {name!r}")


async def test_a_text_is_found_and_read_by_keyboard_alone(tab: Tab) -> None:
    page = await tab.open("overview")
    await page.keyboard.type("gb")  # in one go: a chord has a time limit
    await expect(page.get_by_role("heading", name="Inbound", level=1)).to_be_focused()

    await page.keyboard.press("/")
    await page.keyboard.type("1234567")
    await expect(page).to_have_url(f"{tab.world.url}/portal/inbound?q=1234567")
    await expect(page.get_by_role("link", name="+65******67")).to_be_visible()
    await tab_to_link(page, "+65******67")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name=f"From {NUMBER}", level=1)).to_be_focused()
    await expect(page.locator(".bubble")).to_contain_text("Where is my parcel?")
    await expect(page.get_by_text(f"+{VIRTUAL}")).to_be_visible()
    await page.get_by_role("link", name="In the delivery log").click()
    await expect(page.get_by_role("link", name=tab.world.text)).not_to_have_count(0)


async def test_an_answer_that_was_overtaken_is_not_shown(tab: Tab) -> None:
    page = await tab.open("messages")
    is_newer_answered = asyncio.Event()

    async def hold(route: Route) -> None:
        if "q=4567" in route.request.url:
            await is_newer_answered.wait()
        await route.continue_()
        if "q=5501" in route.request.url:
            is_newer_answered.set()

    await page.route("**/admin/api/messages?*", hold)

    find = page.get_by_label("Find")
    async with page.expect_request("**/admin/api/messages?q=4567*"):
        await find.fill("4567")
    await find.fill("5501")

    await expect(page.get_by_role("link", name="+1********01")).to_be_visible()
    await expect(page.get_by_role("link", name="+65******67")).to_have_count(0)
    await page.unroute_all(behavior="wait")


async def test_a_post_clicked_twice_goes_out_once(tab: Tab) -> None:
    async def has_posted() -> bool:
        return bool((await tab.get("/webhooks/log"))["tries"])

    await until_asked(has_posted)
    page = await tab.open("webhooks")
    asked = []
    page.on("request", lambda request: request.url.endswith("/again") and asked.append(request.url))

    await page.get_by_role("button", name="Post again").first.dblclick()
    await expect(page.locator(".toasts")).to_contain_text("posted once more")

    assert len(asked) == 1


async def test_a_click_beside_a_form_keeps_what_was_typed(tab: Tab) -> None:
    page = await tab.open("keys")
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("Name").fill("Half typed")

    await page.mouse.click(5, 5)

    await expect(page.get_by_label("Name")).to_have_value("Half typed")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_filter_typed_while_the_next_page_loads_does_not_follow_there(tab: Tab) -> None:
    await tab.page.clock.install()
    page = await tab.open("messages")
    may_load = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_load.wait()
        await route.continue_()

    await page.route("**/pages/prices.js", hold)
    await page.get_by_role("link", name="Prices").click()
    await page.get_by_label("Find").fill("4567")  # the old page stands until the new one is there
    await page.clock.run_for(1000)  # longer than a typed filter rests
    assert page.url == f"{tab.world.url}/portal/prices"
    may_load.set()

    await expect(page.get_by_role("heading", name="Prices", level=1)).to_be_visible()
    await expect(page).to_have_url(f"{tab.world.url}/portal/prices")
    await page.unroute_all(behavior="wait")


async def test_a_handsets_reply_is_sent_once_and_the_next_one_can_be_typed_meanwhile(tab: Tab) -> None:
    page = tab.page
    await page.goto(f"{tab.world.url}/simulator/handsets/6590007777")
    may_go = asyncio.Event()
    posts = []

    async def hold(route: Route) -> None:
        posts.append(route.request.url)
        await may_go.wait()
        await route.continue_()

    await page.route("**/reply", hold)
    await page.get_by_label("To", exact=True).fill(VIRTUAL)
    text = page.get_by_label("Text", exact=True)
    await text.fill("first")
    await text.press("Control+Enter")
    await text.fill("second, not yet sent")
    await text.press("Control+Enter")
    may_go.set()

    await expect(page.get_by_role("button", name="Send")).to_be_enabled()
    await expect(text).to_have_value("second, not yet sent")
    assert len(posts) == 1
    await page.unroute_all(behavior="wait")
