"""A carrier that is an HTTP provider: the shell around `http_provider`, which is the provider as data.

`HttpCarrier` does what `carriers.Carrier` promises. One message is one request, whatever its parts.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from tellwire.gateway.carriers.carriers import Results
from tellwire.gateway.carriers.http_outcome import outcome_of, refusals_to_hold
from tellwire.gateway.carriers.http_provider import HttpCarrierConfig, compile_provider, request_of
from tellwire.gateway.model.message import Claimed
from tellwire.kernel.failure import Deferred, Outcome, Unresolved
from tellwire.kernel.http.client import HttpAnswer, HttpClient, HttpRequest, NotSent, Unknown
from tellwire.kernel.telemetry import log

# A provider that cannot be reached is asked again after this; its messages wait in their lane meanwhile.
DOWN_S: Final = 2.0
# One that refuses our key takes nothing until a person has mended it: asked more often, it might lock us out.
REFUSED_S: Final = 30.0
TIMEOUT_S: Final = 15.0


class HttpCarrier:
    """One HTTP provider as a carrier.

        up --not reached, or our key is refused--> held --after a while--> one message asks --any other answer--> up

    `reason` says why it was held last.
    """

    def __init__(self, name: str, config: HttpCarrierConfig, http: HttpClient) -> None:
        self.name = name
        self.window = config.most
        self.config = config
        self.provider = compile_provider(config)
        self.on_results: Callable[[Results], None] = lambda _: None
        self.on_free: Callable[[], None] = lambda: None
        self._http = http
        self._sending: set[asyncio.Task[None]] = set()
        self.reason = ""
        self._is_up = True
        self._most = config.most
        self._refusals = 0
        self._held: asyncio.TimerHandle | None = None
        self._is_draining = False

    @property
    def is_up(self) -> bool:
        """Whether requests are to be made, the provider was reached at the last, and it takes our key."""
        return self._is_up and not self._is_draining

    @property
    def is_wanted(self) -> bool:
        """Whether requests are to be made."""
        return not self._is_draining

    @property
    def free(self) -> int:
        """How many more messages may be under way now."""
        return 0 if self._is_draining else max(0, self._most - len(self._sending))

    @property
    def under_way(self) -> int:
        """How many requests wait for their answer."""
        return len(self._sending)

    def prepare(self, claimed: Claimed) -> Sequence[HttpRequest]:
        """Return the one request of a message."""
        return [request_of(self.provider, claimed)]

    def submit(self, token: object, prepared: HttpRequest) -> None:
        """Send one request."""
        task = asyncio.get_running_loop().create_task(self._send(token, prepared))
        self._sending.add(task)
        task.add_done_callback(self._sent)

    async def run(self) -> None:
        """Nothing to keep up: connections belong to the HTTP client."""
        await asyncio.Event().wait()

    async def drain(self, deadline_s: float) -> None:
        """Wait for what is under way, at most `deadline_s`."""
        self._is_draining = True
        self._stop_timer()
        if self._sending:
            await asyncio.wait(self._sending, timeout=deadline_s)

    def connect(self) -> None:
        """Make requests again, and ask at once whether the provider takes them."""
        self._is_draining = False
        if self._is_up:
            self.on_free()
        else:
            self._try_again()

    async def _send(self, token: object, request: HttpRequest) -> None:
        try:
            answer = await self._http.send(request, timeout_s=TIMEOUT_S)
        except NotSent as failed:
            self._hold(failed.reason, DOWN_S)
            outcome: Outcome = Deferred(failed.reason)
        except Unknown as lost:
            self._come_up()
            outcome = Unresolved(lost.reason)
        else:
            outcome = self._take(answer)
        self.on_results([(token, outcome)])

    def _take(self, answer: HttpAnswer) -> Outcome:
        """Return what an answer means for its message, and see what it means for the carrier."""
        outcome = outcome_of(answer, self.provider.answer)
        patience = refusals_to_hold(answer.status)
        if patience is None or not isinstance(outcome, Deferred):
            self._refusals = 0
            self._come_up()
            return outcome
        self._refusals += 1
        if self._refusals < patience:
            return outcome
        self._hold(outcome.reason, REFUSED_S)
        # No word on this message, so nothing is counted against it; another one asks the next time.
        return Deferred(outcome.reason, retry_after_s=REFUSED_S)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self.on_free()

    def _hold(self, reason: str, seconds: float) -> None:
        if self._is_up:
            log("bind.down", "warning", carrier=self.name, reason=reason)
        self.reason = reason
        self._is_up = False
        self._most = 0
        if self._held is None:
            self._held = asyncio.get_running_loop().call_later(seconds, self._try_again)

    def _try_again(self) -> None:
        """Let one message ask; without one that waits, the next to come will."""
        self._stop_timer()
        self._most = 1
        self.on_free()
        if not self._sending:
            self._is_up = True

    def _come_up(self) -> None:
        if not self._is_up:
            log("bind.up", carrier=self.name)
        self._stop_timer()
        self._is_up = True
        self._most = self.config.most

    def _stop_timer(self) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None
