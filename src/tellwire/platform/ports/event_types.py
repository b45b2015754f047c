"""Which event types an account has: the names, folded (`model.value.fold`), that uploads brought in."""

from collections.abc import Sequence
from typing import Protocol


class EventTypes(Protocol):
    """A set that only grows, and stops growing at a limit. System events are not in it.

    Durability: a type is in `known` only once it survives kill -9 and loss of power.
    """

    @property
    def known(self) -> frozenset[str]:
        """Every type, from memory: intake asks for each upload. What another process claimed may be missing."""
        ...

    async def claim(self, names: Sequence[str], limit: int) -> bool:
        """Make all of these types of the account, or none and return False if it would have more than `limit`.

        Either way `known` is fresh afterwards. A name that is known needs no room, so claiming twice is once.
        """
        ...
