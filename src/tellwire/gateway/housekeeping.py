"""The gateway's work beside messages: forgets old rows, erases on request, joins texts whose parts are late."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final

from tellwire.gateway.accept.acceptance import ONCE_WITHIN
from tellwire.gateway.assembly import Assembly
from tellwire.gateway.options import GatewayOptions
from tellwire.gateway.stores import Stores
from tellwire.kernel.clock import Clock
from tellwire.kernel.forgetting import Forget
from tellwire.kernel.retention import RECEIPTS_WITHIN, horizon

SWEEP_S: Final = 60.0


async def sweep(stores: Stores, assembly: Assembly, clock: Clock) -> None:
    """Look every `SWEEP_S`, until cancelled."""
    while True:
        await asyncio.sleep(SWEEP_S)
        await stores.receipts.forget_early(clock.now())
        await stores.records.erase(clock.now())
        await assembly.receipts.join_late(clock.now())
        await assembly.receipts.fold_late(clock.now())
        await assembly.smpp.join_late()


def forgotten(options: GatewayOptions, stores: Stores, assembly: Assembly) -> dict[str, Forget]:
    """Return what is forgotten in time: sent and received messages only when the options say so."""
    steps: dict[str, Forget] = {
        "webhook log": stores.callback_log.forget,
        "client ids": lambda now, _after: stores.messages.forget_taken(now - ONCE_WITHIN),
        "exports": assembly.exports.forget,
        "links": stores.links.forget,
        "happenings": stores.happenings.forget,
    }
    return steps if options.keep is None else {**steps, **_kept(options.keep, options.receipt_wait, stores)}


def _kept(keep: timedelta, receipt_wait: timedelta, stores: Stores) -> dict[str, Forget]:
    since = partial(horizon, keep=keep, receipts_within=max(RECEIPTS_WITHIN, receipt_wait))
    return {
        "messages": lambda now, after: stores.history.forget_messages(since(now), after),
        "survey answers": lambda now, _after: stores.surveys.forget(now - keep),
        "inbound": lambda now, after: stores.history.forget_inbound(since(now), after),
    }
