"""8x8 contract 11, item 4: CleverTap's bodies, and receipts in CleverTap's own words (8x8 contract 2.4, 8.1).

`test_integrations` has the bodies as the platforms' guides show them.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.checklist_world import MESSAGES, PHONE
from tests.gateway.gateway_world import SUB, Client, Receiver, shown, until

from tellwire.gateway.contract.clevertap import callback_body, is_reported, reply_body
from tellwire.gateway.contract.receipts import MessageReport
from tellwire.gateway.main import Gateway
from tellwire.kernel.status import FAILURES, MessageStatus, Standing, StatusDetail

MID = "9999999999.1200000000.1654002362.20220531.0.wzrk_default.-1."
PARTNER = f"/api/v1/subaccounts/{SUB}/partners/clevertap/batch"
BARE = {"source": "ACME", "destination": PHONE, "text": "hi", "mid": MID, "encoding": "Auto"}


async def test_4_a_bare_object_to_the_batch_endpoint_is_one_message_with_both_answers(
    gateway: Gateway, client: Client
) -> None:
    status, answer = await client.batch(BARE)
    await until(lambda: shown(gateway, PHONE))

    assert status == 200
    assert set(answer) == {
        "batchId", "clientBatchId", "acceptedCount", "rejectedCount", "messages",
        "umid", "clientMessageId", "destination", "encoding", "status",
    }  # fmt: skip
    assert (answer["acceptedCount"], answer["rejectedCount"]) == (1, 0)
    assert answer["messages"] == [
        {name: answer[name] for name in ("umid", "clientMessageId", "destination", "encoding", "status")}
    ]
    assert answer["clientMessageId"] == MID
    assert [(one.text, one.source) for one in shown(gateway, PHONE)] == [("hi", "ACME")]


async def test_4_the_same_object_to_the_single_endpoint_is_taken_too(client: Client) -> None:
    status, answer = await client.call("POST", MESSAGES, BARE)

    assert (status, answer["clientMessageId"], answer["encoding"]) == (200, MID, "GSM7")


@pytest.mark.parametrize("path", [MESSAGES, f"{MESSAGES}/batch"])
async def test_4_mid_comes_back_as_client_message_id_in_every_receipt(
    client: Client, receiver: Receiver, path: str
) -> None:
    await client.call("POST", path, {**BARE, "dlrCallbackUrl": receiver.url})
    await until(lambda: len(receiver.bodies) == 2)

    assert {body["payload"]["clientMessageId"] for body in receiver.bodies} == {MID}
    assert {body["namespace"] for body in receiver.bodies} == {"SMS"}


async def test_4_a_rejected_sole_message_is_400_so_that_its_sender_sees_it(client: Client) -> None:
    answers = [
        await client.batch({**BARE, "destination": "nobody"}),
        await client.batch({**BARE, "text": ""}),
        await client.batch({**BARE, "source": "S" * 17}),
    ]

    assert [(status, error["code"]) for status, error in answers] == [(400, 1002), (400, 1004), (400, 1005)]


@pytest.mark.parametrize("name", ["msgs", "messages", None])
async def test_4_msgs_messages_and_a_plain_array_are_the_same_batch(
    gateway: Gateway, client: Client, name: str | None
) -> None:
    items = [{**BARE, "destination": number} for number in (PHONE, "+6591230001")]

    status, answer = await client.batch(items if name is None else {"uid": "u-1", name: items})
    await until(lambda: shown(gateway, PHONE) and shown(gateway, "+6591230001"))

    assert (status, answer["acceptedCount"], answer["rejectedCount"]) == (200, 2, 0)


async def test_4_a_thousand_partner_messages_are_one_request(client: Client, receiver: Receiver) -> None:
    items = [
        {"destination": f"+65912{n:05d}", "text": "hi", "mid": f"m.{n}", "partnerCallbackUrl": receiver.url}
        for n in range(1000)
    ]

    status, answer = await client.call("POST", PARTNER, {"uid": "u", "msgs": items})
    await until(lambda: len(receiver.bodies) == 1000)

    assert (status, answer["acceptedCount"]) == (200, 1000)
    assert {body[0]["data"][0]["meta"] for body in receiver.bodies} == {f"m.{n}" for n in range(1000)}


@pytest.mark.parametrize(
    ("number", "event", "code"),
    [
        (PHONE, "delivered", None),
        ("+12025550101", "failed", "905"),
        ("+12025550102", "failed", "910"),
        ("+12025550103", "failed", "916"),
        ("+12025550104", "failed", "914"),
        ("+12025550105", "failed", "910"),
        ("+12025550108", "failed", "912"),
        ("+12025550119", "delivered", None),
    ],
)
async def test_4_a_partner_message_has_one_callback_with_its_mid_verbatim(
    client: Client, receiver: Receiver, number: str, event: str, code: str | None
) -> None:
    began = int(datetime.now(UTC).timestamp())

    await client.call(
        "POST",
        PARTNER,
        {"uid": "u", "msgs": [{**BARE, "destination": number, "partnerCallbackUrl": receiver.url}]},
    )
    await until(lambda: receiver.bodies)

    (group,) = receiver.bodies[0]
    (item,) = group["data"]
    assert (group["event"], item["meta"], item.get("code")) == (event, MID, code)
    assert began <= item["ts"] <= datetime.now(UTC).timestamp()
    assert item["description"]


CODES = {
    **dict.fromkeys((15, 13, 55, 59), "910"),
    **dict.fromkeys((1, 45, 46, 47), "905"),
    21: "912", 36: "916", 43: "902", 60: "902", 26: "903", 8: "901", 14: "904", 48: "904", 54: "904",
}  # fmt: skip


def report(standing: Standing, error: int = 0) -> MessageReport:
    return MessageReport(
        umid="6b1f3f64-7b0e-4f3e-9b8e-2f9a0b6d1c77",
        subaccount=SUB,
        source="ACME",
        destination="6591230000",
        standing=standing,
        error_code=error,
        at=datetime(2026, 1, 31, 8, 15, 33, tzinfo=UTC),
        parts=1,
        client_id=MID,
    )


@pytest.mark.parametrize("error", range(62))
@pytest.mark.parametrize("status", [MessageStatus.UNDELIVERED, MessageStatus.REJECTED])
def test_4_every_delivery_error_has_the_code_of_the_mapping(error: int, status: MessageStatus) -> None:
    body = msgspec.json.decode(callback_body(report(Standing(status), error)))

    assert body[0]["event"] == "failed"
    assert body[0]["data"][0]["code"] == CODES.get(error, "914")


def test_4_an_expired_message_is_916() -> None:
    body = msgspec.json.decode(callback_body(report(Standing(MessageStatus.EXPIRED))))

    assert (body[0]["event"], body[0]["data"][0]["code"]) == ("failed", "916")


def test_4_only_what_is_final_is_called_back() -> None:
    reported = {status for status in MessageStatus if is_reported(Standing(status))}

    assert reported == {MessageStatus.DELIVERED, *FAILURES}
    assert not is_reported(Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR))


@given(st.text(max_size=600))
def test_4_a_reply_is_cut_at_512_characters(text: str) -> None:
    body: list[Any] = msgspec.json.decode(reply_body(meta=MID, ts=1, to_phone="6590000000", text=text))

    assert body[0]["event"] == "replied"
    assert body[0]["data"] == [{"ts": 1, "meta": MID, "toPhone": "6590000000", "incomingText": text[:512]}]
