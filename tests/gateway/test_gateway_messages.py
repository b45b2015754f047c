"""Messages after their acceptance: schedules, cancelling, details, erasure, exports (8x8 contract 2.5 to 2.8)."""

import asyncio
import csv
import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.builders import a_price
from tests.gateway.gateway_world import SUB, Client, Receiver, until, until_asked

from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Account

PHONE = "+6591230000"
MESSAGES = f"/api/v1/subaccounts/{SUB}/messages"


def later(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def details(client: Client, umid: str) -> dict[str, Any]:
    """Return a message's details, waiting out the limit of one a second."""
    found: list[Any] = []

    async def ask() -> bool:
        status, body = await client.call("GET", f"{MESSAGES}/{umid}")
        found.append(body)
        return status == 200

    await until_asked(ask)
    return found[-1]


async def test_a_scheduled_message_is_cancelled_once(client: Client) -> None:
    _, sent = await client.send(destination=PHONE, text="hi", scheduled=later(1))

    first = await client.call("DELETE", f"{MESSAGES}/{sent['umid']}")
    second = await client.call("DELETE", f"{MESSAGES}/{sent['umid']}")

    assert first == (200, {"cancelledCount": 1})
    assert (second[0], second[1]["code"]) == (404, 1300)


async def test_a_batch_is_cancelled_and_again_counts_nothing(client: Client) -> None:
    _, batch = await client.batch(
        {"destinations": [PHONE, "+6591230001"], "template": {"text": "hi", "scheduled": later(24)}}
    )

    first = await client.call("DELETE", f"{MESSAGES}/batch/{batch['batchId']}")
    second = await client.call("DELETE", f"{MESSAGES}/batch/{batch['batchId']}")
    unknown = await client.call("DELETE", f"{MESSAGES}/batch/{uuid.uuid4()}")

    assert first == (200, {"cancelledCount": 2})
    assert second == unknown == (200, {"cancelledCount": 0})


async def test_what_was_sent_is_not_cancelled_and_a_bad_umid_is_400(
    client: Client, receiver: Receiver
) -> None:
    _, sent = await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: receiver.bodies)

    late = await client.call("DELETE", f"{MESSAGES}/{sent['umid']}")
    bad = await client.call("DELETE", f"{MESSAGES}/nonsense")

    assert (late[0], late[1]["code"]) == (404, 1300)
    assert (bad[0], bad[1]["code"], bad[1]["message"]) == (400, 1000, "Invalid umid.")


async def test_a_schedule_beyond_seven_days_and_a_past_expiry_are_refused(client: Client) -> None:
    far = await client.send(destination=PHONE, text="hi", scheduled=later(24 * 8))
    past = await client.batch(
        {
            "messages": [{"destination": PHONE, "text": "hi", "expiry": later(-1)}],
            "includeMessagesInResponse": True,
        }
    )

    assert (far[0], far[1]["code"]) == (400, 1011)
    assert past[1]["messages"][0]["status"] == {
        "code": "REJECTED",
        "description": "Expiry time already reached",
    }


async def test_details_mask_number_and_text(client: Client, receiver: Receiver) -> None:
    _, sent = await client.send(
        destination=PHONE, text="secret", source="ACME", clientMessageId="c-1", dlrCallbackUrl=receiver.url
    )
    await until(lambda: len(receiver.bodies) == 2)

    shown = await details(client, sent["umid"])

    assert shown["msisdn"] == "+659123xxxx"
    assert shown["body"] == "**MASKED**"
    assert shown["country"] == "SG"
    assert shown["status"]["state"] == "delivered"
    assert shown["clientMessageId"] == "c-1"
    assert (shown["smsCount"], shown["encoding"], shown["direction"]) == (1, "GSM7", "outbound")
    assert shown["price"] == {"total": 0, "perSms": 0, "currency": "EUR"}


async def test_details_are_given_once_a_second(client: Client) -> None:
    _, sent = await client.send(destination=PHONE, text="hi")

    statuses = [(await client.call("GET", f"{MESSAGES}/{sent['umid']}")) for _ in range(2)]

    assert statuses[0][0] == 200
    assert (statuses[1][0], statuses[1][1]["code"]) == (429, 429)
    assert statuses[1][1]["message"] == "Quota exceeded. Please try again in 1 second(s)."
    assert client.headers["Retry-After"] == "1"


async def test_unknown_messages_are_404(client: Client) -> None:
    umid = uuid.uuid4()

    shown = await client.call("GET", f"{MESSAGES}/{umid}")
    erased = await client.call("DELETE", f"{MESSAGES}/{umid}/pii")
    feedback = await client.call("POST", f"{MESSAGES}/{umid}/feedback", {"outcome": "success"})

    assert [(status, body["code"]) for status, body in (shown, erased, feedback)] == [(404, 1300)] * 3


async def test_feedback_is_kept_or_refused(client: Client) -> None:
    _, sent = await client.send(destination=PHONE, text="hi", track="Outcome")
    path = f"{MESSAGES}/{sent['umid']}/feedback"

    kept = await client.call("POST", path, {"outcome": "Success", "timestamp": "2026-01-31T08:15:30Z"})
    refused = await client.call("POST", path, {"outcome": "perhaps"})

    assert kept == (200, None)
    assert (refused[0], refused[1]["code"]) == (400, 1000)


async def test_erasure_takes_the_number_once_nothing_is_to_be_sent(
    client: Client, receiver: Receiver
) -> None:
    _, sent = await client.send(
        destination=PHONE, text="hi", clientMessageId="c", dlrCallbackUrl=receiver.url
    )
    await until(lambda: len(receiver.bodies) == 2)

    async def is_erased() -> bool:
        status, _ = await client.call("DELETE", f"{MESSAGES}/{sent['umid']}/pii")
        assert status == 202
        return (await details(client, sent["umid"]))["msisdn"] == ""

    await until_asked(is_erased)


async def test_an_export_is_queued_done_and_downloaded(client: Client) -> None:
    await client.send(destination=PHONE, text="hi", clientMessageId="=1+1")
    await client.send(destination="+4915112345678", text="hi")

    status, job = await client.call("POST", f"{MESSAGES}/exports", {"countries": ["SG"]})
    shown: list[Any] = []

    async def is_done() -> bool:
        shown.append((await client.call("GET", f"{MESSAGES}/exports/{job['jobId']}"))[1])
        return shown[-1]["status"] not in {"queued", "running"}

    await until_asked(is_done)
    text = await client.read(shown[-1]["data"][0])

    rows = list(csv.DictReader(io.StringIO(text)))
    assert status == 202
    assert len(job["jobId"]) == 64
    assert shown[-1]["status"] == "succeeded"
    assert [(row["msisdn"], row["clientmessageid"], row["body"]) for row in rows] == [
        (PHONE, "'=1+1", "**MASKED**")
    ]
    assert text.startswith("umid,subaccountid,direction,country,operator,mcc,mnc,status_value,")


async def test_an_export_job_is_cancelled_and_unknown_ones_are_4018(client: Client) -> None:
    _, job = await client.call("POST", f"{MESSAGES}/exports")
    path = f"{MESSAGES}/exports/{job['jobId']}"

    cancelled = await client.call("DELETE", path)
    shown = await client.call("GET", path)
    unknown = await client.call("GET", f"{MESSAGES}/exports/nothing")

    assert cancelled == (204, None)
    assert shown[1]["status"] == "cancelled"
    assert (unknown[0], unknown[1]["code"], unknown[1]["message"]) == (404, 4018, "Invalid jobId")


async def test_prices_charge_by_longest_prefix_and_show_in_receipts(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await gateway.accounts.save_prices(
        "demo",
        [
            a_price(20_000),
            a_price(25_000, prefix="6591", operator="One", mcc="525", mnc="01"),
            a_price(70_000, prefix="49", country="DE", country_name="Germany"),
        ],
    )

    await client.send(destination=PHONE, text="x" * 200, dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) == 2)
    status, listed = await client.call("GET", "/api/v1/accounts/demo/prices?country=sg")

    assert receiver.bodies[0]["payload"]["price"] == {"total": 0.05, "perSms": 0.025, "currency": "EUR"}
    assert status == 200
    countries = listed["subAccounts"][0]["outbound"]["countries"]
    assert [country["alpha2Code"] for country in countries] == ["SG"]
    assert countries[0]["operators"][1]["hni"] == [{"mcc": "525", "mnc": "01"}]
    assert countries[0]["operators"][1]["price"] == {"amount": 0.025, "currency": "EUR"}


async def test_a_prepaid_account_is_refused_when_empty_and_refunded_when_cancelled(
    gateway: Gateway, client: Client
) -> None:
    postpaid = await client.call("GET", "/api/v1/accounts/demo/balance")
    await gateway.accounts.ensure_account(Account(id="demo", name="demo", is_prepaid=True, currency="EUR"))
    await gateway.accounts.save_prices("demo", [a_price(40_000)])
    await gateway.accounts.add_balance("demo", 50_000)

    _, sent = await client.send(destination=PHONE, text="hi", scheduled=later(1))
    empty = await client.send(destination=PHONE, text="hi")
    balance = await client.call("GET", "/api/v1/accounts/demo/balance")
    await client.call("DELETE", f"{MESSAGES}/{sent['umid']}")

    assert (postpaid[0], postpaid[1]["code"], postpaid[1]["message"]) == (
        403, 1201, "Account not in prepaid mode",
    )  # fmt: skip
    assert (empty[0], empty[1]["code"]) == (403, 1201)
    assert balance == (200, {"balance": 0.01, "currency": "EUR"})
    assert await gateway.accounts.balance_micro("demo") == 50_000


async def test_a_prepaid_balance_is_spent_to_the_last_millionth_by_requests_at_once(
    gateway: Gateway, client: Client
) -> None:
    await gateway.accounts.ensure_account(Account(id="demo", name="demo", is_prepaid=True, currency="EUR"))
    await gateway.accounts.save_prices("demo", [a_price(7_001)])
    await gateway.accounts.add_balance("demo", 12 * 7_001)
    pair = {"destinations": [PHONE, PHONE], "template": {"text": "hi", "scheduled": later(1)}}
    flawed = {"messages": [{"destination": "+12", "text": "hi"}, {"destination": PHONE, "text": "x" * 1531}]}

    answers = await asyncio.gather(
        *(client.send(destination=PHONE, text="hi", scheduled=later(1)) for _ in range(20)),
        *(client.batch(pair) for _ in range(10)),
        *(client.batch(flawed) for _ in range(5)),
    )
    refused = await client.send(destination=PHONE, text="hi")

    taken = sum(status == 200 for status, _ in answers[:20]) + 2 * sum(s == 200 for s, _ in answers[20:30])
    assert taken == 12
    assert {(s, one.get("code")) for s, one in answers[:30] if s != 200} == {(403, 1201)}
    assert [(status, one["rejectedCount"]) for status, one in answers[30:]] == [(200, 2)] * 5
    assert (refused[0], refused[1]["code"]) == (403, 1201)
    assert await gateway.accounts.balance_micro("demo") == 0


async def test_a_foreign_account_is_refused(client: Client) -> None:
    answers = [
        await client.call("GET", f"/api/v1/accounts/other/{what}")
        for what in ("prices", "balance", "webhooks")
    ]

    assert [(status, body["code"]) for status, body in answers] == [(400, 1001)] * 3


async def test_a_survey_that_is_not_there_is_refused(client: Client) -> None:
    status, error = await client.call("POST", f"/api/v1/subaccounts/{SUB}/surveys/s1/messages", {})

    assert (status, error["code"]) == (400, 1008)


async def test_a_client_id_is_taken_once_where_that_was_asked_for(gateway: Gateway, client: Client) -> None:
    twice = [await client.send(destination=PHONE, text="hi", clientMessageId="c-1") for _ in range(2)]
    await gateway.accounts.set_takes_once(SUB, takes_once=True)

    first = await client.send(destination=PHONE, text="hi", clientMessageId="c-2")
    again = await client.send(destination=PHONE, text="hi", clientMessageId="c-2")
    items = [{"destination": PHONE, "text": "hi", "clientMessageId": name} for name in ("c-2", "c-3", "c-3")]
    _, batch = await client.batch({"messages": items, "includeMessagesInResponse": True})

    assert twice[0][1]["umid"] != twice[1][1]["umid"]
    assert again == first
    umids = [message["umid"] for message in batch["messages"]]
    assert umids[0] == first[1]["umid"]
    assert umids[1] == umids[2]
    assert sum((await gateway.standings()).values()) == 4
