"""The platform's JSON API: who may, providers, test messages."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.e2e.control_client import EMAIL, PASSWORD, PROVIDER, Client, Platform, listening, running

SIGN_IN = {"email": EMAIL, "password": PASSWORD}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        yield started


async def signed_in(platform: Platform) -> Client:
    answer = await platform.stranger.ask("POST", "/api/session", SIGN_IN)
    assert answer.status == 200
    return Client(platform.app, {"cookie": answer.headers["set-cookie"].partition(";")[0]})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/providers"),
        ("GET", "/api/campaigns"),
        ("GET", "/api/events"),
        ("GET", "/api/live"),
        ("GET", "/api/changes"),
        ("GET", "/api/account"),
        ("GET", "/api/export"),
        ("GET", "/api/session"),
        ("GET", "/api/nothing"),
        ("POST", "/api/import"),
        ("POST", "/api/providers/test"),
        ("GET", "/api/providers/presets"),
        ("GET", "/api/providers/traffic"),
        ("GET", "/api/vocabulary"),
    ],
)
async def test_strangers_get_nothing(platform: Platform, method: str, path: str) -> None:
    assert (await platform.stranger.ask(method, path)).status == 401
    wrong = await platform.stranger.ask(method, path, headers={"authorization": "Bearer wrong"})
    assert wrong.status == 401


async def test_the_words_of_campaigns_can_be_asked_for(platform: Platform) -> None:
    browser = await signed_in(platform)

    answer = await browser.ask("GET", "/api/vocabulary")

    assert answer.status == 200
    assert "no_consent" in {code["code"] for gate in answer.json()["gates"] for code in gate["codes"]}
    (attempts,) = (field for field in answer.json()["campaign"] if field["path"] == "policy.attempts")
    assert (attempts["default"], attempts["least"], attempts["most"]) == (8, 1, 100)


async def test_a_session_opens_the_api_and_closes_again(platform: Platform) -> None:
    browser = await signed_in(platform)

    session = {"email": EMAIL, "account_id": "ACME", "version": "0.0", "is_sending_paused": False}
    assert await browser.get("/api/session") == session
    assert (await browser.get("/api/account"))["upload_url"] == "https://tellwire.example/1/upload"

    out = await browser.ask("DELETE", "/api/session", headers={"sec-fetch-site": "same-origin"})
    assert out.status == 204
    assert (await browser.ask("GET", "/api/session")).status == 401


async def test_the_cookie_is_for_this_site_and_out_of_reach_of_scripts(platform: Platform) -> None:
    cookie = (await platform.stranger.ask("POST", "/api/session", SIGN_IN)).headers["set-cookie"]

    assert {"HttpOnly", "SameSite=Strict", "Secure", "Path=/"} <= set(cookie.split("; "))


async def test_a_session_ends_when_it_is_not_used(platform: Platform) -> None:
    browser = await signed_in(platform)

    platform.clock.advance(11 * 3600)
    assert (await browser.ask("GET", "/api/session")).status == 200
    platform.clock.advance(13 * 3600)
    assert (await browser.ask("GET", "/api/session")).status == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"origin": "https://tellwire.example"}, 201),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_writes_by_cookie_come_from_our_own_pages(
    platform: Platform, headers: dict[str, str], status: int
) -> None:
    browser = await signed_in(platform)

    answer = await browser.ask("POST", "/api/providers", PROVIDER, headers=headers)

    assert answer.status == status


async def test_wrong_passwords_are_few_a_minute(platform: Platform) -> None:
    wrong = {"email": EMAIL, "password": "guess"}
    tries = [(await platform.stranger.ask("POST", "/api/session", wrong)).status for _ in range(5)]

    limited = await platform.stranger.ask("POST", "/api/session", SIGN_IN)
    platform.clock.advance(61)
    later = await platform.stranger.ask("POST", "/api/session", SIGN_IN)

    assert tries == [401] * 5
    assert (limited.status, later.status) == (429, 200)
    assert 0 < int(limited.headers["retry-after"]) <= 61


async def test_wrong_api_tokens_are_few_a_minute(platform: Platform) -> None:
    wrong = {"authorization": "Bearer guess"}
    tries = [(await platform.stranger.ask("GET", "/api/providers", headers=wrong)).status for _ in range(20)]

    limited = await platform.stranger.ask("GET", "/api/providers", headers=wrong)
    anonymous = await platform.stranger.ask("GET", "/api/providers")

    assert tries == [401] * 20
    assert (limited.status, anonymous.status) == (429, 401)
    assert 0 < int(limited.headers["retry-after"]) <= 60
    assert (await platform.api.ask("GET", "/api/providers")).status == 429


@pytest.mark.parametrize("path", ["/api/live", "/api/providers/presets", "/api/openapi.json"])
async def test_another_method_is_405_with_what_is_allowed(platform: Platform, path: str) -> None:
    answer = await platform.api.ask("DELETE" if "presets" not in path else "POST", path, {})

    assert answer.status == 405
    assert "GET" in answer.headers["allow"]
    assert answer.json()["error"]["code"] == "method_not_allowed"


async def test_another_address_is_not_held_up(platform: Platform) -> None:
    assert (await platform.stranger.ask("POST", "/api/session", {**SIGN_IN, "email": "x"})).status == 401
    assert (await platform.stranger.ask("POST", "/api/session", SIGN_IN)).status == 200


async def test_a_provider_is_saved_and_shown_without_its_secrets(platform: Platform) -> None:
    reserved = await platform.api.post("/api/providers/new")

    saved = await platform.api.post("/api/providers", {**PROVIDER, "id": reserved["id"]})

    assert saved["id"] == reserved["id"]
    assert saved["callback_url"] == reserved["callback_url"]
    assert saved["callback_url"].startswith("https://tellwire.example/callbacks/sms/")
    assert saved["headers"] == [["Authorization", "***"], ["Content-Type", "application/json"]]
    assert saved["request_type"] == "POST"
    assert saved["is_default"]
    listed = await platform.api.ask("GET", "/api/providers")
    assert listed.json()["providers"] == [saved]
    assert b"s3cr3t" not in listed.body


async def test_stars_keep_stored_secrets(platform: Platform) -> None:
    basic = {"type": "basic", "username": "u", "password": "pass-word"}
    saved = await platform.api.post("/api/providers", {**PROVIDER, "authentication": basic})

    shown = await platform.api.put(f"/api/providers/{saved['id']}", {**saved, "nickname": "renamed"})
    stored = (await platform.backend.catalog.snapshot()).providers[saved["id"]]

    assert shown["nickname"] == "renamed"
    assert shown["authentication"] == {"type": "basic", "username": "u", "password": "***"}
    assert platform.vault.open(stored.headers[0].value) == "Bearer s3cr3t"
    assert platform.vault.open(stored.authentication.password) == "pass-word"
    assert stored.callback_key in saved["callback_url"]


async def test_a_stored_secret_is_not_sent_to_another_server(platform: Platform) -> None:
    saved = await platform.api.post("/api/providers", PROVIDER)
    moved = {**saved, "endpoint": "https://evil.example/"}

    sent = await platform.api.ask("POST", "/api/providers/test", {"provider": moved, "to": "+6591234567"})
    kept = await platform.api.ask("PUT", f"/api/providers/{saved['id']}", moved)

    assert (sent.status, kept.status) == (422, 422)
    assert "again" in sent.fields["headers[0][1]"]
    assert "again" in kept.fields["headers[0][1]"]


async def test_literal_secrets_in_parameters_are_not_shown_nor_exported(platform: Platform) -> None:
    template = '{"to": "$$To", "text": "$$Body", "password": "s3cr3t"}'
    form = {
        **PROVIDER,
        "endpoint": f"{PROVIDER['endpoint']}?api_key=s3cr3t",
        "parameters": {"type": "json", "template": template},
    }
    saved = await platform.api.post("/api/providers", form)

    shown = await platform.api.put(f"/api/providers/{saved['id']}", {**saved, "nickname": "renamed"})
    exported = (await platform.api.ask("GET", "/api/export")).body
    stored = (await platform.api.ask("POST", "/api/import", exported.replace(b"renamed", b"other"))).fields
    kept = await platform.api.post("/api/import", exported)

    assert "s3cr3t" not in repr(shown)
    assert b"s3cr3t" not in exported
    assert {field.partition("].")[2] for field in stored} >= {"endpoint", "parameters.template"}
    assert (kept["changes"], len(kept["unchanged"])) == ([], 1)


async def test_stars_without_a_stored_secret_are_refused(platform: Platform) -> None:
    form = {
        **PROVIDER,
        "headers": [["X-Key", "***"]],
        "authentication": {"type": "basic", "username": "u", "password": "***"},
    }

    answer = await platform.api.ask("POST", "/api/providers", form)

    assert answer.status == 422
    assert set(answer.fields) == {"headers[0][1]", "authentication.password"}


async def test_tokens_are_told_by_block(platform: Platform) -> None:
    form = {
        **PROVIDER,
        "headers": [["X-Unit", "$$unit"]],
        "parameters": {
            "type": "json",
            "template": '{"account":"$$acct",'
            '"messages":[{"to":"$$To","text":"$$Body","t":"$$TemplateID","r":"$$ref"}]}',
        },
        "batch": {"key": "messages", "size": 50},
    }

    saved = await platform.api.post("/api/providers", form)

    assert saved["tokens"] == {"message": ["ref"], "header": ["unit"], "global": ["acct"]}
    assert saved["uses_template_id"]
    assert not saved["uses_template_variables"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"nickname": " "}, "nickname"),
        ({"endpoint": "ftp://sms.example"}, "endpoint"),
        ({"endpoint": "https://u:p@sms.example"}, "endpoint"),
        ({"endpoint": "https://$$host/x"}, "endpoint"),
        ({"endpoint": "https://[::1/x"}, "endpoint"),
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "https://sms.example/send#x"}, "endpoint"),
        ({"endpoint": "https://sms.example/YOUR_ACCOUNT"}, "endpoint"),
        ({"headers": [["Authorization", "Bearer YOUR_API_KEY"]]}, "headers[0][1]"),
        ({"request_type": "GET"}, "parameters.type"),
        ({"parameters": {"type": "json", "template": '{"to":"$$To","text":"$$Body"'}}, "parameters.template"),
        ({"parameters": {"type": "json", "template": '{"text":"$$Body"}'}}, "parameters.template"),
        ({"parameters": {"type": "json", "template": '{"to":"$$To"}'}}, "parameters.template"),
        ({"parameters": {"type": "form", "pairs": [["to", "$$To"]]}}, "parameters.pairs"),
        ({"headers": [["Bad Name", "x"]]}, "headers[0][0]"),
        ({"headers": [["Host", "x"]]}, "headers[0][0]"),
        ({"headers": [["X", "a\nb"]]}, "headers[0][1]"),
        ({"batch": {"key": "messages", "size": 10}}, "batch.key"),
        ({"batch": {"key": "", "size": 10}}, "batch.key"),
        (
            {
                "parameters": {"type": "json", "template": '{"text":"$$Body","to":["$$To"]}'},
                "batch": {"key": "to", "size": 10},
            },
            "batch.key",
        ),
        ({"authentication": {"type": "basic", "username": "", "password": "x"}}, "authentication.username"),
        (
            {"authentication": {"type": "oauth2", "token_url": "x", "client_id": "c", "client_secret": "s"}},
            "authentication.token_url",
        ),
    ],
)
async def test_a_wrong_field_is_named(platform: Platform, change: dict[str, object], path: str) -> None:
    answer = await platform.api.ask("POST", "/api/providers", {**PROVIDER, **change})

    assert answer.status == 422, answer.body
    assert path in answer.fields
    assert (await platform.api.get("/api/providers"))["providers"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"batch": {"key": "m", "size": 1001}},
        {"nickname": "x" * 65},
        {"headers": [["a"]]},
        {"authentication": {"type": "digest"}},
        {"parameters": {"type": "json", "template": "x" * 70_000}},
        {"per_s": -1},
        {"id": "../../etc"},
    ],
)
async def test_what_is_out_of_bounds_is_refused(platform: Platform, body: dict[str, object]) -> None:
    answer = await platform.api.ask("POST", "/api/providers", {**PROVIDER, **body})

    assert answer.status == 400
    assert answer.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b"", b'{"nickname":' * 5000])
async def test_malformed_bodies_are_refused(platform: Platform, body: bytes) -> None:
    answer = await platform.api.ask("POST", "/api/providers", body)

    assert answer.status in {400, 422}
    assert "error" in answer.json()


async def test_a_body_over_the_limit_is_refused(platform: Platform) -> None:
    answer = await platform.api.ask("POST", "/api/providers", b" " * (1024 * 1024 + 1))

    assert answer.status == 413
    assert answer.json()["error"]["code"] == "too_large"


async def test_a_nickname_is_given_once(platform: Platform) -> None:
    await platform.api.post("/api/providers", PROVIDER)

    answer = await platform.api.ask("POST", "/api/providers", {**PROVIDER, "nickname": " 8X8 "})

    assert answer.status == 409
    assert answer.json()["error"]["code"] == "nickname_taken"


async def test_presets_know_the_callback_url_of_the_provider_to_be(platform: Platform) -> None:
    reserved = await platform.api.post("/api/providers/new")

    answer = await platform.api.get(f"/api/providers/presets?provider_id={reserved['id']}")

    partner = next(preset for preset in answer["presets"] if preset["key"] == "8x8-partner")
    assert reserved["callback_url"] in partner["form"]["parameters"]["template"]


async def test_traffic_is_told_and_is_nothing_at_first(platform: Platform) -> None:
    await platform.api.post("/api/providers", PROVIDER)

    assert await platform.api.get("/api/providers/traffic") == {"traffic": []}


async def test_one_provider_is_the_default(platform: Platform) -> None:
    first = await platform.api.post("/api/providers", PROVIDER)
    second = await platform.api.post("/api/providers", {**PROVIDER, "nickname": "b", "is_default": False})

    await platform.api.post(f"/api/providers/{second['id']}/default")

    marks = {p["id"]: p["is_default"] for p in (await platform.api.get("/api/providers"))["providers"]}
    assert marks == {first["id"]: False, second["id"]: True}


async def test_an_archived_provider_is_out_of_use_for_good(platform: Platform) -> None:
    saved = await platform.api.post("/api/providers", PROVIDER)

    archived = await platform.api.post(f"/api/providers/{saved['id']}/archive")

    assert archived["provider"]["archived_at"] is not None
    assert not archived["provider"]["is_default"]
    for answer in (
        await platform.api.ask("PUT", f"/api/providers/{saved['id']}", saved),
        await platform.api.ask("POST", f"/api/providers/{saved['id']}/default"),
    ):
        assert answer.status == 409
        assert answer.json()["error"]["code"] == "archived"


async def test_a_provider_nobody_named_can_be_deleted(platform: Platform) -> None:
    saved = await platform.api.post("/api/providers", PROVIDER)

    assert (await platform.api.ask("DELETE", f"/api/providers/{saved['id']}")).status == 204
    assert (await platform.api.ask("DELETE", f"/api/providers/{saved['id']}")).status == 404


async def test_a_test_message_tells_request_and_answer_without_secrets(platform: Platform) -> None:
    async with listening(b'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"ok":true}') as (port, got):
        draft = {**PROVIDER, "endpoint": f"http://127.0.0.1:{port}/send", "nickname": ""}
        told = await platform.api.post(
            "/api/providers/test", {"provider": draft, "to": "9123 0000", "text": "It\u2019s on"}
        )

    assert told["outcome"] == "accepted"
    assert (told["encoding"], told["parts"]) == ("UCS2", 1)
    assert told["answer"] == {"status": 200, "body": '{"ok":true}'}
    assert ["Authorization", "Bearer ***"] in told["request"]["headers"]
    assert json.loads(told["request"]["body"])["destination"] == "+6591230000"
    assert b"Bearer s3cr3t" in got[0]
    assert b"s3cr3t" not in json.dumps(told).encode()


async def test_a_stored_provider_is_tested_by_its_id(platform: Platform) -> None:
    async with listening(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n") as (port, got):
        form = {**PROVIDER, "endpoint": f"http://127.0.0.1:{port}/send"}
        saved = await platform.api.post("/api/providers", form)
        told = await platform.api.post(
            "/api/providers/test", {"provider": {"id": saved["id"]}, "to": "+6591230000", "text": "x"}
        )

    assert told["outcome"] == "deferred"
    assert told["answer"]["status"] == 401
    assert b"Bearer s3cr3t" in got[0]


async def test_a_test_message_to_no_number_is_refused(platform: Platform) -> None:
    answer = await platform.api.ask(
        "POST", "/api/providers/test", {"provider": PROVIDER, "to": "nobody", "text": "x"}
    )

    assert answer.status == 422
    assert set(answer.fields) == {"to"}


@pytest.mark.parametrize(
    ("flag", "code"), [({"MSG-dndPhone": True}, "suppressed"), ({"MSG-sms": False}, "opted_out")]
)
async def test_a_test_message_to_somebody_who_said_no_asks_first(
    platform: Platform, flag: dict[str, bool], code: str
) -> None:
    await platform.track(platform.record("nora", Phone="+6591230007", **flag))
    async with listening(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") as (port, got):
        draft = {**PROVIDER, "endpoint": f"http://127.0.0.1:{port}/send", "nickname": ""}
        body = {"provider": draft, "to": "9123 0007", "text": "x"}

        refused = await platform.api.ask("POST", "/api/providers/test", body)
        sent_unasked = list(got)
        told = await platform.api.post("/api/providers/test", {**body, "is_confirmed": True})

    assert (refused.status, refused.json()["error"]["code"]) == (409, code)
    assert "+65******07 (nora)" in refused.fields["to"]
    assert sent_unasked == []
    assert told["outcome"] == "accepted"


async def test_the_api_describes_itself_without_a_script(platform: Platform) -> None:
    schema = json.loads((await platform.stranger.ask("GET", "/api/openapi.json")).body)
    page = await platform.stranger.ask("GET", "/api/docs")

    assert {"/api/providers", "/api/campaigns/{campaign_id}/publish", "/api/explain"} <= set(schema["paths"])
    assert page.status == 200
    assert b"<script" not in page.body
    assert b"/api/providers/test" in page.body
    assert "default-src 'self'" in page.headers["content-security-policy"]
