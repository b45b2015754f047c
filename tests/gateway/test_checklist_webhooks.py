"""8x8 contract 11, item 9: managing webhooks, and which of them a receipt goes to.

Masking, one token for many posts and refusals are in `test_gateway_webhooks`.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from tests.gateway.checklist_world import ACCOUNT, PHONE
from tests.gateway.gateway_world import SUB, Client, Receiver, until

from tellwire.gateway.main import Gateway

HOOKS = f"{ACCOUNT}/webhooks"
SECOND = "demo_second"


class Tokens:
    """An OAuth2 token endpoint that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        self.url = ""
        self.answer: dict[str, Any] = {}
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/token", self._give)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/token"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _give(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((dict(request.headers), form))
        token = {"access_token": f"tok-{len(self.asked)}", "token_type": "Bearer", "expires_in": 3600}
        return web.json_response(token | self.answer)


@pytest.fixture
async def tokens() -> AsyncIterator[Tokens]:
    tokens = Tokens()
    await tokens.start()
    yield tokens
    await tokens.stop()


@pytest.fixture
async def others() -> AsyncIterator[list[Receiver]]:
    receivers = [Receiver() for _ in range(3)]
    for receiver in receivers:
        await receiver.start()
    yield receivers
    for receiver in receivers:
        await receiver.stop()


async def test_9_webhooks_are_given_and_answered_as_arrays(client: Client) -> None:
    hooks = [
        {"subAccountId": SUB, "url": "https://a.example/dlr"},
        {"subAccountId": "*", "url": "https://b.example/dlr"},
    ]

    saved = await client.call("POST", HOOKS, hooks)
    _, shown = await client.call("GET", HOOKS)

    assert saved == (200, None)
    assert sorted(shown, key=lambda hook: str(hook["subAccountId"])) == [
        {**hooks[1], "enabled": True},
        {**hooks[0], "enabled": True},
    ]


async def test_9_saving_again_replaces(client: Client) -> None:
    for url in ("https://a.example/", "https://b.example/"):
        await client.call("POST", HOOKS, [{"subAccountId": SUB, "url": url}])

    _, shown = await client.call("GET", HOOKS)

    assert [hook["url"] for hook in shown] == ["https://b.example/"]


async def test_9_no_secret_is_ever_answered(client: Client) -> None:
    oauth = {
        "url": "https://t.example/token",
        "clientId": "id",
        "clientSecret": "s3cret",
        "credentialsLocation": "header",
        "scope": "read write",
    }
    await client.call(
        "POST",
        HOOKS,
        [
            {"subAccountId": SUB, "url": "https://a.example/", "httpAuthorization": "Basic c2VjcmV0"},
            {"subAccountId": "*", "url": "https://b.example/", "oauth": oauth},
        ],
    )

    _, shown = await client.call("GET", HOOKS)

    by_scope = {hook["subAccountId"]: hook for hook in shown}
    assert by_scope[SUB]["httpAuthorization"] == "***"
    assert by_scope["*"]["oauth"] == {**oauth, "clientSecret": "***"}


async def test_9_deleting_star_deletes_the_account_wide_one_and_no_other(
    gateway: Gateway, client: Client
) -> None:
    await gateway.ensure_subaccount(SECOND)
    scopes = ["*", SUB, SECOND]
    await client.call(
        "POST", HOOKS, [{"subAccountId": scope, "url": "https://a.example/"} for scope in scopes]
    )

    left: list[set[str]] = []
    for scope in scopes:
        assert await client.call("DELETE", HOOKS, [{"subAccountId": scope}]) == (200, None)
        left.append({hook["subAccountId"] for hook in (await client.call("GET", HOOKS))[1]})

    assert left == [{SUB, SECOND}, {SECOND}, set()]


async def test_9_of_an_array_all_are_saved_or_none(gateway: Gateway, client: Client) -> None:
    await gateway.ensure_subaccount(SECOND)
    good = [{"subAccountId": scope, "url": "https://a.example/"} for scope in ("*", SUB)]
    flawed: list[tuple[Any, int]] = [
        ({"subAccountId": SECOND, "url": "not a url"}, 1000),
        ({"subAccountId": SECOND, "url": "https://user:pass@a.example/"}, 1000),
        ({"subAccountId": SECOND, "url": "https://a.example/", "httpAuthorization": "a\r\nX-Evil: 1"}, 1000),
        ({"subAccountId": "somebody_hq", "url": "https://a.example/"}, 1001),
    ]

    refused = [await client.call("POST", HOOKS, [*good, one]) for one, _ in flawed]
    none = await client.call("GET", HOOKS)
    saved = await client.call("POST", HOOKS, [*good, {**good[0], "url": "https://last.example/"}])
    _, shown = await client.call("GET", HOOKS)

    assert [(status, error["code"]) for status, error in refused] == [(400, code) for _, code in flawed]
    assert none == (200, [])
    assert saved[0] == 200
    assert {one["subAccountId"]: one["url"] for one in shown} == {
        "*": "https://last.example/",
        SUB: "https://a.example/",
    }


@pytest.mark.parametrize("word", [False, "false", "False", 0])
async def test_9_disabled_is_read_as_forms_write_it(client: Client, word: object) -> None:
    await client.call("POST", HOOKS, [{"subAccountId": SUB, "url": "https://a.example/", "enabled": word}])

    _, shown = await client.call("GET", HOOKS)

    assert [one["enabled"] for one in shown] == [False]


async def test_9_deleting_what_is_not_there_is_no_error(client: Client) -> None:
    assert (await client.call("DELETE", HOOKS, [{"subAccountId": SUB, "type": "CADR"}]))[0] == 200


async def test_9_a_receipt_goes_to_the_messages_own_url_then_the_subaccounts_then_the_accounts(
    gateway: Gateway, client: Client, others: list[Receiver]
) -> None:
    own, of_subaccount, of_account = others
    await gateway.ensure_subaccount(SECOND)
    await client.call(
        "POST",
        HOOKS,
        [
            {"subAccountId": SUB, "url": of_subaccount.url},
            {"subAccountId": "*", "url": of_account.url},
        ],
    )

    await client.send(destination=PHONE, text="1", clientMessageId="own", dlrCallbackUrl=own.url)
    await client.send(destination=PHONE, text="2", clientMessageId="subaccount")
    await client.send(destination=PHONE, text="3", clientMessageId="account", sub=SECOND)
    await until(lambda: all(len(receiver.bodies) == 2 for receiver in others))

    heard = [{body["payload"]["clientMessageId"] for body in receiver.bodies} for receiver in others]
    assert heard == [{"own"}, {"subaccount"}, {"account"}]


async def test_9_a_disabled_webhook_hears_nothing(
    client: Client, receiver: Receiver, others: list[Receiver]
) -> None:
    hook = {"subAccountId": SUB, "url": receiver.url, "enabled": False}
    await client.call("POST", HOOKS, [hook])

    await client.send(destination=PHONE, text="unheard", clientMessageId="unheard")
    await client.send(destination=PHONE, text="fence", dlrCallbackUrl=others[0].url)
    await until(lambda: len(others[0].bodies) == 2)
    await client.call("POST", HOOKS, [{**hook, "enabled": True}])
    await client.send(destination=PHONE, text="heard", clientMessageId="heard")
    await until(lambda: len(receiver.bodies) == 2)

    assert {body["payload"]["clientMessageId"] for body in receiver.bodies} == {"heard"}


async def test_9_the_static_authorization_goes_out_as_it_was_given(
    client: Client, receiver: Receiver
) -> None:
    await client.call(
        "POST",
        HOOKS,
        [{"subAccountId": "*", "url": receiver.url, "httpAuthorization": "Basic dXNlcjpwYXNzd29yZA=="}],
    )

    await client.send(destination=PHONE, text="hi")
    await until(lambda: len(receiver.bodies) == 2)

    assert {headers["Authorization"] for headers in receiver.headers} == {"Basic dXNlcjpwYXNzd29yZA=="}


@pytest.mark.parametrize("location", ["header", "body", "Header", "BODY"])
async def test_9_a_token_is_fetched_with_the_credentials_where_they_are_wanted(
    client: Client, receiver: Receiver, tokens: Tokens, location: str
) -> None:
    oauth: dict[str, Any] = {
        "url": tokens.url,
        "clientId": "id",
        "clientSecret": "s3cret",
        "credentialsLocation": location,
        "scope": "read write",
    }
    await client.call("POST", HOOKS, [{"subAccountId": "*", "url": receiver.url, "oauth": oauth}])

    await client.send(destination=PHONE, text="hi")
    await until(lambda: len(receiver.bodies) == 2)

    headers, form = tokens.asked[0]
    assert (form["grant_type"], form["scope"]) == ("client_credentials", "read write")
    if location.lower() == "header":
        assert headers["Authorization"] == "Basic aWQ6czNjcmV0"
        assert "client_secret" not in form
    else:
        assert (form["client_id"], form["client_secret"]) == ("id", "s3cret")
        assert "Authorization" not in headers
    assert {headers["Authorization"] for headers in receiver.headers} == {"Bearer tok-1"}


@pytest.mark.parametrize(
    "answer",
    [
        {"expires_in": 1e300},
        {"expires_in": -5},
        {"access_token": "a\r\nX-Evil: 1"},
        {"access_token": "t\u00f6ken"},
        {"access_token": None},
        {"expires_in": "soon"},
        {"expires_in": []},
    ],
)
async def test_9_whatever_a_token_server_says_other_receipts_go_out(
    client: Client, receiver: Receiver, others: list[Receiver], tokens: Tokens, answer: dict[str, Any]
) -> None:
    tokens.answer = answer
    oauth = {
        "url": tokens.url, "clientId": "id", "clientSecret": "s", "credentialsLocation": "body",
    }  # fmt: skip
    await client.call("POST", HOOKS, [{"subAccountId": "*", "url": receiver.url, "oauth": oauth}])

    await client.send(destination=PHONE, text="hi")
    await until(lambda: tokens.asked)
    await client.send(destination=PHONE, text="hi", dlrCallbackUrl=others[0].url)
    await until(lambda: len(others[0].bodies) == 2)

    assert all("X-Evil" not in headers for headers in receiver.headers)


@pytest.mark.parametrize("life", [1e300, "3600"])
async def test_9_a_token_that_lives_long_is_fetched_once(
    client: Client, receiver: Receiver, tokens: Tokens, life: object
) -> None:
    tokens.answer = {"expires_in": life}
    oauth = {
        "url": tokens.url, "clientId": "id", "clientSecret": "s", "credentialsLocation": "body",
    }  # fmt: skip
    await client.call("POST", HOOKS, [{"subAccountId": "*", "url": receiver.url, "oauth": oauth}])

    await client.send(destination=PHONE, text="hi")
    await until(lambda: len(receiver.bodies) == 2)

    assert len(tokens.asked) == 1


async def test_9_a_token_that_the_receiver_refuses_is_fetched_anew(
    client: Client, receiver: Receiver, tokens: Tokens
) -> None:
    oauth = {
        "url": tokens.url, "clientId": "id", "clientSecret": "s", "credentialsLocation": "body",
    }  # fmt: skip
    await client.call("POST", HOOKS, [{"subAccountId": "*", "url": receiver.url, "oauth": oauth}])
    receiver.answers = [401, 200]

    await client.send(destination=PHONE, text="hi")
    await until(lambda: len(receiver.bodies) == 3)

    assert [headers["Authorization"] for headers in receiver.headers] == [
        "Bearer tok-1", "Bearer tok-2", "Bearer tok-2",
    ]  # fmt: skip
