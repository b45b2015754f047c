"""What a back end must let the conformance suite do with it. The laws never ask which back end they meet."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import apsw

from tellwire.platform.backends.embedded.backend import EmbeddedBackend, open_embedded
from tellwire.platform.ports.backend import Backend

START_OF_TIME = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class Harness(Protocol):
    """One store's life: opened, perhaps closed and opened again on the same data, closed."""

    @property
    def now(self) -> datetime: ...
    def advance(self, by: timedelta) -> datetime: ...
    async def open(self) -> Backend: ...
    async def reopen(self) -> Backend: ...
    async def open_copy(self) -> Backend: ...
    async def fill(self) -> None: ...
    async def make_room(self) -> None: ...
    async def close(self) -> None: ...


class EmbeddedHarness:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._open: list[EmbeddedBackend] = []
        self.now = START_OF_TIME

    def advance(self, by: timedelta) -> datetime:
        self.now += by
        return self.now

    async def open(self) -> EmbeddedBackend:
        return await self._open_at(self._directory / "data")

    async def reopen(self) -> EmbeddedBackend:
        await self.close()
        return await self.open()

    async def open_copy(self) -> EmbeddedBackend:
        """Open what a back-up made now holds."""
        copy = self._directory / "copy"
        copy.mkdir()
        await self._open[-1].backup(copy / "tellwire.db")
        return await self._open_at(copy)

    async def fill(self) -> None:
        """Leave the store no room for more than a few rows."""
        await self._limit_pages(1)  # SQLite takes no fewer than there are

    async def make_room(self) -> None:
        await self._limit_pages(1_000_000)

    async def _limit_pages(self, pages: int) -> None:
        def limit(connection: apsw.Connection, calls: list[int]) -> list[None]:
            return [connection.pragma("max_page_count", pages) and None for pages in calls]

        await self._open[-1]._database.write(limit, pages)

    async def close(self) -> None:
        while self._open:
            await self._open.pop().close()

    async def _open_at(self, directory: Path) -> EmbeddedBackend:
        self._open.append(await open_embedded(directory))
        return self._open[-1]


HARNESSES = {"embedded": EmbeddedHarness}
