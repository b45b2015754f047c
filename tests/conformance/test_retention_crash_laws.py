"""kill -9 while old things are being forgotten: a message is there with all of its own, or not at all."""

import asyncio
import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from conformance_forgetter import KEEP, LONG_AFTER
from conformance_harness import HARNESSES, Backend
from conformance_nouns import LATER, LEASE, MAIN, activity, event, message, read_all, receipt, record, send

from tellwire.kernel.retention import horizon
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.message import HandedOver
from tellwire.platform.ports.ledger import Recording

FORGETTER = Path(__file__).with_name("conformance_forgetter.py")
OLD = 3_000
YOUNG = 200
KILLS = 3


async def fill(backend: Backend) -> None:
    """Make what is old, then what is young by the forgetter's calendar; all of it delivered."""
    for first in range(0, OLD + YOUNG, 200):
        days = 399 if first >= OLD else 0
        numbers = range(first, first + 200)
        moved = [
            msgspec.structs.replace(event(n), received_at=event(n).received_at + timedelta(days=days))
            for n in numbers
        ]
        sent = [
            msgspec.structs.replace(message(n), created_at=message(n).created_at + timedelta(days=days))
            for n in numbers
        ]
        await backend.stream.append(moved)
        decisions = tuple(send(one) for one in sent)
        await record(backend, Recording(activity=activity(*moved), decisions=decisions), by=200)
        now = LATER + timedelta(days=days)
        claimed = (await backend.messages.claim({MAIN: 1_000}, now, LEASE)).taken
        await backend.messages.settle([HandedOver(message_id=c.message.id) for c in claimed], now)
        await backend.messages.apply([receipt(one.id) for one in sent])


def forget_until_killed(name: str, directory: Path, seed: int) -> None:
    process = subprocess.Popen(
        [sys.executable, str(FORGETTER), name, str(directory)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout is not None
    last = random.Random(seed).randrange(3, 12)
    for number, _ in enumerate(process.stdout):
        if number == last:
            process.send_signal(signal.SIGKILL)
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL, "it had nothing left to forget"


async def check(backend: Backend) -> int:
    """Return how many messages are left; each must be whole, and every young one there."""
    ids: list[str] = []
    while page := await backend.reports.recent_messages(500, before=ids[-1] if ids else ""):
        ids += [row.id for row in page]
    whole = [await backend.reports.message(row.id) for row in await backend.reports.recent_messages(500)]
    assert all(one is not None and len(one.timeline) == 3 for one in whole)
    young = {f"e{n:06}" for n in range(OLD, OLD + YOUNG)}
    assert {f"{one}-1" for one in young} <= set(ids)
    assert young <= {entry.id for entry in await read_all(backend)}
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert funnel.by_status == {"delivered": OLD + YOUNG}
    return len(ids)


@pytest.mark.parametrize("name", sorted(HARNESSES))
async def test_kill_9_while_forgetting_harms_nothing(name: str, tmp_path: Path) -> None:
    harness = HARNESSES[name](tmp_path)
    await fill(await harness.open())
    await harness.close()
    left = [OLD + YOUNG]

    for seed in range(KILLS):
        await asyncio.to_thread(forget_until_killed, name, tmp_path, seed)
        left.append(await check(await harness.open()))
        await harness.close()
    backend = await harness.open()
    for forget in (
        backend.retention.forget_stream,
        backend.retention.forget_activity,
        backend.retention.forget_messages,
    ):
        resume: int | None = 0
        while resume is not None:
            resume = (await forget(horizon(LONG_AFTER, KEEP), resume)).resume

    assert left == sorted(left, reverse=True)
    assert left[0] > left[-1] > YOUNG, "the kills came too late to mean anything"
    assert await check(backend) == YOUNG
    assert len(await read_all(backend)) == YOUNG
    await harness.close()
