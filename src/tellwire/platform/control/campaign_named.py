"""Finds a campaign by its name: what commands ask before they act on one, without reading all of them."""

import asyncio
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.problem import Problem
from tellwire.platform.language.near import nearest
from tellwire.platform.model.bounds import NAME_LIMIT
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet, CampaignState


class NamedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """Which campaign a name means."""

    id: CampaignId
    name: str
    state: CampaignState


@get("/api/campaigns/named", tags=["campaigns"])
async def find_campaign(
    desk: DeskDependency, name: Annotated[str, QueryParameter(min_length=1, max_length=NAME_LIMIT)]
) -> NamedCampaign:
    """Say which campaign has this name, whatever its case, or this number.

    Of two alike it is the one that was made last; one that is archived is found if no other has the name.
    """
    newest = await desk.catalog.snapshot()
    campaign = _named(newest, name)
    if campaign is None:
        names = [one.name for one in newest.campaigns.values()]
        perhaps = await asyncio.to_thread(nearest, name, names)  # of 10,000 names it takes a while
        raise Problem(404, "not_found", f"There is no campaign “{name}”{perhaps or '.'}")
    return NamedCampaign(id=campaign.id, name=campaign.name, state=campaign.state)


HANDLERS: Final = [find_campaign]


def _named(newest: CampaignSet, name: str) -> Campaign | None:
    meant = name.strip().casefold()
    alike = [one for one in newest.campaigns.values() if one.name.casefold() == meant]
    if alike:
        return max(alike, key=lambda one: (one.archived_at is None, one.id))
    is_number = meant.isascii() and meant.isdigit()
    return newest.campaigns.get(CampaignId(int(meant))) if is_number else None
