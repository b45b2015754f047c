"""Who is asking, when a proxy asks for them: keys bound to addresses, limits and links (8x8 contract 1, 2.9)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from tests.gateway.checklist_world import MESSAGES, PHONE, opened
from tests.gateway.gateway_world import Client, until_asked

from tellwire.gateway.api.access import Limits


@asynccontextmanager
async def behind(data: Path, trusted: str, **options: object) -> AsyncIterator["Caller"]:
    async with opened(data, trusted_proxies=trusted, **options) as (gateway, client):
        await gateway.accounts.ensure_key("demo", "bound", "tw_bound", ("192.0.2.1", "2001:db8::1"))
        async with aiohttp.ClientSession() as session:
            yield Caller(session, client)


class Caller:
    """Sends with a key that is bound to addresses, and with whatever a proxy adds."""

    def __init__(self, session: aiohttp.ClientSession, client: Client) -> None:
        self._session = session
        self.client = client

    async def send(self, *forwarded_for: str, key: str = "tw_bound") -> tuple[int, int | None]:
        headers = [("Authorization", f"Bearer {key}"), *(("X-Forwarded-For", one) for one in forwarded_for)]
        body = {"destination": PHONE, "text": "hi"}
        url = self.client.base + MESSAGES
        async with self._session.post(url, json=body, headers=headers) as answer:
            return answer.status, (await answer.json()).get("code")


@pytest.mark.parametrize(
    "forwarded_for",
    [
        ("192.0.2.1",),
        ("198.51.100.7, 192.0.2.1",),  # what a caller writes itself stands before what the proxy adds
        ("198.51.100.7", "192.0.2.1"),
        ("2001:DB8:0::1",),
        ("::ffff:192.0.2.1",),
        ("192.0.2.1, 127.0.0.1",),  # two proxies of ours
    ],
)
@pytest.mark.parametrize("trusted", ["127.0.0.1", "10.0.0.0/8, 127.0.0.0/8"])
async def test_a_trusted_proxy_says_who_asks(
    tmp_path: Path, trusted: str, forwarded_for: tuple[str, ...]
) -> None:
    async with behind(tmp_path, trusted) as caller:
        assert await caller.send(*forwarded_for) == (200, None)


@pytest.mark.parametrize(
    "forwarded_for", [(), ("192.0.2.1, 198.51.100.7",), ("198.51.100.7",), ("nonsense",), ("",)]
)
async def test_what_stands_before_the_proxys_word_opens_nothing(
    tmp_path: Path, forwarded_for: tuple[str, ...]
) -> None:
    async with behind(tmp_path, "127.0.0.1") as caller:
        assert await caller.send(*forwarded_for) == (403, 1201)


@pytest.mark.parametrize("trusted", ["", "192.0.2.9"])
async def test_a_proxy_that_is_not_trusted_speaks_for_itself_only(tmp_path: Path, trusted: str) -> None:
    async with behind(tmp_path, trusted) as caller:
        assert await caller.send("192.0.2.1") == (403, 1201)


async def test_callers_behind_a_proxy_are_limited_each_by_itself(tmp_path: Path) -> None:
    slow = Limits(requests_per_address_per_s=0.1)
    async with behind(tmp_path, "127.0.0.1", limits=slow) as caller:
        answers = [await caller.send("192.0.2.1"), await caller.send("2001:db8::1")]
        again = await caller.send("192.0.2.1")

    assert answers == [(200, None), (200, None)]
    assert again == (429, 429)


async def test_links_to_exports_start_with_the_public_address(tmp_path: Path) -> None:
    async with opened(tmp_path, public_url="https://sms.example/gateway/") as (_, client):
        await client.send(destination=PHONE, text="hi")
        _, job = await client.call("POST", f"{MESSAGES}/exports", {"limit": "5"})
        shown: list[dict[str, object]] = []

        async def is_done() -> bool:
            shown.append((await client.call("GET", f"{MESSAGES}/exports/{job['jobId']}"))[1])
            return shown[-1]["status"] not in {"queued", "running"}

        await until_asked(is_done)

    (link,) = shown[-1]["data"]  # type: ignore[misc]  # the answer is JSON
    assert str(link).startswith(f"https://sms.example/gateway{MESSAGES}/download/")
