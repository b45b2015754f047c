"""Which claimed messages go in one request together, and which go nowhere. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

import msgspec

from tellwire.platform.deliver.last_look import objection
from tellwire.platform.deliver.outcome import stale, unusable
from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.message import Claimed, Dropped, MessageId, Settlement, TryAgain
from tellwire.platform.model.provider import Provider, ProviderId

Closed: TypeAlias = tuple[Claimed, Settlement]


class Request(msgspec.Struct, eq=False):
    """Messages that go in one request; each is itself and nobody else, so that a set can hold them.

    `looked_at` is when the last look at them was, by the loop's clock; `kept` is what stays here since, and how that
    closes.
    """

    provider: Provider
    claimed: list[Claimed]
    looked_at: float
    kept: dict[MessageId, Dropped | TryAgain] = {}


def requests_of(
    claimed: Iterable[Claimed], catalog: CampaignSet, now: datetime, looked_at: float
) -> tuple[list[Request], list[Closed]]:
    """Return the requests to make, and what closes without one: stale, without a provider, or not wanted."""
    requests: list[Request] = []
    closed: list[Closed] = []
    open_batches: dict[tuple[ProviderId, CampaignId], Request] = {}
    for one in claimed:
        provider = catalog.providers.get(one.message.provider_id)
        settlement = _closing(one, provider, catalog, now)
        if settlement is not None or provider is None:
            closed.append((one, settlement or _without_provider(one)))
            continue
        key = (provider.id, one.message.campaign_id)
        batch = open_batches.get(key)
        if provider.batch is None or batch is None or len(batch.claimed) >= provider.batch.size:
            batch = open_batches[key] = Request(provider, [], looked_at)
            requests.append(batch)
        batch.claimed.append(one)
    return requests, closed


def _closing(
    claimed: Claimed, provider: Provider | None, catalog: CampaignSet, now: datetime
) -> Settlement | None:
    message = claimed.message
    if message.give_up_at <= now:
        return stale(message)
    if provider is None or (provider.archived_at is not None and not provider.lets_queued_go):
        return _without_provider(claimed)
    campaign = catalog.campaigns.get(message.campaign_id)
    return objection(message, claimed.permission, campaign, now, catalog.account.dropped_until)


def _without_provider(claimed: Claimed) -> Settlement:
    return unusable(claimed.message, "provider_archived", "its provider was taken away before it went")
