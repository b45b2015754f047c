"""Campaigns and providers. The set in memory is the newest version, for one process is the only writer."""

from collections.abc import Mapping
from typing import NamedTuple, assert_never

import apsw
import msgspec

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.catalog_changes import changed_set
from tellwire.platform.backends.choosing_anew import chooses_anew
from tellwire.platform.backends.embedded import audiences, audit, history, inside, resuming, sweeps
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.stored_campaign import read_campaigns
from tellwire.platform.model.account import Account
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.campaign import CampaignId, CampaignSet, campaign_set
from tellwire.platform.model.provider import Provider
from tellwire.platform.ports.catalog import (
    CatalogChange,
    DeleteCampaign,
    DeleteProvider,
    PutAccount,
    PutCampaign,
    PutProvider,
    Stale,
)


class EmbeddedCatalog:
    """See `ports.catalog.Catalog`."""

    def __init__(self, database: Database, newest: CampaignSet) -> None:
        self._database = database
        self._newest = newest

    @classmethod
    async def open(cls, database: Database) -> "EmbeddedCatalog":
        """Return the catalog with its newest version read."""
        return cls(database, await database.read(_newest))

    async def snapshot(self) -> CampaignSet:
        """Return the newest version; costs nothing."""
        return self._newest

    async def save(
        self,
        changes: tuple[CatalogChange, ...],
        expected_version: int,
        by: str = "",
        deeds: tuple[Deed, ...] = (),
    ) -> CampaignSet | Stale:
        """Write all changes as one new version; see the port.

        Raises `ValueError` for deleting a provider that a campaign names: archive that one instead.
        """
        known = self._newest
        answer = await self._database.write(_save, _Save(changes, expected_version, by, deeds))
        if isinstance(answer, Stale):
            if answer.version > self._newest.version:
                # A newer version than we know was written by a caller that was cancelled before it heard of it.
                self._newest = await self._database.read(_newest)
            return answer
        is_next = known.version == expected_version == self._newest.version
        self._newest = changed_set(known, answer.changes) if is_next else await self._database.read(_newest)
        return self._newest

    async def next_campaign_id(self) -> int:
        """Return a campaign id that was never given before, nor put by somebody who chose it."""
        return await self._database.write(_next_campaign_id, None)


_VERSION = "SELECT version FROM catalog"
_CAMPAIGNS = "SELECT group_concat(body, ',' ORDER BY id) FROM campaign"
_PROVIDERS = "SELECT group_concat(body, ',' ORDER BY id) FROM provider"
_ACCOUNT = "SELECT body FROM account WHERE only = 1"
_ACCOUNT_BODY = decoder(Account)
_PROVIDER_BODIES = decoder(list[Provider])


def _newest(connection: apsw.Connection) -> CampaignSet:
    campaigns = read_campaigns(lines_of(connection.execute(_CAMPAIGNS).get))
    providers = _PROVIDER_BODIES.decode(lines_of(connection.execute(_PROVIDERS).get))
    return campaign_set(connection.execute(_VERSION).get, campaigns, providers, _account(connection))


def _account(connection: apsw.Connection) -> Account:
    body = connection.execute(_ACCOUNT).get
    return Account() if body is None else _ACCOUNT_BODY.decode(body)


class _Save(NamedTuple):
    changes: tuple[CatalogChange, ...]
    expected_version: int
    by: str
    deeds: tuple[Deed, ...]


class _Saved(NamedTuple):
    version: int
    changes: tuple[CatalogChange, ...]


def _save(connection: apsw.Connection, calls: list[_Save]) -> list[_Saved | Stale]:
    return [_save_one(connection, call) for call in calls]


_NEXT_VERSION = "UPDATE catalog SET version = version + 1"


def _save_one(connection: apsw.Connection, save: _Save) -> _Saved | Stale:
    """Write what changed, and return the new version and what was written; the others are neither read nor written."""
    version: int = connection.execute(_VERSION).get
    if version != save.expected_version:
        return Stale(version)
    campaigns = [change.campaign for change in save.changes if isinstance(change, PutCampaign)]
    numbers = history.add(connection, campaigns, save.by, version + 1)
    changes = tuple(_numbered(change, numbers) for change in save.changes)
    for change in changes:
        _write(connection, change)
    audit.add(connection, save.deeds, save.by, version + 1)
    connection.execute(_NEXT_VERSION)
    return _Saved(version + 1, changes)


def _numbered(change: CatalogChange, numbers: Mapping[CampaignId, int]) -> CatalogChange:
    """Return the change of a campaign with the number of its newest version."""
    if not isinstance(change, PutCampaign):
        return change
    number = numbers[change.campaign.id]
    return msgspec.structs.replace(change, campaign=msgspec.structs.replace(change.campaign, version=number))


_PUT_ACCOUNT = "INSERT OR REPLACE INTO account (only, body) VALUES (1, ?)"
_PUT_CAMPAIGN = "INSERT OR REPLACE INTO campaign (id, name, body) VALUES (?, ?, ?)"
# A version that was published stays readable, and with it its campaign.
_DELETE_CAMPAIGN = """
DELETE FROM campaign WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM campaign_version WHERE campaign_id = ?1)
"""
_RESERVE = "UPDATE catalog SET next_campaign_id = max(next_campaign_id, ? + 1)"
_DELETE_PROVIDER = "DELETE FROM provider WHERE id = ?"


def _write(connection: apsw.Connection, change: CatalogChange) -> None:
    match change:
        case PutCampaign(campaign=campaign, wakes=wakes):
            connection.execute(_PUT_CAMPAIGN, (campaign.id, campaign.name, encode(campaign)))
            connection.execute(_RESERVE, (campaign.id,))
            if wakes:
                inside.begin_waking(connection, campaign.id)
            if change.resumption is not None:
                resuming.begin(connection, campaign.id, change.resumption)
            elif campaign.state != "running":
                resuming.end(connection, campaign.id)
            sweeps.replan(connection, change)
        case DeleteCampaign(campaign_id=campaign_id):
            connection.execute(_DELETE_CAMPAIGN, (campaign_id,))
        case PutProvider(provider=provider):
            _put_provider(connection, provider)
        case PutAccount(account=account):
            before = _account(connection)
            connection.execute(_PUT_ACCOUNT, (encode(account),))
            _choose_anew(connection, before, account)
        case DeleteProvider(provider_id=provider_id):
            _refuse_if_named(connection, provider_id)
            connection.execute(_DELETE_PROVIDER, (provider_id,))
        case _ as never:
            assert_never(never)


_ONE_CAMPAIGN = "SELECT body FROM campaign WHERE id = ?"


def _choose_anew(connection: apsw.Connection, before: Account, after: Account) -> None:
    """Let audiences that do not stand yet be taken down anew, where they depend on what has changed."""
    for campaign_id in audiences.under_way(connection):
        body = connection.execute(_ONE_CAMPAIGN, (campaign_id,)).get
        if any(chooses_anew(one, before, after) for one in read_campaigns(lines_of(body))):
            audiences.begin_anew(connection, campaign_id)


_PUT_PROVIDER = "INSERT OR REPLACE INTO provider (id, nickname, body) VALUES (?, ?, ?)"
_TAKE_DEFAULT = """
UPDATE provider SET body = json_set(body, '$.is_default', json('false')) WHERE id <> ? AND body->>'is_default'
"""


def _put_provider(connection: apsw.Connection, provider: Provider) -> None:
    connection.execute(_PUT_PROVIDER, (provider.id, provider.nickname, encode(provider)))
    if provider.is_default:
        connection.execute(_TAKE_DEFAULT, (provider.id,))


_NAMED = """
SELECT min(id) FROM campaign WHERE body->>'provider_id' = ?1 OR EXISTS (
  SELECT 1 FROM json_tree(body, '$.steps') WHERE key = 'through' AND atom = ?1)
"""  # a row of an earlier release has its provider at the top


def _refuse_if_named(connection: apsw.Connection, provider_id: str) -> None:
    campaign_id = connection.execute(_NAMED, (provider_id,)).get
    if campaign_id is not None:
        raise ValueError(f"campaign {campaign_id} names provider {provider_id}: archive the provider instead")


_GIVE_ID = "UPDATE catalog SET next_campaign_id = next_campaign_id + 1 RETURNING next_campaign_id - 1"


def _next_campaign_id(connection: apsw.Connection, calls: list[None]) -> list[int]:
    return [connection.execute(_GIVE_ID).get for _ in calls]
