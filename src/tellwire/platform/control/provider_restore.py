"""Bringing an archived provider back within a day, with what stopped because of it. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.platform.control.problem import Problem
from tellwire.platform.model.campaign import Campaign, CampaignSet
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.step import names_provider

UNDO: Final = timedelta(days=1)  # long enough for a slip to be seen by those whose messages stopped


def restored(known: Provider, newest: CampaignSet, now: datetime, *, is_default: bool) -> Provider:
    """Return the provider in use again, or raise why it cannot be; default only if nothing took its place."""
    if known.archived_at is None:
        raise Problem(409, "in_use", "This provider is in use already.")
    if now - known.archived_at > UNDO:
        raise Problem(409, "too_late", "It was archived more than a day ago. Add a new provider.")
    in_use = [p for p in newest.providers.values() if p.archived_at is None]
    if any(p.nickname.casefold() == known.nickname.casefold() for p in in_use):
        message = "Another provider has taken this nickname meanwhile. Give that one another name first."
        raise Problem(409, "nickname_taken", message)
    has_default = any(p.is_default for p in in_use)
    return msgspec.structs.replace(
        known,
        archived_at=None,
        is_default=is_default and not has_default,
        lets_queued_go=False,
        updated_at=now,
    )


def stopped_with(known: Provider, newest: CampaignSet) -> Sequence[Campaign]:
    """Return the campaigns that the archiving stopped, in that very moment, and that nobody touched since."""
    return [
        campaign
        for campaign in newest.campaigns.values()
        if names_provider(campaign.steps, known.id)
        and campaign.state == "stopped"
        and campaign.updated_at == known.archived_at
    ]
