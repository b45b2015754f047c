"""How a campaign stands, in one word for lists: its state, and what the facts make of it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.platform.control.campaign_health import CampaignFact
from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.start import OnSchedule
from tellwire.platform.ports.run_reports import PlannedRun

# `scheduled`: what it does begins at a moment that is to come. `failing`: it runs, and most of what lately had an end
# failed. `ended`: its last moment has passed, and nobody is inside.
Standing: TypeAlias = Literal[
    "draft", "scheduled", "running", "failing", "paused", "ended", "stopped", "archived"
]

# Facts that say it in one word, the gravest first.
_WORDS: Final[Mapping[str, Standing]] = {"failing": "failing", "over": "ended"}

# A wall time comes within this before and after its moment in any one zone.
_ZONES_APART: Final = timedelta(hours=26)


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """When a campaign's schedule is due next, None if it is not any more, and whether a run is under way.

    A campaign without a schedule has neither.
    """

    next_at: datetime | None = None
    is_under_way: bool = False


def timing_of(campaign: Campaign, runs: Sequence[PlannedRun], account: Account, now: datetime) -> Timing:
    """Return when a campaign in use is due next, by the runs of it that are planned or under way."""
    if not isinstance(campaign.start, OnSchedule):
        return Timing()
    if campaign.start.is_personal:
        timetable = Timetable(campaign.start, campaign.began_at or now, account)
        following = timetable.next(now, timetable.zone)
        last = timetable.next(now - _ZONES_APART, timetable.zone)
        return Timing(
            next_at=following and following.moment, is_under_way=last is not None and last.moment <= now
        )
    return Timing(
        next_at=next((one.at for one in runs if not one.has_begun), None),
        is_under_way=any(one.has_begun for one in runs),
    )


def standing_of(
    campaign: Campaign, facts: Sequence[CampaignFact], timing: Timing, now: datetime, *, has_decided: bool
) -> Standing:
    """Return the one word. `has_decided`: something was decided in it before."""
    if campaign.archived_at is not None:
        return "archived"
    if campaign.state != "running":
        return campaign.state
    if campaign.ends_at is not None and campaign.ends_at <= now:
        return "ended"
    if campaign.starts_at is not None and campaign.starts_at > now:
        return "scheduled"
    said = next((word for code, word in _WORDS.items() if any(fact.code == code for fact in facts)), None)
    return said or _between_runs(campaign, timing, now, has_decided=has_decided)


def _between_runs(
    campaign: Campaign, timing: Timing, now: datetime, *, has_decided: bool
) -> Literal["scheduled", "running"]:
    """Return how a campaign stands that is well: by its schedule, if it has one."""
    if not isinstance(campaign.start, OnSchedule) or timing.is_under_way or timing.next_at is None:
        return "running"  # without another run, somebody is still inside
    has_begun = campaign.start.is_recurring and has_decided
    return "running" if has_begun or timing.next_at <= now else "scheduled"
