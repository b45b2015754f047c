"""Who is on lists of people. Which lists there are, and what they are called, is the catalog's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

import msgspec

from tellwire.platform.model.list_member import ListKey
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import ProfileId

PIECE: Final = 1_000  # names that one call takes: one transaction, which holds the writer for some 10 ms


class ListChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Of names that were to come to a list or to leave it: how many did, and how many nobody has so far.

    `line` is the line of the audit log that says so, 0 if nothing has changed.
    """

    changed: int
    unknown: int
    line: int = 0


class ListDeed(msgspec.Struct, frozen=True, kw_only=True):
    """What the audit log says of a change that may take several calls: one line, which grows with each of them.

    `name` is the list's, `by` who did it; `line` is what the call before answered, 0 for the first.
    """

    name: str
    by: str
    line: int = 0


class ListMember(msgspec.Struct, frozen=True, kw_only=True):
    """A name on a list, and who has it; None if nobody has. Of several people with one number it is the first."""

    key: ListKey
    profile_id: ProfileId | None


class Lists(Protocol):
    """Each call is one transaction, and repeating it changes nothing more. Rules see a change at once.

    With `follows` starts are to follow the change, and it waits for the worker: `ports.ledger`. With a `deed` the audit
    log says in the same transaction how many names the list had and has: counts, and nobody's name.
    """

    async def add(
        self,
        list_id: ListId,
        keys: Sequence[ListKey],
        at: datetime,
        *,
        follows: bool,
        deed: ListDeed | None = None,
    ) -> ListChanged:
        """Put these names, at most `PIECE`, on a list."""
        ...

    async def remove(
        self,
        list_id: ListId,
        keys: Sequence[ListKey],
        at: datetime,
        *,
        follows: bool,
        deed: ListDeed | None = None,
    ) -> ListChanged:
        """Take these names, at most `PIECE`, from a list."""
        ...

    async def sizes(self) -> Mapping[ListId, int]:
        """Return how many names are on each list, those that have any."""
        ...

    async def members(self, list_id: ListId, after: str, limit: int) -> list[ListMember]:
        """Return the names on a list that come after this one, in the order of names."""
        ...
