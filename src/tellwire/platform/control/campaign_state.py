"""Moving a campaign from one state to another, and what that means for its messages and people that wait. Pure."""

from datetime import datetime, timedelta
from itertools import count
from typing import Final, Literal, TypeAlias, assert_never

import msgspec

from tellwire.platform.decide.sweeping import first_sweep
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import (
    IN_USE,
    Campaign,
    CampaignId,
    CampaignSet,
    CampaignState,
    Terms,
    hashed_name,
    may_keep_people,
)
from tellwire.platform.model.resumption import Resumption
from tellwire.platform.ports.catalog import PutCampaign

# What to do with messages that wait when a campaign stops: nobody gets them, or they go out all the same.
Queued: TypeAlias = Literal["drop", "let_go"]
# What becomes of those inside when a campaign changes: they finish as they entered, go on in the new one, or leave.
Inside: TypeAlias = Literal["finish", "move", "end"]

# A batch of decisions under way when a campaign stops is recorded after it, with the campaign as it was before.
DECIDING: Final = timedelta(seconds=10)


def moved(
    campaign: Campaign,
    state: CampaignState,
    now: datetime,
    queued: Queued = "drop",
    account: Account | None = None,
) -> Campaign:
    """Return the campaign in that state; one that stops or pauses drops its queue unless it is let go.

    Stopped once more, it drops what it had let go. Published again, it sends what is made from then on: what it
    dropped and is not due yet stays dropped. Whoever is inside leaves when it stops, and waits while it is paused.
    One that was archived is back in the lists once it is in use.
    """
    until, ended_version = campaign.dropped_until, campaign.ended_version
    if state == "running":
        until = until and min(until, now)
    elif queued == "drop" and campaign.state != "draft" and (until is None or until <= now):
        until = now + DECIDING
    has_kept = campaign.has_kept or may_keep_people(campaign, account or Account())
    if state not in IN_USE and has_kept:
        ended_version = campaign.version
    return msgspec.structs.replace(
        campaign,
        state=state,
        dropped_until=until,
        ended_version=ended_version,
        hashed_as=hashed_name(campaign) if state in IN_USE else campaign.hashed_as,
        began_at=now if state in IN_USE and campaign.state not in IN_USE else campaign.began_at,
        paused_at=now if state == "paused" else campaign.paused_at,
        archived_at=None if state in IN_USE else campaign.archived_at,
        has_kept=has_kept,
    )


def cloned(campaign: Campaign, campaign_id: CampaignId, catalog: CampaignSet, now: datetime) -> Campaign:
    """Return a draft that is as this campaign is, under the first name that is free."""
    taken = {one.name.casefold() for one in catalog.campaigns.values()}
    names = (f"{campaign.name[:NAME_ROOM]} (copy{'' if n == 1 else f' {n}'})" for n in count(1))
    return Campaign(
        **{name: getattr(campaign, name) for name in (*Terms.__struct_fields__, *_CLONED)}
        | {"name": next(name for name in names if name.casefold() not in taken)},
        id=campaign_id,
        created_at=now,
        updated_at=now,
    )


NAME_ROOM: Final = 100  # characters of a name that a copy keeps
_CLONED: Final = (
    *("start", "who", "steps", "key", "again", "stop", "goal", "holdout", "limits", "quiet", "priority"),
    "labels",
)


def changed(before: Campaign, after: Campaign, inside: Inside) -> Campaign:
    """Return a campaign that replaces `before` while people are inside that one."""
    after = msgspec.structs.replace(after, has_kept=True)
    match inside:
        case "finish":
            return msgspec.structs.replace(after, moved_version=0)
        case "move":
            return msgspec.structs.replace(after, moved_version=before.version)
        case "end":
            return msgspec.structs.replace(after, ended_version=before.version)
        case _:
            assert_never(inside)


def replacing(
    before: Campaign | None,
    after: Campaign,
    account: Account,
    now: datetime,
    resumption: Resumption | None = None,
) -> PutCampaign:
    """Return the change of the catalog: it wakes those inside if it is about them, and plans what comes by itself.

    `resumption` says how those go on who are overdue where the change ends a pause; at once, if it is not said.
    """
    restarts = before is not None and before.start != after.start
    if restarts and after.state in IN_USE:
        after = msgspec.structs.replace(after, began_at=now)  # another start begins anew: `{at: now}` is now
    sweep = first_sweep(after, account, now)
    if before is None:
        return PutCampaign(after, sweep=sweep)
    if before.state in IN_USE and sweep is not None and not sweep.run and before.start == after.start:
        sweep = None  # everybody was met already
    chooses_anew = _choice(before) != _choice(after)
    is_resumed = before.state == "paused" and after.state == "running"
    is_about_them = (before.ended_version, before.moved_version) != (after.ended_version, after.moved_version)
    going_on = (resumption or Resumption(at=now)) if is_resumed else None
    return PutCampaign(
        after,
        wakes=is_about_them,
        sweep=sweep,
        restarts=restarts,
        chooses_anew=chooses_anew,
        resumption=going_on,
    )


def _choice(campaign: Campaign) -> tuple[object, ...]:
    """Return what an audience goes by; the state, for after a pause half of it would be of another time."""
    return campaign.who, campaign.starts_at, campaign.ends_at, campaign.state
