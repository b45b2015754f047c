"""Posts receipts to their webhooks: in order for each message, again when it failed, nobody delaying another.

One lane for each subaccount and origin. A lane holds a few callbacks in memory, the rest waits on the disk, and so
does everything over a restart. When to try again is `callback_rules`' part, the credentials are `credentials`'.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeAlias, assert_never

from tellwire.gateway.callback_rules import is_taken, wait_after
from tellwire.gateway.contract.happenings import HappeningReport
from tellwire.gateway.contract.receipts import InboundReport, MessageReport
from tellwire.gateway.contract.styles import is_smpp, styled_body
from tellwire.gateway.credentials import Credentials
from tellwire.gateway.store.callbacks import Callbacks, DueCallback, Tried
from tellwire.gateway.store.progress import callback_lane
from tellwire.kernel.clock import Clock
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.http import HttpClient, HttpRequest, NotSent, Unknown
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


class CallbackDesk:
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


class _Poster:
    """Posts one callback once."""

    def __init__(self, http: HttpClient, credentials: Credentials, smpp: BringOverSmpp, clock: Clock) -> None:
        self._smpp = smpp
        self._http = http
        self._credentials = credentials
        self._clock = clock

    async def post(self, callback: DueCallback) -> tuple[Tried, bool]:
        """Return what to do next, and whether the receiver answered at all."""
        status, reason = await self._try(callback)
        now, has_answer = self._clock.now(), status is not None
        if status is not None and is_taken(status):
            metrics.count("tellwire_webhooks_total", kind=callback.style, outcome="taken")
            return Tried(id=callback.id, at=now, status=status), has_answer
        attempt = callback.attempts + 1
        wait = wait_after(callback.style, attempt, status)
        metrics.count(
            "tellwire_webhooks_total", kind=callback.style, outcome="given up" if wait is None else "again"
        )
        if wait is None:
            log("webhook.failed", "warning", message_id=callback.report.umid, attempts=attempt, reason=reason)
        retry_at = None if wait is None else now + wait
        return Tried(id=callback.id, at=now, status=status, reason=reason, retry_at=retry_at), has_answer

    async def _try(self, callback: DueCallback) -> tuple[int | None, str]:
        report = callback.report
        if is_smpp(callback.style) and not isinstance(report, HappeningReport):
            return await self._bring(callback.url, report)
        body = styled_body(callback.style, report)
        try:
            headers = await self._credentials.headers(callback.webhook, body)
            request = HttpRequest(method="POST", url=callback.url, headers=headers, body=body)
            answer = await self._http.send(request, timeout_s=TIMEOUT_S)
        except (NotSent, Unknown) as failed:
            return None, failed.reason
        if answer.status == UNAUTHENTICATED:
            self._credentials.refused(callback.webhook)
        return answer.status, f"HTTP {answer.status}"

    async def _bring(self, url: str, report: MessageReport | InboundReport) -> tuple[int | None, str]:
        """Hand a receipt or text to an SMPP customer; told in HTTP's words, as the rules are."""
        outcome = await self._smpp(url, report)
        match outcome:
            case Accepted():
                return 200, ""
            case Refused():
                log("webhook.failed", "warning", message_id=report.umid, reason=outcome.reason)
                return 200, ""  # it will never take this one
            case Deferred() | Unresolved():
                return None, outcome.reason
            case _:
                assert_never(outcome)


async def _wait(event: asyncio.Event, limit_s: float) -> None:
    try:
        async with asyncio.timeout(limit_s):
            await event.wait()
    except TimeoutError:
        return
