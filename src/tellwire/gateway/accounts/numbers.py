"""Keeps what subaccounts own on the network: virtual numbers, allowed senders, SMPP logins."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from tellwire.gateway.accounts.sender_ids import SenderRules
from tellwire.gateway.model.account import Directory, Subaccount
from tellwire.gateway.model.number import AllowedSender, SmppLogin, VirtualNumber
from tellwire.gateway.store.routes import Routes


class NumberBook:
    """The one writer of numbers, senders and logins; `load` it before use."""

    def __init__(self, routes: Routes, directory: Callable[[], Directory]) -> None:
        self._routes = routes
        self._directory = directory
        self.numbers: Mapping[str, VirtualNumber] = {}
        self.senders: tuple[AllowedSender, ...] = ()
        self.logins: Mapping[str, SmppLogin] = {}
        self._rules = SenderRules(())

    async def load(self) -> None:
        """Read everything from the store."""
        self.numbers = {one.number: one for one in await self._routes.numbers()}
        self.senders = tuple(await self._routes.senders())
        self.logins = {one.system_id: one for one in await self._routes.logins()}
        self._rules = SenderRules(self.senders)

    async def save_numbers(self, numbers: list[VirtualNumber]) -> None:
        """Replace all virtual numbers; `ValueError` when one names a subaccount that there is not."""
        self._check(number.subaccount for number in numbers)
        await self._routes.save_numbers(numbers)
        await self.load()

    async def save_senders(self, senders: list[AllowedSender]) -> None:
        """Replace all allowed senders; `ValueError` when one names a subaccount that there is not."""
        self._check(sender.subaccount for sender in senders)
        await self._routes.save_senders(senders)
        await self.load()

    async def save_logins(self, logins: list[SmppLogin]) -> None:
        """Replace all SMPP logins; `ValueError` when one names a subaccount that there is not."""
        self._check(login.subaccount for login in logins)
        await self._routes.save_logins(logins)
        await self.load()

    def owner_of(self, number: str) -> tuple[str, str] | None:
        """Return account and subaccount of a virtual number (digits)."""
        known = self.numbers.get(number)
        subaccount = None if known is None else self._directory().subaccounts.get(known.subaccount)
        return None if subaccount is None else (subaccount.account, subaccount.id)

    def subaccount(self, subaccount: str) -> Subaccount | None:
        """Return a subaccount by its id."""
        return self._directory().subaccounts.get(subaccount)

    def may_send_of(self, subaccount: str) -> Callable[[str, str], bool]:
        """Return what says whether a sender ID of the subaccount may send to a destination."""
        return partial(self._rules.may_send, subaccount)

    def _check(self, subaccounts: Iterable[str]) -> None:
        unknown = set(subaccounts) - self._directory().subaccounts.keys()
        if unknown:
            raise ValueError(f"there is no subaccount {', '.join(sorted(unknown))}")
