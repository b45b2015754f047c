"""Bodies, headers and habits of the platforms that post at 8x8, as their guides show them (8x8 contract 8).

Each test is what one platform does when somebody follows its guide and puts our address in place of 8x8's.
"""

import base64
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest
import schemathesis
from tests.gateway.gateway_world import KEY, SUB, Client, Receiver, shown, until

from tellwire.gateway.api.description import openapi_document
from tellwire.gateway.main import Gateway

PHONE = "+6591230000"
SINGLE = f"/api/v1/subaccounts/{SUB}/messages"
BATCH = f"{SINGLE}/batch"
PARTNER = f"/api/v1/subaccounts/{SUB}/partners/clevertap/batch"
WEBENGAGE = f"/api/v1/subaccounts/{SUB}/partners/webengage"
BEARER = {"Authorization": f"Bearer {KEY}"}
JSON = {"Content-Type": "application/json"}
MID = "9999999999.1200000000.1654002362.20220531.0.wzrk_default.-1."


class Platform:
    """Posts raw bytes with a platform's own headers, and sees what a platform sees: status and body."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base

    async def post(self, path: str, body: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        url = self._base + path
        data = body.encode()
        async with self._session.post(url, data=data, headers=headers or BEARER | JSON) as answer:
            return answer.status, await answer.json(content_type=None)


@pytest.fixture
async def platform(gateway: Gateway) -> AsyncIterator[Platform]:
    async with aiohttp.ClientSession() as session:
        yield Platform(session, f"http://127.0.0.1:{gateway.port}")


async def arrived(gateway: Gateway, number: str = PHONE) -> tuple[str, str]:
    """Return text and sender ID of the first message on a handset."""
    await until(lambda: shown(gateway, number))
    message = shown(gateway, number)[0]
    return message.text, message.source


# CleverTap by 8x8's guide, at its partner endpoint, and its callback: 8x8 contract 8.1


@pytest.mark.parametrize("path", [SINGLE, BATCH])
async def test_clevertap_generic_sms_by_8x8s_guide(gateway: Gateway, platform: Platform, path: str) -> None:
    body = (
        '{"source":"ACME","destination":"6591230000","text":"Hi Ana, 20% off: https://a.example/x?y=1&z=2",'
        f'"mid":"{MID}","encoding":"Auto"}}'
    )

    status, answer = await platform.post(path, body)

    assert (status, answer["clientMessageId"]) == (200, MID)
    assert await arrived(gateway) == ("Hi Ana, 20% off: https://a.example/x?y=1&z=2", "ACME")


async def test_clevertap_with_its_tokens_unfilled_is_told_400(platform: Platform) -> None:
    body = (
        '{"source":"ACME","destination":"$$To","text":"$$Body","mid":"$$MessageID","encoding":"Auto",'
        '"templateId":"$$TemplateID","campaign":"$$CampaignID"}'
    )

    status, answer = await platform.post(BATCH, body)

    assert (status, answer["code"]) == (400, 1002)


@pytest.mark.parametrize(
    "item",
    [
        '"source":"ACME","destination":"6591230000","text":"hi","encoding":"auto"',
        '"destination":"+6591230000","text":"hi","encoding":"auto"',
    ],
)
async def test_clevertap_partner_batch_becomes_clevertaps_callback(
    gateway: Gateway, platform: Platform, receiver: Receiver, item: str
) -> None:
    callback = receiver.url.replace("/hook", "/sms/generic?account=ABC-123-456Z")
    message = f'{{{item},"mid":"{MID}","partnerCallbackUrl":"{callback}"}}'

    status, answer = await platform.post(PARTNER, f'{{"uid":"u-77","msgs":[{message}]}}')
    await until(lambda: receiver.bodies)

    assert (status, answer["acceptedCount"], answer["rejectedCount"]) == (200, 1, 0)
    assert (await arrived(gateway))[0] == "hi"
    (event,) = receiver.bodies[0]
    assert event["event"] == "delivered"
    assert event["data"][0]["meta"] == MID
    assert set(event["data"][0]) <= {"ts", "meta", "description"}
    assert receiver.headers[0]["Content-Type"].partition(";")[0] == "application/json"


async def test_clevertap_hears_nothing_in_8x8s_form_for_a_partner_message(
    client: Client, platform: Platform, receiver: Receiver
) -> None:
    await client.call("POST", "/api/v1/accounts/demo/webhooks", [{"subAccountId": SUB, "url": receiver.url}])
    message = (
        f'{{"destination":"6591230000","text":"hi","mid":"{MID}","partnerCallbackUrl":"{receiver.url}"}}'
    )

    await platform.post(PARTNER, f'{{"msgs":[{message}]}}')
    await client.send(destination=PHONE, text="fence")
    await until(lambda: len(receiver.bodies) == 3)

    forms = [type(body) for body in receiver.bodies]
    assert sorted(forms, key=str) == [dict, dict, list]


async def test_clevertap_partner_batch_by_8x8s_article_reports_to_the_subaccounts_webhook(
    client: Client, platform: Platform, receiver: Receiver
) -> None:
    hook = {"subAccountId": SUB, "url": receiver.url, "httpAuthorization": "Basic Y3Q6Y3Q="}
    await client.call("POST", "/api/v1/accounts/demo/webhooks", [hook])
    message = f'{{"destination":"6591230000","text":"hi","mid":"{MID}","encoding":"auto"}}'

    await platform.post(PARTNER, f'{{"uid":"u-77","msgs":[{message}]}}')
    await until(lambda: receiver.bodies)

    (event,) = receiver.bodies[0]
    assert (event["event"], event["data"][0]["meta"]) == ("delivered", MID)
    assert receiver.headers[0]["Authorization"] == "Basic Y3Q6Y3Q="


# MoEngage: 8x8 contract 8.2


@pytest.mark.parametrize(
    "body",
    [
        '{"message":"hi","sender":"ACME","recipient":"6591230000"}',
        '{"body":"hi","from":"ACME","to":"6591230000"}',
        '{"text":"hi","source":"ACME","destination":"6591230000"}',
        '{"text":"hi","source":"ACME","destination":"6591230000","message":"","sender":null,"recipient":""}',
    ],
)
@pytest.mark.parametrize("path", [SINGLE, BATCH])
async def test_moengage_custom_connector_by_either_guide(
    gateway: Gateway, platform: Platform, body: str, path: str
) -> None:
    status, _ = await platform.post(path, body)

    assert status == 200
    assert await arrived(gateway) == ("hi", "ACME")


# Braze, Zendesk and the others that send plain single sends: 8x8 contract 8.3, 8.4


async def test_braze_webhook_template(gateway: Gateway, platform: Platform) -> None:
    headers = {**BEARER, "Content-Type": "application/json", "X-Braze-Token": "t", "Accept": "*/*"}
    body = '{"text":"Hello Ana \U0001f389","destination":"+6591230000","source":"ACME"}'

    status, answer = await platform.post(SINGLE, body, headers)

    assert (status, answer["encoding"]) == (200, "UCS2")
    assert await arrived(gateway) == ("Hello Ana \U0001f389", "ACME")


@pytest.mark.parametrize("phone", ["+65 9123 0000", "+65-9123-0000", "0065 91230000", "(+65) 9123.0000"])
async def test_zendesk_sends_the_requesters_phone_as_people_write_it(
    gateway: Gateway, platform: Platform, phone: str
) -> None:
    body = f'{{\n  "source": "ACME",\n  "destination": "{phone}",\n  "text": "Ticket #42 is solved"\n}}'

    status, answer = await platform.post(SINGLE, body)

    assert (status, answer["destination"]) == (200, "6591230000")
    assert await arrived(gateway) == ("Ticket #42 is solved", "ACME")


async def test_zendesk_without_a_phone_is_told_400(platform: Platform) -> None:
    status, answer = await platform.post(SINGLE, '{"source":"ACME","destination":"","text":"hi"}')

    assert (status, answer["code"]) == (400, 1002)


@pytest.mark.parametrize(
    "body",
    [
        # Auth0 and Okta telephony hooks
        '{"encoding":"AUTO","destination":"+6591230000","text":"123456 is your code"}',
        '{"encoding":"AUTO","destination":"+6591230000","text":"123456 is your code","source":"ACME"}',
        # Salesforce fills every member of an imported schema that it knows, empty ones with null
        (
            '{"destination":"+6591230000","text":"123456 is your code","source":null,"country":null,'
            '"clientMessageId":null,"encoding":null,"scheduled":null,"expiry":null,"dlrCallbackUrl":null,'
            '"clientIp":null,"track":null}'
        ),
        # no-code tools send what a form had, empty texts included
        (
            '{"destination":"+6591230000","text":"123456 is your code","source":"","country":"",'
            '"clientMessageId":"","encoding":"","scheduled":"","expiry":"","dlrCallbackUrl":"","clientIp":"",'
            '"track":""}'
        ),
    ],
)
async def test_what_hooks_flows_and_no_code_tools_send_is_taken(
    gateway: Gateway, platform: Platform, body: str
) -> None:
    status, answer = await platform.post(SINGLE, body)

    assert (status, answer["status"]["code"]) == (200, "QUEUED")
    assert (await arrived(gateway))[0] == "123456 is your code"


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/json;charset=UTF-8", "text/json", "text/plain"]
)
async def test_the_content_type_is_written_in_many_ways(platform: Platform, kind: str) -> None:
    body = '{"destination":"+6591230000","text":"hi"}'

    status, _ = await platform.post(SINGLE, body, {**BEARER, "Content-Type": kind})

    assert status == 200


async def test_salesforce_and_no_code_batches(gateway: Gateway, platform: Platform) -> None:
    body = (
        '{"clientBatchId":null,"destinations":null,"clientIp":null,"includeMessagesInResponse":true,'
        '"template":{"source":"ACME","text":"Hello","encoding":"AUTO","scheduled":null,"expiry":null,'
        '"dlrCallbackUrl":null},'
        '"messages":[{"destination":"+6591230000","text":null},{"destination":"6591230001","text":"own"}]}'
    )

    status, answer = await platform.post(BATCH, body)

    assert (status, answer["acceptedCount"]) == (200, 2)
    assert await arrived(gateway) == ("Hello", "ACME")
    assert await arrived(gateway, "+6591230001") == ("own", "ACME")


def test_salesforce_imports_a_document_trimmed_to_sending() -> None:
    document = msgspec.json.decode(openapi_document())
    kept = {"Send-Sms-Single", "Send-Many-Sms"}

    document["paths"] = {
        path: item
        for path, item in document["paths"].items()
        if item.get("post", {}).get("operationId") in kept
    }

    trimmed = schemathesis.openapi.from_dict(document)
    trimmed.validate()
    assert {
        operation.ok().definition.raw["operationId"] for operation in trimmed.get_all_operations()
    } == kept


# Clients of Wavecell's time: 8x8 contract 2.3


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("single", '{"source":"ACME","destination":"6591230000","text":"hi","encoding":"GSM7bit"}'),
        ("many", '{"messages":[{"source":"ACME","destination":"6591230000","text":"hi"}]}'),
        ("many/compact", '{"destinations":["6591230000"],"template":{"source":"ACME","text":"hi"}}'),
    ],
)
async def test_wavecell_clients_still_reach_us(
    gateway: Gateway, platform: Platform, path: str, body: str
) -> None:
    status, _ = await platform.post(f"/sms/v1/{SUB}/{path}", body)

    assert status == 200
    assert await arrived(gateway) == ("hi", "ACME")


async def test_wavecell_clients_may_show_the_key_as_a_password(gateway: Gateway, platform: Platform) -> None:
    basic = base64.b64encode(f"demo:{KEY}".encode()).decode()
    headers = JSON | {"Authorization": f"Basic {basic}"}
    body = '{"source":"ACME","destination":"6591230000","text":"hi"}'

    status, _ = await platform.post(f"/sms/v1/{SUB}/single", body, headers)
    refused, error = await platform.post(SINGLE, body, headers)

    assert status == 200
    assert (refused, error["code"]) == (401, 1200)


# WebEngage: 8x8 contract 8.5


def webengage(*, version: str = "1.0", **data: Any) -> str:
    fields = {"toNumber": "6591230000", "fromNumber": "ACME", "body": "hi", **data}
    sms = ",".join(f'"{name}":"{value}"' for name, value in fields.items() if value is not None)
    return (
        f'{{"version":"{version}","smsData":{{{sms}}},"metadata":{{"campaignType":"PROMOTIONAL",'
        '"timestamp":"2026-01-31T08:15:30Z","messageId":"we-1","custom":{"k":"v"},'
        '"indiaDLT":{"contentTemplateId":"c","principalEntityId":"p","telemarketerId":"t"}}}'
    )


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("scheme", ["Bearer", "Basic"])
async def test_webengage_is_taken_under_both_schemes_and_versions(
    gateway: Gateway, platform: Platform, version: str, scheme: str
) -> None:
    basic = base64.b64encode(f"user:{KEY}".encode()).decode()
    headers = JSON | {"Authorization": f"{scheme} {KEY if scheme == 'Bearer' else basic}"}

    status, answer = await platform.post(WEBENGAGE, webengage(version=version), headers)

    assert (status, answer) == (200, {"status": "sms_accepted"})
    assert await arrived(gateway) == ("hi", "ACME")


@pytest.mark.parametrize(
    ("body", "http", "code"),
    [
        ("", 400, 2002),
        ("{", 400, 2002),
        (webengage(body=None), 400, 2002),
        (webengage(body=""), 400, 2002),
        (webengage(toNumber="nobody"), 400, 2003),
        (webengage(fromNumber="S" * 17), 400, 2004),
        (webengage(fromNumber="no_such_sender"), 400, 2004),
        (webengage(body="x" * 1531), 413, 2007),
        (webengage(body="x" * 70_000), 413, 2007),
        (webengage(version="3.0"), 400, 2010),
    ],
)
async def test_webengage_is_refused_in_its_own_codes(
    platform: Platform, body: str, http: int, code: int
) -> None:
    status, answer = await platform.post(WEBENGAGE, body)

    assert (status, answer["status"], answer["statusCode"]) == (http, "sms_rejected", code)
    assert answer["message"]


async def test_webengage_hears_of_keys_subaccounts_and_addresses_in_its_own_codes(
    gateway: Gateway, platform: Platform
) -> None:
    await gateway.accounts.ensure_key("demo", "bound", "tw_elsewhere", ("192.0.2.1",))
    foreign = WEBENGAGE.replace(SUB, "somebody_hq")

    answers = [
        await platform.post(WEBENGAGE, webengage(), JSON),
        await platform.post(WEBENGAGE, webengage(), JSON | {"Authorization": "Bearer wrong"}),
        await platform.post(WEBENGAGE, webengage(), JSON | {"Authorization": "Bearer tw_elsewhere"}),
        await platform.post(foreign, webengage()),
    ]

    assert [(status, answer["statusCode"]) for status, answer in answers] == [
        (401, 2011), (401, 2011), (401, 2001), (403, 2005),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "statuses"),
    [
        (PHONE, [("sms_sent", 0)]),
        ("+12025550103", [("sms_sent", 0), ("sms_failed", 2008)]),
        ("+12025550101", [("sms_sent", 0), ("sms_failed", 2009)]),
    ],
)
async def test_webengage_receipts_are_in_its_own_words(
    client: Client, platform: Platform, receiver: Receiver, number: str, statuses: list[tuple[str, int]]
) -> None:
    hook = {"subAccountId": SUB, "url": receiver.url, "httpAuthorization": "Bearer we-token"}
    await client.call("POST", "/api/v1/accounts/demo/webhooks", [hook])

    await platform.post(WEBENGAGE, webengage(toNumber=number.removeprefix("+")))
    await until(lambda: len(receiver.bodies) >= len(statuses))

    assert [(body["status"], body["statusCode"]) for body in receiver.bodies] == statuses
    assert receiver.bodies[0]["messageId"] == "we-1"
    assert re.fullmatch(r"\d{7,15}", receiver.bodies[0]["toNumber"])
    assert {headers["Authorization"] for headers in receiver.headers} == {"Bearer we-token"}
