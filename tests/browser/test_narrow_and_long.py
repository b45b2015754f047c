"""No page is wider than its screen, whatever people call their users, events and campaigns, down to 320 px."""

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.browser.test_every_page import PAGES, spill, violations
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDTHS = (1280, 390, 320)
IDENTITY = "auth0|" + "0123456789abcdef" * 12
EVENT = "OrderPlacedInTheMobileApplicationByAReturningCustomerWithADiscountCodeOfTheSummerCampaignOf2026AndTwoItems"
NAME = "ThankYouForYourOrderInTheMobileApplicationWithADiscountCodeOfTheSummerCampaignOf2026InSingapore"
NUMBER = "+6591234578"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def long_story(story):
    """Return the parts of addresses of things with names as long as they may be, without a space in them."""
    campaign = {"name": NAME, "event": EVENT, "content": {"text": "https://example.com/" + "a" * 120}}
    made = story.demo.ask("POST", "/api/campaigns", campaign)[1]
    story.demo.ask("POST", f"/api/campaigns/{made['id']}/publish")
    person = {"Name": "N" * 100, "Phone": NUMBER, "AVeryLongNameOfAPropertyWithoutASpaceInIt" * 2: "v" * 300}
    story.demo.upload(
        {"identity": IDENTITY, "type": "profile", "profileData": person},
        {"identity": IDENTITY, "type": "event", "evtName": EVENT, "evtData": {"Url": "u" * 300}},
    )
    sent = eventually(
        lambda: story.demo.get("/api/messages", campaign_id=str(made["id"]))["messages"], what="its message"
    )
    message = story.demo.get(f"/api/messages/{sent[0]['id']}")
    return {
        **vars(story),
        "campaign_id": made["id"],
        "message_id": sent[0]["id"],
        "event_id": message["event_id"],
    }


LONG = {
    **PAGES,
    "explained": f"/explain?identity={IDENTITY}&event={EVENT}",
    "unknown person": f"/explain?identity={IDENTITY}x&event={EVENT}",
    "profile": f"/profile?identity={IDENTITY}",
    "nobody": f"/profile?identity={IDENTITY}x",
}


@pytest.mark.parametrize("name", LONG)
async def test_a_page_with_the_longest_names_fits_its_screen(tab, long_story, name):
    tab.allowed += ["404"] if name == "missing" else []
    page = await tab.open(LONG[name].format(**long_story))

    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 740})
        assert await spill(page) <= 0, f"it scrolls sideways at {width} px"


OUTSIDE = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1 && !one.closest(".unseen, .code, pre");
}).map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 40)}`)"""


@pytest.mark.parametrize("name", ["live", "campaigns", "messages", "providers", "explained", "profile"])
async def test_nothing_is_cut_off_at_the_edge_of_a_phone(tab, long_story, name):
    await tab.page.set_viewport_size({"width": 320, "height": 740})
    page = await tab.open(LONG[name].format(**long_story))

    assert await page.evaluate(OUTSIDE) == []
    assert await violations(page) == []


@pytest.mark.parametrize("width", [390, 320])
async def test_the_handset_and_their_list_fit_a_phone(tab, long_story, width):
    ready = tab.story.demo.ready
    await tab.page.set_viewport_size({"width": width, "height": 740})
    await tab.page.set_extra_http_headers({"Authorization": f"Bearer {ready['gateway_admin_token']}"})

    await tab.page.goto(f"{ready['gateway_url']}/simulator/handsets")
    await expect(tab.page.get_by_role("link", name=NUMBER)).to_be_visible()
    assert await spill(tab.page) <= 0
    in_no_table = OUTSIDE.replace(".unseen,", ".unseen, .k-scroll,")  # which scrolls in itself
    assert await tab.page.evaluate(in_no_table) == []
    await tab.page.goto(f"{ready['gateway_url']}/simulator/handsets/{NUMBER.removeprefix('+')}")
    await expect(tab.page.get_by_role("log")).to_contain_text("https://example.com")
    assert await spill(tab.page) <= 0
    assert await tab.page.evaluate(OUTSIDE) == []
