"""Customers' binds to us: an SMPP server that answers a submit only after the application has it.

Credentials, storing and receipts are the application's; this shell owns sockets, limits and who is bound.
Not here: what may be bound or submitted (`accounts`), the protocol (`session`).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TypeAlias

import msgspec

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.accounts import Allowance, BindGrant, CustomerSubmit, bind_status, read_submit
from tellwire.gateway.smpp.commands import Status, Tag, status_name
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import DeliverSm, SubmitSm
from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.states import (
    RECEIVES,
    Answered,
    Asked,
    Event,
    Role,
    State,
    Timers,
    Unanswered,
    Unsent,
)
from tellwire.gateway.smpp.tls import TlsConfig, server_context
from tellwire.gateway.smpp.wire import Wire
from tellwire.kernel.clock import Clock, SystemClock
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved

Authenticate: TypeAlias = Callable[[str, str, str], Awaitable[BindGrant | int]]
OnSubmit: TypeAlias = Callable[[BindGrant, CustomerSubmit], Awaitable[str | int]]

CONNECTIONS = 500  # each costs a socket and some kilobytes
# Of one address: who binds does so at once, and so nobody can take all connections by binding nothing.
UNBOUND = 50
APPLICATION_TIMEOUT_S = 20.0  # less than clients wait for submit_sm_resp
REFUSAL_DELAY_S = 1.0  # guessing passwords takes a second a guess and connection
AWAY = "away"  # the code of what is deferred because nobody is bound: when somebody is, it may go
DELIVER_WINDOW = 100  # deliver_sm that one customer's bind may leave unanswered


class CustomerBind(msgspec.Struct, frozen=True, kw_only=True):
    """A bind as the portal shows it."""

    system_id: str
    kind: str
    peer: str
    since: datetime
    submitted: int
    throttled: int
    delivered: int


class _Customer:
    """One connection: nobody's until its bind is granted."""

    def __init__(self, wire: Wire, since: datetime) -> None:
        self.wire = wire
        self.host = wire.peer_host  # the transport forgets it
        self.since = since
        self.grant: BindGrant | None = None
        self.allowance = Allowance(1, 0.0)
        self.submitted = self.throttled = self.delivered = 0


class SmppServer:
    """Listens for customers.

    `authenticate(system_id, password, peer_address)` grants, or names the command_status to refuse with.
    `on_submit(grant, submit)` returns our message id once the message is durable, or a command_status; what it
    raises becomes ESME_RSYSERR. Both are cut off after 20 s.
    """

    def __init__(
        self,
        *,
        authenticate: Authenticate,
        on_submit: OnSubmit,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: TlsConfig | None = None,
        timers: Timers | None = None,
        dialect: Dialect | None = None,
        system_id: str = "tellwire",
        connections: int = CONNECTIONS,
        refusal_delay_s: float = REFUSAL_DELAY_S,
        clock: Clock | None = None,
    ) -> None:
        self.port = port
        self._authenticate = authenticate
        self._on_submit = on_submit
        self._host = host
        self._tls = tls
        self._timers = timers or Timers(enquire_s=60.0, idle_s=180.0)
        self._dialect = dialect or Dialect()
        self._system_id = system_id
        self._connections = connections
        self._refusal_delay_s = refusal_delay_s
        self._clock = clock or SystemClock()
        self._server: asyncio.Server | None = None
        self._customers: dict[Wire, _Customer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_draining = False

    @property
    def binds(self) -> list[CustomerBind]:
        """Return the customers that are bound now."""
        return [_seen(customer) for customer in self._customers.values() if customer.grant is not None]

    @property
    def receiving(self) -> dict[str, str]:
        """Whose the binds are that receive: system ids by the bind's name, which no other bind ever has."""
        return {
            customer.grant.bind: customer.grant.system_id
            for customer in self._customers.values()
            if customer.grant is not None and customer.wire.session.state in RECEIVES
        }

    async def start(self) -> None:
        """Listen; `port` then is the real one. `OSError` when it is taken, or a TLS file cannot be read."""
        context = server_context(self._tls) if self._tls else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._make_wire, self._host, self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def drain(self, deadline_s: float) -> None:
        """Take no more connections and submits, finish what was taken, unbind; at most `deadline_s`."""
        self._is_draining = True
        if self._server is not None:
            self._server.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=deadline_s)
        for customer in list(self._customers.values()):
            customer.wire.session.unbind(asyncio.get_running_loop().time())
            customer.wire.flush_soon()
        await asyncio.sleep(0)

    async def stop(self) -> None:
        """Close everything."""
        self._is_draining = True
        for task in self._tasks:
            task.cancel()
        for wire in list(self._customers):
            wire.close("the gateway stops")
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def deliver(self, system_id: str, message: DeliverSm) -> Outcome:
        """Hand a receipt or text to any receiving bind of a customer (8x8 contract 6).

        Deferred when nobody is bound (`AWAY`) or there is no room; Unresolved when the answer never came.
        """
        wire = self._receiver(system_id)
        if wire is None and system_id not in self.receiving.values():
            return Deferred("nobody of this customer is bound to receive", AWAY)
        if wire is None:
            return Deferred("this customer's binds have as much to answer as they may")
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        try:
            wire.session.request(message, answered, asyncio.get_running_loop().time())
        except ValueError as error:  # an address that is longer than the wire's field, for one
            return Refused(str(error))
        wire.flush_soon()
        outcome = await answered
        if isinstance(outcome, Accepted) and wire in self._customers:
            self._customers[wire].delivered += 1
        return outcome

    def _make_wire(self) -> Wire:
        loop = asyncio.get_running_loop()
        session = Session(Role.SMSC, now_s=loop.time(), window=DELIVER_WINDOW, timers=self._timers)
        return Wire(session, on_events=self._take, on_lost=self._lost, on_made=self._made)

    def _made(self, wire: Wire) -> None:
        if len(self._customers) >= self._connections or self._is_draining:
            wire.close("too many connections")
            return
        if self._unbound(wire.peer_host) >= UNBOUND:
            wire.close("too many connections that are not bound")
            return
        self._customers[wire] = _Customer(wire, self._clock.now())

    def _unbound(self, host: str) -> int:
        """Return how many connections of an address have not bound yet."""
        return sum(customer.grant is None and customer.host == host for customer in self._customers.values())

    def _lost(self, wire: Wire, events: list[Event], _reason: str) -> None:
        self._customers.pop(wire, None)
        self._settle(events)

    def _take(self, wire: Wire, events: list[Event]) -> None:
        customer = self._customers.get(wire)
        for event in events:
            if isinstance(event, Asked) and customer is not None:
                self._take_request(customer, event)
        self._settle(events)

    def _take_request(self, customer: _Customer, request: Asked) -> None:
        body = request.body
        if isinstance(body, SubmitSm):
            self._take_submit(customer, request.sequence, body)
        elif isinstance(body, pdu.BindTransceiver | pdu.BindTransmitter | pdu.BindReceiver):
            self._spawn(self._bind(customer, request.sequence, body))
        else:
            customer.wire.session.refuse(request.sequence, Status.RINVCMDID)

    async def _bind(self, customer: _Customer, sequence: int, body: pdu.Bind) -> None:
        wire = customer.wire
        granted = await self._granted(body, wire.peer_host)
        if isinstance(granted, BindGrant):
            status = bind_status(granted, self._bound(granted.system_id))
            if not status:
                customer.grant = msgspec.structs.replace(granted, bind=secrets.token_hex(8))
                customer.allowance = Allowance(granted.throughput_per_s, asyncio.get_running_loop().time())
                version = ((Tag.SC_INTERFACE_VERSION.value, b"\x34"),)
                wire.session.respond(sequence, _ANSWERS[type(body)](self._system_id, version))
                wire.flush_soon()
                return
            granted = status
        await asyncio.sleep(self._refusal_delay_s)
        wire.session.refuse(sequence, granted)
        wire.close(f"bind refused: {status_name(granted)}")

    def _bound(self, system_id: str) -> int:
        """Return how many binds a customer holds; one whose session is over holds none while its socket closes."""
        return sum(
            customer.grant is not None
            and customer.grant.system_id == system_id
            and customer.wire.session.state is not State.CLOSED
            for customer in self._customers.values()
        )

    async def _granted(self, body: pdu.Bind, peer_host: str) -> BindGrant | int:
        if self._is_draining:
            return Status.RBINDFAIL
        try:
            async with asyncio.timeout(APPLICATION_TIMEOUT_S):
                return await self._authenticate(body.system_id, body.password, peer_host)
        except Exception:  # noqa: BLE001  # the customer learns that it failed; the application logs why
            return Status.RBINDFAIL

    def _take_submit(self, customer: _Customer, sequence: int, submit: SubmitSm) -> None:
        session, grant = customer.wire.session, customer.grant
        customer.submitted += 1
        if grant is None or self._is_draining:
            session.refuse(sequence, Status.RSYSERR)
        elif session.unanswered_asks > grant.window:
            session.refuse(sequence, Status.RMSGQFUL)
        elif not customer.allowance.take(asyncio.get_running_loop().time()):
            customer.throttled += 1
            session.refuse(sequence, Status.RTHROTTLED)
        else:
            read = read_submit(submit, self._dialect, self._clock.now())
            if isinstance(read, int):
                session.refuse(sequence, read)
            else:
                self._spawn(self._submit(customer.wire, grant, sequence, read))

    async def _submit(self, wire: Wire, grant: BindGrant, sequence: int, submit: CustomerSubmit) -> None:
        try:
            async with asyncio.timeout(APPLICATION_TIMEOUT_S):
                answer = await self._on_submit(grant, submit)
        except Exception:  # noqa: BLE001  # the customer may try again; the application logs why
            answer = Status.RSYSERR
        if isinstance(answer, str):
            wire.session.respond(sequence, pdu.SubmitSmResp(answer))
        else:
            wire.session.refuse(sequence, answer)
        wire.flush_soon()

    def _receiver(self, system_id: str) -> Wire | None:
        able = [
            wire for wire, customer in self._customers.items()
            if customer.grant is not None and customer.grant.system_id == system_id
            and wire.is_writable and wire.session.free
        ]  # fmt: skip
        return max(able, key=lambda wire: wire.session.free, default=None)

    def _settle(self, events: list[Event]) -> None:
        """Tell `deliver` what became of its messages."""
        for event in events:
            if not isinstance(event, Answered | Unanswered | Unsent):
                continue
            answered = event.token
            if isinstance(answered, asyncio.Future) and not answered.done():
                answered.set_result(_outcome(event))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_ANSWERS: dict[type[pdu.Bind], type[pdu.BindResp]] = {
    pdu.BindTransceiver: pdu.BindTransceiverResp,
    pdu.BindTransmitter: pdu.BindTransmitterResp,
    pdu.BindReceiver: pdu.BindReceiverResp,
}
_KINDS = {State.BOUND_TX: "transmitter", State.BOUND_RX: "receiver", State.BOUND_TRX: "transceiver"}
_TRY_AGAIN = frozenset({Status.RX_T_APPN, Status.RTHROTTLED, Status.RMSGQFUL, Status.RSYSERR})


def _outcome(event: Answered | Unanswered | Unsent) -> Outcome:
    if isinstance(event, Unsent):
        return Deferred(event.reason)
    if isinstance(event, Unanswered):
        return Unresolved(event.reason)
    if not event.status:
        return Accepted()
    reason = f"the customer answered {status_name(event.status)}"
    return Deferred(reason) if event.status in _TRY_AGAIN else Refused(reason)


def _seen(customer: _Customer) -> CustomerBind:
    return CustomerBind(
        system_id=customer.grant.system_id if customer.grant else "",
        kind=_KINDS.get(customer.wire.session.state, "closing"),
        peer=customer.wire.peer_host,
        since=customer.since,
        submitted=customer.submitted,
        throttled=customer.throttled,
        delivered=customer.delivered,
    )
