"""How long a table of 100,000 rows keeps the page from answering: the longest task of each gesture.

    PYTHONPATH=. .venv/bin/python bench/kit_table.py

The gallery's table in a headless Chromium; the milliseconds are the main thread's processor time, so that a machine
kept busy by others measures the same.
"""

import asyncio
import json
import shutil
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Final

from bench._figures import figure
from playwright.async_api import Browser, Page, async_playwright
from tests.gallery.serve import serving

RUNS: Final = 3
ROWS: Final = 100_000
LIMIT_MS: Final = 100.0  # what the pages promise
REST_MS: Final = 300
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

SCROLL: Final = """async () => {
  const box = document.querySelector(".k-scroll");
  for (let at = 0; at < 60; at += 1) {
    box.scrollTop += at < 30 ? 300 : 60000;
    await new Promise(requestAnimationFrame);
  }
}"""
IS_SORTED: Final = "() => document.querySelector('.k-scroll').ariaBusy === 'false'"


async def scroll(page: Page) -> None:
    """Turn the wheel, then drag the bar."""
    await page.evaluate(SCROLL)


async def sort(page: Page) -> None:
    """Sort by the names, the slowest to compare."""
    await page.get_by_role("columnheader", name="Name").first.get_by_role("button").click()
    await page.wait_for_function(IS_SORTED)


async def select_all(page: Page) -> None:
    """Select every row, and none again."""
    await page.get_by_label("Select all rows").first.click()
    await page.keyboard.press("Escape")


async def export(page: Page) -> None:
    """Save all rows as CSV."""
    async with page.expect_download() as download:
        await page.get_by_role("button", name="CSV").first.click()
    await (await download.value).path()


async def search(page: Page) -> None:
    """Look for a name."""
    await page.get_by_role("searchbox").first.fill("birthday")


GESTURES: Final[dict[str, Callable[[Page], Awaitable[None]]]] = {
    "scroll": scroll,
    "sort": sort,
    "select_all": select_all,
    "export": export,
    "search": search,
}


async def longest_ms(browser: Browser, page: Page, gesture: Callable[[Page], Awaitable[None]]) -> float:
    """Return the processor time of the longest task while `gesture` goes on, in milliseconds."""
    await browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    await gesture(page)
    await page.wait_for_timeout(REST_MS)
    events = json.loads(await browser.stop_tracing())["traceEvents"]
    tasks: dict[tuple[int, int], list[float]] = defaultdict(list)
    for event in events:
        if event["name"].endswith("RunTask") and "tdur" in event:
            tasks[event["pid"], event["tid"]].append(event["tdur"] / 1000)
    return max(max(tasks.values(), key=sum))  # the busiest thread is the page's


async def main() -> None:
    """Print one figure a gesture."""
    path = next(found for name in NAMES if (found := shutil.which(name)))
    seen: dict[str, list[float]] = defaultdict(list)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        with serving() as url:
            for _ in range(RUNS):
                page = await browser.new_page(viewport={"width": 1280, "height": 860})
                await page.goto(f"{url}/?piece=table&rows={ROWS}")
                await page.locator("tbody tr[data-at]").first.wait_for()
                for name, gesture in GESTURES.items():
                    seen[name].append(await longest_ms(browser, page, gesture))
                await page.close()
        await browser.close()
    for name, values in seen.items():
        figure(f"table_{name}_longest_ms", values, "ms", LIMIT_MS, at_most=True)


if __name__ == "__main__":
    asyncio.run(main())
