"""The live page, the door, and the way from what happened to why."""

import pytest
from playwright.async_api import expect
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def happen(story, who, number, what="Order Placed"):
    story.demo.upload(
        {"identity": who, "type": "profile", "profileData": {"Name": who.title(), "Phone": number}},
        {"identity": who, "type": "event", "evtName": what, "evtData": {"Item": "hat"}},
    )


async def test_an_event_and_its_message_appear_by_themselves_and_are_delivered(tab):
    page = await tab.open("/live")
    await expect(page.get_by_text("Connected")).to_be_visible()

    happen(tab.story, "fay", "+6591234573")

    await expect(page.get_by_role("region", name="Events", exact=True).get_by_text("fay")).to_be_visible()
    row = page.get_by_role("region", name="Messages", exact=True).locator(".line", has_text="73").first
    await expect(row.get_by_text("Delivered")).to_be_visible()


def newest(demo, amount):
    """Return where the newest messages stand, by id."""
    rows = demo.get("/api/messages", limit=str(amount))["messages"]
    return {row["id"]: row["standing"]["status"] for row in rows}


async def test_after_a_burst_every_row_shows_what_the_ledger_says(tab):
    page = await tab.open("/live")
    await expect(page.get_by_text("Connected")).to_be_visible()
    crowd = 300
    before = newest(tab.story.demo, crowd)

    records = []
    for n in range(crowd):
        who = {"Name": f"Crowd {n}", "Phone": f"+65913{n:03d}00"}
        records.append({"identity": f"crowd{n}", "type": "profile", "profileData": who})
        records.append({"identity": f"crowd{n}", "type": "event", "evtName": "Order Placed", "evtData": {}})
    tab.story.demo.upload(*records)

    # The page shows the newest ones, and a message of another test may come between them.
    def ended():
        now = newest(tab.story.demo, crowd)
        return not now.keys() & before.keys() and not {"queued", "sent"} & set(now.values()) and now

    delivered = list(eventually(ended, what="an end of each message").values()).count("delivered")
    assert delivered > crowd / 2
    await expect(page.get_by_role("button", name="Delivered")).to_have_text(f"Delivered {delivered}")


async def test_nothing_moves_while_paused_and_all_of_it_comes_after(tab):
    page = await tab.open("/live")
    await expect(page.get_by_text("Connected")).to_be_visible()
    await page.get_by_role("button", name="Pause").click()
    events = page.get_by_role("region", name="Events", exact=True)
    first = await events.locator(".line").first.inner_text()

    happen(tab.story, "gus", "+6591234574")
    await expect(events.get_by_role("button", name="new one")).to_be_visible()

    assert await events.locator(".line").first.inner_text() == first
    await page.get_by_role("button", name="Resume").click()
    await expect(events.get_by_text("gus")).to_be_visible()


async def test_a_row_under_the_pointer_stays_there_and_new_ones_wait(tab):
    page = await tab.open("/live")
    await expect(page.get_by_text("Connected")).to_be_visible()
    events = page.get_by_role("region", name="Events", exact=True)
    await events.locator(".line").first.hover()
    first = await events.locator("a").first.get_attribute("href")

    happen(tab.story, "hal", "+6591234576")
    await expect(events.get_by_role("button", name="new one")).to_be_visible()

    assert await events.locator("a").first.get_attribute("href") == first
    await events.get_by_role("button", name="new one").click()
    await expect(events.get_by_text("hal")).to_be_visible()


async def test_a_row_with_the_focus_stays_there_until_the_focus_leaves(tab):
    page = await tab.open("/live")
    await expect(page.get_by_text("Connected")).to_be_visible()
    events = page.get_by_role("region", name="Events", exact=True)
    await events.locator("a").first.focus()

    happen(tab.story, "ivy", "+6591234577")
    await expect(events.get_by_role("button", name="new one")).to_be_visible()
    await page.get_by_role("button", name="Pause").focus()

    await expect(events.get_by_text("ivy")).to_be_visible()


async def test_a_flood_draws_what_fits_and_the_rest_on_scrolling(tab):
    page = await tab.open("/live")
    await expect(page.get_by_text("Connected")).to_be_visible()
    records = [
        {"identity": f"flood{n}", "type": "event", "evtName": "Flood", "evtData": {}} for n in range(250)
    ]
    tab.story.demo.upload(*records)
    events = page.get_by_role("region", name="Events", exact=True)
    await expect(events.get_by_text("flood249")).to_be_visible()

    drawn = await events.locator(".line").count()
    await events.locator(".list").evaluate("list => list.scrollTo(0, list.scrollHeight)")

    assert drawn < 100
    assert (
        await events.locator(".line").first.evaluate("row => getComputedStyle(row).animationName") == "none"
    )
    await expect(events.locator(".line").nth(drawn)).to_be_attached()


async def test_a_lost_connection_is_said_and_comes_back(tab):
    tab.allowed.append("net::ERR_FAILED")
    await tab.page.route("**/api/live", lambda route: route.abort())
    page = await tab.open("/live")
    await expect(page.get_by_text("Connection lost")).to_be_visible()

    await page.unroute("**/api/live")

    await expect(
        page.get_by_text("Connected")
    ).to_be_visible()  # after 19 s at the most, if it had failed often


async def test_from_a_message_to_the_event_to_every_gate(tab):
    page = await tab.open(f"/messages/{tab.story.message_id}")
    for word in ("Queued", "Delivered"):  # a fast receipt may come before “sent” is written
        await expect(page.get_by_role("listitem").filter(has_text=word).first).to_be_visible()

    await page.get_by_role("link", name=tab.story.event_id).click()
    await expect(page.get_by_role("heading", name="Order Placed", level=1)).to_be_visible()
    await page.get_by_role("link", name="Explain").last.click()

    await expect(page.get_by_text("Triggering window")).to_be_visible()
    await expect(page.get_by_role("link", name="Open the message")).to_be_visible()


async def test_the_search_of_a_page_is_a_slash_away(tab):
    page = await tab.open("/messages")
    await page.keyboard.press("/")
    await expect(page.get_by_label("Number")).to_be_focused()

    await page.keyboard.type(tab.story.demo.ready["handset"])

    await expect(page.get_by_role("row").nth(1)).to_be_visible()
    await expect(page).to_have_url(f"{tab.story.url}/messages?to=%2B6591234567")


async def test_signing_in_with_a_wrong_password_says_so_and_then_a_right_one_opens(tab):
    tab.allowed.append("401")
    ready = tab.story.demo.ready
    await tab.page.context.clear_cookies()
    page = await tab.open("/campaigns")

    await page.get_by_label("E-mail").fill(ready["admin_email"])
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("wrong")
    await page.get_by_label("Password").fill(ready["admin_password"])
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Campaigns", level=1)).to_be_visible()
