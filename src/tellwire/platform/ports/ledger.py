"""Decisions, profiles and messages: what is true now, committed together with how far the stream was read."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import Receipt
from tellwire.platform.model.decision import Decision
from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.message import MessageContext, MessageId
from tellwire.platform.model.profile import DroppedChange, Profile, ProfileId, SuppressionChange
from tellwire.platform.ports.stream import Position


class Activity(msgspec.Struct, frozen=True):
    """That a profile did this event: the profile's own timeline."""

    profile_id: ProfileId
    event: Event


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """All that one batch of the stream led to. Messages are those of `Send` verdicts; they enter the outbox.

    `dropped` changed nothing and is not kept.
    """

    profiles: tuple[Profile, ...] = ()
    suppressions: tuple[SuppressionChange, ...] = ()
    activity: tuple[Activity, ...] = ()
    decisions: tuple[Decision, ...] = ()
    dropped: tuple[DroppedChange, ...] = ()


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """From where to where this batch moves the partition's position."""

    partition: int
    after: Position
    to: Position


class Recorded(msgspec.Struct, frozen=True, tag=True):
    """The batch is durable."""


class Conflict(msgspec.Struct, frozen=True, tag=True):
    """The partition does not stand at `after`: somebody else has moved it. Nothing was written."""

    position: Position


RecordAnswer: TypeAlias = Recorded | Conflict


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a number is, and the newest message to it.

    Of several profiles with the number it is the one that changed last; of none, whom that message was for.
    """

    subject: Subject
    message: MessageContext | None


class Ledger(Protocol):
    """`record` is all or nothing, and twice is once: the second finds the position moved and writes nothing.

    Decisions are kept once for each (occasion, campaign); a message's status only moves forward
    (`kernel.status.advance`), whatever the order and number of calls.
    """

    async def position(self, partition: int) -> Position:
        """Return how far this partition has been decided."""
        ...

    async def facts(self, subjects: Sequence[Subject], numbers: Sequence[Msisdn]) -> Facts:
        """Return what is known about these subjects and numbers."""
        ...

    async def record(self, recording: Recording, advance: Advance) -> RecordAnswer:
        """Commit profiles, suppressions, activity, decisions, outbox rows and the position in one transaction.

        A subject that another profile held moves to the profile that lists it here.
        """
        ...

    async def contexts(self, ids: Sequence[MessageId]) -> dict[MessageId, MessageContext]:
        """Return what is known about these messages; an id nobody sent is absent."""
        ...

    async def suppress(self, changes: Sequence[SuppressionChange]) -> None:
        """Suppress and release numbers, durably when it returns, where `model.profile.takes_effect` says so.

        The suppressions of `record` follow the same rule.
        """
        ...

    async def holders(self, numbers: Sequence[Msisdn]) -> dict[Msisdn, Holder]:
        """Return whose these numbers are; one that nobody holds and nobody was written to is absent."""
        ...

    async def apply(self, receipts: Sequence[Receipt]) -> list[bool]:
        """Move messages forward; for each receipt, say whether it moved its message. Unknown ids are False."""
        ...
