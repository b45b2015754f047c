"""The person that events are about, and the numbers that must not be written to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NewType, TypeAlias

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.model.address import Address
from tellwire.platform.model.consent import NO_REQUEST, ConsentRequest
from tellwire.platform.model.device_token import DeviceToken
from tellwire.platform.model.event import EventId, Subject
from tellwire.platform.model.value import Properties, Value, fold, look_up

ProfileId = NewType("ProfileId", str)

# Property names that mean something to us; the rest is the customer's (CleverTap contract 4.4).
PHONE = "Phone"
CONSENT_SMS = "MSG-sms"
SUPPRESS_PHONE = "MSG-dndPhone"
NOES = (CONSENT_SMS, SUPPRESS_PHONE)  # by which a person may say no to texts
STANDARD_PROPERTIES = (
    *("Name", "Email", PHONE, "Photo", "Customer Type", "Gender", "DOB", "Age"),
    *("Employed", "Education", "Married", "Tz", "category-unsubscribe"),
    *(CONSENT_SMS, "MSG-email", "MSG-push", "MSG-whatsapp"),
    *(SUPPRESS_PHONE, "MSG-dndEmail", "MSG-dndWhatsApp"),
)
CUSTOM_PROPERTIES_LIMIT = 256  # of one profile, standard ones not counted (contract 4.3)
_STANDARD = frozenset(map(fold, STANDARD_PROPERTIES))


def custom_properties(names: Iterable[str]) -> int:
    """Return how many of these names are the customer's own."""
    return sum(fold(name) not in _STANDARD for name in names)


def allows(consent: Value) -> bool:
    """Say whether a consent as written, None for none, is a yes: anything else that is there fails closed."""
    if consent is None or consent is True or consent == 1:
        return True
    return isinstance(consent, str) and consent.strip().casefold() in _YES


_YES = frozenset({"true", "yes", "y", "1"})


def says_no(properties: Properties, name: str) -> bool:
    """Say whether the properties ask for no texts by the flag `name`: `MSG-sms` not a yes, or `MSG-dndPhone` a yes."""
    value = look_up(properties, name)
    if name == SUPPRESS_PHONE:
        return value is not None and allows(value)
    return not allows(value)


class PropertyTimes(msgspec.Struct, frozen=True, array_like=True):
    """When each property of a profile was set or taken away, in whole seconds since the epoch.

    Most are set together: at `common_s`. `apart_s` has those of another second, and those that are gone. All 0 is a
    profile of before there were times.
    """

    common_s: int = 0
    apart_s: dict[str, int] = {}


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One person, under every name we know them by.

    `phone` is `properties["Phone"]` parsed once, when the profile was written; None if absent or no number.
    `times` says since when the `properties` hold.
    `tokens` are of devices that are among the `subjects`, at most one for each, the newest last.
    """

    id: ProfileId
    subjects: tuple[Subject, ...]
    properties: Properties = {}
    phone: Msisdn | None = None
    created_at: datetime
    updated_at: datetime
    tokens: tuple[DeviceToken, ...] = ()
    times: PropertyTimes = PropertyTimes()

    def __repr__(self) -> str:
        """Show nothing personal."""
        return f"Profile({self.id})"


# Why a change of a property cannot be made: its profile has as many as it may, or what it should add to is no number,
# or would become one that nothing behind us takes.
Hindrance: TypeAlias = Literal["too_many", "not_a_number", "out_of_range"]


class DroppedChange(msgspec.Struct, frozen=True):
    """A change of a profile record, by the property's name, that could not be made."""

    record: EventId
    key: str
    hindrance: Hindrance


# New ones stand at the end: what stands about a number is compared by their order.
SuppressionSource: TypeAlias = Literal["profile", "reply", "api", "subscribe", "page", "import", "expiry"]


class SuppressionChange(msgspec.Struct, frozen=True, kw_only=True):
    """An address that must not (or may again) be written to, whoever's profile it stands in.

    `source` is who asked, see `model.consent`. A suppression with `until` ends then, by itself. `request` is for the
    ledger, and does not stand with the number.
    """

    address: Address
    is_suppressed: bool
    source: SuppressionSource
    at: datetime
    until: datetime | None = None
    request: ConsentRequest = NO_REQUEST


def takes_effect(change: SuppressionChange, standing: SuppressionChange | None) -> bool:
    """Say whether a change of a number counts, given the one that stands; of the same second the later received does.

    What a profile says is its sender's word: it ends no suppression that the person or a call asked for, nor takes
    such a one for its own. A suppression counts over a release by another source, whenever it was asked for; one that
    ends leaves one that lasts longer as it is.
    """
    if standing is None:
        return True
    if change.until is not None and standing.is_suppressed:
        return standing.until is not None and standing.until < change.until
    if change.source == "profile" and standing.source != "profile" and standing.is_suppressed:
        return False
    if change.is_suppressed and change.source != standing.source:
        return True
    return int(change.at.timestamp()) >= int(standing.at.timestamp())
