"""Tells which topics of the platform changed since it last looked, for `GET /api/changes`.

campaigns, providers   their settings, state or name
events                 somebody did something, or it was decided
messages               a message was made, or its standing moved
"""

from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.reports import Reports

_ONE = 1  # row a look: only whether there is any is asked


class Watch:
    """Where the last look stood: the version of the catalog, and the cursor of what happened."""

    def __init__(self, catalog: Catalog, reports: Reports) -> None:
        self._catalog = catalog
        self._reports = reports
        self._version = -1
        self._cursor = ""

    async def look(self) -> list[str]:
        """Return what changed since the last call."""
        version = (await self._catalog.snapshot()).version
        changes = await self._reports.changes(self._cursor, _ONE)
        topics = {
            "campaigns": version != self._version,
            "providers": version != self._version,
            "events": bool(changes.events),
            "messages": bool(changes.messages),
        }
        self._version, self._cursor = version, changes.cursor
        return [topic for topic, has_changed in topics.items() if has_changed]
