"""Back leads to where one was, and the text of a row can be marked and copied."""

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MANY = 120


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def many_messages(story):
    """Have more messages than two pages of the list hold."""
    records = []
    for n in range(MANY):
        who = {"Name": f"Back {n}", "Phone": f"+65914{n:03d}00"}
        records.append({"identity": f"back{n}", "type": "profile", "profileData": who})
        records.append({"identity": f"back{n}", "type": "event", "evtName": "Order Placed", "evtData": {}})
    story.demo.upload(*records)
    for number in {record["profileData"]["Phone"] for record in records if record["type"] == "profile"}:
        eventually(lambda to=number: story.demo.get("/api/messages", to=to)["messages"], what="a message")


async def test_back_finds_the_loaded_rows_and_the_place(tab):
    page = await tab.open("/messages")
    table, box = page.get_by_role("table", name="Messages"), page.locator(".k-scroll")
    await page.get_by_role("button", name="Older messages").click()
    await expect(table).to_have_attribute("aria-rowcount", "101")  # two pages, and the head
    await box.evaluate("node => { node.scrollTop = 2400; }")
    row = page.locator('tr[aria-rowindex="75"]')  # only those that are seen are drawn
    number = await row.get_by_role("link").inner_text()
    place = await box.evaluate("node => node.scrollTop")

    await row.get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Message to")
    await page.go_back()

    await expect(table).to_have_attribute("aria-rowcount", "101")
    await expect(row.get_by_role("link")).to_have_text(number)
    await page.wait_for_function(
        "place => Math.abs(document.querySelector('.k-scroll').scrollTop - place) < 2", arg=place
    )


async def test_a_filter_is_loaded_anew_and_its_rows_are_found_again_too(tab):
    page = await tab.open("/messages")
    await page.get_by_label("Number").fill("+6591400700")
    await expect(page.get_by_role("row")).to_have_count(2)

    await page.get_by_role("row").nth(1).get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Message to")
    await page.go_back()

    await expect(page.get_by_label("Number")).to_have_value("+6591400700")
    await expect(page.get_by_role("row")).to_have_count(2)


async def test_the_text_of_a_row_can_be_marked_and_a_click_on_the_row_still_opens_it(tab):
    page = await tab.open("/campaigns?q=Order+thanks")  # of a long table not all rows are drawn
    row = page.get_by_role("row").filter(has_text="Order thanks")
    event = row.get_by_role("cell").filter(has_text="Order Placed")
    box = await event.bounding_box()
    middle = box["y"] + box["height"] / 2

    await page.mouse.move(box["x"] + 12, middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 70, middle, steps=4)
    await page.mouse.up()

    assert await page.evaluate("getSelection().toString()") != ""
    await expect(page.get_by_role("heading", name="Campaigns", level=1)).to_be_visible()
    await event.click()
    await expect(page.get_by_role("heading", name="Order thanks", level=1)).to_be_visible()


async def test_marking_the_text_of_a_live_row_does_not_follow_it(tab):
    page = await tab.open("/live")
    row = page.get_by_role("region", name="Messages", exact=True).locator(".line").first
    box = await row.bounding_box()
    middle = box["y"] + box["height"] / 2

    await page.mouse.move(box["x"] + 18, middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 140, middle, steps=4)
    await page.mouse.up()

    assert await page.evaluate("getSelection().toString()") != ""
    await expect(page.get_by_role("heading", name="Live", level=1)).to_be_visible()
    await row.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Message to")
