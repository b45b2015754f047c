"""The messages of one bind between `submit` and their outcome: what may go now, what was throttled, what came of it.

The shell half of `pace`: it keeps the clock and the timer. Not here: the connection (`link`), what statuses mean
(`verdicts`).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeAlias, cast

import msgspec

from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.dialect import canonical_submit_id
from tellwire.gateway.smpp.pace import Pace
from tellwire.gateway.smpp.pdu import SubmitSm, SubmitSmResp
from tellwire.gateway.smpp.stall import Stall
from tellwire.gateway.smpp.states import Answered, Event, State, Unanswered, Unsent
from tellwire.gateway.smpp.verdicts import outcome, verdict
from tellwire.gateway.smpp.wire import Wire
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved

SubmitResult: TypeAlias = Outcome
Results: TypeAlias = list[tuple[object, SubmitResult]]

THROTTLE_PATIENCE_S = 10.0  # so long a throttled message waits here, in its window slot, before it goes back
MALFORMED = "38"  # 8x8 contract 2.11
THROTTLED = "50"  # the same
_COUNTED: dict[type, str] = {
    Accepted: "accepted", Refused: "refused", Deferred: "deferred", Unresolved: "unresolved",
}  # fmt: skip
_FINAL = frozenset({"accepted", "refused"})
_MAY_SUBMIT = frozenset({State.BOUND_TX, State.BOUND_TRX})


class _Submit(msgspec.Struct):
    """One message that holds a slot; `since_s` is when it was first offered, `sent_s` when it last went."""

    token: object
    pdu: SubmitSm
    since_s: float
    sent_s: float = 0.0


class Handover:
    """Hands messages to the wire that the link sets, and reports one outcome for each.

    `on_free` is called when there may be room again.
    """

    def __init__(
        self, config: LinkConfig, *, on_results: Callable[[Results], None], on_free: Callable[[], None]
    ) -> None:
        self.wire: Wire | None = None
        self.is_closing = False
        self.rtt_s = 0.0
        self.stall = Stall()
        self.counts = dict.fromkeys(
            ("submitted", "accepted", "refused", "deferred", "throttled", "unresolved"), 0
        )  # fmt: skip
        self._dialect = config.dialect
        self._on_results = on_results
        self._on_free = on_free
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(now_s=self._loop.time(), start=config.start_per_s, most=config.most_per_s)
        self._again: deque[_Submit] = deque()
        self._waiters: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None

    @property
    def free(self) -> int:
        """How many messages may be submitted now; those that were throttled go first."""
        wire = self.wire
        if wire is None or self.is_closing or self._again or not wire.is_writable:
            return 0
        slots = self._slots(wire)
        return min(slots, self._pace.available(self._loop.time())) if slots else 0

    @property
    def rate_per_s(self) -> float:
        """The pace now."""
        return self._pace.rate

    @property
    def waiting(self) -> int:
        """How many throttled messages wait to go again."""
        return len(self._again)

    def submit(self, token: object, message: SubmitSm) -> None:
        """Offer one message."""
        now_s = self._loop.time()
        self.counts["submitted"] += 1
        self._pace.take(1)
        self._send(_Submit(token, message, now_s), now_s)

    async def when_free(self) -> None:
        """Return when `free` is (or has just become) positive."""
        while self.free == 0:
            waiter: asyncio.Future[None] = self._loop.create_future()
            self._waiters.append(waiter)
            self._arm_timer()
            await waiter

    def take(self, events: list[Event]) -> None:
        """Take what became of messages; other events are not for it."""
        results: Results = []
        now_s = self._loop.time()
        accepted = 0
        broken_s: float | None = None
        for event in events:
            if not isinstance(getattr(event, "token", None), _Submit):
                continue
            if isinstance(event, Answered):
                accepted += self._take_answer(event, results, now_s)
            elif isinstance(event, Unanswered):
                submit = cast("_Submit", event.token)
                results.append((submit.token, Unresolved(event.reason)))
                if self.wire is not None:
                    self.stall.unanswered(submit.sent_s)
                else:
                    broken_s = submit.sent_s
            elif isinstance(event, Unsent):
                results.append((cast("_Submit", event.token).token, Deferred(event.reason)))
        if broken_s is not None:
            self.stall.broke(broken_s)
        if accepted:
            self._pace.accepted(accepted, now_s)
        self._report(results)
        self._send_again(now_s)
        self.offer()

    def give_back(self, reason: str) -> None:
        """Report the throttled messages as surely not sent."""
        self._report([(submit.token, Deferred(reason, THROTTLED)) for submit in self._again])
        self._again.clear()

    def offer(self) -> None:
        """Wake the callers that wait for room; when only the pace holds us back, a timer will."""
        if not self.free:
            self._arm_timer()
            return
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._on_free()

    def close(self) -> None:
        """Offer no more room."""
        self.is_closing = True
        if self._timer is not None:
            self._timer.cancel()

    def _take_answer(self, answer: Answered, results: Results, now_s: float) -> int:
        """Settle one answer, or put a throttled message aside; returns 1 for an accepted one."""
        submit = cast("_Submit", answer.token)
        self.rtt_s += ((now_s - submit.sent_s) - self.rtt_s) * (0.1 if self.rtt_s else 1.0)
        meaning = verdict(answer.status, self._dialect) if answer.status else "accepted"
        if meaning in _FINAL:
            self.stall.moved(now_s)
        else:
            self.stall.put_off(now_s)
        if meaning == "throttled":
            self.counts["throttled"] += 1
            self._pace.throttled(now_s)
            if now_s - submit.since_s < THROTTLE_PATIENCE_S and not self.is_closing:
                self._again.append(submit)
                return 0
        body = answer.body
        reference = (
            canonical_submit_id(body.message_id, self._dialect) if isinstance(body, SubmitSmResp) else ""
        )
        results.append((submit.token, outcome(answer.status, reference, self._dialect)))
        return 0 if answer.status else 1

    def _slots(self, wire: Wire) -> int:
        """Return how many submits the window takes: one in all while the carrier is on trial."""
        if self.stall.is_on_trial and wire.session.outstanding:
            return 0
        return min(1, wire.session.free) if self.stall.is_on_trial else wire.session.free

    def _send(self, submit: _Submit, now_s: float) -> None:
        wire = self.wire
        if wire is None or wire.session.state not in _MAY_SUBMIT:
            self._report_soon(submit, Deferred("the link is down"))
            return
        submit.sent_s = now_s
        try:
            wire.session.request(submit.pdu, submit, now_s)
        except ValueError as error:
            self._report_soon(submit, Refused(str(error), MALFORMED))
        wire.flush_soon()

    def _send_again(self, now_s: float) -> None:
        """Send what was throttled, oldest first, as the pace allows."""
        wire = self.wire
        while self._again and wire is not None and self._slots(wire) and self._pace.available(now_s):
            self._pace.take(1)
            self._send(self._again.popleft(), now_s)

    def _report(self, results: Results) -> None:
        if not results:
            return
        for _, result in results:
            self.counts[_COUNTED[result.__class__]] += 1
        self._on_results(results)

    def _report_soon(self, submit: _Submit, result: SubmitResult) -> None:
        """Never from within `submit`: the caller may not be ready for its own message's outcome yet."""
        results: Results = [(submit.token, result)]
        self._loop.call_soon(self._report, results)

    def _arm_timer(self) -> None:
        """Come back when the pace allows the next one, if nothing else is missing."""
        wire = self.wire
        if self._timer is None and wire is not None and self._slots(wire) and wire.is_writable:
            self._timer = self._loop.call_later(max(0.001, self._pace.wait_s()), self._due)

    def _due(self) -> None:
        self._timer = None
        self._send_again(self._loop.time())
        self.offer()
