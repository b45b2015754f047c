"""The session's laws: who may say what, what is answered, what was sent and what was not. No sockets, no clock."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import Framer, bare, decode, encode
from tellwire.gateway.smpp.commands import Command, Status
from tellwire.gateway.smpp.pdu import DeliverSm, Pdu, SubmitSm, SubmitSmResp
from tellwire.gateway.smpp.session import LAST_SEQUENCE, Session
from tellwire.gateway.smpp.states import Answered, Asked, Ended, Role, State, Timers, Unanswered, Unsent

TIMERS = Timers(bind_s=10, response_s=30, enquire_s=60, idle_s=150)
SUBMIT = SubmitSm(destination_addr="6591230000", short_message=b"hi")


def pair(bind: type[pdu.Bind] = pdu.BindTransceiver, *, window: int = 10) -> tuple[Session, Session]:
    """An ESME and an SMSC that are bound."""
    esme = Session(Role.ESME, now_s=0.0, window=window, timers=TIMERS)
    smsc = Session(Role.SMSC, now_s=0.0, window=window, timers=TIMERS)
    esme.request(bind("acme", "secret"), "bind", 0.0)
    (asked,) = smsc.receive(esme.output(), 0.0)
    assert isinstance(asked, Asked)
    answers = {
        pdu.BindTransceiver: pdu.BindTransceiverResp,
        pdu.BindReceiver: pdu.BindReceiverResp,
        pdu.BindTransmitter: pdu.BindTransmitterResp,
    }
    smsc.respond(asked.sequence, answers[bind]("smsc"))
    (answered,) = esme.receive(smsc.output(), 0.0)
    assert answered == Answered("bind", 0, answers[bind]("smsc"))
    return esme, smsc


def said(session: Session) -> list[Pdu]:
    """What a session sends, read."""
    found = [decode(frame) for frame in Framer().feed(session.output())]
    assert all(isinstance(one, Pdu) for one in found)
    return found  # type: ignore[return-value]  # just asserted


@pytest.mark.parametrize(
    ("bind", "state"),
    [
        (pdu.BindTransceiver, State.BOUND_TRX),
        (pdu.BindTransmitter, State.BOUND_TX),
        (pdu.BindReceiver, State.BOUND_RX),
    ],
)
def test_a_granted_bind_binds_both_ends(bind: type[pdu.Bind], state: State) -> None:
    esme, smsc = pair(bind)

    assert (esme.state, smsc.state) == (state, state)
    assert (esme.free > 0) == (state is not State.BOUND_RX)
    assert (smsc.free > 0) == (state is not State.BOUND_TX)


def test_a_refused_bind_leaves_the_session_open() -> None:
    esme, smsc = (Session(role, now_s=0.0) for role in Role)
    esme.request(pdu.BindTransceiver("acme", "wrong"), "bind", 0.0)
    (asked,) = smsc.receive(esme.output(), 0.0)

    smsc.refuse(asked.sequence, Status.RINVPASWD)

    (answered,) = esme.receive(smsc.output(), 0.0)
    assert isinstance(answered, Answered)
    assert answered.status == Status.RINVPASWD
    assert (esme.state, smsc.state) == (State.OPEN, State.OPEN)


def test_a_submit_is_answered_with_its_own_token() -> None:
    esme, smsc = pair()
    for token in "abc":
        esme.request(SUBMIT, token, 1.0)
    asked = smsc.receive(esme.output(), 1.0)

    for one in reversed(asked):
        smsc.respond(one.sequence, SubmitSmResp(f"id-{one.sequence}"))

    answers = esme.receive(smsc.output(), 1.0)
    assert [answer.token for answer in answers] == ["c", "b", "a"]
    assert esme.outstanding == smsc.unanswered_asks == 0


@pytest.mark.parametrize("kind", [pdu.SubmitSm, pdu.DeliverSm, pdu.Unbind])
def test_what_may_not_be_said_now_is_an_error_to_say(kind: type[pdu.Request]) -> None:
    esme = Session(Role.ESME, now_s=0.0)

    with pytest.raises(RuntimeError, match="may not be sent"):
        esme.request(kind(), "token", 0.0)


def test_a_request_out_of_state_is_refused_with_its_own_response() -> None:
    smsc = Session(Role.SMSC, now_s=0.0)

    events = smsc.receive(encode(SUBMIT, 8), 0.0)

    assert events == []
    assert said(smsc) == [Pdu(SubmitSmResp(), 8, Status.RINVBNDSTS)]


def test_a_deliver_to_a_transmitter_is_refused() -> None:
    esme, _ = pair(pdu.BindTransmitter)

    assert esme.receive(encode(DeliverSm(), 8), 0.0) == []
    assert said(esme) == [Pdu(pdu.DeliverSmResp(), 8, Status.RINVBNDSTS)]


def test_a_second_bind_is_already_bound() -> None:
    _, smsc = pair()

    assert smsc.receive(encode(pdu.BindTransmitter("acme"), 9), 0.0) == []
    assert said(smsc) == [Pdu(pdu.BindTransmitterResp(), 9, Status.RALYBND)]


def test_a_second_bind_while_the_first_is_decided_is_already_bound() -> None:
    smsc = Session(Role.SMSC, now_s=0.0)

    events = smsc.receive(encode(pdu.BindTransmitter("a"), 1) + encode(pdu.BindTransmitter("b"), 2), 0.0)

    assert [event.sequence for event in events] == [1]
    assert said(smsc) == [Pdu(pdu.BindTransmitterResp(), 2, Status.RALYBND)]


def test_answers_twice_late_or_to_nothing_are_counted_and_change_nothing() -> None:
    esme, _ = pair()
    sequence = esme.request(SUBMIT, "a", 0.0)
    esme.output()
    answer = encode(SubmitSmResp("x"), sequence)

    events = esme.receive(answer + answer + encode(SubmitSmResp("y"), 4711), 0.0)

    assert events == [Answered("a", 0, SubmitSmResp("x"))]
    assert esme.strays == 2


def test_an_answer_of_another_kind_settles_nothing() -> None:
    esme, _ = pair()
    sequence = esme.request(SUBMIT, "a", 0.0)

    assert esme.receive(encode(pdu.EnquireLinkResp(), sequence), 0.0) == []
    assert (esme.strays, esme.outstanding) == (1, 1)


def test_a_nack_refuses_its_request_even_when_it_says_ok() -> None:
    esme, _ = pair()
    first, second = esme.request(SUBMIT, "a", 0.0), esme.request(SUBMIT, "b", 0.0)

    events = esme.receive(bare(Command.GENERIC_NACK, first, 3) + bare(Command.GENERIC_NACK, second, 0), 0.0)

    assert events == [Answered("a", 3, None), Answered("b", Status.RUNKNOWNERR, None)]


def test_a_mangled_answer_still_settles_its_request_by_its_header() -> None:
    esme, _ = pair()
    sequence = esme.request(SUBMIT, "a", 0.0)
    mangled = struct.pack(">IIII", 16 + 300, Command.SUBMIT_SM_RESP, 0, sequence) + b"x" * 300

    assert esme.receive(mangled, 0.0) == [Answered("a", 0, None)]


def test_a_malformed_request_is_refused_and_the_stream_goes_on() -> None:
    _, smsc = pair()
    malformed = struct.pack(">IIII", 20, Command.SUBMIT_SM, 0, 5) + b"abcd"
    unknown = struct.pack(">IIII", 16, 0x00099999, 0, 6)

    events = smsc.receive(malformed + unknown + encode(SUBMIT, 7), 0.0)

    assert [event.sequence for event in events] == [7]
    assert said(smsc) == [
        Pdu(SubmitSmResp(), 5, Status.RINVSERTYP),
        Pdu(pdu.GenericNack(), 6, Status.RINVCMDID),
    ]


def test_a_stream_that_is_no_smpp_is_nacked_and_ended() -> None:
    _, smsc = pair()

    events = smsc.receive(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0.0)

    assert isinstance(events[-1], Ended)
    assert smsc.state is State.CLOSED
    assert said(smsc)[0].body == pdu.GenericNack()
    assert smsc.receive(encode(SUBMIT, 9), 0.0) == []


def test_two_requests_of_one_sequence_get_one_answer_and_one_refusal() -> None:
    _, smsc = pair()

    events = smsc.receive(encode(SUBMIT, 7) + encode(SUBMIT, 7), 0.0)

    assert len(events) == 1
    assert said(smsc) == [Pdu(SubmitSmResp(), 7, Status.RSYSERR)]


def test_a_request_without_answer_in_time_is_unanswered_and_frees_its_place() -> None:
    esme, _ = pair(window=2)
    esme.request(SUBMIT, "a", 0.0)
    esme.request(SUBMIT, "b", 5.0)
    esme.output()

    assert esme.tick(29.9) == []
    assert esme.tick(30.0) == [Unanswered("a", "no answer in time")]
    assert esme.free == 1


def test_disconnect_tells_the_sent_from_the_never_sent() -> None:
    esme, _ = pair()
    esme.request(SUBMIT, "sent", 0.0)
    esme.output()
    esme.request(SUBMIT, "not sent", 0.0)

    events = esme.lost("gone")

    assert events == [Unanswered("sent", "gone"), Unsent("not sent", "gone")]
    assert esme.output() == b""


def test_every_enquire_link_is_answered_also_before_a_bind() -> None:
    smsc = Session(Role.SMSC, now_s=0.0)

    smsc.receive(encode(pdu.EnquireLink(), 3), 0.0)

    assert said(smsc) == [Pdu(pdu.EnquireLinkResp(), 3)]


def test_silence_is_asked_once_and_then_ends_the_session() -> None:
    esme, _ = pair()

    assert esme.tick(59.0) == []
    assert said(esme) == []
    assert esme.tick(60.0) == []
    assert [one.body for one in said(esme)] == [pdu.EnquireLink()]
    assert esme.tick(70.0) == []
    assert said(esme) == []
    assert esme.tick(90.0) == [Ended("no answer to enquire_link")]


def test_an_answered_enquiry_keeps_the_session() -> None:
    esme, smsc = pair()
    esme.tick(60.0)
    smsc.receive(esme.output(), 60.0)

    assert esme.receive(smsc.output(), 61.0) == []

    assert esme.tick(120.0) == []
    assert esme.state is State.BOUND_TRX


def test_time_in_which_we_did_not_listen_counts_against_nobody() -> None:
    esme, _ = pair()
    esme.request(SUBMIT, "a", 0.0)
    esme.output()

    esme.forgive(100.0)

    assert esme.tick(120.0) == []
    assert said(esme) == []
    assert esme.tick(130.0) == [Unanswered("a", "no answer in time")]


def test_a_peer_that_does_not_bind_in_time_is_left() -> None:
    smsc = Session(Role.SMSC, now_s=0.0, timers=TIMERS)

    assert smsc.tick(10.0) == [Ended("not bound in time")]


def test_unbind_is_answered_and_ends_both() -> None:
    esme, smsc = pair()
    esme.unbind(1.0)
    assert esme.free == 0

    assert smsc.receive(esme.output(), 1.0) == [Ended("the peer unbound")]

    assert esme.receive(smsc.output(), 1.0) == [Ended("unbound")]


def test_sequence_numbers_wrap_and_skip_those_in_use() -> None:
    esme, _ = pair()
    esme._sequence = LAST_SEQUENCE - 1
    used = [esme.request(SUBMIT, n, 0.0) for n in range(3)]
    esme._sequence = LAST_SEQUENCE - 1

    assert used == [LAST_SEQUENCE, 1, 2]
    assert esme.request(SUBMIT, 3, 0.0) == 3


@given(data=st.binary(max_size=2000), is_bound=st.booleans())
def test_no_octets_break_a_session(data: bytes, is_bound: bool) -> None:
    smsc = pair()[1] if is_bound else Session(Role.SMSC, now_s=0.0)

    smsc.receive(data, 0.0)
    smsc.tick(1.0)

    assert len(smsc.output()) <= len(data) + 16


class Exchange(RuleBasedStateMachine):
    """Whatever happens between two sessions, every submit is settled exactly once, and the window holds."""

    def __init__(self) -> None:
        super().__init__()
        self.esme, self.smsc = pair(window=5)
        self.now_s = 0.0
        self.offered = 0
        self.settled: list[object] = []
        self.asked: list[int] = []

    @rule(count=st.integers(1, 8))
    def submit(self, count: int) -> None:
        for _ in range(min(count, self.esme.free)):
            self.esme.request(SUBMIT, self.offered, self.now_s)
            self.offered += 1

    @rule()
    def carry_there(self) -> None:
        self.asked += [
            event.sequence
            for event in self.smsc.receive(self.esme.output(), self.now_s)
            if isinstance(event, Asked)
        ]

    @rule(which=st.integers(0, 10), twice=st.booleans(), refuse=st.booleans())
    def answer(self, which: int, twice: bool, refuse: bool) -> None:
        if not self.asked:
            return
        sequence = self.asked.pop(which % len(self.asked))
        self.smsc.respond(sequence, SubmitSmResp("id"), Status.RSYSERR if refuse else 0)
        if twice:
            self._settle(self.esme.receive(encode(SubmitSmResp("id"), sequence), self.now_s))

    @rule()
    def carry_back(self) -> None:
        self._settle(self.esme.receive(self.smsc.output(), self.now_s))

    @rule(seconds=st.floats(0.1, 40))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self._settle(self.esme.tick(self.now_s))
        self.smsc.tick(self.now_s)

    @rule()
    def reconnect(self) -> None:
        self._settle(self.esme.lost("cut"))
        assert len(self.settled) == self.offered
        self.esme, self.smsc = pair(window=5)
        self.now_s = 0.0
        self.asked = []

    @invariant()
    def the_window_holds_and_nothing_is_settled_twice(self) -> None:
        assert self.esme.outstanding <= 5 + 2  # an enquiry and an unbind need no slot
        assert len(set(self.settled)) == len(self.settled)

    def _settle(self, events: list[object]) -> None:
        self.settled += [event.token for event in events if isinstance(event, Answered | Unanswered | Unsent)]


Exchange.TestCase.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)
TestExchange = Exchange.TestCase
