"""Settings > Import and export: what a file would do is seen before it does it."""

import pytest
from playwright.async_api import expect
from tests.browser.test_every_page import violations

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DOCUMENT = """\
tellwire: 1
campaigns:
- name: By file
  event: Nothing Yet
  content:
    text: Hello
"""


def file_of(text):
    return {"name": "change.yaml", "mimeType": "application/yaml", "buffer": text.encode()}


async def test_a_file_is_planned_then_imported_then_exported(tab):
    page = await tab.open("/settings/transfer")

    await page.get_by_label("YAML file").set_input_files(file_of(DOCUMENT))
    row = page.get_by_role("row").filter(has_text="By file")
    await expect(row).to_contain_text("New")
    names = [one["name"] for one in tab.story.demo.get("/api/campaigns")["campaigns"]]
    assert "By file" not in names
    await page.get_by_role("button", name="Import…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()

    await expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    names = [one["name"] for one in tab.story.demo.get("/api/campaigns")["campaigns"]]
    assert names.count("By file") == 1
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Download").click()
    download = await started.value
    assert download.suggested_filename == "tellwire.yaml"
    exported = (await download.path()).read_text()
    assert "name: By file" in exported
    await page.get_by_label("YAML file").set_input_files(
        file_of(exported.replace("text: Hello", "text: Bye"))
    )
    await expect(row).to_contain_text("Changed")
    await expect(row).to_contain_text("content")
    await expect(page.get_by_role("row").filter(has_text="New")).to_have_count(0)
    await page.get_by_text("Left as they are:").click()
    await expect(page.get_by_role("listitem").filter(has_text="Order thanks")).to_be_visible()
    assert await plain(page)
    await page.get_by_label("YAML file").set_input_files(file_of(exported))
    await expect(page.get_by_text("Everything in the file is here already, just so.")).to_be_visible()


async def plain(page):
    return await violations(page) == []


async def test_a_mistake_is_shown_with_its_line_and_nothing_is_changed(tab):
    tab.allowed.append("422")
    page = await tab.open("/settings/transfer")

    wrong = DOCUMENT.replace("By file", "By mistake").replace("  event", "  provider: Nobody\n  event")
    wrong += "- name: Second\n  state: going\n"
    await page.get_by_label("YAML file").set_input_files(file_of(wrong))

    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Line 4: There is no provider “Nobody”.")
    await expect(alert.locator("pre")).to_have_text(["  provider: Nobody", "  state: going"])
    await expect(page.get_by_role("button", name="Import…")).to_have_count(0)
    assert await plain(page)
    await page.get_by_label("YAML file").set_input_files(file_of("a: ["))
    await expect(alert).to_contain_text("Line 1: ")
