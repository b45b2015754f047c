"""When a wire reads and when it does not: held by its owner, by a peer that does not read, or by both."""

import asyncio
from typing import Any

import pytest

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.states import Event, Role, Timers
from tellwire.gateway.smpp.wire import WRITE_LIMIT, Wire


class Transport(asyncio.Transport):
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.is_closed = False
        self.limit = 0

    def pause_reading(self) -> None:
        self.said.append("pause")

    def resume_reading(self) -> None:
        self.said.append("resume")

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.limit = high or 0

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.said.append("abort")

    def write(self, data: Any) -> None:
        self.said.append("write")

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.9", 2775) if name == "peername" else default


class World:
    def __init__(self, timers: Timers | None = None) -> None:
        self.session = Session(Role.ESME, now_s=asyncio.get_running_loop().time(), timers=timers)
        self.transport = Transport()
        self.events: list[Event] = []
        self.lost: list[str] = []
        self.writable = 0
        self.wire = Wire(
            self.session,
            on_events=lambda _wire, events: self.events.extend(events),
            on_lost=lambda _wire, _events, reason: self.lost.append(reason),
            on_writable=self._on_writable,
        )

    def _on_writable(self) -> None:
        self.writable += 1


@pytest.fixture
async def world():
    world = World()
    world.wire.connection_made(world.transport)
    yield world
    world.wire.connection_lost(None)


async def test_a_held_wire_pauses_once_and_reads_again_when_released(world: World) -> None:
    world.wire.hold()
    world.wire.hold()
    held = list(world.transport.said)
    world.wire.release()
    world.wire.release()

    assert held == ["pause"]
    assert world.transport.said == ["pause", "resume"]


async def test_a_wire_whose_peer_does_not_read_stays_paused_until_it_does_and_is_released(
    world: World,
) -> None:
    world.wire.pause_writing()
    world.wire.hold()
    world.wire.release()
    first = list(world.transport.said)
    world.wire.resume_writing()

    assert first == ["pause", "pause"]
    assert world.transport.said == ["pause", "pause", "resume"]
    assert (world.wire.is_writable, world.writable) == (True, 1)


async def test_a_held_wire_stays_paused_when_its_peer_reads_again(world: World) -> None:
    world.wire.hold()
    world.wire.pause_writing()
    assert not world.wire.is_writable
    world.wire.resume_writing()
    first = list(world.transport.said)
    world.wire.release()

    assert first == ["pause", "pause"]
    assert world.transport.said[-1] == "resume"


async def test_a_closing_wire_is_neither_read_nor_written(world: World) -> None:
    world.wire.hold()
    world.wire.close("why")
    world.wire.close("why else")
    world.wire.release()
    world.wire.pause_writing()
    world.wire.resume_writing()
    world.session.request(pdu.BindTransceiver("acme"), "bind", 0.0)
    world.wire._flush()

    assert world.transport.is_closed
    assert "resume" not in world.transport.said
    assert "write" not in world.transport.said
    assert world.wire.reason == "why"


async def test_output_goes_at_the_end_of_the_turn_once_for_all(world: World) -> None:
    world.session.request(pdu.BindTransceiver("acme"), "bind", 0.0)
    world.wire.flush_soon()
    world.wire.flush_soon()
    before = list(world.transport.said)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert (before, world.transport.said) == ([], ["write"])


async def test_a_wire_without_a_connection_holds_nothing_and_names_nobody() -> None:
    world = World()

    world.wire.hold()
    world.wire.close("never mind")
    before = world.wire.peer_host
    world.wire.connection_made(world.transport)

    assert before == ""
    assert world.wire.peer_host == "127.0.0.9"
    assert world.transport.said == []
    assert world.transport.limit == WRITE_LIMIT == 262_144
    world.wire.connection_lost(None)


@pytest.mark.parametrize(
    ("reason", "error", "told"),
    [
        ("", None, "the peer closed the connection"),
        ("", ConnectionResetError(), "connection lost: ConnectionResetError"),
        ("why", ConnectionResetError(), "why"),
    ],
)
async def test_the_end_is_told_with_its_reason(reason: str, error: Exception | None, told: str) -> None:
    world = World()
    world.wire.connection_made(world.transport)
    if reason:
        world.wire.close(reason)

    world.wire.connection_lost(error)

    assert world.lost == [told]


@pytest.mark.parametrize(
    ("timers", "tick_s"),
    [
        (Timers(), 1.0),
        (Timers(bind_s=2.0), 0.5),
        (Timers(response_s=2.0), 0.5),
        (Timers(enquire_s=2.0), 0.5),
        (Timers(idle_s=2.0), 0.5),
        (Timers(idle_s=0.02), 0.01),
    ],
)
async def test_a_wire_looks_four_times_within_the_shortest_patience(timers: Timers, tick_s: float) -> None:
    assert World(timers).wire._tick_s == tick_s
