"""Campaigns as they are shown: with their figures, what is wrong with them, and what holds them up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.platform.control.campaign_demands import known_campaign, problems_in, providers_of
from tellwire.platform.control.campaign_form import CampaignPage, page_of
from tellwire.platform.control.campaign_health import HOURS, TroubleNow, facts_of
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.provider_traffic import trouble_view
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.provider import ProviderId

SLICE: Final = 100  # campaigns that are read at once: deciding goes on in between


async def shown(desk: Desk, newest: CampaignSet, campaign_id: CampaignId) -> CampaignPage:
    """Return a campaign as it is shown."""
    campaign = known_campaign(newest, campaign_id)
    (page,) = await pages_of(desk, newest, [campaign])
    return page


async def pages_of(desk: Desk, newest: CampaignSet, campaigns: Sequence[Campaign]) -> list[CampaignPage]:
    """Return campaigns as they are shown, with their figures and what is wrong with them."""
    now = desk.clock.now()
    troubles, pages = await troubles_now(desk, now), list[CampaignPage]()
    for begin in range(0, len(campaigns), SLICE):
        pages += await _pages(desk, newest, campaigns[begin : begin + SLICE], now, troubles)
    return pages


async def _pages(
    desk: Desk,
    newest: CampaignSet,
    campaigns: Sequence[Campaign],
    now: datetime,
    troubles: Mapping[ProviderId, TroubleNow],
) -> list[CampaignPage]:
    ids = [campaign.id for campaign in campaigns]
    funnels = await desk.reports.funnel(ids)
    hours = await desk.reports.campaign_hours(ids, now - timedelta(hours=HOURS))
    versions = await desk.history.newest(ids)
    at_work = await desk.reports.at_work(ids)
    pages = []
    for campaign, funnel, lately in zip(campaigns, funnels, hours, strict=True):
        trouble = worst_trouble(campaign, newest, troubles)
        facts = facts_of(campaign, lately, trouble, now, is_at_work=campaign.id in at_work)
        page = page_of(campaign, problems_in(desk, campaign, newest), funnel, facts)
        pages.append(msgspec.structs.replace(page, published_version=versions.get(campaign.id)))
    return pages


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
