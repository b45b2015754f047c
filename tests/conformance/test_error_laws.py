"""Laws of `ports.errors`: whatever a port is asked while its store is gone, it raises `Unavailable`."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import (
    LATER,
    LEASE,
    MAIN,
    NOW,
    event,
    message,
    number,
    provider,
    receipt,
    subject,
)

from tellwire.kernel.retention import horizon
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.inbound import Arrival, Inbound
from tellwire.platform.model.message import HandedOver
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.model.refused import RefusedCallback
from tellwire.platform.ports.catalog import PutProvider
from tellwire.platform.ports.errors import Full, StoreError, Unavailable
from tellwire.platform.ports.ledger import Advance, Recording
from tellwire.platform.ports.stream import START, Position

STEP = Advance(partition=0, after=START, to=Position(1))
STOP = SuppressionChange(address=number(), is_suppressed=True, source="reply", at=NOW)
SAID = Arrival(
    inbound=Inbound(key="k", event=event(1), address=number(), text="hi", provider_id=MAIN), change=STOP
)
OLD = horizon(LATER, LEASE)
Call: TypeAlias = Callable[[Backend], Awaitable[Any]]

CALLS: dict[str, Call] = {
    "append": lambda b: b.stream.append([event(1)]),
    "position": lambda b: b.ledger.position(0),
    "facts": lambda b: b.ledger.facts(Needs(subjects=[subject()], numbers=[number()])),
    "record": lambda b: b.ledger.record(Recording(), STEP),
    "claim": lambda b: b.messages.claim({MAIN: 1}, LATER, LEASE),
    "permissions": lambda b: b.messages.permissions([message(1)]),
    "renew": lambda b: b.messages.renew([message(1).id], LATER, LEASE),
    "settle": lambda b: b.messages.settle([HandedOver(message_id=message(1).id)], LATER),
    "waiting": lambda b: b.messages.waiting(),
    "contexts": lambda b: b.messages.contexts([message(1).id]),
    "suppress": lambda b: b.messages.suppress([STOP]),
    "holders": lambda b: b.messages.holders([number()]),
    "change of consent": lambda b: b.consents.change([STOP]),
    "suppressed": lambda b: b.consents.suppressed([number()]),
    "ledger of consent": lambda b: b.consents.lines(0, 1),
    "take": lambda b: b.inbox.take([SAID], LATER),
    "conversations": lambda b: b.inbox.conversations(1),
    "apply": lambda b: b.messages.apply([receipt(message(1).id)]),
    "save": lambda b: b.catalog.save((PutProvider(provider()),), 0),
    "claim of a type": lambda b: b.event_types.claim(["a"], 10),
    "recent events": lambda b: b.reports.recent_events(1),
    "changes": lambda b: b.reports.changes("", 1),
    "funnel": lambda b: b.reports.funnel([CampaignId(1)]),
    "forget": lambda b: b.retention.forget_messages(OLD, 0),
    "note": lambda b: b.refusals.note_callback(
        RefusedCallback(provider_id=MAIN, at=NOW, status=400, reason="no", items=1)
    ),
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_store_that_is_gone_is_unavailable(harness: Harness, name: str) -> None:
    backend = await harness.open()
    await harness.close()

    with pytest.raises(Unavailable):
        await CALLS[name](backend)


async def test_a_full_store_says_so_keeps_nothing_of_the_call_and_goes_on_when_there_is_room(
    harness: Harness,
) -> None:
    backend = await harness.open()
    await backend.stream.append([event(1)])
    await harness.fill()

    long = event(2, properties=b'{"Note": "' + b"x" * 500_000 + b'"}')
    with pytest.raises(Full):
        await backend.stream.append([long])
    await harness.make_room()
    await backend.stream.append([event(3)])

    entries = await backend.stream.read(0, START, 10)
    assert [positioned.entry.id for positioned in entries] == ["e000001", "e000003"]


def test_one_word_for_both() -> None:
    assert issubclass(Unavailable, StoreError)
    assert issubclass(Full, StoreError)
