"""The endpoints of prices: what one part costs an account, by the beginning of the number."""

import re
from typing import Annotated, Final, Literal

import msgspec

from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, Problem, flaws, wrong
from tellwire.gateway.admin.money import read_micro, write_micro
from tellwire.kernel.choice.price import Price

PRICES: Final = 5_000  # of one account; the world's operators are some 1,500
# A price of a thousand for one part is a slip.
DEAREST_MICRO: Final = 1_000 * 1_000_000

Text = Annotated[str, msgspec.Meta(max_length=100)]
_PREFIX: Final = re.compile(r"[0-9]{0,15}")
_COUNTRY: Final = re.compile(r"([A-Z]{2})?")
_MCC: Final = re.compile(r"([0-9]{3})?")
_MNC: Final = re.compile(r"([0-9]{2,3})?")
Direction = Literal["outbound", "inbound"]


class SavedPrice(msgspec.Struct, kw_only=True, frozen=True):
    """A price, new or changed; an empty prefix is every number that no other prefix fits."""

    account: Text
    direction: Direction = "outbound"
    prefix: Text
    country: Text = ""
    country_name: Text = ""
    operator: Text = ""
    mcc: Text = ""
    mnc: Text = ""
    price: Text


class NamedPrice(msgspec.Struct, kw_only=True, frozen=True):
    """Which price."""

    account: Text
    direction: Direction
    prefix: Text


class Prices:
    """The endpoints of the price list."""

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
        if problem := self._flaws(saved):
            return problem
        price = _price(saved)
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

    def _flaws(self, saved: SavedPrice) -> Problem | None:
        return flaws(
            account=saved.account not in self._book.directory().accounts and "There is no such account.",
            prefix=not _PREFIX.fullmatch(saved.prefix) and "A prefix is at most 15 digits, without a plus.",
            country=not _COUNTRY.fullmatch(saved.country) and "A country is two capitals, such as SG.",
            mcc=not _MCC.fullmatch(saved.mcc) and "An MCC has three digits.",
            mnc=not _MNC.fullmatch(saved.mnc) and "An MNC has two or three digits.",
            price=_micro(saved.price) is None and "Write a price such as 0.0325, with at most six decimals.",
        )

    def _of(self, account: str) -> tuple[Price, ...]:
        return self._book.tariff(account).prices


def _micro(text: str) -> int | None:
    """Return what a text says that a part costs, None for what can be no price."""
    micro = read_micro(text)
    return None if micro is None or not 0 <= micro <= DEAREST_MICRO else micro


def _price(saved: SavedPrice) -> Price:
    return Price(
        direction=saved.direction,
        prefix=saved.prefix,
        country=saved.country,
        country_name=saved.country_name.strip(),
        operator=saved.operator.strip(),
        mcc=saved.mcc,
        mnc=saved.mnc,
        part_micro=_micro(saved.price) or 0,
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
