"""Ends messages that expired while they waited, and moves those that wait for carriers that are gone.

A lane sees to its own messages as their turn comes; here is what has no turn.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

from tellwire.gateway.carriers.settling import expire
from tellwire.gateway.model.message import Claimed, LaneSettlement
from tellwire.gateway.store.messages import Messages
from tellwire.kernel.clock import Clock
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import log

# A customer hears of an expiry so much later at most; a look at 200,000 waiting messages takes some 50 ms of a reader.
LOOK_S: Final = 30.0
ADOPT_LIMIT: Final = 500  # messages of a carrier that is no more, given on in one transaction


class Queue(Protocol):
    """A lane, as far as it matters here."""

    async def expire_waiting(self) -> None:
        """End what waits beyond its expiry."""
        ...


class Leftovers:
    """Looks at every lane every `LOOK_S`.

    `elsewhere` names the carrier that would take a message now, None when no rule has one; `notify` gets
    the lanes that got messages, `on_callbacks` the callback lanes that got something to do.
    """

    def __init__(
        self,
        messages: Messages,
        *,
        lanes: Callable[[], Mapping[str, Queue]],
        elsewhere: Callable[[Claimed], str | None],
        notify: Callable[[frozenset[str]], None],
        on_callbacks: Callable[[frozenset[str]], None],
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._lanes = lanes
        self._elsewhere = elsewhere
        self._notify = notify
        self._on_callbacks = on_callbacks
        self._clock = clock

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self._look()
            except StoreError as lost:
                log("store.full", "error", where="leftovers", error=lost)
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        lanes = self._lanes()
        for name in await self._messages.waiting():
            if name in lanes:
                await lanes[name].expire_waiting()
            else:
                await self._give_on(name)
                await self._expire(name)

    async def _give_on(self, name: str) -> None:
        """Move what waits for a carrier that is in no list any more to those that the rules name now."""
        after = 0
        while page := await self._messages.claim(name, after, ADOPT_LIMIT):
            after = page[-1].place
            moves = [
                (one.place, one.seq, lane)
                for one in page
                if not one.taken and (lane := self._elsewhere(one)) is not None and lane in self._lanes()
            ]
            if moves:
                await self._messages.move(name, moves)
                self._notify(frozenset(lane for _, _, lane in moves))

    async def _expire(self, name: str) -> None:
        after: int | None = 0
        while after is not None:
            after, lanes = await expire_page(self._messages, name, after, self._clock.now())
            self._on_callbacks(lanes)


async def expire_page(
    messages: Messages, lane: str, after: int, now: datetime
) -> tuple[int | None, frozenset[str]]:
    """End what is expired in the next page of a lane; return the place where it ends and the callback lanes.

    The place is None beyond the last page. Nobody may claim from the page meanwhile.
    """
    overdue = await messages.overdue(lane, after, now)
    if not overdue.expired:
        return overdue.looked_to, frozenset()
    settled = [expire(place, seq, [], now) for place, seq in overdue.expired]
    return overdue.looked_to, (await messages.settle(LaneSettlement(lane, settled))).callback_lanes
