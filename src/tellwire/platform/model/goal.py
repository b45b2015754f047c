"""Goals that are still looked for: one of each enrollment, also after it ended, and of those held out."""

from datetime import datetime

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import EnrollmentId, Entrance
from tellwire.platform.model.profile import ProfileId


class GoalWatch(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody who entered by this occasion may still reach the campaign's goal, until a moment."""

    id: EnrollmentId
    campaign_id: CampaignId
    profile_id: ProfileId
    entrance: Entrance
    until: datetime
    is_held_out: bool = False


class GoalReached(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody reached a campaign's goal, and what it was worth, 0 if the event does not say."""

    campaign_id: CampaignId
    is_held_out: bool
    revenue: float
