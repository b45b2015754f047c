"""What a visit of the dashboard costs in Chromium: first content, requests and layout shift, cold and warm; long lists.

    PYTHONPATH=. .venv/bin/python bench/pages.py

The platform is a real one on loopback with 2,000 campaigns. Cold is a browser that never was here, warm the same page
opened again. Work is the processor time of all the browser's processes for such a visit: a machine that others keep
busy measures it nearly the same. Blocked is the longest that a page let the browser wait while it was drawn and
scrolled through, by the clock and in the processor time of the page's thread.
"""

import asyncio
import json
import shutil
from typing import Any, Final

from bench._figures import figure
from bench._platform import Platform, platform
from bench.kit_table import longest_ms
from bench.live_page import NAMES
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

RUNS: Final = 5
CAMPAIGNS: Final = 2000
PAGE: Final = 500  # campaigns in one import
PAGES: Final = {
    "live": "/live",
    "campaigns": "/campaigns",
    "messages": "/messages",
    "SMS": "/settings/engage/channels/sms",
}
QUIET_MS: Final = 500  # after which nothing of a page is still to come

# Before the page: notes what moved, what blocked, and when there was content: a heading with something of its list.
WATCH: Final = """() => {
  window.seen = { shift: 0, blocked: 0, content: null };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.seen.shift += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.seen.blocked = Math.max(window.seen.blocked, one.duration);
  }).observe({ type: "longtask", buffered: true });
  window.there = new Promise((resolve) => {
    const look = () => {
      const isThere = document.querySelector("h1") && document.querySelector(".card, .live, .k-card") &&
        !document.querySelector(".bone, .k-bone");
      if (!isThere) return requestAnimationFrame(look);
      window.seen.content = performance.now();
      resolve();
    };
    requestAnimationFrame(look);
  });
}"""
REQUESTS: Final = (
    """() => performance.getEntriesByType("resource").filter((one) => one.transferSize > 0).length + 1"""
)

SCROLL: Final = """async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const box = document.querySelector(".k-scroll");
  for (let top = 0; top < box.scrollHeight; top += 600) { box.scrollTop = top; await frame(); }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return window.seen.blocked;
}"""


def fill(running: Platform) -> None:
    """Give the platform a long list of campaigns, as a user would import it."""
    campaigns = [
        {
            "name": f"Campaign {n}",
            "state": "draft",
            "event": f"Order Placed {n % 50}",
            "content": {"text": "Thank you"},
        }
        for n in range(CAMPAIGNS)
    ]
    for at in range(0, CAMPAIGNS, PAGE):
        document = {"tellwire": 1, "campaigns": campaigns[at : at + PAGE]}
        running.ask_text("POST", "/api/import", json.dumps(document))  # JSON is YAML


async def signed_in(browser: Browser, url: str) -> BrowserContext:
    """Return a browser that never loaded a page of ours, with a session."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    await context.add_init_script(f"({WATCH})()")
    credentials = {"email": "bench@example.com", "password": "bench-bench-bench"}
    await context.request.post(f"{url}/api/session", data=credentials)
    return context


async def visit(page: Page, address: str) -> dict[str, Any]:
    """Open an address and return what was seen of it once all is quiet."""
    await page.goto(address)
    await page.evaluate("() => window.there")
    await page.wait_for_timeout(QUIET_MS)
    seen: dict[str, Any] = await page.evaluate("window.seen")
    return {**seen, "requests": await page.evaluate(REQUESTS)}


async def work_s(browser: Browser) -> float:
    """Return the processor seconds that the browser's processes have used, those that have ended not among them."""
    session = await browser.new_browser_cdp_session()
    found = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return float(sum(one["cpuTime"] for one in found["processInfo"]))


async def both(browser: Browser, url: str, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a cold and a warm visit saw."""
    context = await signed_in(browser, url)
    page = await context.new_page()
    visits = []
    for _ in range(2):
        before = await work_s(browser)
        seen = await visit(page, url + path)
        visits.append({**seen, "work": 1000 * (await work_s(browser) - before)})
    await context.close()
    return visits[0], visits[1]


async def scrolled(browser: Browser, url: str) -> tuple[float, float]:
    """Return the longest that the list of campaigns blocked: milliseconds by the clock, and of the processor."""
    context = await signed_in(browser, url)
    page = await context.new_page()

    async def look_through(page: Page) -> None:
        await visit(page, f"{url}/campaigns")
        await page.evaluate(SCROLL)

    worked = await longest_ms(browser, page, look_through)
    blocked = float(await page.evaluate("window.seen.blocked"))
    await context.close()
    return blocked, worked


async def measure(browser: Browser, url: str) -> None:
    """Measure and print each page."""
    for name, path in PAGES.items():
        visits = [await both(browser, url, path) for _ in range(RUNS)]
        cold, warm = ([pair[at] for pair in visits] for at in (0, 1))
        figure(f"{name}, first content cold", [one["content"] for one in cold], "ms", 1000, at_most=True)
        figure(f"{name}, first content warm", [one["content"] for one in warm], "ms", 300, at_most=True)
        figure(f"{name}, work cold", [one["work"] for one in cold], "ms")
        figure(f"{name}, work warm", [one["work"] for one in warm], "ms")
        figure(f"{name}, requests cold", [one["requests"] for one in cold], "")
        figure(f"{name}, requests warm", [one["requests"] for one in warm], "", 6, at_most=True)
        figure(f"{name}, layout shift", [max(a["shift"], b["shift"]) for a, b in visits], "")
    blocked = [await scrolled(browser, url) for _ in range(RUNS)]
    for at, what in enumerate(("blocked at most", "longest work at once")):
        figure(f"{CAMPAIGNS} campaigns, {what}", [one[at] for one in blocked], "ms", 100, at_most=True)


async def main() -> None:
    """Measure and print."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with platform() as running:
        fill(running)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-gpu"]
            )
            await measure(browser, f"http://127.0.0.1:{running.port}")
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
