"""Hands queued messages to carriers and settles what the carriers answer.

    ready (disk) --claim--> waiting --carrier has room--> submitted --answers--> done --settle--> (disk)

One lane for each carrier. A lane holds at most `CLAIMED_LIMIT` messages, whatever waits on the disk. What a crash
finds submitted and not settled goes again: at most one window, and what was taken of a message that was not taken
whole. What an outcome means is `settling`'s part.
"""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from tellwire.gateway.carriers.carriers import Carrier, Results
from tellwire.gateway.carriers.counters import Counters
from tellwire.gateway.carriers.leftovers import expire_page
from tellwire.gateway.carriers.settling import Persistence, expire, is_free_to_go, put_off, settle
from tellwire.gateway.contract.delivery_errors import PARAMETER
from tellwire.gateway.model.message import SENT, Claimed, LaneSettlement, Settled
from tellwire.gateway.store.messages import Messages
from tellwire.kernel.choice.health import Health
from tellwire.kernel.clock import Clock, to_ms
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.status import FAILURES
from tellwire.kernel.telemetry import log

# Enough to keep a window of 50 busy over a claim's few milliseconds at 5,000 messages/s, and little to repeat.
CLAIMED_LIMIT: Final = 500
# Notifications wake a lane at once; this is for what they miss.
LOOK_AGAIN_S: Final = 5.0
# A store that cannot settle (a full disk) is asked again at this interval, for as long as it takes: the lane
# claims nothing meanwhile, and forgetting an answer would send the message twice.
STORE_RETRY_S: Final = 1.0
# One transaction at a stop; more than that is a disk that does not answer, and all of it will be claimed again.
FINISH_S: Final = 2.0


class _Flight:
    """One claimed message and the answers to its parts so far."""

    __slots__ = ("claimed", "outcomes", "total")

    def __init__(self, claimed: Claimed, total: int) -> None:
        self.claimed = claimed
        self.total = total
        self.outcomes: dict[int, Outcome] = {}

    @property
    def references(self) -> list[tuple[int, str]]:
        return [(n, taken.reference) for n, taken in self.outcomes.items() if isinstance(taken, Accepted)]


class _Parcel:
    """One part of a flight, made ready for the carrier; the token that its outcome comes back with."""

    __slots__ = ("flight", "number", "prepared", "submitted_s")

    def __init__(self, flight: _Flight, number: int, prepared: Any) -> None:
        self.flight = flight
        self.number = number
        self.prepared = prepared
        self.submitted_s = 0.0


class Lane:
    """One carrier's queue: claims, submits in order, settles together."""

    def __init__(
        self,
        carrier: Carrier,
        messages: Messages,
        *,
        persistence: Persistence,
        clock: Clock,
        on_callbacks: Callable[[frozenset[str]], None],
        health: Health,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.carrier = carrier
        self._messages = messages
        self._persistence = persistence
        self._clock = clock
        self._on_callbacks = on_callbacks
        self._health = health
        self._jitter = jitter
        self._counters = Counters(carrier.name)
        self._cursor = 0
        self._flights: set[_Flight] = set()
        self._waiting: deque[_Parcel] = deque()
        self._done: list[Settled] = []
        self._settling = 0
        self._under_way = 0
        self._unsettled_parts = 0
        self._has_more = asyncio.Event()
        self._has_done = asyncio.Event()
        self._all_settled = asyncio.Event()
        self._claiming = asyncio.Lock()
        self._is_draining = False
        carrier.on_results = self._take_results
        carrier.on_free = self._submit

    @property
    def held(self) -> int:
        """How many messages are claimed and not settled."""
        return len(self._flights) + len(self._done) + self._settling

    def notify(self) -> None:
        """Say that something was queued for this carrier."""
        self._has_more.set()

    async def run(self) -> None:
        """Claim and settle until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._claim_all(), name=f"claim {self.carrier.name}")
            group.create_task(self._settle_all(), name=f"settle {self.carrier.name}")

    def drain(self) -> None:
        """Claim and submit nothing more; what waits here waits on the disk too."""
        self._is_draining = True
        self._waiting.clear()

    async def finish(self) -> None:
        """Settle what was answered, at most `FINISH_S`; call it when the drained carrier has no answers to come.

        Of a message whose parts were taken in part, those are remembered and the others go after the next start.
        """
        for flight in [flight for flight in self._flights if flight.references]:
            now = self._clock.now()
            self._finish(flight, put_off(flight.claimed, flight.references, now))
        try:
            async with asyncio.timeout(FINISH_S):
                while self._done or self._settling:
                    self._all_settled.clear()
                    await self._all_settled.wait()
        except TimeoutError:
            log("loop.stopped", "warning", carrier=self.carrier.name, pending=self.held)

    async def _claim_all(self) -> None:
        self._has_more.set()
        while not self._is_draining:
            await _wait(self._has_more, LOOK_AGAIN_S)
            self._has_more.clear()
            if self.held <= CLAIMED_LIMIT // 2 and not self._is_draining:
                await self._claim()
            self._submit()

    async def move_waiting(self, elsewhere: Callable[[Claimed], str | None]) -> dict[str, int]:
        """Give what waits here, and was submitted in no part, to the lanes that `elsewhere` names.

        None keeps a message here. Returns how many each lane got.
        """
        moved: Counter[str] = Counter()
        while not self._is_draining:
            async with self._claiming:
                lanes = [(f, elsewhere(f.claimed)) for f in self._untouched()]
                moves = [(f.claimed.place, f.claimed.seq, lane) for f, lane in lanes if lane is not None]
                if not moves:
                    return moved
                self._drop({flight for flight, lane in lanes if lane is not None})
                await self._messages.move(self.carrier.name, moves)
            moved.update(lane for _, _, lane in moves)
            await self._claim()
        return moved

    async def expire_waiting(self) -> None:
        """End what waits here, in memory and on the disk, beyond its expiry.

        At a message's turn a lane notices by itself: this is for carriers that take nothing.
        """
        now = self._clock.now()
        late = {flight for flight in self._untouched() if flight.claimed.expiry_ms <= to_ms(now)}
        self._drop(late)
        for flight in late:
            self._end_late(flight, now)
        looked_to: int | None = 0
        while looked_to is not None:
            async with self._claiming:  # what lies beyond the cursor nobody has submitted
                after = max(looked_to, self._cursor)
                looked_to, lanes = await expire_page(self._messages, self.carrier.name, after, now)
            self._on_callbacks(lanes)

    def _end_late(self, flight: _Flight, now: datetime) -> None:
        self._finish(flight, expire(flight.claimed.place, flight.claimed.seq, flight.references, now))

    def _untouched(self) -> list[_Flight]:
        waiting = Counter(parcel.flight for parcel in self._waiting)
        return [
            flight for flight, parts in waiting.items() if parts == flight.total and not flight.claimed.taken
        ]

    def _drop(self, flights: set[_Flight]) -> None:
        self._flights -= flights
        self._waiting = deque(parcel for parcel in self._waiting if parcel.flight not in flights)

    async def _claim(self) -> None:
        async with self._claiming:
            await self._claim_more()

    async def _claim_more(self) -> None:
        limit = CLAIMED_LIMIT - self.held
        if limit <= 0:
            return
        claimed = await self._messages.claim(self.carrier.name, self._cursor, limit)
        for message in claimed:
            self._cursor = message.place
            self._board(message)
        if len(claimed) == limit:
            self._has_more.set()

    def _board(self, claimed: Claimed) -> None:
        try:
            prepared = self.carrier.prepare(claimed)
        except ValueError:
            flight = _Flight(claimed, 1)
            flight.outcomes[1] = Refused("it cannot be written in the carrier's dialect", str(PARAMETER))
            self._land(flight)
            return
        taken = claimed.taken or ()
        missing = [(number, part) for number, part in enumerate(prepared, start=1) if number not in taken]
        flight = _Flight(claimed, len(missing))
        self._flights.add(flight)
        self._waiting.extend(_Parcel(flight, number, part) for number, part in missing)
        if not missing:
            self._land(flight)

    def _submit(self) -> None:
        """Submit what waits, in order, as far as the carrier has room; drop what has expired."""
        waiting = self._waiting
        if not waiting:
            return
        now_ms = to_ms(self._clock.now())
        now_s = asyncio.get_running_loop().time()
        room = self._room()
        while waiting and (room > 0 or waiting[0].flight.claimed.expiry_ms <= now_ms):
            parcel = waiting.popleft()
            flight = parcel.flight
            if flight not in self._flights:
                continue
            if flight.claimed.expiry_ms <= now_ms:
                self._end_late(flight, self._clock.now())
                continue
            parcel.submitted_s = now_s
            self.carrier.submit(parcel, parcel.prepared)
            self._under_way += 1
            room -= 1

    def _room(self) -> int:
        """Return how many parts may go now: those that a crash would repeat are never more than one window."""
        return min(self.carrier.free, self.carrier.window - self._under_way - self._unsettled_parts)

    def _take_results(self, results: Results) -> None:
        self._under_way -= len(results)
        now_s = asyncio.get_running_loop().time()
        self._counters.note((outcome, now_s - token.submitted_s) for token, outcome in results)
        for token, outcome in results:
            parcel: _Parcel = token
            flight = parcel.flight
            if flight not in self._flights:
                continue  # it expired while this part was on its way
            if is_free_to_go(outcome):
                if not self._is_draining:
                    self._take_back(parcel, outcome)
                continue
            flight.outcomes[parcel.number] = outcome
            if len(flight.outcomes) == flight.total:
                self._land(flight)
        self._submit()

    def _take_back(self, parcel: _Parcel, outcome: Outcome) -> None:
        """Let a part wait again, in its place; behind the others where the carrier wants to be left alone.

        So each time another message asks, and one that the carrier never takes does not hold up the rest.
        """
        if isinstance(outcome, Deferred) and not outcome.code and outcome.retry_after_s:
            self._waiting.append(parcel)
        else:
            self._waiting.appendleft(parcel)

    def _land(self, flight: _Flight) -> None:
        settled = settle(
            flight.claimed,
            flight.outcomes,
            persistence=self._persistence,
            now=self._clock.now(),
            jitter=self._jitter(),
        )
        self._finish(flight, settled)

    def _finish(self, flight: _Flight, settled: Settled) -> None:
        self._flights.discard(flight)
        self._note_health(flight, settled)
        self._done.append(settled)
        self._unsettled_parts += len(settled.references)
        self._has_done.set()

    def _note_health(self, flight: _Flight, settled: Settled) -> None:
        if settled.standing is None:
            return
        if settled.standing.status in FAILURES:
            self._health.note_ending(is_failed=True)
        elif settled.standing == SENT:
            parts = len(flight.claimed.taken or ()) + len(settled.references)
            self._health.note_taken(parts, asyncio.get_running_loop().time())

    async def _settle_all(self) -> None:
        while True:
            await self._has_done.wait()
            self._has_done.clear()
            settled, self._done = self._done, []
            self._settling = len(settled)
            try:
                lanes = await self._store(LaneSettlement(self.carrier.name, settled))
            except BaseException:
                # The next run settles them: a forgotten answer would send its message twice.
                self._done = settled + self._done
                self._has_done.set()
                raise
            finally:
                self._settling = 0
            self._unsettled_parts -= sum(len(one.references) for one in settled)
            self._all_settled.set()
            self._submit()
            if self.held <= CLAIMED_LIMIT // 2:
                self._has_more.set()
            self._on_callbacks(lanes)

    async def _store(self, settlement: LaneSettlement) -> frozenset[str]:
        while True:
            try:
                return (await self._messages.settle(settlement)).callback_lanes
            except StoreError as lost:
                log("store.full", "error", where="settle", carrier=self.carrier.name, error=lost)
                await asyncio.sleep(STORE_RETRY_S)


async def _wait(event: asyncio.Event, limit_s: float) -> None:
    try:
        async with asyncio.timeout(limit_s):
            await event.wait()
    except TimeoutError:
        return
