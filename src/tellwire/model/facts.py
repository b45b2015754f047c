"""What the ledger knew when a batch was decided."""

from collections.abc import Mapping

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.model.event import Subject
from tellwire.model.profile import Profile, SuppressionChange


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Profiles by every subject asked for that has one, and what stands about the numbers asked for.

    Numbers asked for are those given to `Ledger.facts` and those of the profiles found; absent are those that nobody
    ever suppressed.
    """

    profiles: Mapping[Subject, Profile] = {}
    suppressions: Mapping[Msisdn, SuppressionChange] = {}

    @property
    def suppressed(self) -> frozenset[Msisdn]:
        """Return the numbers that must not be written to."""
        return frozenset(number for number, last in self.suppressions.items() if last.is_suppressed)
