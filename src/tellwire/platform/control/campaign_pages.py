"""Campaigns as they are shown: with their figures, what is wrong with them, and what holds them up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.platform.control.campaign_demands import known_campaign, problems_in, providers_of
from tellwire.platform.control.campaign_form import CampaignPage, page_of
from tellwire.platform.control.campaign_health import HOURS, TroubleNow, facts_of
from tellwire.platform.control.campaign_standing import Timing, standing_of, timing_of
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.provider_traffic import trouble_view
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId, CampaignSet
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.run_reports import PlannedRun

SLICE: Final = 100  # campaigns that are read at once: deciding goes on in between


async def shown(desk: Desk, newest: CampaignSet, campaign_id: CampaignId) -> CampaignPage:
    """Return a campaign as it is shown."""
    campaign = known_campaign(newest, campaign_id)
    (page,) = await pages_of(desk, newest, [campaign])
    return page


async def pages_of(desk: Desk, newest: CampaignSet, campaigns: Sequence[Campaign]) -> list[CampaignPage]:
    """Return campaigns as they are shown, with their figures and what is wrong with them."""
    reading = await reading_now(desk)
    pages = list[CampaignPage]()
    for begin in range(0, len(campaigns), SLICE):
        pages += await _pages(desk, newest, campaigns[begin : begin + SLICE], reading)
    return pages


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for all campaigns that are shown: now, the runs that are planned, and troubles that are not over."""

    now: datetime
    planned: Mapping[CampaignId, Sequence[PlannedRun]]
    troubles: Mapping[ProviderId, TroubleNow]

    def timing(self, campaign: Campaign, newest: CampaignSet) -> Timing:
        """Return when a campaign's schedule is due next; one that is not in use has none."""
        if campaign.state not in IN_USE:
            return Timing()
        return timing_of(campaign, self.planned.get(campaign.id, ()), newest.account, self.now)


async def _pages(
    desk: Desk, newest: CampaignSet, campaigns: Sequence[Campaign], reading: Reading
) -> list[CampaignPage]:
    ids, now = [campaign.id for campaign in campaigns], reading.now
    funnels = await desk.reports.funnel(ids)
    hours = await desk.reports.campaign_hours(ids, now - timedelta(hours=HOURS))
    versions = await desk.history.newest(ids)
    at_work = await desk.reports.at_work(ids)
    pages = []
    for campaign, funnel, lately in zip(campaigns, funnels, hours, strict=True):
        trouble = worst_trouble(campaign, newest, reading.troubles)
        facts = facts_of(campaign, lately, trouble, now, is_at_work=campaign.id in at_work)
        timing = reading.timing(campaign, newest)
        page = msgspec.structs.replace(
            page_of(campaign, problems_in(desk, campaign, newest), funnel, facts),
            published_version=versions.get(campaign.id),
            standing=standing_of(campaign, facts, timing, now, has_decided=lately.last_at is not None),
            next_at=timing.next_at,
        )
        pages.append(page)
    return pages


async def reading_now(desk: Desk) -> Reading:
    """Return what holds for all campaigns now."""
    now = desk.clock.now()
    return Reading(now=now, planned=await _planned(desk), troubles=await troubles_now(desk, now))


async def _planned(desk: Desk) -> Mapping[CampaignId, Sequence[PlannedRun]]:
    """Return the runs that campaigns will make next or are making, by campaign."""
    planned: dict[CampaignId, list[PlannedRun]] = defaultdict(list)
    for run in await desk.reports.planned_runs():
        planned[run.campaign_id].append(run)
    return planned


async def troubles_now(desk: Desk, now: datetime) -> Mapping[ProviderId, TroubleNow]:
    """Return the troubles of providers that are not over."""
    return {
        one.provider_id: TroubleNow(reason=trouble.reason, advice=trouble.advice)
        for one in await desk.reports.traffic(now)
        if (trouble := trouble_view(one)) is not None and not trouble.is_over
    }


def worst_trouble(
    campaign: Campaign, newest: CampaignSet, troubles: Mapping[ProviderId, TroubleNow]
) -> TroubleNow | None:
    """Return the trouble of the first provider of a campaign that has one."""
    return next((troubles[one.id] for one in providers_of(campaign, newest) if one.id in troubles), None)
