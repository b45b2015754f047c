"""What a copy of the past is made from: everybody, numbers that are suppressed, lists, and what people did.

Whoever keeps such a copy (`ports.audiences`) reads all of it once, a page at a time, and then what changed. It is
behind by what it has not read, and made anew whenever it is lost: nothing here is kept for it but what changed since.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from tellwire.platform.model.list_member import ListKey
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile

PEOPLE_LIMIT: Final = 1_000  # of one read: some 4 ms of the reader
EVENTS_LIMIT: Final = 4_000  # of one read: some 10 ms, for decisions are read by the same thread


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The store that feeds: who it is, the places of its oldest and newest event, and of its newest person."""

    id: str
    oldest_event: int
    last_event: int
    last_person: int


class Listing(msgspec.Struct, frozen=True, array_like=True):
    """A name on a list."""

    list_id: ListId
    key: ListKey


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What changed since the last time, as it is now.

    `people` are by place; None is nobody any more. `numbers` says of digits whether they are suppressed, `listings` of
    names whether they are on the list. `is_all`: nothing more has changed.
    """

    people: Mapping[int, Profile | None] = {}
    numbers: Mapping[int, bool] = {}
    listings: Mapping[Listing, bool] = {}
    is_all: bool = True

    def __bool__(self) -> bool:
        return bool(self.people or self.numbers or self.listings)


class FedEvents(msgspec.Struct, frozen=True, kw_only=True):
    """Events in the order of their places, as JSON: `[place, person's place, folded name, event]` each, comma-joined.

    They stay text, for they go from one store to another: read as objects, each would cost three times as much.
    """

    rows: str
    count: int
    last: int


class Feed(Protocol):
    """Reads see what was committed. `take` is repeated as long as `kept` was not called: nothing is lost by a crash."""

    async def source(self) -> Source:
        """Return who feeds, and how far."""
        ...

    async def people(self, after: int, limit: int) -> list[tuple[int, Profile]]:
        """Return the people who came after this place, with their places."""
        ...

    async def suppressed(self, after: int, limit: int) -> list[int]:
        """Return the digits of numbers that are suppressed, ascending, after these."""
        ...

    async def listings(self, after: Listing, limit: int) -> list[Listing]:
        """Return names on lists, ordered by list and name, after this one."""
        ...

    async def events(self, after: int, limit: int) -> FedEvents:
        """Return what people did after this place, with who they are now; those of nobody are passed over."""
        ...

    async def holders(self, keys: Sequence[ListKey]) -> Mapping[ListKey, int]:
        """Return the places of the people who have these names now."""
        ...

    async def take(self, limit: int) -> Changed:
        """Return some of what changed; the same again until `kept`."""
        ...

    async def kept(self) -> None:
        """Say that what was taken is in the copy, for good."""
        ...
