"""The one way by which a message is taken, whatever wire it came on: terms, storing, charging, telling the lanes."""

import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final, Literal

from tellwire.gateway.accept.links import Linker
from tellwire.gateway.accept.submission import Admission, Terms
from tellwire.gateway.contract.errors import NO_CREDIT, STORE_FULL, ApiError
from tellwire.gateway.model.account import Directory, Subaccount
from tellwire.gateway.model.message import NewBatch
from tellwire.gateway.store.messages import Messages
from tellwire.kernel.clock import Clock
from tellwire.kernel.links.slugs import ENTROPY_BYTES, Slugs
from tellwire.kernel.metrics import metrics
from tellwire.kernel.sqlite import Full

# Long enough for every retry of a caller that is in doubt; after it the same client id is a new message.
ONCE_WITHIN: Final = timedelta(hours=24)


class Acceptance:
    """Takes admitted messages; `on_queued` hears which lanes got some.

    `route_of` an account is what gives its messages, by destination and sender ID, a lane and the price of a part;
    `may_send_of` a subaccount is what says whether a sender ID may send to a destination. `link_base` is where short
    links start; those that begin with one of `kept_links` are short already.
    """

    def __init__(
        self,
        messages: Messages,
        directory: Callable[[], Directory],
        *,
        clock: Clock,
        route_of: Callable[[str], Callable[[str, str], tuple[str | None, int]]],
        may_send_of: Callable[[str], Callable[[str, str], bool]],
        link_base: Callable[[], str],
        on_queued: Callable[[Iterable[str]], None],
        kept_links: tuple[str, ...] = (),
    ) -> None:
        self._messages = messages
        self._directory = directory
        self._clock = clock
        self._route_of = route_of
        self._may_send_of = may_send_of
        self._link_base = link_base
        self._on_queued = on_queued
        self._kept_links = kept_links

    def terms(
        self,
        subaccount: Subaccount,
        batch: str | None = None,
        client_batch: str | None = None,
        *,
        is_survey: bool = False,
    ) -> Terms:
        """Return what the subaccount's messages get and cost at this moment; `is_survey` when they lead to one."""
        account = self._directory().accounts[subaccount.account]
        return Terms(
            subaccount=subaccount.id,
            account=account.id,
            default_source=subaccount.default_source,
            currency=account.currency,
            route=self._route_of(account.id),
            may_send=self._may_send_of(subaccount.id),
            batch=batch,
            client_batch=client_batch,
            linker=self._linker(subaccount) if is_survey or subaccount.shortens_links else None,
        )

    def _linker(self, subaccount: Subaccount) -> Linker:
        now = self._clock.now()
        slugs = Slugs(os.urandom(ENTROPY_BYTES), now)
        shortens = subaccount.shortens_links
        return Linker(self._link_base(), slugs, now, shortens=shortens, kept=self._kept_links)

    async def store(
        self,
        subaccount: Subaccount,
        admission: Admission,
        *,
        wire: Literal["http", "smpp"],
        joined: int | None = None,
    ) -> ApiError | None:
        """Store what was admitted; None once all of it is on the disk, else why nothing was stored or charged."""
        if not admission.accepted:
            return None
        account = self._directory().accounts[subaccount.account]
        new = NewBatch(
            account=account.id,
            messages=admission.accepted,
            links=admission.links,
            is_prepaid=account.is_prepaid,
            joined=joined,
            once_since=self._clock.now() - ONCE_WITHIN if subaccount.takes_once else None,
        )
        try:
            taken = await self._messages.accept(new)
        except Full:
            return STORE_FULL
        if not taken.is_covered:
            return NO_CREDIT
        if taken.repeated:
            admission.name_repeated(taken.repeated)
        count = len(admission.accepted)
        metrics.count("tellwire_gateway_submissions_total", count, wire=wire, outcome="accepted")
        self._on_queued({message.lane for message in admission.accepted})
        return None
