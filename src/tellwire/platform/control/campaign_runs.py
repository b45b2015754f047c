"""The runs of campaigns: how each stands, and reaching those whom one failed to reach."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import not_found
from tellwire.platform.control.run_view import RunView, run_view
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.run import RunRecord

Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class RunList(msgspec.Struct, frozen=True, kw_only=True):
    """Runs, the newest first, after those that are planned."""

    runs: Sequence[RunView]


@get("/api/campaigns/{campaign_id:int}/runs", tags=["campaigns"])
async def list_runs(campaign_id: FromPath[int], desk: DeskDependency, limit: Limit = 20) -> RunList:
    """List the runs of a campaign's schedule, planned ones first: whom each is for, and what became of them."""
    campaign, account = await _known(desk, campaign_id)
    sweeps = {one.run: one for one in await desk.reports.sweeps(campaign.id) if one.run}
    records = await desk.reports.runs(campaign.id, limit)
    known = {one.run for one in records}
    planned = [
        RunRecord(campaign_id=campaign.id, run=one.run, at=one.at)
        for one in sweeps.values()
        if one.run not in known
    ]
    now = desk.clock.now()
    return RunList(
        runs=[run_view(campaign, one, sweeps.get(one.run), account, now) for one in (*planned, *records)]
    )


HANDLERS: Final = [list_runs]


async def _known(desk: Desk, campaign_id: int) -> tuple[Campaign, Account]:
    newest = await desk.catalog.snapshot()
    known = newest.campaigns.get(CampaignId(campaign_id))
    if known is None:
        raise not_found("such campaign")
    return known, newest.account
