"""Laws that hold on every page: readable for everybody, in both themes and on a phone, and light to load."""

from pathlib import Path

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
SMS = "/settings/engage/channels/sms"
PAGES = {
    "live": "/live",
    "campaigns": "/campaigns",
    "archived campaigns": "/campaigns?view=archived",
    "calendar": "/calendar",
    "week": "/calendar?view=week",
    "list of runs": "/calendar?view=list",
    "new campaign": "/campaigns/new",
    "campaign": "/campaigns/{campaign_id}",
    "edit campaign": "/campaigns/{campaign_id}/edit",
    "audiences": "/audiences",
    "new audience": "/audiences/new",
    "messages": "/messages",
    "message": "/messages/{message_id}",
    "event": "/events/{event_id}",
    "explain": "/explain",
    "explained": "/explain?identity=ann&event=Order+Placed",
    "unknown person": "/explain?identity=nobody&event=Order+Placed",
    "profile": "/profile?identity=ann",
    "inbox": "/inbox",
    "conversation": "/inbox?open=person%3Aidentity%3Aann",
    "suppressions": "/suppressions",
    "keywords": "/suppressions?view=keywords",
    "providers": SMS,
    "add provider": f"{SMS}/new",
    "provider": f"{SMS}/{{provider_id}}",
    "account": "/settings/account",
    "import and export": "/settings/transfer",
    "audit log": "/settings/audit",
    "menu": "/menu",
    "missing": "/no/such/page",
}


# The live page may hold 600 rows that are alike, and axe takes long over each.
FEWER_ROWS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".list > :nth-child(n + 21) { display: none }");
  document.adoptedStyleSheets = [sheet];
}"""


# A colour on its way to another one is read as it is: axe looks once nothing moves.
SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime)).map((one) => one.finished))
  .then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))))"""


async def violations(page):
    await page.evaluate(FEWER_ROWS)
    await page.evaluate(SETTLED)
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run().then((result) => result.violations)")
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


async def spill(page):
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_readable_in_both_themes_and_on_a_phone(tab, name):
    tab.allowed += ["404"] if name == "missing" else []
    page = await tab.open(PAGES[name].format(**vars(tab.story)))

    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await violations(page) == [], scheme
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await spill(page) <= 0, "it scrolls sideways at 360 px"
    assert await violations(page) == [], "360 px"


@pytest.mark.parametrize(
    "options", [{"color_scheme": "light"}, {"color_scheme": "dark"}], ids=["light", "dark"]
)
async def test_the_door_has_nothing_for_axe_to_find(tab):
    tab.allowed.append("401")
    await tab.page.context.clear_cookies()

    page = await tab.open("/campaigns")

    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await violations(page) == []


async def test_the_live_page_is_at_most_64_kib_on_the_wire(tab):
    sizes = []

    async def add(request):
        if "/static/" in request.url or request.resource_type == "document":
            size = await request.sizes()
            sizes.append((size["responseBodySize"], request.url))

    tab.page.on("requestfinished", add)
    await tab.open("/live")
    await tab.page.wait_for_load_state("load")

    total = sum(size for size, _ in sizes)
    assert 10_000 < total <= 64 * 1024, sorted(sizes, reverse=True)


async def test_a_warm_load_asks_for_no_file_again(tab):
    await tab.open("/live")
    await tab.page.wait_for_load_state("load")
    asked = []

    def add(response):
        asked.append(response)

    tab.page.on("response", add)

    await tab.page.goto(f"{tab.page.url.rpartition('/')[0]}/campaigns")
    await tab.page.wait_for_load_state("load")

    again = [one.url for one in asked if "/static/" in one.url and one.status == 304]
    assert again == []


async def test_a_chosen_theme_stays_after_a_reload(tab):
    page = await tab.open("/live")
    await page.get_by_role("button", name="Use the dark theme").click()

    await page.reload()

    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(page.get_by_role("button", name="Use the light theme")).to_be_visible()
