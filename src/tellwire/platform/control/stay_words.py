"""Where somebody stands in a campaign, and how they left it, in words. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.control.no_answer import moment
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.enrollment import END_REASONS, Enrollment, Left
from tellwire.platform.model.step import every_step, measured_splits


class StayView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a person stands in a campaign; `hold` is the code of the gate that holds the message, if one does."""

    campaign_id: CampaignId
    name: str
    step: str
    key: str
    hold: str
    since: datetime
    due_at: datetime
    entered_at: datetime
    event_name: str
    version: int
    reason: str


def stay_view(stay: Enrollment, newest: CampaignSet) -> StayView:
    """Return a stay as it is shown."""
    return StayView(
        campaign_id=stay.campaign_id,
        name=name_of(stay.campaign_id, newest),
        step=stay.step,
        key=stay.key,
        hold=stay.hold,
        since=stay.since,
        due_at=stay.due_at,
        entered_at=stay.entered_at,
        event_name=stay.entrance.name,
        version=stay.version,
        reason=where(stay, newest),
    )


def where(stay: Enrollment, newest: CampaignSet) -> str:
    """Return a sentence that says where somebody stands, and until when."""
    campaign = newest.campaigns.get(stay.campaign_id)
    pause = " The campaign is paused: nobody moves in it." if campaign and campaign.state == "paused" else ""
    return _where(stay, campaign) + pause


def _where(stay: Enrollment, campaign: Campaign | None) -> str:
    until = moment(stay.due_at)
    if stay.is_pending:
        return f"They enter at {until}, if nothing calls it off."
    if stay.hold:
        return f"The message of “{stay.step}” is held until {until}: {_HOLDS.get(stay.hold, stay.hold)}."
    if campaign is not None and any(
        one.id == stay.step for one in measured_splits(every_step(campaign.steps))
    ):
        return f"They wait for the winner of “{stay.step}” until {until}, since {moment(stay.since)}."
    return f"They wait at “{stay.step}” until {until}, since {moment(stay.since)}."


_HOLDS: Final[Mapping[str, str]] = {
    "quiet_hours": "these are quiet hours",
    "gap": "the last message is not long enough ago",
    "per_day": "the campaign has sent as many as it may on one day",
    "cut_off": "the campaign sends no more on this day",
    "paused": "the campaign was paused",
    "version": "the campaign changed, and this is what it does here now",
    "throttle": "their place in the broadcast comes then",
}


def how(left: Left) -> str:
    """Return a sentence that says how somebody left."""
    detail = f" ({left.detail})" if left.detail else ""
    return f"They left at “{left.step}”, at {moment(left.at)}{detail}: {END_REASONS[left.reason]}"


def name_of(campaign_id: CampaignId, newest: CampaignSet) -> str:
    """Return what a campaign is called now, its number if it is gone."""
    campaign = newest.campaigns.get(campaign_id)
    return str(campaign_id) if campaign is None else campaign.name
