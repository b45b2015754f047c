"""Requests to send that were refused, counted by reason over the last day: in memory, for the portal and `/metrics`."""

import re
from collections import Counter, deque
from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.gateway.contract.errors import ApiError
from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics

HOURS: Final = 24
REASONS_LIMIT: Final = 100  # of one hour; there are some thirty
_HOUR: Final = timedelta(hours=1)
_DIGITS: Final = re.compile(r"\d+")
_OTHER: Final = (0, "other reasons")


class RefusedFor(msgspec.Struct, frozen=True, kw_only=True):
    """How often a code and its sentence were answered; digits in the sentence are left out."""

    code: int
    reason: str
    count: int


class RefusedRequests:
    """The counts of one process, since it started."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hours: deque[tuple[datetime, Counter[tuple[int, str]]]] = deque(maxlen=HOURS)

    def note(self, code: int, reason: str, count: int = 1) -> None:
        """Count `count` messages or requests that were refused so."""
        metrics.count("tellwire_gateway_refused_total", count, code=str(code))
        counts, key = self._of_this_hour(), (code, _DIGITS.sub("…", reason))
        counts[key if key in counts or len(counts) < REASONS_LIMIT else _OTHER] += count

    def note_error(self, error: ApiError) -> None:
        """Count one request that was answered this error."""
        self.note(error.code, error.message)

    def lately(self) -> list[RefusedFor]:
        """Return what was refused in the last day, the most frequent reason first."""
        since = self._clock.now() - HOURS * _HOUR
        total: Counter[tuple[int, str]] = Counter()
        for at, counts in self._hours:
            if at > since:
                total += counts
        return [
            RefusedFor(code=code, reason=reason, count=count) for (code, reason), count in total.most_common()
        ]

    def _of_this_hour(self) -> Counter[tuple[int, str]]:
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        if not self._hours or self._hours[-1][0] != hour:
            self._hours.append((hour, Counter()))
        return self._hours[-1][1]
