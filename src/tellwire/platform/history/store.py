"""One DuckDB file and the one thread that works in it: calls come one after the other, and nobody else waits.

A file that is missing, damaged, of another release or of another source is made anew, empty: `why_new` says which.
A call that takes too long is interrupted. Every result is read to its end before the next.
"""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Concatenate, Final, Literal, ParamSpec, TypeVar

import duckdb

from tellwire.platform.history.loading import Loading
from tellwire.platform.history.projections import Projections, rows_of, run
from tellwire.platform.history.reading import Reading, Remembered
from tellwire.platform.history.schema import FORMAT, creating
from tellwire.platform.model.account import Account
from tellwire.platform.ports.audiences import HistoryBusy, HistoryLost

R = TypeVar("R")
P = ParamSpec("P")
Why = Literal[
    "missing", "damaged", "of another release", "of another store", "ahead of the store", "asked for"
]

LOAD_S: Final = 120.0  # of one slice: a second on a machine that is not busy
PENDING: Final = 64  # calls that wait for their turn; one more is refused


class Opened:
    """An open file: its connection, tables and projections, for the thread alone."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.remembered = Remembered()
        self.projections = Projections(connection)
        self.loading = Loading(connection, self.projections)

    def reading(self, account: Account, now: datetime) -> Reading:
        """Return what a question sees."""
        return Reading(self.connection, self.projections, self.loading.numbers, self.remembered, account, now)

    def take_back(self) -> None:
        """Undo the transaction that failed, and what was noted of it."""
        # It may be undone already, or all is lost and that is being said.
        with contextlib.suppress(duckdb.Error):
            run(self.connection, "ROLLBACK")
            self.projections = Projections(self.connection)
            self.loading = Loading(self.connection, self.projections)


class ColumnStore:
    """A file that may be made anew at any time. Belongs to the event loop that opened it."""

    def __init__(self, path: Path, *, memory_mb: int, threads: int) -> None:
        self._path = path
        self._config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_mb}MB",
            "threads": str(threads),
        }
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._opened: Opened | None = None
        self._pending = 0

    async def open(self, source: str) -> Why | None:
        """Open the file, or make it anew for this source and return why."""
        return await self._in_thread(LOAD_S, self._open, source)

    async def make_anew(self, source: str) -> None:
        """Throw all away and begin with an empty file."""
        await self._in_thread(LOAD_S, self._make_anew, source)

    async def call(
        self, limit_s: float, work: Callable[Concatenate[Opened, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do something with the open file. Raises `HistoryBusy` after this time, `HistoryLost` if it is broken."""

        def with_opened() -> R:
            if self._opened is None:
                raise HistoryLost("it is not open")
            return work(self._opened, *args, **kwargs)

        return await self._in_thread(limit_s, with_opened)

    async def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._opened is not None:
            self._opened.connection.interrupt()
        await asyncio.to_thread(self._thread.shutdown)
        self._close()

    async def _in_thread(self, limit_s: float, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        if self._pending >= PENDING:
            raise HistoryBusy("too many questions wait already")
        self._pending += 1
        try:
            return await self._limited(limit_s, lambda: work(*args, **kwargs))
        except duckdb.InterruptException as interrupted:
            raise HistoryBusy("it took too long") from interrupted
        except duckdb.OutOfMemoryException as hungry:
            raise HistoryBusy("it needs more memory than it may take") from hungry
        except LOST as lost:
            raise HistoryLost(type(lost).__name__) from lost
        finally:
            self._pending -= 1

    async def _limited(self, limit_s: float, work: Callable[[], R]) -> R:
        running = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.wait_for(asyncio.shield(running), limit_s)
        except (TimeoutError, asyncio.CancelledError) as ended:
            if not running.cancel() and self._opened is not None:
                self._opened.connection.interrupt()
            running.add_done_callback(lambda done: done.cancelled() or done.exception())
            if isinstance(ended, TimeoutError):
                raise HistoryBusy("it took too long") from ended
            raise

    def _open(self, source: str) -> Why | None:
        why = self._why_unfit(source)
        if why is not None:
            self._make_anew(source)
        return why

    def _why_unfit(self, source: str) -> Why | None:
        if not self._path.exists():
            return "missing"
        try:
            connection = duckdb.connect(str(self._path), config=self._config)
        except duckdb.Error:
            return "damaged"
        try:
            ((format_, whose),) = rows_of(connection, "SELECT format, source FROM about")
            if (format_, whose) == (FORMAT, source):
                self._opened = Opened(connection)
                return None
        except (duckdb.Error, ValueError):
            connection.close()
            return "damaged"
        connection.close()
        return "of another release" if format_ != FORMAT else "of another store"

    def _make_anew(self, source: str) -> None:
        self._close()
        for path in (self._path, self._path.with_name(self._path.name + ".wal")):
            path.unlink(missing_ok=True)
        connection = duckdb.connect(str(self._path), config=self._config)
        self._path.chmod(0o600)  # names and numbers are inside
        for statement, parameters in creating(source):
            run(connection, statement, parameters)
        self._opened = Opened(connection)

    def _close(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.connection.close()


# Of a file that cannot be read any more, or of a disk; any other error of DuckDB's is a bug of ours.
LOST: Final = (
    duckdb.FatalException,
    duckdb.IOException,
    duckdb.InternalException,
    duckdb.SerializationException,
)
