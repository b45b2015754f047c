"""Counts wrong keys and passcodes by address, so that nobody tries them out: bounded in number, cheap to ask.

An address that showed a right key lately is never held up for the wrong ones of a neighbour behind the same proxy;
one that has not has to wait even with a right one, or the answer would tell which guess was good.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil
from typing import Final, TypeVar

import msgspec

Kept = TypeVar("Kept")

LIMIT: Final = 20  # wrong ones a minute: a script with a stale key is soon noticed, a guess takes for ever
WINDOW_S: Final = 60.0
ADDRESSES_LIMIT: Final = (
    10_000  # that are remembered of each kind; the one that was quiet longest is forgotten
)


class Judged(msgspec.Struct, frozen=True):
    """Whether a credential opens, and for how many seconds its address must wait otherwise; 0 for not at all."""

    opens: bool
    wait_s: int = 0


class Tries:
    """The wrong credentials of the last minute; `now_s` is any clock that only moves forward."""

    def __init__(self, now_s: Callable[[], float], limit: int = LIMIT) -> None:
        self._now_s = now_s
        self._limit = limit
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._right: OrderedDict[str, None] = OrderedDict()

    def judge(self, address: str, *, is_right: bool) -> Judged:
        """Count one credential, and return what becomes of it."""
        wait_s = self._wait_s(address)
        if is_right and (not wait_s or address in self._right):
            _remember(self._right, address, None)
            return Judged(opens=True)
        if not is_right:
            wrong = self._wrong.get(address) or deque(maxlen=self._limit)
            wrong.append(self._now_s())
            _remember(self._wrong, address, wrong)
        return Judged(opens=False, wait_s=wait_s)

    def _wait_s(self, address: str) -> int:
        wrong = self._wrong.get(address)
        if wrong is None or len(wrong) < self._limit:
            return 0
        return max(0, ceil(wrong[0] + WINDOW_S - self._now_s()))


def _remember(table: OrderedDict[str, Kept], address: str, kept: Kept) -> None:
    table[address] = kept
    table.move_to_end(address)
    if len(table) > ADDRESSES_LIMIT:
        table.popitem(last=False)
