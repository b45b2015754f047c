"""How sessions end: what is closed is seen as closed within a tick, and what does not move is not up."""

import asyncio
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.smpp_strategies import bodies
from tests.gateway.smpp_world import SUBMIT, Peer, ScriptedCarrier, linked, until
from tests.waiting import HANG_S

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.accounts import BindGrant
from tellwire.gateway.smpp.codec import encode
from tellwire.gateway.smpp.pdu import DeliverSm, DeliverSmResp, SubmitSmResp
from tellwire.gateway.smpp.server import SmppServer
from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.stall import FIRST_REST_S, LATER_S, LONGEST_REST_S, Stall
from tellwire.gateway.smpp.states import Answered, Ended, Event, Role, State, Timers, Unanswered, Unsent
from tellwire.gateway.smpp.wire import Wire
from tellwire.kernel.failure import Accepted, Unresolved

SUBMITS = 5
_ENDS = [pdu.Unbind(), pdu.UnbindResp(), pdu.EnquireLink(), pdu.EnquireLinkResp(), pdu.GenericNack()]
# What a peer may say: ends and answers often, anything sometimes; under the numbers that we have used, mostly.
_said = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(_ENDS), st.builds(SubmitSmResp, st.just("id")), bodies),
        st.integers(1, SUBMITS + 3),
    ),
    max_size=12,
)
_cuts = st.lists(st.integers(0, 2000), max_size=6)


def bound(now_s: float = 0.0) -> Session:
    """An ESME that is bound and has submits under way."""
    session = Session(Role.ESME, now_s=now_s)
    session.request(pdu.BindTransceiver("acme"), "bind", now_s)
    session.output()
    session.receive(encode(pdu.BindTransceiverResp("smsc"), 1), now_s)
    for token in range(SUBMITS):
        session.request(SUBMIT, token, now_s)
    session.output()
    return session


def segments(octets: bytes, cuts: list[int]) -> list[bytes]:
    """The octets as a network may cut them."""
    edges = sorted({0, len(octets), *(min(cut, len(octets)) for cut in cuts)})
    return [octets[start:end] for start, end in itertools.pairwise(edges)]


@given(said=_said, cuts=_cuts)
def test_every_submit_has_one_fate_and_the_end_is_told_once_however_segments_fall(
    said: list[tuple[pdu.Body, int]], cuts: list[int]
) -> None:
    session = bound()

    events: list[Event] = []
    for segment in segments(b"".join(encode(body, number) for body, number in said), cuts):
        events += session.receive(segment, 1.0)
    ends = [event for event in events if isinstance(event, Ended)]
    events += session.lost("gone")

    assert len(ends) == (session.ended != "gone")
    fates = [event.token for event in events if isinstance(event, Answered | Unanswered | Unsent)]
    assert sorted(fates) == list(range(SUBMITS))  # type: ignore[type-var]  # tokens are ints


class _Transport(asyncio.Transport):
    """A transport that remembers whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def __getattr__(self, _name: str) -> Any:
        return lambda *_, **__: None

    write = abort = pause_reading = resume_reading = set_write_buffer_limits = lambda *_, **__: None


@given(said=_said, cuts=_cuts, fails=st.booleans(), holds=st.booleans())
def test_a_session_that_is_closed_is_a_connection_that_is_closed(
    said: list[tuple[pdu.Body, int]], cuts: list[int], fails: bool, holds: bool
) -> None:
    octets = b"".join(encode(body, number) for body, number in said)
    asyncio.run(_check_closing(segments(octets, cuts), fails=fails, holds=holds))


async def _check_closing(parts: list[bytes], *, fails: bool, holds: bool) -> None:
    """Feed a wire whose owner may fail, or stop reading, at any event."""

    def on_events(wire: Wire, _events: list[Event]) -> None:
        if holds:
            wire.hold()
        if fails:
            raise LookupError("a bug of the owner")

    session = bound(asyncio.get_running_loop().time())
    transport = _Transport()
    wire = Wire(session, on_events=on_events, on_lost=lambda *_: None)
    wire.connection_made(transport)
    for part in parts:
        try:
            wire.data_received(part)
        except LookupError:
            wire._tick()
        assert transport.is_closed == (session.state is State.CLOSED)
    wire.connection_lost(None)


def test_a_carrier_silent_under_load_ends_the_session_with_default_timers() -> None:
    session = bound()
    events: list[Event] = []
    now_s = 0.0

    while session.state is not State.CLOSED and now_s < 300:
        now_s += 1.0
        events += session.tick(now_s)
        while session.free:
            session.request(SUBMIT, now_s, now_s)
        session.output()

    assert session.ended == "no answer to enquire_link"
    assert now_s <= Timers().enquire_s + Timers().response_s + 1
    assert isinstance(events[-1], Unanswered)  # the end does not stand last


async def test_a_carrier_silent_under_load_is_replaced() -> None:
    async def silent(peer: Peer) -> None:
        await peer.grant()
        await asyncio.Event().wait()

    # As the default timers are: answers and enquiries are awaited equally long.
    timers = Timers(response_s=0.2, enquire_s=0.2)
    async with (
        ScriptedCarrier(silent).listening() as carrier,
        linked(carrier.port, window=10, timers=timers) as world,
    ):
        await world.offer(10)

        await until(lambda: world.link.state.phase == "down")

        assert world.link.free == 0
        assert {type(result) for result in world.results.values()} == {Unresolved}


async def test_an_unbind_and_the_answers_in_one_segment_end_the_bind_and_settle_the_submits() -> None:
    async def leaves(peer: Peer) -> None:
        await peer.grant()
        asked = [await peer.next_submit() for _ in range(3)]
        answers = b"".join(encode(SubmitSmResp(f"id-{one.sequence}"), one.sequence) for one in asked)
        peer.writer.write(encode(pdu.Unbind(), 77) + answers)
        assert (await peer.next()).body == pdu.UnbindResp()
        await peer.next()

    async def answers(peer: Peer) -> None:
        await peer.grant()
        while True:
            asked = await peer.next_submit()
            peer.say(SubmitSmResp(f"id-{asked.sequence}"), asked.sequence)

    async with ScriptedCarrier(leaves, answers).listening() as carrier, linked(carrier.port) as world:
        await world.offer(3)

        await until(lambda: carrier.connections == 2)
        await world.bound()

        assert {type(result) for result in world.results.values()} == {Accepted}
        assert "the peer unbound" in world.reasons


async def test_a_customers_unbind_and_answer_in_one_segment_free_the_slot() -> None:
    async def grants(system_id: str, _password: str, _peer: str) -> BindGrant:
        return BindGrant(system_id=system_id, binds=1)

    async def refuses(*_: object) -> str:
        raise AssertionError("nobody submits")

    server = SmppServer(authenticate=grants, on_submit=refuses)
    await server.start()
    try:
        peer = await _bind(server.port)
        delivering = asyncio.create_task(server.deliver("acme", DeliverSm(short_message=b"hi")))
        asked = await peer.next()
        peer.writer.write(encode(pdu.Unbind(), 9) + encode(DeliverSmResp(), asked.sequence))

        async with asyncio.timeout(HANG_S):
            assert await delivering == Accepted()
        again = await _bind(server.port)
        await until(lambda: len(server.binds) == 1)
        again.writer.close()
        peer.writer.close()
    finally:
        await server.stop()


async def _bind(port: int) -> Peer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    peer = Peer(reader, writer)
    peer.say(pdu.BindTransceiver("acme", "secret"), 1)
    answer = await peer.next()
    assert (answer.body.__class__, answer.status) == (pdu.BindTransceiverResp, 0)
    return peer


async def test_a_carrier_that_hangs_up_on_every_submit_is_given_up() -> None:
    async def hangs_up(peer: Peer) -> None:
        await peer.grant()
        await peer.next_submit()

    async with ScriptedCarrier(hangs_up).listening() as carrier, linked(carrier.port) as world:
        for token in range(3):
            await world.bound()
            await world.link.when_free()
            world.link.submit(token, SUBMIT)
            await until(lambda token=token: token in world.results)

        assert world.link.state.reason == "the carrier hangs up instead of answering submit_sm"


def test_a_stalled_carrier_rests_longer_each_time_and_not_for_ever() -> None:
    stall = Stall()
    rests = []

    for sent_s in range(10):
        stall.unanswered(sent_s)
        rests.append(stall.take_rest_s())

    assert rests[:4] == [0.0, FIRST_REST_S, 2 * FIRST_REST_S, 4 * FIRST_REST_S]
    assert max(rests) == LONGEST_REST_S
    assert stall.is_on_trial
    stall.moved(20.0)
    assert not stall.is_on_trial


def test_answers_of_other_submits_speak_for_the_carrier() -> None:
    stall = Stall()

    for sent_s in range(10):
        stall.moved(sent_s + 1.0)
        stall.unanswered(sent_s)

    assert stall.reason == ""


@pytest.mark.parametrize(("every_s", "is_stalled"), [(1.0, True), (LATER_S, False)])
def test_nothing_but_later_is_a_stall_and_a_later_now_and_then_is_not(
    every_s: float, is_stalled: bool
) -> None:
    stall = Stall()

    for number in range(int(LATER_S) + 2):
        stall.put_off(number * every_s)

    assert bool(stall.reason) is is_stalled


async def test_a_carrier_that_rested_gets_one_submit_at_a_time_until_it_takes_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tellwire.gateway.smpp.stall.FIRST_REST_S", 0.01)
    seen = asyncio.Event()
    answer = asyncio.Event()

    async def silent(peer: Peer) -> None:
        await peer.grant()
        await asyncio.Event().wait()

    async def answers(peer: Peer) -> None:
        await peer.grant()
        asked = await peer.next_submit()
        seen.set()
        await answer.wait()
        peer.say(SubmitSmResp("id"), asked.sequence)
        await asyncio.Event().wait()

    timers = Timers(response_s=0.2)
    async with (
        ScriptedCarrier(silent, answers).listening() as carrier,
        linked(carrier.port, window=5, timers=timers) as world,
    ):
        await world.offer(5)
        await until(lambda: carrier.connections == 2)
        await world.bound()
        assert world.link.free == 1
        world.link.submit("trial", SUBMIT)
        await asyncio.wait_for(seen.wait(), HANG_S)
        assert world.link.free == 0
        answer.set()

        await until(lambda: "trial" in world.results)

        assert world.link.free == 5
