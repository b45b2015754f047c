"""The endpoint of the first page: balances, the last day's volume by hour and status, carriers, recent failures."""

import asyncio
import time
from collections import defaultdict
from datetime import timedelta
from typing import Any, Final

from tellwire.gateway.accept.refused import RefusedRequests
from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.admin.alerts import alerts_of
from tellwire.gateway.admin.carriers import CarriersPage, Waiting
from tellwire.gateway.admin.endpoint import Ask
from tellwire.gateway.admin.messages import MessagesPage
from tellwire.gateway.admin.money import write_micro
from tellwire.gateway.store.reports import CHUNK, NEWEST
from tellwire.gateway.store.volumes import Volume, Volumes
from tellwire.kernel.clock import Clock, from_ms, to_ms
from tellwire.kernel.delivery import delivery_of

DAY: Final = timedelta(hours=24)
# One count serves everybody who looks within this time.
FRESH_S: Final = 5.0
# At most 200,000 messages are counted: some 120 ms of the store's reader, in chunks that others get in between.
CHUNKS: Final = 40
FAILURES: Final = 8
_GROUPS: Final = {
    "queued": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "rejected": "failed",
    "expired": "failed",
}
_BY_RECEIPT: Final = frozenset({"delivered", "read", "undelivered"})  # the others may end without one


class Overview:
    """The first page."""

    def __init__(
        self,
        book: AccountBook,
        volumes: Volumes,
        messages: MessagesPage,
        carriers: CarriersPage,
        waiting: Waiting,
        *,
        refused: RefusedRequests,
        clock: Clock,
    ) -> None:
        self._book = book
        self._volumes = volumes
        self._messages = messages
        self._carriers = carriers
        self._waiting = waiting
        self._refused = refused
        self._clock = clock
        self._counting = asyncio.Lock()
        self._counted: dict[str, Any] = {}
        self._counted_s = -FRESH_S

    async def show(self, _ask: Ask) -> object:
        """`GET /admin/api/overview`."""
        waiting = await self._waiting()
        traffic, carriers = await self._traffic(), self._carriers.shown(waiting)
        refused = self._refused.lately()
        return {
            "alerts": alerts_of(carriers, refused, traffic["volume"]["hours"], self._clock.now()),
            "refused": refused,
            "accounts": [
                {
                    "id": account.id,
                    "name": account.name,
                    "is_prepaid": account.is_prepaid,
                    "currency": account.currency,
                    "balance": write_micro(await self._book.balance_micro(account.id)),
                }
                for account in self._book.directory().accounts.values()
            ],
            **traffic,
            "waiting": sum(waiting.values()),
            "carriers": [
                {key: carrier[key] for key in ("name", "health", "binds_up", "waiting")}
                | {"binds": len(carrier["binds"])}
                for carrier in carriers
            ],
        }

    async def _traffic(self) -> dict[str, Any]:
        async with self._counting:
            if time.monotonic() - self._counted_s >= FRESH_S:
                failures = await self._messages.newest_failures(FAILURES)
                self._counted = {"volume": await self._count(), "failures": failures}
                self._counted_s = time.monotonic()
            return self._counted

    async def _count(self) -> dict[str, Any]:
        since_ms = to_ms(self._clock.now() - DAY)
        place: int | None = NEWEST
        volumes: list[Volume] = []
        for _ in range(CHUNKS):
            if place is None:
                break
            chunk = await self._volumes.volume(since_ms, place)
            volumes += chunk.volumes
            place = chunk.next_seq
        return {**_summed(volumes), "is_whole": place is None, "counted_at_most": CHUNK * CHUNKS}


def _summed(volumes: list[Volume]) -> dict[str, Any]:
    hours: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_GROUPS.values(), 0))
    spent: dict[str, int] = defaultdict(int)
    totals = dict.fromkeys(_GROUPS.values(), 0)
    parts = heard_of = 0
    for volume in volumes:
        group = _GROUPS[volume.status]
        hours[volume.hour_ms][group] += volume.messages
        totals[group] += volume.messages
        heard_of += volume.messages if volume.status in _BY_RECEIPT else 0
        parts += volume.parts
        spent[volume.currency] += volume.price_micro
    return {
        "hours": [{"at": from_ms(hour_ms), **groups} for hour_ms, groups in sorted(hours.items())],
        "totals": totals,
        "delivery": delivery_of(
            delivered=totals["delivered"],
            failed=totals["failed"],
            on_the_way=totals["sent"],
            heard_of=heard_of,
        ),
        "messages": sum(totals.values()),
        "parts": parts,
        "spent": [{"currency": currency, "amount": write_micro(micro)} for currency, micro in spent.items()],
    }
