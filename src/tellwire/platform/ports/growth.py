"""How large saved audiences were, day by day: kept in the store, for the copy that they are counted over is not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec


class DaySize(msgspec.Struct, frozen=True, kw_only=True):
    """How many belonged on a day, whom of them each channel reached, and when that was counted."""

    day: date
    count: int
    reachable: Mapping[str, int]
    as_of: datetime


class Growth(Protocol):
    """One size a day and audience: the last that was noted. Each call is one transaction."""

    async def note(self, sizes: Mapping[str, DaySize]) -> None:
        """Keep the sizes of audiences, by name, in the place of those of the same days."""
        ...

    async def of(self, name: str, since: date) -> Sequence[DaySize]:
        """Return the sizes of an audience from this day on, by day."""
        ...
