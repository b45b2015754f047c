"""Audiences: a rule is counted as it is written, saved, explained for one person, and deleted."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.browser.test_every_page import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def plain(story):
    """Leave no audience behind."""
    yield
    for one in story.demo.get("/api/audiences")["audiences"]:
        story.demo.ask("DELETE", f"/api/audiences/saved?name={one['name']}")


async def test_a_rule_is_counted_as_it_is_written_and_saved(tab):
    page = await tab.open("/audiences/new")

    await page.get_by_label("Name", exact=True).fill("Buyers")
    await page.get_by_role("button", name="Remove rule 1").click()
    await page.get_by_role("button", name="More rules").click()
    await page.get_by_role("menuitem", name="Did an event").click()
    await page.get_by_label("Event of rule 1").fill("Order Placed")
    await expect(page.get_by_text(re.compile("can be reached by SMS"))).to_be_visible()
    await expect(page.get_by_text(re.compile("This row alone"))).to_be_visible()
    await page.get_by_label("Identity of a person").fill("ann")
    await page.get_by_role("button", name="Ask").click()
    await expect(page.get_by_text("They belong.")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Buyers")).to_be_visible()

    saved = tab.story.demo.get("/api/audiences?sizes=true")["audiences"]
    assert [(one["name"], one["rule"]) for one in saved] == [("Buyers", {"all": [{"did": "Order Placed"}]})]
    assert saved[0]["size"]["count"] >= 1


async def test_audiences_are_listed_with_their_sizes_and_one_is_deleted(tab):
    status, _ = tab.story.demo.ask(
        "POST", "/api/audiences", {"name": "Gone", "rule": {"profile": "Nothing", "exists": True}}
    )
    assert status == 201
    page = await tab.open("/audiences")
    await expect(page.get_by_role("row", name=re.compile("Gone.*0"))).to_be_visible()
    assert await violations(page) == []

    await page.get_by_role("link", name="Gone").click()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    await expect(page.get_by_text("No audience yet")).to_be_visible()
    assert tab.story.demo.get("/api/audiences")["audiences"] == []
