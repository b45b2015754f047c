"""How often somebody may do what goes out for real: so many times in a minute, each person by themselves."""

from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil
from typing import Final

WINDOW_S: Final = 60.0
PEOPLE_LIMIT: Final = 1_000  # that are remembered; the one that was quiet longest is forgotten


class Pace:
    """The takes of the last minute; `now_s` is any clock that only moves forward."""

    def __init__(self, now_s: Callable[[], float], limit: int) -> None:
        self._now_s = now_s
        self._limit = limit
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, who: str) -> int:
        """Count one and return 0; or return for how many seconds they must wait, and count nothing."""
        now_s = self._now_s()
        taken = self._taken.setdefault(who, deque(maxlen=self._limit))
        if len(taken) == self._limit and taken[0] + WINDOW_S > now_s:
            return ceil(taken[0] + WINDOW_S - now_s)
        taken.append(now_s)
        self._taken.move_to_end(who)
        if len(self._taken) > PEOPLE_LIMIT:
            self._taken.popitem(last=False)
        return 0
