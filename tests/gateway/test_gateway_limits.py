"""How fast callers may be, and what they are told (8x8 contract 2.9)."""

from pathlib import Path

import aiohttp
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client

from tellwire.gateway.api.access import Limits
from tellwire.gateway.limits import BUCKETS_LIMIT, Buckets
from tellwire.gateway.main import Gateway, GatewayOptions

PHONE = "+6591230000"


@given(st.lists(st.floats(0, 5), max_size=200), st.integers(1, 50))
def test_never_more_than_the_burst_and_the_rate_pass(gaps: list[float], rate: int) -> None:
    buckets, now_s, passed = Buckets(rate), 0.0, 0

    for gap in gaps:
        now_s += gap
        passed += buckets.wait_s("a", now_s) == 0

    assert passed <= rate + rate * now_s + 1


def test_who_waits_as_told_is_let_in() -> None:
    buckets = Buckets(1, burst=1)

    assert buckets.wait_s("a", 10.0) == 0
    wait_s = buckets.wait_s("a", 10.25)
    assert wait_s == 0.75
    assert buckets.wait_s("a", 10.25 + wait_s) == 0
    assert buckets.wait_s("b", 10.25) == 0


def test_callers_are_forgotten_before_they_fill_the_memory() -> None:
    buckets = Buckets(1)

    for number in range(2 * BUCKETS_LIMIT):
        buckets.wait_s(str(number), 0.0)

    assert len(buckets._levels) == BUCKETS_LIMIT


async def test_too_fast_a_caller_is_told_when_to_come_back(tmp_path: Path) -> None:
    limits = Limits(requests_per_s=0.1, requests_per_address_per_s=1000)  # slow: a busy machine is, too
    gateway = Gateway(GatewayOptions(data=tmp_path, admin_token=ADMIN, limits=limits))
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{gateway.port}")
        statuses = [(await client.send(destination=PHONE, text="x"))[0] for _ in range(2)]
        retry_after = client.headers["Retry-After"]
    await gateway.stop()

    assert statuses == [200, 429]
    assert 0 < int(retry_after) <= 10


async def test_a_customers_customer_sends_so_often_a_minute_and_nobody_else_waits(tmp_path: Path) -> None:
    limits = Limits(requests_per_client_ip_per_min=2)
    gateway = Gateway(GatewayOptions(data=tmp_path, admin_token=ADMIN, limits=limits))
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{gateway.port}")
        item = {"destination": PHONE, "text": "x", "clientIp": "192.0.2.1"}
        allowed = [await client.send(**item), await client.batch({"messages": [item, item]})]
        refused = [
            await client.send(**item),
            await client.batch({"messages": [item]}),
            await client.batch({"clientIp": "::ffff:192.0.2.1", "messages": [{**item, "clientIp": None}]}),
        ]
        retry_after = client.headers["Retry-After"]
        others = [
            await client.send(**item | {"clientIp": "192.0.2.2"}),
            await client.send(destination=PHONE, text="x"),
        ]
    await gateway.stop()

    assert [status for status, _ in allowed] == [200, 200]
    assert [(status, error["code"]) for status, error in refused] == [(429, 429)] * 3
    assert 1 <= int(retry_after) <= 30
    assert [status for status, _ in others] == [200, 200]


async def test_wrong_keys_and_tokens_are_few_a_minute(client: Client, gateway: Gateway) -> None:
    async def ask(path: str, key: str) -> int:
        return (await client.call("GET", path, key=key))[0]

    balance = "/api/v1/accounts/demo/balance"
    keys = [await ask(balance, "guess") for _ in range(101)]
    tokens = [await ask("/admin/api/accounts", "guess") for _ in range(21)]
    handsets = await ask("/simulator/api/handsets", ADMIN)

    assert keys == [401] * 100 + [429]
    assert tokens == [401] * 20 + [429]
    assert 0 < int(client.headers.get("Retry-After", "1")) <= 60
    assert handsets == 401
