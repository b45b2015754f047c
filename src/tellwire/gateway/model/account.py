"""Who may do what, as one immutable snapshot in memory, so that no request asks the disk who its caller is.

Pure; `store.accounts` loads it anew after every change.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.gateway.contract.errors import ADDRESS_REFUSED, FOREIGN_SUBACCOUNT, UNAUTHENTICATED, ApiError

WHOLE_ACCOUNT: Final = "*"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A customer; money is in millionths of `currency`. The balance itself lives in the store, where it changes."""

    id: str
    name: str
    is_prepaid: bool
    currency: str


class Subaccount(msgspec.Struct, frozen=True, kw_only=True):
    """A sending unit of an account; `default_source` is the sender ID of messages that name none.

    `takes_once`: a client id that comes again within a day is the same message, and is not sent again.
    `shortens_links`: every link of a text is replaced by a short one, whose clicks the webhook gets.
    """

    id: str
    account: str
    default_source: str
    takes_once: bool = False
    shortens_links: bool = False


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key by everything but itself; `addresses` empty allows every caller."""

    id: str
    account: str
    name: str
    last_six: str
    is_enabled: bool
    addresses: tuple[str, ...] = ()


class OAuth(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Client credentials for a webhook's token (8x8 contract 3.6); `client_secret` is sealed in the store."""

    url: str
    client_id: str
    client_secret: str
    credentials_location: Literal["header", "body"] = "header"
    scope: str | None = None


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Where an account's (`subaccount` is `*`) or a subaccount's receipts go; `authorization` is sealed."""

    id: int
    account: str
    subaccount: str
    url: str
    is_enabled: bool = True
    authorization: str | None = None
    oauth: OAuth | None = None
    signing_key: str | None = None


Keys: TypeAlias = Mapping[str, ApiKey]


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """All accounts, subaccounts, keys (by the key's hash) and webhooks (by id)."""

    accounts: Mapping[str, Account]
    subaccounts: Mapping[str, Subaccount]
    keys: Keys
    webhooks: Mapping[int, Webhook]

    def key_of(self, key_hash: str, peer: str) -> ApiKey | ApiError:
        """Return the enabled key with this hash if `peer` (an IP address) may use it."""
        key = self.keys.get(key_hash)
        if key is None or not key.is_enabled:
            return UNAUTHENTICATED
        if key.addresses and not is_among(peer, key.addresses):
            return ADDRESS_REFUSED
        return key

    def subaccount_of(self, key: ApiKey, subaccount: str) -> Subaccount | ApiError:
        """Return the subaccount if it is of the key's account: one key works for all of them (8x8 contract 1)."""
        held = self.subaccounts.get(subaccount)
        if held is None or held.account != key.account:
            return FOREIGN_SUBACCOUNT
        return held


EMPTY: Final = Directory(accounts={}, subaccounts={}, keys={}, webhooks={})


def is_among(peer: str, addresses: tuple[str, ...]) -> bool:
    """Say whether an IP address is one of these, however it is written."""
    caller = _address(peer)
    return caller is not None and any(_address(address) == caller for address in addresses)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
