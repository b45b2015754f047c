"""The table of campaigns, by mouse and by keyboard: views, many at once, and taking it back."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.e2e.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAMES = ("Table one", "Table two", "Table three")


@pytest_asyncio.fixture(loop_scope="session")
async def drafts(story):
    """Three drafts of the test's own."""
    made = {}
    for name in NAMES:
        form = {"name": name, "event": "Table Event", "content": {"text": "Hi"}, "labels": ["table"]}
        made[name] = story.demo.post("/api/campaigns", form)["id"]
    yield made
    left = [
        one["id"] for one in story.demo.get("/api/campaigns/table")["campaigns"] if "Table" in one["name"]
    ]
    story.demo.post("/api/campaigns/bulk", {"ids": left, "change": {"do": "delete"}})


def row(page, name):
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


async def tick(page, *names):
    for name in names:
        await row(page, name).get_by_role("checkbox").check()


async def test_some_are_archived_at_once_and_one_click_takes_it_back(tab, drafts):
    page = await tab.open("/campaigns?q=Table")
    await tick(page, "Table one", "Table two")
    await expect(page.get_by_role("group", name="Selected rows")).to_contain_text("2 selected")

    await page.get_by_role("button", name="Archive", exact=True).click()
    await expect(page.get_by_text("2 campaigns archived.")).to_be_visible()
    await expect(row(page, "Table one")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()

    await expect(row(page, "Table one")).to_have_count(1)
    page = await tab.open("/campaigns?view=archived")
    await expect(row(page, "Table one")).to_have_count(0)


async def test_what_is_archived_is_restored_from_its_view(tab, drafts):
    ids = [drafts["Table three"]]
    tab.story.demo.post("/api/campaigns/bulk", {"ids": ids, "change": {"do": "archive"}})
    page = await tab.open("/campaigns?q=Table+three")  # of a long table not all rows are drawn
    await expect(row(page, "Table three")).to_have_count(0)

    await page.get_by_role("tab", name=re.compile("Archived")).click()
    await tick(page, "Table three")
    await page.get_by_role("button", name="Restore").click()

    await expect(row(page, "Table three")).to_have_count(0)
    await page.get_by_role("tab", name=re.compile("All")).click()
    await expect(row(page, "Table three")).to_have_count(1)


async def test_a_label_is_given_to_some_and_taken_back(tab, drafts):
    page = await tab.open("/campaigns?q=Table")
    await tick(page, *NAMES[:2])

    await page.get_by_role("button", name="Label", exact=True).last.click()
    await page.get_by_placeholder("A label").fill("urgent")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("2 campaigns labelled.")).to_be_visible()
    labels = tab.story.demo.get(f"/api/campaigns/{drafts['Table one']}")["labels"]
    assert labels == ["table", "urgent"]
    await expect(page.get_by_role("checkbox", name="urgent", exact=True)).to_be_checked()
    async with page.expect_response("**/api/campaigns/bulk") as answered:
        await page.get_by_role("checkbox", name="urgent", exact=True).click()

    assert [one["outcome"] for one in (await (await answered.value).json())["results"]] == ["done", "done"]
    await expect(page.get_by_text("2 campaigns labelled.").last).to_be_visible()
    assert tab.story.demo.get(f"/api/campaigns/{drafts['Table two']}")["labels"] == ["table"]


async def test_what_cannot_be_done_says_why_and_the_rest_is_done(tab):
    draft, runs = (
        tab.story.demo.post("/api/campaigns", {"name": name, "event": "Put Away", "content": {"text": "Hi"}})
        for name in ("To put away", "Not to put away")
    )
    tab.story.demo.post(f"/api/campaigns/{runs['id']}/publish")
    page = await tab.open("/campaigns?q=put+away")
    await tick(page, draft["name"], runs["name"])

    await page.get_by_role("button", name="Archive", exact=True).click()

    await expect(
        page.get_by_text("1 campaign archived. 1 campaign not: It runs or is paused")
    ).to_be_visible()


async def test_drafts_are_deleted_after_a_question_that_names_them(tab, drafts):
    page = await tab.open("/campaigns?q=Table")
    await tick(page, "Table one", "Table two")
    await page.get_by_role("button", name="More for these campaigns").click()

    await page.get_by_role("menuitem", name=re.compile("Delete drafts")).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Delete 2 drafts?")
    await expect(dialog).to_contain_text("Table two")
    await dialog.get_by_role("button", name="Delete").click()

    await expect(row(page, "Table one")).to_have_count(0)
    await expect(row(page, "Table three")).to_have_count(1)


async def test_some_are_exported_as_one_file(tab, drafts):
    page = await tab.open("/campaigns?q=Table")
    await tick(page, "Table one", "Table three")
    await page.get_by_role("button", name="More for these campaigns").click()

    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name="Export as YAML").click()

    path = await (await download.value).path()
    names = re.findall(r"^- name: (.*)$", path.read_text(), re.MULTILINE)
    assert sorted(names) == ["Table one", "Table three"]


async def test_the_keyboard_alone_selects_opens_edits_and_duplicates(tab, drafts):
    tab.allowed.append("404")  # what the focus reaches is asked for ahead, and the copy is taken away again
    page = await tab.open("/campaigns?q=Table&sort=name")
    await expect(row(page, "Table one")).to_have_count(1)

    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await expect(page.get_by_role("group", name="Selected rows")).to_contain_text("2 selected")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("group", name="Selected rows")).to_have_count(0)
    await page.keyboard.press("k")
    await page.keyboard.press("d")
    await expect(page.get_by_text("1 campaign duplicated.")).to_be_visible()
    await expect(row(page, "Table one (copy)")).to_have_count(1)
    await page.get_by_role("button", name="Undo").click()
    await expect(row(page, "Table one (copy)")).to_have_count(0)
    await row(page, "Table one").focus()
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Table one", level=1)).to_be_visible()
    await page.go_back()
    await row(page, "Table two").focus()
    await page.keyboard.press("e")
    await expect(page).to_have_url(re.compile(rf"/campaigns/{drafts['Table two']}/edit$"))


async def test_a_view_is_saved_found_again_and_deleted_with_a_way_back(tab, drafts):
    page = await tab.open("/campaigns?q=Table&state=draft")

    await page.get_by_role("button", name="Save this view").click()
    await page.get_by_label("Name of the view").fill("My drafts")
    await page.keyboard.press("Enter")
    mine = page.get_by_role("tab", name="My drafts")
    await expect(mine).to_have_attribute("aria-selected", "true")
    await page.get_by_role("tab", name=re.compile("All")).click()
    await expect(page).to_have_url(f"{tab.story.url}/campaigns")
    await mine.click()
    await expect(page).to_have_url(re.compile(r"q=Table&state=draft"))
    await expect(page.get_by_role("searchbox", name="Find a campaign")).to_have_value("Table")
    await page.get_by_role("button", name="Delete this view").click()
    await expect(mine).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(mine).to_have_count(1)

    (view,) = eventually(lambda: tab.story.demo.get("/api/views")["views"], what="the view is there again")
    assert (view["name"], view["query"]) == ("My drafts", "q=Table&state=draft")
    await page.get_by_role("button", name="Delete this view").click()
    await expect(mine).to_have_count(0)
