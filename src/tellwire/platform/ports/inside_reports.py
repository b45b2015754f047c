"""What people look at of those inside campaigns: where they stand, wait and left."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Enrollment, Left
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import ProfileId


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """How many people stand at a step of a version; an empty step is a pending entry."""

    version: int
    step: str
    people: int


class OverdueAt(msgspec.Struct, frozen=True, kw_only=True):
    """How many people at a step became due while their campaign is paused, and since when; None if it is not known."""

    version: int
    step: str
    people: int
    since: datetime | None


class Stays(msgspec.Struct, frozen=True, kw_only=True):
    """Where one person stands in campaigns, and how they left others, the last first."""

    enrollments: Sequence[Enrollment] = ()
    departures: Sequence[Left] = ()


class LeftPage(msgspec.Struct, frozen=True, kw_only=True):
    """How people left a campaign, among a bounded number of departures; the rest as in `DecidedPage`."""

    departures: Sequence[Left]
    reached: datetime | None
    following: int | None


class PersonInside(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody inside a campaign. `cursor` is what the next page goes on from."""

    subjects: Sequence[Subject]
    enrollment: Enrollment
    cursor: str


class InsideReports(Protocol):
    """Who is inside campaigns, and how others left."""

    async def due_between(self, spans: Sequence[tuple[datetime, datetime]], limit: int) -> list[int]:
        """Return for each span [begin, end) how many people inside campaigns become due in it, at most `limit` each.

        Whoever stands in a campaign that is paused is not counted.
        """
        ...

    async def at_work(self, campaign_ids: Sequence[CampaignId]) -> AbstractSet[CampaignId]:
        """Return those of these campaigns that have a run planned or under way, or somebody inside."""
        ...

    async def waiting(self, campaign_id: CampaignId) -> list[Waiting]:
        """Return how many people stand at each step of each version of a campaign."""
        ...

    async def overdue(self, campaign_id: CampaignId, limit: int) -> int:
        """Return how many people have become due while their campaign is paused, at most `limit`."""
        ...

    async def overdue_by_step(self, campaign_id: CampaignId, limit: int) -> list[OverdueAt]:
        """Return at which steps these stand, of at most `limit`, those who were due first."""
        ...

    async def people_inside(
        self, campaign_id: CampaignId, step: str | None, limit: int, after: str = ""
    ) -> list[PersonInside]:
        """Return people inside a campaign, at one of its steps if one is named, from the cursor on."""
        ...

    async def stays(self, profile_id: ProfileId, limit: int) -> Stays:
        """Return where a person stands, and the last of how they left campaigns."""
        ...

    async def departed(self, campaign_id: CampaignId, rows: int, before: int | None = None) -> LeftPage:
        """Return how people left a campaign, among the `rows` departures before a place."""
        ...
