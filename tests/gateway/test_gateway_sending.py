"""From an HTTP request to the handset and back to the webhook, through every real part."""

import uuid

from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client, Receiver, shown, until

from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Webhook

PHONE = "+6591230000"


async def test_a_single_send_is_answered_as_8x8_does(client: Client) -> None:
    status, answer = await client.send(destination=PHONE, text="hi", source="ACME", encoding="Auto")

    assert status == 200
    assert uuid.UUID(answer.pop("umid"))
    assert answer == {
        "clientMessageId": None,
        "destination": "6591230000",
        "encoding": "GSM7",
        "status": {"code": "QUEUED", "description": "SMS is accepted and queued for processing"},
    }


async def test_a_text_arrives_whole_on_the_handset(gateway: Gateway, client: Client) -> None:
    text = "Grüße, €uro and a long tail. " * 8

    _, answer = await client.send(destination=PHONE, text=text, source="ACME")
    await until(lambda: shown(gateway, PHONE))

    message = shown(gateway, PHONE)[0]
    assert (message.text, message.source, message.umid) == (text, "ACME", answer["umid"])
    assert len(message.parts) == 2


async def test_receipts_come_in_order_sent_then_delivered(client: Client, receiver: Receiver) -> None:
    _, answer = await client.send(
        destination=PHONE, text="hi", source="ACME", clientMessageId="order-77", dlrCallbackUrl=receiver.url
    )
    await until(lambda: len(receiver.bodies) >= 2)

    assert receiver.states == [("sent", None), ("delivered", "delivered_to_recipient")]
    first = receiver.bodies[0]
    assert first["namespace"] == "SMS"
    assert first["eventType"] == "outbound_message_status_changed"
    assert first["payload"]["umid"] == answer["umid"]
    assert first["payload"]["destination"] == PHONE
    assert first["payload"]["clientMessageId"] == "order-77"
    assert first["payload"]["subAccountId"] == SUB
    assert first["payload"]["smsCount"] == 1
    assert "price" not in first["payload"]
    assert "batchId" not in first["payload"]


async def test_many_parts_make_one_receipt(client: Client, receiver: Receiver) -> None:
    await client.send(destination=PHONE, text="x" * 700, dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) >= 2)

    assert receiver.states == [("sent", None), ("delivered", "delivered_to_recipient")]
    assert receiver.bodies[1]["payload"]["smsCount"] == 5


async def test_the_subaccounts_webhook_goes_before_the_accounts(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    hooks = {"*": f"{receiver.url}?scope=all", SUB: f"{receiver.url}?scope=own"}
    for number, (scope, url) in enumerate(hooks.items()):
        await gateway.accounts.save_webhook(
            Webhook(id=number, account="demo", subaccount=scope, url=url, authorization="Secret 1")
        )

    await client.send(destination=PHONE, text="hi")
    await until(lambda: len(receiver.bodies) >= 2)

    assert {headers["Authorization"] for headers in receiver.headers} == {"Secret 1"}


async def test_a_partner_message_is_reported_in_clevertaps_form(client: Client, receiver: Receiver) -> None:
    mid = "9999999999.1200000000.1654002362.20220531.0.wzrk_default.-1."

    status, _ = await client.call(
        "POST",
        f"/api/v1/subaccounts/{SUB}/partners/clevertap/batch",
        {"msgs": [{"destination": PHONE, "text": "hi", "mid": mid, "partnerCallbackUrl": receiver.url}]},
    )
    await until(lambda: receiver.bodies)

    assert status == 200
    event = receiver.bodies[0][0]
    assert event["event"] == "delivered"
    assert event["data"][0]["meta"] == mid
    assert isinstance(event["data"][0]["ts"], int)


async def test_a_batch_answers_counts_and_only_on_request_messages(client: Client) -> None:
    body = {"messages": [{"destination": PHONE, "text": "a"}, {"destination": "12", "text": "b"}]}

    _, short = await client.batch(body)
    status, whole = await client.batch({**body, "clientBatchId": "b-1", "includeMessagesInResponse": True})

    assert status == 200
    assert (short["acceptedCount"], short["rejectedCount"], short["messages"]) == (1, 1, None)
    assert short["clientBatchId"] is None
    assert whole["clientBatchId"] == "b-1"
    assert [message["status"]["code"] for message in whole["messages"]] == ["QUEUED", "REJECTED"]
    assert whole["messages"][1]["destination"] == "12"
    assert all(uuid.UUID(message["umid"]) for message in whole["messages"])


async def test_a_bare_object_gets_both_shapes_and_its_refusal_a_400(
    client: Client, receiver: Receiver
) -> None:
    status, answer = await client.batch(
        {"source": "ACME", "destination": PHONE, "text": "hi", "mid": "m.1", "encoding": "Auto"}
    )
    refused, error = await client.batch(
        {"source": "ACME", "destination": "nobody", "text": "hi", "mid": "m.2"}
    )

    assert status == 200
    assert answer["acceptedCount"] == 1
    assert answer["clientMessageId"] == "m.1"
    assert answer["messages"][0]["umid"] == answer["umid"]
    assert (refused, error["code"]) == (400, 1002)


async def test_more_than_ten_parts_are_refused(client: Client) -> None:
    status, error = await client.send(destination=PHONE, text="x" * 1531)
    fits, _ = await client.send(destination=PHONE, text="x" * 1530)

    assert (status, error["code"], error["message"]) == (
        400, 1004, "Invalid Text value. Reached max allowed limit",
    )  # fmt: skip
    assert fits == 200


async def test_wrong_keys_are_401_and_foreign_subaccounts_400(gateway: Gateway, client: Client) -> None:
    disabled = await gateway.ensure_api_key("old", "tw_disabled")
    await gateway.accounts.change_key("demo", disabled.id, is_enabled=False)

    answers = [
        await client.send(destination=PHONE, text="x", key=key) for key in (None, "wrong", "tw_disabled")
    ]
    foreign = await client.send(destination=PHONE, text="x", sub="somebody_hq")

    assert [(status, error["code"]) for status, error in answers] == [(401, 1200)] * 3
    assert {error["message"] for _, error in answers} == {"Request was not authenticated properly"}
    assert (foreign[0], foreign[1]["code"]) == (400, 1001)
    assert set(foreign[1]) == {"code", "message", "errorId", "timestamp"}


async def test_a_key_bound_to_an_address_works_from_there_only(gateway: Gateway, client: Client) -> None:
    await gateway.accounts.ensure_key("demo", "bound", "tw_here", ("127.0.0.1",))
    await gateway.accounts.ensure_key("demo", "bound", "tw_there", ("192.0.2.1",))

    here, _ = await client.send(destination=PHONE, text="x", key="tw_here")
    there, error = await client.send(destination=PHONE, text="x", key="tw_there")

    assert here == 200
    assert (there, error["code"]) == (403, 1201)


async def test_malformed_and_oversized_bodies_are_refused(client: Client) -> None:
    path = f"/api/v1/subaccounts/{SUB}/messages"

    broken = await client.call("POST", path, raw=b'{"destination":')
    large = await client.call("POST", path, raw=b'{"text":"' + b"x" * 70_000 + b'"}')

    assert (broken[0], broken[1]["code"]) == (400, 1000)
    assert large[0] == 413


async def test_health_readiness_and_metrics_answer(client: Client) -> None:
    health, _ = await client.call("GET", "/health", key=None)
    ready, body = await client.call("GET", "/ready", key=None)

    assert (health, ready, body["status"]) == (200, 200, "ready")


async def test_scripts_read_the_handset_with_the_admin_token(gateway: Gateway, client: Client) -> None:
    await client.send(destination=PHONE, text="{€}", source="ACME")
    await until(lambda: shown(gateway, PHONE))

    status, answer = await client.call("GET", "/simulator/handsets/6591230000/messages", key=ADMIN)
    refused, _ = await client.call("GET", "/simulator/api/handsets", key=KEY)

    assert status == 200
    assert answer["messages"][0]["text"] == "{€}"
    assert answer["messages"][0]["parts"] == [{"units": 6}]
    assert refused in {401, 403}
