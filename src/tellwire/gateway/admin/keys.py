"""The endpoints of accounts, their subaccounts and their API keys."""

import re
from typing import Annotated, Final

import msgspec

from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.admin.addresses import ADDRESSES, flaw_of_addresses
from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, Problem, flaws, wrong
from tellwire.gateway.admin.money import read_micro, write_micro
from tellwire.gateway.model.account import Account, ApiKey, Subaccount
from tellwire.kernel.address import parse_sender_id
from tellwire.kernel.telemetry import log

# It stands in URLs and in the names of lanes.
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,63}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

Text = Annotated[str, msgspec.Meta(max_length=100)]


class NewKey(msgspec.Struct, kw_only=True, frozen=True):
    """A key to make."""

    account: Text
    name: Text
    addresses: Annotated[list[Text], msgspec.Meta(max_length=ADDRESSES)] = []


class ChangedKey(msgspec.Struct, kw_only=True, frozen=True):
    """A change of a key; a field that is None stays."""

    is_enabled: bool | None = None
    addresses: Annotated[list[Text], msgspec.Meta(max_length=ADDRESSES)] | None = None


class SavedSubaccount(msgspec.Struct, kw_only=True, frozen=True):
    """A subaccount, new or changed; what is None stays."""

    account: Text
    default_source: Text
    takes_once: bool | None = None
    shortens_links: bool | None = None


class SavedAccount(msgspec.Struct, kw_only=True, frozen=True):
    """An account, new or changed; its balance is not touched."""

    name: Text
    is_prepaid: bool
    currency: Text


class TopUp(msgspec.Struct, kw_only=True, frozen=True):
    """An amount in the account's currency; negative takes away."""

    amount: Text


class Keys:
    """The endpoints of accounts, subaccounts and API keys."""

    def __init__(self, book: AccountBook) -> None:
        self._book = book

    async def accounts(self, _ask: Ask) -> object:
        """`GET /admin/api/accounts`: with balances and subaccounts."""
        directory = self._book.directory()
        return {
            "accounts": [await self._account(account) for account in directory.accounts.values()],
            "subaccounts": sorted(directory.subaccounts.values(), key=lambda sub: sub.id),
        }

    async def save_account(self, ask: Ask) -> object:
        """`PUT /admin/api/accounts/{id}`."""
        saved: SavedAccount = ask.body
        identifier = ask.path.get("id", "")
        if problem := flaws(
            id=not _ID.fullmatch(identifier) and _BAD_ID,
            name=not saved.name.strip() and "Say whose account it is.",
            currency=not _CURRENCY.fullmatch(saved.currency) and "A currency is three capitals, such as EUR.",
        ):
            return problem
        account = Account(
            id=identifier,
            name=saved.name.strip(),
            is_prepaid=saved.is_prepaid,
            currency=saved.currency,
        )
        await self._book.ensure_account(account)
        return await self._account(account)

    async def top_up(self, ask: Ask) -> object:
        """`POST /admin/api/accounts/{id}/balance`."""
        account = self._book.directory().accounts.get(ask.path["id"])
        if account is None:
            return UNKNOWN
        top_up: TopUp = ask.body
        amount_micro = read_micro(top_up.amount)
        if not amount_micro:
            return wrong(amount="Write an amount such as 25 or 25.50, with at most six decimals.")
        await self._book.add_balance(account.id, amount_micro)
        return await self._account(account)

    async def save_subaccount(self, ask: Ask) -> object:
        """`PUT /admin/api/subaccounts/{id}`."""
        saved: SavedSubaccount = ask.body
        identifier = ask.path.get("id", "")
        if problem := self._flaws(identifier, saved):
            return problem
        subaccount = Subaccount(
            id=identifier, account=saved.account, default_source=saved.default_source.strip()
        )
        await self._book.ensure_subaccount(subaccount)
        if saved.takes_once is not None:
            await self._book.set_takes_once(subaccount.id, takes_once=saved.takes_once)
        if saved.shortens_links is not None:
            await self._book.set_shortens_links(subaccount.id, shortens_links=saved.shortens_links)
        return self._book.directory().subaccounts[subaccount.id]

    async def keys(self, _ask: Ask) -> object:
        """`GET /admin/api/keys`."""
        keys = self._book.directory().keys.values()
        return {"keys": sorted(keys, key=lambda key: key.id, reverse=True)}

    async def make_key(self, ask: Ask) -> object:
        """`POST /admin/api/keys`: the one answer that ever holds the key itself."""
        new: NewKey = ask.body
        if problem := flaws(
            account=new.account not in self._book.directory().accounts and "There is no such account.",
            name=not new.name.strip() and "Give it a name by which you will know who uses it.",
            addresses=flaw_of_addresses(new.addresses),
        ):
            return problem
        key, secret = await self._book.make_key(new.account, new.name.strip(), tuple(new.addresses))
        log("key.made", account=key.account, name=key.name)
        return {"key": key, "secret": secret}

    async def change_key(self, ask: Ask) -> object:
        """`PUT /admin/api/keys/{id}`."""
        key = self._key(ask.path["id"])
        change: ChangedKey = ask.body
        if key is None:
            return UNKNOWN
        if problem := flaws(addresses=flaw_of_addresses(change.addresses or [])):
            return problem
        addresses = None if change.addresses is None else tuple(change.addresses)
        return await self._book.change_key(
            key.account, key.id, is_enabled=change.is_enabled, addresses=addresses
        )

    async def delete_key(self, ask: Ask) -> object:
        """`DELETE /admin/api/keys/{id}`."""
        key = self._key(ask.path["id"])
        if key is None:
            return UNKNOWN
        await self._book.delete_key(key.account, key.id)
        log("key.revoked", account=key.account, name=key.name)
        return None

    def _key(self, identifier: str) -> ApiKey | None:
        keys = self._book.directory().keys.values()
        return next((key for key in keys if key.id == identifier), None)

    def _flaws(self, identifier: str, saved: SavedSubaccount) -> Problem | None:
        directory = self._book.directory()
        known = directory.subaccounts.get(identifier)
        is_foreign = known is not None and known.account != saved.account
        return flaws(
            id=(not _ID.fullmatch(identifier) and _BAD_ID) or (is_foreign and _TAKEN),
            account=saved.account not in directory.accounts and "There is no such account.",
            default_source=parse_sender_id(saved.default_source) is None
            and "A sender ID has at most 11 letters, digits and spaces, or is a number.",
        )

    async def _account(self, account: Account) -> object:
        return {
            **msgspec.structs.asdict(account),
            "balance": write_micro(await self._book.balance_micro(account.id)),
        }


_BAD_ID: Final = (
    "A name has 2 to 64 letters, digits, dashes and underscores, and begins with a letter or digit."
)
_TAKEN: Final = "Another account has a subaccount of this name. Choose another name."
