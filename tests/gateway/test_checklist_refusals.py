"""8x8 contract 11, item 6: who is refused, everywhere alike: 401/1200, 400/1001, 429 with Retry-After."""

import base64
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.gateway.checklist_world import ACCOUNT, MESSAGES, PHONE, opened
from tests.gateway.gateway_world import KEY, SUB, Client, shown

from tellwire.gateway.api.access import Limits
from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Account, Subaccount

ID = uuid.uuid4()
OF_SUBACCOUNT = [
    ("POST", "messages", {"destination": PHONE, "text": "hi"}),
    ("POST", "messages/batch", {"messages": [{"destination": PHONE, "text": "hi"}]}),
    ("POST", "partners/clevertap/batch", {"msgs": [{"destination": PHONE, "text": "hi"}]}),
    ("GET", f"messages/{ID}", None),
    ("DELETE", f"messages/{ID}", None),
    ("DELETE", f"messages/batch/{ID}", None),
    ("POST", f"messages/{ID}/feedback", {"outcome": "success"}),
    ("DELETE", f"messages/{ID}/pii", None),
    ("POST", "messages/exports", {}),
    ("GET", "messages/exports/job", None),
    ("DELETE", "messages/exports/job", None),
    ("POST", "surveys/s1/messages", {"destination": PHONE}),
    ("POST", "surveys/s1/messages/batch", {"messages": [{"destination": PHONE}]}),
]
OF_ACCOUNT = [
    ("GET", "prices", None),
    ("GET", "balance", None),
    ("GET", "webhooks", None),
    ("POST", "webhooks", [{"subAccountId": "*", "url": "https://a.example/"}]),
    ("DELETE", "webhooks", [{"subAccountId": "*"}]),
]
LEGACY = [
    ("POST", f"/sms/v1/{SUB}/single", {"destination": PHONE, "text": "hi"}),
    ("POST", f"/sms/v1/{SUB}/many", {"messages": [{"destination": PHONE, "text": "hi"}]}),
    ("POST", f"/sms/v1/{SUB}/many/compact", {"destinations": [PHONE], "template": {"text": "hi"}}),
    ("DELETE", f"/sms/v1/{SUB}/single/{ID}", None),
    ("DELETE", f"/sms/v1/{SUB}/many/{ID}", None),
]
EVERYWHERE = [
    *((method, f"/api/v1/subaccounts/{SUB}/{path}", body) for method, path, body in OF_SUBACCOUNT),
    *((method, f"{ACCOUNT}/{path}", body) for method, path, body in OF_ACCOUNT),
    *LEGACY,
]


async def test_6_no_wrong_or_disabled_key_is_1200_at_every_endpoint(gateway: Gateway, client: Client) -> None:
    disabled = await gateway.ensure_api_key("old", "tw_disabled")
    await gateway.accounts.change_key("demo", disabled.id, is_enabled=False)

    for method, path, body in EVERYWHERE:
        for key in (None, "wrong", "tw_disabled", KEY[:-1], ""):
            status, error = await client.call(method, path, body, key=key)

            assert (status, error["code"]) == (401, 1200), (method, path, key)
            assert error["message"] == "Request was not authenticated properly"
            assert uuid.UUID(error["errorId"])
    assert not shown(gateway, PHONE)


async def test_6_a_key_under_another_scheme_is_1200(gateway: Gateway) -> None:
    basic = base64.b64encode(f"demo:{KEY}".encode()).decode()
    url = f"http://127.0.0.1:{gateway.port}{MESSAGES}"
    async with aiohttp.ClientSession() as session:
        for header in (f"Basic {basic}", f"Token {KEY}", KEY, "Bearer", "Bearer ", "\xff"):
            body = {"destination": PHONE, "text": "hi"}
            async with session.post(url, json=body, headers={"Authorization": header}) as answer:
                assert (answer.status, (await answer.json())["code"]) == (401, 1200), header


async def test_6_the_scheme_is_read_in_any_case(gateway: Gateway) -> None:
    url = f"http://127.0.0.1:{gateway.port}{MESSAGES}"
    async with aiohttp.ClientSession() as session:
        body = {"destination": PHONE, "text": "hi"}
        async with session.post(url, json=body, headers={"Authorization": f"bearer {KEY}"}) as answer:
            assert answer.status == 200


async def test_6_an_enabled_key_works_again_and_a_deleted_one_never(gateway: Gateway, client: Client) -> None:
    key = await gateway.ensure_api_key("second", "tw_second")

    statuses = [(await client.send(destination=PHONE, text="hi", key="tw_second"))[0]]
    for change in ({"is_enabled": False}, {"is_enabled": True}):
        await gateway.accounts.change_key("demo", key.id, **change)
        statuses.append((await client.send(destination=PHONE, text="hi", key="tw_second"))[0])
    await gateway.accounts.delete_key("demo", key.id)
    statuses.append((await client.send(destination=PHONE, text="hi", key="tw_second"))[0])

    assert statuses == [200, 401, 200, 401]


@pytest.mark.parametrize("foreign", ["somebody_hq", "DEMO_HQ", "demo_hq%20", "x", "a" * 51])
async def test_6_a_foreign_or_unknown_subaccount_is_1001_at_every_endpoint(
    client: Client, foreign: str
) -> None:
    for method, path, body in OF_SUBACCOUNT:
        status, error = await client.call(method, f"/api/v1/subaccounts/{foreign}/{path}", body)

        assert (status, error["code"]) == (400, 1001), (method, path)
        assert error["message"] == "Provided subAccountId doesn't belongs to your account"


async def test_6_another_accounts_subaccount_is_foreign_and_its_messages_unknown(
    gateway: Gateway, client: Client
) -> None:
    await gateway.accounts.ensure_account(Account(id="other", name="other", is_prepaid=False, currency="EUR"))
    await gateway.accounts.ensure_subaccount(
        Subaccount(id="other_hq", account="other", default_source="Other")
    )
    await gateway.accounts.ensure_key("other", "theirs", "tw_theirs")
    await gateway.ensure_subaccount("demo_second")
    _, sent = await client.send(destination=PHONE, text="hi")

    taken, _ = await client.send(destination=PHONE, text="hi", sub="other_hq", key="tw_theirs")
    foreign = await client.send(destination=PHONE, text="hi", sub="other_hq")
    theirs = await client.call("GET", f"{MESSAGES}/{sent['umid']}", key="tw_theirs")
    elsewhere = await client.call("GET", f"/api/v1/subaccounts/demo_second/messages/{sent['umid']}")

    assert taken == 200
    assert (foreign[0], foreign[1]["code"]) == (400, 1001)
    assert (theirs[0], theirs[1]["code"]) == (400, 1001)
    assert (elsewhere[0], elsewhere[1]["code"]) == (404, 1300)


async def test_6_who_is_too_fast_is_429_and_let_in_after_retry_after(tmp_path: Path) -> None:
    slow = Limits(requests_per_s=0.1, requests_per_address_per_s=1000)  # a busy machine is slow, too
    async with opened(tmp_path, limits=slow) as (_, client):
        first = await client.send(destination=PHONE, text="hi")
        second = await client.send(destination=PHONE, text="hi")
        headers = client.headers

    assert first[0] == 200
    assert (second[0], second[1]["code"]) == (429, 429)
    wait_s = int(headers["Retry-After"])
    assert 0 < wait_s <= 10
    assert second[1]["message"] == f"Quota exceeded. Please try again in {wait_s} second(s)."


async def test_6_an_address_that_is_too_fast_is_429_whatever_its_key(tmp_path: Path) -> None:
    slow = Limits(requests_per_s=1000, requests_per_address_per_s=0.1)
    async with opened(tmp_path, limits=slow) as (_, client):
        answers: list[tuple[int, Any]] = [
            await client.send(destination=PHONE, text="hi", key=key) for key in ("guess", "again", KEY)
        ]
        retry_after = client.headers["Retry-After"]

    assert [status for status, _ in answers] == [401, 429, 429]
    assert int(retry_after) >= 1
