"""What campaigns and providers are after changes, without reading the others again. Pure, for every back end."""

from collections.abc import Mapping, Sequence
from typing import TypeVar, assert_never

import msgspec

from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId, CampaignSet, heard_in, names_asked
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.start import event_of
from tellwire.platform.model.value import fold
from tellwire.platform.ports.catalog import (
    CatalogChange,
    DeleteCampaign,
    DeleteProvider,
    PutAccount,
    PutCampaign,
    PutProvider,
)

Key = TypeVar("Key", CampaignId, ProviderId)
Kept = TypeVar("Kept")


def changed_set(before: CampaignSet, changes: Sequence[CatalogChange]) -> CampaignSet:
    """Return the next version: `before` with the changes in their order, as a store would read it back."""
    campaigns, providers = dict(before.campaigns), dict(before.providers)
    account = before.account
    by_event, heard_by = dict(before.by_event()), dict(before.heard_by())
    for change in changes:
        match change:
            case PutCampaign(campaign=campaign):
                _listen_anew(by_event, campaigns.get(campaign.id), campaign)
                campaigns[campaign.id] = campaign
                heard_by.pop(campaign.id, None)
                if names := heard_in(campaign):
                    heard_by[campaign.id] = names
            case DeleteCampaign(campaign_id=campaign_id):
                _listen_no_more(by_event, campaigns.pop(campaign_id, None))
                heard_by.pop(campaign_id, None)
            case PutProvider(provider=provider):
                _put_provider(providers, provider)
            case DeleteProvider(provider_id=provider_id):
                providers.pop(provider_id, None)
            case PutAccount(account=account):
                pass
            case _:
                assert_never(change)
    return CampaignSet(
        version=before.version + 1,
        campaigns=_in_order(campaigns, before.campaigns),
        providers=_in_order(providers, before.providers),
        account=account,
        _by_event=by_event,
        _heard_by=heard_by,
        names_heard=before.names_heard
        if heard_by == before.heard_by()
        else frozenset().union(*heard_by.values()),
        names_asked=names_asked(campaigns.values(), account)
        if account != before.account or _asks_otherwise(before, campaigns, changes)
        else before.names_asked,
    )


def _asks_otherwise(
    before: CampaignSet, after: Mapping[CampaignId, Campaign], changes: Sequence[CatalogChange]
) -> bool:
    """Say whether a campaign that changed asks about what people did, or did ask: few do."""
    changed = {
        change.campaign.id if isinstance(change, PutCampaign) else change.campaign_id
        for change in changes
        if isinstance(change, PutCampaign | DeleteCampaign)
    }
    versions = (some.get(one) for one in changed for some in (before.campaigns, after))
    return bool(names_asked((one for one in versions if one is not None), Account()))


def _listen_anew(
    by_event: dict[str, tuple[Campaign, ...]], known: Campaign | None, campaign: Campaign
) -> None:
    """Take the campaign from the listeners of its event as it was, and put it among those of its event as it is."""
    _listen_no_more(by_event, known)
    if campaign.state in IN_USE and (name := fold(event_of(campaign.start))):
        by_event[name] = tuple(sorted((*by_event.get(name, ()), campaign), key=lambda one: one.id))


def _listen_no_more(by_event: dict[str, tuple[Campaign, ...]], known: Campaign | None) -> None:
    if known is not None and known.state in IN_USE and (name := fold(event_of(known.start))):
        if rest := tuple(one for one in by_event[name] if one.id != known.id):
            by_event[name] = rest
        else:
            del by_event[name]


def _put_provider(providers: dict[ProviderId, Provider], provider: Provider) -> None:
    """Put the provider; one marked default takes the mark from the others."""
    providers[provider.id] = provider
    if provider.is_default:
        for other in [one for one in providers.values() if one.is_default and one.id != provider.id]:
            providers[other.id] = msgspec.structs.replace(other, is_default=False)


def _in_order(after: dict[Key, Kept], before: Mapping[Key, Kept]) -> dict[Key, Kept]:
    """Return them by id, as a store reads them; those that were there before stand so already."""
    return after if list(after) == list(before) else dict(sorted(after.items()))
