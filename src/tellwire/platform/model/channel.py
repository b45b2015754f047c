"""The media that messages travel by: one table, and all that a stage asks about a medium stands in its row.

What a provider of the channel wants in its requests is not here but in the provider: a channel may have several.
"""

from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from tellwire.kernel.sms import Composition, compose
from tellwire.platform.model.address import Address, ChannelUser
from tellwire.platform.model.profile import CONSENT_SMS, PHONE, SUPPRESS_PHONE, Profile, allows
from tellwire.platform.model.value import Value


class Compose(Protocol):
    """Makes a text ready for the channel, and cuts it into the parts that are counted and paid."""

    def __call__(self, text: str, *, transliterate: bool = False) -> Composition:
        """Return the text as it will be shown, and its parts."""
        ...


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One medium: whom it reaches by what, who may say no to it and how, and how its texts are counted.

    `label` is its name in automatic events. `address_of` reads a profile's address, which stands in the property
    `address_property`. An absent `consent_flag` is a yes if `consents_by_default`; a true `suppression_flag`
    suppresses the address, whoever's profile it stands in. A text of more than `parts_limit` parts is not sent.
    """

    name: str
    label: str
    address_property: str
    address_of: Callable[[Profile], Address | None]
    consent_flag: str
    consents_by_default: bool
    suppression_flag: str
    compose: Compose
    parts_limit: int

    def is_consent(self, value: Value) -> bool:
        """Say whether the consent flag as written, None for not at all, is a yes."""
        return self.consents_by_default if value is None else allows(value)


SMS: Final = Channel(
    name="sms",
    label="SMS",
    address_property=PHONE,
    address_of=lambda profile: profile.phone,
    consent_flag=CONSENT_SMS,
    consents_by_default=True,
    suppression_flag=SUPPRESS_PHONE,
    compose=compose,
    parts_limit=10,  # 8x8 contract 2.2 refuses longer texts, and so do most carriers
)

CHANNELS: Final[dict[str, Channel]] = {channel.name: channel for channel in (SMS,)}


# What only another release knows: nobody consents to it, so that nothing goes out on a guess.
UNKNOWN: Final = msgspec.structs.replace(
    SMS,
    name="unknown",
    label="unknown",
    address_of=lambda _profile: None,
    consent_flag="",
    consents_by_default=False,
)


def channel_of(address: Address) -> Channel:
    """Return the channel of an address."""
    return CHANNELS.get(address.channel, UNKNOWN) if isinstance(address, ChannelUser) else SMS


def channel_named(name: str) -> Channel:
    """Return the channel of this name."""
    return CHANNELS.get(name, UNKNOWN)
