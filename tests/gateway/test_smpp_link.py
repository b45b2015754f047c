"""Links against carriers that misbehave in every way that carriers do. Real sockets, deadlines instead of sleeps."""

import asyncio
import struct

import pytest
from tests.gateway.smpp_world import SUBMIT, Peer, ScriptedCarrier, linked, until
from tests.waiting import HANG_S

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import bare, encode
from tellwire.gateway.smpp.commands import Command, Status
from tellwire.gateway.smpp.pdu import DeliverSm, DeliverSmResp, SubmitSm, SubmitSmResp
from tellwire.gateway.smpp.receipts import Deliver
from tellwire.gateway.smpp.states import Timers
from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved


async def answers(peer: Peer) -> None:
    """A good carrier."""
    await peer.grant()
    while True:
        asked = await peer.next_submit()
        peer.say(SubmitSmResp(f"id-{asked.sequence}"), asked.sequence)


async def silent(peer: Peer) -> None:
    """Binds, and answers nothing but enquiries."""
    await peer.grant()
    while True:
        await peer.next_submit()


async def test_a_submit_is_accepted_with_the_carriers_id() -> None:
    async with ScriptedCarrier(answers).listening() as carrier, linked(carrier.port) as world:
        await world.offer(100)

        await until(lambda: len(world.results) == 100)

        assert world.results[0] == Accepted("id-2")
        assert all(isinstance(result, Accepted) for result in world.results.values())
        assert world.link.state.window_used == 0


async def test_a_carrier_that_answers_enquiries_and_no_submit_is_not_up() -> None:
    timers = Timers(response_s=0.2)
    async with (
        ScriptedCarrier(silent).listening() as carrier,
        linked(carrier.port, window=3, timers=timers) as world,
    ):
        await world.offer(3)

        await until(lambda: len(world.results) == 3)

        assert {type(result) for result in world.results.values()} == {Unresolved}
        await until(lambda: world.link.state.phase == "down")
        assert world.link.state.reason == "the carrier answers no submit_sm"
        assert (world.link.free, carrier.connections) == (0, 1)


async def test_one_lost_answer_among_others_costs_neither_the_bind_nor_a_slot() -> None:
    async def forgets_one(peer: Peer) -> None:
        await peer.grant()
        await peer.next_submit()
        while True:
            asked = await peer.next_submit()
            peer.say(SubmitSmResp(f"id-{asked.sequence}"), asked.sequence)

    timers = Timers(response_s=0.2)
    async with (
        ScriptedCarrier(forgets_one).listening() as carrier,
        linked(carrier.port, window=3, timers=timers) as world,
    ):
        await world.offer(3)

        await until(lambda: len(world.results) == 3)

        assert [type(world.results[token]) for token in range(3)] == [Unresolved, Accepted, Accepted]
        assert (world.link.state.phase, world.link.free) == ("bound", 3)


async def test_answers_out_of_order_twice_and_to_nothing_settle_each_submit_once() -> None:
    async def confused(peer: Peer) -> None:
        await peer.grant()
        asked = [await peer.next_submit() for _ in range(10)]
        for one in reversed(asked):
            peer.say(SubmitSmResp(f"id-{one.sequence}"), one.sequence)
            peer.say(SubmitSmResp("again"), one.sequence)
            peer.say(SubmitSmResp("nobody"), one.sequence + 4711)
            peer.say(pdu.EnquireLinkResp(), one.sequence + 1)
        await peer.next()

    async with ScriptedCarrier(confused).listening() as carrier, linked(carrier.port) as world:
        await world.offer(10)

        await until(lambda: len(world.results) == 10)

        assert [result for _, result in sorted(world.results.items())] == [  # type: ignore[type-var]  # tokens are ints
            Accepted(f"id-{n + 2}") for n in range(10)
        ]
        await until(lambda: world.link.state.strays == 30)


async def test_a_disconnect_leaves_the_sent_unresolved_and_the_link_comes_back() -> None:
    async def hangs_up(peer: Peer) -> None:
        await peer.grant()
        for _ in range(5):
            await peer.next_submit()

    async with ScriptedCarrier(hangs_up, answers).listening() as carrier, linked(carrier.port) as world:
        await world.offer(5)
        await until(lambda: len(world.results) == 5)
        assert {type(result) for result in world.results.values()} == {Unresolved}

        await world.bound()
        await world.link.when_free()
        world.link.submit("later", SUBMIT)

        await until(lambda: "later" in world.results)
        assert isinstance(world.results["later"], Accepted)
        assert world.phases[:4] == ["connecting", "bound", "down", "connecting"]


async def test_what_is_offered_to_a_link_that_is_down_is_deferred() -> None:
    async with linked(port=1) as world:
        world.link.submit("a", SUBMIT)

        assert world.results == {}  # never from within submit
        await until(lambda: world.results)
        assert isinstance(world.results["a"], Deferred)
        assert world.link.free == 0


@pytest.mark.parametrize(
    "garbage",
    [
        struct.pack(">IIII", 0xFFFFFFFF, 4, 0, 1),
        struct.pack(">IIII", 3, 4, 0, 1),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        bytes(64),
    ],
    ids=["oversized", "too short", "http", "zeros"],
)
async def test_garbage_costs_the_connection_but_never_the_link(garbage: bytes) -> None:
    async def babbles(peer: Peer) -> None:
        await peer.grant()
        await peer.next_submit()
        peer.writer.write(garbage)
        nack = await peer.next()
        assert nack.body == pdu.GenericNack()

    async with ScriptedCarrier(babbles, answers).listening() as carrier, linked(carrier.port) as world:
        await world.offer(1)
        await until(lambda: world.results)
        assert isinstance(world.results[0], Unresolved)

        await world.bound()
        await until(lambda: carrier.connections == 2)


async def test_malformed_and_unknown_pdus_are_refused_and_cost_nothing_else() -> None:
    refusals, asked = [], asyncio.Event()

    async def odd(peer: Peer) -> None:
        await peer.grant()
        peer.writer.write(struct.pack(">IIII", 20, Command.DELIVER_SM, 0, 70) + b"junk")
        peer.writer.write(struct.pack(">IIII", 16, 0x0BADBAD, 0, 71))
        peer.writer.write(encode(pdu.QuerySm("x"), 72))
        refusals.extend([await peer.next() for _ in range(3)])
        asked.set()
        await peer.next_submit()
        peer.writer.write(struct.pack(">IIII", 316, Command.SUBMIT_SM_RESP, 0, 2) + b"x" * 300)
        await peer.next()

    async with ScriptedCarrier(odd).listening() as carrier, linked(carrier.port) as world:
        await asyncio.wait_for(asked.wait(), HANG_S)
        world.link.submit("a", SUBMIT)

        await until(lambda: world.results)

        assert [(one.sequence, one.status) for one in refusals] == [
            (70, Status.RINVSERTYP),
            (71, Status.RINVCMDID),
            (72, Status.RINVBNDSTS),
        ]
        assert world.results["a"] == Accepted("")  # accepted, though nobody can read under which id
        assert (world.link.state.flaws, world.link.state.last_flaw) == (2, "unknown command_id")


async def test_a_flawed_receipt_is_stored_acknowledged_and_counted() -> None:
    answered = asyncio.Event()
    receipt = encode(pdu.DeliverSm(esm_class=4, short_message=b"id:7 stat:DELIVRD"), 70) + b"\0"

    async def sloppy(peer: Peer) -> None:
        await peer.grant()
        peer.writer.write(struct.pack(">I", len(receipt)) + receipt[4:])
        assert await peer.next() == pdu.Pdu(pdu.DeliverSmResp(), 70)
        answered.set()
        await peer.next()

    async with ScriptedCarrier(sloppy).listening() as carrier, linked(carrier.port) as world:
        await asyncio.wait_for(answered.wait(), HANG_S)

        assert len(world.delivered) == 1
        assert (world.link.state.delivered, world.link.state.flaws) == (1, 1)


async def test_a_truncated_pdu_is_waited_for_and_then_read_whole() -> None:
    first_half = asyncio.Event()

    async def drips(peer: Peer) -> None:
        await peer.grant()
        whole = encode(DeliverSm(source_addr="6591230000", short_message=b"hello"), 9)
        peer.writer.write(whole[:21])
        await peer.writer.drain()
        first_half.set()
        await asyncio.sleep(0)
        peer.writer.write(whole[21:])
        assert (await peer.next()).body == DeliverSmResp()
        await peer.next()

    async with ScriptedCarrier(drips).listening() as carrier, linked(carrier.port) as world:
        await asyncio.wait_for(first_half.wait(), HANG_S)
        await until(lambda: len(world.delivered) == 1)


async def test_a_half_open_connection_is_noticed_and_replaced() -> None:
    async def dead(peer: Peer) -> None:
        await peer.grant()
        await asyncio.Event().wait()

    timers = Timers(enquire_s=0.1, response_s=0.1)
    async with (
        ScriptedCarrier(dead, answers).listening() as carrier,
        linked(carrier.port, timers=timers) as world,
    ):
        await until(lambda: carrier.connections == 2)

        assert "no answer to enquire_link" in world.reasons
        await world.bound()
        await world.offer(1)
        await until(lambda: world.results)
        assert isinstance(world.results[0], Accepted)


async def test_a_carrier_that_enquires_is_answered() -> None:
    answered = asyncio.Event()

    async def enquires(peer: Peer) -> None:
        await peer.grant()
        peer.say(pdu.EnquireLink(), 5)
        found = await peer.next()
        assert (found.body, found.sequence) == (pdu.EnquireLinkResp(), 5)
        answered.set()

    async with ScriptedCarrier(enquires).listening() as carrier, linked(carrier.port):
        async with asyncio.timeout(HANG_S):
            await answered.wait()


async def test_a_deliver_is_acknowledged_only_after_it_is_stored() -> None:
    order: list[str] = []
    stored = asyncio.Event()

    async def delivers(peer: Peer) -> None:
        await peer.grant()
        peer.say(DeliverSm(short_message=b"one"), 1)
        assert (await peer.next()).status == 0
        order.append("acknowledged")
        stored.set()

    async with ScriptedCarrier(delivers).listening() as carrier, linked(carrier.port) as world:

        async def store(_: Deliver) -> None:
            await asyncio.sleep(0)
            order.append("stored")

        world.store = store
        async with asyncio.timeout(HANG_S):
            await stored.wait()

        assert order[:2] == ["stored", "acknowledged"]


async def test_what_cannot_be_stored_is_left_to_the_carrier() -> None:
    statuses: list[int] = []

    async def delivers(peer: Peer) -> None:
        await peer.grant()
        peer.say(DeliverSm(short_message=b"one"), 1)
        statuses.append((await peer.next()).status)
        await peer.next()

    async with ScriptedCarrier(delivers).listening() as carrier, linked(carrier.port) as world:

        async def full(_: Deliver) -> None:
            raise OSError("disk full")

        world.store = full
        await until(lambda: statuses)

        assert statuses == [Status.RX_T_APPN]
        assert world.link.state.not_stored == 1


async def test_more_receipts_than_can_be_stored_wait_with_the_carrier_and_none_is_lost() -> None:
    flood, limit = 5_000, 50
    acknowledged: list[int] = []
    gate = asyncio.Event()

    async def floods(peer: Peer) -> None:
        await peer.grant()

        async def write() -> None:
            for sequence in range(1, flood + 1):
                peer.say(DeliverSm(esm_class=4, short_message=b"id:%d stat:DELIVRD" % sequence), sequence)
                await peer.writer.drain()

        writing = asyncio.create_task(write())
        while len(acknowledged) < flood:
            found = await peer.next()
            if isinstance(found.body, DeliverSmResp):
                assert found.status == 0
                acknowledged.append(found.sequence)
        await writing
        await peer.next()

    timers = Timers(enquire_s=0.2, response_s=0.2, idle_s=0.5)
    async with (
        ScriptedCarrier(floods).listening() as carrier,
        linked(carrier.port, deliveries_in_flight=limit, timers=timers) as world,
    ):
        in_flight = most = 0

        async def store(deliver: Deliver) -> None:
            nonlocal in_flight, most
            in_flight += 1
            most = max(most, in_flight)
            await gate.wait()
            in_flight -= 1
            world.delivered.append(deliver)

        world.store = store
        await until(lambda: in_flight >= limit)
        loop = asyncio.get_running_loop()
        blocked_since = loop.time()
        await until(
            lambda: loop.time() - blocked_since > 0.7
        )  # longer than every timer: blocking must cost nothing
        assert acknowledged == []
        assert world.link.state.phase == "bound"
        gate.set()

        await until(lambda: len(acknowledged) == flood)

        assert sorted(acknowledged) == list(range(1, flood + 1))
        assert len(world.delivered) == flood
        # What one read of the socket (at most 256 KiB) brought beyond the limit is the only excess.
        assert most <= limit + 256 * 1024 // 50
        assert carrier.connections == 1


async def test_a_throttled_message_waits_in_the_link_and_goes_again() -> None:
    async def throttles(peer: Peer) -> None:
        await peer.grant()
        for _ in range(3):
            asked = await peer.next_submit()
            peer.writer.write(bare(Command.SUBMIT_SM_RESP, asked.sequence, Status.RTHROTTLED))
        asked = await peer.next_submit()
        peer.say(SubmitSmResp("at last"), asked.sequence)
        await peer.next()

    async with ScriptedCarrier(throttles).listening() as carrier, linked(carrier.port) as world:
        await world.offer(1)

        await until(lambda: world.results)

        assert world.results == {0: Accepted("at last")}
        assert world.link.state.throttled == 3


async def test_throttled_messages_are_surely_not_sent_when_the_connection_goes() -> None:
    async def throttles_and_goes(peer: Peer) -> None:
        await peer.grant()
        asked = [await peer.next_submit() for _ in range(4)]
        for one in asked:
            peer.writer.write(bare(Command.SUBMIT_SM_RESP, one.sequence, Status.RTHROTTLED))

    async with ScriptedCarrier(throttles_and_goes).listening() as carrier, linked(
        carrier.port, start_per_s=4.0
    ) as world:  # fmt: skip
        await world.offer(4)

        await until(lambda: len(world.results) == 4)

        assert any(isinstance(result, Deferred) for result in world.results.values())
        assert all(isinstance(result, Deferred | Unresolved) for result in world.results.values())


async def test_a_refused_bind_is_told_and_tried_again_slowly() -> None:
    async def refuses(peer: Peer) -> None:
        asked = await peer.next()
        peer.writer.write(bare(Command.BIND_TRANSCEIVER_RESP, asked.sequence, Status.RINVPASWD))
        await peer.next()

    async with ScriptedCarrier(refuses).listening() as carrier, linked(carrier.port) as world:
        await until(lambda: carrier.connections >= 3)

        assert "the carrier refused the bind: ESME_RINVPASWD" in world.reasons
        assert "bound" not in world.phases
        assert not any("secret" in reason for reason in world.reasons)


async def test_a_carrier_that_appears_later_is_found() -> None:
    async with linked(port=1) as nowhere:
        await until(lambda: "down" in nowhere.phases)
        assert "cannot connect" in nowhere.link.state.reason

    async with ScriptedCarrier(answers).listening() as carrier:
        port = carrier.port
    async with linked(port) as world:
        await until(lambda: "down" in world.phases)
        async with ScriptedCarrier(answers).listening(port):
            await world.bound()
            await world.link.close()


async def test_drain_waits_for_answers_and_says_goodbye() -> None:
    goodbye = asyncio.Event()
    release = asyncio.Event()

    async def slow(peer: Peer) -> None:
        await peer.grant()
        asked = await peer.next_submit()
        await release.wait()
        peer.say(SubmitSmResp("late"), asked.sequence)
        found = await peer.next()
        assert found.body == pdu.Unbind()
        peer.say(pdu.UnbindResp(), found.sequence)
        goodbye.set()

    async with ScriptedCarrier(slow).listening() as carrier, linked(carrier.port) as world:
        await world.offer(1)
        draining = asyncio.create_task(world.link.drain(5.0))
        await asyncio.sleep(0)
        assert world.link.free == 0
        release.set()

        await draining

        assert world.results == {0: Accepted("late")}
        assert goodbye.is_set()
        assert carrier.connections == 1


async def test_drain_ends_in_time_with_a_carrier_that_does_not() -> None:
    async with ScriptedCarrier(silent).listening() as carrier, linked(carrier.port) as world:
        await world.offer(1)
        loop = asyncio.get_running_loop()
        began = loop.time()

        await world.link.drain(0.2)

        assert loop.time() - began < 3
        assert isinstance(world.results[0], Unresolved)


async def test_a_message_that_the_wire_cannot_carry_is_refused() -> None:
    async with ScriptedCarrier(answers).listening() as carrier, linked(carrier.port) as world:
        await world.bound()

        world.link.submit("bad", SubmitSm(destination_addr="9" * 30))
        world.link.submit("good", SUBMIT)

        await until(lambda: len(world.results) == 2)
        assert world.results["bad"] == Refused("does not fit on the wire: destination_addr", "38")
        assert isinstance(world.results["good"], Accepted)


async def test_a_receiver_takes_deliveries_and_offers_no_room() -> None:
    async def delivers(peer: Peer) -> None:
        await peer.grant()
        peer.say(DeliverSm(short_message=b"hello"), 1)
        await peer.next()
        await peer.next()

    async with (
        ScriptedCarrier(delivers).listening() as carrier,
        linked(carrier.port, bind="receiver") as world,
    ):
        await until(lambda: world.delivered)

        assert world.link.state.phase == "bound"
        assert world.link.free == 0
