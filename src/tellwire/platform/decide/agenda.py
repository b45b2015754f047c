"""What begins at a moment of its own: the runs of schedules that hold for everybody at once, and audiences. Pure.

Of one moment, campaigns come in the order of `rank`.
"""

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, TypeAlias

from tellwire.platform.decide.insiders import Turn
from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.start import OnMembership, OnSchedule


class Beginning(NamedTuple):
    """A run of a campaign's schedule; with an empty name the moment from which joining an audience counts."""

    campaign_id: CampaignId
    run: str
    moment: datetime


_Entry: TypeAlias = tuple[datetime, int, CampaignId, str]


class Agenda:
    """The beginnings that are to come. Empty until it is opened."""

    def __init__(self, rank: Callable[[CampaignId], int]) -> None:
        self._rank = rank
        self._entries: list[_Entry] = []
        self._timetables: dict[CampaignId, Timetable] = {}

    def begin(self, campaigns: Iterable[Campaign], beginning: datetime, account: Account) -> None:
        """Enter what these campaigns begin with from this moment on."""
        for campaign in campaigns:
            match campaign.start:
                case OnSchedule() as schedule:
                    self._timetables[campaign.id] = Timetable(schedule, beginning, account)
                    if not schedule.is_personal:
                        self._enter_next(campaign.id, beginning, is_included=True)
                case OnMembership():
                    self._enter(campaign.id, "", beginning)
                case _:
                    pass

    def timetable(self, campaign_id: CampaignId) -> Timetable | None:
        """Return the moments of a campaign's schedule, None if it has none."""
        return self._timetables.get(campaign_id)

    def is_due(self, before: datetime) -> bool:
        """Say whether something begins before this moment."""
        return bool(self._entries) and self._entries[0][0] < before

    def take(self, before: datetime, other: Turn | None) -> Beginning | None:
        """Take the first beginning before this moment, unless it is the turn of something else."""
        if not self._entries or self._entries[0][0] >= before:
            return None
        if other is not None and other < self._entries[0][:2]:
            return None
        moment, _, campaign_id, run = heapq.heappop(self._entries)
        if run:
            self._enter_next(campaign_id, moment)
        return Beginning(campaign_id, run, moment)

    def _enter_next(self, campaign_id: CampaignId, after: datetime, *, is_included: bool = False) -> None:
        timetable = self._timetables[campaign_id]
        run = timetable.next(after, timetable.zone, is_included=is_included)
        if run is not None:
            self._enter(campaign_id, run.name, run.moment)

    def _enter(self, campaign_id: CampaignId, run: str, moment: datetime) -> None:
        heapq.heappush(self._entries, (moment, self._rank(campaign_id), campaign_id, run))
