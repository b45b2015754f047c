"""Campaigns, providers and the account: versioned as one whole. Campaigns as they were are `ports.history`'s."""

from typing import Protocol, TypeAlias

import msgspec

from tellwire.platform.model.account import Account
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.resumption import Resumption
from tellwire.platform.model.run import Sweep


class PutCampaign(msgspec.Struct, frozen=True, tag=True):
    """Create or replace a campaign. `wakes` whoever is inside: what changed is about them.

    Sweeps of it that are not due are replaced by `sweep`; one that is, or has begun, goes on while the campaign is in
    use, unless it `restarts` with another start. An audience that is being taken down is kept, unless the change
    `chooses_anew`. `resumption` says how those go on who are overdue, where a pause ends.
    """

    campaign: Campaign
    wakes: bool = False
    sweep: Sweep | None = None
    restarts: bool = False
    chooses_anew: bool = False
    resumption: Resumption | None = None


class PutProvider(msgspec.Struct, frozen=True, tag=True):
    """Create or replace a provider. One marked default takes the mark from the others."""

    provider: Provider


class DeleteProvider(msgspec.Struct, frozen=True, tag=True):
    """Remove a provider that no campaign ever used."""

    provider_id: ProviderId


class DeleteCampaign(msgspec.Struct, frozen=True, tag=True):
    """Remove a campaign that was never published."""

    campaign_id: CampaignId


class PutAccount(msgspec.Struct, frozen=True, tag=True):
    """Replace what holds for the account as a whole.

    Audiences that are being taken down begin anew where they depend on what has changed.
    """

    account: Account


CatalogChange: TypeAlias = PutCampaign | DeleteCampaign | PutProvider | DeleteProvider | PutAccount


class Stale(msgspec.Struct, frozen=True, tag=True):
    """Somebody saved in between: read again. Nothing was written."""

    version: int


class Catalog(Protocol):
    """A set is immutable; saving makes the next version, whole or not at all."""

    async def snapshot(self) -> CampaignSet:
        """Return the newest version; cheap when nothing changed (callers ask once a batch)."""
        ...

    async def save(
        self,
        changes: tuple[CatalogChange, ...],
        expected_version: int,
        by: str = "",
        deeds: tuple[Deed, ...] = (),
    ) -> CampaignSet | Stale:
        """Write all changes as one new version, if the catalog still stands at `expected_version`.

        `deeds` are what the audit log says of them; written with them, or not at all.

        The same transaction adds to the histories of the campaigns that begin to run, change while they run, or
        stop; `by` is who did it. The moment is when the campaign was saved (`updated_at`).
        """
        ...

    async def next_campaign_id(self) -> int:
        """Return a campaign id that was never given before."""
        ...
