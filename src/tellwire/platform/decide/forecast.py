"""The runs that schedules will make, by the timetables that the machine goes by. Pure."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId
from tellwire.platform.model.start import OnSchedule


class PlannedMoment(NamedTuple):
    """A run that is to come. Where each person has a moment of their own it is that of the account's zone."""

    moment: datetime
    campaign_id: CampaignId
    run: str


def forecast(
    campaigns: Iterable[Campaign], account: Account, since: datetime, until: datetime
) -> Iterator[PlannedMoment]:
    """Yield what the schedules of campaigns in use will do from `since` on and before `until`, in order of time.

    It is worked out as it is asked for: a rule that runs every minute costs no more than what is taken of it.
    """
    return heapq.merge(
        *(
            _runs(campaign, campaign.start, account, since, until)
            for campaign in campaigns
            if campaign.state in IN_USE and isinstance(campaign.start, OnSchedule)
        )
    )


def _runs(
    campaign: Campaign, schedule: OnSchedule, account: Account, since: datetime, until: datetime
) -> Iterator[PlannedMoment]:
    if campaign.began_at is None:
        return
    timetable = Timetable(schedule, campaign.began_at, account)
    begin = max(since, campaign.starts_at or since)
    end = min(until, campaign.ends_at or until)
    run = timetable.next(begin, timetable.zone, is_included=True)
    while run is not None and run.moment < end:
        yield PlannedMoment(run.moment, campaign.id, run.name)
        run = timetable.next(run.moment, timetable.zone)
