"""The portal's lists: found among thousands, folded, as wide as the screen, and where one was on the way back."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from tests.browser.portal_world import NUMBER, Tab, World, door, spill, tab, violations, world

from tellwire.gateway.model.account import Subaccount, Webhook
from tellwire.gateway.model.number import AllowedSender, SmppLogin
from tellwire.kernel.choice.price import Price
from tellwire.kernel.choice.routing import Rule, Share

__all__ = ["door", "tab", "world"]  # fixtures of the portal
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG = "a_customer_with_a_name_as_long_as_names_of_subaccounts_ever_get1"
PRICES = 2_000
MANY = 120


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def much(world: World) -> None:
    """Have long names, thousands of prices, and more messages than two pages of the list hold."""
    gateway = world.gateway
    await gateway.accounts.ensure_subaccount(Subaccount(id=LONG, account="demo", default_source="Tellwire"))
    await gateway.accounts.make_key("demo", "k" * 100, ())
    url = f"http://127.0.0.1:{gateway.port}/{'long-' * 60}?token={'t' * 200}"
    await gateway.accounts.save_webhook(Webhook(id=0, account="demo", subaccount=LONG, url=url))
    await gateway.numbers.save_senders(
        [AllowedSender(subaccount=LONG, source="12345678901", prefixes=("65",) * 9)]
    )
    await gateway.numbers.save_logins([SmppLogin(system_id="fifteen.letters", subaccount=LONG, password="-")])
    await gateway.accounts.save_prices("demo", [price(at) for at in range(PRICES)])
    await gateway.traffic.save_rules(
        [Rule(id="all", shares=(Share("simulator"),), source="Elevenchars", prefix="6" * 15)]
    )
    await gateway.traffic.save_rules([Rule(id="all", shares=(Share("simulator"),))])
    for last in range(MANY):
        assert await world.send(f"+659100{last:04}", "Hi") == 200


def price(at: int) -> Price:
    return Price(
        direction="outbound",
        prefix=str(1000 + at),
        country="SG",
        country_name=f"Country {at}",
        operator="An operator of a long name",
        mcc="525",
        mnc="01",
        part_micro=32_500,
    )


PAGES = (
    "overview", "messages", "messages/{umid}", "inbound", "inbound/{text}", "carriers", "routes", "keys", "subaccounts",
    "senders", "webhooks", "surveys", "surveys/nps", "prices", "simulator", "people", "menu",
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
async def test_long_names_make_no_page_wider_than_the_screen(tab: Tab, name: str) -> None:
    page = await tab.open(name.format(umid=tab.world.umid, text=tab.world.text))

    for width in (1280, 390, 320):
        await page.set_viewport_size({"width": width, "height": 740})
        assert await spill(page) <= 0, f"it scrolls sideways at {width} px"


async def test_a_price_is_found_among_thousands(tab: Tab) -> None:
    page = await tab.open("prices")
    await expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", str(PRICES + 1))
    assert await page.locator("tbody tr").count() < 100, "only what is seen is drawn"
    rows = page.locator("tbody tr[data-at]")

    await page.keyboard.press("/")
    await page.keyboard.type("+1234 567 890")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("+1234")
    await page.get_by_label("Find").fill("country 1777 long")
    await expect(rows.first).to_contain_text("Country 1777")
    await expect(page.get_by_text("1 of 2,000 prices")).to_be_visible()
    assert await violations(page) == []

    await page.reload()
    await expect(rows).to_have_count(1)


async def log_of(tab: Tab, *tries: dict[str, Any]) -> Page:
    """Open the webhooks with a log of these tries, newest first."""
    whole = {
        "at": "2026-01-02T03:04:05Z",
        "subaccount": "demo_hq",
        "style": "single",
        "is_over": False,
        "reason": "",
    }
    answer = {"tries": [{**whole, "id": 100 - at, **one} for at, one in enumerate(tries)], "next": None}
    await tab.page.route("**/webhooks/log*", lambda route: route.fulfill(json=answer))
    return await tab.open("webhooks")


async def test_retries_fold_into_one_post_under_their_message(tab: Tab) -> None:
    one = {"umid": "aaaa", "event": "sent", "url": "https://x.example"}
    page = await log_of(
        tab,
        {**one, "attempt": 3, "status": 200},
        {**one, "umid": "bbbb", "attempt": 1, "status": 200},
        {**one, "attempt": 2, "status": 503},
        {**one, "event": "delivered", "attempt": 1, "status": 200},
        {**one, "attempt": 1, "status": None, "reason": "cannot connect"},
    )
    log = page.get_by_role("region", name="Delivery log")

    assert await log.locator("tbody th").all_inner_texts() != []
    await expect(log.locator("tbody")).to_have_count(2)
    await expect(log.get_by_role("button", name="Post again")).to_have_count(3)
    await expect(log.locator("tbody").first.get_by_role("link")).to_have_text("aaaa")
    await log.get_by_text("3 tries").click()

    await expect(log.locator("details li")).to_have_count(2)
    await expect(log.locator("details")).to_contain_text("cannot connect")
    await page.unroute_all(behavior="wait")


async def test_texts_from_handsets_stand_in_the_list_with_their_words(tab: Tab) -> None:
    page = await tab.open("inbound")

    await expect(page.get_by_role("row").filter(has_text="Where is my parcel?")).to_have_count(1)


async def test_back_finds_the_loaded_messages_and_the_place(tab: Tab) -> None:
    page = await tab.open("messages")
    rows = page.get_by_role("row")
    await page.get_by_role("button", name="Older messages").click()
    await expect(rows).to_have_count(101)
    await rows.nth(90).scroll_into_view_if_needed()
    place = await page.evaluate("scrollY")

    await rows.nth(90).get_by_role("link").click()
    await expect(page.get_by_role("heading", name="To +65")).to_be_visible()
    await page.go_back()

    await expect(rows).to_have_count(101)
    await page.wait_for_function("place => Math.abs(scrollY - place) < 2", arg=place)


async def test_the_text_of_a_row_can_be_marked_and_a_click_still_opens_it(tab: Tab) -> None:
    page = await tab.open(f"messages?q={NUMBER.removeprefix('+')}")
    cell = page.get_by_role("cell", name="order-7").first

    box = await cell.get_by_text("order-7").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + 1, middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] - 1, middle, steps=4)
    await page.mouse.up()
    assert (await page.evaluate("String(getSelection())")).strip() == "order-7"
    await expect(page).to_have_url(f"{tab.world.url}/portal/messages?q={NUMBER.removeprefix('+')}")
    await page.evaluate("getSelection().removeAllRanges()")
    await cell.click()

    await expect(page.get_by_role("heading", name=f"To {NUMBER}")).to_be_visible()


async def test_a_dead_carrier_is_said_to_be_dead(tab: Tab) -> None:
    carriers = await tab.get("/carriers")
    carriers["carriers"][0].update(health="down", binds_up=0, waiting=3)
    await tab.page.route("**/admin/api/carriers", lambda route: route.fulfill(json=carriers))
    page = await tab.open("carriers")
    card = page.get_by_role("region", name="Carrier simulator")

    await expect(card).to_contain_text("Down: nothing goes out through it · 3 messages wait")
    await expect(card).not_to_contain_text("fail lately")
    await expect(card).not_to_contain_text("less than a second")
    await page.unroute_all(behavior="wait")


@pytest.mark.parametrize(
    "name", ["overview", "messages", "messages/{umid}", "inbound", "inbound/{text}", "keys"]
)
async def test_every_moment_is_written_by_one_clock_with_its_zone_and_encodings_by_one_name(
    tab: Tab, name: str
) -> None:
    page = await tab.open(name.format(umid=tab.world.umid, text=tab.world.text))
    main = await page.locator("main").inner_text()
    zones = await page.locator("main time").evaluate_all("times => times.map((time) => time.title)")

    assert all(zone.endswith("UTC)") for zone in zones), zones
    assert " AM" not in main
    assert " PM" not in main
    assert "GSM7" not in main
    if name.count("{"):
        assert "GSM-7" in main
