"""An HTTP provider as a carrier: its answers, its receipts, its silences."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from tests.builders import a_claimed
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client, Receiver, until, until_asked
from tests.waiting import HANG_S

from tellwire.gateway.carriers import http_carrier
from tellwire.gateway.carriers.http_outcome import outcome_of
from tellwire.gateway.carriers.http_provider import (
    HttpCarrierConfig,
    ReceiptTable,
    answer_format,
    compile_provider,
    receipt_format,
)
from tellwire.gateway.carriers.http_provider import request_of as filled
from tellwire.gateway.carriers.settling import Persistence
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.message import Claimed
from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved
from tellwire.kernel.http.message import HttpAnswer, HttpRequest
from tellwire.kernel.provider.receipt import ReadReceipt, Unreadable, read_receipts

CLAIMED = a_claimed(source="ACME & Co", body='say "{to}" €')
WORDS = {"DELIVRD": "delivered", "FAILED": "undelivered"}
FORM = ReceiptTable(token="s3cret", id="message.id", status="message.status", words=WORDS, error="code")  # type: ignore[arg-type]  # words checked by their use


def config(**members: Any) -> HttpCarrierConfig:
    return HttpCarrierConfig(**{"url": "http://p.example/send", **members})


def request_of(carrier: HttpCarrierConfig, claimed: Claimed) -> HttpRequest:
    return filled(compile_provider(carrier), claimed)


def receipts_in(table: ReceiptTable, body: bytes, query: str) -> tuple[ReadReceipt, ...] | None:
    read = read_receipts(receipt_format(table), body, query)
    return None if isinstance(read, Unreadable) else read.receipts


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
    assert as_query.url == "http://p.example/6591230000?k=1&f=ACME%20%26%20Co"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (200, b'{"ok":1,"messages":[{"id":"m-1"}]}', Accepted, ""),
        (200, b'{"ok":0}', Refused, "41"),
        (200, b"garbage", Refused, "41"),
        (302, b"", Refused, "41"),
        (404, b"", Refused, "41"),
        (401, b"", Deferred, "8"),
        (402, b"", Deferred, "8"),
        (403, b"", Deferred, "8"),
        (407, b"", Deferred, "8"),
        (429, b"", Deferred, "47"),
        (500, b"", Unresolved, "40"),
        (502, b"", Unresolved, "40"),
        (504, b"", Unresolved, "51"),
    ],
)
def test_an_answer_decides(status: int, body: bytes, kind: type, code: str) -> None:
    answer = HttpAnswer(status=status, headers={"Retry-After": "7"}, body=body)

    outcome = outcome_of(answer, answer_format({"ok": "1"}, "messages.0.id"))

    assert isinstance(outcome, kind)
    if isinstance(outcome, Accepted):
        assert outcome.reference == "m-1"
    else:
        assert outcome.code == code  # type: ignore[union-attr]  # all others have one


def test_a_carrier_waits_as_long_as_its_provider_asks() -> None:
    outcome = outcome_of(
        HttpAnswer(status=429, headers={"Retry-After": "7"}, body=b""), answer_format({}, "id")
    )

    assert isinstance(outcome, Deferred)
    assert outcome.retry_after_s == 7.0


@pytest.mark.parametrize(
    "body", [b'{"error":"bad number"}', b'{"id":null}', b'{"id":""}', b'{"id":{}}', b"{}", b"[]", b"OK", b""]
)
def test_an_answer_of_200_without_the_id_it_should_have_is_not_sent(body: bytes) -> None:
    answer = HttpAnswer(status=200, headers={}, body=body)

    assert isinstance(outcome_of(answer, answer_format({}, "id")), Refused)
    assert outcome_of(answer, answer_format({}, "")) == Accepted()


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
    receipts = receipts_in(FORM, body, query)

    assert (None if receipts is None else len(receipts)) == count


def test_receipts_come_as_forms_and_queries_too() -> None:
    flat = ReceiptTable(token="t", id="id", status="s", words={"D": "delivered"})

    assert receipts_in(flat, b"id=7&s=D", "") == receipts_in(flat, b"", "id=7&s=D")


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


@contextlib.asynccontextmanager
async def sending_through(data: Path, url: str, **changes: Any) -> AsyncIterator[tuple[Gateway, Client]]:
    """A gateway whose carriers are HTTP providers, and a client of it."""
    options = GatewayOptions(
        data=data,
        admin_token=ADMIN,
        has_simulator=False,
        http_carriers={"prov": config(url=url, body={"text": "{text}"})},
        allow_private_targets=True,
    )
    gateway = Gateway(msgspec.structs.replace(options, **changes))
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    try:
        async with aiohttp.ClientSession() as session:
            yield gateway, Client(session, f"http://127.0.0.1:{gateway.port}")
    finally:
        await gateway.stop()


async def settled(client: Client, umids: list[str]) -> list[str]:
    """Wait until no message is queued any more, and return where they stand."""
    states: list[str] = []

    async def are_settled() -> bool:
        states[:] = []
        for umid in umids:
            _, details = await client.call("GET", f"/admin/api/messages/{umid}", key=ADMIN)
            states.append(details["status"])
        return "queued" not in states

    await until_asked(are_settled)
    return states


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_key_holds_the_carrier_and_costs_no_message(
    tmp_path: Path, provider: tuple[Provider, str], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(http_carrier, "REFUSED_S", 0.05)
    asked, url = provider
    asked.statuses = [status]

    async with sending_through(tmp_path, url) as (gateway, client):
        carrier = gateway.traffic.lanes["prov"].carrier
        umids = [(await client.send(destination="+6591230000", text=f"m{n}"))[1]["umid"] for n in range(8)]
        await until(lambda: not carrier.is_up and len(asked.asked) >= 12)
        _, page = await client.call("GET", "/admin/api/carriers", key=ADMIN)
        asked.statuses = [200]
        await until(lambda: carrier.is_up)
        states = await settled(client, umids)

    assert page["carriers"][0]["health"] == "down"
    assert str(status) in page["carriers"][0]["reason"]
    assert states == ["sent"] * 8


async def test_a_single_refusal_with_403_does_not_hold_the_carrier(
    tmp_path: Path, provider: tuple[Provider, str]
) -> None:
    asked, url = provider
    asked.statuses = [200, 403, 200]

    async with sending_through(tmp_path, url) as (gateway, client):
        umids = [(await client.send(destination="+6591230000", text=f"m{n}"))[1]["umid"] for n in range(3)]
        await until(lambda: len(asked.asked) >= 3)

        assert gateway.traffic.lanes["prov"].carrier.is_up
        states = await settled(client, umids)

    assert states == ["sent"] * 3  # the one that was refused went again


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_an_error_of_the_provider_is_no_double_where_those_are_unwanted(
    tmp_path: Path, provider: tuple[Provider, str], status: int
) -> None:
    asked, url = provider
    asked.statuses = [status]
    persistence = {"prov": Persistence(repeats_unanswered=False)}

    async with sending_through(tmp_path, url, persistence=persistence) as (_, client):
        _, answer = await client.send(destination="+6591230000", text="once")
        states = await settled(client, [answer["umid"]])

    assert (states, len(asked.asked)) == (["sent"], 1)
