"""What the ledger knew when a batch was decided."""

from collections.abc import Mapping, Sequence

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile, SuppressionChange


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision has to know: whose profiles, and what stands about which numbers."""

    subjects: Sequence[Subject] = ()
    numbers: Sequence[Address] = ()


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """As of when facts are: a version changes whenever the fact does, and 0 is that of what is not there.

    What a subject names and the profile that it names are one fact. Only the store that gave a version reads it.
    `as_of` is how many changes of facts the store had seen: while it has seen no more, none of these has changed.
    """

    as_of: int = 0
    subjects: Mapping[Subject, int] = {}
    numbers: Mapping[Address, int] = {}


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The profile of each subject in the needs that has one, and what stands about numbers.

    The numbers are those in the needs and those of the profiles; absent are those that nobody ever suppressed.
    `versions` has every one of these subjects and numbers.
    """

    profiles: Mapping[Subject, Profile] = {}
    suppressions: Mapping[Address, SuppressionChange] = {}
    versions: Versions = Versions()

    @property
    def suppressed(self) -> frozenset[Address]:
        """Return the numbers that must not be written to."""
        return frozenset(number for number, last in self.suppressions.items() if last.is_suppressed)
