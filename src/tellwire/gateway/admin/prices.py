"""The endpoints of prices: what one part costs an account, by the beginning of the number."""

from typing import Annotated, Final, Literal

import msgspec

from tellwire.gateway.accounts import AccountBook
from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, Problem, wrong
from tellwire.gateway.admin.money import read_micro, write_micro
from tellwire.gateway.contract.management import Price

PRICES: Final = 5_000  # of one account; the world's operators are some 1,500
# A price of a thousand for one part is a slip.
DEAREST_MICRO: Final = 1_000 * 1_000_000

Text = Annotated[str, msgspec.Meta(max_length=100)]
Digits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,15}\Z")]
Direction = Literal["outbound", "inbound"]


class SavedPrice(msgspec.Struct, kw_only=True, frozen=True):
    """A price, new or changed; an empty prefix is every number that no other prefix fits."""

    account: Text
    direction: Direction = "outbound"
    prefix: Digits
    country: Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{2})?\Z")] = ""
    country_name: Text = ""
    operator: Text = ""
    mcc: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{3})?\Z")] = ""
    mnc: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{2,3})?\Z")] = ""
    price: Text


class NamedPrice(msgspec.Struct, kw_only=True, frozen=True):
    """Which price."""

    account: Text
    direction: Direction
    prefix: Digits


class Prices:
    """What parts cost."""

    def __init__(self, book: AccountBook) -> None:
        self._book = book

    async def show_all(self, _ask: Ask) -> object:
        """`GET /admin/api/prices`."""
        return {
            "accounts": [
                {
                    "id": account.id,
                    "name": account.name,
                    "currency": account.currency,
                    "prices": [_shown(price) for price in sorted(self._of(account.id), key=_place)],
                }
                for account in self._book.directory().accounts.values()
            ]
        }

    async def save(self, ask: Ask) -> object:
        """`PUT /admin/api/prices`: creates or replaces the price of a direction and prefix."""
        saved: SavedPrice = ask.body
        if saved.account not in self._book.directory().accounts:
            return wrong(account="There is no such account.")
        price = _price(saved)
        if isinstance(price, Problem):
            return price
        others = [one for one in self._of(saved.account) if _place(one) != _place(price)]
        if len(others) >= PRICES:
            return wrong(prefix=f"An account has at most {PRICES} prices.")
        await self._book.save_prices(saved.account, [*others, price])
        return _shown(price)

    async def delete(self, ask: Ask) -> object:
        """`DELETE /admin/api/prices`."""
        named: NamedPrice = ask.body
        known = self._of(named.account)
        others = [one for one in known if _place(one) != (named.direction, named.prefix)]
        if len(others) == len(known):
            return UNKNOWN
        await self._book.save_prices(named.account, others)
        return None

    def _of(self, account: str) -> tuple[Price, ...]:
        return self._book.tariff(account).prices


def _price(saved: SavedPrice) -> Price | Problem:
    micro = read_micro(saved.price)
    if micro is None or not 0 <= micro <= DEAREST_MICRO:
        return wrong(price="Write a price such as 0.0325, with at most six decimals.")
    return Price(
        direction=saved.direction,
        prefix=saved.prefix,
        country=saved.country,
        country_name=saved.country_name.strip(),
        operator=saved.operator.strip(),
        mcc=saved.mcc,
        mnc=saved.mnc,
        part_micro=micro,
    )


def _place(price: Price) -> tuple[str, str]:
    return price.direction, price.prefix


def _shown(price: Price) -> dict[str, str]:
    return {
        "direction": price.direction,
        "prefix": price.prefix,
        "country": price.country,
        "country_name": price.country_name,
        "operator": price.operator,
        "mcc": price.mcc,
        "mnc": price.mnc,
        "price": write_micro(price.part_micro),
    }
