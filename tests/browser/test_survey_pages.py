"""Surveys in a browser: made in the portal by somebody who signs in, answered by somebody who has only the link."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from tests.browser.portal_world import KEY, NUMBER, SURVEY, Tab, door, spill, tab, violations, world
from tests.waiting import until

__all__ = ["door", "tab", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def send_survey(tab: Tab, survey: str) -> str:
    """Send a survey over the API and return the link that the handset got."""
    handsets = tab.world.gateway.handsets

    def texts() -> list[str]:
        handset = handsets.find(NUMBER.removeprefix("+"))
        return [] if handset is None else [one.text for one in handset.messages if "/s/" in one.text]

    before = len(texts())
    answer = await tab.context.request.post(
        f"{tab.world.url}/api/v1/subaccounts/demo_hq/surveys/{survey}/messages",
        data={"destination": NUMBER, "templateBody": "Tell us: {{url}}"},
        headers={"Authorization": f"Bearer {KEY}"},
    )
    assert answer.ok, await answer.text()
    await until(lambda: len(texts()) > before)
    return texts()[-1].removeprefix("Tell us: ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_form_is_readable_without_scripts_on_a_small_phone(
    tab: Tab, browser: Browser, scheme: Any
) -> None:
    link = await send_survey(tab, SURVEY.id)
    context = await browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    page = await context.new_page()

    await page.goto(link)
    assert await violations(page) == []
    assert await spill(page) == 0
    await page.locator("form").evaluate("form => form.noValidate = true")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page) == []

    await context.close()


async def test_somebody_answers_by_keyboard_and_the_portal_counts_it(tab: Tab, browser: Browser) -> None:
    link = await send_survey(tab, SURVEY.id)
    before = (await tab.get("/surveys/nps"))["counts"]["answered"]
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()

    await page.goto(link)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.type("All was <b>fine</b>")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    await context.close()

    portal = await tab.open("surveys/nps")
    await expect(portal.get_by_text("All was <b>fine</b>").first).to_be_visible()
    survey = await tab.get("/surveys/nps")
    assert survey["counts"]["answered"] == before + 1
    assert survey["results"][0]["choices"][0]["count"] >= 1


async def test_an_operator_makes_a_survey_changes_it_and_deletes_it(tab: Tab) -> None:
    page = await tab.open("surveys")

    await page.get_by_role("button", name="New survey").click()
    await page.get_by_label("Name").fill("csat")
    await page.get_by_label("Title").fill("Quick question")
    await page.get_by_label("Question", exact=True).fill("Happy?")
    await page.get_by_role("button", name="Save").click()
    await expect(
        page.get_by_text("Question 1 needs at least two answers to choose from.").first
    ).to_be_visible()
    await page.get_by_label("Answers to choose from").fill("Yes\nNo")
    assert await violations(page) == []
    await page.get_by_role("button", name="Save").click()

    await expect(page.get_by_role("heading", name="Quick question", level=1)).to_be_visible()
    await expect(page.get_by_text("Nobody has answered yet")).to_be_visible()
    await page.get_by_role("button", name="Change").click()
    await page.get_by_label("Answers to choose from").fill("No\nPerhaps")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Perhaps")).to_be_visible()
    [question] = (await tab.get("/surveys/csat"))["questions"]
    assert [(choice["id"], choice["text"]) for choice in question["choices"]] == [
        ("2", "No"),
        ("1", "Perhaps"),
    ]

    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete the survey").click()
    await expect(page).to_have_url(re.compile("/portal/surveys$"))
    assert [one["id"] for one in (await tab.get("/surveys"))["surveys"]] == ["nps"]
