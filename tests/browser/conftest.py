"""A real headless Chromium on a real demo: one browser and one demo a session, one signed-in context a test."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright._impl._driver import compute_driver_executable
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect
from tests.e2e.conftest import Demo, demo, eventually, start_demo
from tests.waiting import HANG_S

__all__ = ["demo", "start_demo"]  # fixtures of the whole program, used here as they are

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WAIT_MS = 1000 * HANG_S / 2  # a passing wait ends at once, and two of them fit into the time of a test
INSTALL_S = 600.0

expect.set_options(timeout=WAIT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test of a session, whichever it is, the time to install a browser."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.timeout(INSTALL_S + 2 * HANG_S))


@pytest.fixture(scope="session")
def _driver() -> None:
    """Say what is missing where playwright's driver does not start: a bare system has not all its libraries."""
    command = [str(part) for part in compute_driver_executable()]
    done = subprocess.run(
        [*command, "--version"], check=False, capture_output=True, text=True, timeout=HANG_S
    )
    if done.returncode:
        pytest.fail(
            "Playwright's driver does not start. On Debian, as root: apt-get install libatomic1\n"
            + done.stderr[-2000:]
        )


@pytest.fixture(scope="session")
def chromium_path(_driver: None) -> str:
    """Find a Chromium: on PATH, where `scripts/engines` puts Debian's, else playwright's own."""
    return next((found for name in NAMES if (found := shutil.which(name))), None) or _from_playwright()


def _from_playwright() -> str:
    with_libraries = (
        ["--with-deps"] if os.geteuid() == 0 else []
    )  # to anybody else it would put a password prompt
    command = [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=INSTALL_S, stdin=subprocess.DEVNULL
    )
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    found = [
        *home.glob("chromium-*/chrome-*/chrome"),
        *home.glob("chromium-*/*/Chromium.app/Contents/MacOS/*"),
    ]
    if found:
        return str(found[0])
    pytest.fail(
        "No Chromium was found and none could be installed. Run one of\n"
        "  apt-get install chromium        (as root, on Debian)\n"
        f"  {' '.join(command)}\n{done.stderr[-2000:]}"
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Story:
    """What the demo holds for every test to look at: one event that led to one delivered message."""

    demo: Demo
    event_id: str
    message_id: str
    campaign_id: int
    provider_id: str
    cookies: list[Any]

    @property
    def url(self) -> str:
        return str(self.demo.ready["platform_url"])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def story(demo: Demo, browser: Browser) -> Story:
    """Track the sample event, wait until its message is delivered, and sign in once."""
    demo.upload(*demo.ready["sample_upload"]["d"])

    def delivered() -> Any:
        rows = demo.get("/api/messages", to=demo.ready["handset"])["messages"]
        return next((row for row in rows if row["standing"]["status"] == "delivered"), None)

    message = eventually(delivered, what="the sample's message is delivered")
    context = await browser.new_context()
    credentials = {"email": demo.ready["admin_email"], "password": demo.ready["admin_password"]}
    answer = await context.request.post(f"{demo.ready['platform_url']}/api/session", data=credentials)
    assert answer.ok, await answer.text()
    cookies = await context.cookies()
    await context.close()
    return Story(
        demo=demo,
        event_id=demo.get(f"/api/messages/{message['id']}")["event_id"],
        message_id=message["id"],
        campaign_id=message["campaign_id"],
        provider_id=message["provider_id"],
        cookies=cookies,
    )


@dataclass
class Tab:
    """A page and what its console complained of; `allowed` are words of complaints that a test provokes."""

    page: Page
    story: Story
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    async def open(self, path: str) -> Page:
        """Go to a path and wait until its heading stands and nothing loads any more."""
        await self.page.goto(self.story.url + path)
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        await expect(self.page.locator(".bone, .k-bone")).to_have_count(0)
        return self.page

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def unexpected(self) -> list[str]:
        return [text for text in self.complaints if not any(word in text for word in self.allowed)]


@pytest.fixture
def options() -> dict[str, Any]:
    """What a test wants of its browser context: override by parametrising."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, story: Story, options: dict[str, Any]) -> AsyncIterator[Tab]:
    """Open a signed-in page; afterwards its console must have been quiet."""
    context = await browser.new_context(
        **{"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce", **options}
    )
    context.set_default_timeout(WAIT_MS)
    await context.add_cookies(story.cookies)
    tab = Tab(await context.new_page(), story)
    tab.page.on("console", tab.hear)
    tab.page.on("pageerror", lambda error: tab.complaints.append(f"page error: {error}"))
    yield tab
    await context.close()
    assert tab.unexpected() == []
