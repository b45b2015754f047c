"""The handsets over HTTP: who may look, what scripts read, what the page may do, what the stream tells."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from tests.gateway.smpp_world import until
from tests.waiting import HANG_S

from tellwire.gateway.simulator.carrier import Simulator
from tellwire.gateway.simulator.handsets import ArrivedPart
from tellwire.gateway.simulator.web import COOKIE, HandsetWeb
from tellwire.kernel.sms import Encoding
from tellwire.kernel.web.server import HttpServer

LISA = "6591230000"
BEARER = {"authorization": "Bearer k3y"}


class Web:
    """A browser or script at a running HandsetWeb."""

    def __init__(
        self, simulator: Simulator, session: aiohttp.ClientSession, base: str, app: HandsetWeb
    ) -> None:
        self.simulator, self.session, self.base, self.app = simulator, session, base, app

    def arrive(self, text: str) -> None:
        part = ArrivedPart(umid="u-1", source="ACME", text=text, units=len(text), encoding=Encoding.GSM7)
        self.simulator.handsets.arrive(LISA, part, datetime.now(UTC))


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    simulator = Simulator()
    app = HandsetWeb(simulator, is_key=lambda _scope, key: key == "k3y")
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Web(simulator, session, f"http://127.0.0.1:{server.port}/simulator", app)
        app.close()
    await server.stop()


async def test_scripts_read_messages_with_a_bearer_key(web: Web) -> None:
    web.arrive("first")
    web.arrive("second")

    async with web.session.get(f"{web.base}/handsets/+{LISA}/messages", headers=BEARER) as answer:
        body = await answer.json()

    assert answer.status == 200
    assert [message["text"] for message in body["messages"]] == ["second", "first"]
    assert set(body["messages"][0]) == {"umid", "source", "text", "encoding", "parts", "received_at"}
    assert (body["messages"][0]["encoding"], body["messages"][0]["parts"]) == ("GSM7", [{"units": 6}])


@pytest.mark.parametrize(
    "path",
    ["handsets", f"handsets/{LISA}", f"handsets/{LISA}/messages", f"handsets/{LISA}/stream", "api/handsets"],
)
async def test_nobody_looks_without_a_key(web: Web, path: str) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"cookie": f"{COOKIE}=guess"}):
        async with web.session.get(f"{web.base}/{path}?key=wrong", headers=headers) as answer:
            assert answer.status == 401
            assert LISA not in await answer.text()


async def test_a_key_in_the_address_becomes_a_cookie_and_leaves_the_address(web: Web) -> None:
    async with web.session.get(f"{web.base}/handsets/{LISA}?key=k3y") as answer:
        assert answer.status == 200
        assert "key" not in str(answer.url)
        assert "k3y" not in str(answer.history[0].headers["set-cookie"])
        assert "HttpOnly" in answer.history[0].headers["set-cookie"]

    async with web.session.get(f"{web.base}/handsets") as answer:
        assert answer.status == 200


async def test_a_page_runs_nothing_that_is_not_ours(web: Web) -> None:
    async with web.session.get(f"{web.base}/handsets/{LISA}", headers=BEARER) as answer:
        page = await answer.text()

    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "<script>" not in page
    assert " style=" not in page
    assets = re.findall(r'"/simulator(/assets/[^"]+)"', page)
    assert len(assets) == 5
    for asset in assets:
        async with web.session.get(
            f"{web.base}{asset}"
        ) as answer:  # with no key: they say nothing about phones
            assert answer.status == 200


@pytest.mark.parametrize("asset", ["../web.py", "%2e%2e/web.py", "nothing.js", ""])
async def test_only_the_assets_are_served(web: Web, asset: str) -> None:
    async with web.session.get(f"{web.base}/assets/{asset}") as answer:
        assert answer.status in (401, 404)


@pytest.mark.parametrize("number", ["abc", "123", "1234567890123456", "65912300%2000"])
async def test_a_number_that_no_phone_can_have_is_not_found(web: Web, number: str) -> None:
    async with web.session.get(f"{web.base}/handsets/{number}/messages", headers=BEARER) as answer:
        assert answer.status == 404


async def test_looking_at_a_number_makes_no_phone(web: Web) -> None:
    async with web.session.get(f"{web.base}/handsets/{LISA}/messages", headers=BEARER) as answer:
        assert await answer.json() == {"messages": []}

    assert list(web.simulator.handsets) == []


async def test_the_stream_tells_the_whole_phone_after_each_change(web: Web) -> None:
    async with web.session.get(f"{web.base}/handsets/{LISA}/stream", headers=BEARER) as answer:
        phones = _phones(answer)
        assert (await anext(phones))["messages"] == []

        web.arrive("hello")
        assert [message["text"] for message in (await anext(phones))["messages"]] == ["hello"]

        web.simulator.handsets.switch(LISA, is_on=False)
        assert (await anext(phones))["on"] is False


async def _phones(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, object]]:
    while True:
        async with asyncio.timeout(HANG_S):
            line = await answer.content.readline()
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


async def test_closing_ends_every_stream(web: Web) -> None:
    async with web.session.get(f"{web.base}/handsets/{LISA}/stream", headers=BEARER) as answer:
        await anext(_phones(answer))

        web.app.close()

        async with asyncio.timeout(HANG_S):
            await answer.content.read()


async def test_a_browser_that_leaves_is_forgotten(web: Web) -> None:
    async with web.session.get(f"{web.base}/handsets/{LISA}/stream", headers=BEARER) as answer:
        await anext(_phones(answer))
        assert len(web.simulator.handsets.watchers) == 1

    await until(lambda: not web.simulator.handsets.watchers)


async def test_a_reply_is_written_on_the_phone(web: Web) -> None:
    reply = {"to": "+71234", "text": "Yes please"}
    async with web.session.post(f"{web.base}/handsets/{LISA}/reply", json=reply, headers=BEARER) as answer:
        body = await answer.json()

    assert answer.status == 202
    assert (body["direction"], body["source"], body["text"]) == ("out", "71234", "Yes please")
    assert web.simulator.counters.replies == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ('{"to": "ACME", "text": "x"}', "application/json", 400),
        ('{"to": "71234", "text": ""}', "application/json", 400),
        ('{"to": "71234"}', "application/json", 400),
        ("[", "application/json", 400),
        ("{}" + " " * 20_000, "application/json", 413),
        ('{"to": "71234", "text": "x"}', "text/plain", 415),
        ("to=71234&text=x", "application/x-www-form-urlencoded", 415),
    ],
)
async def test_a_reply_that_is_none_is_refused(web: Web, body: str, kind: str, status: int) -> None:
    headers = {**BEARER, "content-type": kind}
    async with web.session.post(f"{web.base}/handsets/{LISA}/reply", data=body, headers=headers) as answer:
        assert answer.status == status

    assert web.simulator.counters.replies == 0


async def test_switches_are_thrown_and_a_phone_that_is_off_cannot_write(web: Web) -> None:
    async with web.session.post(
        f"{web.base}/handsets/{LISA}/switch", json={"on": False}, headers=BEARER
    ) as answer:
        assert (await answer.json())["on"] is False
    reply = {"to": "71234", "text": "x"}
    async with web.session.post(f"{web.base}/handsets/{LISA}/reply", json=reply, headers=BEARER) as answer:
        assert answer.status == 409

    async with web.session.post(
        f"{web.base}/handsets/{LISA}/switch", json={"on": True, "full": True}, headers=BEARER
    ) as answer:
        body = await answer.json()

    assert (body["on"], body["full"]) == (True, True)


async def test_the_list_shows_phones_and_magic_numbers(web: Web) -> None:
    web.arrive("hello")

    async with web.session.get(f"{web.base}/api/handsets", headers=BEARER) as answer:
        body = await answer.json()

    assert body["handsets"][0]["number"] == f"+{LISA}"
    assert body["handsets"][0]["last"]["text"] == "hello"
    assert {"number": "+12025550100", "fate": "is delivered"} in body["magic"]


async def test_a_session_of_the_application_opens_it_too() -> None:
    app = HandsetWeb(
        Simulator(),
        is_key=lambda *_: False,
        has_session=lambda scope: (b"x-session", b"yes") in scope["headers"],
    )
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        url = f"http://127.0.0.1:{server.port}/simulator/handsets"
        async with session.get(url, headers={"x-session": "yes"}) as answer:
            assert answer.status == 200
        async with session.get(url) as answer:
            assert answer.status == 401
