"""Our bind to a carrier: connects, binds, hands submits over, acknowledges what was stored, and comes back.

    down --run--> connecting --bind OK--> bound --gone, or nothing moves--> down --backoff, rest--> connecting ...

One link is one bind; several binds of one carrier are several links. Not here: the protocol (`session`), window
and rate (`handover`), what receipts mean (`receipts`), which message goes where (the caller).
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from functools import partial

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.bind import LinkConfig, LinkState, Phase
from tellwire.gateway.smpp.commands import Status, status_name
from tellwire.gateway.smpp.handover import Handover, Results, SubmitResult
from tellwire.gateway.smpp.pdu import DataSm, DeliverSm, SubmitSm
from tellwire.gateway.smpp.receipts import Deliver, read_deliver
from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.states import Answered, Asked, Event, Role
from tellwire.gateway.smpp.tls import client_context
from tellwire.gateway.smpp.wire import Wire
from tellwire.kernel.clock import Clock, SystemClock

__all__ = ["Deliver", "Link", "LinkConfig", "LinkState", "Results", "SubmitResult"]

CONNECT_TIMEOUT_S = 10.0  # TCP and TLS; a carrier across the world needs about one
STORE_TIMEOUT_S = 20.0  # less than carriers wait for deliver_sm_resp (30 s and more)
CLOSE_TIMEOUT_S = 2.0  # a peer that does not read is cut off after 1 s (`wire`)
STEADY_S = 30.0  # a bind that held so long was a good one: the next backoff starts anew

_BINDS: dict[str, type[pdu.Bind]] = {
    "transceiver": pdu.BindTransceiver,
    "transmitter": pdu.BindTransmitter,
    "receiver": pdu.BindReceiver,
}
_BIND_TOKEN = object()


class Link:
    """One bind to one carrier.

    `on_results` gets a list of (token, outcome), one for every `submit`; `Accepted.reference` is the carrier's id
    in the form that `DeliveredReceipt.carrier_message_id` will have. `on_deliver` stores a receipt or a text: we
    answer "got it" to the carrier only after it returned, and "try again" when it raised. `on_state` is called
    when the phase changes. All three are called on the loop, and the first and last must not block.
    """

    def __init__(
        self,
        *,
        name: str,
        config: LinkConfig,
        on_results: Callable[[Results], None],
        on_deliver: Callable[[Deliver], Awaitable[None]],
        on_state: Callable[[LinkState], None] = lambda _: None,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.config = config
        self.on_free: Callable[[], None] = lambda: None
        self._on_deliver = on_deliver
        self._on_state = on_state
        self._clock = clock or SystemClock()
        self._jitter = jitter
        self._loop = asyncio.get_running_loop()
        self._wire: Wire | None = None
        self._gone = asyncio.Event()
        self._closing = asyncio.Event()
        self._idle = asyncio.Event()
        self._handover = Handover(config, on_results=on_results, on_free=lambda: self.on_free())  # noqa: PLW0108  # the caller sets it later
        self._deliveries: set[asyncio.Task[None]] = set()
        self._is_draining = False
        self._phase: Phase = "down"
        self._since = self._clock.now()
        self._reason = "not started"
        self._counts = {"delivered": 0, "not_stored": 0, "strays": 0, "connects": 0, "flaws": 0}
        self._last_flaw = ""

    @property
    def free(self) -> int:
        """How many submits may be offered now, by window, pace and connection; 0 when down or draining."""
        return self._handover.free if self._phase == "bound" else 0

    @property
    def state(self) -> LinkState:
        """A snapshot for people."""
        session = self._wire.session if self._wire else None
        strays = self._counts["strays"] + (session.strays if session else 0)
        flaws = self._counts["flaws"] + (session.flaws if session else 0)
        return LinkState(
            name=self.name,
            phase=self._phase,
            since=self._since,
            reason=self._reason,
            window=self.config.window,
            window_used=(session.outstanding if session else 0) + self._handover.waiting,
            rate_per_s=round(self._handover.rate_per_s, 1),
            rtt_ms=round(self._handover.rtt_s * 1000, 2),
            last_flaw=(session.last_flaw if session else "") or self._last_flaw,
            **{**self._handover.counts, **self._counts, "strays": strays, "flaws": flaws},
        )

    def submit(self, token: object, message: SubmitSm) -> None:
        """Offer one message; its outcome comes through `on_results`, also when the link is down (Deferred).

        Call it at most `free` times in a row. A PDU that the wire cannot carry is Refused.
        """
        self._handover.submit(token, message)

    async def when_free(self) -> None:
        """Return when `free` is (or has just become) positive."""
        await self._handover.when_free()

    async def run(self) -> None:
        """Connect, bind, serve, and do it again after every loss, until cancelled or closed."""
        tries = 0
        try:
            while not self._is_draining:
                self._enter("connecting", self._reason)
                began_s = self._loop.time()
                await self._connect_and_serve()
                tries = 1 if self._loop.time() - began_s >= STEADY_S else tries + 1
                await self._pause(tries, self._handover.stall.take_rest_s())
        finally:
            await self._shut("closed")

    async def drain(self, deadline_s: float) -> None:
        """Offer nothing more, wait for the outstanding answers, at most `deadline_s`; then unbind and close."""
        self._is_draining = True
        self._handover.close()
        self._handover.give_back("the link is closing")
        try:
            async with asyncio.timeout(deadline_s):
                await self._until_idle()
                if self._wire is not None:
                    self._wire.session.unbind(self._loop.time())
                    self._wire.flush_soon()
                    await self._gone.wait()
        except TimeoutError:
            pass
        await self.close()

    async def close(self) -> None:
        """Close at once; what was never answered is Unresolved."""
        self._is_draining = True
        await self._shut("closed")

    async def _connect_and_serve(self) -> None:
        self._gone.clear()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                context = client_context(self.config.tls) if self.config.tls else None
                server_name = (self.config.tls.server_name or None) if self.config.tls else None
                await self._loop.create_connection(
                    self._make_wire,
                    self.config.host,
                    self.config.port,
                    ssl=context,
                    server_hostname=server_name,
                )
        except (OSError, TimeoutError) as error:
            self._enter("down", f"cannot connect: {type(error).__name__}: {error}".rstrip(": "))
            return
        self._counts["connects"] += 1
        await self._gone.wait()

    def _make_wire(self) -> Wire:
        config = self.config
        session = Session(Role.ESME, now_s=self._loop.time(), window=config.window, timers=config.timers)
        return Wire(
            session,
            on_events=self._take,
            on_lost=self._lost,
            on_writable=self._handover.offer,
            on_made=self._greet,
        )

    def _greet(self, wire: Wire) -> None:
        self._wire = wire
        config = self.config
        bind = _BINDS[config.bind](
            config.system_id, config.password, config.system_type, 0x34,
            config.addr_ton, config.addr_npi, config.address_range,
        )  # fmt: skip
        wire.session.request(bind, _BIND_TOKEN, self._loop.time())
        wire.flush_soon()

    def _take(self, wire: Wire, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Asked):
                self._take_request(wire, event)
            elif isinstance(event, Answered) and event.token is _BIND_TOKEN:
                self._take_bind(wire, event)
        self._handover.take(events)
        if self._handover.stall.reason:
            wire.close(self._handover.stall.reason)
        if self._is_draining:
            self._idle.set()

    def _take_bind(self, wire: Wire, answer: Answered) -> None:
        if answer.status:
            wire.close(f"the carrier refused the bind: {status_name(answer.status)}")
            return
        self._handover.wire = wire
        self._enter("bound", "")

    def _take_request(self, wire: Wire, request: Asked) -> None:
        if not isinstance(request.body, DeliverSm | DataSm):
            wire.session.refuse(request.sequence, Status.RINVCMDID)
            return
        task = self._loop.create_task(self._store(wire, request.sequence, request.body))
        self._deliveries.add(task)
        task.add_done_callback(partial(self._stored, wire))
        if len(self._deliveries) >= self.config.deliveries_in_flight:
            wire.hold()

    async def _store(self, wire: Wire, sequence: int, body: DeliverSm | DataSm) -> None:
        deliver = read_deliver(body, self.config.dialect, self._clock.now())
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                await self._on_deliver(deliver)
        except Exception:  # noqa: BLE001  # whatever kept it from being stored, the carrier shall keep it
            self._counts["not_stored"] += 1
            wire.session.refuse(sequence, Status.RX_T_APPN)
        else:
            self._counts["delivered"] += 1
            answer = pdu.DeliverSmResp() if isinstance(body, DeliverSm) else pdu.DataSmResp()
            wire.session.respond(sequence, answer)
        wire.flush_soon()

    def _stored(self, wire: Wire, task: asyncio.Task[None]) -> None:
        self._deliveries.discard(task)
        if len(self._deliveries) <= self.config.deliveries_in_flight // 2:
            wire.release()
        if self._is_draining:
            self._idle.set()

    def _lost(self, wire: Wire, events: list[Event], reason: str) -> None:
        self._counts["strays"] += wire.session.strays
        self._counts["flaws"] += wire.session.flaws
        self._last_flaw = wire.session.last_flaw or self._last_flaw
        self._wire = self._handover.wire = None
        self._handover.take(events)
        self._handover.give_back(reason)
        self._enter("down", self._handover.stall.reason or reason)
        self._idle.set()
        self._gone.set()

    async def _until_idle(self) -> None:
        while self._deliveries or (self._wire is not None and self._wire.session.outstanding):
            self._idle.clear()
            await self._idle.wait()

    async def _pause(self, tries: int, rest_s: float) -> None:
        """Wait before the next connection, `rest_s` at least; a call of `close` ends the wait."""
        delay = self.config.reconnect.delay(tries, self._jitter())
        if delay is None:
            self._is_draining = True
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(delay.total_seconds(), rest_s)):
                await self._closing.wait()

    async def _shut(self, reason: str) -> None:
        self._is_draining = True
        self._closing.set()
        self._handover.close()
        for task in self._deliveries:
            task.cancel()
        if self._wire is not None:
            self._wire.close(reason)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await self._gone.wait()

    def _enter(self, phase: Phase, reason: str) -> None:
        self._reason = reason
        if phase != self._phase:
            self._phase = phase
            self._since = self._clock.now()
            self._on_state(self.state)
