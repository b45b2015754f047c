"""How many frames a second the live page paints while 300 events a second come, each with a message that moves twice.

    PYTHONPATH=. .venv/bin/python bench/live_page.py

The page is the real one, in a headless Chromium; the changes come from within it, as the server's stream would bring
them (five times a second), so that the figure is the page's own cost. Longest is the longest time between two frames.
"""

import asyncio
import shutil
from typing import Final

from bench._figures import figure
from bench._platform import platform
from playwright.async_api import Browser, async_playwright

RUNS: Final = 3
RATE: Final = 300
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

STREAM = """() => {
  const RATE = 300;
  let last = 0;
  const id = () => `019b${String(++last).padStart(20, "0")}`;
  const messageOf = (id, at) => ({
    id, campaign_id: 1, campaign_name: "Order thanks", profile_id: "p", provider_id: "x", provider_nickname: "sink",
    to: "+65 9••• ••71", encoding: "GSM7", parts: 1, standing: { status: "queued", detail: "" }, error_code: "",
    description: "", created_at: at, updated_at: at,
  });
  window.EventSource = class extends EventTarget {
    constructor() {
      super();
      setTimeout(() => this.dispatchEvent(new Event("open")), 10);
      this.young = [];
      this.timer = setInterval(() => this.tell(RATE / 5), 200);
    }
    tell(count) {
      const at = new Date().toISOString();
      const events = Array.from({ length: count }, () => ({
        id: id(), name: "Order Placed", subject: { kind: "identity", value: `u${last}` }, occurred_at: at,
        received_at: at, properties: {}, source: "upload", may_trigger: true, profile_id: "p", messages: 1, skips: 0,
      }));
      const moved = this.young.map((row) => ({
        ...row, updated_at: at,
        standing: { status: row.standing.status === "queued" ? "sent" : "delivered", detail: "" },
      }));
      const messages = events.map(() => messageOf(id(), at));
      this.young = [...moved.filter((row) => row.standing.status === "sent"), ...messages];
      const data = JSON.stringify({ events, messages: [...moved, ...messages] });
      this.dispatchEvent(new MessageEvent("changes", { data }));
    }
    close() { clearInterval(this.timer); }
  };
}"""

FRAMES = """async (seconds) => {
  const at = [];
  const end = performance.now() + 1000 * seconds;
  await new Promise((resolve) => {
    const tick = (now) => { at.push(now); if (now < end) requestAnimationFrame(tick); else resolve(); };
    requestAnimationFrame(tick);
  });
  const gaps = at.slice(1).map((now, n) => now - at[n]);
  return { rate: gaps.length / seconds, longest: Math.max(...gaps), rows: document.querySelectorAll(".line").length };
}"""


async def measure(browser: Browser, url: str) -> dict[str, float]:
    """Return what one visit of the live page saw in five seconds, three seconds after the stream began."""
    page = await (await browser.new_context(viewport={"width": 1280, "height": 860})).new_page()
    await page.add_init_script(f"({STREAM})()")
    await page.context.request.post(
        f"{url}/api/session", data={"email": "bench@example.com", "password": "bench-bench-bench"}
    )
    await page.goto(f"{url}/live")
    await page.locator(".line").first.wait_for()
    await page.wait_for_timeout(3000)
    seen: dict[str, float] = await page.evaluate(FRAMES, 5)
    await page.context.close()
    return seen


async def main() -> None:
    """Measure and print."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with platform() as running:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            seen = [await measure(browser, f"http://127.0.0.1:{running.port}") for _ in range(RUNS)]
            await browser.close()
    figure(f"live page at {RATE} events/s, frames", [one["rate"] for one in seen], "1/s", limit=30)
    figure("live page, longest frame", [one["longest"] for one in seen], "ms")
    figure("live page, rows drawn", [one["rows"] for one in seen], "")


if __name__ == "__main__":
    asyncio.run(main())
