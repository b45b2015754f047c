"""One SQLite file behind one writer thread with group commit and one reader thread.

For stores that want many small durable writes a second; not a query layer: SQL lives with the handlers.
Each step of a statement hands the GIL over, so a handler that goes row by row waits for a busy event loop at
every row. Handlers give ONE statement a JSON array: `INSERT ... SELECT value->>0, ... FROM json_each(?)`.
The composition root sets `sys.setswitchinterval(0.0005)`, which shortens each of those waits tenfold.

    StoreError
      Full       the disk, or the file's own limit, is full: nothing of the call was kept
      Unavailable
        Closed   the database was closed, or is closing
        Unopened the file cannot be opened or made
        Busy     another process held the file for longer than `BUSY_MS`: nothing of the call was kept
        Broken   the disk failed, or the file is damaged

Any other apsw error is a bug and goes to the caller as it is.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import apsw

from tellwire.kernel.disk import sync
from tellwire.kernel.group_commit import (
    BUSY_MS,
    LOST,
    Broken,
    Busy,
    Closed,
    Transaction,
    WriteHandler,
    Writer,
    named,
)
from tellwire.kernel.store_error import Full, StoreError, Unavailable

__all__ = [
    "Broken",
    "Busy",
    "Closed",
    "Database",
    "Full",
    "StoreError",
    "Unavailable",
    "Unopened",
    "WriteHandler",
    "copy_database",
]

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

PENDING_WRITES = 100_000  # some 100 MB of items at worst; beyond it writers wait
PENDING_READS = 1_000  # a reader that far behind is not made faster by more waiting calls
WAL_KEPT_BYTES = 64 * 1024 * 1024
READ_STOP_S = 5.0  # what `close` grants a running read before it interrupts it


_UNOPENED = (apsw.FullError, apsw.IOError, apsw.CantOpenError, apsw.NotADBError)


class Unopened(Unavailable):
    """The file cannot be opened or made; the message says which and what to look for."""


class Database:
    """One file, opened by one process; belongs to the event loop that opened it."""

    def __init__(self, path: Path, writer: Writer, reader: apsw.Connection) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._reading = ThreadPoolExecutor(1, thread_name_prefix=f"{path.name}-reader")
        self._read_turns = asyncio.Semaphore(PENDING_READS)
        self._is_closed = False

    @classmethod
    async def open(
        cls, path: Path, migrations: Sequence[str], *, pending_limit: int = PENDING_WRITES
    ) -> "Database":
        """Open or create `path` (mode 0600) and run the migrations that it has not seen.

        Migrations are scripts in order, forward only; `user_version` counts those done, each in its own
        transaction. A file that has more was opened by a newer release, whose changes leave us able to run.
        """
        try:
            connection = await asyncio.to_thread(_open_writer, path, migrations)
            reader = await asyncio.to_thread(_open_reader, path)
        except _UNOPENED as problem:
            raise Unopened(
                f"{path} cannot be opened ({problem}): is the disk full, or the file another one?"
            ) from problem
        writer = Writer(connection, path.name, asyncio.get_running_loop(), pending_limit)
        return cls(path, writer, reader)

    def write(self, handler: WriteHandler[T, R], item: T) -> Coroutine[Any, Any, R]:
        """Give `item` to `handler` and return its result once the commit is on the disk.

        The handler gets all the items that wait for it, in order, and answers one result for each. All
        handlers that have something waiting share one transaction and one fsync. Items are gathered by the
        handler's identity: pass a function or a bound method, never a fresh lambda.
        If the shared transaction fails, it is halved until the guilty call alone raises, so a handler may run
        several times and must change nothing but the database.
        A cancelled call may or may not have been kept.
        Raises a `StoreError`, or what the handler raises.
        """
        return self._writer.submit(handler, item)

    async def read(
        self, handler: Callable[Concatenate[apsw.Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `handler` in the reader thread on one snapshot, which sees every write that was answered.

        Calls run one after the other. Raises a `StoreError`, or what the handler raises; a write raises there.
        """
        async with self._read_turns:
            if self._is_closed:
                raise Closed(f"{self._path.name} is closed")
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._reading, self._read_now, handler, args, kwargs)

    @property
    def writes(self) -> int:
        """How many writes were answered since it was opened."""
        return self._writer.answered

    async def backup(self, to: Path) -> None:
        """Write a consistent copy to `to`, replacing it only when the copy is whole and on the disk."""
        if self._is_closed:
            raise Closed(f"{self._path.name} is closed")
        await asyncio.to_thread(copy_database, self._path, to)

    async def close(self) -> None:
        """Finish the writes that wait, fold the log in and let go of the file; later calls raise `Closed`."""
        if self._is_closed:
            return
        self._is_closed = True
        await asyncio.to_thread(_finish_reads, self._reading, self._reader)
        await self._writer.close()

    def _read_now(self, handler: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        self._reader.execute("BEGIN")
        try:
            return handler(self._reader, *args, **kwargs)
        except LOST as lost:
            raise named(lost, self._path.name) from lost
        finally:
            self._reader.execute("ROLLBACK")


def copy_database(source: Path, to: Path) -> None:
    """Write a consistent copy of a file, in use or not; blocks, for commands and for `Database.backup`.

    Replaces `to` only when the copy is whole and on the disk. Raises `FileNotFoundError` without a source, `Full` when
    there is no room for the copy, and `OSError` for what else a disk may do.
    """
    if not source.exists():
        raise FileNotFoundError(f"there is no database at {source}")
    partial = to.with_name(to.name + ".partial")
    partial.unlink(missing_ok=True)
    _create(partial)
    origin, copy = apsw.Connection(str(source)), apsw.Connection(str(partial))
    try:
        origin.set_busy_timeout(BUSY_MS)
        # All pages in one step, hence one snapshot: a stepwise copy would start over at every commit.
        with copy.backup("main", origin, "main") as pages:
            pages.step(-1)
    except (apsw.FullError, apsw.IOError) as lost:
        partial.unlink()
        raise _lost_copy(lost, copy.system_errno, to) from lost
    finally:
        copy.close()
        origin.close()
    sync(partial)
    partial.replace(to)
    sync(to.parent)


def _lost_copy(lost: apsw.Error, errno: int, to: Path) -> StoreError | OSError:
    if isinstance(lost, apsw.FullError):
        return Full(f"no room left for {to}")
    return OSError(errno, os.strerror(errno), str(to))


def _open_writer(path: Path, migrations: Sequence[str]) -> apsw.Connection:
    _create(path)
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_MS)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", 2)  # FULL: an answered write survives a power cut
    connection.pragma("foreign_keys", 1)
    connection.pragma("journal_size_limit", WAL_KEPT_BYTES)
    connection.pragma("cache_size", -16 * 1024)  # 16 MB; the whole program rests below 150 MB
    connection.pragma("temp_store", "memory")
    _migrate(connection, migrations)
    return connection


def _open_reader(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_MS)
    connection.pragma("query_only", 1)
    connection.pragma("cache_size", -2 * 1024)  # one query's pages: every commit of the writer empties it
    connection.pragma("temp_store", "memory")
    return connection


def _create(path: Path) -> None:
    """Make the file readable by its owner alone (numbers and texts are inside); SQLite's own would not be."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    sync(path.parent)


def _migrate(connection: apsw.Connection, migrations: Sequence[str]) -> None:
    done = connection.pragma("user_version")
    for number, script in enumerate(migrations[done:], start=done + 1):
        with Transaction(connection):
            connection.execute(script)
            connection.pragma("user_version", number)


def _finish_reads(reading: ThreadPoolExecutor, reader: apsw.Connection) -> None:
    impatience = threading.Timer(READ_STOP_S, reader.interrupt)
    impatience.start()
    reading.shutdown(wait=True)
    impatience.cancel()
    reader.close()
