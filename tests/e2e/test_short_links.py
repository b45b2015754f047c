"""A link in a text: from the campaign to the phone, and from the tap to the person's timeline."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.http_sink import HttpSink, http_sink
from tests.ports import free_ports
from tests.waiting import until_asked

from tellwire.kernel.http.client import HttpClient, HttpRequest
from tellwire.kernel.http.message import HttpAnswer
from tellwire.settings import Settings
from tellwire.wiring.gateway import start_gateway
from tellwire.wiring.platform import start_platform

TOKEN = "an-api-token"
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1"
TARGET = "https://shop.example/sale?item=42#now"


class World:
    """A platform that others reach, and its provider."""

    def __init__(self, url: str, http: HttpClient) -> None:
        self.url = url
        self._http = http

    async def fetch(self, method: str, path: str, body: bytes = b"", **headers: str) -> HttpAnswer:
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        url = path if path.startswith("http") else self.url + path
        return await self._http.send(HttpRequest(method=method, url=url, headers=named, body=body))

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        raw = b"" if body is None else msgspec.json.encode(body)
        answer = await self.fetch(
            method, f"/api{path}", raw, Authorization=f"Bearer {TOKEN}", Content_Type="application/json"
        )
        assert answer.status < 300, answer.body
        return msgspec.json.decode(answer.body) if answer.body else None

    async def upload(self, *records: Any) -> None:
        keys = {"X_CleverTap_Account_Id": "ACME", "X_CleverTap_Passcode": "a-passcode"}
        assert (
            await self.fetch("POST", "/1/upload", msgspec.json.encode({"d": records}), **keys)
        ).status == 200

    async def tap(self, link: str, agent: str = BROWSER, method: str = "GET") -> HttpAnswer:
        return await self.fetch(method, link, User_Agent=agent)

    async def clicks(self, name: str = "ann") -> list[Any]:
        events = (await self.ask("GET", "/events"))["events"]
        return [
            one for one in events if (one["name"], one["subject"]["value"]) == ("Notification Clicked", name)
        ]

    async def publish(self, **campaign: Any) -> Any:
        made = await self.ask("POST", "/campaigns", {"event": "Paid", **campaign})
        return await self.ask("POST", f"/campaigns/{made['id']}/publish", {})


def settings_of(directory: Path, port: int, **more: Any) -> Settings:
    return Settings(
        data=str(directory),
        port=port,
        account_id="ACME",
        passcodes=("a-passcode",),
        api_token=TOKEN,
        admin_email="ann@example.com",
        admin_password="correct horse battery",
        allow_private_targets=True,
        **{"public_url": f"http://127.0.0.1:{port}", **more},
    )


ANN = (
    {"identity": "ann", "type": "profile", "profileData": {"Phone": "+6591230000"}},
    {"identity": "ann", "type": "event", "evtName": "Paid"},
)
SINK = {
    "nickname": "sink",
    "parameters": {"type": "json", "template": '{"to":"$$To","text":"$$Body","id":"$$MessageID"}'},
    "is_default": True,
}


@pytest.fixture
async def world(tmp_path: Path, sink: HttpSink) -> AsyncIterator[World]:
    (port,) = free_ports(1)
    platform = await start_platform(settings_of(tmp_path, port))
    http = HttpClient(allow_private=True, connections=16, answer_limit=1024 * 1024)
    await http.start()
    world = World(platform.url, http)
    await world.ask("POST", "/providers", {**SINK, "endpoint": f"{sink.url}/send"})
    yield world
    await http.close()
    await platform.stop()


@pytest.fixture
async def sink() -> AsyncIterator[HttpSink]:
    async with http_sink() as sink:
        yield sink


async def one_text(sink: HttpSink) -> str:
    (seen,) = await sink.wait_for(1)
    text: str = msgspec.json.decode(seen.body)["text"]
    return text


async def test_a_link_is_short_in_the_text_leads_on_and_a_tap_is_an_event_of_the_person(
    world: World, sink: HttpSink
) -> None:
    await world.publish(name="c", content={"text": f"Look: {TARGET}", "utm": {"source": "sms"}})
    await world.upload(*ANN)
    text = await one_text(sink)
    assert re.fullmatch(rf"Look: {world.url}/l/[0-9A-Za-z]{{12}}", text)
    link = text.removeprefix("Look: ")

    answers = [await world.tap(link), await world.tap(link)]
    looks = [
        await world.tap(link, method="HEAD"),
        await world.tap(link, "WhatsApp/2.23.20.0"),
        await world.fetch("GET", link, User_Agent=BROWSER, Sec_Purpose="prefetch"),
    ]

    there = "https://shop.example/sale?item=42&utm_source=sms&utm_campaign=c#now"
    assert {(one.status, one.headers["location"]) for one in (*answers, *looks)} == {(302, there)}

    async def both() -> bool:
        return len(await world.clicks()) == 2

    await until_asked(both)
    clicks = await world.clicks()
    assert (clicks[0]["properties"]["wzrk_c2a"], clicks[0]["properties"]["wzrk_c2a_short_url"]) == (
        TARGET,
        link,
    )
    assert {"Campaign ID", "Campaign Name", "Message ID", "wzrk_id", "wzrk_pivot"} <= set(
        clicks[0]["properties"]
    )


async def test_what_is_no_link_leads_nowhere(world: World) -> None:
    for path in (
        "/l/abcdefghijkl",
        "/l/x",
        "/l/https:%2F%2Fevil.example",
        "/l/abcdefghijkl?u=https://evil.example",
    ):
        answer = await world.tap(path)
        assert (answer.status, "location" in answer.headers) == (404, False)


async def test_a_click_starts_a_campaign_and_counts_once_a_message_and_every_time(
    world: World, sink: HttpSink
) -> None:
    first = await world.publish(name="c", content={"text": TARGET})
    await world.publish(name="after", event="Notification Clicked", content={"text": "Thanks for looking"})
    await world.upload(*ANN)
    link = await one_text(sink)

    await asyncio.gather(*(world.tap(link) for _ in range(20)))

    async def counted() -> bool:
        funnel = (await world.ask("GET", f"/campaigns/{first['id']}"))["funnel"]
        return (funnel["clicked"], funnel["clicks"]) == (1, 20)

    await until_asked(counted)
    (row,) = (await world.ask("GET", f"/messages?campaign_id={first['id']}"))["messages"]
    (shown,) = (await world.ask("GET", f"/messages/{row['id']}"))["links"]
    assert (shown["short"], shown["target"], shown["clicks"]) == (link, TARGET, 20)
    assert msgspec.json.decode((await sink.wait_for(2))[1].body)["text"] == "Thanks for looking"


async def test_the_preview_counts_the_short_link_and_says_why_there_is_none(world: World) -> None:
    long = "https://shop.example/" + "a" * 200
    seen = await world.ask("POST", "/campaigns/preview", {"content": {"text": long}})
    off = await world.ask("POST", "/campaigns/preview", {"content": {"text": long, "shorten": False}})

    assert (len(seen["parts"]), seen["text"], seen["links"][0]["target"]) == (
        1,
        f"{world.url}/l/000000000000",
        long,
    )
    assert (len(off["parts"]), off["links"]) == (2, [])
    assert off["unshortened"].startswith("This text keeps its links")


async def test_without_an_address_that_others_reach_links_stay_as_they_are(
    tmp_path: Path, sink: HttpSink
) -> None:
    (port,) = free_ports(1)
    platform = await start_platform(settings_of(tmp_path, port, public_url=""))
    http = HttpClient(allow_private=True, connections=4, answer_limit=1024 * 1024)
    await http.start()
    world = World(platform.url, http)
    await world.ask("POST", "/providers", {**SINK, "endpoint": f"{sink.url}/send"})

    await world.publish(name="c", content={"text": TARGET})
    await world.upload(*ANN)

    assert await one_text(sink) == TARGET
    seen = await world.ask("POST", "/campaigns/preview", {"content": {"text": TARGET}})
    assert "public_url" in seen["unshortened"]
    await http.close()
    await platform.stop()


async def test_our_own_gateway_does_not_shorten_what_is_short(tmp_path: Path) -> None:
    ports = free_ports(2)
    settings = settings_of(
        tmp_path,
        ports[0],
        gateway=True,
        gateway_port=ports[1],
        gateway_admin_token="an-admin-token",
        simulator=True,
    )
    gateway = await start_gateway(settings, has_platform=True)
    platform = await start_platform(settings, gateway_url=gateway.own_url)
    http = HttpClient(allow_private=True, connections=4, answer_limit=1024 * 1024)
    await http.start()
    world = World(platform.url, http)
    await gateway.ensure_access("acme", "gw-key-1234567890")
    await gateway._gateway.accounts.set_shortens_links("acme", shortens_links=True)
    shown: list[str] = []
    gateway.on_text("+6591230000", lambda message: shown.append(message.text))
    presets = (await world.ask("GET", "/providers/presets"))["presets"]
    form = msgspec.json.encode(next(one for one in presets if one["key"] == "gateway")["form"]).decode()
    form = form.replace("YOUR_SUBACCOUNT", "acme").replace("YOUR_API_KEY", "gw-key-1234567890")
    await world.ask(
        "POST", "/providers", {**msgspec.json.decode(form), "nickname": "own", "is_default": True}
    )

    await world.publish(name="c", content={"text": TARGET})
    await world.upload(*ANN)

    async def arrived() -> bool:
        return bool(shown)

    await until_asked(arrived)
    assert re.fullmatch(rf"{world.url}/l/[0-9A-Za-z]{{12}}", shown[0])
    await http.close()
    await platform.stop()
    await gateway.stop()
