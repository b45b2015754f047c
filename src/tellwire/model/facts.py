"""What the ledger knew when a batch was decided."""

from collections.abc import Mapping

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.model.event import Subject
from tellwire.model.profile import Profile


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Profiles by every subject asked for that has one, and which of the numbers asked for are suppressed.

    Numbers asked for are those given to `Ledger.facts` and those of the profiles found.
    """

    profiles: Mapping[Subject, Profile] = {}
    suppressed: frozenset[Msisdn] = frozenset()
