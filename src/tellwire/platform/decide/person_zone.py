"""The time zone that a person is in. Pure."""

from datetime import tzinfo

from tellwire.kernel.zones import zone_named, zone_of_number
from tellwire.platform.model.account import Account
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.value import look_up

ZONE_PROPERTY = "Tz"  # CleverTap contract 4.4


def zone_of(profile: Profile, account: Account) -> tzinfo:
    """Return the person's time zone: that of the property `Tz`, else of the number's country, else the account's."""
    written = look_up(profile.properties, ZONE_PROPERTY)
    zone = zone_named(written) if isinstance(written, str) else None
    if zone is None and profile.phone is not None:
        zone = zone_of_number(profile.phone)
    return zone or account.clock
