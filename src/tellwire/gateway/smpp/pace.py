"""How fast one bind may be offered messages: a token bucket whose rate finds itself.

    never throttled     doubles every second while at least half of it is used
    throttled           falls to what the carrier took in the last second, by 3 % at least and by half at most
    since then          grows by 2 % of that a second while it is used; faster the longer the carrier is content

So a carrier that allows N/s sees about N/s without any setting, and the pace follows one that gets slower or faster.
`now_s` is a monotonic clock's seconds; the caller sends what was throttled again.
"""

from collections import deque

BURST_S = (
    0.1  # how much of a second may go at once: carriers count in seconds, and our loop may be late by some ms
)
EPOCH_S = 0.5  # throttles within this belong to the same cause
GENTLE = 0.97
STEP = 0.02
USED = 0.5  # a rate that nobody uses has nothing to prove
_SLOT_S = 0.1
_LEAST_SEEN_S = 0.25
_CALM = ((10.0, 16.0), (4.0, 4.0), (0.0, 1.0))  # content for so many seconds: so many steps at once


class Pace:
    """One bind's rate; messages a second."""

    def __init__(
        self, *, now_s: float, start: float = 1000.0, least: float = 1.0, most: float = 20_000.0
    ) -> None:
        self.rate = min(start, most)
        self._least, self._most = least, most
        self._tokens = self._burst()
        self._filled_s = self._grown_s = now_s
        self._began_s: float | None = None
        self._throttled_s: float | None = None
        self._step = 0.0
        self._taken: deque[list[int]] = deque(maxlen=10)  # [slot of 100 ms, messages accepted in it]

    def available(self, now_s: float) -> int:
        """How many messages may go now."""
        if now_s > self._filled_s:
            self._tokens = min(self._burst(), self._tokens + (now_s - self._filled_s) * self.rate)
            self._filled_s = now_s
        return int(self._tokens)

    def take(self, count: int) -> None:
        """`count` messages went."""
        self._tokens -= count

    def wait_s(self) -> float:
        """How long until one more may go, from the last `available`."""
        return max(0.0, (1 - self._tokens) / self.rate)

    def accepted(self, count: int, now_s: float) -> None:
        """The carrier took `count` messages."""
        slot = int(now_s / _SLOT_S)
        if self._began_s is None:
            self._began_s = now_s
        if self._taken and self._taken[-1][0] == slot:
            self._taken[-1][1] += count
        else:
            self._taken.append([slot, count])
        self._grow(now_s)

    def throttled(self, now_s: float) -> None:
        """The carrier said that this is too fast."""
        # A carrier that counts every message by itself was asked a moment too early: a quarter of a turn later will do.
        self._tokens = min(self._burst(), self._tokens + 0.75)
        if self._throttled_s is not None and now_s - self._throttled_s < EPOCH_S:
            return
        self._throttled_s = self._grown_s = now_s
        seen = self._seen(now_s) + 1  # a count over a second misses up to one
        self.rate = max(self._least, min(self.rate * GENTLE, max(seen, self.rate / 2)))
        self._step = max(0.1, self.rate * STEP)
        self._tokens = min(self._tokens, self._burst())

    def _grow(self, now_s: float) -> None:
        elapsed_s = min(now_s - self._grown_s, 1.0)
        if elapsed_s < _SLOT_S:
            return
        self._grown_s = now_s
        if self._seen(now_s) < self.rate * USED:
            return
        if self._throttled_s is None:
            self.rate = min(self._most, self.rate * (1 + elapsed_s))
            return
        calm_s = now_s - self._throttled_s
        faster = next(factor for least_s, factor in _CALM if calm_s >= least_s)
        self.rate = min(self._most, self.rate + self._step * faster * elapsed_s)

    def _seen(self, now_s: float) -> float:
        """Messages a second that the carrier took lately: in the last second, or since the first."""
        oldest = int(now_s / _SLOT_S) - 10
        seconds = min(1.0, max(_LEAST_SEEN_S, now_s - self._began_s)) if self._began_s is not None else 1.0
        return sum(count for slot, count in self._taken if slot > oldest) / seconds

    def _burst(self) -> float:
        return max(1.0, self.rate * BURST_S)
