"""A process that lives on a store until it is killed, and prints what was answered, a line each.

python conformance_storm.py <back end> <directory> <seed>

A <entry id>...        appended        R <position> <message id>...   recorded
C <message id>...      claimed         S <message id>...              settled (never to be claimed again)
D <message id>...      delivered       P <number>                     published (a version of campaign 1)
"""

import asyncio
import random
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from conformance_harness import HARNESSES, Backend
from conformance_nouns import LATER, MAIN, REJECTED, activity, campaign, event, message, receipt, send

from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.message import GivenUp, HandedOver, Settlement
from tellwire.platform.ports.catalog import PutCampaign
from tellwire.platform.ports.ledger import Advance, Recorded, Recording

LEASE = timedelta(days=1)  # in a storm no claim runs out: whose claims come back is seen after the kill


def tell(what: str, *words: object) -> None:
    sys.stdout.write(" ".join((what, *map(str, words))) + "\n")
    sys.stdout.flush()


async def append(backend: Backend, seed: int) -> None:
    chance = random.Random(seed)
    numbers = count(seed * 1_000_000)
    while True:
        some = [event(next(numbers)) for _ in range(chance.choice((1, 1, 2, 20)))]
        await backend.stream.append(some)
        tell("A", *(e.id for e in some))


async def decide(backend: Backend) -> None:
    """Decide what comes, and after each batch publish a campaign."""
    position = await backend.ledger.position(0)
    versions = count((await backend.history.newest([CampaignId(1)])).get(CampaignId(1), 0) + 1)
    while True:
        found = await backend.stream.read(0, position, 20)
        if not found:
            await backend.stream.wait(0, position, 1)
            continue
        messages = [message(int(positioned.entry.id[1:])) for positioned in found]
        seen = activity(*(positioned.entry for positioned in found))
        recording = Recording(activity=seen, decisions=tuple(send(m) for m in messages))
        step = Advance(partition=0, after=position, to=found[-1].position)
        assert await backend.ledger.record(recording, step) == Recorded()
        position = step.to
        tell("R", position, *(m.id for m in messages))
        await publish(backend, next(versions))


async def publish(backend: Backend, number: int) -> None:
    """Publish campaign 1 with a text that nobody published before."""
    newest = await backend.catalog.snapshot()
    change = PutCampaign(campaign(text=f"text {number}"))
    assert isinstance(await backend.catalog.save((change,), newest.version), CampaignSet)
    tell("P", number)


async def deliver(backend: Backend, chance: random.Random) -> None:
    while True:
        shares = {MAIN: chance.randrange(1, 30)}
        claims = await backend.messages.claim(shares, LATER + timedelta(days=365), LEASE)
        claimed = claims.taken
        tell("C", *(c.message.id for c in claimed))
        settled: list[Settlement] = [
            HandedOver(message_id=c.message.id)
            if chance.random() < 0.9
            else GivenUp(message_id=c.message.id, standing=REJECTED, code="1", reason="no")
            for c in claimed
            if chance.random() < 0.8
        ]
        await backend.messages.settle(settled, LATER)
        tell("S", *(s.message_id for s in settled))
        receipts = [receipt(s.message_id) for s in settled if isinstance(s, HandedOver)]
        await backend.messages.apply(receipts)
        tell("D", *(r.message_id for r in receipts))
        if not claimed:
            await backend.messages.wait(0.01)


async def main(name: str, directory: Path, seed: int) -> None:
    backend = await HARNESSES[name](directory).open()
    async with asyncio.TaskGroup() as tasks:
        for caller in range(4):
            tasks.create_task(append(backend, seed * 10 + caller))
        tasks.create_task(decide(backend))
        tasks.create_task(deliver(backend, random.Random(seed)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
