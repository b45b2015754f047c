"""The endpoints of what subaccounts own on the network: sender IDs, virtual numbers, SMPP logins."""

import asyncio
import re
import secrets
import string
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

import msgspec
from msgspec.structs import replace

from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.accounts.numbers import NumberBook
from tellwire.gateway.admin.addresses import ADDRESSES, flaw_of_addresses
from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, Problem, flaws
from tellwire.gateway.model.number import AllowedSender, SmppLogin, VirtualNumber
from tellwire.gateway.smpp.server import CustomerBind
from tellwire.kernel.address import parse_msisdn, parse_sender_id
from tellwire.kernel.secrets import hash_password

# Each table is kept in memory and written whole.
ROWS: Final = 10_000
PREFIXES: Final = 300
_PREFIX: Final = re.compile(r"[0-9]{1,15}")
_SHORT_CODE: Final = re.compile(r"[0-9]{3,7}")
BINDS: Final = 50
MESSAGES_PER_S: Final = 10_000
_SYSTEM_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,15}")  # SMPP 3.4, 5.2.1
# SMPP 3.4, 5.2.2 has room for eight characters; a bind can be tried a few times a second at most.
PASSWORD_LENGTH: Final = 8
_ALPHABET: Final = string.ascii_letters + string.digits
_TOO_MANY: Final = Problem(
    status=409, code="too_many", message=f"There are {ROWS} already; delete some first."
)

Text = Annotated[str, msgspec.Meta(max_length=64)]


class SavedSender(msgspec.Struct, kw_only=True, frozen=True):
    """A sender ID of a subaccount, and the prefixes to which it may send; none is everywhere."""

    subaccount: Text
    source: Text
    prefixes: Annotated[list[Text], msgspec.Meta(max_length=PREFIXES)] = []


class NamedSender(msgspec.Struct, kw_only=True, frozen=True):
    """Which sender ID."""

    subaccount: Text
    source: Text


class SavedNumber(msgspec.Struct, kw_only=True, frozen=True):
    """A virtual number or short code, and whose it is."""

    number: Text
    subaccount: Text


class NamedNumber(msgspec.Struct, kw_only=True, frozen=True):
    """Which number."""

    number: Text


class SavedLogin(msgspec.Struct, kw_only=True, frozen=True):
    """An SMPP login of a subaccount; its password is made here."""

    subaccount: Text
    binds: int = 4
    messages_per_s: int = 50
    is_enabled: bool = True
    addresses: Annotated[list[Text], msgspec.Meta(max_length=ADDRESSES)] = []


class NumbersPage:
    """Senders, numbers and logins as people edit them."""

    def __init__(
        self, numbers: NumberBook, book: AccountBook, customers: Callable[[], Sequence[CustomerBind]]
    ) -> None:
        self._numbers = numbers
        self._customers = customers
        self._book = book

    async def show_all(self, _ask: Ask) -> object:
        """`GET /admin/api/numbers`: with the binds that customers have up now."""
        numbers = self._numbers
        return {
            "senders": sorted(numbers.senders, key=lambda one: (one.subaccount, one.source.casefold())),
            "numbers": sorted(numbers.numbers.values(), key=lambda one: one.number),
            "logins": [
                _shown(login) for login in sorted(numbers.logins.values(), key=lambda one: one.system_id)
            ],
            "binds": self._customers(),
        }

    async def save_sender(self, ask: Ask) -> object:
        """`PUT /admin/api/numbers/senders`: once a subaccount has one, it may use no others."""
        saved: SavedSender = ask.body
        sender = parse_sender_id(saved.source)
        prefixes = tuple(dict.fromkeys(prefix.removeprefix("+") for prefix in saved.prefixes))
        bad = next((prefix for prefix in prefixes if not _PREFIX.fullmatch(prefix)), None)
        problem = flaws(
            source=sender is None
            and "A sender ID has at most 11 letters, digits and spaces, or is a number.",
            prefixes=bad is not None and f"{bad} is no prefix: write digits such as 65, one a line.",
            subaccount=self._unknown(saved.subaccount),
        )
        if problem or sender is None:
            return problem
        kept = [one for one in self._numbers.senders if not _is(one, saved.subaccount, sender.text)]
        if len(kept) >= ROWS:
            return _TOO_MANY
        allowed = AllowedSender(subaccount=saved.subaccount, source=sender.text, prefixes=prefixes)
        await self._numbers.save_senders([*kept, allowed])
        return allowed

    async def delete_sender(self, ask: Ask) -> object:
        """`DELETE /admin/api/numbers/senders`."""
        named: NamedSender = ask.body
        kept = [one for one in self._numbers.senders if not _is(one, named.subaccount, named.source)]
        if len(kept) == len(self._numbers.senders):
            return UNKNOWN
        await self._numbers.save_senders(kept)
        return None

    async def save_number(self, ask: Ask) -> object:
        """`PUT /admin/api/numbers/virtual`: gives a number to a subaccount, even one that another had."""
        saved: SavedNumber = ask.body
        digits = _number(saved.number)
        problem = flaws(
            number=digits is None
            and "Write a number with its country code, or a short code of 3 to 7 digits.",
            subaccount=self._unknown(saved.subaccount),
        )
        if problem or digits is None:
            return problem
        kept = [one for one in self._numbers.numbers.values() if one.number != digits]
        if len(kept) >= ROWS:
            return _TOO_MANY
        number = VirtualNumber(number=digits, subaccount=saved.subaccount)
        await self._numbers.save_numbers([*kept, number])
        return number

    async def delete_number(self, ask: Ask) -> object:
        """`DELETE /admin/api/numbers/virtual`: texts to it belong to nobody from then on."""
        named: NamedNumber = ask.body
        kept = [one for one in self._numbers.numbers.values() if one.number != named.number]
        if len(kept) == len(self._numbers.numbers):
            return UNKNOWN
        await self._numbers.save_numbers(kept)
        return None

    async def save_login(self, ask: Ask) -> object:
        """`PUT /admin/api/numbers/logins/{system_id}`: a new one's answer holds its password, this once."""
        saved: SavedLogin = ask.body
        system_id = ask.path.get("system_id", "")
        if problem := self._flaws(system_id, saved):
            return problem
        if len(self._numbers.logins) >= ROWS and system_id not in self._numbers.logins:
            return _TOO_MANY
        known = self._numbers.logins.get(system_id)
        password = "" if known else _password()
        hashed = known.password if known else await asyncio.to_thread(hash_password, password)
        login = SmppLogin(
            system_id=system_id,
            subaccount=saved.subaccount,
            password=hashed,
            binds=saved.binds,
            messages_per_s=saved.messages_per_s,
            is_enabled=saved.is_enabled,
            addresses=tuple(saved.addresses),
        )
        await self._save_login(login)
        return {"login": _shown(login), "password": password or None}

    async def new_password(self, ask: Ask) -> object:
        """`POST /admin/api/numbers/logins/{system_id}/password`: the old one opens no new bind."""
        known = self._numbers.logins.get(ask.path["system_id"])
        if known is None:
            return UNKNOWN
        password = _password()
        await self._save_login(replace(known, password=await asyncio.to_thread(hash_password, password)))
        return {"login": _shown(known), "password": password}

    async def delete_login(self, ask: Ask) -> object:
        """`DELETE /admin/api/numbers/logins/{system_id}`."""
        logins = dict(self._numbers.logins)
        if logins.pop(ask.path["system_id"], None) is None:
            return UNKNOWN
        await self._numbers.save_logins(list(logins.values()))
        return None

    async def _save_login(self, login: SmppLogin) -> None:
        await self._numbers.save_logins(
            [*(one for one in self._numbers.logins.values() if one.system_id != login.system_id), login]
        )

    def _flaws(self, system_id: str, saved: SavedLogin) -> Problem | None:
        return flaws(
            system_id=not _SYSTEM_ID.fullmatch(system_id)
            and "A system_id has 1 to 15 letters, digits, dots and dashes.",
            subaccount=self._unknown(saved.subaccount),
            binds=not 1 <= saved.binds <= BINDS and f"A login has 1 to {BINDS} binds.",
            messages_per_s=not 1 <= saved.messages_per_s <= MESSAGES_PER_S
            and f"A bind takes 1 to {MESSAGES_PER_S:,} messages a second.",
            addresses=flaw_of_addresses(saved.addresses),
        )

    def _unknown(self, subaccount: str) -> str:
        known = subaccount in self._book.directory().subaccounts
        return "" if known else "There is no such subaccount."


def _is(sender: AllowedSender, subaccount: str, source: str) -> bool:
    return sender.subaccount == subaccount and sender.source.casefold() == source.casefold()


def _number(text: str) -> str | None:
    if _SHORT_CODE.fullmatch(text.strip()):
        return text.strip()
    number = parse_msisdn(text)
    return None if number is None else number.digits


def _password() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(PASSWORD_LENGTH))


def _shown(login: SmppLogin) -> dict[str, Any]:
    return {key: value for key, value in msgspec.structs.asdict(login).items() if key != "password"}
