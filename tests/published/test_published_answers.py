"""Every operation of the published file that is about SMS, asked in every way that has an answer of its own.

`client` holds each answer against the file; the tests only make sure that the meant answer is the one they got.
"""

import uuid
from typing import Any

from tests.builders import a_price
from tests.gateway.gateway_world import SUB, Client, Receiver, until, until_asked
from tests.gateway.test_gateway_messages import details, later

from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Account

PHONE = "+6591230000"
MESSAGES = f"/api/v1/subaccounts/{SUB}/messages"
ACCOUNT = "/api/v1/accounts/demo"


async def test_single_sends(client: Client) -> None:
    full = {
        "source": "ACME",
        "country": "SG",
        "clientMessageId": "order-77",
        "encoding": "Auto",
        "scheduled": later(1),
        "expiry": later(2),
        "dlrCallbackUrl": "https://receipts.example/8x8",
        "clientIp": "192.0.2.1",
        "track": "Outcome",
    }

    answers = [
        await client.send(destination=PHONE, text="hi"),
        await client.send(destination=PHONE, text="สวัสดี", **full),
        await client.send(destination="123", text="hi"),
        await client.send(destination=PHONE, text="hi", key="wrong"),
        await client.send(destination=PHONE, text="hi", sub="somebody_hq"),
        await client.call("POST", MESSAGES, raw=b"{"),
        await client.call("POST", MESSAGES, raw=b'{"text":"' + b"x" * 70_000 + b'"}'),
    ]

    assert [status for status, _ in answers] == [200, 200, 400, 401, 400, 400, 413]
    assert [answer["encoding"] for _, answer in answers[:2]] == ["GSM7", "UCS2"]


async def test_batches(client: Client) -> None:
    items = [{"destination": PHONE, "text": "hi"}, {"destination": "+12", "text": "hi"}]

    answers = [
        await client.batch({"messages": items}),
        await client.batch({"messages": items, "clientBatchId": "b-1", "includeMessagesInResponse": True}),
        await client.batch({"destinations": [PHONE], "template": {"text": "hi"}}),
        await client.batch({"messages": items[1:]}),
        await client.batch({"destination": PHONE, "text": "hi", "mid": "m.1"}),
        await client.batch({"messages": []}),
        await client.batch({"messages": items}, key="wrong"),
    ]

    assert [status for status, _ in answers] == [200, 200, 200, 200, 200, 400, 401]
    assert [code["status"]["code"] for code in answers[1][1]["messages"]] == ["QUEUED", "REJECTED"]


async def test_cancelling(client: Client) -> None:
    _, sent = await client.send(destination=PHONE, text="hi", scheduled=later(1))
    _, batch = await client.batch(
        {"destinations": [PHONE], "template": {"text": "hi", "scheduled": later(1)}}
    )

    answers = [
        await client.call("DELETE", f"{MESSAGES}/{sent['umid']}"),
        await client.call("DELETE", f"{MESSAGES}/{sent['umid']}"),
        await client.call("DELETE", f"{MESSAGES}/nonsense"),
        await client.call("DELETE", f"{MESSAGES}/{uuid.uuid4()}", key="wrong"),
        await client.call("DELETE", f"{MESSAGES}/batch/{batch['batchId']}"),
        await client.call("DELETE", f"{MESSAGES}/batch/{uuid.uuid4()}"),
        await client.call("DELETE", f"{MESSAGES}/batch/nonsense"),
    ]

    assert [status for status, _ in answers] == [200, 404, 400, 401, 200, 200, 400]


async def test_details_before_and_after_delivery(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await gateway.accounts.save_prices("demo", [a_price(20_000)])
    _, waiting = await client.send(destination=PHONE, text="hi", scheduled=later(1))
    _, batch = await client.batch(
        {
            "clientBatchId": "b-1",
            "includeMessagesInResponse": True,
            "messages": [{"destination": PHONE, "text": "สวัสดี", "clientMessageId": "c-1"}],
            "template": {"dlrCallbackUrl": receiver.url},
        }
    )
    await until(lambda: len(receiver.bodies) == 2)

    queued = await details(client, waiting["umid"])
    delivered = await details(client, batch["messages"][0]["umid"])
    too_fast = await client.call("GET", f"{MESSAGES}/{waiting['umid']}")
    bad = await client.call("GET", f"{MESSAGES}/nonsense")

    assert (queued["status"]["state"], delivered["status"]["state"]) == ("queued", "delivered")
    assert delivered["clientBatchId"] == "b-1"
    assert delivered["price"] == {"total": 0.02, "perSms": 0.02, "currency": "EUR"}
    assert (too_fast[0], bad[0]) == (429, 400)


async def test_unknown_messages_have_no_details(client: Client) -> None:
    status, _ = await client.call("GET", f"{MESSAGES}/{uuid.uuid4()}")

    assert status == 404


async def test_feedback_and_erasure(client: Client) -> None:
    _, sent = await client.send(destination=PHONE, text="hi", track="Outcome")
    path = f"{MESSAGES}/{sent['umid']}"

    answers = [
        await client.call("POST", f"{path}/feedback", {"outcome": "success"}),
        await client.call("POST", f"{path}/feedback", {"outcome": "perhaps"}),
        await client.call("POST", f"{path}/feedback", {"outcome": "success"}, key="wrong"),
        await client.call("DELETE", f"{path}/pii"),
        await client.call("DELETE", f"{MESSAGES}/{uuid.uuid4()}/pii"),
    ]

    assert [status for status, _ in answers] == [200, 400, 401, 202, 404]


async def test_exports(client: Client) -> None:
    await client.send(destination=PHONE, text="hi")
    shown: list[Any] = []

    started, job = await client.call("POST", f"{MESSAGES}/exports", {"from": "2020-07-01", "limit": 0})

    async def is_done() -> bool:
        shown.append((await client.call("GET", f"{MESSAGES}/exports/{job['jobId']}"))[1])
        return shown[-1]["status"] not in {"queued", "running"}

    await until_asked(is_done)
    cancelled, _ = await client.call("DELETE", f"{MESSAGES}/exports/{job['jobId']}")
    unknown = [(await client.call(method, f"{MESSAGES}/exports/nothing"))[0] for method in ("GET", "DELETE")]

    assert (started, shown[-1]["status"], cancelled, unknown) == (202, "succeeded", 204, [404, 404])


async def test_prices_and_balance(gateway: Gateway, client: Client) -> None:
    await gateway.accounts.save_prices(
        "demo",
        [
            a_price(20_000),
            a_price(9_917, prefix="6591", operator="One", mcc="525", mnc="01"),
            a_price(10_000, direction="inbound"),
        ],
    )

    postpaid, _ = await client.call("GET", f"{ACCOUNT}/balance")
    await gateway.accounts.ensure_account(Account(id="demo", name="demo", is_prepaid=True, currency="EUR"))
    await gateway.accounts.add_balance("demo", 149_309_798_593)
    _, balance = await client.call("GET", f"{ACCOUNT}/balance")
    _, everything = await client.call("GET", f"{ACCOUNT}/prices")
    # The file's mcc and mnc are integers, its answers' are texts: 1 is the network "01".
    _, one = await client.call("GET", f"{ACCOUNT}/prices?country=SG&mcc=525&mnc=1&direction=outbound")
    wrong, _ = await client.call("GET", f"{ACCOUNT}/prices", key="wrong")

    operators = one["subAccounts"][0]["outbound"]["countries"][0]["operators"]
    assert (postpaid, wrong) == (403, 401)
    assert balance == {"balance": 149309.798593, "currency": "EUR"}
    assert everything["subAccounts"][0]["inbound"]["countries"][0]["numberTypes"]
    assert [operator["operatorName"] for operator in operators] == ["One"]


async def test_webhook_management(client: Client) -> None:
    oauth = {
        "url": "https://t.example/",
        "clientId": "i",
        "clientSecret": "s",
        "credentialsLocation": "header",
        "scope": "read write",
    }
    hooks = [
        {"subAccountId": SUB, "url": "https://a.example/", "httpAuthorization": "Basic eDp5"},
        {"subAccountId": "*", "url": "https://b.example/", "oauth": oauth, "enabled": False},
    ]

    saved, _ = await client.call("POST", f"{ACCOUNT}/webhooks", hooks)
    _, shown = await client.call("GET", f"{ACCOUNT}/webhooks")
    deleted, _ = await client.call("DELETE", f"{ACCOUNT}/webhooks", [{"subAccountId": "*"}])
    refused = [
        (await client.call("POST", f"{ACCOUNT}/webhooks", [{"subAccountId": "*"}]))[0],
        (await client.call("GET", f"{ACCOUNT}/webhooks", key="wrong"))[0],
    ]

    assert (saved, deleted, refused) == (200, 200, [400, 401])
    assert len(shown) == 2
