"""Texts from handsets: joined, given to the right subaccount, told by webhook (8x8 contract 3.3, 8.1)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.gateway.gateway_world import SUB, Client, Receiver, shown, until

from tellwire.gateway.accept.submission import make_umids
from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.model.inbound import InboundPart
from tellwire.gateway.model.number import VirtualNumber
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import DeliverSm
from tellwire.gateway.smpp.receipts import read_deliver
from tellwire.gateway.store.inbound import JOIN_WITHIN, Inbound
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.kernel.sqlite import Database

PHONE = "+6591230000"
VIRTUAL = "6580001111"
NOW = datetime(2026, 1, 31, tzinfo=UTC)


def reply(gateway: Gateway, to: str, text: str) -> None:
    assert gateway.carriers.simulator is not None
    gateway.carriers.simulator.reply(PHONE[1:], to, text, "")


async def hook(gateway: Gateway, url: str) -> None:
    await gateway.accounts.save_webhook(Webhook(id=0, account="demo", subaccount=SUB, url=url))


async def test_a_text_to_a_virtual_number_reaches_its_subaccounts_webhook(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await hook(gateway, receiver.url)
    await gateway.numbers.save_numbers([VirtualNumber(number=VIRTUAL, subaccount=SUB)])
    text = "Ja, bitte! 👍 " * 12

    reply(gateway, VIRTUAL, text)
    await until(lambda: receiver.bodies)

    body = receiver.bodies[0]
    assert (body["namespace"], body["eventType"]) == ("SMS", "inbound_message_received")
    payload = body["payload"]
    assert (payload["source"], payload["destination"]) == (PHONE, f"+{VIRTUAL}")
    assert (payload["body"], payload["encoding"], payload["subAccountId"]) == (text, "UCS2", SUB)
    assert payload["smsCount"] == 3


async def test_a_reply_belongs_to_whoever_wrote_from_that_number(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await hook(gateway, receiver.url)
    await client.send(
        destination=PHONE, text="hi", source="+6580002222", dlrCallbackUrl="http://127.0.0.1:9/x"
    )
    await until(lambda: shown(gateway, PHONE))

    reply(gateway, "6580002222", "STOP")
    await until(lambda: receiver.bodies)

    assert receiver.bodies[0]["payload"]["body"] == "STOP"


async def test_a_stop_to_a_forgotten_number_reaches_the_only_subaccount_and_is_nobodys_among_two(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await hook(gateway, receiver.url)

    reply(gateway, "6580009999", "STOP")
    await until(lambda: receiver.bodies)
    await gateway.ensure_subaccount("another_hq")
    reply(gateway, "6580009999", "END")
    await gateway.numbers.save_numbers([VirtualNumber(number=VIRTUAL, subaccount=SUB)])
    reply(gateway, VIRTUAL, "QUIT")
    await until(lambda: len(receiver.bodies) == 2)

    assert [body["payload"]["body"] for body in receiver.bodies] == ["STOP", "QUIT"]


async def test_a_reply_to_clevertaps_message_without_a_callback_of_its_own_goes_to_the_webhook_in_its_form(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await hook(gateway, receiver.url)
    message = {"destination": PHONE, "text": "hi", "source": "12345", "mid": "m.1"}
    await client.call("POST", f"/api/v1/subaccounts/{SUB}/partners/clevertap/batch", {"msgs": [message]})
    await until(lambda: receiver.bodies)

    reply(gateway, "12345", "yes")
    await until(lambda: len(receiver.bodies) == 2)

    delivered, replied = (body[0] for body in receiver.bodies)
    assert (delivered["event"], replied["event"]) == ("delivered", "replied")
    assert (replied["data"][0]["meta"], replied["data"][0]["incomingText"]) == ("m.1", "yes")


async def test_a_reply_to_clevertaps_message_is_told_in_its_form(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    message = {
        "destination": PHONE,
        "text": "hi",
        "source": "12345",
        "mid": "m.1",
        "partnerCallbackUrl": receiver.url,
    }
    await client.call("POST", f"/api/v1/subaccounts/{SUB}/partners/clevertap/batch", {"msgs": [message]})
    await until(lambda: receiver.bodies)

    reply(gateway, "12345", "x" * 600)
    await until(lambda: len(receiver.bodies) == 2)

    event = receiver.bodies[1][0]
    assert event["event"] == "replied"
    assert event["data"][0]["meta"] == "m.1"
    assert event["data"][0]["toPhone"] == "12345"
    assert event["data"][0]["incomingText"] == "x" * 512


async def test_a_handsets_emoji_between_two_parts_reaches_the_webhook_whole(
    gateway: Gateway, receiver: Receiver
) -> None:
    await hook(gateway, receiver.url)
    await gateway.numbers.save_numbers([VirtualNumber(number=VIRTUAL, subaccount=SUB)])
    text = "x" * 66 + "😀" + "y" * 10
    octets = text.encode("utf-16-be")

    for number, piece in ((1, octets[:134]), (2, octets[134:])):
        deliver = DeliverSm(
            source_addr=PHONE[1:], destination_addr=VIRTUAL, esm_class=0x40, data_coding=8,
            short_message=bytes([5, 0, 3, 9, 2, number]) + piece,
        )  # fmt: skip
        await gateway._assembly.receipts.deliver("c", read_deliver(deliver, Dialect(), NOW))
    await until(lambda: receiver.bodies)

    assert receiver.bodies[0]["payload"]["body"] == text


async def test_parts_are_joined_once_whole_or_late_with_a_gap(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    inbound = Inbound(database)

    for reference, numbers in ((1, (2, 1, 2, 3)), (2, (3, 1))):
        for number in numbers:
            await inbound.take(part(reference, number))
    before = await database.read(_texts)
    await inbound.join_late(NOW + JOIN_WITHIN + timedelta(seconds=1), make_umids(NOW, bytes(range(32))))
    after = await database.read(_texts)
    await database.close()

    assert before == ["p1 p2 p3 "]
    assert after == ["p1 p2 p3 ", "p1 [...]p3 "]


def part(reference: int, number: int) -> InboundPart:
    return InboundPart(
        umid=make_umids(NOW, bytes([reference, number] * 8))[0],
        carrier="c",
        source="6591230000",
        destination="12345",
        body=f"p{number} ",
        encoding="GSM7",
        received=NOW,
        owner=None,
        reference=reference,
        number=number,
        total=3,
    )


def _texts(connection: object) -> list[str]:
    rows = connection.execute("SELECT body FROM inbound ORDER BY id")  # type: ignore[attr-defined]  # apsw's
    return [body for (body,) in rows]
