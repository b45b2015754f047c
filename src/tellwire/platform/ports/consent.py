"""What is forbidden and allowed, and the ledger of how it came: for pages, exports and the person's own API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol, TypeAlias

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.channel import CHANNELS
from tellwire.platform.model.consent import ConsentLine
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange, SuppressionSource
from tellwire.platform.model.value import look_up

EXPIRED_AT_ONCE: Final = 1_000  # suppressions that end in one transaction

Place: TypeAlias = tuple[int, int]  # of a suppressed number in the list: when, in milliseconds, and which


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """An address that must not be written to: who asked for it, when, why, by whom, and until when if not for ever."""

    address: Address
    source: SuppressionSource
    at: datetime
    until: datetime | None = None
    reason: str = ""
    by: str = ""


class SuppressionPage(msgspec.Struct, frozen=True, kw_only=True):
    """Suppressed addresses, the newest first; `following` is where the next page begins, None at the end."""

    suppressions: Sequence[Suppression]
    following: Place | None = None


class Consents(Protocol):
    """The suppressed addresses, and the ledger. Each call is one transaction.

    Whatever changes what is allowed (`Messages.suppress`, `Ledger.record`, `change`, `expire`) writes its line of the
    ledger in the same transaction: there is no change without one, and no line of a change that was not made.
    """

    async def change(self, changes: Sequence[SuppressionChange]) -> list[bool]:
        """Suppress and release addresses, durably; say of each whether it took effect, by `model.profile`."""
        ...

    async def suppressed(self, addresses: Sequence[Address]) -> Mapping[Address, Suppression]:
        """Return those of these addresses that are suppressed."""
        ...

    async def suppressions(
        self, limit: int, before: Place | None = None, source: SuppressionSource | None = None
    ) -> SuppressionPage:
        """Return suppressed addresses, the newest first, from those before a place on."""
        ...

    async def counts(self) -> Mapping[SuppressionSource, int]:
        """Return how many addresses are suppressed, by who asked."""
        ...

    async def expire(self, now: datetime) -> int:
        """Release addresses whose suppression has ended by `now`, at most `EXPIRED_AT_ONCE`; return how many."""
        ...

    async def lines(self, after: int, limit: int) -> list[ConsentLine]:
        """Return lines of the ledger after a place, in their order."""
        ...

    async def lines_of(
        self, profile_id: ProfileId, addresses: Sequence[Address], limit: int
    ) -> list[ConsentLine]:
        """Return the last lines about a person's flags and about these addresses, newest first."""
        ...

    async def forget_texts(self, profile_id: ProfileId, addresses: Sequence[Address]) -> int:
        """Blank what a person wrote in the lines about them, for a person who is erased; return how many lines had it.

        The lines stay, with number, moment and change: they are the proof that somebody asked not to be written to.
        """
        ...


def consents_of(profile: Profile) -> dict[str, bool]:
    """Return whether a person consents, by channel: what their flags say, whatever stands about their addresses."""
    return {
        name: channel.is_consent(look_up(profile.properties, channel.consent_flag))
        for name, channel in CHANNELS.items()
    }


def addresses_of(profile: Profile) -> list[Address]:
    """Return where a person can be written to, on any channel."""
    addresses = (channel.address_of(profile) for channel in CHANNELS.values())
    return [address for address in addresses if address is not None]


async def suppressed_of(consents: Consents, profile: Profile) -> list[Suppression]:
    """Return which of a person's addresses must not be written to."""
    return list((await consents.suppressed(addresses_of(profile))).values())
