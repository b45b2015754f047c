"""One SMPP session without I/O: octets, ticks and wishes go in; octets and events come out.

Both roles are here, because what one may send the other may receive. `now_s` is a monotonic clock's seconds.
A session tells apart what was never sent (`Unsent`: try elsewhere) from what was sent and never answered
(`Unanswered`: perhaps delivered). "Sent" means that `output` handed the octets over.

            bind_*_resp OK                  unbind either way          connection gone, garbage, silence
    OPEN ------------------> BOUND_TX/RX/TRX ----------------> UNBOUND ----------------------> CLOSED

Not here: sockets (`wire`), passwords (`accounts`), what a status means (`verdicts`).
"""

from enum import Enum

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import Framer, bare, command_of, decode, encode
from tellwire.gateway.smpp.commands import RESPONSE, Command, Status
from tellwire.gateway.smpp.pdu import BadPdu, Body, Pdu, Request, Response
from tellwire.gateway.smpp.states import (
    ANSWERED_COMMANDS,
    ANSWERS,
    BIND_REQUESTS,
    BINDS,
    BOUND,
    MAY_SAY,
    RECEIVES,
    RESPONSES,
    SENDS,
    UNANSWERABLE,
    Answered,
    Asked,
    Ended,
    Event,
    Role,
    State,
    Timers,
    Unanswered,
    Unsent,
)

LAST_SEQUENCE = 0x7FFFFFFF


class _Internal(Enum):
    ENQUIRE_LINK = "enquire_link"
    UNBIND = "unbind"


class Session:
    """One connection's SMPP; every method is quick and none blocks."""

    def __init__(self, role: Role, *, now_s: float, window: int = 10, timers: Timers | None = None) -> None:
        self.role = role
        self._may_say = MAY_SAY[role]
        self._may_hear = MAY_SAY[Role.SMSC if role is Role.ESME else Role.ESME]
        self.state = State.OPEN
        self.window = window
        self.timers = timers or Timers()
        self.ended = ""  # why the session is over, once `state` is CLOSED
        self.strays = 0  # responses to nothing we asked: late, doubled or invented
        self.flaws = 0  # requests that were not as the standard wants them, read all the same or refused
        self.last_flaw = ""
        self._framer = Framer()
        self._sequence = 0
        # Sequence -> (token, class of the answer, deadline). All deadlines are equally far: the first is the oldest.
        self._waiting: dict[int, tuple[object, type[Body], float]] = {}
        self._output: list[bytes] = []
        self._unsent: list[int] = []
        self._asked: dict[int, type[Body]] = {}
        self._opened_s = self._heard_s = now_s
        self._may_submit = SENDS if role is Role.ESME else RECEIVES

    @property
    def free(self) -> int:
        """How many more messages may be asked now: the window's free slots while bound, else 0."""
        if self.state not in self._may_submit:
            return 0
        return max(0, self.window - len(self._waiting))

    @property
    def outstanding(self) -> int:
        """How many of our requests wait for their answer."""
        return len(self._waiting)

    @property
    def unanswered_asks(self) -> int:
        """How many of the peer's requests wait for our answer."""
        return len(self._asked)

    def request(self, body: Request, token: object, now_s: float) -> int:
        """Ask the peer; `Answered`, `Unanswered` or `Unsent` will carry `token`. Returns the sequence number.

        Raises `RuntimeError` when the state forbids it, `ValueError` when the wire cannot carry a field.
        """
        kind = body.__class__
        if self.state not in self._may_say[kind]:
            raise RuntimeError(
                f"{kind.__name__} may not be sent by {self.role.value} while {self.state.value}"
            )
        sequence = self._next_sequence()
        self._output.append(encode(body, sequence))
        answer = ANSWERS.get(kind)
        if answer is not None:
            self._waiting[sequence] = (token, answer, now_s + self.timers.response_s)
            self._unsent.append(sequence)
        return sequence

    def respond(self, sequence: int, body: Response, status: int = 0) -> None:
        """Answer what the peer asked; an answer to nothing, or after the end, is dropped."""
        if self._asked.pop(sequence, None) is None or self.state is State.CLOSED:
            return
        if status == 0:
            self.state = BINDS.get(body.__class__, self.state)
            self._output.append(encode(body, sequence))
        else:
            self._refuse(body.__class__, sequence, status)

    def refuse(self, sequence: int, status: int) -> None:
        """Refuse what the peer asked, in the form that its own kind of request gets refused."""
        kind = self._asked.pop(sequence, None)
        if kind is not None and self.state is not State.CLOSED:
            self._refuse(ANSWERS.get(kind, pdu.GenericNack), sequence, status)

    def unbind(self, now_s: float) -> None:
        """Ask for a polite end; `Ended` follows when the peer agrees or stays silent."""
        if self.state in BOUND:
            self.request(pdu.Unbind(), _Internal.UNBIND, now_s)
            self.state = State.UNBOUND

    def output(self) -> bytes:
        """Return the octets to send; from here on they count as sent."""
        if not self._output:
            return b""
        octets = b"".join(self._output)
        self._output.clear()
        self._unsent.clear()
        return octets

    def receive(self, data: bytes, now_s: float) -> list[Event]:
        """Take octets of the connection and return what they mean."""
        events: list[Event] = []
        if self.state is State.CLOSED:
            return events
        self._heard_s = now_s
        for frame in self._framer.feed(data):
            decoded = decode(frame)
            if isinstance(decoded, BadPdu):
                self._take_bad(decoded, events)
            else:
                self._take(decoded, events)
        broken = self._framer.broken
        if broken is not None:
            self._output.append(bare(Command.GENERIC_NACK, broken.sequence, broken.command_status))
            self._end(events, f"the stream is no SMPP: {broken.reason}")
        return events

    def tick(self, now_s: float) -> list[Event]:
        """Let time pass: time out answers, ask whether the peer is there, give up."""
        events: list[Event] = []
        if self.state is State.CLOSED:
            return events
        self._expire(events, now_s)
        silence = now_s - self._heard_s
        if self.state is State.OPEN and now_s - self._opened_s >= self.timers.bind_s:
            self._end(events, "not bound in time")
        elif silence >= self.timers.idle_s:
            self._end(events, "the peer is silent")
        elif silence >= self.timers.enquire_s and self.state in BOUND and not self._is_enquiring():
            self.request(pdu.EnquireLink(), _Internal.ENQUIRE_LINK, now_s)
        return events

    def forgive(self, seconds: float) -> None:
        """Count `seconds` during which we did not listen against nobody: move every deadline by them."""
        self._heard_s += seconds
        self._waiting = {
            sequence: (token, answer, deadline_s + seconds)
            for sequence, (token, answer, deadline_s) in self._waiting.items()
        }

    def lost(self, reason: str) -> list[Event]:
        """Close for good and return the fate of everything that still waited."""
        self.state, self.ended = State.CLOSED, self.ended or reason
        unsent = set(self._unsent)
        events: list[Event] = [
            Unsent(token, reason) if sequence in unsent else Unanswered(token, reason)
            for sequence, (token, _, _) in self._waiting.items()
            if not isinstance(token, _Internal)
        ]
        self._waiting.clear()
        self._unsent.clear()
        self._output.clear()
        self._asked.clear()
        return events

    def _next_sequence(self) -> int:
        while True:
            self._sequence = self._sequence % LAST_SEQUENCE + 1
            if self._sequence not in self._waiting:
                return self._sequence

    def _take(self, incoming: Pdu, events: list[Event]) -> None:
        kind = incoming.body.__class__
        if kind in RESPONSES:
            self._take_response(incoming, kind, events)
            return
        if self.state not in self._may_hear[kind]:
            self._refuse_out_of_state(kind, incoming.sequence)
        elif kind is pdu.EnquireLink:
            self._output.append(encode(pdu.EnquireLinkResp(), incoming.sequence))
        elif kind is pdu.Unbind:
            self.state = State.UNBOUND
            self._output.append(encode(pdu.UnbindResp(), incoming.sequence))
            self._end(events, "the peer unbound")
        elif kind in BIND_REQUESTS and self._asked:
            self._refuse(ANSWERS[kind], incoming.sequence, Status.RALYBND)
        elif incoming.sequence in self._asked:
            # One answer cannot acknowledge two messages; the peer may try this one again.
            self._refuse(ANSWERS.get(kind, pdu.GenericNack), incoming.sequence, Status.RSYSERR)
        else:
            if incoming.flaw:
                self._note_flaw(incoming.flaw)
            if kind not in UNANSWERABLE:
                self._asked[incoming.sequence] = kind
            events.append(Asked(incoming.sequence, incoming.body))  # type: ignore[arg-type]  # no response gets here

    def _take_response(self, response: Pdu, kind: type[Body], events: list[Event]) -> None:
        waiting = self._waiting.get(response.sequence)
        if waiting is None or (kind is not waiting[1] and kind is not pdu.GenericNack):
            self.strays += 1
            return
        del self._waiting[response.sequence]
        token = waiting[0]
        if isinstance(token, _Internal):
            self._take_internal(token, events)
            return
        if kind in BINDS and response.status == 0 and self.state is State.OPEN:
            self.state = BINDS[kind]
        body = None if kind is pdu.GenericNack else response.body
        # A nack that says "OK" still says that the request was not understood.
        status = response.status or Status.RUNKNOWNERR if kind is pdu.GenericNack else response.status
        events.append(Answered(token, status, body))  # type: ignore[arg-type]  # a response's body

    def _take_internal(self, token: _Internal, events: list[Event]) -> None:
        if token is _Internal.UNBIND:
            self._end(events, "unbound")

    def _take_bad(self, bad: BadPdu, events: list[Event]) -> None:
        if bad.command & RESPONSE:
            waiting = self._waiting.pop(bad.sequence, None)
            if waiting is None:
                self.strays += 1
            elif isinstance(waiting[0], _Internal):
                self._take_internal(waiting[0], events)
            else:
                events.append(Answered(waiting[0], bad.status_given, None))
            return
        self._note_flaw(bad.reason)
        answer = bad.command | RESPONSE if bad.command in ANSWERED_COMMANDS else Command.GENERIC_NACK
        self._output.append(bare(answer, bad.sequence, bad.command_status))

    def _note_flaw(self, flaw: str) -> None:
        self.flaws += 1
        self.last_flaw = flaw

    def _refuse_out_of_state(self, kind: type[Body], sequence: int) -> None:
        rebinding = kind in BIND_REQUESTS and self.state in BOUND
        status = Status.RALYBND if rebinding else Status.RINVBNDSTS
        self._refuse(ANSWERS.get(kind, pdu.GenericNack), sequence, status)

    def _refuse(self, answer: type[Body], sequence: int, status: int) -> None:
        self._output.append(bare(command_of(answer), sequence, status))

    def _expire(self, events: list[Event], now_s: float) -> None:
        expired = []
        for sequence, (_, _, deadline_s) in self._waiting.items():
            if deadline_s > now_s:
                break
            expired.append(sequence)
        for sequence in expired:
            token = self._waiting.pop(sequence)[0]
            if isinstance(token, _Internal):
                self._end(events, f"no answer to {token.value}")
            else:
                events.append(Unanswered(token, "no answer in time"))

    def _is_enquiring(self) -> bool:
        return any(token is _Internal.ENQUIRE_LINK for token, _, _ in self._waiting.values())

    def _end(self, events: list[Event], reason: str) -> None:
        if self.state is not State.CLOSED:
            self.state, self.ended = State.CLOSED, reason
            events.append(Ended(reason))
