"""Says which topics changed, so that pages ask again only for what they show: names of topics, never data.

A topic is one word of the application, such as `campaigns`. What changes within one look is one event, whoever changed
it how often; nothing is looked for while nobody listens. Not for a page that needs each change itself: see `live`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.web.live import Feed, MayStay, everyone

LOOK_S: Final = 1.0  # between looks: a page asks again at most so often

Look: TypeAlias = Callable[[], Awaitable[Collection[str]]]


class Changes:
    """The stream of topics of one application; `look` returns those that changed since it was last called."""

    def __init__(self, look: Look, *, may_stay: MayStay = everyone) -> None:
        self.feed = Feed(may_stay=may_stay)
        self._look = look
        self._noticed: set[str] = set()
        self._is_watched = False

    def notice(self, *topics: str) -> None:
        """Take note of a change that no look finds; pages hear of it with the next look."""
        if self.feed.clients:
            self._noticed.update(topics)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(LOOK_S)

    async def step(self) -> frozenset[str]:
        """Look once, and return the topics that pages hear of now."""
        if not self.feed.clients:
            self._noticed.clear()
            self._is_watched = False
            return frozenset()
        seen = set(await self._look())
        if not self._is_watched:  # what changed while nobody listened is in what the page loads now
            self._is_watched, seen = True, set()
        topics, self._noticed = frozenset(seen | self._noticed), set()
        if topics:
            self.feed.publish("topics", msgspec.json.encode(sorted(topics)))
        return topics
