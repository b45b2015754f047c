"""Tells those who wait that there may be something new. Only makes things faster: who polls misses nothing."""

import asyncio


class Wake:
    """Counts up at every piece of news; whoever has seen an older count need not wait."""

    def __init__(self) -> None:
        self.count = 0
        self._news = asyncio.Event()

    def notify(self) -> None:
        """Wake all who wait."""
        self.count += 1
        self._news.set()
        self._news = asyncio.Event()

    async def wait(self, seen: int, timeout_s: float) -> bool:
        """Return True when there was news after the count `seen`, False after `timeout_s` without any."""
        if self.count != seen:
            return True
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            return False
        return True
