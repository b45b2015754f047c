"""Messages that wait to be handed to a provider."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from tellwire.platform.model.facts import Permission
from tellwire.platform.model.message import Claims, Message, MessageId, Settlement
from tellwire.platform.model.provider import ProviderId

RUN_OUT_LIMIT: Final = 1_000  # claims that ran out, told by one claim: the next tells of the next


class Outbox(Protocol):
    """Two claimers never share a row, and a claim is durable.

    After kill -9 a claim runs out when its lease ends, or as soon as the back end knows that nobody can hold it.
    What was settled is never claimed again, except as `TryAgain` says.
    """

    async def claim(self, shares: Mapping[ProviderId, int], now: datetime, lease: timedelta) -> Claims:
        """Take messages that are due: for each provider at most its share, oldest due first.

        `attempt` counts this claim, and `permission` is read in its transaction. Shares keep a provider that hangs
        from standing in the way of the others.

        Claims that ran out unsettled are told as `run_out`, under their old attempt, at most `RUN_OUT_LIMIT` of
        them: those messages were perhaps sent. They are claimed anew for `lease`, for the caller to settle.
        A message that a receipt moved on while it waited was sent after all, and leaves without being given out.
        """
        ...

    async def permissions(self, messages: Sequence[Message]) -> Mapping[MessageId, Permission]:
        """Return whether these messages may go, as of now: what `claim` tells, for a claim that has grown old."""
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
