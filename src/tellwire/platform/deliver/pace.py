"""How fast and how many at once: a token bucket and a count of requests under way, one pair a provider. Pure."""

from datetime import datetime

import msgspec

BURST_S = 1.0  # what was not used of the pace is kept for at most this long


class Pace(msgspec.Struct):
    """Changing state of one provider's pace; `now` is handed in."""

    per_s: float
    concurrency: int
    under_way: int = 0
    _tokens: float = 0.0
    _at: datetime | None = None

    def free(self, now: datetime) -> int:
        """Return how many requests may start now."""
        slots = max(0, self.concurrency - self.under_way)
        if self.per_s <= 0:
            return slots
        self._refill(now)
        return min(slots, int(self._tokens))

    def start(self, requests: int, messages: int) -> None:
        """Count requests that start, and the messages in them against the pace."""
        self.under_way += requests
        if self.per_s > 0:
            self._tokens -= messages

    def end(self) -> None:
        """Count one request that ended."""
        self.under_way -= 1

    def wait_s(self) -> float:
        """Return how long until the pace lets one more start; 0 if it is not what holds us."""
        if self.per_s <= 0 or self._tokens >= 1:
            return 0.0
        return (1 - self._tokens) / self.per_s

    def _refill(self, now: datetime) -> None:
        most = max(1.0, self.per_s * BURST_S)
        if self._at is None:
            self._tokens = 1.0
        else:
            elapsed = max(0.0, (now - self._at).total_seconds())
            self._tokens = min(most, self._tokens + elapsed * self.per_s)
        self._at = now
