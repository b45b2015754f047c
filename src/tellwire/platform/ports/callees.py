"""Whom a call of the API names: who is known by these names, and whom of an answered call was met."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from tellwire.platform.model.event import EventId, Subject
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.ports.stream import Position

NAMESAKES_LIMIT: Final = 20  # people of one e-mail address that are looked for


class Callees(Protocol):
    """Reads as of what was decided; `decided` says how much of the stream that is. Anybody asks it."""

    async def known(self, subjects: Sequence[Subject]) -> Mapping[Subject, ProfileId]:
        """Return whom these subjects name; those that name nobody are left out."""
        ...

    async def of_emails(self, emails: Sequence[str]) -> Mapping[str, Sequence[Subject]]:
        """Return who has these e-mail addresses, each by the first of their names; capitals do not matter.

        What nobody has is left out. Of one address at most `NAMESAKES_LIMIT` are looked at.
        """
        ...

    async def met(self, calls: Sequence[EventId]) -> frozenset[EventId]:
        """Return those of these entries of calls that were decided and whose person was known."""
        ...

    async def decided(self, partition: int) -> Position:
        """Return how far this partition has been decided."""
        ...
