"""8x8 contract 11, item 11: the life of an export job, the head of its CSV, 4018 (8x8 contract 2.7)."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.builders import a_price
from tests.gateway.checklist_world import MESSAGES, PHONE
from tests.gateway.gateway_world import SUB, Client, Receiver, until, until_asked

from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.model.number import VirtualNumber

HEAD = (
    "umid,subaccountid,direction,country,operator,mcc,mnc,status_value,status_details,status_errorcode,"
    "status_errormessage,status_timestamp,msisdn,source,encoding,createdat,smscount,price_currency,"
    "price_persms,price_total,clientmessageid,clientbatchid,batchid,body"
)
STATES = ["queued", "running", "succeeded"]


async def exported(client: Client, wish: Any = None, *, sub: str = SUB) -> dict[str, Any]:
    """Start a job and return what it is when it is over."""
    path = f"/api/v1/subaccounts/{sub}/messages/exports"
    status, job = await client.call("POST", path, wish)
    assert status == 202
    shown: list[dict[str, Any]] = []

    async def is_over() -> bool:
        shown.append((await client.call("GET", f"{path}/{job['jobId']}"))[1])
        return shown[-1]["status"] not in {"queued", "running"}

    await until_asked(is_over)
    seen = [STATES.index(one["status"]) for one in shown if one["status"] in STATES]
    assert seen == sorted(seen), "a job never goes back"
    assert all("data" not in one for one in shown if one["status"] != "succeeded")
    return {**shown[-1], "jobId": job["jobId"]}


async def rows(client: Client, job: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(await client.read(job["data"][0]))))


async def test_11_a_job_is_done_and_its_link_lives_a_month(client: Client) -> None:
    await client.send(destination=PHONE, text="hi")

    job = await exported(client)

    expires = datetime.fromisoformat(job["expires"])
    assert job["status"] == "succeeded"
    assert len(job["jobId"]) == 64
    assert job["data"][0].startswith(f"{client.base}{MESSAGES}/download/")
    assert timedelta(days=27) < expires - datetime.now(UTC) < timedelta(days=32)


async def test_11_the_csv_has_the_documented_columns_and_one_line_a_message(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await gateway.accounts.save_prices("demo", [a_price(25_000)])
    _, batch = await client.batch(
        {
            "clientBatchId": "b-1",
            "messages": [{"destination": PHONE, "text": 'secret "text",\n', "clientMessageId": 'a,"b'}],
            "template": {"dlrCallbackUrl": receiver.url, "source": "ACME"},
            "includeMessagesInResponse": True,
        }
    )
    await until(lambda: len(receiver.bodies) == 2)

    job = await exported(client)
    text = await client.read(job["data"][0])

    assert text.splitlines()[0] == HEAD
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["umid"] == batch["messages"][0]["umid"]
    assert row["batchid"] == batch["batchId"]
    assert (row["clientmessageid"], row["clientbatchid"]) == ('a,"b', "b-1")
    assert (row["subaccountid"], row["direction"], row["country"]) == (SUB, "1", "SG")
    assert (row["status_value"], row["status_details"]) == ("delivered", "delivered_to_recipient")
    assert (row["status_errorcode"], row["status_errormessage"]) == ("", "")
    assert (row["msisdn"], row["source"], row["encoding"], row["smscount"]) == (PHONE, "ACME", "GSM7", "1")
    assert (row["price_currency"], row["price_persms"], row["price_total"]) == ("EUR", "0.025", "0.025")
    assert row["body"] == "**MASKED**"
    assert "secret" not in text


@pytest.mark.parametrize(
    ("wish", "numbers"),
    [
        ({}, {PHONE, "+4915112345678"}),
        ({"countries": ["de"]}, {"+4915112345678"}),
        ({"countries": ["SG", "DE"]}, {PHONE, "+4915112345678"}),
        ({"phoneNumber": PHONE}, {PHONE}),
        ({"phoneNumber": "6591230000", "limit": 0}, {PHONE}),
        ({"from": "2020-07-01", "to": "2099-01-01T00:00:00+07:00"}, {PHONE, "+4915112345678"}),
    ],
)
async def test_11_a_job_holds_what_was_wished(
    client: Client, wish: dict[str, Any], numbers: set[str]
) -> None:
    await client.batch({"destinations": [PHONE, "+4915112345678"], "template": {"text": "hi"}})

    job = await exported(client, wish)

    assert {row["msisdn"] for row in await rows(client, job)} == numbers


async def test_11_a_limit_bounds_the_lines(client: Client) -> None:
    await client.batch({"destinations": [PHONE] * 5, "template": {"text": "hi"}})

    job = await exported(client, {"limit": 2})

    assert len(await rows(client, job)) == 2


@pytest.mark.parametrize("wish", [{"from": "2020-01-01", "to": "2020-02-01"}, {"countries": ["FR"]}])
async def test_11_a_job_that_finds_nothing_is_empty(client: Client, wish: dict[str, Any]) -> None:
    await client.send(destination=PHONE, text="hi")

    job = await exported(client, wish)

    assert job["status"] == "empty"
    assert "data" not in job


@pytest.mark.parametrize(
    "wish", [{"from": "yesterday"}, {"countries": ["SGP"]}, {"limit": -1}, {"phoneNumber": "x"}, [], "x"]
)
async def test_11_a_wish_that_means_nothing_is_refused(client: Client, wish: Any) -> None:
    status, error = await client.call("POST", f"{MESSAGES}/exports", wish)

    assert (status, error["code"]) == (400, 1000)


async def test_11_another_subaccounts_job_is_as_good_as_unknown(gateway: Gateway, client: Client) -> None:
    await gateway.ensure_subaccount("demo_second")
    await client.send(destination=PHONE, text="hi")
    job = await exported(client)
    path = f"/api/v1/subaccounts/demo_second/messages/exports/{job['jobId']}"

    answers = [await client.call(method, path) for method in ("GET", "DELETE")]
    unknown = [await client.call(method, f"{MESSAGES}/exports/nothing") for method in ("GET", "DELETE")]

    assert [(status, error["code"], error["message"]) for status, error in answers + unknown] == [
        (404, 4018, "Invalid jobId")
    ] * 4


async def test_11_a_cancelled_job_stays_cancelled_and_its_file_is_gone(client: Client) -> None:
    await client.send(destination=PHONE, text="hi")
    job = await exported(client)
    path = f"{MESSAGES}/exports/{job['jobId']}"

    cancelled = await client.call("DELETE", path)
    shown = await client.call("GET", path)
    link = job["data"][0].removeprefix(client.base)
    gone = await client.call("GET", link)

    assert cancelled == (204, None)
    assert shown == (200, {"status": "cancelled"})
    assert (gone[0], gone[1]["code"]) == (404, 1300)


async def test_11_a_download_needs_its_link_and_nothing_else(client: Client) -> None:
    await client.send(destination=PHONE, text="hi")
    job = await exported(client)

    text = await client.read(job["data"][0])
    guessed = await client.call("GET", f"{MESSAGES}/download/{'x' * 43}", key=None)

    assert text.startswith("umid,")
    assert (guessed[0], guessed[1]["code"]) == (404, 1300)


async def test_11_texts_from_handsets_are_in_it_as_direction_0_and_have_details(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await gateway.accounts.save_webhook(Webhook(id=0, account="demo", subaccount=SUB, url=receiver.url))
    await gateway.numbers.save_numbers([VirtualNumber(number="6580001111", subaccount=SUB)])
    assert gateway.carriers.simulator is not None
    gateway.carriers.simulator.reply(PHONE[1:], "6580001111", "secret words", "")
    await until(lambda: receiver.bodies)
    umid = receiver.bodies[0]["payload"]["umid"]

    _, details = await client.call("GET", f"{MESSAGES}/{umid}")
    every = await rows(client, await exported(client))
    of_phone = await rows(client, await exported(client, {"phoneNumber": PHONE, "countries": ["SG"]}))
    of_others = await exported(client, {"phoneNumber": "+6599999999"})

    [line] = every
    assert every == of_phone
    assert (line["umid"], line["direction"], line["country"], line["msisdn"], line["source"]) == (
        umid, "0", "SG", PHONE, "6580001111",
    )  # fmt: skip
    assert of_others["status"] == "empty"
    assert (details["direction"], details["msisdn"], details["body"]) == (
        "inbound", f"{PHONE[:-4]}xxxx", "**MASKED**",
    )  # fmt: skip
    assert details["price"] == {"total": 0, "perSms": 0, "currency": "EUR"}
    assert "secret" not in str(every)


async def test_11_the_limit_holds_over_both_directions(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await gateway.accounts.save_webhook(Webhook(id=0, account="demo", subaccount=SUB, url=receiver.url))
    await gateway.numbers.save_numbers([VirtualNumber(number="6580001111", subaccount=SUB)])
    assert gateway.carriers.simulator is not None
    gateway.carriers.simulator.reply(PHONE[1:], "6580001111", "one", "")
    gateway.carriers.simulator.reply(PHONE[1:], "6580001111", "two", "")
    await until(lambda: len(receiver.bodies) == 2)
    await client.send(destination=PHONE, text="hi")

    one, two = [await rows(client, await exported(client, {"limit": limit})) for limit in (1, 2)]

    assert [line["direction"] for line in one] == ["1"]
    assert [line["direction"] for line in two] == ["1", "0"]
