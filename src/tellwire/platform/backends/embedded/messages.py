"""Messages, as their callers see them; the statements are in `claims`, `moving`, `contexts` and `permissions`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tellwire.kernel.address import Msisdn
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import Receipt
from tellwire.platform.backends.embedded import claims, contexts, fact_changes, moving
from tellwire.platform.backends.embedded.permissions import permissions
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.message import Claims, Message, MessageContext, MessageId, Settlement, TryAgain
from tellwire.platform.model.permission import Permission
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.messages import Holder


class EmbeddedMessages:
    """See `ports.messages.Messages`. `wake` hears of every message that enters."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake
        self._seen = -1

    @classmethod
    async def open(cls, database: Database, wake: Wake) -> "EmbeddedMessages":
        """Return the messages with every claim run out: one process owns the store, so whoever held them is dead."""
        await database.write(claims.end_leases, None)
        return cls(database, wake)

    async def claim(self, shares: Mapping[ProviderId, int], now: datetime, lease: timedelta) -> Claims:
        """Take the due messages of each provider, at most its share; see the port.

        A message that a receipt has moved on while it waited was handed over after all: it leaves without a claim.
        """
        self._seen = self._wake.count
        return await self._database.write(claims.claim, (shares, to_ms(now), to_ms(now + lease)))

    async def permissions(self, messages: Sequence[Message]) -> dict[MessageId, Permission]:
        """Return whether these messages may go, as of now."""
        return await self._database.read(permissions, messages) if messages else {}

    async def renew(self, message_ids: Sequence[MessageId], now: datetime, lease: timedelta) -> None:
        """Let these claims end at `now + lease`; see the port."""
        if message_ids:
            await self._database.write(claims.renew, (message_ids, to_ms(now + lease)))

    async def settle(self, settlements: Sequence[Settlement], now: datetime) -> None:
        """Close claims; see the port."""
        if not settlements:
            return
        await self._database.write(moving.settle, (settlements, now))
        if any(isinstance(settlement, TryAgain) for settlement in settlements):
            self._wake.notify()

    async def wait(self, timeout_s: float) -> None:
        """Return at once if messages came since the last claim or look, or when one comes, or after `timeout_s`."""
        await self._wake.wait(self._seen, timeout_s)

    async def waiting(self) -> dict[ProviderId, datetime]:
        """Return every provider that has messages waiting, and when the earliest of them is due."""
        self._seen = self._wake.count  # what nobody may claim now must not end each wait for it at once
        return {name: from_ms(due_ms) for name, due_ms in (await self._database.read(claims.waiting)).items()}

    async def contexts(self, ids: Sequence[MessageId]) -> dict[MessageId, MessageContext]:
        """Return what is known about these messages; an id nobody sent is absent."""
        return await self._database.read(contexts.contexts, ids)

    async def suppress(self, changes: Sequence[SuppressionChange]) -> None:
        """Suppress and release numbers; see the port."""
        if changes:
            await self._database.write(fact_changes.suppress, changes)

    async def holders(self, numbers: Sequence[Msisdn]) -> dict[Msisdn, Holder]:
        """Return whose these numbers are; see the port."""
        return await self._database.read(contexts.holders, numbers) if numbers else {}

    async def apply(self, receipts: Sequence[Receipt]) -> list[bool]:
        """Move messages forward; see the port. Each receipt that moved its message is a step on its timeline."""
        return await self._database.write(moving.apply, receipts) if receipts else []
