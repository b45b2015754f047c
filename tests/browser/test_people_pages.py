"""Profiles and a person: found as one types, looked at whole, erased with the identity written out."""

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import violations
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def somebody(story, identity, name, number):
    story.demo.upload(
        {"identity": identity, "type": "profile", "profileData": {"Name": name, "Phone": number}},
        {"identity": identity, "type": "event", "evtName": "Looked Around", "evtData": {}},
    )
    eventually(
        lambda: story.demo.ask("GET", f"/api/people/{identity}")[1].get("timeline"),
        what="the person with an event",
    )


async def test_a_person_is_found_by_name_and_looked_at_whole(tab):
    somebody(tab.story, "walter-1", "Walter Found", "+6591277001")
    page = await tab.open("/people")

    await page.get_by_label("Name, number or identity").fill("Found")
    await page.get_by_role("link", name="walter-1").click()

    await expect(page.get_by_role("heading", name="Walter Found")).to_be_visible()
    await expect(page.get_by_text("Texts reach them.")).to_be_visible()
    await expect(page.get_by_role("link", name="Looked Around")).to_be_visible()
    await expect(page.get_by_text("+6591277001").first).to_be_visible()
    assert await violations(page) == []


async def test_nobody_of_that_name_is_said(tab):
    page = await tab.open("/people?search=nobodysnameatall")

    await expect(page.get_by_role("heading", name="Nobody is called so")).to_be_visible()


async def test_a_person_is_erased_once_their_identity_is_written(tab):
    somebody(tab.story, "gone-1", "Gone Soon", "+6591277002")
    page = await tab.open("/people/gone-1")

    await page.get_by_role("button", name="Erase…").click()
    dialog = page.get_by_role("dialog", name="Erase this person?")
    await dialog.get_by_role("button", name="Erase for good").click()
    await expect(dialog.get_by_text("Write gone-1")).to_be_visible()
    await dialog.get_by_label("Their identity, to be sure").fill("gone-1")
    await dialog.get_by_role("button", name="Erase for good").click()

    await expect(page.get_by_text("The receipt is")).to_be_visible()
    assert tab.story.demo.ask("GET", "/api/people/gone-1")[0] == 404
