"""The simulated carrier: an SMSC over real SMPP, whose answers and receipts `fates` decides.

It accepts binds, answers submits, brings texts to handsets, sends receipts and replies to the binds that receive.
Its memory is bounded: what exceeds a limit below is dropped and counted, as a real carrier's would be.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec

from tellwire.gateway.simulator.behaviour import Behaviour
from tellwire.gateway.simulator.fates import Fate, fate_of
from tellwire.gateway.simulator.handsets import ArrivedPart, Handset, Handsets, ShownMessage, ShownPart
from tellwire.gateway.simulator.post import Counters, Post
from tellwire.gateway.simulator.receipts import dialect_for, odd_receipt, submit_id
from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.commands import Status, Tag
from tellwire.gateway.smpp.deliveries import ReceiptFacts, text_sms
from tellwire.gateway.smpp.pdu import SubmitSm, tlv
from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.states import Asked, Event, Role, State, Timers
from tellwire.gateway.smpp.texts import Words, words_of
from tellwire.gateway.smpp.times import read_time
from tellwire.gateway.smpp.wire import Wire
from tellwire.kernel.clock import Clock, SystemClock, to_ms
from tellwire.kernel.sms import compose

WAITING = 10_000  # texts that wait for a switched-off handset
DELIVER_WINDOW = 2_000  # deliver_sm one bind may leave unanswered
REMEMBERED_NUMBERS = 10_000


class _Accepted(msgspec.Struct, frozen=True):
    """A submit that the carrier has taken, until its receipts are written."""

    number: int
    submit: SubmitSm
    system_id: str
    fate: Fate
    at: datetime
    expires_at: datetime
    words: Words


class Simulator:
    """An SMSC on `host`:`port` (0: any free one); start and stop it on a running loop.

    `handsets` are its phones. `link_config` is how to reach it.
    """

    def __init__(
        self,
        behaviour: Behaviour | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        handsets: Handsets | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.behaviour = behaviour or Behaviour()
        self.handsets = handsets or Handsets()
        self.handsets.on_switched_on = self._switched_on
        self.counters = Counters()
        self.port = port
        self._host = host
        self._clock = clock or SystemClock()
        self._dice = random.Random(self.behaviour.seed).random  # noqa: S311  # dice of a game, repeatable on purpose
        self._dialect = dialect_for(self.behaviour.odd)
        self._server: asyncio.Server | None = None
        self._wires: dict[Wire, str] = {}
        self._post = Post(self._wires, self.counters)
        self._waiting: OrderedDict[str, list[_Accepted]] = OrderedDict()
        self._waiting_count = 0
        self._refused_before: OrderedDict[str, int] = OrderedDict()
        self._second = 0
        self._this_second = 0
        # Ids go on rising over restarts, so that a gateway never meets the same one twice.
        self._next_number = to_ms(self._clock.now()) << 20

    @property
    def binds(self) -> int:
        """How many ESMEs are bound."""
        return sum(wire.session.state is not State.OPEN for wire in self._wires)

    async def start(self) -> None:
        """Listen; `port` then is the real one. `OSError` when it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._make_wire, self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody and listen no more."""
        if self._server is not None:
            self._server.close()
        for wire in list(self._wires):
            wire.close("the carrier stops")
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    def link_config(self, **options: object) -> LinkConfig:
        """Return how a link reaches this carrier; `options` replace fields."""
        login = self.behaviour.login
        config = LinkConfig(
            host=self._host, port=self.port, system_id=login.system_id or "tellwire", password=login.password,
            dialect=self._dialect,
        )  # fmt: skip
        return msgspec.structs.replace(config, **options)

    def reply(self, digits: str, to: str, text: str, umid: str) -> ShownMessage:
        """Write a text on a handset: it goes to `to` as deliver_sm. `umid` becomes its message id."""
        handset = self.handsets.get(digits)
        composition = compose(text)
        parts = tuple(ShownPart(part.units) for part in composition.parts)
        self.counters.replies += 1
        reference = self.counters.replies
        for message in text_sms(
            digits, to, composition, reference=reference, dialect=self._dialect, message_id=umid
        ):
            self._post.send(message)
        shown = handset.wrote(umid, to, composition.text, parts, composition.encoding, self._clock.now())
        self.handsets.changed(handset)
        return shown

    # Connections

    def _make_wire(self) -> Wire:
        loop = asyncio.get_running_loop()
        session = Session(
            Role.SMSC, now_s=loop.time(), window=DELIVER_WINDOW, timers=Timers(enquire_s=60.0, idle_s=180.0)
        )
        return Wire(
            session, on_events=self._take, on_lost=self._lost, on_writable=self._post.pump, on_made=self._made
        )

    def _made(self, wire: Wire) -> None:
        self._wires[wire] = ""

    def _lost(self, wire: Wire, events: list[Event], _reason: str) -> None:
        self._wires.pop(wire, None)
        self._post.take(events)

    def _take(self, wire: Wire, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Asked):
                self._take_request(wire, event)
        self._post.take(events)

    def _take_request(self, wire: Wire, request: Asked) -> None:
        body = request.body
        if isinstance(body, SubmitSm):
            self._take_submit(wire, request.sequence, body)
        elif isinstance(body, pdu.BindTransceiver | pdu.BindTransmitter | pdu.BindReceiver):
            self._take_bind(wire, request.sequence, body)
        else:
            wire.session.refuse(request.sequence, Status.RINVCMDID)

    def _take_bind(self, wire: Wire, sequence: int, body: pdu.Bind) -> None:
        status = self._bind_status(body)
        if status:
            wire.session.refuse(sequence, status)
            wire.close("bad credentials")
            return
        self._wires[wire] = body.system_id
        version = ((Tag.SC_INTERFACE_VERSION.value, b"\x34"),)
        wire.session.respond(sequence, _BIND_ANSWERS[type(body)]("tellwire-sim", version))

    def _bind_status(self, body: pdu.Bind) -> int:
        login = self.behaviour.login
        if login.system_id and body.system_id != login.system_id:
            return Status.RINVSYSID
        if login.system_id and body.password != login.password:
            return Status.RINVPASWD
        return Status.RBINDFAIL if self.binds >= login.binds else Status.ROK

    # Submits

    def _take_submit(self, wire: Wire, sequence: int, submit: SubmitSm) -> None:
        self.counters.submits += 1
        refusal = self._overload(wire)
        if refusal:
            self.counters.throttled += 1
            wire.session.refuse(sequence, refusal)
            return
        digits = submit.destination_addr.removeprefix("+")
        if not (7 <= len(digits) <= 15 and digits.isdecimal() and digits.isascii()):
            self._refuse(wire, sequence, Status.RINVDSTADR)
            return
        fate = fate_of(digits, self.behaviour, self._dice, self._refused_before.get(digits, 0))
        if fate.status or fate.disconnects:
            self._remember_refusal(digits)
        else:
            self._refused_before.pop(digits, None)
        self._do(fate, wire, sequence, submit, digits)

    def _overload(self, wire: Wire) -> int:
        answers = self.behaviour.answers
        throttle = Status[answers.throttle_with]
        if wire.session.unanswered_asks > answers.window:
            return Status.RMSGQFUL
        if answers.throughput_per_s:
            second = int(asyncio.get_running_loop().time())
            if second != self._second:
                self._second, self._this_second = second, 0
            self._this_second += 1
            if self._this_second > answers.throughput_per_s:
                return throttle
        return Status.ROK

    def _do(self, fate: Fate, wire: Wire, sequence: int, submit: SubmitSm, digits: str) -> None:
        if fate.disconnects:
            self.counters.disconnects += 1
            wire.close("the carrier hangs up")
        elif fate.status:
            self._refuse(wire, sequence, fate.status)
        else:
            self._accept(fate, wire, sequence, submit, digits)

    def _refuse(self, wire: Wire, sequence: int, status: int) -> None:
        self.counters.refused += 1
        wire.session.refuse(sequence, status)

    def _remember_refusal(self, digits: str) -> None:
        self._refused_before[digits] = self._refused_before.get(digits, 0) + 1
        if len(self._refused_before) > REMEMBERED_NUMBERS:
            self._refused_before.popitem(last=False)

    def _accept(self, fate: Fate, wire: Wire, sequence: int, submit: SubmitSm, digits: str) -> None:
        self._next_number += 1
        number, now = self._next_number, self._clock.now()
        message_id = submit_id(number, self.behaviour.odd)
        words = words_of(submit, self._dialect)
        accepted = _Accepted(
            number, submit, self._wires.get(wire, ""), fate, now,
            read_time(submit.validity_period, now) or now + timedelta(seconds=self.behaviour.receipts.validity_s),
            words,
        )  # fmt: skip
        answer = partial(self._answer, wire, sequence, message_id)
        if fate.receipts_after_s and fate.receipts_after_s[0] < 0:
            self._arrive(accepted, digits, message_id)
            _after(fate.answer_after_s or 0.05, answer)
            return
        if fate.answer_after_s is not None:
            _after(fate.answer_after_s, answer)
        _after(fate.answer_after_s or 0.0, partial(self._arrive, accepted, digits, message_id))

    def _answer(self, wire: Wire, sequence: int, message_id: str) -> None:
        wire.session.respond(sequence, pdu.SubmitSmResp(message_id))
        wire.flush_soon()

    def _arrive(self, accepted: _Accepted, digits: str, message_id: str) -> None:
        """Bring the text to its handset, if that is its fate, and write the receipts."""
        fate = accepted.fate
        if fate.ending != "DELIVRD":
            self._receipts(accepted, digits, message_id, fate.ending, fate.error)
            return
        words = accepted.words
        umid = tlv(accepted.submit.tlvs, Tag.TELLWIRE_UMID)
        part = ArrivedPart(
            umid=umid.decode("latin-1") if umid else message_id,
            source=accepted.submit.source_addr,
            text=words.text,
            units=words.units,
            encoding=words.encoding,
            reference=words.reference,
            number=words.part_number,
            count=words.part_count,
        )
        match self.handsets.arrive(digits, part, self._clock.now()):
            case "shown":
                self.counters.shown += 1
                self._receipts(accepted, digits, message_id, "DELIVRD", 0)
            case "full":
                self._receipts(accepted, digits, message_id, "UNDELIV", 21)
            case "off":
                self._wait(accepted, digits, message_id)

    # Handsets that are off

    def _wait(self, accepted: _Accepted, digits: str, message_id: str) -> None:
        if self._waiting_count >= WAITING:
            self.counters.dropped += 1
            return
        self._waiting_count += 1
        self._waiting.setdefault(digits, []).append(accepted)
        left_s = (accepted.expires_at - self._clock.now()).total_seconds()
        _after(max(0.001, left_s), partial(self._expire, accepted, digits, message_id))

    def _expire(self, accepted: _Accepted, digits: str, message_id: str) -> None:
        waiting = self._waiting.get(digits, [])
        if accepted in waiting:
            waiting.remove(accepted)
            self._waiting_count -= 1
            self._receipts(accepted, digits, message_id, "EXPIRED", 36)

    def _switched_on(self, handset: Handset) -> None:
        waiting = self._waiting.pop(handset.number.digits, [])
        self._waiting_count -= len(waiting)
        for accepted in waiting:
            self._arrive(accepted, handset.number.digits, submit_id(accepted.number, self.behaviour.odd))

    # Receipts and replies

    def _receipts(self, accepted: _Accepted, digits: str, message_id: str, stat: str, error: int) -> None:
        fate, which = accepted.fate, self.behaviour.receipts.parts
        first_only = fate.first_part_only or which == "first"
        if (first_only and accepted.words.part_number != 1) or (
            which == "last" and accepted.words.part_number != accepted.words.part_count
        ):
            return
        if not accepted.submit.registered_delivery & 0x03:
            return
        if fate.intermediate:
            _after(0.01, partial(self._write, accepted, digits, message_id, "ACCEPTD", 0))
        for delay_s in fate.receipts_after_s:
            _after(max(0.0, delay_s), partial(self._write, accepted, digits, message_id, stat, error))

    def _write(self, accepted: _Accepted, digits: str, message_id: str, stat: str, error: int) -> None:
        submit = accepted.submit
        facts = ReceiptFacts(
            message_id=message_id,
            source=submit.source_addr,
            destination=digits,
            stat=stat,
            error=error,
            submitted_at=accepted.at,
            done_at=self._clock.now(),
            words=accepted.words.text,
            source_ton_npi=(submit.source_ton, submit.source_npi),
        )
        self.counters.receipts += 1
        self._post.send(odd_receipt(accepted.number, facts, self.behaviour.odd), accepted.system_id)


_BIND_ANSWERS: dict[type[pdu.Bind], type[pdu.BindResp]] = {
    pdu.BindTransceiver: pdu.BindTransceiverResp,
    pdu.BindTransmitter: pdu.BindTransmitterResp,
    pdu.BindReceiver: pdu.BindReceiverResp,
}


def _after(delay_s: float, act: Callable[[], None]) -> None:
    """Do it now, or when the time has come."""
    if delay_s > 0:
        asyncio.get_running_loop().call_later(delay_s, act)
    else:
        act()
