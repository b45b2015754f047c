"""Settings > Engage > Channels > SMS as somebody with CleverTap's and 8x8's guides goes through it."""

import json

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import spill, violations
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMS = "/settings/engage/channels/sms"
TABS_LIMIT = 120  # a page has fewer stops than this; more means that something cannot be reached
FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels?.[0]?.innerText ?? '';
  return one.getAttribute('aria-label') || label || one.innerText || '';
}"""


async def tab_to(page, name):
    """Press Tab until the thing with this name has the focus."""
    for _ in range(TABS_LIMIT):
        if (await page.evaluate(FOCUSED)).strip().startswith(name):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {name!r}")


async def fill(page, name, text):
    await tab_to(page, name)
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)


async def test_a_provider_is_added_tested_and_saved_with_the_keyboard_alone(tab):
    ready = tab.story.demo.ready
    page = await tab.open("/live")
    await page.keyboard.type("gs")  # in one go: a chord has a time limit
    await expect(page.get_by_role("heading", name="SMS", level=1)).to_be_focused()
    await tab_to(page, "Add provider")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Add provider")).to_be_focused()
    await expect(page.get_by_label("Callback URL", exact=True)).to_have_value(
        f"{ready['platform_url']}/callbacks/sms/".join(["", await callback_key(page)])
    )

    await fill(page, "Nickname", "By keyboard")
    endpoint = f"{ready['gateway_url']}/api/v1/subaccounts/{ready['subaccount_id']}/messages/batch"
    await fill(page, "HTTP endpoint", endpoint)
    await tab_to(page, "Add a header")
    await page.keyboard.press("Enter")
    await page.keyboard.type("Authorization")
    await page.keyboard.press("Tab")
    await page.keyboard.type(f"Bearer {ready['gateway_api_key']}")
    await fill(page, "Mobile number", "9123 4571")
    await tab_to(page, "Send test SMS")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Accepted by the provider")).to_be_visible()
    request = await page.get_by_role("region", name="the request").inner_text()
    await tab_to(page, "Save")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("link", name="By keyboard")).to_be_visible()
    assert f"POST {endpoint}" in request
    assert "Bearer ***" in request
    assert ready["gateway_api_key"] not in await page.content()
    texts = eventually(lambda: tab.story.demo.texts("+6591234571"), what="the test message")
    assert texts[0]["text"] == "Hello from Tellwire. This is a test."


async def callback_key(page):
    value = await page.get_by_label("Callback URL", exact=True).input_value()
    return value.rpartition("/")[2]


async def test_stored_credentials_never_come_back_and_stay_when_saved_again(tab):
    page = await tab.open(f"{SMS}/{tab.story.provider_id}")
    field = page.get_by_label("Value of Authorization")
    await expect(field).to_have_value("")
    await expect(field).to_have_attribute("placeholder", "Stored. Type to replace it")

    await page.get_by_label("Requests at once").fill("63")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("heading", name="SMS", level=1)).to_be_visible()

    stored = tab.story.demo.get(f"/api/providers/{tab.story.provider_id}")
    assert stored["concurrency"] == 63
    assert ["Authorization", "***"] in stored["headers"]


async def test_tokens_are_shown_by_block_as_they_are_typed(tab):
    page = await tab.open(f"{SMS}/new")
    body = {"account": "$$acct", "messages": [{"to": "$$To", "text": "$$Body", "unit": "$$unit"}]}

    await page.get_by_label("JSON body").fill(json.dumps(body))
    await page.get_by_label("Batch request").check()

    found = page.locator(".facts", has=page.get_by_text("Global, once a request"))
    await expect(found).to_contain_text("$$acct")
    await expect(found).to_contain_text("$$unit")
    await expect(page.get_by_text("$$MessageID is not used")).to_be_visible()


async def test_a_wrong_body_is_said_while_it_is_typed(tab):
    page = await tab.open(f"{SMS}/new")

    await page.get_by_label("JSON body").fill('{\n  "text": "$$Body",\n  "to": $$To\n}')

    await expect(page.get_by_text("This is not JSON: line 3, column 9, at “$$To”")).to_be_visible()
    await expect(page.get_by_label("JSON body")).to_have_attribute("aria-invalid", "true")


async def test_what_is_wrong_stands_at_every_field_and_on_top_with_the_focus_on_the_first(tab):
    tab.allowed.append("422")
    page = await tab.open(f"{SMS}/new")
    await page.get_by_label("JSON body").fill('{"to": $$To}')

    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_label("Nickname")).to_be_focused()
    await expect(page.get_by_role("alert")).to_contain_text("Nickname")
    for label in ("Nickname", "HTTP endpoint", "JSON body"):
        await expect(page.get_by_label(label)).to_have_attribute("aria-invalid", "true")


async def test_a_fault_of_a_provider_goes_when_its_field_changes(tab):
    tab.allowed.append("422")
    page = await tab.open(f"{SMS}/new")
    await page.get_by_role("button", name="Add a header").click()
    await page.keyboard.type("not a name")
    await page.get_by_role("button", name="Save", exact=True).click()
    header = page.get_by_label("Name 2")
    await expect(header).to_have_attribute("aria-invalid", "true")

    await header.fill("X-Key")
    await page.get_by_label("Nickname").fill("Named")
    await page.get_by_label("HTTP endpoint").fill("https://example.com/send")

    await expect(header).not_to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_test_of_an_empty_form_names_every_field_that_it_needs(tab):
    tab.allowed.append("422")
    page = await tab.open(f"{SMS}/new")
    await page.get_by_label("Message", exact=True).fill("")

    await page.get_by_role("button", name="Send test SMS").click()

    for label in ("HTTP endpoint", "Mobile number", "Message"):
        await expect(page.get_by_label(label, exact=True)).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_text("No test was sent").first).to_be_visible()
    await page.get_by_label("Mobile number").fill("9123 4571")
    await expect(page.get_by_label("Mobile number")).not_to_have_attribute("aria-invalid", "true")


async def test_a_provider_that_does_not_know_the_key_did_not_ask_to_try_later(tab):
    page = await tab.open(f"{SMS}/new")
    endpoint = f"{tab.story.demo.ready['gateway_url']}/api/v1/subaccounts/demo_hq/messages"
    await page.get_by_label("HTTP endpoint").fill(endpoint)
    await page.get_by_label("Mobile number").fill("9123 4571")

    await page.get_by_role("button", name="Send test SMS").click()

    await expect(page.get_by_text("What came back: 401")).to_be_visible()
    await expect(page.get_by_text("asks to try later")).to_have_count(0)


async def test_unsaved_changes_are_not_lost_without_a_question(tab):
    page = await tab.open(f"{SMS}/new")
    await page.get_by_label("Nickname").fill("Half done")

    await page.get_by_role("link", name="Campaigns").click()
    await page.get_by_role("button", name="Stay").click()

    await expect(page.get_by_label("Nickname")).to_have_value("Half done")
    await page.get_by_role("link", name="Campaigns").click()
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("heading", name="Campaigns")).to_be_visible()


async def test_a_preset_fills_the_form_and_can_be_undone(tab):
    page = await tab.open(f"{SMS}/new")

    await page.get_by_label("Start from").select_option(label="Twilio")

    await expect(page.get_by_label("User name")).to_have_value("YOUR_ACCOUNT_SID")
    await expect(page.get_by_role("link", name="The vendor's guide")).to_be_visible()
    await expect(page.get_by_label("Value of $$from")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_label("JSON body")).to_be_visible()


async def test_a_test_message_asks_for_what_a_template_provider_needs(tab):
    page = await tab.open(f"{SMS}/new")
    body = {"to": "$$To", "id": "$$TemplateID", "vars": "$$TemplateVariables"}
    await page.get_by_label("JSON body").fill(json.dumps(body))
    endpoint = f"{tab.story.demo.ready['gateway_url']}/nowhere"
    await page.get_by_label("HTTP endpoint").fill(endpoint)

    await page.get_by_label("Template ID", exact=True).fill("1007")
    await page.get_by_label("Template variables", exact=True).fill("Ann\n5")
    await page.get_by_label("Mobile number").fill("9123 4571")
    await page.get_by_role("button", name="Send test SMS").click()

    sent = page.get_by_role("region", name="the request")
    await expect(sent).to_contain_text('"id": "1007"')
    await expect(sent).to_contain_text('"Ann"')


async def test_a_test_message_to_somebody_who_said_no_asks_first(tab):
    demo, number = tab.story.demo, "+6591234599"
    demo.upload(
        {"identity": "olga", "type": "profile", "profileData": {"Phone": number, "MSG-dndPhone": True}}
    )
    eventually(lambda: (demo.get("/api/explain", identity="olga")["profile"] or {}).get("is_suppressed"))
    tab.allowed.append("409")
    page = await tab.open(f"{SMS}/{tab.story.provider_id}")
    await page.get_by_label("Mobile number").fill("9123 4599")
    send, dialog = page.get_by_role("button", name="Send test SMS"), page.get_by_role("dialog")

    await send.click()
    await expect(dialog).to_contain_text("+65******99 (olga) is suppressed since")
    for width, scheme in ((1280, "light"), (1280, "dark"), (320, "light")):
        await page.set_viewport_size({"width": width, "height": 860})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await violations(page) == [], (width, scheme)
        assert await spill(page) <= 0, (width, scheme)
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("is suppressed since").first).to_be_visible()
    assert demo.texts(number) == []

    await send.click()
    await dialog.get_by_role("button", name="Send all the same").click()
    await expect(page.get_by_text("Accepted by the provider")).to_be_visible()
    eventually(lambda: demo.texts(number), what="the test message")


async def test_the_list_tells_what_each_provider_carried(tab):
    page = await tab.open(SMS)

    row = page.get_by_role("row").filter(has=page.locator(f'a[href="{SMS}/{tab.story.provider_id}"]'))

    await expect(row.get_by_role("img", name="The last 24 hours")).to_be_visible()
    heads = await page.get_by_role("columnheader").all_inner_texts()
    cells = await row.get_by_role("cell").all_inner_texts()  # without the first, which is the row's head
    figures = dict(zip((head.strip() for head in heads[1:]), cells, strict=True))
    assert int(figures["Sent"]) >= 1
    assert int(figures["Delivered"]) >= 1


async def test_a_provider_in_trouble_says_why_and_what_to_do(tab):
    demo = tab.story.demo
    made = demo.ask(
        "POST",
        "/api/providers",
        {
            "nickname": "Nobody listens",
            "request_type": "POST",
            "endpoint": "http://127.0.0.1:9/send",
            "parameters": {"type": "json", "template": '{"to":"$$To","text":"$$Body"}'},
        },
    )[1]
    campaign = {
        "name": "Nobody",
        "event": "Nobody Hears",
        "provider_id": made["id"],
        "content": {"text": "Hi"},
    }
    campaign_id = demo.ask("POST", "/api/campaigns", campaign)[1]["id"]
    demo.ask("POST", f"/api/campaigns/{campaign_id}/publish")
    sample = next(one for one in demo.ready["sample_upload"]["d"] if one["type"] == "event")
    demo.upload({**sample, "evtName": "Nobody Hears"})
    eventually(lambda: made["id"] in str(demo.get("/api/providers/traffic")), what="a message waits")

    page = await tab.open(SMS)

    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Nobody listens"))
    trouble = page.get_by_role("group", name="Troubles").locator(".banner").filter(has_text="Nobody listens")
    await expect(trouble.get_by_text("It could not be reached.")).to_be_visible()
    await expect(row.get_by_text("Trouble")).to_be_visible()


def archivable(story, nickname):
    """Make a provider and a running campaign that names it."""
    draft = {
        "nickname": nickname,
        "request_type": "POST",
        "endpoint": "http://127.0.0.1:9/send",
        "parameters": {"type": "json", "template": '{"to":"$$To","text":"$$Body"}'},
    }
    status, made = story.demo.ask("POST", "/api/providers", draft)
    assert status == 201, made
    campaign = {
        "name": f"Of {nickname}",
        "event": "Nothing Yet",
        "provider_id": made["id"],
        "content": {"text": "Hi"},
    }
    campaign_id = story.demo.ask("POST", "/api/campaigns", campaign)[1]["id"]
    assert story.demo.ask("POST", f"/api/campaigns/{campaign_id}/publish")[0] == 200
    return campaign_id


async def choose(page, nickname, verb):
    await page.get_by_role("button", name=f"Actions for {nickname}").click()
    await page.get_by_role("menuitem", name=verb).click()


async def archive(page, nickname):
    await choose(page, nickname, "Archive…")
    await page.get_by_role("dialog").get_by_role("button", name="Archive", exact=True).click()


async def test_archiving_names_what_it_stops_and_can_be_undone_at_once(tab):
    campaign_id = archivable(tab.story, "To be archived")
    page = await tab.open(SMS)

    await choose(page, "To be archived", "Archive…")
    await expect(page.get_by_role("dialog")).to_contain_text("1 campaign will stop:")
    await expect(page.get_by_role("dialog")).to_contain_text("Of To be archived")
    await page.get_by_role("dialog").get_by_role("button", name="Archive", exact=True).click()
    await expect(page.get_by_role("link", name="To be archived")).to_have_count(0)
    await expect(page.get_by_text("To be archived is archived. 1 campaign stopped with it.")).to_be_visible()
    assert tab.story.demo.get(f"/api/campaigns/{campaign_id}")["state"] == "stopped"
    await page.get_by_role("button", name="Undo").click()

    await expect(page.get_by_role("link", name="To be archived")).to_be_visible()
    await expect(page.get_by_text("To be archived is in use again.")).to_be_visible()
    assert tab.story.demo.get(f"/api/campaigns/{campaign_id}")["state"] == "running"


async def test_an_archived_provider_can_be_restored_from_the_list_of_archived_ones(tab):
    archivable(tab.story, "Missed")
    page = await tab.open(SMS)
    await archive(page, "Missed")

    await page.get_by_role("button", name="Show archived").click()
    await choose(page, "Missed", "Restore")

    await expect(page.get_by_role("row").filter(has_text="Missed")).to_contain_text("In use")


async def test_no_row_shouts_what_is_dangerous(tab):
    page = await tab.open(SMS)

    assert await page.locator("tbody .danger").count() == 0
