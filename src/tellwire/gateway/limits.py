"""How fast callers may be: token buckets, bounded in number. Pure: `now_s` is any clock that only moves forward.

8x8 contract 2.9: 1800 requests a second for a subaccount, 3000 for a source address, details once a second.
"""

from collections import OrderedDict
from typing import Final

# A bucket that was forgotten is a full one, so forgetting the one that was quiet longest harms nobody.
BUCKETS_LIMIT: Final = 10_000


class Buckets:
    """One bucket a key: `rate_per_s` tokens a second, at most `burst` of them."""

    def __init__(self, rate_per_s: float, burst: float | None = None) -> None:
        self._rate_per_s = rate_per_s
        self._burst = max(1.0, rate_per_s if burst is None else burst)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, key: str, now_s: float) -> float:
        """Take one token of `key` and return 0, or take none and return in how many seconds there will be one."""
        level, at_s = self._levels.pop(key, (self._burst, now_s))
        level = min(self._burst, level + (now_s - at_s) * self._rate_per_s)
        is_enough = level >= 1.0
        self._levels[key] = (level - 1.0 if is_enough else level, now_s)
        if len(self._levels) > BUCKETS_LIMIT:
            self._levels.popitem(last=False)
        return 0.0 if is_enough else (1.0 - level) / self._rate_per_s
