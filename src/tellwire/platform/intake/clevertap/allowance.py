"""Which event types an upload may use: those the account has, and new ones while there is room (contract 4.3)."""

from collections.abc import Set as AbstractSet


class Allowance:
    """The event types of one upload, by their folded names; an account may have `limit` of them."""

    __slots__ = ("_known", "_limit", "_new")

    def __init__(self, known: AbstractSet[str], limit: int) -> None:
        self._known = known
        self._limit = limit
        self._new: dict[str, None] = {}

    def takes(self, name: str) -> bool:
        """Say whether an event may have this name, and count it in if it is new."""
        if name in self._known or name in self._new:
            return True
        if len(self._known) + len(self._new) >= self._limit:
            return False
        self._new[name] = None
        return True

    @property
    def new(self) -> tuple[str, ...]:
        """The names taken that the account did not have before, in the order in which they came."""
        return tuple(self._new)
