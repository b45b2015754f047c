"""The one thread that writes to a SQLite file: everything that waits shares one transaction and one fsync.

Only `sqlite.Database` uses it. Two threads meet here and nowhere else: `submit` and `close` run on the event loop,
a transaction runs in the thread, and what they hand each other goes through one queue and one callback.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias, TypeVar

import apsw

from tellwire.kernel.store_error import Full, StoreError, Unavailable

T = TypeVar("T")
R = TypeVar("R")
WriteHandler: TypeAlias = Callable[[apsw.Connection, list[T]], list[R]]

BUSY_MS: Final = (
    5_000  # only a person's sqlite3 shell or a CLI call ever holds the lock; it is done in seconds
)
GROUP_LIMIT: Final = 20_000  # keeps one transaction under about a second, and with it every waiting caller
CHECKPOINT_IDLE_PAGES = 1_000  # 4 MB of log: fold it in when nobody waits
CHECKPOINT_BUSY_PAGES = 16_000  # 64 MB of log: fold it in although somebody waits


class Closed(Unavailable):
    """The database was closed, or is closing."""


class Busy(Unavailable):
    """Another process held the file's write lock for too long."""


class Broken(Unavailable):
    """The disk failed, or the file is damaged."""


# What SQLite says when it is not our statement that is wrong.
LOST: Final = (
    *(apsw.FullError, apsw.BusyError, apsw.LockedError, apsw.InterruptError),
    *(apsw.IOError, apsw.CorruptError, apsw.NotADBError, apsw.CantOpenError),
)


class _Call:
    """One item that waits to be written, and whom to tell."""

    __slots__ = ("future", "handler", "item")

    def __init__(
        self,
        handler: Callable[[apsw.Connection, list[Any]], list[Any]],
        item: Any,
        future: asyncio.Future[Any],
    ) -> None:
        self.handler = handler
        self.item = item
        self.future = future


_Answer: TypeAlias = tuple[asyncio.Future[Any], Any, BaseException | None]


class Writer:
    """The thread and the queue before it; owns `connection` from here on.

    `submit`, `close` and `_settle` run on the event loop; everything from `_run` down runs in the thread.
    """

    def __init__(
        self, connection: apsw.Connection, name: str, loop: asyncio.AbstractEventLoop, limit: int
    ) -> None:
        self._connection = connection
        self._name = name
        self._loop = loop
        self._limit = limit
        self._pending = 0
        self.answered = 0  # writes, kept or not: whoever sees it unmoved knows that nothing was written
        self._room = asyncio.Event()
        self._room.set()
        self._is_closing = False
        self._inbox: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._log = _Log(connection)
        self._thread = threading.Thread(target=self._run, name=f"{name}-writer", daemon=True)
        self._thread.start()

    async def submit(self, handler: WriteHandler[T, R], item: T) -> R:
        """Return the handler's result for `item` once it is committed; waits while `limit` items wait."""
        while self._pending >= self._limit and not self._is_closing:
            self._room.clear()
            await self._room.wait()
        if self._is_closing:
            raise Closed(f"{self._name} is closed")
        self._pending += 1
        future: asyncio.Future[Any] = self._loop.create_future()
        self._inbox.put(_Call(handler, item, future))
        result: R = await future
        return result

    async def close(self) -> None:
        """Commit what waits, then end the thread and close the connection."""
        self._is_closing = True
        self._room.set()
        self._inbox.put(None)
        await asyncio.to_thread(self._thread.join)

    def _settle(self, answers: list[_Answer]) -> None:
        self._pending -= len(answers)
        self.answered += len(answers)
        self._room.set()
        for future, result, error in answers:
            if future.done():  # its caller was cancelled
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def _run(self) -> None:
        is_open = True
        while is_open:
            calls, is_open = self._take()
            if calls:
                self._tell(self._commit(calls))
            self._log.fold(is_idle=self._inbox.empty())
        self._connection.close()

    def _take(self) -> tuple[list[_Call], bool]:
        """Return all that waits, after waiting for the first, and whether more may come."""
        calls: list[_Call] = []
        call = self._inbox.get()
        while call is not None:
            calls.append(call)
            if len(calls) >= GROUP_LIMIT or self._inbox.empty():
                return calls, True
            call = self._inbox.get_nowait()
        return calls, False

    def _tell(self, answers: list[_Answer]) -> None:
        if not self._loop.is_closed():  # a loop that died without `close` has nobody left to tell
            self._loop.call_soon_threadsafe(self._settle, answers)

    def _commit(self, calls: list[_Call]) -> list[_Answer]:
        try:
            with Transaction(self._connection):
                results = [_handle(self._connection, *group) for group in _by_handler(calls)]
        except LOST as lost:
            return [(call.future, None, named(lost, self._name)) for call in calls]
        except Exception as error:  # noqa: BLE001 - a handler may raise anything, and it goes to its caller
            return self._find_guilty(calls, error)
        return [answer for group in results for answer in group]

    def _find_guilty(self, calls: list[_Call], error: Exception) -> list[_Answer]:
        if len(calls) == 1:
            return [(calls[0].future, None, error)]
        middle = len(calls) // 2
        return self._commit(calls[:middle]) + self._commit(calls[middle:])


class Transaction:
    """BEGIN IMMEDIATE ... COMMIT, or ROLLBACK when something was raised, by the commit too."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
            except apsw.Error:
                self._undo()
                raise
        else:
            self._undo()

    def _undo(self) -> None:
        if self._connection.in_transaction:  # SQLite itself has rolled back after a full disk
            self._connection.execute("ROLLBACK")


class _Log:
    """Folds the write-ahead log into the file when nobody waits, so that a checkpoint stalls few commits."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._pages = 0
        self._folded_at = 0
        connection.set_wal_hook(self._note)

    def _note(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        if pages < self._pages:  # the log began anew
            self._folded_at = 0
        self._pages = pages
        return apsw.SQLITE_OK

    def fold(self, *, is_idle: bool) -> None:
        grown = self._pages - self._folded_at
        if grown < (CHECKPOINT_IDLE_PAGES if is_idle else CHECKPOINT_BUSY_PAGES):
            return
        self._folded_at = self._pages
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.Error:
            return  # the log stays whole and is folded later; commits do not depend on it


def _handle(
    connection: apsw.Connection, handler: Callable[..., list[Any]], calls: list[_Call]
) -> Iterable[_Answer]:
    results = handler(connection, [call.item for call in calls])
    if len(results) != len(calls):
        raise RuntimeError(f"{handler!r} answered {len(results)} results for {len(calls)} items")
    return [(call.future, result, None) for call, result in zip(calls, results, strict=True)]


def _by_handler(calls: list[_Call]) -> Iterable[tuple[Callable[..., list[Any]], list[_Call]]]:
    groups: dict[Callable[..., list[Any]], list[_Call]] = {}
    for call in calls:
        groups.setdefault(call.handler, []).append(call)
    return groups.items()


def named(lost: apsw.Error, name: str) -> StoreError:
    """Return what the loss of a file is called here; `lost` is one of `LOST`."""
    if isinstance(lost, apsw.FullError):
        return Full(f"no room left to write to {name}: free some space on its disk")
    if isinstance(lost, apsw.InterruptError):
        return Closed(f"{name} is closed")
    if not isinstance(lost, (apsw.BusyError, apsw.LockedError)):
        return Broken(f"{name} cannot be read or written ({lost}): is its disk well?")
    return Busy(f"another process has kept {name} locked for {BUSY_MS} ms")
