"""Leaves a trace of callbacks that had no effect: a count, a line of the log, and the last few at the provider."""

from datetime import datetime, timedelta
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.refused import RefusedCallback
from tellwire.platform.ports.errors import StoreError
from tellwire.platform.ports.refusals import Refusals

# Strangers may knock all day, and a provider that others use too may tell of their messages: not one note each.
UNKNOWN_EVERY: Final = timedelta(minutes=1)


class RefusedCallbacks:
    """Notes callbacks that were refused. A store that cannot keep a note changes no answer."""

    def __init__(self, refusals: Refusals | None, clock: Clock) -> None:
        self._refusals = refusals
        self._clock = clock
        self._noted_at: dict[ProviderId | None, datetime] = {}  # None: strangers

    async def note(self, provider: Provider, kind: str, reason: str, *, status: int, items: int = 0) -> None:
        """Note a callback of which something was not taken; `kind` is a word for the metric, `reason` a sentence."""
        self.count(provider, kind, max(items, 1))
        log(
            "receipt.refused",
            "warning",
            provider=provider.nickname,
            reason=reason,
            status=status,
            count=items,
        )
        await self._keep(provider, reason, status, items)

    def count(self, provider: Provider, kind: str, amount: int = 1) -> None:
        """Count what was not taken; where the same will be sent again that is all there is to say."""
        metrics.count("tellwire_receipts_refused_total", amount, provider=provider.nickname, reason=kind)

    async def note_unknown(self, provider: Provider, unknown: int, items: int) -> None:
        """Note that a callback was about messages that nobody sent from here, once in `UNKNOWN_EVERY`."""
        if unknown == 0 or not self._is_due(provider.id):
            return
        reason = (
            f"{unknown} of {items} items are about messages that were not sent from here: "
            "$$MessageID has to come back as it was sent."
        )
        log(
            "receipt.refused", "warning", provider=provider.nickname, reason=reason, status=200, count=unknown
        )
        await self._keep(provider, reason, 200, unknown)

    def note_stranger(self) -> None:
        """Count a callback to an address that is nobody's; whose it was to be, nobody knows."""
        metrics.count("tellwire_receipts_refused_total", provider="", reason="unknown_address")
        if self._is_due(None):
            log("receipt.refused", "warning", reason="no provider has this callback address", status=404)

    def _is_due(self, who: ProviderId | None) -> bool:
        """Say whether another note about these is due, and take it for written if it is."""
        now, before = self._clock.now(), self._noted_at.get(who)
        if before is not None and now - before < UNKNOWN_EVERY:
            return False
        self._noted_at[who] = now
        return True

    async def _keep(self, provider: Provider, reason: str, status: int, items: int) -> None:
        if self._refusals is None:
            return
        trace = RefusedCallback(
            provider_id=provider.id, at=self._clock.now(), status=status, reason=reason, items=items
        )
        try:
            await self._refusals.note_callback(trace)
        except StoreError as error:  # the callback is answered for what it is, note or no note
            log("receipt.refused", "error", provider=provider.nickname, error=error)
