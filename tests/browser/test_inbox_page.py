"""What people answer, as it is read and answered; and who must not be written to."""

import json
from urllib.request import Request, urlopen

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import violations
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def reply(story, number, text):
    """Let a provider tell of a text, as 8x8 does."""
    provider = story.demo.get("/api/providers")["providers"][0]
    url = story.demo.get(f"/api/providers/{provider['id']}")["callback_url"]
    payload = {"umid": f"{number} {text}", "source": number, "destination": "+6580001111", "body": text}
    body = json.dumps({"eventType": "inbound_message_received", "payload": payload}).encode()
    with urlopen(Request(url, data=body, headers={"content-type": "application/json"})) as answer:
        assert answer.status == 200


def a_person(story, identity, number, name):
    profile = {"Phone": number, "Name": name}
    story.demo.upload({"identity": identity, "type": "profile", "profileData": profile})
    eventually(
        lambda: story.demo.get("/api/explain", identity=identity, event="x")["profile"], what="the profile"
    )


async def test_a_conversation_is_read_and_answered_by_keyboard(tab):
    number = "+6598880001"
    a_person(tab.story, "inbox-ann", number, "Inbox Ann")
    reply(tab.story, number, "When does it <b>arrive</b>?")

    page = await tab.open("/inbox?show=unread")
    row = page.get_by_role("row", name="Inbox Ann")
    await row.focus()
    await page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Inbox Ann")
    await expect(panel.get_by_text("When does it <b>arrive</b>?")).to_be_visible()
    assert await violations(page) == []
    await panel.get_by_label("Answer").fill("Tomorrow.")
    await panel.get_by_role("button", name="Send").click()

    await expect(panel.get_by_role("listitem").filter(has_text="Tomorrow.")).to_be_visible()
    eventually(lambda: tab.story.demo.texts(number), what="the answer on the handset")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("row", name="Inbox Ann")).to_have_count(0)  # it is read


async def test_a_new_text_comes_into_the_list_and_a_stop_closes_the_conversation(tab):
    number = "+6598880002"
    a_person(tab.story, "inbox-ben", number, "Inbox Ben")
    page = await tab.open("/inbox")

    reply(tab.story, number, "STOP")

    row = page.get_by_role("row", name="Inbox Ben")
    await expect(row).to_be_visible()
    await row.get_by_role("link").click()
    panel = page.get_by_role("dialog", name="Inbox Ben")
    await expect(panel.get_by_text("The number is suppressed")).to_be_visible()
    await expect(panel.get_by_label("Answer")).to_have_count(0)


async def test_numbers_are_suppressed_found_and_released(tab):
    page = await tab.open("/suppressions")

    await page.get_by_role("button", name="Suppress…").click()
    dialog = page.get_by_role("dialog", name="Suppress numbers")
    await dialog.get_by_label("Numbers").fill("nonsense")
    await dialog.get_by_role("button", name="Suppress", exact=True).click()
    await expect(dialog.get_by_text("Number 1: This is no phone number.")).to_be_visible()
    tab.allowed += ["422"]
    await dialog.get_by_label("Numbers").fill("+65 9888 0003")
    await dialog.get_by_label("Reason").fill("complained by phone")
    await dialog.get_by_role("button", name="Suppress", exact=True).click()

    await expect(dialog).to_have_count(0)
    await page.get_by_label("Number", exact=True).fill("+65 9888 0003")
    await expect(page.get_by_label("Number", exact=True)).to_have_value("+65 9888 0003")
    row = page.get_by_role("row").filter(has_text="complained by phone")
    await expect(row).to_be_visible()
    assert await violations(page) == []
    await row.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Release…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Release").click()
    await expect(page.get_by_role("heading", name="Not suppressed")).to_be_visible()


async def test_a_file_is_tried_before_it_is_imported(tab):
    page = await tab.open("/suppressions")
    await page.get_by_role("button", name="Import…").click()
    dialog = page.get_by_role("dialog", name="Import numbers to suppress")
    content = "phone,reason\n+6598880004,bounced\nx,y\n".encode("utf-16")

    await dialog.get_by_label("File of numbers").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": content}
    )
    await expect(dialog.get_by_text("Line 3: This is no phone number.")).to_be_visible()
    assert tab.story.demo.get("/api/suppressions", phone="+6598880004")["suppressions"] == []
    await dialog.get_by_role("button", name="Import", exact=True).click()

    await expect(page.get_by_role("row").filter(has_text="bounced")).to_be_visible()


async def test_keywords_are_changed_and_tried(tab):
    page = await tab.open("/suppressions?view=keywords")

    stop = page.get_by_role("region", name="Stop")
    await stop.get_by_label("Own words").fill("Schluss jetzt")
    await stop.get_by_label("Confirm once").check()
    await stop.get_by_label("Text").fill("No more.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. It holds for the next text.")).to_be_visible()
    trial = page.get_by_role("region", name="Try a text")
    await trial.get_by_label("Text").fill("schluss JETZT!")
    await expect(trial.get_by_text("It means stop.")).to_be_visible()
    await trial.get_by_label("Text").fill("Schluss jetzt bitte")
    await expect(trial.get_by_text("It is a text like any other.")).to_be_visible()

    account = tab.story.demo.get("/api/account-settings")
    assert account["account"]["replies"]["stop"]["words"] == ["Schluss jetzt"]
    help_ = page.get_by_role("region", name="Help", exact=True)
    await help_.get_by_label("Answer").check()
    await page.get_by_role("button", name="Save").click()
    await expect(help_.get_by_text("Say who writes and how to reach them")).to_be_visible()
    account["account"]["replies"] = {}
    tab.story.demo.ask("PUT", "/api/account-settings", account)
