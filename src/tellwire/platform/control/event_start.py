"""Whether an event started a campaign. No row says so: it is worked out again, in the words of a gate. Pure."""

from collections.abc import Sequence
from datetime import datetime

from tellwire.platform.decide.gates import event_conditions
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.decision import DecisionRecord, GateResult, WordedResult
from tellwire.platform.model.event import Event
from tellwire.platform.model.value import decoded


def version_live(newest: CampaignSet, campaign_id: CampaignId, at: datetime) -> Campaign | None:
    """Return the version of a campaign that was live at this moment, None if none was or it is not known.

    Only the newest version is kept so far, so that is what is known of every moment since the campaign was made.
    """
    campaign = newest.campaigns.get(campaign_id)
    return campaign if campaign is not None and campaign.created_at <= at else None


def start_of(campaign: Campaign, event: Event) -> GateResult:
    """Return whether the event met the event conditions, what was seen and what was wanted."""
    return event_conditions(campaign.start, decoded(event.properties))


def whole_trace(
    decision: DecisionRecord, event: Event, newest: CampaignSet
) -> Sequence[GateResult | WordedResult]:
    """Return the trace of a decision with the event conditions that were met before its gates were asked.

    Decisions of earlier releases have them; where the campaign wants something else since, they are not known.
    """
    campaign = version_live(newest, decision.campaign_id, decision.decided_at)
    if campaign is None or any(result.gate == "event_conditions" for result in decision.trace):
        return decision.trace
    start = start_of(campaign, event)
    return (start, *decision.trace) if start.has_passed else decision.trace
