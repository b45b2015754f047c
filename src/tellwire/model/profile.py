"""The person that events are about, and the numbers that must not be written to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NewType, TypeAlias

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.model.device_token import DeviceToken
from tellwire.model.event import EventId, Subject
from tellwire.model.value import Properties, Value, fold

ProfileId = NewType("ProfileId", str)

# Property names that mean something to us; the rest is the customer's (CleverTap contract 4.4).
PHONE = "Phone"
CONSENT_SMS = "MSG-sms"
SUPPRESS_PHONE = "MSG-dndPhone"
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


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One person, under every name we know them by.

    `phone` is `properties["Phone"]` parsed once, when the profile was written; None if absent or no number.
    `tokens` are of devices that are among the `subjects`, at most one for each, the newest last.
    """

    id: ProfileId
    subjects: tuple[Subject, ...]
    properties: Properties = {}
    phone: Msisdn | None = None
    created_at: datetime
    updated_at: datetime
    tokens: tuple[DeviceToken, ...] = ()

    def __repr__(self) -> str:
        """Show nothing that the person told."""
        return f"Profile({self.id})"


# Why a change of a property cannot be made: its profile has as many as it may, or what it should add to is no number,
# or would become one that nothing behind us takes.
Hindrance: TypeAlias = Literal["too_many", "not_a_number", "out_of_range"]


class DroppedChange(msgspec.Struct, frozen=True):
    """A change of a profile record, by the property's name, that could not be made."""

    record: EventId
    key: str
    hindrance: Hindrance


class SuppressionChange(msgspec.Struct, frozen=True, kw_only=True):
    """A number that must (or may again) be written to, whoever's profile it stands in.

    `source` says who asked: "profile" for `MSG-dndPhone`, "reply" for a keyword, "api" for a call.
    """

    msisdn: Msisdn
    is_suppressed: bool
    source: str
    at: datetime
