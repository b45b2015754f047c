"""What settled messages tell other campaigns: the events that go back onto the stream. Pure.

A `Notification Sent` that nobody waits for is not made: each message would make one, for nobody to read
(docs/decisions/0014-news-that-nobody-hears.md). A message that failed makes its event in any case, for the timeline.
"""

from collections.abc import Iterable
from datetime import datetime

from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.event import Event
from tellwire.platform.model.message import Claimed, Dropped, GivenUp, HandedOver, Settlement, TryAgain
from tellwire.platform.model.system_event import SENT, context_of_sent, notification_failed, notification_sent


def news_of(closed: Iterable[tuple[Claimed, Settlement]], catalog: CampaignSet, now: datetime) -> list[Event]:
    """Return the events of these settlements; a message to be tried again is no news yet."""
    silent = TryAgain if catalog.hears(SENT) else (TryAgain, HandedOver)
    return [
        _event(one, settlement, catalog, now)
        for one, settlement in closed
        if not isinstance(settlement, silent)
    ]


def _event(claimed: Claimed, settlement: Settlement, catalog: CampaignSet, now: datetime) -> Event:
    message = claimed.message
    campaign = catalog.campaigns.get(message.campaign_id)
    provider = catalog.providers.get(message.provider_id)
    context = context_of_sent(
        message, campaign.name if campaign else "", provider.nickname if provider else ""
    )
    match settlement:
        case GivenUp(code=code, reason=reason):
            return notification_failed(context, now, now, code=code, error=reason)
        case Dropped(code=code, reason=reason):
            # Else who opted out, or was stopped, would get another campaign's "we could not reach you".
            return notification_failed(context, now, now, code=code, error=reason, may_trigger=False)
        case _:
            return notification_sent(context, now, now)
