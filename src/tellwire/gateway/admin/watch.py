"""Tells pages that something was stored since the last look, for `GET /admin/api/changes`.

There are two kinds of topics. `messages` is whatever carriers, customers and receipts move: it follows from the
count of writes, which costs no read. The others (`keys`, `routes`, `people` ...) are named by the address of a
change that somebody made in the portal: see `Gate.endpoint`.
"""

from tellwire.kernel.sqlite import Database


class Watch:
    """How much had been written at the last look."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writes = -1

    async def look(self) -> list[str]:
        """Return what changed since the last call."""
        before, self._writes = self._writes, self._database.writes
        return [] if before == self._writes else ["messages"]
