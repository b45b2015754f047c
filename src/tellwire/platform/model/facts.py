"""What the ledger knew when a batch was decided, and when a message was about to go."""

from collections.abc import Mapping

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile, SuppressionChange
from tellwire.platform.model.value import Value


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


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a message may still go, as far as its person said: read again when it is its turn.

    `consents` is `MSG-sms` as written, where it is, in the profile that the message was made for and in the one that
    its subject names today: two where they were merged, or the device went to somebody else.
    """

    consents: tuple[Value, ...] = ()
    is_suppressed: bool = False
