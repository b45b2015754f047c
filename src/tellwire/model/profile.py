"""The person that events are about, and the numbers that must not be written to."""

from datetime import datetime
from typing import NewType

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.model.event import Subject
from tellwire.model.value import Properties

ProfileId = NewType("ProfileId", str)

# Property names that mean something to us; the rest is the customer's (CleverTap contract 4.4).
PHONE = "Phone"
CONSENT_SMS = "MSG-sms"
SUPPRESS_PHONE = "MSG-dndPhone"


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One person, under every name we know them by.

    `phone` is `properties["Phone"]` parsed once, when the profile was written; None if absent or no number.
    """

    id: ProfileId
    subjects: tuple[Subject, ...]
    properties: Properties = {}
    phone: Msisdn | None = None
    created_at: datetime
    updated_at: datetime

    def __repr__(self) -> str:
        """Show nothing that the person told."""
        return f"Profile({self.id})"


class SuppressionChange(msgspec.Struct, frozen=True, kw_only=True):
    """A number that must (or may again) be written to, whoever's profile it stands in.

    `source` says who asked: "profile" for `MSG-dndPhone`, "reply" for a keyword, "api" for a call.
    """

    msisdn: Msisdn
    is_suppressed: bool
    source: str
    at: datetime
