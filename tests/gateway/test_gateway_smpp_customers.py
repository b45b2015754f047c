"""Customers over SMPP: their messages are everybody's messages, their receipts come to any bind (8x8 contract 6)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import apsw
import pytest
from msgspec.structs import replace
from tests.gateway.gateway_world import ADMIN, SUB, shown, until, until_asked
from tests.gateway.smpp_world import Peer

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.number import SmppLogin, VirtualNumber
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.link import Link
from tellwire.gateway.smpp.pdu import BindTransceiver, DeliverSm, DeliverSmResp, SubmitSm
from tellwire.gateway.smpp.receipts import Deliver, DeliveredReceipt, Inbound
from tellwire.gateway.smpp.submission import submit_pdus
from tellwire.kernel.address import SenderId, msisdn_of_digits, parse_sender_id
from tellwire.kernel.clock import to_ms
from tellwire.kernel.failure import Accepted, Outcome, Refused
from tellwire.kernel.secrets import hash_password
from tellwire.kernel.sms import compose

PHONE = "6591230000"


class Customer:
    """An ESME of a customer: one transceiver bind of our own link."""

    def __init__(
        self, port: int, password: str = "s3cret", bind: Literal["transceiver", "transmitter"] = "transceiver"
    ) -> None:
        self.outcomes: list[Outcome] = []
        self.delivered: list[Deliver] = []
        config = LinkConfig(host="127.0.0.1", port=port, system_id="acme", password=password, bind=bind)
        self.link = Link(name="acme", config=config, on_results=self._results, on_deliver=self._deliver)
        self._running = asyncio.create_task(self.link.run())

    def submit(self, text: str, destination: str = PHONE, source: str = "ACME") -> int:
        sender = parse_sender_id(source) or SenderId(source, "alphanumeric")
        pdus = submit_pdus(
            sender,
            msisdn_of_digits(destination),
            compose(text),
            reference=7,
            dialect=Dialect(),
            now=datetime.now(UTC),
        )
        for pdu in pdus:
            self.link.submit(None, pdu)
        return len(pdus)

    @property
    def receipts(self) -> list[tuple[str, str]]:
        return [
            (one.carrier_message_id, one.standing.status.value)
            for one in self.delivered
            if isinstance(one, DeliveredReceipt)
        ]

    @property
    def ids(self) -> list[str]:
        return [outcome.reference for outcome in self.outcomes if isinstance(outcome, Accepted)]

    async def bound(self) -> None:
        await until(lambda: self.link.state.phase == "bound")

    async def close(self) -> None:
        await self.link.close()
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    def _results(self, results: list[tuple[object, Outcome]]) -> None:
        self.outcomes += [outcome for _, outcome in results]

    async def _deliver(self, deliver: Deliver) -> None:
        self.delivered.append(deliver)


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    gateway = Gateway(GatewayOptions(data=tmp_path, admin_token=ADMIN, smpp_port=0))
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    login = SmppLogin(system_id="acme", subaccount=SUB, password=hash_password("s3cret"))
    await gateway.numbers.save_logins([login])
    yield gateway
    await gateway.stop()


@pytest.fixture
async def customer(gateway: Gateway) -> AsyncIterator[Customer]:
    customer = Customer(gateway.smpp.server.port)
    await customer.bound()
    yield customer
    await customer.close()


async def test_a_customers_message_reaches_the_handset_and_its_receipt_the_customer(
    gateway: Gateway, customer: Customer
) -> None:
    customer.submit("hi €")

    await until(lambda: customer.receipts)

    assert customer.receipts == [(customer.ids[0], "delivered")]
    assert [message.text for message in shown(gateway, PHONE)] == ["hi €"]


async def test_parts_of_a_customer_become_one_message_and_a_receipt_for_each(
    gateway: Gateway, customer: Customer
) -> None:
    text = "A long text in several parts. " * 12

    count = customer.submit(text)
    await until(lambda: len(customer.receipts) == count)

    assert count == 3
    assert {identifier for identifier, _ in customer.receipts} == set(customer.ids)
    assert [message.text for message in shown(gateway, PHONE)] == [text]
    assert await gateway.standings() == {"delivered": 1}


async def stand(gateway: Gateway, standings: dict[str, int]) -> bool:
    return await gateway.standings() == standings


async def test_a_customer_that_wants_to_hear_of_failures_hears_of_nothing_else(
    gateway: Gateway, customer: Customer
) -> None:
    submit = SubmitSm(source_addr="ACME", destination_addr=PHONE, registered_delivery=2, short_message=b"hi")
    long = cut("x" * 100, 67, registered_delivery=2)

    for number, one in enumerate([submit, *long, replace(submit, destination_addr="12025550101")]):
        customer.link.submit(number, one)
    await until_asked(lambda: stand(gateway, {"delivered": 2, "undelivered": 1}))
    await until(lambda: customer.receipts)

    assert [status for _, status in customer.receipts] == ["undelivered"]


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"schedule_delivery_time": "000008000000000R"}, "18"),  # HTTP's customers may wait for seven days
        ({"validity_period": "200101000000000+"}, "18"),  # over before it began
        ({"schedule_delivery_time": "000002000000000R", "validity_period": "000001000000000R"}, "18"),
        ({"schedule_delivery_time": "000006000000000R", "validity_period": "000007000000000R"}, None),
        ({"schedule_delivery_time": "200101000000000+"}, None),  # passed: at once
    ],
)
async def test_times_over_smpp_have_the_bounds_of_http(
    customer: Customer, times: dict[str, str], code: str | None
) -> None:
    submit = SubmitSm(source_addr="ACME", destination_addr=PHONE, short_message=b"hi", **times)  # type: ignore[arg-type]  # texts

    customer.link.submit(1, submit)
    await until(lambda: customer.outcomes)

    (outcome,) = customer.outcomes
    assert (outcome.code if isinstance(outcome, Refused) else None) == code


@pytest.mark.parametrize(
    ("destination", "source", "code"), [("0065912300", "ACME", "15"), (PHONE, "no_name", "19")]
)
async def test_a_bad_address_is_refused_with_its_status(
    customer: Customer, destination: str, source: str, code: str
) -> None:
    customer.submit("hi", destination=destination, source=source)

    await until(lambda: customer.outcomes)

    assert isinstance(customer.outcomes[0], Refused)
    assert customer.outcomes[0].code == code


async def test_a_wrong_password_does_not_bind(gateway: Gateway) -> None:
    customer = Customer(gateway.smpp.server.port, "wrong")

    await until(lambda: "RINVPASWD" in customer.link.state.reason)
    await customer.close()

    assert gateway.smpp.server.binds == []


@pytest.mark.parametrize(("address", "is_bound"), [("127.0.0.1", True), ("203.0.113.7", False)])
async def test_a_login_binds_from_its_addresses_alone(gateway: Gateway, address: str, is_bound: bool) -> None:
    login = replace(gateway.numbers.logins["acme"], addresses=("192.0.2.1", address))
    await gateway.numbers.save_logins([login])
    customer = Customer(gateway.smpp.server.port)

    await until(lambda: customer.link.state.phase == "bound" or "RBINDFAIL" in customer.link.state.reason)
    bound = gateway.smpp.server.binds
    await customer.close()

    assert bool(bound) is is_bound


async def test_a_text_from_a_handset_reaches_the_customer_who_owns_the_number(
    gateway: Gateway, customer: Customer
) -> None:
    await gateway.numbers.save_numbers([VirtualNumber(number="6580001111", subaccount=SUB)])
    assert gateway.carriers.simulator is not None

    gateway.carriers.simulator.reply(PHONE, "6580001111", "STOP", "")
    await until(lambda: customer.delivered)

    text = customer.delivered[0]
    assert isinstance(text, Inbound)
    assert (text.source, text.destination, text.text) == (PHONE, "6580001111", "STOP")
    assert len(text.message_id) == 36


async def test_a_receipt_waits_for_the_customer_to_come_back(gateway: Gateway) -> None:
    first = Customer(gateway.smpp.server.port, bind="transmitter")
    await first.bound()
    first.submit("hi")
    await until_asked(lambda: gateway._database.read(_most_attempts))
    identifier = first.ids[0]
    await first.close()

    second = Customer(gateway.smpp.server.port)
    await until(lambda: second.receipts)
    await second.close()

    assert second.receipts == [(identifier, "delivered")]


def cut(text: str, at: int, **fields: Any) -> list[SubmitSm]:
    """A text in two parts, cut after so many UTF-16 units: inside a character, if need be."""
    octets = text.encode("utf-16-be")
    return [
        SubmitSm(
            source_ton=5, source_addr="ACME", dest_ton=1, dest_npi=1, destination_addr=PHONE, esm_class=0x40,
            data_coding=8, short_message=bytes([5, 0, 3, 9, 2, number]) + piece, **fields,
        )
        for number, piece in enumerate((octets[: 2 * at], octets[2 * at :]), start=1)
    ]  # fmt: skip


async def test_a_part_that_comes_again_after_its_text_has_gone_is_no_text_of_its_own(
    gateway: Gateway, customer: Customer
) -> None:
    first, last = cut("hello there", 6)
    for number, part in enumerate((first, last)):
        customer.link.submit(number, part)
    await until(lambda: len(customer.ids) == 2)

    customer.link.submit(2, last)  # as after a connection that broke before the answer came
    customer.link.submit(3, replace(last, short_message=last.short_message + b"\0!"))  # no repetition
    await until(lambda: len(customer.ids) == 4)
    assert await gateway._database.read(_pieces) == 2
    await gateway._database.write(_grow_old, None)
    await gateway._assembly.smpp.join_late()
    await until(lambda: len(shown(gateway, PHONE)) == 2)

    assert [message.text for message in shown(gateway, PHONE)] == ["hello there", "there!"]
    assert await gateway._database.read(_pieces) == 0


def _grow_old(connection: apsw.Connection, batch: list[None]) -> list[None]:
    connection.execute("UPDATE smpp_piece SET received_ms = received_ms - 601000")
    return batch


@pytest.mark.parametrize("asking", [1, 2], ids=["the first, as Kannel", "the last, as Jasmin"])
async def test_parts_that_ask_for_receipts_differently_are_one_text_and_a_receipt_for_each_that_asked(
    gateway: Gateway, customer: Customer, asking: int
) -> None:
    text = "x" * 66 + "😀" + "y" * 20  # the emoji's halves stand in two parts

    for number, part in enumerate(cut(text, 67), start=1):
        customer.link.submit(number, replace(part, registered_delivery=int(number == asking)))
    await until(lambda: customer.receipts)

    assert customer.receipts == [(customer.ids[asking - 1], "delivered")]
    assert [message.text for message in shown(gateway, PHONE)] == [text]
    assert await gateway.standings() == {"delivered": 1}


async def test_a_euro_cut_between_escape_and_letter_reaches_the_handset(
    gateway: Gateway, customer: Customer
) -> None:
    parts = [
        SubmitSm(
            source_addr="ACME", destination_addr=PHONE, esm_class=0x40, registered_delivery=1,
            short_message=bytes([5, 0, 3, 9, 2, number]) + piece,
        )
        for number, piece in ((1, b"a" * 152 + b"\x1b"), (2, b"e for you"))
    ]  # fmt: skip

    for part in parts:
        customer.link.submit(None, part)
    await until(lambda: shown(gateway, PHONE))

    assert [message.text for message in shown(gateway, PHONE)] == ["a" * 152 + "€ for you"]


async def test_a_long_text_keeps_its_schedule_and_its_validity(gateway: Gateway, customer: Customer) -> None:
    for part in cut(
        "x" * 100, 67, schedule_delivery_time="000000010000000R", validity_period="000000020000000R"
    ):
        customer.link.submit(None, part)
    await until(lambda: len(customer.ids) == 2)

    created_ms, due_ms, expiry_ms = await gateway._database.read(_times)

    assert shown(gateway, PHONE) == []
    assert round((due_ms - created_ms) / 60_000) == 60
    assert round((expiry_ms - created_ms) / 60_000) == 120


async def test_a_receipt_repeats_the_types_of_number_of_its_submit(gateway: Gateway) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.smpp.server.port)
    peer = Peer(reader, writer)
    peer.say(BindTransceiver("acme", "s3cret"), 1)
    await peer.next()

    for number, part in enumerate(cut("x" * 100, 67, registered_delivery=1), start=2):
        peer.say(replace(part, dest_ton=2, dest_npi=8), number)
    receipts: list[DeliverSm] = []
    while len(receipts) < 2:
        said = await peer.next()
        if isinstance(said.body, DeliverSm):
            peer.say(DeliverSmResp(), said.sequence)
            receipts.append(said.body)
    writer.close()

    assert [(one.source_ton, one.source_npi) for one in receipts] == [(2, 8)] * 2
    assert [(one.dest_ton, one.dest_npi) for one in receipts] == [(5, 0)] * 2
    assert all(b" sub:001 " in one.short_message for one in receipts)


async def test_a_text_that_can_never_go_is_told_and_does_not_wait(
    gateway: Gateway, customer: Customer
) -> None:
    parts = [
        SubmitSm(
            source_addr="ACME", destination_addr=PHONE, esm_class=0x40,
            short_message=bytes([5, 0, 3, 9, 11, number]) + b"x" * 153,
        )
        for number in range(1, 12)
    ]  # fmt: skip

    for part in parts:
        customer.link.submit(None, part)
    await until(lambda: len(customer.outcomes) == 11)

    assert [type(outcome) for outcome in customer.outcomes] == [Accepted] * 10 + [Refused]
    assert await gateway._database.read(_pieces) == 0


def _times(connection: apsw.Connection) -> tuple[int, int, int]:
    return connection.execute("SELECT created_ms, due_ms, expiry_ms FROM message").fetchall()[0]


def _pieces(connection: apsw.Connection) -> int:
    return connection.execute("SELECT count(*) FROM smpp_piece").get


async def test_receipts_of_an_absent_customer_are_tried_at_each_bind_and_logged_once(
    gateway: Gateway,
) -> None:
    first = Customer(gateway.smpp.server.port, bind="transmitter")
    await first.bound()
    for number in range(5):
        first.submit(f"hi {number}")
    await until_asked(lambda: gateway._database.read(_are_all_tried, 1))

    for attempts in (2, 3):
        await gateway._assembly.callbacks.hurry(SUB, "smpp://acme")
        await until_asked(lambda: gateway._database.read(_are_all_tried, attempts))  # noqa: B023  # awaited here
    logged = await gateway._database.read(_logged)
    soonest_ms = await gateway._database.read(_soonest)
    second = Customer(gateway.smpp.server.port)
    await until(lambda: len(second.receipts) == 5)
    await second.close()
    await first.close()

    assert logged == 5
    assert soonest_ms > to_ms(datetime.now(UTC)) + 3_000_000  # an hour: no timer but the bind brings them
    assert sorted(identifier for identifier, _ in second.receipts) == sorted(first.ids)


async def test_what_no_deliver_sm_can_carry_is_refused_and_holds_up_nothing(
    gateway: Gateway, customer: Customer
) -> None:
    long = DeliverSm(source_addr="6" * 30, destination_addr="1")

    assert isinstance(await gateway.smpp.server.deliver("acme", long), Refused)
    assert (
        await gateway.smpp.server.deliver("acme", DeliverSm(source_addr="6", destination_addr="1"))
        == Accepted()
    )


def _are_all_tried(connection: apsw.Connection, attempts: int) -> bool:
    return connection.execute("SELECT count(*), min(attempts) FROM callback").fetchall() == [(5, attempts)]


def _logged(connection: apsw.Connection) -> int:
    return connection.execute("SELECT count(*) FROM callback_log").get


def _soonest(connection: apsw.Connection) -> int:
    return connection.execute("SELECT min(due_ms) FROM callback_due").get


def _most_attempts(connection: apsw.Connection) -> int:
    return connection.execute("SELECT coalesce(max(attempts), 0) FROM callback").get
