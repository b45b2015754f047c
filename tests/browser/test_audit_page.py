"""The audit log: who changed what, found by filters that the address keeps, opened with before and after."""

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def a_changed_campaign(story, name):
    _, saved = story.demo.ask(
        "POST", "/api/campaigns", {"name": name, "event": "Audited", "content": {"text": "Hi"}}
    )
    change = {"name": name, "event": "Audited", "content": {"text": "Hello"}, "version": saved["version"]}
    story.demo.ask("PUT", f"/api/campaigns/{saved['id']}", change)
    return saved["id"]


async def test_a_change_is_found_and_opened_by_keyboard(tab):
    a_changed_campaign(tab.story, "Read by keys")

    page = await tab.open("/settings/audit?kind=campaign")
    row = page.get_by_role("row", name="Read by keys Changed")
    await expect(row).to_have_count(1)
    await row.focus()
    await page.keyboard.press("Enter")

    panel = page.get_by_role("dialog", name="Read by keys changed")
    await expect(panel.get_by_role("cell", name="Hi", exact=True)).to_be_visible()
    await expect(panel.get_by_role("cell", name="Hello", exact=True)).to_be_visible()
    assert "open=" in page.url
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    assert "open=" not in page.url


async def test_filters_stay_over_a_reload_and_say_when_nothing_fits(tab):
    a_changed_campaign(tab.story, "Filtered")
    page = await tab.open("/settings/audit")

    await page.get_by_label("Kind").select_option("audience")
    await page.get_by_label("By", exact=True).fill("nobody.of.that.name@example.com")
    await expect(page.get_by_role("heading", name="No such change")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Kind")).to_have_value("audience")
    await expect(page.get_by_role("heading", name="No such change")).to_be_visible()


async def test_a_campaigns_history_leads_to_its_lines(tab):
    campaign_id = a_changed_campaign(tab.story, "With a past")
    page = await tab.open(f"/campaigns/{campaign_id}")

    history = page.get_by_role("region", name="History")
    await history.get_by_text("Changed: Text").click()
    await expect(history.get_by_role("cell", name="Hello", exact=True)).to_be_visible()
    await history.get_by_role("link", name="In the audit log").click()

    await expect(page.get_by_role("row")).to_have_count(3)  # with the head
    await page.get_by_role("button", name=f"Only campaign {campaign_id}").click()
    assert "object_id" not in page.url
