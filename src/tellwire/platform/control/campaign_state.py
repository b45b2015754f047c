"""Moving a campaign from one state to another, and what that means for its messages that still wait. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.platform.model.campaign import Campaign, CampaignState, hashed_name

# What to do with messages that wait when a campaign stops: nobody gets them, or they go out all the same.
Queued: TypeAlias = Literal["drop", "let_go"]

# A batch of decisions under way when a campaign stops is recorded after it, with the campaign as it was before.
DECIDING: Final = timedelta(seconds=10)


def moved(campaign: Campaign, state: CampaignState, now: datetime, queued: Queued = "drop") -> Campaign:
    """Return the campaign in that state; one that leaves `running` drops its queue unless it is let go.

    Stopped once more, it drops what it had let go. Published again, it sends what is made from then on: what it
    dropped and is not due yet stays dropped.
    """
    until = campaign.dropped_until
    if state == "running":
        until = until and min(until, now)
    elif queued == "drop" and campaign.state != "draft" and (until is None or until <= now):
        until = now + DECIDING
    hashed_as = hashed_name(campaign) if state == "running" else campaign.hashed_as
    return msgspec.structs.replace(campaign, state=state, dropped_until=until, hashed_as=hashed_as)
