"""Talks to CleverTap's addresses for campaigns and calls, on a platform without servers."""

from typing import Any

from tests.e2e.control_client import Answer, Client, Platform

from tellwire.kernel.web.dispatch import Dispatch
from tellwire.platform.control.clevertap.api import CleverTapApi
from tellwire.platform.control.clevertap.serving import Address, Served
from tellwire.platform.intake.clevertap.door import Access, Door

KEYS = {"x-clevertap-account-id": "ACME", "x-clevertap-passcode": "a-passcode"}
SMS = "/1/send/sms.json"
TRIGGER = "/1/send/externaltrigger.json"
TRIGGERS = "/2/send/externaltrigger.json"
CREATE = "/1/targets/create.json"
LIST = "/1/targets/list.json"
RESULT = "/1/targets/result.json"
STOP = "/1/targets/stop.json"


def wire(platform: Platform, headers: dict[str, str] | None = None, *, at_once: int | None = None) -> Client:
    door = Door(Access("ACME", ["a-passcode"]), platform.clock)
    addresses = CleverTapApi(platform.app.desk).addresses()
    if at_once is not None:
        addresses = {path: Address(one.serve, at_once) for path, one in addresses.items()}
    served = Served(door, addresses)
    app: Any = Dispatch(served.routes())
    return Client(app, KEYS if headers is None else headers)


async def told(client: Client, path: str, body: Any, status: int = 200) -> Any:
    answer: Answer = await client.ask("POST", path, body)
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/json;charset=utf-8"
    return answer.json()


async def texts(platform: Platform) -> list[str]:
    """Return the texts of all messages, the oldest first."""
    rows = (await platform.api.get("/api/messages?limit=500"))["messages"]
    return [(await platform.api.get(f"/api/messages/{row['id']}"))["text"] for row in reversed(rows)]
