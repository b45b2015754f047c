"""The portal's dialogs: every error at once beside its field until that is changed, and keys that work."""

import asyncio

import pytest
from playwright.async_api import Locator, Route, expect
from tests.browser.portal_world import Tab, door, tab, violations, world

__all__ = ["door", "tab", "world"]  # fixtures of the portal
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def field(dialog: Locator, label: str) -> Locator:
    return dialog.locator(".field", has=dialog.page.get_by_label(label, exact=True))


@pytest.mark.parametrize(
    ("page_name", "button", "label"),
    [
        ("subaccounts", "New subaccount", "Name"),
        ("subaccounts", "New account", "Id"),
        ("senders", "New login", "system_id"),
        ("surveys", "New survey", "Name"),
    ],
)
@pytest.mark.parametrize("name", ["", "..", "a/b"])
async def test_a_name_that_is_none_is_told_beside_its_field(
    tab: Tab, page_name: str, button: str, label: str, name: str
) -> None:
    page = await tab.open(page_name)
    await page.locator("main").get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(label, exact=True).fill(name)

    await dialog.get_by_role("button", name="Save").click()

    await expect(field(dialog, label).locator(".wrong")).to_contain_text("letters, digits")
    await expect(dialog.get_by_label(label, exact=True)).to_be_focused()
    await expect(dialog).not_to_contain_text("deleted meanwhile")


async def test_all_errors_stand_at_once_each_until_its_field_is_changed(tab: Tab) -> None:
    page = await tab.open("prices")
    await page.get_by_role("button", name="New price").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Prefix").fill("x")
    await dialog.get_by_label("MCC").fill("1")
    await dialog.get_by_label("MCC").press("Enter")

    await expect(dialog.locator(".wrong")).to_have_count(3)
    await expect(dialog.get_by_label("Prefix")).to_be_focused()
    assert await violations(page) == []
    await dialog.get_by_label("MCC").fill("525")

    await expect(dialog.locator(".wrong")).to_have_count(2)
    await expect(field(dialog, "MCC").locator(".wrong")).to_have_count(0)


async def test_a_price_without_a_prefix_is_no_price_of_everything_else(tab: Tab) -> None:
    page = await tab.open("prices")
    await page.get_by_role("button", name="New price").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Price of one part").fill("0.01")
    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog.locator(".wrong")).to_have_text("Write a prefix, or choose every other number.")
    await dialog.get_by_text("Every other number", exact=True).click()
    await dialog.get_by_role("button", name="Save").click()

    await expect(page.get_by_role("rowheader", name="all others", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Actions for every other number").click()
    await page.get_by_role("menuitem", name="Change").click()
    await page.get_by_role("dialog").get_by_label("Price of one part").fill("0.02")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("cell", name="0.02", exact=True)).to_be_visible()


async def test_what_is_wrong_with_a_group_of_fields_gets_the_focus_too(tab: Tab) -> None:
    page = await tab.open("surveys")
    await page.get_by_role("button", name="New survey").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill("how-was-it")
    await dialog.get_by_label("Title").fill("How was it?")

    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog.locator(".wrong")).to_be_focused()
    await expect(dialog.locator(".wrong")).to_have_text("Question 1 has no words.")


async def test_a_form_that_is_being_saved_says_so_and_is_saved_once(tab: Tab) -> None:
    page = await tab.open("keys")
    await page.get_by_role("button", name="New key").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Once")
    may_go = asyncio.Event()
    posts = []

    async def hold(route: Route) -> None:
        if route.request.method == "POST":
            posts.append(route.request.url)
            await may_go.wait()
        await route.continue_()

    await page.route("**/admin/api/keys", hold)
    await dialog.get_by_label("IP addresses").press("Control+Enter")
    await expect(dialog.get_by_role("button", name="Saving…")).to_have_attribute("aria-disabled", "true")
    await dialog.get_by_label("Name").press("Enter")
    may_go.set()

    await expect(page.get_by_role("dialog")).to_contain_text("Copy it now")
    assert len(posts) == 1
    await page.unroute_all(behavior="wait")


async def test_escape_closes_a_form_and_gives_the_focus_back(tab: Tab) -> None:
    page = await tab.open("subaccounts")
    opener = page.get_by_role("button", name="New account")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("Id")).to_be_focused()

    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()
