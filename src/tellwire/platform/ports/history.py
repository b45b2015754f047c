"""Campaigns as they were: their published versions, and the log of when they began to run and when they stopped.

`Catalog.save` writes both, in the transaction that saves the campaign; this port reads them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.campaign_version import Around, LogEntry, Moment, PublishedVersion


class History(Protocol):
    """A version never changes, and its number is never given again.

    Kept are every version that is live, that may be published again, or that was live at the time of an event or a
    decision that is kept, and the lines of the log that say so (`Retention.forget_history`).
    """

    async def versions(
        self, named: Sequence[tuple[CampaignId, int]]
    ) -> Mapping[tuple[CampaignId, int], PublishedVersion]:
        """Return those of these versions that are kept, by campaign and number."""
        ...

    async def versions_of(
        self, campaign_id: CampaignId, limit: int, before: int | None = None
    ) -> list[PublishedVersion]:
        """Return a campaign's versions, newest first; `before` is the number to go on from."""
        ...

    async def log_of(self, campaign_id: CampaignId, limit: int, before: int | None = None) -> list[LogEntry]:
        """Return a campaign's log, newest first; `before` is the `catalog_version` to go on from."""
        ...

    async def newest(self, campaign_ids: Sequence[CampaignId]) -> Mapping[CampaignId, int]:
        """Return the number of each campaign's newest version; a campaign that was never published has none."""
        ...

    async def around(self, moments: Sequence[Moment]) -> list[Around]:
        """Return what each campaign's log says around the moment, in their order."""
        ...

    async def changed_since(self, at: datetime) -> list[CampaignId]:
        """Return the campaigns whose log has a line after this moment, by id: the others run now as they ran then."""
        ...
