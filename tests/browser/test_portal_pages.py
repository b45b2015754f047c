"""The gateway's portal in a browser: readable for everybody, usable by keyboard, and it does what it says."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from tests.browser.portal_world import ADMIN, NUMBER, PASSWORD, Tab, door, spill, tab, violations, world
from tests.waiting import until_asked

from tellwire.gateway.admin.people import normal

__all__ = ["door", "tab", "world"]  # fixtures of the portal
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGES = (
    "overview", "messages", "messages?status=failed", "messages/{umid}", "messages/none", "inbound",
    "inbound?q=4711", "inbound/{text}", "inbound/none", "carriers", "routes",
    "keys", "subaccounts", "senders", "webhooks", "webhooks?umid={text}", "surveys",
    "surveys/nps", "surveys/none", "prices", "simulator", "people", "menu", "nowhere",
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
async def test_a_portal_page_is_readable_in_both_themes_and_on_a_phone(tab: Tab, name: str) -> None:
    page = await tab.open(name.format(umid=tab.world.umid, text=tab.world.text))

    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert await violations(page) == [], scheme
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await spill(page) <= 0, "it scrolls sideways at 360 px"
    assert await violations(page) == [], "360 px"


async def test_the_first_owner_comes_in_by_the_token_and_stays_by_a_password(door: Tab) -> None:
    page = await door.open("")
    assert await violations(page) == []

    await page.get_by_text("Admin token", exact=True).click()
    await page.get_by_label("Admin token").last.fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("not the admin token")
    await page.get_by_label("Admin token").last.fill(ADMIN)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="People").first.click()
    await page.get_by_role("button", name="Add somebody").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("E-mail").fill("Ann@Example.com")
    await dialog.get_by_label("Name").fill("Ann")
    await dialog.get_by_text("Owner", exact=True).click()
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("cell", name=normal("Ann@Example.com"))).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("E-mail").fill("ann@example.com")
    await page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("ann@example.com · owner")).to_be_visible()


async def test_a_key_is_made_by_keyboard_shown_once_and_works_until_it_is_disabled(tab: Tab) -> None:
    page = await tab.open("keys")

    await page.get_by_role("button", name="New key").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Name").fill("Shop")
    await page.keyboard.press("Enter")
    secret = (await page.locator(".secret output").inner_text()).strip()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert secret not in await page.content()
    assert await tab.world.send(NUMBER, "Hi", secret) == 200
    await of_row(page, "Shop", "Disable")
    await expect(page.get_by_role("row").filter(has_text="Shop")).to_contain_text("Disabled")
    assert await tab.world.send(NUMBER, "Hi", secret) == 401
    await of_row(page, "Shop", "Delete")
    await page.get_by_role("dialog").get_by_role("button", name="Delete the key").click()

    await expect(page.get_by_role("rowheader", name="Shop", exact=True)).to_have_count(0)


async def of_row(page: Page, row: str, what: str) -> None:
    """Choose something in the menu of a row."""
    await page.get_by_role("button", name=f"Actions for {row}", exact=True).click()
    await page.get_by_role("menuitem", name=what, exact=True).click()


async def test_a_message_is_found_by_its_number_and_shown_step_by_step(tab: Tab) -> None:
    page = await tab.open("messages")

    await page.keyboard.press("/")
    await page.keyboard.type("9123 4567")
    await expect(page).to_have_url(f"{tab.world.url}/portal/messages?q=9123+4567")
    await expect(page.get_by_role("link", name="+1********01")).to_have_count(0)
    await page.goto(f"{tab.world.url}/portal/messages/{tab.world.umid}")

    await expect(page.get_by_role("heading", name=f"To {NUMBER}")).to_be_visible()
    await expect(page.locator(".timeline")).to_contain_text("Accepted")
    await expect(page.locator(".timeline")).to_contain_text("Delivered")
    await expect(page.locator(".bubble")).to_have_text("Your order is on its way")


async def test_client_ids_of_a_list_show_the_end_that_tells_them_apart(tab: Tab) -> None:
    ids = [f"1a222ca1c53a0d27b0f1{n:07}-1" for n in (16356, 92150)]
    for client_id in ids:
        assert await tab.world.send(NUMBER, "Your order is on its way", client_id=client_id) == 200
    page = await tab.open("messages")

    for client_id in ids:
        shown = page.get_by_title(client_id).first
        await expect(shown).to_have_text(client_id)  # whole for who copies or hears it
        ending = shown.locator("span").last
        await expect(ending).to_have_text(client_id[-10:])
        assert await ending.evaluate("one => one.getClientRects().length") == 1, "it is broken or hidden"
        assert await shown.evaluate("one => one.scrollWidth <= one.clientWidth"), "its end is cut"


async def test_what_was_posted_is_in_the_log_and_is_posted_again(tab: Tab) -> None:
    async def has_posted() -> bool:
        return bool((await tab.get("/webhooks/log"))["tries"])

    await until_asked(has_posted)  # the page shows what was posted when it was opened
    page = await tab.open("webhooks")

    await page.get_by_role("button", name="Post again").first.click()

    await expect(page.locator(".toasts")).to_contain_text("posted once more")


async def test_the_dry_run_says_which_carrier_and_why(tab: Tab) -> None:
    page = await tab.open("routes")

    await page.get_by_role("textbox", name="Number").fill("no number")
    await page.get_by_role("button", name="Which carrier?").click()
    await expect(page.locator(".wrong")).to_contain_text("country code")
    await page.get_by_role("textbox", name="Number").fill("+65 9123 4567")
    await page.get_by_role("button", name="Which carrier?").click()

    await expect(page.get_by_role("status").filter(has_text="goes to simulator")).to_be_visible()
    await expect(page.locator(".why")).to_contain_text("rule for numbers that begin with")


async def test_a_rule_is_added_and_the_table_says_what_it_does(tab: Tab) -> None:
    page = await tab.open("routes")

    await page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Prefix").fill("+44x")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.locator(".wrong")).to_contain_text("digits")
    assert await violations(page) == []
    await dialog.get_by_label("Prefix").fill("44")
    await dialog.get_by_role("button", name="Save").click()

    await expect(page.locator(".rules > li").last).to_contain_text("+44…")


async def test_viewers_are_offered_nothing_they_may_not_do(tab: Tab) -> None:
    person = {"email": "vic@example.com", "name": "Vic", "role": "viewer", "password": PASSWORD}
    made = await tab.context.request.post(
        f"{tab.world.url}/admin/api/people", data=person, headers={"Origin": tab.world.url}
    )
    assert made.ok
    await tab.sign_in({"email": "vic@example.com", "password": PASSWORD})

    for name in ("keys", "subaccounts", "senders", "webhooks", "prices", "routes"):
        page = await tab.open(name)
        await expect(page.locator("main h1")).to_be_visible()
        await expect(page.locator("main").get_by_role("button", name="Actions for")).to_have_count(0)
    page = await tab.open(f"messages/{tab.world.umid}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("To +65******67")
    await expect(page.locator(".bubble")).to_have_count(0)


async def test_the_overview_but_for_what_draws_its_plot_is_at_most_68_kib_on_the_wire(tab: Tab) -> None:
    sizes: list[int] = []

    async def add(request: Any) -> None:
        is_drawing = "uplot" in request.url  # comes after the page, or before on a slow day
        if ("/static/" in request.url or request.resource_type == "document") and not is_drawing:
            sizes.append((await request.sizes())["responseBodySize"])

    tab.page.on("requestfinished", add)
    await tab.open("overview")
    await tab.page.wait_for_load_state("load")

    assert 10_000 < sum(sizes) <= 68 * 1024, sizes
