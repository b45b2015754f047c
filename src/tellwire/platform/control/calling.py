"""Calling campaigns: which can be called, and a call that is made durable. Every way of calling comes through here."""

from collections.abc import Iterable

from tellwire.kernel.telemetry import log
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.problem import Problem
from tellwire.platform.intake.calling import OCTETS_LIMIT, PEOPLE_LIMIT, CallAnswer, Calling
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.start import OnCall
from tellwire.platform.ports.errors import StoreError


def callable_campaigns(newest: CampaignSet, ids: Iterable[int]) -> list[Campaign]:
    """Return the campaigns of these numbers, each once. Raises a `Problem` if one cannot be called now."""
    return [callable_campaign(newest, campaign_id) for campaign_id in dict.fromkeys(ids)]


def callable_campaign(newest: CampaignSet, campaign_id: int) -> Campaign:
    """Return the campaign of this number. Raises a `Problem` if it cannot be called now."""
    campaign = newest.campaigns.get(CampaignId(campaign_id))
    if campaign is None:
        raise Problem(404, "not_found", f"There is no campaign {campaign_id}.")
    if not isinstance(campaign.start, OnCall):
        message = f"The campaign {campaign_id} does not start by a call: its start has to be `call`."
        raise Problem(400, "not_callable", message)
    if campaign.state != "running":
        what = "a draft" if campaign.state == "draft" else campaign.state
        raise Problem(409, "not_running", f"The campaign {campaign_id} is {what}, so nobody can be called.")
    return campaign


async def called(desk: Desk, calling: Calling) -> CallAnswer:
    """Make a call durable. Raises a `Problem` if it is too large, or the store is gone: then nobody was called."""
    if len(calling.callees) > PEOPLE_LIMIT:
        raise Problem(
            400, "too_many", f"More than {PEOPLE_LIMIT} people are too many: call in several calls."
        )
    if calling.octets > OCTETS_LIMIT:
        message = "What this call brings, once for each person, is too much: name fewer people at once."
        raise Problem(413, "too_large", message)
    try:
        return await desk.caller.call(calling)
    except StoreError as error:
        log("event.refused", "error", error=error, wire="call", count=len(calling.callees))
        raise Problem(503, "unavailable", "The call could not be stored: call again.") from error
