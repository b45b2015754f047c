"""Platform and gateway in one process, as `tellwire run` starts them, with every other private address closed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.ports import free_ports
from tests.waiting import until_asked

from tellwire.kernel.http.client import HttpClient, HttpRequest
from tellwire.settings import Settings
from tellwire.wiring.gateway import start_gateway
from tellwire.wiring.platform import start_platform

TOKEN = "an-api-token"


class Halves:
    """Both halves, and the platform's API."""

    def __init__(self, url: str, http: HttpClient) -> None:
        self._url = url
        self._http = http

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = (("Authorization", f"Bearer {TOKEN}"), ("Content-Type", "application/json"))
        raw = b"" if body is None else msgspec.json.encode(body)
        request = HttpRequest(method=method, url=f"{self._url}/api{path}", headers=headers, body=raw)
        answer = await self._http.send(request)
        return answer.status, msgspec.json.decode(answer.body)


@pytest.fixture
async def halves(tmp_path: Path) -> AsyncIterator[tuple[Halves, Any, Any]]:
    ports = free_ports(2)
    settings = Settings(
        data=str(tmp_path),
        port=ports[0],
        account_id="ACME",
        passcodes=("a-passcode",),
        api_token=TOKEN,
        admin_email="ann@example.com",
        admin_password="correct horse battery",
        gateway=True,
        gateway_port=ports[1],
        gateway_admin_token="an-admin-token",
        simulator=True,
    )
    assert not settings.allow_private_targets
    gateway = await start_gateway(settings, has_platform=True)
    platform = await start_platform(settings, gateway_url=gateway.own_url)
    http = HttpClient(allow_private=True, connections=4, answer_limit=1024 * 1024)
    await http.start()
    yield Halves(platform.url, http), gateway, platform
    await http.close()
    await platform.stop()
    await gateway.stop()


async def test_the_own_gateway_is_offered_taken_and_reached_and_its_receipts_come_back(halves: Any) -> None:
    api, gateway, platform = halves
    await gateway.ensure_access("acme", "gw-key-1234567890")

    _, listed = await api.ask("GET", "/providers/presets")
    preset = next(one for one in listed["presets"] if one["key"] == "gateway")
    text = msgspec.json.encode(preset["form"]).decode()
    form = {
        **msgspec.json.decode(
            text.replace("YOUR_SUBACCOUNT", "acme").replace("YOUR_API_KEY", "gw-key-1234567890")
        ),
        "nickname": "own",
        "is_default": True,
    }
    status, saved = await api.ask("POST", "/providers", form)
    assert status == 201, saved
    provider = (await platform.catalog.snapshot()).providers[saved["id"]]
    await gateway.ensure_webhook("acme", platform.callback_url(provider))
    campaign = {"name": "c", "event": "Paid", "content": {"text": "Thanks"}}
    _, made = await api.ask("POST", "/campaigns", campaign)
    await api.ask("POST", f"/campaigns/{made['id']}/publish", {})
    await upload(api, platform.url)

    await until_asked(lambda: delivered(api))


async def delivered(api: Halves) -> list[Any]:
    _, listed = await api.ask("GET", "/messages")
    return [row for row in listed["messages"] if row["standing"]["status"] == "delivered"]


async def upload(api: Halves, url: str) -> None:
    records = [
        {"identity": "ann", "type": "profile", "profileData": {"Phone": "+6591230000"}},
        {"identity": "ann", "type": "event", "evtName": "Paid"},
    ]
    keys = (("X-CleverTap-Account-Id", "ACME"), ("X-CleverTap-Passcode", "a-passcode"))
    body = msgspec.json.encode({"d": records})
    answer = await api._http.send(HttpRequest(method="POST", url=f"{url}/1/upload", headers=keys, body=body))
    assert answer.status == 200


@pytest.mark.parametrize("other", ["http://127.0.0.1:{port}/x", "http://localhost:1/x", "http://10.0.0.1/x"])
async def test_every_other_private_address_stays_closed(halves: Any, other: str) -> None:
    api, gateway, _ = halves
    beside = int(gateway.own_url.rpartition(":")[2]) + 1
    form = {
        "nickname": "other",
        "endpoint": other.format(port=beside),
        "parameters": {"type": "json", "template": '{"to":"$$To","text":"$$Body"}'},
    }

    status, answer = await api.ask("POST", "/providers", form)

    assert status == 422
    assert "Private and loopback" in answer["error"]["fields"]["endpoint"]
