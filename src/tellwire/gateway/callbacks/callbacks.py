"""Posts receipts to their webhooks: in order for each message, again when it failed, nobody delaying another.

One lane for each subaccount and origin. A lane holds a few callbacks in memory, the rest waits on the disk, and so
does everything over a restart. When to try again is `callback_rules`' part, the credentials are `credentials`'.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, TypeAlias, assert_never

import msgspec

from tellwire.gateway.callbacks.callback_rules import is_taken, wait_after, wait_for_customer
from tellwire.gateway.callbacks.credentials import Credentials
from tellwire.gateway.contract.happenings import HappeningReport
from tellwire.gateway.contract.receipts import InboundReport, MessageReport
from tellwire.gateway.contract.styles import is_smpp, styled_body
from tellwire.gateway.model.callback import DueCallback, Tried
from tellwire.gateway.smpp.server import AWAY
from tellwire.gateway.store.callbacks import Callbacks
from tellwire.gateway.store.progress import callback_lane
from tellwire.kernel.clock import Clock
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.http.client import HttpClient, HttpRequest, NotSent, Unknown
from tellwire.kernel.metrics import metrics
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import log

# As sender (8x8 contract, decision 13).
TIMEOUT_S: Final = 10.0
# Posts under way to one origin: a receiver that needs 50 ms still takes 640/s.
WIDTH: Final = 32
# Callbacks of a lane in memory; asking the disk for many at once costs little more than for one.
HELD_LIMIT: Final = 256
# A lane that has nothing due looks again at least so often.
LOOK_AGAIN_S: Final = 5.0
STORE_RETRY_S: Final = 1.0
UNAUTHENTICATED: Final = 401


BringOverSmpp: TypeAlias = Callable[[str, MessageReport | InboundReport], Awaitable[Outcome]]


class CallbackLanes:
    """Every lane of callbacks; lanes come when they have something and go when they have nothing."""

    def __init__(
        self,
        callbacks: Callbacks,
        http: HttpClient,
        credentials: Credentials,
        *,
        smpp: BringOverSmpp,
        clock: Clock,
    ) -> None:
        self._callbacks = callbacks
        self._poster = _Poster(http, credentials, smpp, clock)
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._group: asyncio.TaskGroup | None = None

    def notify(self, lanes: Iterable[str]) -> None:
        """Say that these lanes have something new; what is said before `run` is found by it."""
        for name in lanes:
            lane = self._lanes.get(name)
            if lane is not None:
                lane.notify()
            elif self._group is not None:
                self._open(name, self._group)

    async def hurry(self, subaccount: str, url: str) -> None:
        """Try everything that waits for a receiver again at once: it has come back."""
        lane = callback_lane(subaccount, url)
        await self._callbacks.hurry(lane)
        self.notify([lane])

    async def run(self) -> None:
        """Serve what waits from before, and what comes, until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                self.notify(await self._callbacks.lanes())
                await asyncio.Event().wait()
            finally:
                self._group = None

    def _open(self, name: str, group: asyncio.TaskGroup) -> None:
        lane = _Lane(name, self._callbacks, self._poster, self._clock)
        self._lanes[name] = lane
        group.create_task(self._serve(lane), name=f"callbacks {name}")

    async def _serve(self, lane: "_Lane") -> None:
        try:
            await lane.run()
        finally:
            del self._lanes[lane.name]
        if lane.is_notified:
            self.notify([lane.name])


class _Lane:
    """The callbacks of one subaccount to one origin.

    Its width halves with every try that got no answer and grows with every one that did, so that a receiver that
    hangs soon holds a few connections and not all of the pool.
    """

    def __init__(self, name: str, callbacks: Callbacks, poster: "_Poster", clock: Clock) -> None:
        self.name = name
        self._callbacks = callbacks
        self._poster = poster
        self._clock = clock
        self._wake = asyncio.Event()
        self._queue: deque[DueCallback] = deque()
        self._posting: set[int] = set()
        self._width = WIDTH

    @property
    def is_notified(self) -> bool:
        """Whether something came that was not looked for yet."""
        return self._wake.is_set()

    def notify(self) -> None:
        """Say that something came."""
        self._wake.set()

    async def run(self) -> None:
        """Post until nothing waits any more, not even for its time."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                await self._refill()
                while self._queue and len(self._posting) < self._width:
                    self._take(group)
                idle_s: float | None = LOOK_AGAIN_S
                if not self._posting:
                    idle_s = await self._idle_s()
                if idle_s is None and not self._wake.is_set():
                    return
                await _wait(self._wake, idle_s or 0)

    async def _refill(self) -> None:
        if len(self._queue) > WIDTH:
            return
        busy = [*(callback.id for callback in self._queue), *self._posting]
        room = HELD_LIMIT - len(busy)
        self._queue.extend(await self._callbacks.due(self.name, self._clock.now(), room, busy))

    async def _idle_s(self) -> float | None:
        """Return how long nothing will be due, at most `LOOK_AGAIN_S`; None when nothing waits at all."""
        following = await self._callbacks.next_due(self.name)
        if following is None:
            return None
        wait_s = (following - self._clock.now()).total_seconds()
        return min(max(wait_s, 0.0), LOOK_AGAIN_S)

    def _take(self, group: asyncio.TaskGroup) -> None:
        callback = self._queue.popleft()
        self._posting.add(callback.id)
        group.create_task(self._post(callback, group))

    async def _post(self, callback: DueCallback, group: asyncio.TaskGroup) -> None:
        tried, has_answer = await self._poster.post(callback)
        self._width = min(WIDTH, self._width + 1) if has_answer else max(1, self._width // 2)
        await self._settle(tried)
        self._posting.discard(callback.id)
        if self._queue and len(self._posting) < self._width:
            self._take(group)
        if len(self._queue) <= WIDTH:
            self._wake.set()

    async def _settle(self, tried: Tried) -> None:
        """Store what became of a try, for as long as it takes: a forgotten one would be posted twice."""
        while True:
            try:
                await self._callbacks.settle(tried)
            except StoreError as lost:
                log("store.full", "error", where="callbacks", error=lost)
                await asyncio.sleep(STORE_RETRY_S)
            else:
                return


class _Answer(msgspec.Struct, frozen=True):
    """The answer to a try: the receiver's status (None: it did not answer) and why; `is_away`: nobody was there."""

    status: int | None
    reason: str
    is_away: bool = False


class _Poster:
    """Posts one callback once."""

    def __init__(self, http: HttpClient, credentials: Credentials, smpp: BringOverSmpp, clock: Clock) -> None:
        self._smpp = smpp
        self._http = http
        self._credentials = credentials
        self._clock = clock

    async def post(self, callback: DueCallback) -> tuple[Tried, bool]:
        """Return what to do next, and whether the receiver answered at all."""
        answer = await self._try(callback)
        now, status, reason = self._clock.now(), answer.status, answer.reason
        has_answer = status is not None or answer.is_away  # of an absent one no connection is held
        if status is not None and is_taken(status):
            metrics.count("tellwire_webhooks_total", kind=callback.style, outcome="taken")
            return Tried(id=callback.id, at=now, status=status), has_answer
        attempt = callback.attempts + 1
        wait = _wait_after(callback, answer, now)
        metrics.count(
            "tellwire_webhooks_total", kind=callback.style, outcome="given up" if wait is None else "again"
        )
        if wait is None:
            log("webhook.failed", "warning", message_id=callback.report.umid, attempts=attempt, reason=reason)
        retry_at = None if wait is None else now + wait
        # The tries of one absent customer would wash everybody else's out of the log.
        is_logged = not is_smpp(callback.style) or attempt == 1 or wait is None
        return Tried(
            id=callback.id, at=now, status=status, reason=reason, retry_at=retry_at, is_logged=is_logged
        ), has_answer

    async def _try(self, callback: DueCallback) -> _Answer:
        report = callback.report
        if is_smpp(callback.style) and not isinstance(report, HappeningReport):
            return await self._bring(callback.url, report)
        body = styled_body(callback.style, report)
        try:
            headers = await self._credentials.headers(callback.webhook, body)
            request = HttpRequest(method="POST", url=callback.url, headers=headers, body=body)
            answer = await self._http.send(request, timeout_s=TIMEOUT_S)
        except (NotSent, Unknown) as failed:
            return _Answer(None, failed.reason)
        if answer.status == UNAUTHENTICATED:
            self._credentials.refused(callback.webhook)
        return _Answer(answer.status, f"HTTP {answer.status}")

    async def _bring(self, url: str, report: MessageReport | InboundReport) -> _Answer:
        """Hand a receipt or text to an SMPP customer; the answer is in HTTP's words, as the rules are."""
        outcome = await self._smpp(url, report)
        match outcome:
            case Accepted():
                return _Answer(200, "")
            case Refused():
                log("webhook.failed", "warning", message_id=report.umid, reason=outcome.reason)
                return _Answer(200, "")  # it will never take this one
            case Deferred() | Unresolved():
                return _Answer(None, outcome.reason, is_away=outcome.code == AWAY)
            case _:
                assert_never(outcome)


def _wait_after(callback: DueCallback, answer: _Answer, now: datetime) -> timedelta | None:
    report = callback.report
    if not is_smpp(callback.style) or isinstance(report, HappeningReport):
        return wait_after(callback.style, callback.attempts + 1, answer.status)
    return wait_for_customer(callback.attempts + 1, now - report.at, is_away=answer.is_away)


async def _wait(event: asyncio.Event, limit_s: float) -> None:
    try:
        async with asyncio.timeout(limit_s):
            await event.wait()
    except TimeoutError:
        return
