"""Says which topics changed, so that pages ask again only for what they show: names of topics, never data.

A topic is one word of the application, such as `campaigns`. What changes within one look is one event, whoever changed
it how often. Not for a page that needs each change itself: see `live`.

A page loads what it shows before it listens, so whoever begins to listen hears at once of what changed just before.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.web.live import Feed, MayStay, everyone

LOOK_S: Final = 1.0  # between looks: a page asks again at most so often
LOADING_S: Final = 5.0  # from when a page asks for what it shows until it listens, on a slow line

Look: TypeAlias = Callable[[], Awaitable[Collection[str]]]


class Changes:
    """The stream of topics of one application; `look` returns those that changed since it was last called."""

    def __init__(
        self,
        look: Look,
        *,
        may_stay: MayStay = everyone,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.feed = Feed(may_stay=may_stay, welcome=self._welcome)
        self._look = look
        self._seconds = seconds
        self._noticed: set[str] = set()
        self._recent: deque[tuple[float, frozenset[str]]] = deque()
        self._has_looked = False

    def notice(self, *topics: str) -> None:
        """Take note of a change that no look finds; pages hear of it with the next look."""
        self._noticed.update(topics)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(LOOK_S)

    async def step(self) -> frozenset[str]:
        """Look once, and return the topics that pages hear of now."""
        seen = set(await self._look())
        if not self._has_looked:  # all there is, as seen for the first time
            self._has_looked, seen = True, set()
        topics, self._noticed = frozenset(seen | self._noticed), set()
        if topics:
            self._recent.append((self._seconds(), topics))
            self.feed.publish("topics", _names(topics))
        self._forget()
        return topics

    def _forget(self) -> None:
        oldest = self._seconds() - LOADING_S
        while self._recent and self._recent[0][0] < oldest:
            self._recent.popleft()

    def _welcome(self) -> tuple[str, bytes] | None:
        """Return the event for who begins to listen, None if nothing changed just before."""
        self._forget()
        topics = frozenset().union(*(topics for _, topics in self._recent))
        return ("topics", _names(topics)) if topics else None


def _names(topics: Collection[str]) -> bytes:
    return msgspec.json.encode(sorted(topics))
