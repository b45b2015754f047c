"""Campaigns: write, preview, publish, see it fire; and what happens when two people edit one."""

import pytest
from playwright.async_api import expect
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def draft(name, event):
    return {"name": name, "event": event, "content": {"text": "Hello {{ Profile.Name }}"}}


def create(story, name, event, **fields):
    status, told = story.demo.ask("POST", "/api/campaigns", {**draft(name, event), **fields})
    assert status == 201, told
    return told


async def test_a_campaign_is_written_previewed_published_and_fires(tab):
    page = await tab.open("/campaigns/new")
    await page.get_by_label("Name", exact=True).fill("Cart reminder")
    await page.get_by_label("Event", exact=True).fill("Cart Left")
    message = page.get_by_label("Message", exact=True)

    await message.press_sequentially("Hi @Name")
    await expect(page.get_by_role("option", name="Profile.Name")).to_be_visible()
    await message.press("Enter")
    await message.press_sequentially("friend")
    await message.press("End")
    await message.press_sequentially(", it’s waiting")
    preview = page.get_by_role("complementary", name="Preview")
    await preview.get_by_label("Profile.Name").fill("Ann")
    await expect(preview.locator(".bubble")).to_contain_text("Hi Ann, it’s waiting")
    await expect(preview.locator("mark")).to_have_text("’")
    await expect(preview.get_by_text("UCS-2", exact=True)).to_be_visible()
    await preview.get_by_label("Replace with look-alikes").check()
    await expect(preview.locator(".bubble")).to_contain_text("Hi Ann, it's waiting")
    await expect(preview.get_by_text("GSM-7", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Publish…").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Starts when “Cart Left” happens.")
    await page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("heading", name="Cart reminder", level=1)).to_be_visible()
    await expect(page.get_by_text("Running")).to_be_visible()

    tab.story.demo.upload(
        {"identity": "dora", "type": "profile", "profileData": {"Name": "Dora", "Phone": "+6591234572"}},
        {"identity": "dora", "type": "event", "evtName": "Cart Left", "evtData": {}},
    )

    texts = eventually(lambda: tab.story.demo.texts("+6591234572"), what="the campaign's text")
    assert texts[0]["text"] == "Hi Dora, it's waiting"
    await expect(page.get_by_role("table").get_by_text("Delivered")).to_be_visible()


async def test_a_mistake_in_liquid_is_shown_with_its_line_as_it_is_typed(tab):
    page = await tab.open("/campaigns/new")

    await page.get_by_label("Message", exact=True).fill("Hi\n{{ Profile.Name")

    await expect(page.get_by_role("complementary", name="Preview")).to_contain_text("Line 2")


async def test_publishing_an_empty_form_shows_every_fault_before_it_asks(tab):
    page = await tab.open("/campaigns/new")

    await page.get_by_role("button", name="Publish…").click()

    name, event = page.get_by_label("Name", exact=True), page.get_by_label("Event", exact=True)
    message = page.get_by_label("Message", exact=True)
    await expect(name).to_be_focused()
    for field in (name, event, message):
        await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_fault_goes_when_its_field_changes_and_the_others_stay(tab):
    page = await tab.open("/campaigns/new")
    await page.get_by_role("button", name="Add a condition").first.click()
    await page.get_by_role("button", name="Publish…").click()
    name, condition = page.get_by_label("Name", exact=True), page.get_by_label("Property of condition 1")
    await expect(condition).to_have_attribute("aria-invalid", "true")

    await name.fill("Mended")
    await condition.fill("Amount")

    await expect(name).not_to_have_attribute("aria-invalid", "true")
    await expect(condition).not_to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("alert")).not_to_contain_text("Name:")
    await expect(page.get_by_label("Event", exact=True)).to_have_attribute("aria-invalid", "true")


async def test_publishing_an_unfinished_campaign_keeps_nothing_until_it_is_saved(tab):
    page = await tab.open("/campaigns/new")
    await page.get_by_label("Name", exact=True).fill("Unfinished")

    for _ in range(2):
        await page.get_by_role("button", name="Publish…").click()
        await expect(page.get_by_role("alert")).to_contain_text("Event")
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_role("heading", name="Unfinished", level=1)).to_be_visible()

    known = tab.story.demo.get("/api/campaigns")["campaigns"]
    assert [one["name"] for one in known].count("Unfinished") == 1


async def test_saving_over_somebody_elses_changes_is_a_choice(tab):
    tab.allowed.append("409")
    known = create(tab.story, "Edited by two", "Nothing Yet")
    page = await tab.open(f"/campaigns/{known['id']}/edit")
    theirs = {**draft("Theirs", "Nothing Yet"), "version": known["version"]}
    status, told = tab.story.demo.ask("PUT", f"/api/campaigns/{known['id']}", theirs)
    assert status == 200, told

    await page.get_by_label("Name", exact=True).fill("Mine")
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_role("alert")).to_contain_text("Somebody else saved")
    await page.get_by_role("button", name="Save mine over it").click()

    await expect(page.get_by_role("heading", name="Mine", level=1)).to_be_visible()


async def test_conditions_survive_saving_and_opening_again(tab):
    known = create(tab.story, "With conditions", "Nothing Yet")
    page = await tab.open(f"/campaigns/{known['id']}/edit")

    await page.get_by_role("button", name="Add a condition").first.click()
    await page.keyboard.type("Amount")
    await page.get_by_label("Operator of condition 1").select_option(label="is between")
    await page.get_by_label("Value 1 of condition 1").fill("10")
    await page.get_by_label("Value 2 of condition 1").fill("20")
    await page.get_by_role("button", name="Save draft").click()
    await expect(page).to_have_url(f"{tab.story.url}/campaigns/{known['id']}")

    stored = tab.story.demo.get(f"/api/campaigns/{known['id']}")
    assert stored["event_conditions"] == [{"property": "Amount", "operator": "between", "value": [10, 20]}]
    await tab.open(f"/campaigns/{known['id']}/edit")
    await expect(page.get_by_label("Value 2 of condition 1")).to_have_value("20")


async def ask_to_stop(page):
    await page.get_by_role("button", name="More for this campaign").click()
    await page.get_by_role("menuitem", name="Stop…").click()


async def test_stopping_says_how_many_wait_and_drops_them_or_lets_them_go(tab):
    demo = tab.story.demo
    template = {"type": "json", "template": '{"to": "$$To", "text": "$$Body"}'}
    away = {"nickname": "away", "endpoint": "http://127.0.0.1:9/", "parameters": template}
    status, provider = demo.ask("POST", "/api/providers", away)
    assert status == 201, provider
    known = create(tab.story, "Stopped in time", "Parcel Lost", provider_id=provider["id"])
    demo.ask("POST", f"/api/campaigns/{known['id']}/publish")
    demo.upload(
        {"identity": "finn", "type": "profile", "profileData": {"Name": "Finn", "Phone": "+6591234579"}},
        {"identity": "finn", "type": "event", "evtName": "Parcel Lost"},
    )
    eventually(lambda: demo.get(f"/api/messages?campaign_id={known['id']}")["messages"], what="a message")

    page = await tab.open(f"/campaigns/{known['id']}")
    await ask_to_stop(page)
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("group", name="1 message waits.")).to_be_visible()
    await expect(dialog.get_by_label("Drop them")).to_be_checked()
    await dialog.get_by_label("Send them").check()
    await expect(dialog).to_contain_text("as their turn comes")
    await dialog.get_by_label("Drop them").check()
    await dialog.get_by_role("button", name="Stop").click()

    await expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
    await expect(page.get_by_role("rowheader", name="Campaign stopped")).to_be_visible()
    await tab.open("/explain?identity=finn&event=Parcel+Lost")
    answer = page.get_by_role("region", name="Stopped in time")
    await expect(answer).to_contain_text("rejected", ignore_case=True)
    await expect(answer).to_contain_text("Its campaign was stopped before it went")


async def test_a_campaigns_page_tells_who_published_what_and_what_each_version_changed(tab):
    known = create(tab.story, "With a history", "Nothing Yet")
    path = f"/api/campaigns/{known['id']}"
    status, running = tab.story.demo.ask("POST", f"{path}/publish", {})
    assert status == 200, running
    page = await tab.open(f"/campaigns/{known['id']}")
    history = page.get_by_role("region", name="History")
    await expect(history.get_by_role("listitem")).to_have_count(2)
    await expect(history.get_by_role("listitem").first).to_contain_text("Version 1 published")
    await expect(history.get_by_role("listitem").last).to_contain_text("Created")

    changed = {**running, "content": {"text": "Good day"}}
    assert tab.story.demo.ask("PUT", path, changed)[0] == 200
    await expect(history.get_by_role("listitem").first).to_contain_text("Version 2 published, while it ran")
    await history.get_by_text("Changed: Text").click()

    await expect(history).to_contain_text("Hello {{ Profile.Name }}")
    await expect(history).to_contain_text("Good day")
    await ask_to_stop(page)
    await page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    await expect(history.get_by_role("listitem").first).to_contain_text("Version 2 stopped")
    await expect(history.get_by_role("listitem").first).to_contain_text("@")


async def test_a_field_that_the_page_does_not_know_is_drawn_by_the_vocabulary_and_saved(tab):
    tab.allowed.append("422")  # this server has no such field, and says so
    known = create(tab.story, "With more", "Nothing Yet")
    field = {
        "path": "weight",
        "kind": "integer",
        "title": "Weight",
        "help": "Who goes first",
        "default": 5,
    }

    async def with_a_field_more(route):
        words = await (await route.fetch()).json()
        await route.fulfill(
            json={**words, "campaign": [*words["campaign"], {**field, "least": 1, "most": 9}]}
        )

    await tab.page.route("**/api/vocabulary", with_a_field_more)
    page = await tab.open(f"/campaigns/{known['id']}/edit")
    await page.get_by_role("button", name="Guard", exact=True).click()
    control = page.get_by_label("Weight")
    await expect(control).to_have_value("5")
    await expect(control).to_have_attribute("max", "9")

    await control.fill("7")
    async with page.expect_request(lambda one: one.method == "PUT") as saved:
        await page.get_by_role("button", name="Save draft").click()

    assert (await saved.value).post_data_json["weight"] == 7
