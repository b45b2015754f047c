"""What people look at of runs of schedules: made, under way and planned."""

from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.run import RunRecord


class SweepProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is planned or under way: whether its audience stands, and when it goes on."""

    run: str
    at: datetime
    is_chosen: bool
    next_at: datetime


class PlannedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is planned, or that `has_begun` and is under way."""

    campaign_id: CampaignId
    run: str
    at: datetime
    has_begun: bool


class RunReports(Protocol):
    """What runs of schedules did, and which come next."""

    async def runs(self, campaign_id: CampaignId, limit: int) -> list[RunRecord]:
        """Return the last runs of a campaign's schedule, newest first."""
        ...

    async def runs_between(self, begin: datetime, end: datetime, limit: int) -> list[RunRecord]:
        """Return the runs whose moment is in [begin, end), in order of time, at most `limit`."""
        ...

    async def sweeps(self, campaign_id: CampaignId) -> list[SweepProgress]:
        """Return what a campaign goes through people for, or will."""
        ...

    async def planned_runs(self) -> list[PlannedRun]:
        """Return the runs that campaigns will make next or are making: a few of each campaign with a schedule."""
        ...
