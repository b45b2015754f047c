"""What a campaign must be before it is saved or runs: there, readable, and sound."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from tellwire.platform.control.campaign_check import in_flat, problems_of
from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.list_use import unknown_lists
from tellwire.platform.control.problem import invalid, not_found
from tellwire.platform.control.provider_page import blocks_in
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.step import sends_of


def known_campaign(newest: CampaignSet, campaign_id: int) -> Campaign:
    """Return a campaign by its id; raises a `Problem` (404) if there is none."""
    known = newest.campaigns.get(CampaignId(campaign_id))
    if known is None:
        raise not_found("such campaign")
    return known


def read_form(
    form: CampaignForm, known: Campaign | None, newest: CampaignSet, identifier: CampaignId, now: datetime
) -> Campaign:
    """Return the campaign that a form means, beside what it is `known` as. Raises a `Problem` (422) by field."""
    try:
        return campaign_of(form, known, campaign_id=identifier, now=now, providers=newest.providers)
    except Unreadable as problem:
        raise invalid(problem.fields) from problem


def problems_in(
    desk: Desk, campaign: Campaign, newest: CampaignSet, *, is_flat: bool = True
) -> Mapping[str, str]:
    """Return what must be mended, by path in the flat form or in start, who and steps."""
    blocks = {one.id: blocks_in(one, desk.vault) for one in providers_of(campaign, newest)}
    problems = problems_of(campaign, newest, blocks, desk.clock.now())
    problems |= unknown_lists(campaign, newest.account)
    return in_flat(campaign, problems) if is_flat else problems


def demand_sound(desk: Desk, campaign: Campaign, newest: CampaignSet, *, is_flat: bool = True) -> None:
    """Raise a `Problem` (422) with every field that must be mended before the campaign can run."""
    problems = problems_in(desk, campaign, newest, is_flat=is_flat)
    if problems:
        raise invalid(problems, "The campaign cannot run like this: mend the fields named here.")


def providers_of(campaign: Campaign, newest: CampaignSet) -> Iterator[Provider]:
    """Yield the providers that a campaign would send through now."""
    for send in sends_of(campaign.steps):
        provider = newest.provider_of(send)
        if provider is not None:
            yield provider
