"""A gateway with one of everything, and pages of its portal that somebody is signed in to."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect
from tests.waiting import until_asked

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.model.number import AllowedSender, SmppLogin, VirtualNumber
from tellwire.gateway.surveys.survey import Choice, Question, Survey
from tellwire.kernel.choice.routing import Rule, Share
from tellwire.kernel.http.client import HttpClient, HttpRequest

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
ADMIN = "admin-token-of-the-test"
KEY = "tw_portal-test-key"
NUMBER = "+6591234567"
VIRTUAL = "6580001234"
PASSWORD = "correct horse battery"
SHARES = (Share("simulator"),)
ROUTES = (Rule(id="all", shares=SHARES), Rule(id="sg", prefix="65", shares=SHARES))

SURVEY = Survey(
    id="nps",
    subaccount="demo_hq",
    title="How was it?",
    questions=(
        Question(
            id="1",
            text="Was it on time?",
            kind="choice",
            is_required=True,
            choices=(Choice(id="1", text="Yes"), Choice(id="2", text="No")),
        ),
        Question(id="2", text="What else?", kind="text"),
    ),
)


@dataclass
class World:
    """A gateway with one of everything."""

    gateway: Gateway
    http: HttpClient
    umid: str = ""
    text: str = ""  # the umid of a text from a handset

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.gateway.port}"

    async def send(self, to: str, text: str, key: str = KEY, client_id: str = "order-7") -> int:
        request = HttpRequest(
            method="POST",
            url=f"{self.url}/api/v1/subaccounts/demo_hq/messages",
            headers=(("Authorization", f"Bearer {key}"), ("Content-Type", "application/json")),
            body=b'{"destination":"%s","text":"%s","clientMessageId":"%s"}'
            % (to.encode(), text.encode(), client_id.encode()),
        )
        return (await self.http.send(request)).status

    async def reply(self, source: str, text: str) -> None:
        """Write from a handset to the virtual number."""
        request = HttpRequest(
            method="POST",
            url=f"{self.url}/simulator/handsets/{source.removeprefix('+')}/reply",
            headers=(("Authorization", f"Bearer {ADMIN}"), ("Content-Type", "application/json")),
            body=b'{"to":"%s","text":"%s"}' % (VIRTUAL.encode(), text.encode()),
        )
        assert (await self.http.send(request)).status == 202


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    data = tmp_path_factory.mktemp("portal")
    gateway = Gateway(GatewayOptions(data=data, admin_token=ADMIN, allow_private_targets=True))
    http = HttpClient(allow_private=True, connections=4)
    await http.start()
    await gateway.start()
    await gateway.ensure_subaccount("demo_hq")
    await gateway.ensure_api_key("Checkout", KEY)
    await gateway.numbers.save_numbers([VirtualNumber(number=VIRTUAL, subaccount="demo_hq")])
    await gateway.numbers.save_senders([AllowedSender(subaccount="demo_hq", source="Tellwire")])
    await gateway.numbers.save_logins([SmppLogin(system_id="shop", subaccount="demo_hq", password="-")])
    await gateway.traffic.save_rules(list(ROUTES))
    hook = Webhook(id=0, account="demo", subaccount="*", url=f"http://127.0.0.1:{gateway.port}/health")
    await gateway.accounts.save_webhook(hook)
    await gateway.surveys.save(SURVEY)
    world = World(gateway, http)
    for number in (NUMBER, "+12025550101"):
        assert await world.send(number, "Your order is on its way") == 200
    await world.reply(NUMBER, "Where is my parcel? " * 14)
    yield world
    await http.close()
    await gateway.stop()


@dataclass
class Tab:
    """A page of the portal; what its console complained of is kept."""

    context: BrowserContext
    page: Page
    world: World
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> Page:
        await self.page.goto(f"{self.world.url}/portal/{path}")
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        await expect(self.page.locator(".bone")).to_have_count(0)
        return self.page

    async def sign_in(self, body: dict[str, str]) -> None:
        answer = await self.context.request.post(
            f"{self.world.url}/admin/api/session", data=body, headers={"Origin": self.world.url}
        )
        assert answer.ok, await answer.text()

    async def get(self, path: str) -> Any:
        return await (await self.context.request.get(f"{self.world.url}/admin/api{path}")).json()


@pytest_asyncio.fixture(loop_scope="session")
async def door(browser: Browser, world: World) -> AsyncIterator[Tab]:
    """Open a browser context in which nobody is signed in; afterwards its console must have been quiet."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 860}, reduced_motion="reduce", bypass_csp=True
    )
    tab = Tab(context, await context.new_page(), world)

    def hear(message: Any) -> None:
        # The browser itself reports every answer of 400 and more; what the page makes of it is tested.
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            tab.complaints.append(message.text)

    tab.page.on("console", hear)
    tab.page.on("pageerror", lambda error: tab.complaints.append(f"page error: {error}"))
    yield tab
    await context.close()
    assert tab.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def tab(door: Tab) -> Tab:
    """Be signed in by the admin token."""
    await door.sign_in({"token": ADMIN})
    if not door.world.umid:
        door.world.umid = (await door.get(f"/messages?q={NUMBER.removeprefix('+')}"))["messages"][0]["umid"]

    async def is_joined() -> bool:
        texts = (await door.get("/inbound"))["texts"]
        door.world.text = texts[-1]["umid"] if texts else ""
        return bool(texts)

    await until_asked(is_joined)
    return door


async def violations(page: Page) -> list[Any]:
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run().then((result) => result.violations)")
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


async def spill(page: Page) -> int:
    return int(
        await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
