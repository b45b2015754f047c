"""The published versions of a campaign, and the log of when it ran. Both are read only: publishing writes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from tellwire.platform.control.campaign_changes import FieldChange, changes_between
from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.campaign_form import CampaignPage, page_of
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import not_found
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.campaign_version import LogEntry, PublishedVersion, Turn

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
LARGEST: Final = 2**62  # beyond it no number was ever given
Before = Annotated[int | None, QueryParameter(ge=1, le=LARGEST)]


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version in a list. `changed` are the fields in which it differs from the version before, if that is kept.

    `published_by` is empty for what was published before this was kept.
    """

    number: int
    name: str
    published_at: datetime
    published_by: str
    is_live: bool
    changed: Sequence[str]


class VersionList(msgspec.Struct, frozen=True, kw_only=True):
    """Versions, newest first; ask for more with `before` as the last one's number."""

    versions: Sequence[VersionRow]


class VersionPage(msgspec.Struct, frozen=True, kw_only=True):
    """One version: the campaign as it was published, and what changed since the version before, if that is kept."""

    number: int
    published_at: datetime
    published_by: str
    is_live: bool
    changes: Sequence[FieldChange]
    campaign: CampaignPage


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """When a campaign began to run, changed while it ran, or stopped; `version` is which one, null if it is not kept.

    `catalog_version` is the number that decisions from then on name.
    """

    what: Turn
    at: datetime
    by: str
    version: int | None
    catalog_version: int


class CampaignLog(msgspec.Struct, frozen=True, kw_only=True):
    """Lines, newest first; ask for more with `before` as the last one's `catalog_version`."""

    log: Sequence[LogLine]


@get("/api/campaigns/{campaign_id:int}/versions", tags=["campaigns"])
async def list_versions(
    campaign_id: FromPath[int], desk: DeskDependency, limit: Limit = 50, before: Before = None
) -> VersionList:
    """List the published versions of a campaign; kept as long as an event or a decision is that met them."""
    campaign = await _known(desk, campaign_id)
    found = await desk.history.versions_of(campaign.id, limit + 1, before)
    live = await _live_number(desk, campaign)
    older: Sequence[PublishedVersion | None] = [*found[1:], None]
    rows = [_row(one, previous, live) for one, previous in zip(found, older, strict=False)]
    return VersionList(versions=rows[:limit])


@get("/api/campaigns/{campaign_id:int}/versions/{number:int}", tags=["campaigns"])
async def read_version(
    campaign_id: FromPath[int], number: FromPath[int], desk: DeskDependency
) -> VersionPage:
    """Return a campaign as it was when this version was published."""
    campaign = await _known(desk, campaign_id)
    if not 1 <= number <= LARGEST:
        raise not_found("such version")
    found = await desk.history.versions_of(campaign.id, 2, number + 1)
    if not found or found[0].number != number:
        raise not_found("such version")
    version, previous = found[0], next(iter(found[1:]), None)
    return VersionPage(
        number=version.number,
        published_at=version.published_at,
        published_by=version.published_by,
        is_live=version.number == await _live_number(desk, campaign),
        changes=_changes(version, previous),
        campaign=msgspec.structs.replace(page_of(version.campaign), published_version=version.number),
    )


@get("/api/campaigns/{campaign_id:int}/log", tags=["campaigns"])
async def read_log(
    campaign_id: FromPath[int], desk: DeskDependency, limit: Limit = 50, before: Before = None
) -> CampaignLog:
    """Say who published, changed or stopped a campaign and when; kept as long as events are."""
    campaign = await _known(desk, campaign_id)
    lines = await desk.history.log_of(campaign.id, limit, before)
    return CampaignLog(log=[_line(line) for line in lines])


HANDLERS: Final = [list_versions, read_version, read_log]


async def _known(desk: Desk, campaign_id: int) -> Campaign:
    return known_campaign(await desk.catalog.snapshot(), campaign_id)


async def _live_number(desk: Desk, campaign: Campaign) -> int | None:
    """Return the version that answers events now: the newest of a running campaign."""
    if campaign.state != "running":
        return None
    return (await desk.history.newest([campaign.id])).get(campaign.id)


def _row(version: PublishedVersion, previous: PublishedVersion | None, live: int | None) -> VersionRow:
    return VersionRow(
        number=version.number,
        name=version.campaign.name,
        published_at=version.published_at,
        published_by=version.published_by,
        is_live=version.number == live,
        changed=[change.field for change in _changes(version, previous)],
    )


def _changes(version: PublishedVersion, previous: PublishedVersion | None) -> list[FieldChange]:
    return [] if previous is None else changes_between(previous.campaign, version.campaign)


def _line(entry: LogEntry) -> LogLine:
    return LogLine(
        what=entry.what,
        at=entry.at,
        by=entry.by,
        version=entry.number or None,
        catalog_version=entry.catalog_version,
    )
