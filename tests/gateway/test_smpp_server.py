"""Customers' binds to our server: who gets in, how fast, when a submit is answered, where receipts go."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.gateway.smpp_certificates import Authority
from tests.gateway.smpp_world import SUBMIT, Peer, linked, until
from tests.waiting import HANG_S

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.accounts import BindGrant, CustomerSubmit, read_submit
from tellwire.gateway.smpp.commands import Command, Status
from tellwire.gateway.smpp.deliveries import ReceiptFacts, receipt_sm, text_sms
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import SubmitSm, SubmitSmResp
from tellwire.gateway.smpp.receipts import DeliveredReceipt, Inbound
from tellwire.gateway.smpp.server import SmppServer
from tellwire.gateway.smpp.states import Timers
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved
from tellwire.kernel.sms import compose

NOW = datetime(2026, 11, 22, 14, 53, tzinfo=UTC)
RECEIPT = receipt_sm(
    ReceiptFacts(
        message_id="u-1",
        source="ACME",
        destination="6591230000",
        stat="DELIVRD",
        error=0,
        submitted_at=NOW,
        done_at=NOW,
        mcc="525",
        mnc="03",
    )
)


class Application:
    """A gateway behind the server: one customer, and everything they submit."""

    def __init__(self) -> None:
        self.submits: list[CustomerSubmit] = []
        self.grant = BindGrant(system_id="acme", throughput_per_s=10_000)
        self.answer: str | int = ""
        self.gate = asyncio.Event()
        self.gate.set()

    async def authenticate(self, system_id: str, password: str, peer: str) -> BindGrant | int:
        assert peer == "127.0.0.1"
        if system_id != "acme":
            return Status.RINVSYSID
        return self.grant if password == "secret" else Status.RINVPASWD

    async def on_submit(self, grant: BindGrant, submit: CustomerSubmit) -> str | int:
        assert grant.system_id == "acme"
        self.submits.append(submit)
        number = len(self.submits)
        await self.gate.wait()
        return self.answer or f"umid-{number}"


@contextlib.asynccontextmanager
async def serving(application: Application, **options: object) -> AsyncIterator[SmppServer]:
    server = SmppServer(
        authenticate=application.authenticate,
        on_submit=application.on_submit,
        refusal_delay_s=0.0,
        **options,  # type: ignore[arg-type]  # a test names fields
    )
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def customer(server: SmppServer) -> AsyncIterator[Peer]:
    """A customer's bare socket."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield Peer(reader, writer)
    finally:
        writer.close()


async def test_a_customer_binds_submits_and_gets_the_receipt() -> None:
    application = Application()
    async with serving(application) as server, linked(server.port) as world:
        await world.offer(3)
        await until(lambda: len(world.results) == 3)

        outcome = await server.deliver("acme", RECEIPT)

        assert world.results[0] == Accepted("umid-1")
        assert application.submits[0].destination == "6591230000"
        assert application.submits[0].words.text == "hi"
        assert application.submits[0].wants_receipt
        assert outcome == Accepted()
        (receipt,) = world.delivered
        assert isinstance(receipt, DeliveredReceipt)
        assert (receipt.carrier_message_id, receipt.mcc, receipt.mnc) == ("u-1", "525", "03")
        (bind,) = server.binds
        assert (bind.system_id, bind.kind, bind.submitted, bind.delivered) == ("acme", "transceiver", 3, 1)


@pytest.mark.parametrize(
    ("login", "status"), [(("acme", "wrong"), Status.RINVPASWD), (("evil", "secret"), Status.RINVSYSID)]
)
async def test_bad_credentials_are_refused_with_the_right_status(login: tuple[str, str], status: int) -> None:
    async with serving(Application()) as server, customer(server) as peer:
        peer.say(pdu.BindTransceiver(*login), 1)

        assert (await peer.next()).status == status
        assert await peer.reader.read() == b""
        assert server.binds == []


async def test_the_fifth_bind_of_a_system_id_is_refused() -> None:
    async with serving(Application()) as server, contextlib.AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(customer(server)) for _ in range(5)]
        statuses = []
        for peer in peers:
            peer.say(pdu.BindTransceiver("acme", "secret"), 1)
            statuses.append((await peer.next()).status)

        assert statuses == [0, 0, 0, 0, Status.RALYBND]


async def test_a_bind_that_ends_makes_room_for_another() -> None:
    application = Application()
    application.grant = BindGrant(system_id="acme", binds=1)
    async with serving(application) as server:
        for _ in range(3):
            async with customer(server) as peer:
                peer.say(pdu.BindTransceiver("acme", "secret"), 1)
                assert (await peer.next()).status == 0
                peer.say(pdu.Unbind(), 2)
                assert (await peer.next()).body == pdu.UnbindResp()
            await until(lambda: not server.binds)


async def test_an_application_that_fails_to_authenticate_lets_nobody_in() -> None:
    application = Application()

    async def broken(*_: str) -> BindGrant:
        raise OSError("database gone")

    application.authenticate = broken  # type: ignore[method-assign]  # a broken one
    async with serving(application) as server, customer(server) as peer:
        peer.say(pdu.BindTransceiver("acme", "secret"), 1)

        assert (await peer.next()).status == Status.RBINDFAIL


async def test_a_submit_is_answered_only_after_the_application_has_it() -> None:
    application = Application()
    application.gate.clear()
    async with serving(application) as server, linked(server.port) as world:
        await world.offer(1)
        await until(lambda: application.submits)
        assert world.results == {}

        application.gate.set()

        await until(lambda: world.results == {0: Accepted("umid-1")})


@pytest.mark.parametrize(("answer", "kind"), [(Status.RINVSRCADR, Refused), (Status.RSYSERR, Deferred)])
async def test_the_applications_refusal_reaches_the_customer(answer: int, kind: type) -> None:
    application = Application()
    application.answer = answer
    async with serving(application) as server, linked(server.port) as world:
        await world.offer(1)

        await until(lambda: world.results)

        assert isinstance(world.results[0], kind)


async def test_an_application_that_fails_is_a_system_error_to_the_customer() -> None:
    application = Application()

    async def broken(*_: object) -> str:
        raise OSError("disk full")

    application.on_submit = broken  # type: ignore[method-assign]  # a broken one
    async with serving(application) as server, customer(server) as peer:
        peer.say(pdu.BindTransceiver("acme", "secret"), 1)
        await peer.next()
        peer.say(SUBMIT, 2)

        assert (await peer.next()).status == Status.RSYSERR


async def test_more_than_the_granted_throughput_is_throttled() -> None:
    application = Application()
    application.grant = BindGrant(system_id="acme", throughput_per_s=20)
    async with serving(application) as server, customer(server) as peer:
        peer.say(pdu.BindTransceiver("acme", "secret"), 1)
        await peer.next()
        for n in range(40):
            peer.say(SUBMIT, n + 2)

        statuses = [(await peer.next()).status for _ in range(40)]

        assert statuses.count(Status.RTHROTTLED) in range(28, 31)
        assert set(statuses) == {0, Status.RTHROTTLED}


async def test_more_than_the_window_waits_nowhere() -> None:
    application = Application()
    application.grant = BindGrant(system_id="acme", throughput_per_s=10_000, window=5)
    application.gate.clear()
    async with serving(application) as server, customer(server) as peer:
        peer.say(pdu.BindTransceiver("acme", "secret"), 1)
        await peer.next()
        for n in range(8):
            peer.say(SUBMIT, n + 2)

        refused = [await peer.next() for _ in range(3)]

        assert {one.status for one in refused} == {Status.RMSGQFUL}
        application.gate.set()
        assert {(await peer.next()).status for _ in range(5)} == {0}


async def test_submits_before_a_bind_and_other_requests_are_refused() -> None:
    async with serving(Application()) as server, customer(server) as peer:
        peer.say(SUBMIT, 1)
        assert (await peer.next()).status == Status.RINVBNDSTS
        peer.say(pdu.BindTransceiver("acme", "secret"), 2)
        await peer.next()

        peer.say(pdu.QuerySm("x"), 3)
        peer.say(pdu.CancelSm(message_id="x"), 4)
        peer.say(pdu.DataSm(destination_addr="6591230000"), 5)
        peer.writer.write(struct.pack(">IIII", 16, Command.SUBMIT_MULTI, 0, 6))
        peer.say(pdu.EnquireLink(), 7)

        found = sorted([await peer.next() for _ in range(5)], key=lambda one: one.sequence)
        assert [(type(one.body), one.status) for one in found] == [
            (pdu.GenericNack, Status.RINVCMDID),
            (pdu.GenericNack, Status.RINVCMDID),
            (pdu.DataSmResp, Status.RINVCMDID),
            (pdu.GenericNack, Status.RINVCMDID),
            (pdu.EnquireLinkResp, 0),
        ]


async def test_garbage_and_silence_cost_the_connection() -> None:
    timers = Timers(bind_s=0.1)
    async with serving(Application(), timers=timers) as server:
        async with customer(server) as peer:
            peer.writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await peer.next()).body == pdu.GenericNack()
            assert await peer.reader.read() == b""
        async with customer(server) as peer, asyncio.timeout(HANG_S):
            assert await peer.reader.read() == b""


async def test_a_receipt_for_nobody_is_deferred_and_one_never_answered_unresolved() -> None:
    async with serving(Application(), timers=Timers(response_s=0.2)) as server, customer(server) as peer:
        assert isinstance(await server.deliver("acme", RECEIPT), Deferred)
        peer.say(pdu.BindTransmitter("acme", "secret"), 1)
        await peer.next()
        assert isinstance(await server.deliver("acme", RECEIPT), Deferred)

        async with customer(server) as receiver:
            receiver.say(pdu.BindReceiver("acme", "secret"), 1)
            await receiver.next()
            assert isinstance(await server.deliver("acme", RECEIPT), Unresolved)


@pytest.mark.parametrize(
    ("status", "kind"), [(Status.RX_T_APPN, Deferred), (Status.RX_P_APPN, Refused), (Status.ROK, Accepted)]
)
async def test_the_customers_answer_to_a_receipt_decides(status: int, kind: type) -> None:
    async with serving(Application()) as server, customer(server) as peer:
        peer.say(pdu.BindTransceiver("acme", "secret"), 1)
        await peer.next()
        delivering = asyncio.create_task(server.deliver("acme", RECEIPT))
        told = await peer.next()
        peer.say(pdu.DeliverSmResp(), told.sequence, status)

        assert isinstance(await delivering, kind)


async def test_a_text_from_a_handset_reaches_the_customer_with_its_id() -> None:
    async with serving(Application()) as server, linked(server.port) as world:
        await world.bound()
        (message,) = text_sms(
            "6591230000", "71234", compose("Grüße"), reference=1, dialect=Dialect(), message_id="0b4c2f0e"
        )

        assert await server.deliver("acme", message) == Accepted()

        (inbound,) = world.delivered
        assert isinstance(inbound, Inbound)
        assert (inbound.text, inbound.message_id) == ("Grüße", "0b4c2f0e")


async def test_drain_finishes_what_was_taken_and_unbinds() -> None:
    application = Application()
    application.gate.clear()
    async with serving(application) as server, customer(server) as peer:
        peer.say(pdu.BindTransceiver("acme", "secret"), 1)
        await peer.next()
        peer.say(SUBMIT, 2)
        await until(lambda: application.submits)

        draining = asyncio.create_task(server.drain(5.0))
        await asyncio.sleep(0)
        application.gate.set()
        await draining

        assert (await peer.next()).body == SubmitSmResp("umid-1")
        assert (await peer.next()).body == pdu.Unbind()


async def test_more_connections_than_allowed_are_closed_at_once() -> None:
    async with serving(Application(), connections=1) as server, customer(server) as first:
        first.say(pdu.BindTransceiver("acme", "secret"), 1)
        await first.next()

        async with customer(server) as second, asyncio.timeout(HANG_S):
            assert await second.reader.read() == b""


@pytest.mark.parametrize(
    ("submit", "status"),
    [
        (SubmitSm(destination_addr="banana"), Status.RINVDSTADR),
        (SubmitSm(destination_addr="123"), Status.RINVDSTADR),
        (SubmitSm(destination_addr="6591230000", validity_period="99" * 8), Status.RINVEXPIRY),
        (SubmitSm(destination_addr="6591230000", schedule_delivery_time="x" * 16), Status.RINVSCHED),
        (SubmitSm(destination_addr="6591230000", esm_class=0x08), Status.RINVESMCLASS),
        (SubmitSm(destination_addr="6591230000", data_coding=0x04), Status.RSUBMITFAIL),  # binary
        (SubmitSm(destination_addr="6591230000", data_coding=0x05), Status.RSUBMITFAIL),  # JIS
    ],
)
def test_a_submit_that_makes_no_sense_is_refused_by_its_field(submit: SubmitSm, status: int) -> None:
    assert read_submit(submit, Dialect(), NOW) == status


# TLS


async def test_tls_both_ways_binds_and_strangers_do_not(tmp_path: Path) -> None:
    good, other = Authority(tmp_path, "good"), Authority(tmp_path, "other")
    ours, customers, strangers = good.issue("server"), good.issue("client"), other.issue("stranger")
    tls = TlsConfig(ca_file=good.file, cert_file=ours[0], key_file=ours[1])

    async with serving(Application(), tls=tls) as server:
        known = TlsConfig(
            ca_file=good.file, cert_file=customers[0], key_file=customers[1], server_name="carrier.example"
        )
        async with linked(server.port, tls=known) as world:
            await world.offer(1)
            await until(lambda: world.results == {0: Accepted("umid-1")})

        for stranger in (
            TlsConfig(ca_file=good.file),
            TlsConfig(ca_file=good.file, cert_file=strangers[0], key_file=strangers[1]),
            TlsConfig(ca_file=other.file, cert_file=customers[0], key_file=customers[1]),
            TlsConfig(
                ca_file=good.file,
                cert_file=customers[0],
                key_file=customers[1],
                server_name="elsewhere.example",
            ),
            TlsConfig(ca_file=str(tmp_path / "missing.pem")),
        ):
            async with linked(server.port, tls=stranger) as world:
                await until(lambda seen=world: "down" in seen.phases)
                assert "bound" not in world.phases
