"""8x8 contract 11, items 1 to 3: single sends, batches, partial rejection; over HTTP, to the handset and the webhook.

How a body is read in every detail is in `test_contract_sending`; that answers fit the vendor's file is checked in
`tests/published`.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.gateway.checklist_world import MESSAGES, PHONE
from tests.gateway.gateway_world import SUB, Client, Receiver, shown, until
from tests.gateway.test_gateway_messages import details

from tellwire.gateway.main import Gateway

REJECTIONS = {
    "Text value is missing",
    "Invalid Text value. Reached max allowed limit",
    "Invalid Source value. Reached max allowed limit",
    "Expiry time already reached",
    "Invalid MSISDN format (not E.164 international number)",
    "Internal server error",
}


def moment(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def test_1_every_documented_field_is_taken_and_comes_back(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    status, answer = await client.send(
        destination="9123 0000",
        country="SG",
        text="Grüße",
        source="ACME",
        clientMessageId="x" * 350,
        encoding="UCS2",
        scheduled=moment(-1),
        expiry=moment(1),
        dlrCallbackUrl=receiver.url,
        clientIp="192.0.2.1",
        track="Outcome",
    )
    await until(lambda: len(receiver.bodies) == 2)
    record = await details(client, answer["umid"])

    receipt = receiver.bodies[-1]["payload"]
    assert status == 200
    assert (answer["destination"], answer["encoding"], answer["clientMessageId"]) == (
        "6591230000", "UCS2", "x" * 350,
    )  # fmt: skip
    assert (receipt["umid"], receipt["destination"], receipt["source"], receipt["clientMessageId"]) == (
        answer["umid"], PHONE, "ACME", "x" * 350,
    )  # fmt: skip
    assert (record["encoding"], record["source"], record["clientMessageId"]) == ("UCS2", "ACME", "x" * 350)
    assert shown(gateway, PHONE)[0].text == "Grüße"


@pytest.mark.parametrize("named", ["Auto", "auto", "AUTO", None])
@pytest.mark.parametrize(("text", "detected"), [("Grüße €", "GSM7"), ("สวัสดี", "UCS2")])
async def test_1_automatic_encoding_is_named_in_any_case_and_detected(
    client: Client, named: str | None, text: str, detected: str
) -> None:
    status, answer = await client.send(destination=PHONE, text=text, encoding=named)

    assert (status, answer["encoding"]) == (200, detected)


async def test_1_numbers_as_strings_and_strings_as_numbers_are_taken(client: Client) -> None:
    status, answer = await client.send(destination=6591230000, text=2024, source="12345", clientMessageId=7)

    assert (status, answer["destination"], answer["clientMessageId"]) == (200, "6591230000", "7")


async def test_2_personalised_messages_arrive_each_at_its_own_handset(
    gateway: Gateway, client: Client
) -> None:
    items = [{"destination": f"+659123000{n}", "text": f"Hello {n}", "source": "ACME"} for n in range(5)]

    status, answer = await client.batch({"messages": items, "includeMessagesInResponse": True})
    await until(lambda: all(shown(gateway, item["destination"]) for item in items))

    assert (status, answer["acceptedCount"], answer["rejectedCount"]) == (200, 5, 0)
    assert [message["destination"] for message in answer["messages"]] == [
        item["destination"].removeprefix("+") for item in items
    ]
    assert [shown(gateway, item["destination"])[0].text for item in items] == [item["text"] for item in items]


async def test_2_shared_text_goes_to_every_destination(gateway: Gateway, client: Client) -> None:
    numbers = [PHONE, "+6591230001"]

    status, answer = await client.batch(
        {"destinations": numbers, "template": {"text": "all", "source": "ACME"}}
    )
    await until(lambda: all(shown(gateway, number) for number in numbers))

    assert (status, answer["acceptedCount"], answer["messages"]) == (200, 2, None)
    assert {(shown(gateway, one)[0].text, shown(gateway, one)[0].source) for one in numbers} == {
        ("all", "ACME")
    }


async def test_2_of_messages_and_destinations_the_messages_win(gateway: Gateway, client: Client) -> None:
    _, answer = await client.batch(
        {
            "messages": [{"destination": PHONE, "text": "own"}],
            "destinations": ["+6591230001", "+6591230002"],
            "template": {"text": "shared"},
        }
    )
    await until(lambda: shown(gateway, PHONE))

    assert answer["acceptedCount"] == 1
    assert shown(gateway, PHONE)[0].text == "own"
    assert not shown(gateway, "+6591230001")


async def test_2_an_item_overrides_the_template_member_by_member(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    own = {"destination": "+6591230001", "text": "own", "source": "OWN", "encoding": "UCS2"}

    _, answer = await client.batch(
        {
            "messages": [{"destination": PHONE}, own],
            "template": {
                "text": "shared",
                "source": "SHARED",
                "encoding": "GSM7",
                "dlrCallbackUrl": receiver.url,
            },
            "includeMessagesInResponse": True,
            "clientBatchId": "b-1",
        }
    )
    await until(lambda: len(receiver.bodies) == 4)

    assert [message["encoding"] for message in answer["messages"]] == ["GSM7", "UCS2"]
    seen = [shown(gateway, number)[0] for number in (PHONE, "+6591230001")]
    assert [(one.text, one.source) for one in seen] == [("shared", "SHARED"), ("own", "OWN")]
    payloads = [body["payload"] for body in receiver.bodies]
    assert {(one["batchId"], one["clientBatchId"]) for one in payloads} == {(answer["batchId"], "b-1")}


async def test_2_ten_thousand_messages_are_taken_and_one_more_is_none(client: Client) -> None:
    numbers = [f"+65912{n:05d}" for n in range(10_001)]
    template = {"text": "hi", "scheduled": moment(1)}

    status, answer = await client.batch({"destinations": numbers[:-1], "template": template})
    refused = [
        await client.batch({"destinations": numbers, "template": template}),
        await client.batch({"messages": [{"destination": one, "text": "hi"} for one in numbers]}),
    ]
    cancelled = await client.call("DELETE", f"{MESSAGES}/batch/{answer['batchId']}")

    assert (status, answer["acceptedCount"], answer["rejectedCount"]) == (200, 10_000, 0)
    assert [code for code, _ in refused] == [400, 400]
    assert {error["code"] for _, error in refused} <= {1100, 3013}
    assert cancelled == (200, {"cancelledCount": 10_000})


@pytest.mark.parametrize("body", [{}, {"messages": []}, {"destinations": []}, {"template": {"text": "x"}}])
async def test_2_an_empty_batch_is_3012(client: Client, body: Any) -> None:
    status, error = await client.batch(body)

    assert (status, error["code"]) == (400, 3012)


FLAWED = [
    ({"destination": PHONE}, "Text value is missing"),
    ({"destination": PHONE, "text": ""}, "Text value is missing"),
    ({"destination": PHONE, "text": "x" * 1531}, "Invalid Text value. Reached max allowed limit"),
    ({"destination": PHONE, "text": "ส" * 671}, "Invalid Text value. Reached max allowed limit"),
    (
        {"destination": PHONE, "text": "x", "source": "A" * 17},
        "Invalid Source value. Reached max allowed limit",
    ),
    (
        {"destination": PHONE, "text": "x", "source": "ABCDEFGHIJKL"},
        "Invalid Source value. Reached max allowed limit",
    ),
    ({"destination": PHONE, "text": "x", "expiry": moment(-1)}, "Expiry time already reached"),
    ({"destination": "+12", "text": "x"}, "Invalid MSISDN format (not E.164 international number)"),
    ({"destination": "nobody", "text": "x"}, "Invalid MSISDN format (not E.164 international number)"),
    ({"text": "x"}, "Invalid MSISDN format (not E.164 international number)"),
]


@pytest.mark.parametrize(("item", "description"), FLAWED)
async def test_3_a_rejected_message_says_why_in_the_documented_words(
    client: Client, item: dict[str, Any], description: str
) -> None:
    status, answer = await client.batch(
        {"messages": [{"destination": PHONE, "text": "good"}, item], "includeMessagesInResponse": True}
    )

    good, bad = answer["messages"]
    assert (status, answer["acceptedCount"], answer["rejectedCount"]) == (200, 1, 1)
    assert good["status"]["code"] == "QUEUED"
    assert bad["status"] == {"code": "REJECTED", "description": description}
    assert description in REJECTIONS
    assert bad["destination"] == item.get("destination", "")


async def test_3_counts_add_up_and_every_item_has_a_umid_in_its_place(client: Client) -> None:
    items: list[dict[str, Any]] = [item for item, _ in FLAWED]
    mixed = [one for item in items for one in (item, {"destination": PHONE, "text": "good"})]
    for number, item in enumerate(mixed):
        item["clientMessageId"] = f"c-{number}"

    status, answer = await client.batch({"messages": mixed, "includeMessagesInResponse": True})

    messages = answer["messages"]
    assert status == 200
    assert answer["acceptedCount"] == answer["rejectedCount"] == len(items)
    assert [message["clientMessageId"] for message in messages] == [f"c-{n}" for n in range(len(mixed))]
    assert [message["status"]["code"] for message in messages] == ["REJECTED", "QUEUED"] * len(items)
    assert len({uuid.UUID(message["umid"]) for message in messages}) == len(mixed)


async def test_3_a_batch_of_nothing_but_rejected_messages_is_still_200(client: Client) -> None:
    status, answer = await client.batch({"messages": [item for item, _ in FLAWED]})

    assert (status, answer["acceptedCount"], answer["rejectedCount"]) == (200, 0, len(FLAWED))


async def test_3_a_rejected_message_is_never_sent_and_has_no_details(
    gateway: Gateway, client: Client
) -> None:
    _, answer = await client.batch(
        {
            "messages": [
                {"destination": PHONE, "text": "x" * 1531},
                {"destination": PHONE, "text": "good"},
            ],
            "includeMessagesInResponse": True,
        }
    )
    await until(lambda: shown(gateway, PHONE))

    found, _ = await client.call("GET", f"{MESSAGES}/{answer['messages'][0]['umid']}")
    assert [message.text for message in shown(gateway, PHONE)] == ["good"]
    assert found == 404


async def test_3_a_refused_single_send_is_400_and_costs_nothing(client: Client) -> None:
    for item, description in FLAWED:
        status, error = await client.call("POST", f"/api/v1/subaccounts/{SUB}/messages", item)

        assert (status, error["message"]) == (400, description)
        assert error["code"] in {1002, 1004, 1005, 1006}
