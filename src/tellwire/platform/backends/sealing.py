"""A catalog whose providers are sealed at rest, over any back end's.

Headers, passwords and client secrets are sealed where they are entered. But people also type credentials into an
endpoint's query or a body's template, as many providers' guides tell them to; so those are sealed here, on their way
to the disk. Whoever reads a snapshot sees them open.
"""

from collections.abc import Callable

import msgspec

from tellwire.kernel.secrets import SealBroken, Vault, is_sealed
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.link import Shortening
from tellwire.platform.model.provider import (
    BasicAuthentication,
    JsonParameters,
    NoAuthentication,
    OAuth2,
    Pair,
    Provider,
)
from tellwire.platform.ports.catalog import Catalog, CatalogChange, PutProvider, Stale


class SealingCatalog:
    """See `ports.catalog.Catalog`. A text that the vault cannot open stays sealed, and its provider sends nothing.

    Beside it a snapshot has what no store has: `shortening`, of which the secret is the vault's too.
    """

    def __init__(self, inner: Catalog, vault: Vault, shortening: Shortening | None = None) -> None:
        self._inner = inner
        self._vault = vault
        self._shortening = shortening
        self._sealed: CampaignSet | None = None
        self._open = CampaignSet(version=0)
        self._unopened: list[str] = []

    async def snapshot(self) -> CampaignSet:
        """Return the newest version, open; only a new one is opened."""
        return self._opened(await self._inner.snapshot())

    async def save(
        self,
        changes: tuple[CatalogChange, ...],
        expected_version: int,
        by: str = "",
        deeds: tuple[Deed, ...] = (),
    ) -> CampaignSet | Stale:
        """Write all changes as one new version; see the port."""
        saved = await self._inner.save(tuple(map(self._change, changes)), expected_version, by, deeds)
        return saved if isinstance(saved, Stale) else self._opened(saved)

    def unopened(self) -> list[str]:
        """Return the providers in use, by nickname, whose credentials were sealed with another key."""
        return self._unopened

    async def next_campaign_id(self) -> int:
        """Return a campaign id that was never given before."""
        return await self._inner.next_campaign_id()

    def _change(self, change: CatalogChange) -> CatalogChange:
        if not isinstance(change, PutProvider):
            return change
        return PutProvider(_each_text(change.provider, self._vault.seal))

    def _opened(self, newest: CampaignSet) -> CampaignSet:
        if newest is not self._sealed:
            providers = [_each_text(provider, self._open_text) for provider in newest.providers.values()]
            self._unopened = [
                one.nickname
                for one in newest.providers.values()
                if one.archived_at is None and not all(map(self._vault.opens, sealed_texts(one)))
            ]
            self._open = msgspec.structs.replace(
                newest, providers={one.id: one for one in providers}, shortening=self._shortening
            )
            self._sealed = newest
        return self._open

    def _open_text(self, text: str) -> str:
        try:
            return self._vault.open(text) if is_sealed(text) else text
        except SealBroken:
            return text


def sealed_texts(provider: Provider) -> list[str]:
    """Return everything of a stored provider that is sealed."""
    texts: list[str] = [pair.value for pair in provider.headers]
    match provider.authentication:
        case BasicAuthentication(password=password):
            texts.append(password)
        case OAuth2(client_secret=secret):
            texts.append(secret)
        case NoAuthentication():
            pass

    def note(text: str) -> str:
        texts.append(text)
        return text

    _each_text(provider, note)
    return [text for text in texts if is_sealed(text)]


def _each_text(provider: Provider, turn: Callable[[str], str]) -> Provider:
    """Return the provider with every text that may hold a typed credential turned."""
    parameters, authentication = provider.parameters, provider.authentication
    if isinstance(parameters, JsonParameters):
        parameters = JsonParameters(turn(parameters.template))
    else:
        parameters = type(parameters)(_pairs(parameters.pairs, turn))
    if isinstance(authentication, OAuth2):
        authentication = msgspec.structs.replace(authentication, extra=_pairs(authentication.extra, turn))
    return msgspec.structs.replace(
        provider, endpoint=turn(provider.endpoint), parameters=parameters, authentication=authentication
    )


def _pairs(pairs: tuple[Pair, ...], turn: Callable[[str], str]) -> tuple[Pair, ...]:
    return tuple(Pair(pair.name, turn(pair.value)) for pair in pairs)
