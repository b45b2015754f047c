"""Changes that are seen before the server has made them: taken back when it refuses, and with Undo when it does not."""

import asyncio

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def running(story, name):
    """Publish a campaign that nobody starts."""
    form = {"name": name, "event": "Never Happens", "content": {"text": "Hi"}}
    status, created = story.demo.ask("POST", "/api/campaigns", form)
    assert status == 201, created
    assert story.demo.ask("POST", f"/api/campaigns/{created['id']}/publish")[0] == 200
    return created["id"]


def state_of(story, campaign_id):
    return story.demo.get(f"/api/campaigns/{campaign_id}")["state"]


async def held(page, address):
    """Hold back requests to an address; return how they go on."""
    goes_on = asyncio.Event()
    answer = {}

    async def hold(route):
        await goes_on.wait()
        await (route.fulfill(**answer) if answer else route.continue_())

    def let_go(**refusal):
        answer.update(refusal)
        goes_on.set()

    await page.route(address, hold)
    return let_go


async def pause_in_table(page, name):
    row = page.get_by_role("row").filter(has_text=name)
    await page.get_by_role("checkbox", name=f"Select {name}").check()
    await page.get_by_role("group", name="Selected rows").get_by_role("button", name="Pause").click()
    return row


async def test_a_pause_is_seen_in_the_table_at_once_and_undone(tab):
    campaign_id = running(tab.story, "Paused at once")
    page = await tab.open("/campaigns?q=Paused+at+once")
    let_go = await held(page, "**/api/campaigns/bulk")

    row = await pause_in_table(page, "Paused at once")
    await expect(row).to_contain_text("Paused")
    assert state_of(tab.story, campaign_id) == "running"
    let_go()
    await expect(page.get_by_text("1 campaign paused.")).to_be_visible()
    assert state_of(tab.story, campaign_id) == "paused"
    await page.get_by_role("button", name="Undo").click()

    await expect(page.get_by_text("1 campaign resumed.")).to_be_visible()
    await expect(row).to_contain_text("Running")
    assert state_of(tab.story, campaign_id) == "running"


async def test_a_pause_that_the_server_cannot_make_is_taken_back_with_its_reason(tab):
    tab.allowed.append("503")
    running(tab.story, "Not to be paused")
    page = await tab.open("/campaigns?q=Not+to+be+paused")
    let_go = await held(page, "**/api/campaigns/bulk")

    row = await pause_in_table(page, "Not to be paused")
    await expect(row).to_contain_text("Paused")
    refusal = {"error": {"code": "busy", "message": "The store is locked.", "fields": {}}}
    let_go(status=503, json=refusal)

    await expect(page.get_by_text("1 campaign not paused. The store is locked.")).to_be_visible()
    await expect(row).to_contain_text("Running")
    await page.unroute("**/api/campaigns/bulk")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("1 campaign paused.")).to_be_visible()


async def test_a_campaign_is_paused_on_its_page_and_the_pause_undone(tab):
    campaign_id = running(tab.story, "Paused on its page")
    page = await tab.open(f"/campaigns/{campaign_id}")
    let_go = await held(page, "**/pause")

    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("button", name="Resume")).to_be_visible()
    let_go()
    await page.get_by_role("button", name="Undo").click()

    await expect(page.get_by_text("Paused on its page goes on.")).to_be_visible()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert state_of(tab.story, campaign_id) == "running"


async def test_another_default_provider_is_seen_at_once_and_undone(tab):
    draft = {
        "nickname": "Second choice",
        "endpoint": "http://127.0.0.1:9/send",
        "parameters": {"type": "json", "template": '{"to":"$$To","text":"$$Body"}'},
    }
    assert tab.story.demo.ask("POST", "/api/providers", draft)[0] == 201
    page = await tab.open("/settings/engage/channels/sms")
    let_go = await held(page, "**/default")
    row = page.get_by_role("row").filter(has_text="Second choice")

    await page.get_by_role("button", name="Actions for Second choice").click()
    await page.get_by_role("menuitem", name="Make default").click()
    await expect(row).to_contain_text("Default")
    await expect(page.get_by_text("Default", exact=True)).to_have_count(1)
    let_go()
    await expect(page.get_by_text("Second choice is the default now.")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()

    await expect(page.get_by_text("Tellwire gateway is the default now.")).to_be_visible()
    await expect(row).to_contain_text("In use")
