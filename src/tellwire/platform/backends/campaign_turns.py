"""What saving a campaign adds to its history: a line of the log, and perhaps a version. Pure, for every back end."""

from collections.abc import Mapping
from typing import Final

import msgspec

from tellwire.platform.model.campaign import Campaign, CampaignState
from tellwire.platform.model.campaign_version import LogEntry, PublishedVersion, Turn, behaves_alike


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a campaign's history: the last line of its log, and its newest version."""

    last: LogEntry | None = None
    newest: PublishedVersion | None = None


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """What is added; `version` is None if the campaign runs as it ran before, or stops."""

    entry: LogEntry
    version: PublishedVersion | None = None


def addition(history: History, saved: Campaign, by: str, catalog_version: int) -> Addition | None:
    """Return what saving a campaign adds, None if it goes on as it did.

    A running campaign that behaves otherwise than its newest version is a new version, whether it was published just
    now or changed while it ran. Published again as it was, it has the version that it had, unless whoever was inside
    by that one has left.
    """
    before = "stopped" if history.last is None else history.last.what
    newest = 0 if history.newest is None else history.newest.number
    entry = LogEntry(
        campaign_id=saved.id,
        what=_TURNS.get(saved.state, "stopped"),
        at=saved.updated_at,
        by=by,
        number=newest,
        catalog_version=catalog_version,
    )
    if saved.state != "running":
        return None if entry.what == before else Addition(entry=entry)
    if newest <= saved.ended_version or not (
        history.newest and behaves_alike(history.newest.campaign, saved)
    ):
        return _published(msgspec.structs.replace(entry, number=newest + 1), saved)
    return None if entry.what == before else Addition(entry=entry)


_TURNS: Final[Mapping[CampaignState, Turn]] = {"running": "published", "paused": "paused"}


def _published(entry: LogEntry, saved: Campaign) -> Addition:
    version = PublishedVersion(
        number=entry.number,
        campaign=msgspec.structs.replace(saved, version=entry.number),
        published_at=entry.at,
        published_by=entry.by,
    )
    return Addition(entry=entry, version=version)
