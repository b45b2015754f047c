"""Calls of other systems on their way: taken for a time, and settled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tellwire.platform.model.call import CallSettlement, DueCall


class Calls(Protocol):
    """Recorded by the ledger, in the transaction that decided them; nothing is lost over kill -9.

    A call that was taken and not settled when its time is over is taken again: at least once, with the same id.
    """

    async def take(self, now: datetime, lease: timedelta, limit: int) -> list[DueCall]:
        """Take calls that are due, the longest due first; nobody else has them until the lease is over."""
        ...

    async def settle(self, settlements: Sequence[CallSettlement]) -> None:
        """Say what became of calls; one that is over is forgotten and counted."""
        ...

    async def wait(self, timeout_s: float) -> None:
        """Return when there may be something to take, at the latest after `timeout_s`."""
        ...
