"""People as somebody looks for them, and their erasure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.retention import Step
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.message_reports import EventRow, MessageRow
from tellwire.platform.ports.stream import Position

FOUND_LIMIT: Final = 100  # people of one answer


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is looked for by: each that is given finds people of its own, those of the first before the others.

    `identity` and `name` are beginnings; of names also what stands behind the first space. `digits` is a number, or the
    beginning of one, without a plus.
    """

    identity: str = ""
    name: str = ""
    digits: str = ""


class PeoplePage(msgspec.Struct, frozen=True, kw_only=True):
    """People in the order in which they came, the newest first, and the place to go on from; None at the end."""

    people: Sequence[Profile]
    following: int | None


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt of somebody's erasure. `rows` is what was deleted so far, by table; finished, nothing is left."""

    id: str
    at: datetime
    by: str
    finished_at: datetime | None = None
    rows: Mapping[str, int] = {}


class EventCount(msgspec.Struct, frozen=True, array_like=True):
    """How often a person did an event, and when first and last, in seconds since the epoch."""

    name: str
    count: int
    first_s: int
    last_s: int


class Happenings(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did and was sent, each newest first, before a place of each; `following` is None at the end."""

    events: Sequence[EventRow]
    messages: Sequence[MessageRow]
    following: tuple[int, int] | None


class People(Protocol):
    """Reads see what was decided; `erase` and what follows it are one transaction each."""

    async def decided(self) -> Position:
        """Return how far the stream has been decided."""
        ...

    async def find(self, wanted: Wanted, limit: int) -> list[Profile]:
        """Return at most `limit` people who are called so, or whose number it is."""
        ...

    async def of_email(self, email: str) -> Profile | None:
        """Return who has an e-mail address, whoever came first of several."""
        ...

    async def newest(self, limit: int, before: int | None = None) -> PeoplePage:
        """Return the people who came last, before a place."""
        ...

    async def happenings(
        self, profile_id: ProfileId, number: Msisdn | None, limit: int, before: tuple[int, int] | None = None
    ) -> Happenings:
        """Return what a person did, and messages to their number that were theirs; at most `limit` of each."""
        ...

    async def counts(self, profile_id: ProfileId) -> list[EventCount]:
        """Return how often a person did each event that is kept."""
        ...

    async def erase(self, subject: Subject, receipt: str, deed: Deed, by: str) -> Erasure | None:
        """Erase whom a subject names, durably: nobody finds them from then on; None if nobody is called so.

        Where they stood in campaigns, lists, short links, texts and what waits to be sent go at once; what has to be
        looked for goes in `erase_some`. That a number must not be written to stays.
        """
        ...

    async def erase_some(self, now: datetime, after: int) -> Step:
        """Erase some more of those who are erased; in the manner of `ports.retention`."""
        ...

    async def erasure(self, receipt: str) -> Erasure | None:
        """Return a receipt."""
        ...

    async def erasures(self, limit: int) -> list[Erasure]:
        """Return the last receipts, newest first."""
        ...
