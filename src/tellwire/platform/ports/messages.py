"""Messages on their way: waiting, claimed, settled, moved by receipts; and who may be written to. For everybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import Receipt
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import Claims, Message, MessageContext, MessageId, Settlement
from tellwire.platform.model.permission import Permission
from tellwire.platform.model.profile import ProfileId, SuppressionChange
from tellwire.platform.model.provider import ProviderId

RUN_OUT_LIMIT: Final = 1_000  # claims that ran out in the answer to one claim: the next has the next


class HolderPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has a number: by what name we call them, and under which names they are known."""

    subject: Subject
    names: tuple[Subject, ...]
    profile_id: ProfileId


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a number is, and the newest message to it.

    Of several profiles with the number `subject` is the one that changed last; of none, whom that message was for.
    `people` are all who have it, the one that changed last first.
    """

    subject: Subject
    message: MessageContext | None
    people: tuple[HolderPerson, ...] = ()


class Messages(Protocol):
    """What waits and is claimed, where each message stands, and which numbers are suppressed.

    Two claimers never share a row, and a claim is durable.

    After kill -9 a claim runs out when its lease ends, or as soon as the back end knows that nobody can hold it.
    What was settled is never claimed again, except as `TryAgain` says.
    A message's status only moves forward (`kernel.status.advance`), whatever the order and number of calls.
    """

    async def claim(self, shares: Mapping[ProviderId, int], now: datetime, lease: timedelta) -> Claims:
        """Take messages that are due: for each provider at most its share, oldest due first.

        `attempt` counts this claim, and `permission` is read in its transaction. Shares keep a provider that hangs
        from standing in the way of the others.

        Claims that ran out unsettled are the answer's `run_out`, under their old attempt, at most `RUN_OUT_LIMIT` of
        them: those messages were perhaps sent. They are claimed anew for `lease`, for the caller to settle.
        A message that a receipt moved on while it waited was sent after all, and leaves without being given out.
        """
        ...

    async def permissions(self, messages: Sequence[Message]) -> Mapping[MessageId, Permission]:
        """Return whether these messages may go, as of now: what `claim` answers, for a claim that has grown old."""
        ...

    async def renew(self, message_ids: Sequence[MessageId], now: datetime, lease: timedelta) -> None:
        """Let the claims of these messages end at `now + lease`, later or earlier than they would have.

        Whoever still holds a message knows better than a clock that its claim is alive: a claim is renewed even
        when its lease has ended by `now`, as long as nobody has closed it. Others than claimed ones are left alone.
        """
        ...

    async def settle(self, settlements: Sequence[Settlement], now: datetime) -> None:
        """Close claims. A settlement for a message that is not claimed (any more) changes nothing."""
        ...

    async def wait(self, timeout_s: float) -> None:
        """Return when a message may be due, at the latest after `timeout_s`. Only makes it faster."""
        ...

    async def waiting(self) -> dict[ProviderId, datetime]:
        """Return every provider that has messages waiting, and when the earliest of them is due.

        A provider may have been deleted since its messages were made: they are waiting all the same.
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
