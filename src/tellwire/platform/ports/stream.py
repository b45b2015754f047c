"""The durable, ordered log of everything that came in."""

from collections.abc import Sequence
from typing import NewType, Protocol

import msgspec

from tellwire.platform.model.event import Entry

Position = NewType("Position", int)
START = Position(0)


class Positioned(msgspec.Struct, frozen=True, gc=False):
    """An entry and where it stands in its partition."""

    position: Position
    entry: Entry


class Stream(Protocol):
    """Order: entries of one subject key are read in the order in which their appends were answered.

    Repetition: an entry whose id was appended before is appended no second time.
    Durability: `append` answers only when the entries survive kill -9 and loss of power.
    """

    async def append(self, entries: Sequence[Entry]) -> None:
        """Append all of them, or none and raise. Waits while too much is pending (back-pressure)."""
        ...

    def partitions(self) -> range:
        """Return the partitions; a subject key always falls into the same one."""
        ...

    def last(self, partition: int) -> Position:
        """Return where the newest entry stands, as far as this process knows; `START` when there is none."""
        ...

    async def read(self, partition: int, after: Position, limit: int) -> list[Positioned]:
        """Return the entries that follow `after`, oldest first, about `limit` of them (a whole chunk more).

        Entries that were forgotten (`ports.retention`) are passed over: the next that is there follows.
        """
        ...

    async def wait(self, partition: int, after: Position, timeout_s: float) -> None:
        """Return when there may be entries after `after`, at the latest after `timeout_s`. Only makes it faster."""
        ...
