"""Who gets into the portal: passwords, roles, sessions, tries, and pages of others."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.gateway_world import ADMIN, SUB, Client, Receiver, until, until_asked

from tellwire.gateway.admin.attempts import TRIES, WINDOW_S, Attempts
from tellwire.gateway.admin.money import read_micro, write_micro
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.model.number import VirtualNumber
from tellwire.gateway.model.role import may

PASSWORD = "correct horse battery"
OWN = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """A browser with its own cookies, on the portal's own page unless told otherwise."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.headers: Any = {}

    async def ask(self, method: str, path: str, body: Any = None, headers: Any = OWN) -> tuple[int, Any]:
        async with self.session.request(
            method, f"{self.base}/admin/api{path}", json=body, headers=headers
        ) as answer:
            self.headers = answer.headers
            return answer.status, (await answer.json() if answer.content_type == "application/json" else None)

    async def text(self, path: str) -> str:
        async with self.session.get(f"{self.base}/admin/api{path}", headers=OWN) as answer:
            assert answer.status == 200, path
            return await answer.text()


@pytest.fixture
async def browser(gateway: Gateway) -> AsyncIterator[Browser]:
    browser = Browser(f"http://127.0.0.1:{gateway.port}")
    yield browser
    await browser.session.close()


async def add(client: Client, role: str, email: str = "Ann@Example.com") -> None:
    person = {"email": email, "name": "Ann", "role": role, "password": PASSWORD}
    status, _ = await client.call("POST", "/admin/api/people", person, key=ADMIN)
    assert status == 200


async def sign_in(browser: Browser, email: str = "ann@example.com", password: str = PASSWORD) -> int:
    status, _ = await browser.ask("POST", "/session", {"email": email, "password": password})
    return status


async def test_the_admin_token_opens_a_session_and_makes_the_first_owner(browser: Browser) -> None:
    wrong, _ = await browser.ask("POST", "/session", {"token": "guess"})
    status, who = await browser.ask("POST", "/session", {"token": ADMIN})
    cookie = browser.headers["Set-Cookie"]
    person = {"email": "ann@example.com", "name": "Ann", "role": "owner", "password": PASSWORD}
    made, _ = await browser.ask("POST", "/people", person)

    assert (wrong, status, made) == (401, 200, 200)
    assert (who["role"], who["is_token"], who["has_people"]) == ("owner", True, False)
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert ADMIN not in cookie


async def test_signing_in_and_out(client: Client, browser: Browser) -> None:
    await add(client, "viewer")
    nobody, _ = await browser.ask("GET", "/session")

    signed_in = await sign_in(browser, email=" ANN@example.com ")
    _, who = await browser.ask("GET", "/session")
    await browser.ask("DELETE", "/session")
    after, _ = await browser.ask("GET", "/overview")

    assert (nobody, signed_in, after) == (204, 200, 401)
    assert (who["email"], who["role"]) == ("ann@example.com", "viewer")


async def test_each_role_may_what_it_includes(client: Client, browser: Browser) -> None:
    key = {"account": "demo", "name": "Shop"}
    sub = {"account": "demo", "default_source": "Shop"}
    expected = {"viewer": (200, 403, 403), "developer": (200, 200, 403), "owner": (200, 200, 200)}
    for role, wanted in expected.items():
        await add(client, role, f"{role}@example.com")
        await sign_in(browser, f"{role}@example.com")

        seen, _ = await browser.ask("GET", "/keys")
        made, _ = await browser.ask("POST", "/keys", key)
        owned, _ = await browser.ask("PUT", "/subaccounts/shop", sub)

        assert (seen, made, owned) == wanted, role
    assert may("owner", "viewer")
    assert not may("viewer", "developer")


async def test_viewers_see_neither_texts_nor_full_numbers(client: Client, browser: Browser) -> None:
    await add(client, "viewer")
    await sign_in(browser)
    _, sent = await client.send(destination="+6591234567", text="Secret words")

    _, message = await browser.ask("GET", f"/messages/{sent['umid']}")

    assert (message["to"], message["text"], message["is_private"]) == ("+65******67", None, True)
    assert "Secret" not in str(message)
    assert "6591234567" not in str(message)


async def test_viewers_see_no_texts_of_handsets_in_the_list_either(
    client: Client, gateway: Gateway, browser: Browser
) -> None:
    await add(client, "viewer")
    await sign_in(browser)
    await gateway.numbers.save_numbers([VirtualNumber(number="6580001111", subaccount=SUB)])
    assert gateway.carriers.simulator is not None
    gateway.carriers.simulator.reply("6591230000", "6580001111", "Secret words", "")

    async def texts() -> Any:
        return (await browser.ask("GET", "/inbound"))[1]["texts"]

    await until_asked(texts)

    assert [row["beginning"] for row in await texts()] == [None]


async def test_viewers_meet_no_number_wherever_they_look(
    client: Client, browser: Browser, gateway: Gateway, receiver: Receiver
) -> None:
    number = "6591234567"
    await gateway.numbers.save_numbers([VirtualNumber(number="4915550001", subaccount=SUB)])
    await gateway.accounts.save_webhook(
        Webhook(id=0, account="demo", subaccount=SUB, url=f"{receiver.url}/{number}?to={number}")
    )
    _, sent = await client.send(
        destination=f"+{number}", text="Hi", clientMessageId=f"order-{number}", clientBatchId=number
    )
    assert gateway.carriers.simulator is not None
    gateway.carriers.simulator.reply(number, "4915550001", "Call me", "")
    await until(lambda: len(receiver.bodies) >= 2)
    await add(client, "viewer")
    await sign_in(browser)
    paths = ("/messages", f"/messages/{sent['umid']}", "/messages.csv", "/inbound", "/overview", "/simulator")

    seen = [await browser.text(path) for path in (*paths, "/webhooks/log", f"/messages?q={number[:7]}")]
    (text,) = json.loads(seen[3])["texts"]
    seen += [await browser.text(path) for path in (f"/inbound/{text['umid']}", f"/inbound?q={number[:8]}")]
    whole = [await browser.ask("GET", f"{path}?q=%2B{number}") for path in ("/messages", "/inbound")]
    async with browser.session.get(f"{browser.base}/simulator/handsets/{number}/messages") as handset:
        opened = handset.status

    assert not [one for one in seen if number in one or "Call me" in one]
    assert json.loads(seen[7])["messages"] == json.loads(seen[9])["texts"] == []
    assert [len(body.get("messages", body.get("texts"))) for _, body in whole] == [1, 1]
    assert opened == 401


async def test_a_session_is_used_by_no_foreign_page(client: Client, browser: Browser) -> None:
    await add(client, "owner")
    await sign_in(browser)
    sub = {"account": "demo", "default_source": "Shop"}
    host = browser.base.removeprefix("http://")

    for headers, wanted in (
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({}, 403),
        ({"Origin": f"http://{host}"}, 200),
    ):
        status, _ = await browser.ask("PUT", "/subaccounts/shop", sub, headers=headers)

        assert status == wanted, headers
    refused, _ = await browser.ask(
        "POST", "/session", {"token": ADMIN}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert refused == 401


async def test_guessing_is_cut_short_and_says_for_how_long(client: Client, browser: Browser) -> None:
    await add(client, "owner")
    tried = [await sign_in(browser, password="wrong password") for _ in range(TRIES)]

    status, body = await browser.ask("POST", "/session", {"email": "ann@example.com", "password": PASSWORD})

    assert set(tried) == {401}
    assert status == 429
    assert int(browser.headers["Retry-After"]) > 0
    assert "minute" in body["error"]["message"]


async def test_many_guesses_at_once_are_cut_short_too(client: Client, browser: Browser) -> None:
    await add(client, "owner")

    statuses = await asyncio.gather(
        *(sign_in(browser, password=f"guess number {n}") for n in range(2 * TRIES))
    )

    assert statuses.count(401) == TRIES
    assert statuses.count(429) == TRIES


async def test_one_persons_slips_shut_nobody_else_out(client: Client, browser: Browser) -> None:
    await add(client, "owner")
    await add(client, "viewer", "bob@example.com")
    for _ in range(TRIES):
        await sign_in(browser, password="wrong password")

    assert await sign_in(browser) == 429
    assert await sign_in(browser, "bob@example.com") == 200


async def test_a_deleted_person_is_out_at_once_and_the_last_owner_stays(
    client: Client, browser: Browser
) -> None:
    await add(client, "owner")
    await sign_in(browser)

    last, _ = await browser.ask("DELETE", "/people/ann@example.com")
    lowered, _ = await browser.ask("PUT", "/people/ann@example.com", {"name": "Ann", "role": "viewer"})
    await add(client, "owner", "bob@example.com")
    gone, _ = await client.call("DELETE", "/admin/api/people/ann@example.com", key=ADMIN)
    after, _ = await browser.ask("GET", "/overview")

    assert (last, lowered, gone, after) == (409, 409, 204, 401)


async def test_a_role_changes_at_once_and_a_new_password_ends_the_sessions(
    client: Client, browser: Browser
) -> None:
    await add(client, "owner", "bob@example.com")
    await add(client, "viewer")
    await sign_in(browser)
    path = "/admin/api/people/ann@example.com"

    await client.call("PUT", path, {"name": "Ann", "role": "developer"}, key=ADMIN)
    made, _ = await browser.ask("POST", "/keys", {"account": "demo", "name": "Shop"})
    await client.call(
        "PUT", path, {"name": "Ann", "role": "developer", "password": "another password"}, key=ADMIN
    )
    after, _ = await browser.ask("GET", "/overview")

    assert (made, after) == (200, 401)
    assert await sign_in(browser, password="another password") == 200


async def test_people_change_their_own_password_with_the_old_one(client: Client, browser: Browser) -> None:
    await add(client, "viewer")
    await sign_in(browser)

    wrong, _ = await browser.ask("POST", "/password", {"old": "not it at all", "new": "another password"})
    weak, answer = await browser.ask("POST", "/password", {"old": PASSWORD, "new": "short"})
    fine, _ = await browser.ask("POST", "/password", {"old": PASSWORD, "new": "another password"})

    assert (wrong, weak, fine) == (422, 422, 204)
    assert list(answer["error"]["fields"]) == ["new"]
    assert await sign_in(browser, password="another password") == 200


async def test_a_changed_password_signs_out_whoever_else_is_signed_in_with_the_old_one(
    gateway: Gateway, client: Client, browser: Browser
) -> None:
    await add(client, "viewer")
    elsewhere = Browser(browser.base)
    await sign_in(browser)
    await sign_in(elsewhere)

    await browser.ask("POST", "/password", {"old": PASSWORD, "new": "another password"})
    here, _ = await browser.ask("GET", "/overview")
    there, _ = await elsewhere.ask("GET", "/overview")
    await elsewhere.session.close()

    assert (here, there) == (200, 401)


@pytest.mark.parametrize(("admin_token", "status"), [(ADMIN, 200), ("another-admin-token", 401)])
async def test_a_restart_signs_nobody_out_but_another_admin_token_does(
    tmp_path: Path, admin_token: str, status: int
) -> None:
    options = GatewayOptions(data=tmp_path, admin_token=ADMIN)
    async with running(options) as browser:
        await browser.ask("POST", "/session", {"token": ADMIN})
        cookies = browser.session.cookie_jar

    async with running(msgspec.structs.replace(options, admin_token=admin_token)) as browser:
        browser.session.cookie_jar.update_cookies({cookie.key: cookie for cookie in cookies})
        told, _ = await browser.ask("GET", "/overview")

    assert told == status


@asynccontextmanager
async def running(options: GatewayOptions) -> AsyncIterator[Browser]:
    """Run a gateway, and give a fresh browser that looks at it."""
    gateway = Gateway(options)
    await gateway.start()
    browser = Browser(f"http://127.0.0.1:{gateway.port}")
    yield browser
    await browser.session.close()
    await gateway.stop()


async def test_people_are_refused_by_field(client: Client) -> None:
    good = {"email": "ann@example.com", "name": "Ann", "role": "viewer", "password": PASSWORD}
    await add(client, "viewer")
    for change, field in (
        ({"email": "ann"}, "email"),
        ({}, "email"),  # she is there already
        ({"email": "b@c.d", "name": " "}, "name"),
        ({"email": "b@c.d", "password": "short"}, "password"),
        ({"email": "b@c.d", "role": "king"}, "role"),
    ):
        status, answer = await client.call("POST", "/admin/api/people", {**good, **change}, key=ADMIN)

        assert (status, list(answer["error"]["fields"])) == (422, [field]), change


async def test_handsets_open_to_who_is_signed_in_and_may_see_numbers(
    client: Client, browser: Browser
) -> None:
    await add(client, "developer")
    url = f"{browser.base}/simulator/api/handsets"
    async with browser.session.get(url) as answer:
        before = answer.status
    await sign_in(browser)
    async with browser.session.get(url) as answer:
        after = answer.status

    assert (before, after) == (401, 200)


async def test_the_portals_pages_and_files_are_served_with_their_guards(
    client: Client, browser: Browser
) -> None:
    async with browser.session.get(f"{browser.base}/portal/") as answer:
        page = await answer.text()
        root = re.search(r"/static/\w+", page)[0]
        files = re.findall(r"/static/[\w/.-]+\.(?:js|css)", page)
        assert files, "the page names no file"
        assert answer.headers["Cache-Control"] == "no-cache"
    for path, wanted in (
        ("/", 200),
        ("/portal", 200),
        ("/portal/messages/abc", 200),
        ("/portal/nowhere", 404),
        *((name, 200) for name in files),
        (f"{root}/portal/main.js", 404),  # it stands in a bundle
        (f"{root}/portal/../admin/people.py", 404),
    ):
        async with browser.session.get(browser.base + path) as answer:
            assert answer.status == wanted, path
            if answer.content_type == "text/html":
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert (await client.call("GET", f"/api/v1/subaccounts/{SUB}/nothing"))[0] == 404


def test_tries_are_forgiven_by_time_and_by_success() -> None:
    attempts = Attempts()
    for n in range(TRIES):
        attempts.fail("ann", float(n))

    assert attempts.wait_s("ann", 100.0) == WINDOW_S - 100
    assert attempts.wait_s("bob", 100.0) == 0
    assert attempts.wait_s("ann", float(WINDOW_S)) == 0
    attempts.fail("ann", float(WINDOW_S))
    attempts.forget("ann")
    assert attempts.wait_s("ann", float(WINDOW_S)) == 0


@pytest.mark.parametrize(
    ("text", "micro"),
    [
        ("25", 25_000_000),
        ("0.0325", 32_500),
        ("-1.5", -1_500_000),
        ("1,5", None),
        ("", None),
        ("1.1234567", None),
    ],
)
def test_money_is_read_without_floats(text: str, micro: int | None) -> None:
    assert read_micro(text) == micro
    if micro is not None:
        assert read_micro(write_micro(micro)) == micro


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_money_that_is_written_is_read_the_same(micro: int) -> None:
    assert read_micro(write_micro(micro)) == micro


async def test_whoever_is_signed_in_hears_what_changed_and_nobody_else(
    client: Client, browser: Browser
) -> None:
    await add(client, "viewer")
    before, _ = await browser.ask("GET", "/changes")
    await sign_in(browser)

    async with (
        asyncio.timeout(30),
        browser.session.get(f"{browser.base}/admin/api/changes", headers=OWN) as stream,
    ):
        assert stream.status == 200
        assert await stream.content.readline() == b"retry: 2000\n"
        await client.call("POST", "/admin/api/keys", {"account": "demo", "name": "Shop"}, key=ADMIN)
        while b"keys" not in (line := await stream.content.readline()):
            assert line, "the stream ended before it told of the key"
        await browser.ask("DELETE", "/session")
        await client.call("POST", "/admin/api/keys", {"account": "demo", "name": "Till"}, key=ADMIN)
        rest = await stream.content.read()

    assert before == 401
    assert b"Shop" not in line
    assert b"keys" not in rest, "the stream of a session that was closed went on"
