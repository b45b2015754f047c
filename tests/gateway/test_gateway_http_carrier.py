"""An HTTP provider as a carrier: its answers, its receipts, its silences."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client, Receiver, until
from tests.waiting import HANG_S

from tellwire.gateway.http_carrier import (
    HttpCarrierConfig,
    ReceiptForm,
    outcome_of,
    read_receipts,
    request_of,
)
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.store.messages import Claimed
from tellwire.kernel.failure import Accepted, Deferred, Refused
from tellwire.kernel.http import HttpAnswer
from tellwire.kernel.sms import Encoding

CLAIMED = Claimed(1, 1, "u-1", "ACME & Co", "6591230000", 'say "{to}" €', Encoding.GSM7, 0, 0, None, "demo")
WORDS = {"DELIVRD": "delivered", "FAILED": "undelivered"}
FORM = ReceiptForm(token="s3cret", id="message.id", status="message.status", words=WORDS, error="code")  # type: ignore[arg-type]  # words checked by their use


def config(**members: Any) -> HttpCarrierConfig:
    return HttpCarrierConfig(**{"url": "http://p.example/send", **members})


def test_texts_are_escaped_for_where_they_stand() -> None:
    body = {"to": "{to}", "msg": [{"t": "{text}"}], "n": 1}

    as_json = request_of(config(body=body), CLAIMED)
    as_form = request_of(config(body={"t": "{text}"}, form="form", headers={"X": "{from}"}), CLAIMED)
    as_query = request_of(
        config(url="http://p.example/{digits}?k=1", body={"f": "{from}"}, form="query"), CLAIMED
    )

    assert msgspec.json.decode(as_json.body) == {"to": "+6591230000", "msg": [{"t": 'say "{to}" €'}], "n": 1}
    assert as_form.body == b"t=say+%22%7Bto%7D%22+%E2%82%AC"
    assert ("X", "ACME & Co") in as_form.headers
    assert as_query.url == "http://p.example/6591230000?k=1&f=ACME+%26+Co"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"ok":1,"messages":[{"id":"m-1"}]}', Accepted),
        (200, b'{"ok":0}', Refused),
        (200, b"garbage", Refused),
        (401, b"", Refused),
        (429, b"", Deferred),
        (500, b"", Deferred),
        (302, b"", Refused),
    ],
)
def test_an_answer_decides(status: int, body: bytes, kind: type) -> None:
    outcome = outcome_of(
        config(accepted_if={"ok": "1"}, answer_id="messages.0.id"),
        HttpAnswer(status=status, headers={"Retry-After": "7"}, body=body),
    )

    assert isinstance(outcome, kind)
    if isinstance(outcome, Accepted):
        assert outcome.reference == "m-1"
    if isinstance(outcome, Deferred):
        assert (outcome.retry_after_s, outcome.code != "") == (7.0, True)


@pytest.mark.parametrize(
    ("body", "query", "count"),
    [
        (b'{"message":{"id":7,"status":"DELIVRD"}}', "", 1),
        (b'[{"message":{"id":7,"status":"FAILED"}},{"message":{"id":8,"status":"DELIVRD"}}]', "", 2),
        (b'{"message":{"id":7,"status":"RINGING"}}', "", 0),
        (b"nonsense", "", None),
        (b"", "", None),
    ],
)
def test_receipts_are_read_or_refused(body: bytes, query: str, count: int | None) -> None:
    receipts = read_receipts(FORM, body, query)

    assert (None if receipts is None else len(receipts)) == count


def test_receipts_come_as_forms_and_queries_too() -> None:
    flat = ReceiptForm(token="t", id="id", status="s", words={"D": "delivered"})

    assert read_receipts(flat, b"id=7&s=D", "") == read_receipts(flat, b"", "id=7&s=D")


class Provider:
    """An HTTP provider; `statuses` are the answers to give, the last one for ever."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.statuses = [200]

    async def take(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return web.json_response({"id": f"m-{len(self.asked)}"}, status=status)


@pytest.fixture
async def provider() -> AsyncIterator[tuple[Provider, str]]:
    provider, app = Provider(), web.Application()
    app.router.add_post("/send", provider.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield provider, f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    await runner.cleanup()


async def test_a_message_goes_by_http_and_its_receipt_comes_back(
    tmp_path: Path, provider: tuple[Provider, str], receiver: Receiver
) -> None:
    asked, url = provider
    http = config(url=url, body={"to": "{digits}", "text": "{text}", "ref": "{id}"}, receipts=FORM)
    gateway = Gateway(
        GatewayOptions(
            data=tmp_path,
            admin_token=ADMIN,
            has_simulator=False,
            http_carriers={"prov": http},
            allow_private_targets=True,
        )
    )
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{gateway.port}")
        _, sent = await client.send(destination="+6591230000", text="hi", dlrCallbackUrl=receiver.url)
        await until(lambda: receiver.bodies)
        receipt = {"message": {"id": "m-1", "status": "FAILED"}, "code": "15"}
        forged = await client.call("POST", "/carriers/prov/receipts/wrong", receipt)
        taken = await client.call("POST", "/carriers/prov/receipts/s3cret", receipt)
        await until(lambda: len(receiver.bodies) == 2)
    await gateway.stop()

    assert asked.asked == [{"to": "6591230000", "text": "hi", "ref": sent["umid"]}]
    assert (forged[0], taken[0]) == (404, 200)
    assert receiver.states == [("sent", None), ("undelivered", "undelivered_to_recipient")]
    assert receiver.bodies[1]["payload"]["status"]["errorCode"] == 15


async def test_messages_wait_for_a_provider_that_cannot_be_reached(
    tmp_path: Path, provider: tuple[Provider, str]
) -> None:
    asked, url = provider
    gone = HttpCarrierConfig(url="http://127.0.0.1:1/send", body={})
    options = GatewayOptions(
        data=tmp_path,
        admin_token=ADMIN,
        has_simulator=False,
        http_carriers={"prov": gone},
        allow_private_targets=True,
    )
    first = Gateway(options)
    await first.start()
    await first.ensure_subaccount(SUB)
    await first.ensure_api_key("test", KEY)
    async with aiohttp.ClientSession() as session:
        await Client(session, f"http://127.0.0.1:{first.port}").send(destination="+6591230000", text="hi")
        await until(lambda: not first.traffic.lanes["prov"].carrier.is_up)
    await first.stop()

    there = msgspec.structs.replace(options, http_carriers={"prov": config(url=url, body={"t": "{text}"})})
    second = Gateway(there)
    await second.start()
    await until(lambda: asked.asked)
    await asyncio.wait_for(second.stop(), HANG_S)

    assert asked.asked == [{"t": "hi"}]
