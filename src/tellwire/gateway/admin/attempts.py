"""How often somebody may try to sign in. Pure: the moment is passed, in seconds that only grow."""

from collections import OrderedDict, deque
from typing import Final

# A person mistypes a few times; a program that guesses gets 480 tries a day.
TRIES: Final = 10
# Behind one address may be a whole office, or everybody when a proxy stands in front.
ADDRESS_TRIES: Final = 100
WINDOW_S: Final = 30 * 60
# Names remembered at once; a flood of made-up ones pushes out the oldest and costs no more memory.
NAMES: Final = 10_000


class Attempts:
    """The failed tries of each name (an address, an e-mail address) within the window; `tries` are allowed."""

    def __init__(self, tries: int = TRIES) -> None:
        self._tries = tries
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, name: str, now_s: float) -> int:
        """Return in how many seconds `name` may try again; 0 is now."""
        failed = self._failed.get(name)
        if failed is None:
            return 0
        while failed and now_s - failed[0] >= WINDOW_S:
            failed.popleft()
        return 0 if len(failed) < self._tries else max(1, round(failed[0] + WINDOW_S - now_s))

    def fail(self, name: str, now_s: float) -> None:
        """Count a try, before its end is known: many at once must not all slip through."""
        self._failed.setdefault(name, deque(maxlen=self._tries)).append(now_s)
        self._failed.move_to_end(name)
        if len(self._failed) > NAMES:
            self._failed.popitem(last=False)

    def take_back(self, name: str) -> None:
        """Count the last try no more: it was none of a guesser's."""
        failed = self._failed.get(name)
        if failed:
            failed.pop()

    def forget(self, name: str) -> None:
        """Forgive `name`, which has signed in."""
        self._failed.pop(name, None)
