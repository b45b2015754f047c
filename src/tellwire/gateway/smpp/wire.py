"""One TCP connection that carries one `Session`: the asyncio protocol under links and servers alike.

Writes are gathered over a turn of the loop; reading stops while the reader asks for it or the peer does not read.
Not here: what events mean; the owner's callbacks get them.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.states import Event, State

WRITE_LIMIT = 256 * 1024  # octets that wait for a peer that does not read, before we stop reading it


class Wire(asyncio.Protocol):
    """The shell of one session.

    `on_events` gets what each read or tick gave; `on_lost` once, last, with the fate of everything outstanding;
    `on_writable` when a peer that did not read does so again.
    """

    def __init__(
        self,
        session: Session,
        *,
        on_events: Callable[["Wire", list[Event]], None],
        on_lost: Callable[["Wire", list[Event], str], None],
        on_writable: Callable[[], None] = lambda: None,
        on_made: Callable[["Wire"], None] = lambda _: None,
    ) -> None:
        self.session = session
        self.is_writable = True
        self.reason = ""
        self._on_events = on_events
        self._on_lost = on_lost
        self._on_writable = on_writable
        self._on_made = on_made
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._is_flush_due = False
        self._held_since_s: float | None = None
        self._ticker: asyncio.TimerHandle | None = None
        self._tick_s = _tick_s(session)

    @property
    def peer_host(self) -> str:
        """The peer's address, or empty before there is one."""
        name = self._transport.get_extra_info("peername") if self._transport else None
        return str(name[0]) if isinstance(name, tuple) else ""

    def flush_soon(self) -> None:
        """Send the session's output at the end of this turn of the loop."""
        if not self._is_flush_due:
            self._is_flush_due = True
            self._loop.call_soon(self._flush)

    def hold(self) -> None:
        """Read no more until `release`: the owner has as much as it can take."""
        if self._held_since_s is None and self._transport is not None:
            self._held_since_s = self._loop.time()
            self._transport.pause_reading()

    def release(self) -> None:
        """Read again; the time in between counts against nobody."""
        if self._held_since_s is None:
            return
        self.session.forgive(self._loop.time() - self._held_since_s)
        self._held_since_s = None
        if self.is_writable and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self, reason: str) -> None:
        """Send what waits and close the connection; `on_lost` follows."""
        self.reason = self.reason or reason
        if self._transport is not None and not self._transport.is_closing():
            self._flush()
            self._transport.close()
            # A peer that reads nothing would keep a closing connection for ever.
            self._loop.call_later(1.0, self._transport.abort)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start: called by asyncio."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=WRITE_LIMIT)
        self._ticker = self._loop.call_later(self._tick_s, self._tick)
        self._on_made(self)

    def data_received(self, data: bytes) -> None:
        """Octets came: called by asyncio."""
        self._take(self.session.receive(data, self._loop.time()))

    def pause_writing(self) -> None:
        """The peer does not read: called by asyncio. Answering what it says would fill our memory, so stop reading."""
        self.is_writable = False
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The peer reads again: called by asyncio."""
        self.is_writable = True
        if self._held_since_s is None and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
        self._on_writable()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over: called by asyncio."""
        if self._ticker is not None:
            self._ticker.cancel()
        reason = self.reason or (
            f"connection lost: {type(exc).__name__}" if exc else "the peer closed the connection"
        )
        self._transport = None
        self._on_lost(self, self.session.lost(reason), reason)

    def _tick(self) -> None:
        self._ticker = self._loop.call_later(self._tick_s, self._tick)
        self._take(self.session.tick(self._loop.time()) if self._held_since_s is None else [])

    def _take(self, events: list[Event]) -> None:
        try:
            if events:
                self._on_events(self, events)
        finally:
            # The session's own word, and not the last event's: whatever came with its end, and should the owner
            # fail over it, nothing that is closed stays connected for longer than a tick.
            if self.session.state is State.CLOSED:
                self.close(self.session.ended)
        self.flush_soon()

    def _flush(self) -> None:
        self._is_flush_due = False
        octets = self.session.output()
        if octets and self._transport is not None and not self._transport.is_closing():
            self._transport.write(octets)


def _tick_s(session: Session) -> float:
    """A quarter of the shortest patience, between 10 ms (tests) and a second."""
    timers = session.timers
    shortest = min(timers.bind_s, timers.response_s, timers.enquire_s, timers.idle_s)
    return min(1.0, max(0.01, shortest / 4))
