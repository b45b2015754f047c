"""Wrong binds cost their sender and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.gateway_world import ADMIN, SUB
from tests.gateway.smpp_world import Peer
from tests.waiting import HANG_S

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.number import SmppLogin
from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.guard import FREE, LONGEST_S, PLACES_LIMIT, QUIET_S, BindGuard, network_of
from tellwire.gateway.smpp.server import UNBOUND
from tellwire.kernel import secrets
from tellwire.kernel.secrets import hash_password

ATTACKER, CUSTOMER = "127.0.0.1", "127.0.0.2"


def fail(guard: BindGuard, address: str, times: int, now_s: float = 0.0, login: str = "acme") -> None:
    for _ in range(times):
        guard.note(address, login, now_s, is_right=False)


def test_an_address_is_blocked_for_longer_with_every_failure_and_not_for_ever() -> None:
    guard = BindGuard()
    now_s, blocks = 0.0, []

    for _ in range(20):
        assert not guard.is_blocked("1.2.3.4", "acme", now_s)
        guard.note("1.2.3.4", "acme", now_s, is_right=False)
        began_s = now_s
        while guard.is_blocked("1.2.3.4", "acme", now_s):
            now_s += 1.0
        blocks.append(now_s - began_s)

    assert blocks[: FREE + 2] == [*[0.0] * (FREE - 1), 1.0, 2.0, 4.0]
    assert max(blocks) == LONGEST_S


@given(
    failed=st.lists(
        st.tuples(st.ip_addresses(v=4).map(str), st.sampled_from(["acme", "other"])), max_size=40
    ),
    address=st.ip_addresses(v=4).map(str),
)
def test_failures_elsewhere_block_nobody_here(failed: list[tuple[str, str]], address: str) -> None:
    guard = BindGuard()

    for elsewhere, login in failed:
        if elsewhere != address:
            fail(guard, elsewhere, FREE + 3, login=login)

    assert not guard.is_blocked(address, "acme", 0.0)


def test_who_has_bound_from_an_address_is_not_blocked_by_others_there() -> None:
    guard = BindGuard()
    guard.note("1.2.3.4", "acme", 0.0, is_right=True)

    fail(guard, "1.2.3.4", FREE, login="guessed")

    assert guard.is_blocked("1.2.3.4", "guessed", 0.0)
    assert not guard.is_blocked("1.2.3.4", "acme", 0.0)


def test_a_login_of_ones_own_buys_no_tries_at_others() -> None:
    guard = BindGuard()

    for _ in range(FREE):
        guard.note("1.2.3.4", "mine", 0.0, is_right=True)
        fail(guard, "1.2.3.4", 1, login="acme")

    assert guard.is_blocked("1.2.3.4", "acme", 0.0)


def test_failures_are_forgotten_after_quiet_and_memory_is_bounded() -> None:
    guard = BindGuard()
    fail(guard, "1.2.3.4", FREE)

    fail(guard, "1.2.3.4", 1, QUIET_S + 1)
    for number in range(PLACES_LIMIT + 10):
        fail(guard, f"2.2.{number // 256}.{number % 256}", 1)

    assert not guard.is_blocked("1.2.3.4", "acme", QUIET_S + 1)
    assert len(guard._failures) == PLACES_LIMIT


def test_a_subscribers_ipv6_network_is_one_address() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    options = GatewayOptions(
        data=tmp_path, admin_token=ADMIN, smpp_port=0, smpp_host="0.0.0.0", has_simulator=False
    )  # all of loopback
    gateway = Gateway(options)
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    names = [
        SmppLogin(system_id=name, subaccount=SUB, password=hash_password("s3cret"))
        for name in ("acme", "far")
    ]
    names[1] = SmppLogin(
        system_id="far", subaccount=SUB, password=names[1].password, addresses=("203.0.113.7",)
    )
    await gateway.numbers.save_logins(names)
    yield gateway
    await gateway.stop()


async def bind(port: int, address: str, password: str, system_id: str = "acme") -> int:
    """The status of one bind, -1 when the server hangs up instead."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    peer = Peer(reader, writer)
    try:
        peer.say(pdu.BindTransceiver(system_id, password), 1)
        return (await peer.next()).status
    except (EOFError, ConnectionError):
        return -1
    finally:
        writer.close()


async def test_300_wrong_binds_of_one_address_cost_a_few_hashes_and_keep_nobody_out(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []

    def verify(password: str, hashed: str | None) -> bool:
        hashes.append(password)
        return secrets.verify_password(password, hashed)

    monkeypatch.setattr("tellwire.gateway.accept.smpp_listener.verify_password", verify)
    port = gateway.smpp.server.port

    attack = [asyncio.create_task(bind(port, ATTACKER, "wrong")) for _ in range(300)]
    async with asyncio.timeout(HANG_S):
        customers = await asyncio.gather(*(bind(port, CUSTOMER, "s3cret") for _ in range(4)))
        wrong = await asyncio.gather(*attack)

    assert customers == [0] * 4
    assert set(wrong) <= {-1, Status.RINVPASWD, Status.RBINDFAIL}
    assert list(wrong).count(-1) > UNBOUND  # the most of them are hung up on
    assert hashes.count("wrong") <= FREE + 5  # one more after 1, 2, 4 ... s, should this take so long


async def test_what_an_address_list_refuses_costs_no_hash(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(_password: str, _hashed: str | None) -> bool:
        raise AssertionError("a hash was made")

    monkeypatch.setattr("tellwire.gateway.accept.smpp_listener.verify_password", verify)

    assert await bind(gateway.smpp.server.port, ATTACKER, "s3cret", "far") == Status.RBINDFAIL
