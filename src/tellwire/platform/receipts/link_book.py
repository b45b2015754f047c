"""Links by their slugs: those that were asked for lately from memory, the others from the store, many in one read."""

import asyncio
from collections import OrderedDict
from typing import Final

from tellwire.kernel.clock import Clock, to_ms
from tellwire.platform.ports.links import Link, Links

REMEMBERED: Final = 20_000  # links: some 20 MB where each is 500 bytes
READ_LIMIT: Final = 500  # slugs of one read


class LinkBook:
    """Remembers links that were links, and forgets all of them when somebody's were erased."""

    def __init__(self, links: Links, clock: Clock) -> None:
        self._links = links
        self._clock = clock
        self._known: OrderedDict[str, Link] = OrderedDict()
        self._clicks: dict[str, int] = {}
        self._erasures = links.erasures
        self._waiting: dict[str, asyncio.Future[Link | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def find(self, slug: str) -> Link | None:
        """Return the link of a slug, None if there is none or it has ended. Raises a `StoreError`."""
        if self._links.erasures != self._erasures:
            self._erasures = self._links.erasures
            self._known.clear()
            self._clicks.clear()
        known = self._known.get(slug)
        if known is None:
            known = await self._asked(slug)
        else:
            self._known.move_to_end(slug)
        if known is None or known.ends_ms <= to_ms(self._clock.now()):
            return None
        return known

    def count(self, link: Link, limit: int) -> bool:
        """Count a click, and say whether it is among the first `limit` of its link, as far as is known here."""
        clicks = self._clicks.get(link.slug, link.clicks) + 1
        if link.slug in self._known:
            self._clicks[link.slug] = clicks
        return clicks <= limit

    async def _asked(self, slug: str) -> Link | None:
        future = self._waiting.get(slug)
        if future is None:
            future = self._waiting[slug] = asyncio.get_running_loop().create_future()
            if self._reading is None:
                self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(future)

    async def _read(self) -> None:
        """Read what waits, and what comes to wait meanwhile."""
        try:
            while self._waiting:
                some = list(self._waiting)[:READ_LIMIT]
                taken = {slug: self._waiting.pop(slug) for slug in some}
                await self._read_some(taken)
        finally:
            self._reading = None

    async def _read_some(self, taken: dict[str, "asyncio.Future[Link | None]"]) -> None:
        erasures = self._links.erasures
        try:
            links = await self._links.find(list(taken), self._clock.now())
        except Exception as error:  # noqa: BLE001 - it goes to everybody who asked
            for future in taken.values():
                future.set_exception(error)
            return
        for slug, future in taken.items():
            link = links.get(slug)
            if link is not None and erasures == self._links.erasures:
                self._remember(link)
            if not future.done():
                future.set_result(link)

    def _remember(self, link: Link) -> None:
        self._known[link.slug] = link
        if len(self._known) > REMEMBERED:
            slug, _ = self._known.popitem(last=False)
            self._clicks.pop(slug, None)
