"""Receipts have the members that the vendor documents, and their status and price fit the published file."""

from typing import Any

import pytest
from tests.builders import a_price
from tests.gateway.gateway_world import SUB, Client, Receiver, until
from tests.published.published_file import Published

from tellwire.gateway.main import Gateway

ALWAYS = {"umid", "subAccountId", "source", "destination", "status", "smsCount"}
WHEN_SUPPLIED = {"batchId", "clientMessageId", "clientBatchId", "price"}
STATES = {
    "sent": {None},
    "delivered": {"delivered_to_operator", "delivered_to_recipient"},
    "undelivered": {"rejected_by_operator", "undelivered_to_recipient"},
}


def check_members(body: dict[str, Any]) -> None:
    payload = body["payload"]
    assert set(body) == {"namespace", "eventType", "description", "payload"}
    assert set(payload) >= ALWAYS
    assert set(payload) <= ALWAYS | WHEN_SUPPLIED
    assert payload["status"].get("detail") in STATES[payload["status"]["state"]]


@pytest.mark.parametrize(
    "number", ["+6591230000", "+12025550101", "+12025550103", "+12025550104", "+12025550119"]
)
async def test_receipts_of_every_fate(
    client: Client, receiver: Receiver, published: Published, number: str
) -> None:
    await client.send(destination=number, text="hi", dlrCallbackUrl=receiver.url)
    finals = {"delivered_to_recipient", "undelivered_to_recipient", "rejected_by_operator"}
    await until(lambda: receiver.states and receiver.states[-1][1] in finals)

    for body in receiver.bodies:
        check_members(body)
        published.check_receipt(body)


async def test_receipts_of_a_charged_batch(
    gateway: Gateway, client: Client, receiver: Receiver, published: Published
) -> None:
    await gateway.accounts.save_prices("demo", [a_price(12_500)])

    _, answer = await client.batch(
        {
            "clientBatchId": "2e09ac86-bd74-5465-851d-1eb5a5fdbb9b",
            "messages": [{"destination": "+6591230000", "text": "x" * 400, "clientMessageId": "c-1"}],
            "template": {"dlrCallbackUrl": receiver.url, "source": "8x8"},
        }
    )
    await until(lambda: len(receiver.bodies) == 2)

    for body in receiver.bodies:
        check_members(body)
        published.check_receipt(body)
    payload = receiver.bodies[-1]["payload"]
    assert payload["batchId"] == answer["batchId"]
    assert payload["subAccountId"] == SUB
    assert payload["source"] == "8x8"
    assert payload["smsCount"] == 3
    assert payload["price"] == {"total": 0.0375, "perSms": 0.0125, "currency": "EUR"}
