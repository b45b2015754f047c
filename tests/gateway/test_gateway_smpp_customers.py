"""Customers over SMPP: their messages are everybody's messages, their receipts come to any bind (8x8 contract 6)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import apsw
import pytest
from msgspec.structs import replace
from tests.gateway.gateway_world import ADMIN, SUB, shown, until, until_asked

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.link import Link
from tellwire.gateway.smpp.receipts import Deliver, DeliveredReceipt, Inbound
from tellwire.gateway.smpp.submission import submit_pdus
from tellwire.gateway.store.routes import SmppLogin, VirtualNumber
from tellwire.kernel.address import SenderId, msisdn_of_digits, parse_sender_id
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
    assert gateway.fleet.simulator is not None

    gateway.fleet.simulator.reply(PHONE, "6580001111", "STOP", "")
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


def _most_attempts(connection: apsw.Connection) -> int:
    return connection.execute("SELECT coalesce(max(attempts), 0) FROM callback").get
