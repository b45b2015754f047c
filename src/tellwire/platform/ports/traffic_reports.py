"""What people look at of providers: their traffic, their troubles, and what of theirs was refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.platform.model.event import Subject
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RefusedCallback, RefusedRecord


class TrafficHour(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a provider's messages that were made in the hour from `at` on.

    `taken` is how many it has had for all we know, whatever became of them then; `on_the_way` are those of them that
    have no end, and `waiting` are still to go.
    """

    at: datetime
    taken: int = 0
    delivered: int = 0
    failed: int = 0
    waiting: int = 0
    on_the_way: int = 0


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went wrong in handing a message over; `code` and `answer` are as in the message's timeline."""

    at: datetime
    code: str
    reason: str
    answer: str = ""


class ProviderTraffic(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's traffic, hours oldest first and only those with messages.

    `trouble` is the last there was, however long ago; it is over if `taken_at`, when the provider last said that it
    has a message, is later. What a receipt tells is a message's trouble and not the provider's.
    """

    provider_id: ProviderId
    hours: tuple[TrafficHour, ...] = ()
    trouble: Trouble | None = None
    taken_at: datetime | None = None


class TrafficReports(Protocol):
    """How handing over goes, and what was refused."""

    async def queued(self) -> int:
        """Return how many messages of all campaigns wait to be handed over."""
        ...

    async def traffic(self, since: datetime) -> list[ProviderTraffic]:
        """Return the traffic of every provider that ever had any, by id, from the hour of `since` on.

        Costs by hours and providers, not by messages.
        """
        ...

    async def refused_records(self, limit: int, subjects: Sequence[Subject] = ()) -> list[RefusedRecord]:
        """Return the last refused records of uploads, newest first; `subjects` narrows them to those names."""
        ...

    async def refused_callbacks(self, provider_id: ProviderId) -> list[RefusedCallback]:
        """Return the last refused callbacks of a provider, newest first: at most `ports.refusals.CALLBACKS_LIMIT`."""
        ...
