"""Opens the data directory: one SQLite file, one process, the ports."""

import fcntl
import os
from contextlib import AsyncExitStack
from pathlib import Path

from tellwire.kernel.session_table import SessionTable
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.audit import EmbeddedAudit
from tellwire.platform.backends.embedded.callees import EmbeddedCallees
from tellwire.platform.backends.embedded.calls import EmbeddedCalls
from tellwire.platform.backends.embedded.catalog import EmbeddedCatalog
from tellwire.platform.backends.embedded.consent import EmbeddedConsents
from tellwire.platform.backends.embedded.event_types import EmbeddedEventTypes
from tellwire.platform.backends.embedded.feed import EmbeddedFeed
from tellwire.platform.backends.embedded.history import EmbeddedHistory
from tellwire.platform.backends.embedded.inbox import EmbeddedInbox
from tellwire.platform.backends.embedded.ledger import EmbeddedLedger
from tellwire.platform.backends.embedded.links import EmbeddedLinks
from tellwire.platform.backends.embedded.lists import EmbeddedLists
from tellwire.platform.backends.embedded.messages import EmbeddedMessages
from tellwire.platform.backends.embedded.people import EmbeddedPeople
from tellwire.platform.backends.embedded.refusals import EmbeddedRefusals
from tellwire.platform.backends.embedded.reports import EmbeddedReports
from tellwire.platform.backends.embedded.retention import EmbeddedRetention
from tellwire.platform.backends.embedded.runs import EmbeddedRuns
from tellwire.platform.backends.embedded.schema import MIGRATIONS
from tellwire.platform.backends.embedded.stream import EmbeddedStream
from tellwire.platform.backends.embedded.views import EmbeddedViews
from tellwire.platform.backends.embedded.wake import Wake

DATABASE_NAME = "tellwire.db"
LOCK_NAME = "tellwire.lock"


class InUse(Exception):
    """Another process works in this data directory."""


class EmbeddedBackend:
    """The ports of one data directory; made by `open_embedded`."""

    def __init__(
        self,
        database: Database,
        lock: int,
        wake: Wake,
        stream: EmbeddedStream,
        catalog: EmbeddedCatalog,
        event_types: EmbeddedEventTypes,
        messages: EmbeddedMessages,
    ) -> None:
        self._database = database
        self._lock: int | None = lock
        self.stream = stream
        self.catalog = catalog
        self.event_types = event_types
        calls_wake = Wake()
        self.ledger = EmbeddedLedger(database, wake, calls_wake)
        self.calls = EmbeddedCalls(database, calls_wake)
        self.callees = EmbeddedCallees(database)
        self.messages = messages
        self.consents = EmbeddedConsents(database)
        self.inbox = EmbeddedInbox(database, wake)
        self.history = EmbeddedHistory(database)
        self.feed = EmbeddedFeed(database)
        self.lists = EmbeddedLists(database)
        self.audit = EmbeddedAudit(database)
        self.reports = EmbeddedReports(database)
        self.runs = EmbeddedRuns(database)
        self.retention = EmbeddedRetention(database)
        self.refusals = EmbeddedRefusals(database)
        self.sessions = SessionTable(database)
        self.views = EmbeddedViews(database)
        self.links = EmbeddedLinks(database)
        self.people = EmbeddedPeople(database, self.links)

    async def backup(self, to: Path) -> None:
        """Write a consistent copy of everything to the file `to`, while work goes on."""
        await self._database.backup(to)

    async def close(self) -> None:
        """Finish what was begun and let go of the directory; a second call does nothing."""
        await self._database.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


async def open_embedded(directory: Path) -> EmbeddedBackend:
    """Open or create the data directory (mode 0700).

    Raises `InUse` when another process has it open: each would miss what the other saves and appends.
    """
    async with AsyncExitStack() as undo:
        lock = _lock(directory)
        undo.callback(os.close, lock)
        database = await Database.open(directory / DATABASE_NAME, MIGRATIONS)
        undo.push_async_callback(database.close)
        stream, catalog = await EmbeddedStream.open(database), await EmbeddedCatalog.open(database)
        event_types, wake = await EmbeddedEventTypes.open(database), Wake()
        messages = await EmbeddedMessages.open(database, wake)
        undo.pop_all()
        return EmbeddedBackend(database, lock, wake, stream, catalog, event_types, messages)


def _lock(directory: Path) -> int:
    """Return the descriptor that holds the lock; the system lets go of it when the process ends, however."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory / LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise InUse(
            f"another tellwire process uses {directory}: stop it, or choose another data directory"
        ) from None
    return descriptor
