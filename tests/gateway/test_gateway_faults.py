"""What goes wrong between the gateway, carriers and receivers, and that nothing accepted is lost by it."""

import asyncio
from pathlib import Path

import aiohttp
import apsw
import pytest
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client, Receiver, shown, until, until_asked
from tests.waiting import HANG_S

from tellwire.gateway.callbacks import callbacks
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.simulator.behaviour import Answers, Behaviour

PHONE = "+6591230000"


@pytest.mark.parametrize(
    ("number", "state", "detail", "error"),
    [
        ("+12025550101", "undelivered", "undelivered_to_recipient", 1),
        ("+12025550103", "undelivered", "undelivered_to_recipient", 36),
        ("+12025550104", "undelivered", "rejected_by_operator", 41),
        ("+12025550105", "undelivered", "rejected_by_operator", 15),
        ("+12025550106", "delivered", "delivered_to_recipient", None),
        ("+12025550110", "delivered", "delivered_to_recipient", None),
        ("+12025550111", "delivered", "delivered_to_recipient", None),
        ("+12025550114", "delivered", "delivered_to_recipient", None),
    ],
)
async def test_a_carriers_fate_becomes_one_final_callback(
    client: Client, receiver: Receiver, number: str, state: str, detail: str, error: int | None
) -> None:
    await client.send(destination=number, text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: receiver.states and receiver.states[-1] != ("sent", None))

    status = receiver.bodies[-1]["payload"]["status"]
    assert receiver.states[-1] == (state, detail)
    assert status.get("errorCode") == error
    assert receiver.states.count((state, detail)) == 1


async def test_an_operators_word_and_the_recipients_are_two_callbacks(
    client: Client, receiver: Receiver
) -> None:
    await client.send(destination="+12025550119", text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) >= 3)

    assert receiver.states == [
        ("sent", None),
        ("delivered", "delivered_to_operator"),
        ("delivered", "delivered_to_recipient"),
    ]


async def test_a_refused_callback_goes_again_and_keeps_the_order(client: Client, receiver: Receiver) -> None:
    receiver.answers = [500, 200]

    await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)
    await until(lambda: len(receiver.bodies) >= 3)

    assert [state for state, _ in receiver.states] == ["sent", "sent", "delivered"]


async def test_a_hanging_receiver_delays_nobody_else(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "TIMEOUT_S", 10 * HANG_S)  # it hangs for as long as this test may take
    hanging, released = Receiver(), asyncio.Event()
    hanging.before_answer = released.wait
    await hanging.start()
    try:
        messages = [
            {"destination": PHONE, "text": str(n), "dlrCallbackUrl": f"{hanging.url}?n={n}"}
            for n in range(100)
        ]
        await client.batch({"messages": messages})
        await until(lambda: hanging.bodies)

        await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)

        await until(lambda: len(receiver.bodies) >= 2)
    finally:
        released.set()
        await hanging.stop()


async def test_private_targets_are_refused_unless_allowed(tmp_path: Path, receiver: Receiver) -> None:
    gateway = await opened(tmp_path, allow_private_targets=False)
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{gateway.port}")
        await client.send(destination=PHONE, text="hi", dlrCallbackUrl=receiver.url)
        await until(lambda: shown(gateway, PHONE))
        await until_asked(lambda: gateway._database.read(_most_attempts))
    await gateway.stop()

    assert receiver.bodies == []


async def test_messages_callbacks_and_keys_outlive_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    first = await opened(tmp_path, pauses_carriers=True)
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{first.port}")
        numbers = [f"+65912300{n:02d}" for n in range(50)]
        await client.batch(
            {"destinations": numbers, "template": {"text": "hi", "dlrCallbackUrl": receiver.url}}
        )
    await first.stop()

    second = Gateway(options(tmp_path))
    await second.start()
    await until(lambda: len(receiver.bodies) >= 100)
    await second.stop()

    assert {number for number in numbers if len(shown(second, number)) != 1} == set()
    assert receiver.states.count(("delivered", "delivered_to_recipient")) == 50


async def test_what_the_carrier_throttles_arrives_and_only_once(tmp_path: Path, receiver: Receiver) -> None:
    gateway = await opened(tmp_path, behaviour=Behaviour(answers=Answers(throughput_per_s=100)))
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{gateway.port}")
        numbers = [f"+65912{n:05d}" for n in range(200)]
        await client.batch({"destinations": numbers, "template": {"text": "hi"}})
        await until(lambda: all(shown(gateway, number) for number in numbers))
    await gateway.stop()

    assert {len(shown(gateway, number)) for number in numbers} == {1}


async def test_a_carrier_that_drops_connections_loses_nothing(tmp_path: Path) -> None:
    gateway = await opened(tmp_path, behaviour=Behaviour(answers=Answers(disconnect_percent=2)))
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{gateway.port}")
        numbers = [f"+65912{n:05d}" for n in range(100)]
        await client.batch({"destinations": numbers, "template": {"text": "hi"}})
        await until(lambda: all(shown(gateway, number) for number in numbers))
    await gateway.stop()


async def test_a_full_disk_is_said_clearly_and_loses_nothing(gateway: Gateway, client: Client) -> None:
    await client.send(destination=PHONE, text="before")
    await until(lambda: shown(gateway, PHONE))
    connection = gateway._database._writer._connection
    connection.pragma("max_page_count", 1)  # SQLite takes the file's present size for it: nothing may grow

    numbers = [f"+65912{n:05d}" for n in range(5000)]
    status, error = await client.batch({"destinations": numbers, "template": {"text": "x" * 100}})
    retry_after = client.headers["Retry-After"]
    connection.pragma("max_page_count", 1_000_000)
    again, _ = await client.send(destination=PHONE, text="after")
    await until(lambda: len(shown(gateway, PHONE)) == 2)

    assert (status, error["code"], retry_after) == (503, 2000, "5")
    assert again == 200
    assert sum((await gateway.standings()).values()) == 2


def _most_attempts(connection: apsw.Connection) -> int:
    return connection.execute("SELECT coalesce(max(attempts), 0) FROM callback").get


def options(data: Path, **members: object) -> GatewayOptions:
    return GatewayOptions(
        data=data,
        admin_token=ADMIN,
        **{"allow_private_targets": True, **members},  # type: ignore[arg-type]  # options by name
    )


async def opened(data: Path, **members: object) -> Gateway:
    gateway = Gateway(options(data, **members))
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    return gateway
