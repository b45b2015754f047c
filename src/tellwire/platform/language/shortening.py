"""Which sends of a campaign were published before links were shortened. Pure.

Such a send keeps its links as they are, whatever else of it changes, until somebody writes `shorten: true`. People see
it as `shorten: false`, which means the same.
"""

import msgspec
from msgspec import UNSET

from tellwire.platform.language.each_send import each_send
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.step import SendStep, sends_of


def settled(campaign: Campaign) -> Campaign:
    """Return a campaign as it was written, in which the sends of before stay so by saying nothing, or no."""
    if not campaign.before_links:
        return campaign
    before = tuple(
        send.id
        for send in sends_of(campaign.steps)
        if send.id in campaign.before_links and send.content.shorten is not True
    )
    return msgspec.structs.replace(
        campaign,
        steps=each_send(campaign.steps, lambda one: _with(one, before, shorten=UNSET)),
        before_links=before,
    )


def as_said(campaign: Campaign) -> Campaign:
    """Return a campaign as people see it: of a send of before, that it shortens nothing."""
    if not campaign.before_links:
        return campaign
    before = campaign.before_links
    return msgspec.structs.replace(
        campaign,
        steps=each_send(campaign.steps, lambda one: _with(one, before, shorten=False)),
        before_links=(),
    )


def of_before(campaign: Campaign) -> Campaign:
    """Return a campaign that was published before links were shortened."""
    return msgspec.structs.replace(campaign, before_links=tuple(send.id for send in sends_of(campaign.steps)))


def _with(send: SendStep, before: tuple[str, ...], *, shorten: bool | msgspec.UnsetType) -> SendStep:
    if send.id not in before:
        return send
    return msgspec.structs.replace(send, content=msgspec.structs.replace(send.content, shorten=shorten))
