"""The portal's routes: a rule says what it fits, what it would do is told before, and it can be taken back after."""

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect
from tests.browser.portal_world import ROUTES, Tab, World, door, spill, tab, violations, world

__all__ = ["door", "tab", "world"]  # fixtures of the portal
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def _routes(world: World) -> None:
    """Begin with the world's own rules, whatever another test made of them."""
    await world.gateway.traffic.save_rules(list(ROUTES))


async def new_rule(page: Page) -> Locator:
    await page.get_by_role("button", name="New rule").click()
    return page.get_by_role("dialog")


async def test_a_new_rule_saved_untouched_is_no_rule_for_every_number(tab: Tab) -> None:
    page = await tab.open("routes")
    before = (await tab.get("/routes"))["rules"]

    dialog = await new_rule(page)
    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog.locator(".wrong")).to_contain_text("Say which messages it fits")
    await expect(dialog.get_by_label("Prefix")).to_be_focused()
    assert await violations(page) == []
    assert (await tab.get("/routes"))["rules"] == before
    await dialog.get_by_label("Prefix").fill("4")
    await expect(dialog.locator(".wrong")).to_have_count(0)


async def test_a_new_rule_comes_last_and_is_taken_back(tab: Tab) -> None:
    page = await tab.open("routes")
    before = (await tab.get("/routes"))["rules"]

    dialog = await new_rule(page)
    await dialog.get_by_text("Every number", exact=True).click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.locator(".rules > li")).to_have_count(len(before) + 1)
    added = (await tab.get("/routes"))["rules"]
    await page.get_by_role("button", name="Undo").click()

    await expect(page.locator(".rules > li")).to_have_count(len(before))
    assert [rule["id"] for rule in added[:-1]] == [rule["id"] for rule in before]
    assert added[-1]["fits_all"]
    after = (await tab.get("/routes"))["rules"]
    assert [(rule["id"], rule["prefix"]) for rule in after] == [
        (rule["id"], rule["prefix"]) for rule in before
    ]


async def test_what_a_rule_would_have_done_is_told_before_it_is_saved(tab: Tab) -> None:
    page = await tab.open("routes")

    dialog = await new_rule(page)
    await dialog.get_by_label("Prefix").fill("65")
    await expect(dialog.get_by_role("status").first).to_contain_text("None of the 2 messages")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Delete the rule for every number").click()

    await expect(page.get_by_role("dialog")).to_contain_text("1 of the 2 messages of the last 24 hours")
    await expect(page.get_by_role("dialog")).to_contain_text("1 that went to simulator would be refused")


async def test_a_rule_that_somebody_else_changed_meanwhile_is_not_written_over(tab: Tab) -> None:
    page = await tab.open("routes")
    await page.get_by_role("button", name="Change the rule for numbers that begin with +65").click()
    table = await tab.get("/routes")
    others = [{**rule, "source": "Shop"} if rule["id"] == "sg" else rule for rule in table["rules"]]
    saved = await tab.context.request.put(
        f"{tab.world.url}/admin/api/routes",
        data={"rules": others, "version": table["version"]},
        headers={"Origin": tab.world.url},
    )
    assert saved.ok, await saved.text()
    await expect(page.locator(".rules .badge")).to_have_text("from Shop")

    await page.get_by_role("dialog").get_by_role("button", name="Save").click()

    await expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this rule")


async def test_the_bar_of_a_share_is_as_long_as_the_share(tab: Tab) -> None:
    page = await tab.open("routes")

    table = await tab.get("/routes")
    table["rules"][0]["shares"] = [
        {"carrier": "simulator", "weight": 7, "takes": 0.7},
        {"carrier": "other", "weight": 3, "takes": 0.3},
    ]
    await page.route("**/admin/api/routes", lambda route: route.fulfill(json=table))
    await page.reload()
    await expect(page.locator(".rules > li:first-child .meter")).to_have_count(2)

    widths = await page.locator(".rules > li:first-child .meter").evaluate_all(
        "meters => meters.map((meter) => meter.firstElementChild.offsetWidth / meter.offsetWidth)"
    )

    assert widths == pytest.approx([0.7, 0.3], abs=0.02)
    await page.unroute_all(behavior="wait")


@pytest.mark.parametrize("width", [390, 320])
async def test_the_form_of_a_rule_fits_a_phone(tab: Tab, width: int) -> None:
    page = await tab.open("routes")
    await page.set_viewport_size({"width": width, "height": 740})

    await new_rule(page)

    assert await spill(page) <= 0
    assert await violations(page) == []
