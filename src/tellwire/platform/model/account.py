"""What holds for the account as a whole, over all its campaigns."""

from collections.abc import Mapping
from datetime import UTC, tzinfo

import msgspec

from tellwire.kernel.zones import zone_named, zone_of_number
from tellwire.platform.model.guard import Limits, QuietHours
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.value import look_up

ZONE_PROPERTY = "Tz"  # CleverTap contract 4.4


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account: its time zone by name, its quiet hours, caps and holdout, and its audiences by name.

    An empty zone, and one that nobody knows, is UTC. `holdout` is a share of all people, in percent.
    """

    zone: str = ""
    quiet: tuple[QuietHours, ...] = ()
    limits: Limits = Limits()
    holdout: float = 0
    audiences: Mapping[str, Rule] = {}

    @property
    def clock(self) -> tzinfo:
        """The account's time zone."""
        return (self.zone and zone_named(self.zone)) or UTC


def zone_of(profile: Profile, account: Account) -> tzinfo:
    """Return the person's time zone: that of the property `Tz`, else of the number's country, else the account's."""
    written = look_up(profile.properties, ZONE_PROPERTY)
    zone = zone_named(written) if isinstance(written, str) else None
    if zone is None and profile.phone is not None:
        zone = zone_of_number(profile.phone)
    return zone or account.clock
