"""Takes messages out of the outbox, hands them over, and closes them. A shell: verdicts are in `outcome` and `pace`.

    claim (durable) -> hand over, many at once -> settle (durable), in groups as they come

A crash between handing over and settling leaves a claim that runs out, and that is a silence like any other: the
campaign's policy decides (`outcome`). While we live no claim in our hands runs out, even if the clock jumps or the
store stands still.
A provider that hangs holds its own slots and nobody else's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tellwire.kernel.clock import Clock
from tellwire.kernel.failure import Outcome, Unresolved
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.platform.deliver.account import account_for
from tellwire.platform.deliver.last_look import objection
from tellwire.platform.deliver.news import news_of
from tellwire.platform.deliver.outcome import settlement_of, unasked
from tellwire.platform.deliver.pace import Pace
from tellwire.platform.deliver.request import Request, requests_of
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.message import Claimed, Claims, Message, Settlement
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.errors import StoreError
from tellwire.platform.ports.messages import Messages
from tellwire.platform.ports.sender import TAKEN_BACK, Sender
from tellwire.platform.ports.stream import Stream

# Longer than the longest attempt: 15 s for a token, 15 s for the message, and room for a stopped clock.
LEASE = timedelta(seconds=120)
UNSETTLED_LIMIT = 10_000  # closed but not yet written; a slow disk stops claiming, it does not fill memory
STORE_RETRY_S = 1.0  # between tries at a store that fails
SETTLED_TOGETHER = 64  # fewer wait `GATHER_S` for others, to share a transaction's fixed cost
GATHER_S = 0.002
LOST_SHARE = 100  # messages of a deleted provider that are closed at once
LOOKED_S = 2.0  # how long a last look is believed: a token, or a batch in several requests, may take longer
_NOBODY_TOLD = "nobody told how the sending ended"
IDLE_WAIT_S = 1.0  # polling is what is relied on; a hint from the outbox only makes it faster


async def _at_once() -> None:
    """Wait for nothing."""


class DeliverWorker:
    """Delivers until cancelled; `drain` first lets what is under way come to its end."""

    def __init__(
        self,
        *,
        messages: Messages,
        catalog: Catalog,
        stream: Stream,
        sender: Sender,
        clock: Clock,
        random: Callable[[], float],
        begins: Callable[[], Awaitable[None]] = _at_once,
    ) -> None:
        self._messages = messages
        self._catalog = catalog
        self._stream = stream
        self._sender = sender
        self._clock = clock
        self._random = random
        self._begins = begins
        self._paces: dict[ProviderId, Pace] = {}
        self._closed: list[tuple[Claimed, Settlement]] = []
        self._has_closed = asyncio.Event()
        self._has_room = asyncio.Event()
        self._under_way: set[Request] = set()
        self._leased_until: datetime | None = None  # when the first claim in our hands may run out
        self._lost: set[ProviderId] = set()  # deleted, with messages still waiting for them
        self._is_claiming = False
        self._is_draining = False

    async def run(self) -> None:
        """Deliver until cancelled, from when `begins` returns."""
        await self._begins()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._settle_forever())
            while True:
                await self._round(tasks)

    async def step(self) -> int:
        """Deliver what is due now, to its end, and return how many messages that was."""
        async with asyncio.TaskGroup() as tasks:
            started = await self._start(tasks)
        await self._settle()
        return started

    async def drain(self, deadline_s: float) -> None:
        """Claim nothing more, and return when what is under way is settled, or the deadline is over."""
        self._is_draining = True
        try:
            async with asyncio.timeout(deadline_s):
                # A claim in the making is awaited too: its messages would be lost with the task that claims.
                while self._is_claiming or self._under_way or self._closed:
                    self._has_room.clear()
                    await self._has_room.wait()
        except TimeoutError:
            return

    async def _round(self, tasks: asyncio.TaskGroup) -> None:
        """Start what is due, or wait. A store that fails must not cut off what is under way, so it ends here."""
        try:
            self._has_room.clear()
            if await self._start(tasks) == 0:
                await self._wait()
        except Exception as trouble:  # noqa: BLE001 - the one broad except of this loop: it cuts off nothing that is under way
            metrics.count("tellwire_loop_crashes_total", loop="deliver")
            log("loop.crashed", "error", loop="deliver", error=trouble)
            await asyncio.sleep(STORE_RETRY_S)

    async def _start(self, tasks: asyncio.TaskGroup) -> int:
        """Claim what fits and start handing it over; return how many messages were claimed."""
        now = self._clock.now()
        catalog = await self._catalog.snapshot()
        shares = self._shares(catalog)
        if not shares:
            return 0
        self._is_claiming = True
        try:
            await self._keep_claims(now)
            began = asyncio.get_running_loop().time()
            claims = await self._messages.claim(shares, now, LEASE)
            self._close_run_out(claims)
            # The catalog anew: what was stopped while we claimed is stopped.
            requests, closed = requests_of(
                claims.taken, await self._catalog.snapshot(), self._clock.now(), began
            )
            for one, settlement in closed:
                self._close(one, settlement)
            for request in requests:
                self._pace(request.provider).start(1, len(request.claimed))
                self._under_way.add(request)
                tasks.create_task(self._hand_over(request))
        finally:
            self._is_claiming = False
            if self._is_draining:
                self._has_room.set()
        return len(claims.taken) + len(claims.run_out)

    def _close_run_out(self, claims: Claims) -> None:
        """Close what somebody took, and died before saying how it ended."""
        now = self._clock.now()
        for one in claims.run_out:
            self._close(one, settlement_of(one, Unresolved(_NOBODY_TOLD), now, self._random()))

    async def _keep_claims(self, now: datetime) -> None:
        """Renew what we hold when its leases are half over, or seem so because the clock jumped either way.

        Before each claim, for claiming is what closes the claims that ran out: a request under way ends by its own
        time-out, and must not be closed as perhaps sent by a clock that was set right meanwhile.
        """
        if self._leased_until is not None and not LEASE / 2 <= self._leased_until - now <= LEASE:
            held = [one.message.id for request in self._under_way for one in request.claimed]
            held += [one.message.id for one, _ in self._closed]
            await self._messages.renew(held, now, LEASE)
            self._leased_until = None
        if self._leased_until is None:
            self._leased_until = now + LEASE

    def _shares(self, catalog: CampaignSet) -> dict[ProviderId, int]:
        """Return how many messages each provider may be given now.

        A share of less than a quarter waits until more is free, so that a busy provider costs one claim for many
        messages and not one each.
        """
        if catalog.account.is_paused or self._is_draining or len(self._closed) >= UNSETTLED_LIMIT:
            return {}
        now = self._clock.now()
        shares = {}
        for provider in catalog.providers.values():
            pace = self._pace(provider)
            free = pace.free(now)
            if free >= max(1, provider.concurrency // 4) or (free and provider.per_s > 0):
                shares[provider.id] = free * (provider.batch.size if provider.batch else 1)
        return shares | dict.fromkeys(self._lost - catalog.providers.keys(), LOST_SHARE)

    async def _hand_over(self, request: Request) -> None:
        try:
            outcomes = await self._outcomes(request)
            now = self._clock.now()
            for one, outcome in zip(request.claimed, outcomes, strict=True):
                if outcome is TAKEN_BACK:
                    self._close(one, request.kept[one.message.id])
                else:
                    self._close(one, settlement_of(one, outcome, now, self._random()))
        finally:
            self._under_way.discard(request)
            self._pace(request.provider).end()
            self._has_room.set()

    async def _outcomes(self, request: Request) -> Sequence[Outcome]:
        """Ask the sender. A bug in it is one request's trouble: nobody knows whether that one went out."""
        began = asyncio.get_running_loop().time()
        try:
            messages = [one.message for one in request.claimed]
            return await self._sender.send(request.provider, messages, partial(self._still_wanted, request))
        except Exception as bug:  # noqa: BLE001 - whatever it is, the other requests under way go on
            log("message.unresolved", "error", provider=request.provider.nickname, error=bug)
            return [Unresolved("the sending broke off; the log says where")] * len(request.claimed)
        finally:
            took_s = asyncio.get_running_loop().time() - began
            metrics.observe("tellwire_send_seconds", took_s, provider=request.provider.nickname)

    async def _still_wanted(self, request: Request, messages: Sequence[Message]) -> Sequence[Message]:
        """Look once more if the last look is old, and return the messages that may go."""
        now_s = asyncio.get_running_loop().time()
        if now_s - request.looked_at > LOOKED_S:
            try:
                await self._look_again(request)
                request.looked_at = now_s
            except StoreError as trouble:  # nobody knows whether these may go, so they do not go now
                log("message.deferred", "error", provider=request.provider.nickname, error=trouble)
                at = self._clock.now() + timedelta(seconds=STORE_RETRY_S)
                request.kept |= {message.id: unasked(message, at) for message in messages}
        return [message for message in messages if message.id not in request.kept]

    async def _look_again(self, request: Request) -> None:
        """Note what may not go any more; what a batch in several requests has sent by now is sent all the same."""
        permissions = await self._messages.permissions([one.message for one in request.claimed])
        catalog, now = await self._catalog.snapshot(), self._clock.now()
        for one in request.claimed:
            message = one.message
            campaign = catalog.campaigns.get(message.campaign_id)
            until = catalog.account.dropped_until
            if dropped := objection(message, permissions[message.id], campaign, now, until):
                request.kept[message.id] = dropped

    def _close(self, claimed: Claimed, settlement: Settlement) -> None:
        self._closed.append((claimed, settlement))
        self._has_closed.set()

    async def _settle_forever(self) -> None:
        """Write what closes. A store that fails is tried again: what was sent must not be forgotten meanwhile."""
        while True:
            await self._has_closed.wait()
            if self._under_way and len(self._closed) < SETTLED_TOGETHER:
                await asyncio.sleep(GATHER_S)  # more close meanwhile, and share the transaction
            try:
                await self._settle()
            except Exception as trouble:  # noqa: BLE001 - the one broad except of this loop: it cuts off nothing that is under way
                metrics.count("tellwire_loop_crashes_total", loop="settle")
                log("loop.crashed", "error", loop="settle", error=trouble)
                await asyncio.sleep(STORE_RETRY_S)

    async def _settle(self) -> None:
        """Write what closed. The event goes first: its id is the message's, so a second time is no second event."""
        closed = self._closed[:UNSETTLED_LIMIT]
        if closed:
            catalog = await self._catalog.snapshot()
            if events := news_of(closed, catalog, self._clock.now()):
                await self._stream.append(events)
            await self._messages.settle([settlement for _, settlement in closed], self._clock.now())
            del self._closed[: len(closed)]
            account_for(closed, catalog, self._clock.now())
        if not self._closed:
            self._has_closed.clear()
        self._has_room.set()

    def _pace(self, provider: Provider) -> Pace:
        pace = self._paces.get(provider.id)
        if pace is None:
            pace = self._paces[provider.id] = Pace(provider.per_s, provider.concurrency)
        pace.per_s, pace.concurrency = provider.per_s, provider.concurrency
        return pace

    async def _wait(self) -> None:
        """Wait for a free slot or a due message, whichever comes first, at most `IDLE_WAIT_S`.

        Only providers that have room are asked when they are next due: the others wait for their slots.
        """
        waits = [IDLE_WAIT_S, *(wait for pace in self._paces.values() if (wait := pace.wait_s()) > 0)]
        catalog = await self._catalog.snapshot()
        waiting = await self._messages.waiting() if self._shares(catalog) or not self._under_way else {}
        self._lost = waiting.keys() - catalog.providers.keys()
        roomy = self._shares(catalog)
        now = self._clock.now()
        waits += [max(0.0, (due - now).total_seconds()) for name, due in waiting.items() if name in roomy]
        signals: set[asyncio.Task[Any]] = {asyncio.create_task(self._has_room.wait())}
        if roomy or not catalog.providers:  # the first message comes with the first provider
            signals.add(asyncio.create_task(self._messages.wait(min(waits))))
        try:
            await asyncio.wait(signals, timeout=min(waits), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for signal in signals:
                signal.cancel()
