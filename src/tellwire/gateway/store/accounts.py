"""Accounts, subaccounts, API keys and webhooks in the store: one read of all, and small writes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import apsw
import msgspec

from tellwire.gateway.model.account import Account, ApiKey, Directory, OAuth, Subaccount, Webhook
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.choice.price import Price
from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database


class Statement(msgspec.Struct, frozen=True):
    """One write, done once for each row of its parameters: for all of them or for none."""

    sql: str
    rows: list[tuple[Any, ...]]


class Accounts:
    """The directory on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Directory:
        """Return all that the store knows, as of now."""
        return await self._database.read(_load)

    async def save_account(self, account: Account, now: datetime) -> None:
        """Create an account, or change one's name, mode and currency; its balance stays."""
        await self._write(
            _SAVE_ACCOUNT,
            (account.id, account.name, account.is_prepaid, account.currency, to_ms(now)),
        )

    async def save_subaccount(self, subaccount: Subaccount, now: datetime) -> None:
        """Create a subaccount or change its default sender; an account never loses one to another."""
        await self._write(
            _SAVE_SUBACCOUNT, (subaccount.id, subaccount.account, subaccount.default_source, to_ms(now))
        )

    async def set_takes_once(self, subaccount: str, *, takes_once: bool) -> None:
        """Say whether a subaccount's client ids are taken once only."""
        await self._write(_SET_ONCE, (takes_once, subaccount))

    async def set_shortens_links(self, subaccount: str, *, shortens_links: bool) -> None:
        """Say whether a subaccount's texts get short links."""
        await self._write(_SET_SHORTENS, (shortens_links, subaccount))

    async def save_key(self, key: ApiKey, key_hash: str, now: datetime) -> None:
        """Store a new key by its hash, or give the one with this hash another name, state and addresses."""
        addresses = msgspec.json.encode(key.addresses).decode()
        await self._write(
            _SAVE_KEY,
            (key.id, key.account, key.name, key_hash, key.last_six, key.is_enabled, addresses, to_ms(now)),
        )

    async def delete_key(self, account: str, key: str) -> None:
        """Delete a key; what was sent with it stays."""
        await self._write(_DELETE_KEY, (account, key))

    async def save_webhooks(self, webhooks: Iterable[Webhook]) -> None:
        """Create or replace the webhooks of their scopes; secrets in them are sealed already."""
        await self._write(_SAVE_WEBHOOK, *map(_webhook_row, webhooks))

    async def delete_webhooks(self, account: str, subaccounts: Iterable[str]) -> None:
        """Delete the webhooks of exactly these scopes."""
        await self._write(_DELETE_WEBHOOK, *((account, subaccount) for subaccount in subaccounts))

    async def balance_micro(self, account: str) -> int:
        """Return what a prepaid account has left, in millionths of its currency."""
        return await self._database.read(_balance, account)

    async def add_balance(self, account: str, amount_micro: int) -> None:
        """Add to an account's balance; negative to take away."""
        await self._write(_ADD_BALANCE, (amount_micro, account))

    async def load_prices(self) -> dict[str, list[Price]]:
        """Return all prices by account."""
        return await self._database.read(_load_prices)

    async def save_prices(self, account: str, prices: list[Price]) -> None:
        """Replace an account's prices."""
        await self._database.write(_save_prices, (account, prices))

    async def _write(self, sql: str, *rows: tuple[Any, ...]) -> None:
        await self._database.write(_run, Statement(sql, list(rows)))


_SAVE_ACCOUNT: Final = """
INSERT INTO account (id, name, is_prepaid, currency, created_ms) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, is_prepaid = excluded.is_prepaid,
  currency = excluded.currency
"""
_SAVE_SUBACCOUNT: Final = """
INSERT INTO subaccount (id, account, default_source, created_ms) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET default_source = excluded.default_source
  WHERE subaccount.account = excluded.account
"""
_SET_ONCE: Final = "UPDATE subaccount SET settings = json_set(settings, '$.takes_once', ?) WHERE id = ?"
_SET_SHORTENS: Final = (
    "UPDATE subaccount SET settings = json_set(settings, '$.shortens_links', ?) WHERE id = ?"
)
_SAVE_KEY: Final = """
INSERT INTO api_key (id, account, name, hash, last_six, is_enabled, addresses, created_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (hash) DO UPDATE SET name = excluded.name, is_enabled = excluded.is_enabled,
  addresses = excluded.addresses
"""
_DELETE_KEY: Final = "DELETE FROM api_key WHERE account = ? AND id = ?"
_SAVE_WEBHOOK: Final = """
INSERT INTO webhook (account, subaccount, url, authorization, oauth, signing_key, is_enabled)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, subaccount) DO UPDATE SET url = excluded.url, authorization = excluded.authorization,
  oauth = excluded.oauth, signing_key = excluded.signing_key, is_enabled = excluded.is_enabled
"""
_DELETE_WEBHOOK: Final = "DELETE FROM webhook WHERE account = ? AND subaccount = ?"
_ADD_BALANCE: Final = "UPDATE account SET balance_micro = balance_micro + ? WHERE id = ?"
_BALANCE: Final = "SELECT balance_micro FROM account WHERE id = ?"


def _run(connection: apsw.Connection, statements: list[Statement]) -> list[None]:
    for statement in statements:
        connection.executemany(statement.sql, statement.rows)
    return [None] * len(statements)


def _balance(connection: apsw.Connection, account: str) -> int:
    return int(connection.execute(_BALANCE, (account,)).get or 0)


_ALL_ACCOUNTS: Final = "SELECT json_group_array(json_array(id, name, is_prepaid, currency)) FROM account"
_ALL_SUBACCOUNTS: Final = """
SELECT json_group_array(json_array(
  id, account, default_source, coalesce(settings->>'takes_once', 0), coalesce(settings->>'shortens_links', 0)))
FROM subaccount
"""
_ALL_KEYS: Final = """
SELECT json_group_array(json_array(hash, id, account, name, last_six, is_enabled, json(addresses))) FROM api_key
"""
_ALL_WEBHOOKS: Final = """
SELECT json_group_array(json_array(
  id, account, subaccount, url, is_enabled, authorization, json(oauth), signing_key)) FROM webhook
"""


def _load(connection: apsw.Connection) -> Directory:
    return Directory(
        accounts={account.id: account for account in _accounts(connection)},
        subaccounts={subaccount.id: subaccount for subaccount in _subaccounts(connection)},
        keys=_keys(connection),
        webhooks={webhook.id: webhook for webhook in _webhooks(connection)},
    )


def _accounts(connection: apsw.Connection) -> list[Account]:
    rows = read_rows(connection, _ALL_ACCOUNTS, (), tuple[str, str, int, str])
    return [
        Account(id=identifier, name=name, is_prepaid=bool(is_prepaid), currency=currency)
        for identifier, name, is_prepaid, currency in rows
    ]


def _subaccounts(connection: apsw.Connection) -> list[Subaccount]:
    rows = read_rows(connection, _ALL_SUBACCOUNTS, (), tuple[str, str, str, int, int])
    return [
        Subaccount(
            id=identifier,
            account=account,
            default_source=source,
            takes_once=bool(takes_once),
            shortens_links=bool(shortens_links),
        )
        for identifier, account, source, takes_once, shortens_links in rows
    ]


def _keys(connection: apsw.Connection) -> dict[str, ApiKey]:
    rows = read_rows(connection, _ALL_KEYS, (), tuple[str, str, str, str, str, int, tuple[str, ...]])
    return {
        key_hash: ApiKey(
            id=identifier,
            account=account,
            name=name,
            last_six=last_six,
            is_enabled=bool(is_enabled),
            addresses=addresses,
        )
        for key_hash, identifier, account, name, last_six, is_enabled, addresses in rows
    }


def _webhook_row(webhook: Webhook) -> tuple[Any, ...]:
    return (
        webhook.account,
        webhook.subaccount,
        webhook.url,
        webhook.authorization,
        None if webhook.oauth is None else msgspec.json.encode(webhook.oauth).decode(),
        webhook.signing_key,
        webhook.is_enabled,
    )


class _WebhookRow(msgspec.Struct, frozen=True, array_like=True):
    id: int
    account: str
    subaccount: str
    url: str
    is_enabled: int
    authorization: str | None
    oauth: OAuth | None
    signing_key: str | None


def _webhooks(connection: apsw.Connection) -> list[Webhook]:
    return [
        Webhook(
            id=row.id,
            account=row.account,
            subaccount=row.subaccount,
            url=row.url,
            is_enabled=bool(row.is_enabled),
            authorization=row.authorization,
            oauth=row.oauth,
            signing_key=row.signing_key,
        )
        for row in read_rows(connection, _ALL_WEBHOOKS, (), _WebhookRow)
    ]


_ALL_PRICES: Final = """
SELECT json_group_array(json_array(account,
  json_array(direction, prefix, country, country_name, operator, mcc, mnc, part_micro)) ORDER BY country, prefix)
FROM price
"""
_DELETE_PRICES: Final = "DELETE FROM price WHERE account = ?"
_INSERT_PRICES: Final = """
INSERT OR REPLACE INTO price (
  account, direction, prefix, country, country_name, operator, mcc, mnc, part_micro)
SELECT ?1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7
FROM json_each(?2)
"""


def _load_prices(connection: apsw.Connection) -> dict[str, list[Price]]:
    prices: dict[str, list[Price]] = {}
    for account, price in read_rows(connection, _ALL_PRICES, (), tuple[str, Price]):
        prices.setdefault(account, []).append(price)
    return prices


def _save_prices(connection: apsw.Connection, lists: list[tuple[str, list[Price]]]) -> list[None]:
    for account, prices in lists:
        connection.execute(_DELETE_PRICES, (account,))
        connection.execute(_INSERT_PRICES, (account, as_json(prices)))
    return [None] * len(lists)
