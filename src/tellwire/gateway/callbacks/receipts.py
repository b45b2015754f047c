"""Takes what carriers deliver, receipts and texts, into the store and on to callbacks.

The carrier is answered only after this: what could not be stored it shall keep and bring again.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from tellwire.gateway.accept.submission import make_umids
from tellwire.gateway.model.inbound import InboundPart
from tellwire.gateway.model.matching import numbers_of
from tellwire.gateway.model.receipt import CarrierReceipt
from tellwire.gateway.smpp.receipts import Deliver, DeliveredReceipt, Inbound
from tellwire.gateway.store.inbound import Inbound as InboundStore
from tellwire.gateway.store.receipts import Receipts
from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.choice.health import Health
from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics
from tellwire.kernel.status import FAILURES, is_final

LATE_TEXTS = 100  # texts with lost parts that one look joins


class ReceiptIntake:
    """Stores deliveries; `on_callbacks` gets the callback lanes that got something to do.

    `owner_of` a virtual number is an account and a subaccount; `health_of` a carrier hears how its messages end
    and how long its receipts take; `siblings_of` a carrier are the others of its login, whose receipts it brings too.
    """

    def __init__(
        self,
        receipts: Receipts,
        inbound: InboundStore,
        *,
        clock: Clock,
        owner_of: Callable[[str], tuple[str, str] | None],
        health_of: Callable[[str], Health],
        on_callbacks: Callable[[frozenset[str]], None],
        siblings_of: Callable[[str], tuple[str, ...]] = lambda _: (),
    ) -> None:
        self._receipts = receipts
        self._inbound = inbound
        self._clock = clock
        self._owner_of = owner_of
        self._health_of = health_of
        self._on_callbacks = on_callbacks
        self._siblings_of = siblings_of

    async def deliver(self, carrier: str, deliver: Deliver) -> None:
        """Store one delivery durably; raises `kernel.sqlite.StoreError` when it could not, so that it comes again."""
        match deliver:
            case DeliveredReceipt():
                await self._record(carrier, deliver)
            case Inbound():
                await self._take(carrier, deliver)
            case _:
                assert_never(deliver)

    async def join_late(self, now: datetime) -> None:
        """Join the texts whose missing parts are overdue."""
        umids = make_umids(now, os.urandom(16 * LATE_TEXTS))
        self._on_callbacks(await self._inbound.join_late(now, umids))

    async def fold_late(self, now: datetime) -> None:
        """End the messages of which some parts have no receipt for long."""
        self._on_callbacks(await self._receipts.fold_late(now))

    async def _record(self, carrier: str, receipt: DeliveredReceipt) -> None:
        received = self._clock.now()
        recorded = await self._receipts.record(
            CarrierReceipt(
                carrier=carrier,
                reference=receipt.carrier_message_id,
                standing=receipt.standing,
                error_code=receipt.error_code,
                at=receipt.at,
                received=received,
                mcc=_digits_only(receipt.mcc),
                mnc=_digits_only(receipt.mnc),
                numbers=numbers_of(receipt.addresses),
                siblings=self._siblings_of(carrier),
                is_of_message=receipt.is_of_message,
                carrier_error=receipt.untranslated,
            )
        )
        status = receipt.standing.status
        metrics.count("tellwire_gateway_receipts_total", carrier=carrier, status=status.value)
        health = self._health_of(carrier)
        if recorded.delay_s is not None:
            health.note_delay(recorded.delay_s, asyncio.get_running_loop().time())
        if is_final(receipt.standing):
            health.note_ending(is_failed=status in FAILURES)
        self._on_callbacks(recorded.callback_lanes)

    async def _take(self, carrier: str, text: Inbound) -> None:
        now = self._clock.now()
        destination = _digits(text.destination)
        lanes = await self._inbound.take(
            InboundPart(
                umid=make_umids(now, os.urandom(16))[0],
                carrier=carrier,
                source=_digits(text.source),
                destination=destination,
                body=text.text.replace("\0", ""),
                encoding=text.encoding.value,
                received=text.received_at,
                owner=self._owner_of(destination),
                reference=text.reference,
                number=text.part_number,
                total=text.part_count,
                octets=text.octets,
                alphabet=text.alphabet,
            )
        )
        metrics.count("tellwire_gateway_receipts_total", carrier=carrier, status="inbound")
        self._on_callbacks(lanes)


def _digits_only(code: str) -> str:
    """Return a network's code, empty when the carrier wrote something else there."""
    return code if code.isascii() and code.isdecimal() else ""


def _digits(address: str) -> str:
    """Return a number's digits, and a short code or word as the carrier wrote it."""
    msisdn = parse_msisdn(address)
    return address.strip().removeprefix("+") if msisdn is None else msisdn.digits
