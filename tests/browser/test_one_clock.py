"""Every moment on a page is local and of 24 hours, and says its zone; an encoding has one name."""

import re

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW_YORK = [{"locale": "en-US", "timezone_id": "America/New_York"}]
PLACES = {
    "message": "/messages/{message_id}",
    "messages": "/messages",
    "event": "/events/{event_id}",
    "explained": "/explain?identity=ann&event=Order+Placed",
    "profile": "/profile?identity=ann",
    "live": "/live",
}


@pytest.mark.parametrize("options", NEW_YORK, ids=["New York"])
@pytest.mark.parametrize("name", PLACES)
async def test_a_page_has_one_clock_and_says_its_zone(tab, name):
    page = await tab.open(PLACES[name].format(**vars(tab.story)))

    times = page.locator("time")
    await expect(times.first).to_be_visible()
    shown = await page.locator("main").inner_text()
    assert not re.search(r"\d [AP]M\b|\bUTC\b|\dT\d\d:", shown), shown
    for title in await times.evaluate_all("times => times.map((one) => one.title)"):
        assert re.search(r"E[SD]T \(\d\d:\d\d:\d\d UTC\)$", title), title


@pytest.mark.parametrize("options", NEW_YORK, ids=["New York"])
async def test_a_gates_moment_is_the_events_moment(tab):
    page = await tab.open(f"/events/{tab.story.event_id}")

    facts = page.locator(".facts time").first
    gate = page.locator(".trace li", has_text="Triggering window").locator("time").first

    assert await gate.inner_text() == await facts.inner_text()


async def test_an_encoding_is_called_gsm_7_wherever_it_stands(tab):
    ready = tab.story.demo.ready
    page = await tab.open(f"/messages/{tab.story.message_id}")
    await expect(page.get_by_text("GSM-7")).to_have_count(2)  # with the facts, and at the gate
    await page.set_extra_http_headers({"Authorization": f"Bearer {ready['gateway_admin_token']}"})

    await page.goto(f"{ready['gateway_url']}/simulator/handsets/{ready['handset'].removeprefix('+')}")

    await expect(page.get_by_role("log")).to_contain_text("GSM-7, 1 part")
    await expect(page.locator("#facts")).to_contain_text("GSM-7")
