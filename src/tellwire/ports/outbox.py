"""Messages that wait to be handed to a provider."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tellwire.model.message import Claimed, MessageId, Settlement
from tellwire.model.provider import ProviderId


class Outbox(Protocol):
    """Two claimers never share a row. A claim is durable: after kill -9 its rows come back when the lease ends.

    What was settled is never claimed again, except as `TryAgain` says.
    """

    async def claim(self, shares: Mapping[ProviderId, int], now: datetime, lease: timedelta) -> list[Claimed]:
        """Take messages that are due: for each provider at most its share, oldest due first.

        `attempt` counts this claim. Shares keep a provider that hangs from standing in the way of the others.

        A message whose earlier claim ran out unsettled was perhaps sent: unless it `repeats_unresolved`, it is
        not given out again but settled as handed over without certainty, and left to its receipts.
        One that a receipt moved on while it waited was sent after all, and leaves without being given out.
        """
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
