"""Keeps the directory of accounts, keys and webhooks in step with the store, and seals what must be sealed."""

import os
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from tellwire.gateway.model.account import EMPTY, Account, ApiKey, Directory, Subaccount, Webhook
from tellwire.gateway.store.accounts import Accounts
from tellwire.kernel.choice.price import Price
from tellwire.kernel.choice.tariff import Tariff
from tellwire.kernel.clock import Clock
from tellwire.kernel.ids import new_id
from tellwire.kernel.secrets import Vault, hash_key, is_sealed, new_key

KEY_PREFIX: Final = "tw"
NO_PRICES: Final = Tariff(())


def sealed_texts(webhook: Webhook) -> list[str]:
    """Return everything of a stored webhook that is sealed."""
    secret = webhook.oauth.client_secret if webhook.oauth else None
    return [text for text in (webhook.authorization, webhook.signing_key, secret) if text and is_sealed(text)]


class AccountBook:
    """The one writer of accounts; everybody else reads `directory`, which is replaced after every change."""

    def __init__(self, accounts: Accounts, vault: Vault, *, clock: Clock) -> None:
        self._accounts = accounts
        self._vault = vault
        self._clock = clock
        self._directory = EMPTY
        self._tariffs: dict[str, Tariff] = {}
        self._unopened = 0

    def unopened(self) -> int:
        """Return how many webhooks have secrets that were sealed with another key."""
        return self._unopened

    def directory(self) -> Directory:
        """Return what is known at this moment."""
        return self._directory

    async def load(self) -> None:
        """Read the directory from the store."""
        self._directory = await self._accounts.load()
        hooks = self._directory.webhooks.values()
        self._unopened = sum(not all(map(self._vault.opens, sealed_texts(hook))) for hook in hooks)
        prices = await self._accounts.load_prices()
        self._tariffs = {account: Tariff(listed) for account, listed in prices.items()}

    async def ensure_account(self, account: Account) -> None:
        """Create or change an account."""
        await self._accounts.save_account(account, self._clock.now())
        await self.load()

    async def ensure_subaccount(self, subaccount: Subaccount) -> None:
        """Create a subaccount or change its default sender; `ValueError` if it is another account's."""
        await self._accounts.save_subaccount(subaccount, self._clock.now())
        await self.load()
        if self._directory.subaccounts[subaccount.id].account != subaccount.account:
            raise ValueError(f"the subaccount {subaccount.id} belongs to another account")

    async def set_takes_once(self, subaccount: str, *, takes_once: bool) -> None:
        """Say whether a subaccount's client ids are taken once only (8x8 contract, decision 7: never by default)."""
        await self._accounts.set_takes_once(subaccount, takes_once=takes_once)
        await self.load()

    async def set_shortens_links(self, subaccount: str, *, shortens_links: bool) -> None:
        """Say whether every link in a subaccount's texts becomes a short one (8x8 contract 2.8)."""
        await self._accounts.set_shortens_links(subaccount, shortens_links=shortens_links)
        await self.load()

    async def make_key(self, account: str, name: str, addresses: tuple[str, ...] = ()) -> tuple[ApiKey, str]:
        """Make a new key and return it with its secret, which is shown this once and never again."""
        secret = new_key(KEY_PREFIX)
        return await self.ensure_key(account, name, secret, addresses), secret

    async def ensure_key(
        self, account: str, name: str, secret: str, addresses: tuple[str, ...] = ()
    ) -> ApiKey:
        """Make sure that `secret` is an enabled key of the account, and return what is kept of it."""
        key_hash = hash_key(secret)
        key = ApiKey(
            id=new_id(self._clock.now(), int.from_bytes(os.urandom(8))),
            account=account,
            name=name,
            last_six=secret[-6:],
            is_enabled=True,
            addresses=addresses,
        )
        await self._accounts.save_key(key, key_hash, self._clock.now())
        await self.load()
        return self._directory.keys[key_hash]

    async def change_key(
        self,
        account: str,
        key_id: str,
        *,
        is_enabled: bool | None = None,
        addresses: tuple[str, ...] | None = None,
    ) -> ApiKey | None:
        """Enable, disable or bind a key to addresses; None when the account has no such key."""
        for key_hash, key in self._directory.keys.items():
            if key.id == key_id and key.account == account:
                changed = replace(
                    key,
                    is_enabled=key.is_enabled if is_enabled is None else is_enabled,
                    addresses=key.addresses if addresses is None else addresses,
                )
                await self._accounts.save_key(changed, key_hash, self._clock.now())
                await self.load()
                return changed
        return None

    async def delete_key(self, account: str, key_id: str) -> None:
        """Delete a key for good."""
        await self._accounts.delete_key(account, key_id)
        await self.load()

    async def save_webhook(self, webhook: Webhook) -> None:
        """Create or replace the webhook of a scope; its secrets come in the clear and are sealed here."""
        await self.save_webhooks([webhook])

    async def save_webhooks(self, webhooks: Iterable[Webhook]) -> None:
        """Create or replace webhooks, all of them or none; of several for one scope the last stays."""
        await self._accounts.save_webhooks([self._sealed_hook(webhook) for webhook in webhooks])
        await self.load()

    async def delete_webhook(self, account: str, subaccount: str) -> None:
        """Delete the webhook of exactly this scope."""
        await self.delete_webhooks(account, [subaccount])

    async def delete_webhooks(self, account: str, subaccounts: Iterable[str]) -> None:
        """Delete the webhooks of exactly these scopes, all of them or none."""
        await self._accounts.delete_webhooks(account, subaccounts)
        await self.load()

    async def balance_micro(self, account: str) -> int:
        """Return what a prepaid account has left, in millionths of its currency."""
        return await self._accounts.balance_micro(account)

    async def add_balance(self, account: str, amount_micro: int) -> None:
        """Top an account up."""
        await self._accounts.add_balance(account, amount_micro)

    def webhook(self, account: str, subaccount: str) -> Webhook | None:
        """Return the webhook of exactly this scope."""
        hooks = self._directory.webhooks.values()
        return next(
            (hook for hook in hooks if (hook.account, hook.subaccount) == (account, subaccount)), None
        )

    def tariff(self, account: str) -> Tariff:
        """Return an account's prices."""
        return self._tariffs.get(account, NO_PRICES)

    async def save_prices(self, account: str, prices: Iterable[Price]) -> None:
        """Replace an account's prices."""
        await self._accounts.save_prices(account, list(prices))
        await self.load()

    def _sealed(self, plain: str) -> str:
        """Seal what is not sealed yet: a replaced webhook may bring its old secrets along."""
        return plain if is_sealed(plain) else self._vault.seal(plain)

    def _sealed_hook(self, webhook: Webhook) -> Webhook:
        authorization, key, oauth = webhook.authorization, webhook.signing_key, webhook.oauth
        return replace(
            webhook,
            authorization=None if authorization is None else self._sealed(authorization),
            signing_key=None if key is None else self._sealed(key),
            oauth=None if oauth is None else replace(oauth, client_secret=self._sealed(oauth.client_secret)),
        )
