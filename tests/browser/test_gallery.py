"""Every piece of the kit in every state: readable in both themes at every width, and usable by keys alone."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.conftest import WAIT_MS
from tests.gallery.serve import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PIECES = sorted(path.stem for path in (Path(__file__).parents[1] / "gallery" / "pieces").glob("*.js"))
WIDTHS = (320, 390, 768, 1280, 1920)
READ_AT = (320, 1280)  # axe looks at the narrow and the wide drawing


@dataclass
class Gallery:
    """A page of the gallery, and what its console complained of."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    async def open(self, piece: str, **query: object) -> Page:
        """Show one piece and wait until it stands."""
        rest = "".join(f"&{key}={value}" for key, value in query.items())
        await self.page.goto(f"{self.url}/?piece={piece}{rest}")
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(piece)
        return self.page


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    with serving() as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def gallery(browser: Browser, gallery_url: str) -> AsyncIterator[Gallery]:
    """Open a page of the gallery; afterwards its console must have been quiet."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    gallery = Gallery(await context.new_page(), gallery_url)
    complain = gallery.complaints.append
    gallery.page.on("console", lambda one: one.type in {"error", "warning"} and complain(one.text))
    gallery.page.on("pageerror", lambda error: complain(f"page error: {error}"))
    yield gallery
    await context.close()
    assert gallery.complaints == []


async def violations(page: Page) -> list[tuple[str, list[object]]]:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    # Without a look into the sheets: it would make them anew as inline ones, which the policy forbids.
    found = await page.evaluate("axe.run({ preload: false }).then((result) => result.violations)")
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


async def spill(page: Page) -> int:
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("piece", PIECES)
async def test_a_piece_is_readable_in_both_themes_and_spills_at_no_width(gallery, piece):
    page = await gallery.open(piece, rows=60)

    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 860})
        assert await spill(page) <= 0, f"it scrolls sideways at {width} px"
        for scheme in ("light", "dark") if width in READ_AT else ():
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert await violations(page) == [], f"{scheme}, {width} px"


# What opens: how, and what then stands there.
OPENED = {
    "columns": ("table", lambda page: page.get_by_role("button", name="Columns").first.click()),
    "selected rows": ("table", lambda page: page.get_by_label("Select Birthday", exact=True).first.click()),
    "choice of a filter": ("filter-bar", lambda page: page.get_by_role("button", name="State").first.click()),
    "number of a filter": ("filter-bar", lambda page: page.get_by_role("button", name="Sent").first.click()),
    "days": ("date-range", lambda page: page.get_by_role("button", name="Days…").first.click()),
    "comparison": ("date-range", lambda page: page.get_by_role("button", name="vs.").first.click()),
    "plot as a table": ("plot", lambda page: page.get_by_role("button", name="Table").first.click()),
    "panel": ("panel", lambda page: page.get_by_role("link", name="Birthday", exact=True).click()),
    "menu": ("menu", lambda page: page.get_by_role("button", name="More").click()),
    "options": ("combobox", lambda page: page.get_by_role("combobox", name="Country").click()),
    "options, found": ("combobox", lambda page: page.get_by_role("combobox", name="Campaign").fill("cart")),
    "palette": ("palette", lambda page: page.keyboard.press("Control+k")),
    "refused form": ("form", lambda page: page.get_by_role("button", name="Save").click()),
    "form in a dialog": ("form", lambda page: page.get_by_role("button", name="New price…").click()),
    "question": ("dialog", lambda page: page.get_by_role("button", name="Erase…").click()),
    "undo": ("dialog", lambda page: page.get_by_role("button", name="Pause 2").click()),
}
STANDS = ":popover-open, dialog[open], .k-panel, .k-bulk, .k-plot-numbers, .wrong, .toast"


@pytest.mark.parametrize("name", OPENED)
async def test_what_opens_is_readable_in_both_themes_and_within_a_phone(gallery, name):
    piece, opens = OPENED[name]
    page = await gallery.open(piece, rows=60)

    await opens(page)

    await expect(page.locator(STANDS).first).to_be_visible()
    for width, scheme in ((1280, "light"), (320, "dark")):
        await page.set_viewport_size({"width": width, "height": 860})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await violations(page) == [], f"{scheme}, {width} px"
        assert await spill(page) <= 0
    box = await page.locator(STANDS).first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


def table_of(page: Page):
    return page.get_by_role("region", name="Campaigns", exact=True).get_by_role("table")


async def focused(page: Page) -> str:
    return await page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''")


async def test_a_table_of_100_000_rows_draws_few_and_says_how_many_there_are(gallery):
    page = await gallery.open("table", rows=100_000)
    table = table_of(page)

    await expect(table).to_have_attribute("aria-rowcount", "100001")
    assert await table.locator("tbody tr").count() < 60
    await page.keyboard.press("End")

    await expect(table.locator("tr:focus")).to_have_attribute("aria-rowindex", "100001")
    assert await table.locator("tbody tr").count() < 60
    await page.keyboard.press("Home")
    await expect(table.locator("tr:focus")).to_have_attribute("aria-rowindex", "2")


async def test_the_page_is_drawn_while_100_000_rows_are_sorted(gallery):
    page = await gallery.open("table", rows=100_000)
    table = table_of(page)
    await page.evaluate("""() => {
      window.frames_drawn = 0;
      const box = document.querySelector(".k-scroll");
      const tick = () => { if (box.ariaBusy === "true") window.frames_drawn += 1; requestAnimationFrame(tick); };
      tick();
    }""")

    await table.get_by_role("button", name="Name").click()

    await expect(table.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    await expect(page.locator(".k-scroll").first).to_have_attribute("aria-busy", "false")
    await expect(table.locator("tbody th").first).to_contain_text("Back in stock")
    assert await page.evaluate("window.frames_drawn") >= 3


async def test_a_table_is_walked_through_selected_and_opened_by_keys_alone(gallery):
    page = await gallery.open("table", rows=60)
    table = table_of(page)
    ticked = table.locator("tr.k-ticked")

    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(table.locator("tr:focus")).to_contain_text("VIP")
    await page.keyboard.press("x")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Shift+ArrowDown")
    await expect(ticked).to_have_count(3)
    await page.keyboard.press("Control+a")
    await expect(page.get_by_text("60 selected").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(ticked).to_have_count(0)
    await page.keyboard.press("k")
    await page.keyboard.press("e")
    await expect(page.locator("[data-done]")).to_have_text("edit Order confirmation")

    await page.keyboard.press("Enter")

    await expect(table.locator("tr.k-current")).to_contain_text("Order confirmation")
    assert page.url.endswith("open=campaign:3")


async def test_a_click_with_shift_selects_the_rows_between(gallery):
    page = await gallery.open("table", rows=60)
    table = table_of(page)

    await table.get_by_label("Select Order confirmation", exact=True).click()
    await table.get_by_label("Select Birthday", exact=True).click(modifiers=["Shift"])
    await expect(page.get_by_text("6 selected").first).to_be_visible()
    await page.get_by_role("button", name="Pause").click()

    await expect(page.locator("[data-done]")).to_have_text("Pause 6")
    await expect(table.locator("tr.k-ticked")).to_have_count(0)


async def test_the_focus_is_not_lost_when_its_row_is_scrolled_away(gallery):
    page = await gallery.open("table", rows=2000)
    table = table_of(page)
    await page.keyboard.press("j")

    await page.locator(".k-scroll").first.evaluate("(box) => { box.scrollTop = 30_000; }")
    await expect(table.locator("tbody th").first).not_to_contain_text("over 50 EUR")
    await page.keyboard.press("j")

    await expect(table.locator("tr:focus")).to_have_attribute("aria-rowindex", "3")


async def test_a_head_sorts_and_says_so(gallery):
    page = await gallery.open("table", rows=60)
    head = table_of(page).get_by_role("columnheader", name="Sent")
    sent = table_of(page).locator("tbody td:nth-child(5)")

    await head.get_by_role("button").click()
    await expect(head).to_have_attribute("aria-sort", "ascending")
    await head.get_by_role("button").click()

    await expect(head).to_have_attribute("aria-sort", "descending")
    texts = [text.replace(",", "") for text in await sent.all_inner_texts()]
    numbers = [int(text) for text in texts if text.isdecimal()]
    assert len(numbers) > 10
    assert numbers == sorted(numbers, reverse=True)


async def test_chosen_columns_stay_after_a_reload(gallery):
    page = await gallery.open("table", rows=60)
    await page.get_by_role("button", name="Columns").first.click()

    await page.get_by_label("Cost").check()
    await page.get_by_label("Event", exact=True).uncheck()
    await page.keyboard.press("Escape")
    await page.reload()

    await expect(table_of(page).get_by_role("columnheader", name="Cost")).to_be_visible()
    await expect(table_of(page).get_by_role("columnheader", name="Event")).to_have_count(0)


async def test_csv_has_the_rows_as_they_stand_and_only_those_selected(gallery):
    page = await gallery.open("table", rows=60)
    button = page.get_by_role("button", name="CSV").first

    async with page.expect_download() as whole:
        await button.click()
    await page.get_by_label("Select Birthday", exact=True).first.click()
    async with page.expect_download() as part:
        await button.click()

    lines = Path(await (await whole.value).path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 61
    assert lines[0].startswith('Name,State,Event,"Sent, 7 d"')
    assert lines[1].startswith('"Cart abandoned, over 50 EUR",running')
    assert len(Path(await (await part.value).path()).read_text("utf-8-sig").splitlines()) == 2


async def test_nothing_jumps_when_rows_are_selected(gallery):
    page = await gallery.open("table", rows=60)
    await page.evaluate("""() => {
      window.moved = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.moved += one.value; }))
        .observe({ type: "layout-shift" });
    }""")

    await page.get_by_label("Select Birthday", exact=True).first.click()
    await expect(page.locator(".k-bulk")).to_be_visible()
    await page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )

    assert await page.evaluate("window.moved") == 0


async def test_a_filter_is_set_changed_and_taken_away_by_keys_alone(gallery):
    page = await gallery.open("filter-bar")
    bar = page.get_by_role("region", name="Nothing filtered")

    await bar.get_by_role("button", name="State").press("Enter")
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(bar.get_by_role("button", name="State: running")).to_be_focused()
    await expect(bar.locator("output")).to_contain_text("state=running")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(bar.locator("output")).not_to_contain_text("running")


async def test_typed_words_become_filters_on_enter(gallery):
    page = await gallery.open("filter-bar")
    bar = page.get_by_role("region", name="Nothing filtered")

    await bar.get_by_role("searchbox").fill("spring state:draft sent:10..20")
    await page.keyboard.press("Enter")

    await expect(bar.get_by_role("searchbox")).to_have_value("spring")
    await expect(bar.get_by_role("button", name="Sent: 10 to 20 messages")).to_be_visible()


async def test_days_are_chosen_and_compared_by_keys_alone(gallery):
    page = await gallery.open("date-range")
    state = page.get_by_role("region", name="The last days")

    await state.get_by_role("button", name="Days…").press("Enter")
    await page.get_by_label("From").fill("2026-11-09")
    await page.get_by_label("Up to and with").fill("2026-11-02")
    await page.get_by_role("button", name="Show these days").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("before the first")
    await page.get_by_label("From").fill("2026-11-01")
    await page.get_by_role("button", name="Show these days").press("Enter")
    await expect(state.locator("output")).to_contain_text("2026-11-01T")
    await state.get_by_role("button", name="vs.").press("Enter")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")

    await expect(state.locator("output")).to_contain_text("2025-11-01T")


async def test_a_plot_is_read_by_keys_and_as_a_table(gallery):
    page = await gallery.open("plot")
    state = page.get_by_role("region", name="Lines, compared, with events")
    plot = state.get_by_role("group", name="Messages by hour")

    await expect(state.locator(".u-over")).to_be_visible()
    await plot.focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    readout = state.locator(".k-plot-readout")
    await expect(readout).to_have_attribute("aria-live", "polite")
    await expect(readout).to_contain_text("week before")
    sent = await readout.locator("b").nth(1).inner_text()
    await state.get_by_role("button", name="Table").click()

    row = state.get_by_role("row").nth(2)
    await expect(row.get_by_role("cell").first).to_have_text(sent)


async def test_a_span_of_a_plot_is_marked_with_the_pointer(gallery):
    page = await gallery.open("plot")
    state = page.get_by_role("region", name="Lines, compared, with events")
    box = await state.locator(".u-over").bounding_box()
    assert box is not None

    await page.mouse.move(box["x"] + 100, box["y"] + 50)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 300, box["y"] + 50, steps=4)
    await page.mouse.up()

    await expect(state.locator("output")).to_contain_text(" to ")


async def test_a_plot_takes_the_colours_of_the_theme(gallery):
    page = await gallery.open("plot")
    picture = "() => document.querySelector('.k-plot canvas').toDataURL()"

    await expect(page.locator(".u-over").first).to_be_visible()
    light = await page.evaluate(picture)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")

    await page.wait_for_function(f"(old) => ({picture})() !== old", arg=light)


async def test_a_panel_keeps_the_focus_gives_it_back_and_lets_the_page_be_used(gallery):
    page = await gallery.open("panel")
    panel = page.get_by_role("dialog")

    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_role("heading")).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await panel.evaluate("(node) => node.contains(document.activeElement)")
    await page.get_by_role("link", name="Birthday", exact=True).click()
    await expect(panel.get_by_role("heading")).to_have_text("Birthday")
    await page.keyboard.press("Escape")

    await expect(panel).to_have_count(0)
    assert page.url.endswith("?piece=panel")
    assert await focused(page) != ""


async def test_escape_closes_the_menu_in_a_panel_and_not_the_panel(gallery):
    page = await gallery.open("panel", open="campaign:1")
    await page.get_by_role("button", name="More", exact=True).click()

    await page.keyboard.press("Escape")

    await expect(page.get_by_role("menu")).to_have_count(0)
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_a_menu_is_used_by_keys_alone(gallery):
    page = await gallery.open("menu")
    more = page.get_by_role("button", name="More")

    await more.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("menuitem", name="Archive")).to_be_focused()
    await page.keyboard.press("d")
    await expect(page.get_by_role("menuitem", name="Duplicate")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await more.press("Enter")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Done: Archive")).to_be_visible()
    await expect(more).to_be_focused()


async def test_what_is_disabled_in_a_menu_is_not_done(gallery):
    page = await gallery.open("menu")
    await page.get_by_role("button", name="More").click()

    await page.get_by_role("menuitem", name="Publish").click(force=True)

    await expect(page.get_by_text("Done: nothing yet")).to_be_visible()


async def test_a_combobox_finds_by_typing_and_is_left_as_it_was_by_escape(gallery):
    page = await gallery.open("combobox")
    country = page.get_by_role("combobox", name="Country")

    await country.click()
    await page.keyboard.type("cote")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(country).to_have_value("Côte d’Ivoire")
    await page.keyboard.type("zzz")
    await expect(page.get_by_text("Nothing fits.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(country).to_have_value("Côte d’Ivoire")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(country).to_have_value("Singapore")


async def test_a_combobox_asks_its_server_and_an_optional_one_can_be_emptied(gallery):
    page = await gallery.open("combobox")
    campaign = page.get_by_role("combobox", name="Campaign")

    await campaign.fill("birthday")
    await page.get_by_role("option").first.click()
    await expect(page.get_by_role("region", name="From a server").locator("output")).not_to_be_empty()
    await campaign.fill("")
    await page.keyboard.press("Tab")

    await expect(page.get_by_role("region", name="From a server").locator("output")).to_be_empty()


async def test_tabs_are_walked_through_by_arrows(gallery):
    page = await gallery.open("tabs")
    await page.get_by_role("tab", name="All").focus()

    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("tab", name="Spain")).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")

    await expect(page.get_by_role("tab", name="Needs attention")).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("tabpanel")).to_have_text("This is attention.")


async def test_the_palette_finds_pages_objects_and_verbs_by_keys_alone(gallery):
    page = await gallery.open("palette")
    await expect(page.get_by_role("button", name="Find a person")).to_be_visible()

    await page.keyboard.press("Control+k")
    await page.keyboard.type("block")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Suppressed.")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("ann aa")
    await expect(page.get_by_role("option", name="Ann Aardvark")).to_be_visible()
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith("open=person:1")


async def test_the_palette_says_what_to_do_where_nothing_fits_and_closes_on_escape(gallery):
    page = await gallery.open("palette")
    await page.get_by_role("button", name="Find a person").click()

    await page.keyboard.type("zzzz")
    await expect(page.get_by_text("Nothing is called “zzzz”")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("button", name="Find a person")).to_be_focused()


async def test_a_form_tells_all_errors_at_once_and_each_goes_with_its_change(gallery):
    page = await gallery.open("form")

    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".wrong")).to_have_count(2)
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type("Spring")
    await expect(page.locator(".wrong")).to_have_count(1)
    await expect(page.get_by_text("Not saved")).to_be_visible()
    await page.get_by_label("Sender").fill("ACME")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()


async def test_what_the_server_refuses_stands_at_its_field_or_above_all(gallery):
    page = await gallery.open("form")
    await page.get_by_label("Sender").fill("ACME")
    await page.get_by_label("Name").fill("taken")

    await page.keyboard.press("Enter")
    await expect(page.locator(".wrong")).to_have_text("Another one is called that.")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.get_by_label("Name").fill("down")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.locator(".wrong")).to_have_count(0)


async def test_a_question_is_answered_and_an_undo_undoes(gallery):
    page = await gallery.open("dialog")

    await page.get_by_role("button", name="Erase…").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("Answer: no", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Erase…")).to_be_focused()
    await page.get_by_role("button", name="Pause 2").click()
    await page.get_by_role("button", name="Undo").click()

    await expect(page.get_by_text("Answer: undone")).to_be_visible()


async def test_a_plot_that_cannot_be_drawn_is_a_table(gallery):
    await gallery.page.route("**/vendor/uplot.js", lambda route: route.abort())

    page = await gallery.open("plot")

    state = page.get_by_role("region", name="Lines, compared, with events")
    await expect(state.get_by_role("table")).to_be_visible()
    gallery.complaints.clear()  # the browser's, about the file
