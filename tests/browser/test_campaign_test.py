"""“Send me a test”: a campaign's text with somebody's values, to one's own phone, from its page and its editor."""

import re

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import spill, violations
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STEPS = [
    {"id": "first", "send": {"text": "Test for {{ Profile.Name | default: 'nobody' }}"}},
    {"id": "pause", "wait": {"for": "1 hour"}},
    {"id": "later", "send": {"text": "Later, {{ Profile.Name | default: 'nobody' }}"}},
]


def a_campaign(story, name):
    body = {"name": name, "start": {"event": "Tested"}, "steps": STEPS}
    _, saved = story.demo.ask("POST", "/api/campaigns", body)
    return saved["id"]


async def test_the_text_of_a_step_comes_to_my_phone_with_her_values(tab):
    demo = tab.story.demo
    demo.upload({"identity": "tina", "type": "profile", "profileData": {"Name": "Tina"}})
    eventually(lambda: demo.get("/api/explain", identity="tina")["profile"], what="tina is known")
    page = await tab.open(f"/campaigns/{a_campaign(tab.story, 'Tested campaign')}")

    await page.get_by_role("button", name="Send me a test").click()
    panel = page.get_by_role("dialog", name="Send me a test")
    await panel.get_by_role("button", name="Send", exact=True).click()
    await expect(panel.get_by_text("Enter the number of the phone")).to_be_visible()
    await panel.get_by_label("Your number").fill(demo.ready["handset"])
    await panel.get_by_label("Step").select_option("later")
    await panel.get_by_label("With the values of").fill("tina")
    await panel.get_by_label("With the values of").press("Enter")

    await expect(panel.get_by_text("Accepted by the provider")).to_be_visible()
    await expect(panel.locator(".bubble")).to_have_text("Later, Tina")
    assert await violations(page) == []
    eventually(
        lambda: any(one["text"] == "Later, Tina" for one in demo.texts(demo.ready["handset"])),
        what="the test is on the handset",
    )
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await spill(page) <= 0
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)


async def test_what_stands_in_the_yaml_editor_is_tested_unsaved_and_its_mistakes_are_said(tab):
    page = await tab.open(f"/campaigns/{a_campaign(tab.story, 'Tested in YAML')}/edit")
    await page.get_by_text("YAML", exact=True).click()
    editor = page.get_by_label("The campaign in YAML")
    await expect(editor).to_have_value(re.compile("Test for"))
    text = await editor.input_value()

    await editor.fill(text.replace("Test for", "Unsaved for"))
    preview = page.get_by_role("complementary", name="Preview")
    await expect(preview.locator(".bubble").first).to_have_text("Unsaved for nobody")
    await page.get_by_role("button", name="Send me a test").click()
    panel = page.get_by_role("dialog", name="Send me a test")
    await panel.get_by_label("Your number").fill(tab.story.demo.ready["handset"])
    await panel.get_by_role("button", name="Send", exact=True).click()
    await expect(panel.locator(".bubble")).to_have_text("Unsaved for nobody")

    tab.allowed.append("422")
    await editor.fill(text.replace("Test for {{", "Test for {{ {{"))
    await expect(preview).to_contain_text("Line 1")
    await panel.get_by_role("button", name="Send", exact=True).click()
    await expect(panel.locator(".wrong")).to_contain_text("line 1: unexpected")
    await editor.fill(text)
