"""The administration's API as scripts and the portal use it: by the admin token, over a whole gateway."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

import aiohttp
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client, Receiver, until

from tellwire.gateway.main import Gateway, GatewayOptions

NUMBER = "+6591234567"
QUESTIONS = [{"text": "Why?", "kind": "text"}]


async def admin(client: Client, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return await client.call(method, f"/admin/api{path}", body, key=ADMIN)


async def delivered(client: Client, umid: str) -> Any:
    """Return the message's page once it is delivered."""
    for _ in range(500):
        _, message = await admin(client, "GET", f"/messages/{umid}")
        if message["detail"] == "delivered_to_recipient":
            return message
        await asyncio.sleep(0.01)
    raise AssertionError("the message was not delivered in time")


async def test_nothing_is_answered_without_the_token(client: Client) -> None:
    for path in ("/overview", "/messages", "/keys", "/people", "/nowhere/else"):
        status, body = await client.call("GET", f"/admin/api{path}", key="wrong")

        assert status in (401, 404), path
        assert body["error"]["message"]

    status, _ = await client.call("GET", "/admin/api/keys", key=KEY)  # a customer's key opens nothing here

    assert status == 401


async def test_a_made_key_sends_until_it_is_disabled(client: Client) -> None:
    status, made = await admin(
        client, "POST", "/keys", {"account": "demo", "name": "Shop", "addresses": ["127.0.0.1"]}
    )
    assert status == 200
    assert made["secret"].endswith(made["key"]["last_six"])

    accepted, _ = await client.send(key=made["secret"], destination=NUMBER, text="Hi")
    await admin(client, "PUT", f"/keys/{made['key']['id']}", {"is_enabled": False})
    refused, _ = await client.send(key=made["secret"], destination=NUMBER, text="Hi")

    assert (accepted, refused) == (200, 401)
    _, listed = await admin(client, "GET", "/keys")
    assert made["secret"] not in str(listed)


async def test_a_key_bound_to_addresses_is_refused_from_elsewhere_and_gone_when_deleted(
    client: Client,
) -> None:
    _, made = await admin(
        client, "POST", "/keys", {"account": "demo", "name": "Shop", "addresses": ["203.0.113.7"]}
    )

    elsewhere, _ = await client.send(key=made["secret"], destination=NUMBER, text="Hi")
    await admin(client, "PUT", f"/keys/{made['key']['id']}", {"addresses": []})
    anywhere, _ = await client.send(key=made["secret"], destination=NUMBER, text="Hi")
    gone, _ = await admin(client, "DELETE", f"/keys/{made['key']['id']}")
    after, _ = await client.send(key=made["secret"], destination=NUMBER, text="Hi")

    assert (elsewhere, anywhere, gone, after) == (403, 200, 204, 401)


async def test_bad_input_is_refused_by_field(client: Client) -> None:
    cases: list[tuple[str, str, Any, str]] = [
        ("POST", "/keys", {"account": "demo", "name": " "}, "name"),
        ("POST", "/keys", {"account": "nobody", "name": "x"}, "account"),
        ("POST", "/keys", {"account": "demo", "name": "x", "addresses": ["here"]}, "addresses"),
        ("POST", "/keys", {"account": "demo"}, "body"),
        ("PUT", "/subaccounts/bad id", {"account": "demo", "default_source": "X"}, "id"),
        (
            "PUT",
            "/subaccounts/fine",
            {"account": "demo", "default_source": "far too long a name"},
            "default_source",
        ),
        ("PUT", "/accounts/acme", {"name": "Acme", "is_prepaid": True, "currency": "euro"}, "currency"),
        ("POST", "/accounts/demo/balance", {"amount": "1,5"}, "amount"),
        ("PUT", "/webhooks", {"account": "demo", "subaccount": "*", "url": "ftp://x"}, "url"),
        (
            "PUT",
            "/webhooks",
            {"account": "demo", "subaccount": "other", "url": "https://x.example"},
            "subaccount",
        ),
        ("PUT", "/prices", {"account": "demo", "prefix": "65", "price": "-1"}, "price"),
        ("PUT", "/prices", {"account": "demo", "prefix": "+65", "price": "1"}, "prefix"),
        ("PUT", "/numbers/senders", {"subaccount": SUB, "source": "no good sender"}, "source"),
        ("PUT", "/numbers/virtual", {"subaccount": SUB, "number": "12"}, "number"),
        ("PUT", "/numbers/logins/a b", {"subaccount": SUB}, "system_id"),
        ("PUT", "/numbers/logins/ab", {"subaccount": SUB, "addresses": ["nowhere"]}, "addresses"),
        ("POST", "/routes/dry-run", {"number": "hello"}, "number"),
    ]
    for method, path, body, field in cases:
        status, answer = await admin(client, method, path, body)

        assert (status, list(answer["error"]["fields"])) == (422, [field]), (path, answer)


async def test_every_wrong_field_is_named_at_once(client: Client) -> None:
    cases: list[tuple[str, str, Any, set[str]]] = [
        ("POST", "/keys", {"account": "demo", "name": "", "addresses": ["here"]}, {"name", "addresses"}),
        (
            "PUT",
            "/subaccounts/bad id",
            {"account": "nobody", "default_source": "much too long a name"},
            {"id", "account", "default_source"},
        ),
        (
            "PUT",
            "/accounts/x",
            {"name": " ", "is_prepaid": True, "currency": "euro"},
            {"id", "name", "currency"},
        ),
        (
            "PUT",
            "/webhooks",
            {"account": "demo", "subaccount": "none", "url": "x", "authorization": "a\nb"},
            {"subaccount", "url", "authorization"},
        ),
        (
            "PUT",
            "/prices",
            {"account": "demo", "prefix": "+", "price": "", "country": "sg", "mcc": "5", "mnc": "x"},
            {"prefix", "price", "country", "mcc", "mnc"},
        ),
        (
            "PUT",
            "/numbers/logins/a b",
            {"subaccount": "none", "binds": 0, "messages_per_s": 0, "addresses": ["x"]},
            {"system_id", "subaccount", "binds", "messages_per_s", "addresses"},
        ),
        (
            "PUT",
            "/surveys/a",
            {"subaccount": "none", "title": "", "language": "?", "url": "x", "questions": []},
            {"id", "subaccount", "title", "language", "url", "questions"},
        ),
        (
            "POST",
            "/people",
            {"email": "ann", "name": "", "role": "owner", "password": "short"},
            {"email", "name", "password"},
        ),
    ]
    for method, path, body, fields in cases:
        status, answer = await admin(client, method, path, body)

        assert (status, set(answer["error"]["fields"])) == (422, fields), path


async def test_a_name_left_empty_is_said_to_be_missing_and_not_deleted_meanwhile(client: Client) -> None:
    cases: list[tuple[str, Any, str]] = [
        ("/accounts/", {"name": "Acme", "is_prepaid": False, "currency": "EUR"}, "id"),
        ("/subaccounts/", {"account": "demo", "default_source": "Acme"}, "id"),
        ("/numbers/logins/", {"subaccount": SUB}, "system_id"),
        ("/surveys/", {"subaccount": SUB, "title": "How?", "questions": QUESTIONS}, "id"),
        ("/subaccounts/%20", {"account": "demo", "default_source": "Acme"}, "id"),
    ]
    for path, body, field in cases:
        status, answer = await admin(client, "PUT", path, body)

        assert (status, list(answer["error"]["fields"])) == (422, [field]), (path, answer)


async def test_a_person_keeps_a_name(client: Client) -> None:
    person = {"email": "ann@example.com", "name": "Ann", "role": "owner", "password": "a few good words"}
    await admin(client, "POST", "/people", person)

    status, answer = await admin(client, "PUT", "/people/ann@example.com", {"name": " ", "role": "owner"})

    assert (status, list(answer["error"]["fields"])) == (422, ["name"])


async def test_a_body_that_is_no_json_or_too_long_is_refused(client: Client) -> None:
    broken, _ = await client.call("POST", "/admin/api/keys", key=ADMIN, raw=b"{")
    long, _ = await client.call("POST", "/admin/api/keys", key=ADMIN, raw=b" " * 70_000)

    assert (broken, long) == (400, 413)


async def test_prepaid_accounts_are_topped_up_and_charged_by_the_price_of_the_prefix(client: Client) -> None:
    await admin(client, "PUT", "/accounts/acme", {"name": "Acme", "is_prepaid": True, "currency": "USD"})
    await admin(client, "PUT", "/subaccounts/acme_1", {"account": "acme", "default_source": "Acme"})
    _, made = await admin(client, "POST", "/keys", {"account": "acme", "name": "Shop"})
    await admin(
        client, "PUT", "/prices", {"account": "acme", "prefix": "65", "price": "0.0325", "country": "SG"}
    )

    poor, _ = await client.send(sub="acme_1", key=made["secret"], destination=NUMBER, text="Hi")
    _, account = await admin(client, "POST", "/accounts/acme/balance", {"amount": "1.5"})
    rich, _ = await client.send(sub="acme_1", key=made["secret"], destination=NUMBER, text="Hi")
    _, after = await admin(client, "GET", "/accounts")

    assert (poor, rich) == (403, 200)
    assert account["balance"] == "1.50"
    assert next(one for one in after["accounts"] if one["id"] == "acme")["balance"] == "1.4675"


async def test_a_subaccount_keeps_what_is_not_said(client: Client) -> None:
    sub = {"account": "demo", "default_source": "Shop"}
    _, made = await admin(client, "PUT", "/subaccounts/shop", {**sub, "takes_once": True})
    _, changed = await admin(client, "PUT", "/subaccounts/shop", {**sub, "default_source": "Store"})
    await admin(client, "PUT", "/accounts/acme", {"name": "Acme", "is_prepaid": False, "currency": "EUR"})
    status, stolen = await admin(client, "PUT", "/subaccounts/shop", {**sub, "account": "acme"})

    assert (made["takes_once"], changed["takes_once"], changed["default_source"]) == (True, True, "Store")
    assert (status, list(stolen["error"]["fields"])) == (422, ["id"])


async def test_a_price_is_replaced_and_deleted_by_direction_and_prefix(client: Client) -> None:
    price = {"account": "demo", "direction": "outbound", "prefix": "65"}
    await admin(client, "PUT", "/prices", {**price, "price": "0.03"})
    await admin(client, "PUT", "/prices", {**price, "price": "0.04", "operator": "Singtel"})

    _, listed = await admin(client, "GET", "/prices")
    gone, _ = await admin(client, "DELETE", "/prices", price)
    again, _ = await admin(client, "DELETE", "/prices", price)

    assert [(one["prefix"], one["price"]) for one in listed["accounts"][0]["prices"]] == [("65", "0.04")]
    assert (gone, again) == (204, 404)


async def test_a_message_is_found_by_each_of_its_names_and_shown_whole(client: Client) -> None:
    _, sent = await client.send(destination=NUMBER, text="Secret words", clientMessageId="order-7")
    message = await delivered(client, sent["umid"])

    for words in (sent["umid"], "order-7", NUMBER, "+65 9123 4567", "234567"):
        _, found = await admin(client, "GET", f"/messages?q={words.replace('+', '%2B').replace(' ', '%20')}")

        assert [row["umid"] for row in found["messages"]] == [sent["umid"]], words
        assert found["messages"][0]["to"] == "+65******67"
        assert "Secret words" not in str(found)
    assert (message["to"], message["text"], message["country"]) == (NUMBER, "Secret words", "SG")
    assert [step["status"] for step in message["steps"]] == ["sent", "delivered"]
    assert [part["status"] for part in message["carried"]] == ["delivered"]


async def test_filters_choose_messages_by_status_and_subaccount(client: Client) -> None:
    await admin(client, "PUT", "/subaccounts/other", {"account": "demo", "default_source": "Other"})
    _, good = await client.send(destination="+12025550100", text="Hi")
    _, bad = await client.send(destination="+12025550105", text="Hi")
    _, other = await client.send(sub="other", destination="+12025550100", text="Hi")
    for sent in (good, other):
        await delivered(client, sent["umid"])

    async def found(query: str) -> list[str]:
        return [row["umid"] for row in (await admin(client, "GET", f"/messages?{query}"))[1]["messages"]]

    for _ in range(200):
        if await found("status=failed"):
            break
        await asyncio.sleep(0.01)
    assert await found("status=failed") == [bad["umid"]]
    assert await found("status=delivered") == [other["umid"], good["umid"]]
    assert await found("subaccount=other") == [other["umid"]]
    assert await found("subaccount=other&status=failed") == []
    assert await found("carrier=nobody") == []
    assert len(await found("hours=1")) == 3


async def test_a_long_list_is_read_page_by_page_without_gap_or_repeat(client: Client) -> None:
    _, batch = await client.batch(
        {
            "messages": [{"destination": f"+65912{n:05d}", "text": "Hi"} for n in range(120)],
            "includeMessagesInResponse": True,
        }
    )
    seen: list[str] = []
    before = ""

    for _ in range(5):
        _, page = await admin(client, "GET", f"/messages?before={before}")
        seen += [row["umid"] for row in page["messages"]]
        if page["next"] is None:
            break
        before = page["next"]

    assert batch["acceptedCount"] == 120
    assert len(seen) == len(set(seen)) == 120


async def test_csv_holds_what_the_search_finds_and_no_text_and_no_formula(client: Client) -> None:
    await client.send(destination=NUMBER, text="Secret words", clientMessageId="=cmd()")
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{client.base}/admin/api/messages.csv", headers={"Authorization": f"Bearer {ADMIN}"}
        ) as answer,
    ):
        text = await answer.text()

    rows = list(csv.DictReader(io.StringIO(text)))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert [(row["destination"], row["client_message_id"]) for row in rows] == [(NUMBER, "'=cmd()")]
    assert "Secret" not in text


async def test_an_erased_message_still_has_its_page(client: Client, gateway: Gateway) -> None:
    _, sent = await client.send(destination=NUMBER, text="Forget me")
    await delivered(client, sent["umid"])
    status, _ = await client.call("DELETE", f"/api/v1/subaccounts/{SUB}/messages/{sent['umid']}/pii")
    await gateway.stores.records.erase(gateway._clock.now())

    shown, message = await admin(client, "GET", f"/messages/{sent['umid']}")
    listed, _ = await admin(client, "GET", "/messages")

    assert (status, shown, listed) == (202, 200, 200)
    assert (message["to"], message["text"]) == ("erased", "")


async def test_a_webhooks_secrets_are_never_shown_and_stay_while_its_server_does(
    client: Client, receiver: Receiver
) -> None:
    hook = {
        "account": "demo",
        "subaccount": SUB,
        "url": f"{receiver.url}/old",
        "authorization": "Bearer s3cret",
    }
    await admin(client, "PUT", "/webhooks", hook)
    status, moved = await admin(
        client, "PUT", "/webhooks", {**hook, "url": "https://evil.example/r", "authorization": "***"}
    )
    _, signed = await admin(client, "POST", "/webhooks/signing-key", {"account": "demo", "subaccount": SUB})
    _, shown = await admin(client, "PUT", "/webhooks", {**hook, "url": receiver.url, "authorization": "***"})

    await client.send(destination=NUMBER, text="Hi")
    await until(lambda: receiver.headers)

    assert status == 422
    assert "again" in str(moved)
    assert (shown["authorization"], shown["is_signed"]) == ("***", True)
    assert signed["signing_key"].startswith("whsec_")
    assert receiver.headers[0]["Authorization"] == "Bearer s3cret"
    assert receiver.headers[0]["X-Tellwire-Signature"].startswith("t=")
    _, listed = await admin(client, "GET", "/webhooks")
    assert "s3cret" not in str(listed)


async def test_every_try_is_in_the_log_and_can_be_posted_again(client: Client, receiver: Receiver) -> None:
    await admin(client, "PUT", "/webhooks", {"account": "demo", "subaccount": SUB, "url": receiver.url})
    _, sent = await client.send(destination=NUMBER, text="Hi")
    await until(lambda: len(receiver.bodies) == 2)

    async def tries() -> list[Any]:
        return list((await admin(client, "GET", f"/webhooks/log?umid={sent['umid']}"))[1]["tries"])

    for _ in range(500):
        if len(await tries()) == 2:
            break
        await asyncio.sleep(0.01)
    newest, first = await tries()
    again, _ = await admin(client, "POST", f"/webhooks/log/{first['id']}/again")
    await until(lambda: len(receiver.bodies) == 3)
    unknown, _ = await admin(client, "POST", "/webhooks/log/999999/again")
    nonsense, _ = await admin(client, "POST", "/webhooks/log/x/again")
    _, failed = await admin(client, "GET", "/webhooks/log?failed=1")
    _, message = await admin(client, "GET", f"/messages/{sent['umid']}")

    assert [(one["event"], one["status"], one["attempt"]) for one in (first, newest)] == [
        ("sent", 200, 1),
        ("delivered", 200, 1),
    ]
    assert (again, unknown, nonsense) == (204, 404, 404)
    assert receiver.bodies[2]["payload"]["status"] == receiver.bodies[0]["payload"]["status"]
    assert failed["tries"] == []
    assert [one["event"] for one in message["tries"]][:2] == ["sent", "delivered"]


async def test_a_webhook_is_switched_off_and_deleted(client: Client) -> None:
    hook = {"account": "demo", "subaccount": "*", "url": "https://x.example/r", "is_enabled": False}
    _, saved = await admin(client, "PUT", "/webhooks", hook)
    named = {"account": "demo", "subaccount": "*"}

    gone, _ = await admin(client, "DELETE", "/webhooks", named)
    again, _ = await admin(client, "DELETE", "/webhooks", named)

    assert saved["is_enabled"] is False
    assert (gone, again) == (204, 404)


async def test_the_overview_counts_the_last_day_and_names_failures(client: Client) -> None:
    _, good = await client.send(destination="+12025550100", text="Hi")
    await client.send(destination="+12025550105", text="Hi")
    await delivered(client, good["umid"])

    status, overview = await admin(client, "GET", "/overview")

    assert status == 200
    assert overview["volume"]["messages"] == 2
    assert overview["volume"]["totals"]["delivered"] == 1
    assert [(one["name"], one["health"]) for one in overview["carriers"]] == [("simulator", "up")]
    assert [one["error"] for one in overview["failures"]] == ["Invalid destination"]


async def test_carriers_show_their_binds(client: Client) -> None:
    _, page = await admin(client, "GET", "/carriers")

    [carrier] = page["carriers"]
    assert (carrier["name"], carrier["health"], carrier["waiting"]) == ("simulator", "up", 0)
    assert carrier["binds"][0]["phase"] == "bound"
    assert "password" not in str(carrier)


async def test_a_disconnected_carrier_sends_nothing_until_it_is_connected(
    client: Client, gateway: Gateway
) -> None:
    status, page = await admin(client, "POST", "/carriers/simulator/disconnect")
    _, sent = await client.send(destination=NUMBER, text="Hi")
    _, waiting = await admin(client, "GET", "/carriers")
    _, message = await admin(client, "GET", f"/messages/{sent['umid']}")
    await admin(client, "POST", "/carriers/simulator/connect")
    again = await delivered(client, sent["umid"])
    nobody, _ = await admin(client, "POST", "/carriers/nobody/connect")

    assert (status, page["carriers"][0]["health"], page["carriers"][0]["is_wanted"]) == (200, "off", False)
    assert (waiting["carriers"][0]["waiting"], message["status"]) == (1, "queued")
    assert again["status"] == "delivered"
    assert nobody == 404


async def test_a_carrier_stays_disconnected_over_a_restart(tmp_path: Path) -> None:
    options = GatewayOptions(data=tmp_path, admin_token=ADMIN)
    first = Gateway(options)
    await first.start()
    await first.traffic.switch("simulator", is_wanted=False)
    await first.stop()

    second = Gateway(options)
    await second.start()
    lane = second.traffic.lanes["simulator"]
    was_wanted, was_up = lane.carrier.is_wanted, lane.carrier.is_up
    await second.traffic.switch("simulator", is_wanted=True)
    await until(lambda: lane.carrier.is_up)
    await second.stop()

    assert (was_wanted, was_up) == (False, False)


async def test_rules_are_replaced_as_a_whole_and_explained_by_a_dry_run(client: Client) -> None:
    _, before = await admin(client, "GET", "/routes")
    rules = [
        {"prefix": "65", "shares": [{"carrier": "simulator", "weight": 3}]},
        {"prefix": "", "shares": [{"carrier": "simulator"}]},
    ]

    status, after = await admin(client, "PUT", "/routes", {"rules": rules, "version": before["version"]})
    stale, _ = await admin(client, "PUT", "/routes", {"rules": rules, "version": before["version"]})
    _, dry = await admin(client, "POST", "/routes/dry-run", {"number": "+65 9123 4567", "source": "Shop"})

    assert before["is_default"]
    assert (status, stale) == (200, 409)
    assert [rule["prefix"] for rule in after["rules"]] == ["65", ""]
    assert (dry["carrier"], dry["rule"]) == ("simulator", after["rules"][0]["id"])
    assert any(step["about"] == "carrier simulator" and step["led_on"] for step in dry["steps"])


async def test_a_rule_for_an_unknown_carrier_is_refused_in_its_place(client: Client) -> None:
    _, before = await admin(client, "GET", "/routes")
    rules = [{"shares": [{"carrier": "simulator"}]}, {"shares": [{"carrier": "nobody"}]}]

    status, answer = await admin(client, "PUT", "/routes", {"rules": rules, "version": before["version"]})

    assert (status, list(answer["error"]["fields"])) == (422, ["rules.1.shares"])


async def test_a_registered_sender_shuts_out_the_others(client: Client) -> None:
    sender = {"subaccount": SUB, "source": "Shop", "prefixes": ["+65"]}
    saved, _ = await admin(client, "PUT", "/numbers/senders", sender)

    fine, _ = await client.send(destination=NUMBER, text="Hi", source="Shop")
    foreign, _ = await client.send(destination=NUMBER, text="Hi", source="Other")
    elsewhere, _ = await client.send(destination="+12025550100", text="Hi", source="Shop")
    gone, _ = await admin(client, "DELETE", "/numbers/senders", {"subaccount": SUB, "source": "shop"})
    after, _ = await client.send(destination=NUMBER, text="Hi", source="Other")

    assert (saved, fine, foreign, elsewhere, gone, after) == (200, 200, 400, 400, 204, 200)


async def test_numbers_and_logins_are_given_and_taken(client: Client) -> None:
    number, given = await admin(
        client, "PUT", "/numbers/virtual", {"subaccount": SUB, "number": "+65 8000 0001"}
    )
    login, made = await admin(client, "PUT", "/numbers/logins/shop", {"subaccount": SUB})
    changed, again = await admin(client, "PUT", "/numbers/logins/shop", {"subaccount": SUB, "binds": 2})
    fresh, new = await admin(client, "POST", "/numbers/logins/shop/password")
    _, page = await admin(client, "GET", "/numbers")

    assert (number, login, changed, fresh) == (200, 200, 200, 200)
    assert given["number"] == "6580000001"
    assert len(made["password"]) == 8
    assert again["password"] is None
    assert new["password"] != made["password"]
    assert "password" not in page["logins"][0]
    for path, body in (("/numbers/virtual", {"number": "6580000001"}), ("/numbers/logins/shop", None)):
        assert (await admin(client, "DELETE", path, body))[0] == 204
        assert (await admin(client, "DELETE", path, body))[0] == 404


async def test_the_simulator_lists_its_magic_numbers_and_handsets(client: Client) -> None:
    _, sent = await client.send(destination=NUMBER, text="Hi")
    await delivered(client, sent["umid"])

    _, page = await admin(client, "GET", "/simulator")

    assert page["is_running"]
    assert {"number": "+12025550100", "fate": "is delivered"} in page["magic"]
    assert [one["number"] for one in page["handsets"]] == [NUMBER]
