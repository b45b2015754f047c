"""The account's settings: filling them in, what saving changes, and pausing all sending."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.browser.test_every_page import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATH = "/api/account-settings"
PAGE = "/settings/account"


def put(story, account=None, audiences=(), **fields):
    version = story.demo.get(PATH)["version"]
    body = {"account": account or {}, "audiences": list(audiences), "version": version, **fields}
    status, saved = story.demo.ask("PUT", PATH, body)
    assert status == 200, saved
    return saved


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def plain(story):
    """Leave the account as it was found: without anything."""
    yield
    put(story)


async def test_zone_quiet_hours_limits_and_holdout_are_saved_after_saying_what_they_change(tab):
    page = await tab.open(PAGE)

    await page.get_by_role("combobox", name="Zone of the account").fill("Singapore")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Add quiet hours").click()
    await page.get_by_label("From").fill("21:30")
    await page.get_by_role("button", name="Sat").click()
    await page.get_by_role("button", name="Add a limit").click()
    await page.get_by_label("Gap between two messages").fill("12 hours")
    await page.get_by_label("Holdout").fill("2.5")
    await expect(
        page.get_by_text("Days and times of the account are those of Asia/Singapore")
    ).to_be_visible()
    await expect(page.get_by_text("2.5 % of all people are held out")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. It holds from the next message on.")).to_be_visible()

    assert tab.story.demo.get(PATH)["account"] == {
        "zone": "Asia/Singapore",
        "quiet": [{"from": "21:30", "to": "08:00", "days": ["saturday"]}],
        "limits": {"per_person": ["3 per 7 days"], "gap": "12 hours"},
        "holdout": 2.5,
    }
    assert await violations(page) == []


async def test_what_is_wrong_stands_at_its_field(tab):
    tab.allowed.append("422")
    page = await tab.open(PAGE)
    await page.get_by_role("button", name="Add a limit").click()
    limit = page.get_by_label("At most 1")
    await limit.fill("often")
    await page.get_by_role("button", name="Add quiet hours").click()
    await page.get_by_label("To", exact=True).fill("22:00")

    await page.get_by_role("button", name="Save").click()

    await expect(page.get_by_text(re.compile("Quiet hours that end when they begin"))).to_be_visible()
    await page.get_by_label("To", exact=True).fill("07:00")
    await page.get_by_role("button", name="Save").click()
    await expect(limit).to_have_attribute("aria-invalid", "true")
    await expect(limit).to_be_focused()


async def test_an_audience_is_added_as_a_rule_and_its_mistakes_are_told(tab):
    tab.allowed.append("422")
    page = await tab.open(PAGE)
    await page.get_by_role("button", name="Add an audience").click()
    await page.get_by_label("Name").fill("Gold")
    await page.get_by_role("button", name="Remove rule 1").click()

    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Add a rule: an audience without one")).to_be_visible()
    await page.get_by_role("button", name="More rules").click()
    await page.get_by_role("menuitem", name="Is in the audience").click()
    await page.get_by_label("Audience of rule 1").fill("Golt")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("There is no audience “Golt”")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Remove rule 1").click()
    await page.get_by_role("button", name="Add a rule").click()
    await page.get_by_label("Property of rule 1").fill("Tier")
    await page.get_by_label("Value 1 of rule 1").fill("gold")
    await expect(page.get_by_text("Tier is “gold”")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. It holds").first).to_be_visible()

    (audience,) = tab.story.demo.get(PATH)["audiences"]
    assert (audience["name"], audience["rule"]) == ("Gold", {"all": [{"profile": "Tier", "equals": "gold"}]})


async def test_somebody_elses_save_is_told_and_not_lost(tab):
    tab.allowed.append("409")
    page = await tab.open(PAGE)
    await page.get_by_label("Holdout").fill("5")
    put(tab.story, {"zone": "Europe/Berlin"})

    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Somebody else saved the account meanwhile.").first).to_be_visible()
    await page.get_by_role("button", name="Load theirs").click()
    await expect(page.get_by_role("combobox", name="Zone of the account")).to_have_value("Europe/Berlin")

    await expect(page.get_by_label("Holdout")).to_have_value("0")
    assert tab.story.demo.get(PATH)["account"] == {"zone": "Europe/Berlin"}


async def test_all_sending_is_paused_after_a_question_and_every_page_says_so(tab):
    page = await tab.open(PAGE)

    await page.get_by_role("button", name="Pause all sending…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("Drop them").click()
    await expect(dialog).to_contain_text("Nobody gets them")
    await dialog.get_by_role("button", name="Pause all sending").click()
    await expect(page.get_by_text("All sending is paused.", exact=True)).to_be_visible()
    assert tab.story.demo.get(PATH)["is_paused"] is True
    await page.get_by_role("link", name="Messages").click()
    banner = page.get_by_text("All sending is paused: nothing is handed over")
    await expect(banner).to_be_visible()
    assert await violations(page) == []
    await page.locator(".paused-everywhere").get_by_role("link", name="Account").click()
    await page.get_by_role("button", name="Let sending go on").click()

    await expect(page.get_by_role("button", name="Pause all sending…")).to_be_visible()
    await page.get_by_role("link", name="Messages").click()
    await expect(page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    await expect(banner).to_have_count(0)


async def test_a_pause_by_somebody_else_is_seen_with_the_next_page(tab):
    page = await tab.open("/messages")
    put(tab.story, is_paused=True)

    await page.get_by_role("link", name="Campaigns").click()

    await expect(page.get_by_text("All sending is paused: nothing is handed over")).to_be_visible()
