"""The person that events are about, and the numbers that must not be written to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NewType, TypeAlias

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.model.device_token import DeviceToken
from tellwire.model.event import Subject
from tellwire.model.value import Properties, fold, look_up

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


def says_no(properties: Properties, name: str) -> bool:
    """Say whether the properties ask for no texts by the flag `name`: `MSG-sms` false, or `MSG-dndPhone` true."""
    value = look_up(properties, name)
    is_yes = value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in _YES)
    return is_yes if name == SUPPRESS_PHONE else value is not None and not is_yes


_YES = frozenset({"true", "yes", "y", "1"})


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
        """Show nothing that the person told."""
        return f"Profile({self.id})"


SuppressionSource: TypeAlias = Literal["profile", "reply", "api"]


class SuppressionChange(msgspec.Struct, frozen=True, kw_only=True):
    """A number that must not (or may again) be written to, whoever's profile it stands in.

    `source` is who asked: "profile" for `MSG-dndPhone`, "reply" for a keyword that the person sent, "api" for a call.
    """

    msisdn: Msisdn
    is_suppressed: bool
    source: SuppressionSource
    at: datetime


def takes_effect(change: SuppressionChange, standing: SuppressionChange | None) -> bool:
    """Say whether a change of a number counts, given the one that stands; of the same second the later received does.

    What a profile says is its sender's word: it ends no suppression that the person or a call asked for, nor takes
    such a one for its own. A suppression counts over a release by another source, whenever it was asked for.
    """
    if standing is None:
        return True
    if change.source == "profile" and standing.source != "profile" and standing.is_suppressed:
        return False
    if change.is_suppressed and change.source != standing.source:
        return True
    return int(change.at.timestamp()) >= int(standing.at.timestamp())
