"""A session at the very second of each of its timers, at its last number, and in what it counts."""

import pytest

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import bare, decode, encode
from tellwire.gateway.smpp.commands import Command, Status
from tellwire.gateway.smpp.pdu import Pdu, SubmitSm, SubmitSmResp
from tellwire.gateway.smpp.session import LAST_SEQUENCE, Session
from tellwire.gateway.smpp.states import Answered, Ended, Role, State, Timers, Unanswered, Unsent

SUBMIT = SubmitSm(source_addr="ACME", destination_addr="6591230000", short_message=b"hi")


def bound(*, window: int = 10, timers: Timers | None = None) -> Session:
    """Return an ESME that was bound at second 0 and whose next request has the number 2."""
    session = Session(Role.ESME, now_s=0.0, window=window, timers=timers)
    session.request(pdu.BindTransceiver("acme"), "bind", 0.0)
    session.output()
    session.receive(encode(pdu.BindTransceiverResp("smsc"), 1), 0.0)
    return session


def test_the_timers_are_those_of_8x8s_contract() -> None:
    assert Timers() == Timers(bind_s=10.0, response_s=30.0, enquire_s=30.0, idle_s=120.0)
    assert Session(Role.ESME, now_s=0.0).window == 10


@pytest.mark.parametrize(("now_s", "state"), [(9.99, State.OPEN), (10.0, State.CLOSED)])
def test_ten_seconds_without_a_bind_are_the_end(now_s: float, state: State) -> None:
    session = Session(Role.SMSC, now_s=0.0)

    session.tick(now_s)

    assert session.state is state


@pytest.mark.parametrize(("now_s", "is_asked"), [(29.99, False), (30.0, True)])
def test_thirty_seconds_of_silence_are_asked_about(now_s: float, is_asked: bool) -> None:
    session = bound()

    session.tick(now_s)
    session.tick(now_s)

    asked = session.output()
    assert asked == (encode(pdu.EnquireLink(), 2) if is_asked else b"")
    assert session.outstanding == is_asked


@pytest.mark.parametrize(("now_s", "reason"), [(119.99, ""), (120.0, "the peer is silent")])
def test_two_minutes_of_silence_are_the_end(now_s: float, reason: str) -> None:
    session = bound(timers=Timers(enquire_s=1000.0))

    session.tick(now_s)

    assert session.ended == reason


@pytest.mark.parametrize(("now_s", "fates"), [(31.99, []), (32.0, ["a"]), (33.0, ["a", "b"])])
def test_an_answer_is_waited_for_to_its_thirtieth_second(now_s: float, fates: list[str]) -> None:
    session = bound()
    session.request(SUBMIT, "a", 2.0)
    session.request(SUBMIT, "b", 3.0)

    events = session.tick(now_s)

    assert [event.token for event in events if isinstance(event, Unanswered)] == fates
    assert session.free == 10 - (2 - len(fates)) - (now_s >= 30.0)


def test_an_enquiry_or_an_unbind_that_nobody_answers_ends_the_session() -> None:
    enquiring, leaving = bound(), bound()
    enquiring.tick(30.0)
    leaving.unbind(5.0)

    assert enquiring.tick(60.0) == [Ended("no answer to enquire_link")]
    assert leaving.tick(34.99) == []
    assert leaving.tick(35.0) == [Ended("no answer to unbind")]


def test_the_window_is_what_is_free_while_bound() -> None:
    session = bound(window=2)
    free = [session.free]
    for token in range(3):
        session.request(SUBMIT, token, 0.0)
        free.append(session.free)
    session.unbind(0.0)

    assert free == [2, 1, 0, 0]
    assert session.outstanding == 4
    assert session.free == 0
    assert Session(Role.ESME, now_s=0.0).free == 0


def test_the_last_number_is_used_and_then_the_first() -> None:
    session = bound()
    session._sequence = LAST_SEQUENCE - 2

    numbers = [session.request(SUBMIT, token, 0.0) for token in range(4)]

    assert LAST_SEQUENCE == 0x7FFFFFFF  # 3.2
    assert numbers == [LAST_SEQUENCE - 1, LAST_SEQUENCE, 1, 2]


def test_a_flaw_is_counted_with_its_words_and_a_stray_beside_it() -> None:
    session = bound()

    session.receive(encode(pdu.DeliverSm(), 7)[:-1], 1.0)
    session.receive(b"\0", 1.0)
    session.receive(encode(SubmitSmResp("id"), 99), 1.0)
    session.receive(bare(Command.SUBMIT_SM_RESP, 98, Status.RSYSERR), 1.0)

    assert (session.flaws, session.strays, session.unanswered_asks) == (0, 2, 1)


def test_a_command_that_is_none_is_nacked_and_an_answer_without_a_name_is_a_stray() -> None:
    session = bound()

    session.receive(bare(0x00000777, 5, 0), 1.0)
    nack = session.output()
    session.receive(bare(0x80000777, 6, 0), 1.0)

    assert nack == bare(Command.GENERIC_NACK, 5, Status.RINVCMDID)
    assert session.output() == b""
    assert (session.flaws, session.strays) == (1, 1)
    assert session.last_flaw


def test_a_refusal_has_the_form_of_its_request_and_comes_once() -> None:
    session = bound()
    session.receive(encode(pdu.DeliverSm(), 7), 1.0)
    session.receive(encode(pdu.DeliverSm(), 8), 1.0)

    session.refuse(7, Status.RX_T_APPN)
    session.refuse(7, Status.RX_T_APPN)
    session.respond(8, pdu.DeliverSmResp(), Status.RX_R_APPN)
    session.respond(8, pdu.DeliverSmResp())
    session.respond(9, pdu.DeliverSmResp())

    assert session.output() == bare(Command.DELIVER_SM_RESP, 7, Status.RX_T_APPN) + bare(
        Command.DELIVER_SM_RESP, 8, Status.RX_R_APPN
    )
    assert session.unanswered_asks == 0


def test_after_the_end_nothing_is_said_or_heard() -> None:
    session = bound()
    session.receive(encode(pdu.DeliverSm(), 7), 1.0)
    session.request(SUBMIT, "sent", 1.0)
    session.output()
    session.request(SUBMIT, "kept", 1.0)

    fates = session.lost("gone")
    session.respond(7, pdu.DeliverSmResp())
    session.refuse(7, Status.RSYSERR)

    assert fates == [Unanswered("sent", "gone"), Unsent("kept", "gone")]
    assert (
        session.receive(encode(pdu.EnquireLink(), 9), 2.0)
        == session.tick(1000.0)
        == session.lost("again")
        == []
    )
    assert (session.output(), session.ended, session.state) == (b"", "gone", State.CLOSED)


def test_time_that_is_forgiven_moves_every_deadline() -> None:
    session = bound(timers=Timers(enquire_s=1000.0))
    session.request(SUBMIT, "a", 0.0)

    session.forgive(100.0)

    assert session.tick(129.99) == []
    assert session.tick(130.0) == [Unanswered("a", "no answer in time")]
    assert session.tick(219.99) == []
    assert session.tick(220.0) == [Ended("the peer is silent")]


def test_a_nack_is_an_error_whatever_status_it_gives() -> None:
    session = bound()
    session.request(SUBMIT, "a", 0.0)
    session.request(SUBMIT, "b", 0.0)

    events = session.receive(
        bare(Command.GENERIC_NACK, 2, 0) + bare(Command.GENERIC_NACK, 3, Status.RINVCMDID), 1.0
    )

    assert events == [Answered("a", Status.RUNKNOWNERR, None), Answered("b", Status.RINVCMDID, None)]


def test_a_bind_over_a_bind_is_already_bound_and_another_request_before_one_is_out_of_place() -> None:
    center = Session(Role.SMSC, now_s=0.0)
    center.receive(encode(SUBMIT, 1), 0.0)
    early = decode(center.output())
    center.receive(encode(pdu.BindTransceiver("acme"), 2), 0.0)
    center.respond(2, pdu.BindTransceiverResp("smsc"))
    center.output()
    center.receive(encode(pdu.BindReceiver("acme"), 3), 0.0)
    again = decode(center.output())

    assert isinstance(early, Pdu)
    assert isinstance(again, Pdu)
    assert (early.status, again.status) == (Status.RINVBNDSTS, Status.RALYBND)
