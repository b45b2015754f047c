"""Webhook management and what the posts carry (8x8 contract 3.1, 3.6)."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import msgspec
import pytest
from aiohttp import web
from tests.gateway.gateway_world import ADMIN, SUB, Client, Receiver, until, until_asked

from tellwire.gateway.main import KEY_FILE, Gateway, GatewayOptions
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.store.callback_log import LogEntry, LogQuery
from tellwire.kernel.secrets import KeyLost

PHONE = "+6591230000"
HOOKS = "/api/v1/accounts/demo/webhooks"


async def test_webhooks_are_saved_shown_masked_and_deleted_by_scope(client: Client) -> None:
    oauth = {"url": "https://t.example/", "clientId": "i", "clientSecret": "s", "credentialsLocation": "Body"}
    saved = await client.call(
        "POST",
        HOOKS,
        [
            {
                "subAccountId": SUB,
                "url": "https://a.example/",
                "httpAuthorization": "Basic x",
                "type": "CADR",
            },
            {"subAccountId": "*", "url": "https://b.example/", "oauth": oauth, "enabled": False},
        ],
    )
    _, shown = await client.call("GET", HOOKS)
    deleted = await client.call("DELETE", HOOKS, [{"subAccountId": "*"}])
    _, left = await client.call("GET", HOOKS)

    assert saved == deleted == (200, None)
    assert {hook["subAccountId"]: hook.get("httpAuthorization") for hook in shown} == {SUB: "***", "*": None}
    masked = next(hook for hook in shown if hook["subAccountId"] == "*")
    assert masked["oauth"]["clientSecret"] == "***"
    assert masked["enabled"] is False
    assert [hook["subAccountId"] for hook in left] == [SUB]


async def test_a_masked_secret_sent_back_stays_what_it_was(client: Client, receiver: Receiver) -> None:
    hook = {"subAccountId": SUB, "url": receiver.url, "httpAuthorization": "Bearer kept"}
    await client.call("POST", HOOKS, [hook])

    await client.call("POST", HOOKS, [{**hook, "httpAuthorization": "***"}])
    await client.send(destination=PHONE, text="hi")
    await until(lambda: receiver.bodies)

    assert receiver.headers[0]["Authorization"] == "Bearer kept"


@pytest.mark.parametrize("url", ["https://evil.example/", "http://a.example/", "https://a.example:444/"])
async def test_a_masked_secret_does_not_go_to_another_server(client: Client, url: str) -> None:
    oauth = {
        "url": "https://id.example/",
        "clientId": "c",
        "clientSecret": "s",
        "credentialsLocation": "Header",
    }
    fixed = {"subAccountId": SUB, "url": "https://a.example/", "httpAuthorization": "Bearer kept"}
    fetched = {"subAccountId": "*", "url": "https://a.example/", "oauth": oauth}
    await client.call("POST", HOOKS, [fixed, fetched])
    masked = {**oauth, "clientSecret": "***"}

    answers = [
        await client.call("POST", HOOKS, [{**fixed, "url": url, "httpAuthorization": "***"}]),
        await client.call("POST", HOOKS, [{**fetched, "url": url, "oauth": masked}]),
        await client.call("POST", HOOKS, [{**fetched, "oauth": {**masked, "url": url}}]),
    ]
    kept = await client.call("POST", HOOKS, [{**fetched, "url": "https://a.example/v2", "oauth": masked}])

    assert [(status, body["message"]) for status, body in answers] == [
        (400, "Invalid httpAuthorization value"),
        (400, "Invalid oauth.clientSecret value"),
        (400, "Invalid oauth.clientSecret value"),
    ]
    assert kept == (200, None)


async def test_flawed_and_foreign_webhooks_are_refused_whole(client: Client) -> None:
    good = {"subAccountId": SUB, "url": "https://a.example/"}

    flawed = await client.call("POST", HOOKS, [good, {"subAccountId": SUB, "url": "nowhere"}])
    foreign = await client.call("POST", HOOKS, [good, {"subAccountId": "other", "url": "https://a.example/"}])
    broken = await client.call("POST", HOOKS, raw=b"[{")

    assert [(status, body["code"]) for status, body in (flawed, foreign, broken)] == [
        (400, 1000),
        (400, 1001),
        (400, 1000),
    ]
    assert (await client.call("GET", HOOKS))[1] == []


async def test_a_token_is_fetched_once_and_carried(client: Client, receiver: Receiver) -> None:
    asked: list[dict[str, str]] = []

    async def token(request: web.Request) -> web.Response:
        asked.append(
            {**{key: str(value) for key, value in (await request.post()).items()}, **request.headers}
        )
        return web.json_response({"access_token": "tok", "token_type": "Bearer", "expires_in": 3600})

    app = web.Application()
    app.router.add_post("/token", token)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        oauth = {
            "url": f"http://127.0.0.1:{runner.addresses[0][1]}/token",
            "clientId": "id",
            "clientSecret": "s3cret",
            "credentialsLocation": "header",
            "scope": "dlr",
        }
        await client.call("POST", HOOKS, [{"subAccountId": "*", "url": receiver.url, "oauth": oauth}])
        await client.send(destination=PHONE, text="hi")
        await until(lambda: len(receiver.bodies) == 2)
    finally:
        await runner.cleanup()

    assert {headers["Authorization"] for headers in receiver.headers} == {"Bearer tok"}
    assert len(asked) == 1
    assert asked[0]["grant_type"] == "client_credentials"
    assert asked[0]["scope"] == "dlr"
    assert asked[0]["Authorization"] == "Basic aWQ6czNjcmV0"


async def test_a_signed_webhook_can_be_checked(gateway: Gateway, client: Client, receiver: Receiver) -> None:
    raw: list[bytes] = []
    receiver.on_raw = raw.append
    await gateway.accounts.save_webhook(
        Webhook(id=0, account="demo", subaccount="*", url=receiver.url, signing_key="whsec")
    )

    await client.send(destination=PHONE, text="hi")
    await until(lambda: receiver.bodies)

    fields = dict(part.split("=") for part in receiver.headers[0]["X-Tellwire-Signature"].split(","))
    expected = hmac.new(b"whsec", fields["t"].encode() + b"." + raw[0], hashlib.sha256).hexdigest()
    assert fields["v1"] == expected
    assert msgspec.json.decode(raw[0]) == receiver.bodies[0]


def webengage(**members: object) -> dict[str, object]:
    return {
        "version": "1.0",
        "smsData": {"toNumber": "6591230000", "fromNumber": "ACME", "body": "hi", **members},
        "metadata": {"campaignType": "PROMOTIONAL", "messageId": "we-1"},
    }


async def test_webengage_is_taken_and_told_in_its_own_words(client: Client, receiver: Receiver) -> None:
    path = f"/api/v1/subaccounts/{SUB}/partners/webengage"
    await client.call(
        "POST", HOOKS, [{"subAccountId": SUB, "url": receiver.url, "httpAuthorization": "Bearer w"}]
    )

    taken = await client.call("POST", path, webengage())
    number = await client.call("POST", path, webengage(toNumber="x"))
    long = await client.call("POST", path, webengage(body="x" * 2000))
    version = await client.call("POST", path, {**webengage(), "version": "9"})
    nobody = await client.call("POST", path, webengage(), key="wrong")
    await until(lambda: receiver.bodies)

    assert taken == (200, {"status": "sms_accepted"})
    answers = [(status, body["statusCode"]) for status, body in (number, long, version, nobody)]
    assert answers == [(400, 2003), (413, 2007), (400, 2010), (401, 2011)]
    assert receiver.bodies[0] == {
        "version": "1.0",
        "messageId": "we-1",
        "toNumber": "6591230000",
        "status": "sms_sent",
        "statusCode": 0,
        "smsCount": 1,
    }


async def test_every_try_is_logged_and_can_be_repeated_by_hand(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    receiver.answers = [404, 200]
    _, sent = await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) == 3)

    async def logged() -> list[LogEntry]:
        return await gateway.callback_log.page(LogQuery(umid=sent["umid"]))

    await until_asked(lambda: _has_length(logged, 3))
    failed = await gateway.callback_log.page(LogQuery(subaccount=SUB, only_failed=True))
    again = await gateway.redeliver(failed[0].id)
    await until(lambda: len(receiver.bodies) == 4)

    tries = [(entry.event, entry.attempt, entry.status, entry.is_over) for entry in reversed(await logged())]
    assert tries[:3] == [("sent", 1, 404, False), ("sent", 2, 200, True), ("delivered", 1, 200, True)]
    assert again
    assert receiver.bodies[3] == receiver.bodies[0]
    assert not await gateway.redeliver(10**9)


async def _has_length(ask: Callable[[], Awaitable[list[LogEntry]]], length: int) -> bool:
    return len(await ask()) >= length


async def test_a_lost_key_is_not_replaced_while_webhooks_are_sealed_with_it(tmp_path: Path) -> None:
    options = GatewayOptions(data=tmp_path, admin_token=ADMIN)
    hook = Webhook(
        id=0, account=options.account, subaccount=SUB, url="https://a.example/", authorization="Bearer kept"
    )
    first = Gateway(options)
    await first.start()
    await first.ensure_subaccount(SUB)
    await first.accounts.save_webhook(hook)
    await first.stop()
    key = tmp_path / KEY_FILE
    key.unlink()

    with pytest.raises(KeyLost, match="put it back from a backup"):
        await Gateway(options).start()
    gone = not key.exists()
    key.write_text("0" * 64)
    other = Gateway(options)
    await other.start()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{other.port}/ready") as answer,
    ):
        status, told = answer.status, await answer.text()
    await other.stop()

    assert gone
    assert status == 503
    assert "sealed with another key" in told
