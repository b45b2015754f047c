"""Tells which topics of the platform changed since it last looked, for `GET /api/changes`.

campaigns, providers   their settings, state or name
events                 somebody did something, or it was decided
messages               a message was made, or its standing moved
inbox                  somebody wrote to us
"""

from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.inbox import Inbox
from tellwire.platform.ports.reports import Reports

_ONE = 1  # row a look: only whether there is any is asked


class Watch:
    """Where the last look stood: the version of the catalog, the cursor of what happened, and the last text."""

    def __init__(self, catalog: Catalog, reports: Reports, inbox: Inbox) -> None:
        self._catalog = catalog
        self._reports = reports
        self._inbox = inbox
        self._last_text = -1
        self._version = -1
        self._cursor = ""

    async def look(self) -> list[str]:
        """Return what changed since the last call."""
        version = (await self._catalog.snapshot()).version
        changes = await self._reports.changes(self._cursor, _ONE)
        last_text = await self._inbox.newest_place()
        topics = {
            "inbox": last_text != self._last_text,
            "campaigns": version != self._version,
            "providers": version != self._version,
            "events": bool(changes.events),
            "messages": bool(changes.messages),
        }
        self._version, self._cursor, self._last_text = version, changes.cursor, last_text
        return [topic for topic, has_changed in topics.items() if has_changed]
