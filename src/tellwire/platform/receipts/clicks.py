"""Makes clicks on our own links events of their people: many in one append, which is durable before it answers.

Nothing is counted here: the decider does, in the transaction in which it decides the event, and so each click once.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from tellwire.kernel.clock import Clock, from_ms
from tellwire.kernel.metrics import metrics
from tellwire.kernel.status import MessageStatus, Standing
from tellwire.kernel.telemetry import log
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.event import Event
from tellwire.platform.model.message import MessageContext
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.system_event import notification_clicked
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.errors import StoreError
from tellwire.platform.ports.links import Link
from tellwire.platform.ports.stream import Stream

BATCH_LIMIT: Final = 500  # clicks of one append: some 10 ms of making events
KEPT_WITHIN_S: Final = 1.0
WAITING_LIMIT: Final = 10_000  # clicks that wait: two seconds of a storm; further ones are not counted


class Click(NamedTuple):
    """A person followed this link."""

    link: Link
    at: datetime
    kept: "asyncio.Future[None]"


class ClickRecorder:
    """Takes clicks and appends their events. `prefix` is the address with which short links begin."""

    def __init__(self, stream: Stream, catalog: Catalog, clock: Clock, prefix: str) -> None:
        self._stream = stream
        self._catalog = catalog
        self._clock = clock
        self._prefix = prefix
        self._waiting: list[Click] = []
        self._has_some = asyncio.Event()
        self._number = 0

    async def record(self, link: Link, at: datetime) -> None:
        """Return when the click is durable, or cannot be kept: that is in the log and in the metrics.

        Also returns when the store takes longer than `KEPT_WITHIN_S`: nobody is kept waiting for our books.
        """
        if len(self._waiting) >= WAITING_LIMIT:
            metrics.count("tellwire_link_visits_total", kind="lost")
            return
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Click(link, at, kept))
        self._has_some.set()
        await kept

    async def run(self) -> None:
        """Record until cancelled."""
        while True:
            await self._has_some.wait()
            await self.step()

    async def drain(self, _within_s: float) -> None:
        """Record what waits."""
        while self._waiting:
            await self.step()

    async def step(self) -> None:
        """Record some of what waits."""
        some, self._waiting = self._waiting[:BATCH_LIMIT], self._waiting[BATCH_LIMIT:]
        if not self._waiting:
            self._has_some.clear()
        patience = asyncio.get_running_loop().call_later(KEPT_WITHIN_S, self._let_go, some)
        try:
            await self._append(some)
        except StoreError as error:
            metrics.count("tellwire_link_visits_total", len(some), kind="lost")
            log("link.clicked", "error", count=len(some), error=error)
        finally:
            patience.cancel()
            _let_go(some)

    def _let_go(self, some: Sequence[Click]) -> None:
        """Keep nobody waiting any longer: neither those under way nor those behind them."""
        _let_go(some)
        _let_go(self._waiting)

    async def _append(self, clicks: Sequence[Click]) -> None:
        newest, now = await self._catalog.snapshot(), self._clock.now()
        await self._stream.append([self._event(click, newest, now) for click in clicks])

    def _event(self, click: Click, newest: CampaignSet, now: datetime) -> Event:
        self._number += 1
        return notification_clicked(
            context_of(click.link, newest),
            click.at,
            now,
            url=click.link.target,
            short_url=self._prefix + click.link.slug,
            mark=f" {self._number}",
        )


def _let_go(clicks: Sequence[Click]) -> None:
    for click in clicks:
        if not click.kept.done():
            click.kept.set_result(None)


def context_of(link: Link, newest: CampaignSet) -> MessageContext:
    """Return what an event needs to know of a link's message, with campaign and provider as they are called now."""
    source = link.source
    campaign, provider = newest.campaigns.get(source.campaign_id), newest.providers.get(source.provider_id)
    return MessageContext(
        id=link.message_id,
        standing=Standing(MessageStatus.SENT),
        occasion_id=OccasionId(""),
        campaign_id=source.campaign_id,
        campaign_name="" if campaign is None else campaign.name,
        profile_id=ProfileId(""),
        subject=source.subject,
        to=source.to,
        provider_id=source.provider_id,
        provider_nickname=source.provider_id if provider is None else provider.nickname,
        created_at=from_ms(link.made_ms),
    )
