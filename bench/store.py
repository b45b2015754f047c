"""What the embedded back end does a second, everything synced: appends, unmatched events, lives of messages.

    python bench/store.py

The figures are of the store alone, in the process that uses it: no HTTP, no engine, no template.
"""

import asyncio
import gc
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import uvloop

from _figures import figure, repeated
from tellwire.kernel.address import msisdn_of_digits
from tellwire.kernel.ids import new_ids
from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import MessageStatus, Receipt, Standing
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import Decision, GateResult, Send
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.message import HandedOver, Message, message_id
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.ledger import Activity, Advance, Recording
from tellwire.platform.ports.stream import START
from tellwire.wiring.backend import open_backend

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PROPERTIES = msgspec.Raw(
    b'{"Product":"Casio Chronograph Watch","Category":"Mens Watch","Price":59.99,"Qty":1,"Gift":true}'
)
PEOPLE = 20_000
RANDOM = random.Random(7)
MAIN = ProviderId("main")


def events(count: int, ms: int = 0) -> list[Event]:
    """Events of people chosen at random, of one millisecond."""
    return [
        Event(
            id=EventId(identifier),
            subject=Subject("identity", f"user {RANDOM.randrange(PEOPLE)}"),
            name="Product Viewed",
            occurred_at=NOW,
            received_at=NOW,
            properties=PROPERTIES,
        )
        for identifier in new_ids(NOW + timedelta(milliseconds=ms), RANDOM.getrandbits(32), count)
    ]


def profile(n: int) -> Profile:
    """Somebody with a number."""
    return Profile(
        id=ProfileId(f"{n:024x}"),
        subjects=(Subject("identity", f"user {n}"),),
        properties={"Name": f"Somebody {n}", "Phone": f"+65912{n:05}", "Plan": "gold", "Orders": n},
        phone=msisdn_of_digits(f"65912{n:05}"),
        created_at=NOW,
        updated_at=NOW,
    )


def message(event: Event) -> Message:
    """The text that answers an event."""
    return Message(
        id=message_id(occasion_of(event), CampaignId(1)),
        occasion_id=occasion_of(event),
        campaign_id=CampaignId(1),
        profile_id=ProfileId(f"{1:024x}"),
        subject=event.subject,
        provider_id=MAIN,
        to=msisdn_of_digits(f"65912{RANDOM.randrange(PEOPLE):05}"),
        text="Hi Somebody, your Casio Chronograph Watch is on its way. Track it at https://sho.rt/x8Jk2",
        encoding=Encoding.GSM7,
        parts=1,
        give_up_at=NOW + timedelta(hours=4),
        created_at=NOW,
    )


def decision(event: Event) -> Decision:
    """A verdict with all its gates."""
    gates = ("schedule", "event_conditions", "profile_conditions", "reachability", "consent", "suppression")
    return Decision(
        occasion_id=occasion_of(event),
        event_name=event.name,
        campaign_id=CampaignId(1),
        campaign_version=1,
        profile_id=ProfileId(f"{1:024x}"),
        subject=event.subject,
        decided_at=NOW,
        trace=tuple(GateResult(gate, values=("what it saw",)) for gate in gates),
        verdict=Send(message(event)),
    )


@asynccontextmanager
async def fresh() -> AsyncIterator[Backend]:
    """An empty store on the disk of the temporary directory."""
    with tempfile.TemporaryDirectory() as directory:
        backend = await open_backend(Path(directory))
        try:
            yield backend
        finally:
            await backend.close()


async def appends(size: int, count: int, callers: int) -> float:
    """Return entries appended a second by `callers` at once, each waiting for its answer."""
    given = [events(size, ms) for ms in range(count // size)]
    async with fresh() as backend:
        queue = iter(given)

        async def caller() -> None:
            for some in queue:
                await backend.stream.append(some)

        begun = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(callers)))
        return count / (time.perf_counter() - begun)


async def encoding_us() -> float:
    """Return what one entry of an append of 500 costs the event loop's thread, in microseconds."""
    async with fresh() as backend:
        given = [events(500, ms) for ms in range(100)]
        spent = 0.0
        for some in given:
            begun = time.thread_time()
            await backend.stream.append(some)
            spent += time.thread_time() - begun
        return spent / 50_000 * 1e6


async def unmatched(count: int = 100_000) -> float:
    """Return events a second that are read, looked up and recorded, without a decision to make."""
    async with fresh() as backend:
        people = tuple(profile(n) for n in range(PEOPLE))
        await backend.ledger.record(Recording(profiles=people), Advance(partition=0, after=START, to=START))
        for ms in range(count // 1000):
            await backend.stream.append(events(1000, ms))
        begun, position = time.perf_counter(), START
        while found := await backend.stream.read(0, position, 2000):
            seen = [positioned.entry for positioned in found]
            facts = await backend.ledger.facts(Needs(subjects=list({entry.subject for entry in seen})))
            activity = tuple(Activity(facts.profiles[entry.subject].id, entry) for entry in seen)
            step = Advance(partition=0, after=position, to=found[-1].position)
            await backend.ledger.record(Recording(activity=activity), step, facts.versions)
            position = found[-1].position
        return count / (time.perf_counter() - begun)


async def lives(count: int = 20_000, batch: int = 250) -> float:
    """Return messages a second from decision through claim, settlement and receipt."""
    decisions = [decision(event) for event in events(count)]
    async with fresh() as backend:
        begun, position = time.perf_counter(), START
        for start in range(0, count, batch):
            some = tuple(decisions[start : start + batch])
            step = Advance(partition=0, after=position, to=type(START)(position + 1))
            await backend.ledger.record(Recording(decisions=some), step)
            position = step.to
            claimed = (await backend.messages.claim({MAIN: batch}, NOW, timedelta(minutes=5))).taken
            await backend.messages.settle([HandedOver(message_id=c.message.id) for c in claimed], NOW)
            delivered = Standing(MessageStatus.DELIVERED)
            await backend.messages.apply(
                [Receipt(message_id=c.message.id, standing=delivered, at=NOW) for c in claimed]
            )
        return count / (time.perf_counter() - begun)


def measure(run: Callable[[], Awaitable[float]]) -> list[float]:
    """Run it five times, each in a loop of its own."""

    async def once() -> float:
        return await run()

    return repeated(lambda: uvloop.run(once()))


def main() -> None:
    """Print every figure."""
    sys.setswitchinterval(0.0005)  # as the composition root sets it
    gc.set_threshold(50_000, 20, 100)  # the same: decoded values are many and none is part of a ring
    figure("store: events appended in 500s", measure(lambda: appends(500, 200_000, 8)), "1/s", 200_000)
    figure("store: events appended singly", measure(lambda: appends(1, 30_000, 128)), "1/s", 15_000)
    figure("store: append of 500, loop's thread", measure(encoding_us), "us/event", 2.0, at_most=True)
    figure("store: unmatched events read, looked up, recorded", measure(unmatched), "1/s", 40_000)
    figure("store: lives of messages, 4 synced steps each", measure(lives), "1/s", 3_000)


if __name__ == "__main__":
    main()
