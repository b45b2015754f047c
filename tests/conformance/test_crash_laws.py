"""kill -9 at any line loses nothing that was answered and repeats nothing that was settled."""

import asyncio
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from conformance_harness import HARNESSES, Backend
from conformance_nouns import LATER, MAIN, campaign, read_all

from tellwire.kernel.status import MessageStatus
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Event
from tellwire.platform.model.message import Claims, MessageId
from tellwire.platform.ports.message_reports import MessageRow
from tellwire.platform.ports.stream import Position

STORM = Path(__file__).with_name("conformance_storm.py")
KILLS = 4
AFTER_EVERY_LEASE = LATER + timedelta(days=1000)


class Answers:
    """What all the storms were told before they were killed."""

    def __init__(self) -> None:
        self.appended: set[str] = set()
        self.recorded: set[str] = set()
        self.settled: set[str] = set()
        self.delivered: set[str] = set()
        self.position = 0
        self.published = 0

    def note(self, line: str) -> None:
        what, *words = line.split()
        match what:
            case "A":
                self.appended.update(words)
            case "R":
                self.position = int(words[0])
                self.recorded.update(words[1:])
            case "S":
                self.settled.update(words)
            case "D":
                self.delivered.update(words)
            case "P":
                self.published = int(words[0])


def storm(name: str, directory: Path, seed: int, answers: Answers) -> None:
    """Run a storm, kill it at a line of its own choosing, and note every whole line it wrote."""
    process = subprocess.Popen(
        [sys.executable, str(STORM), name, str(directory), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout is not None
    last = random.Random(seed).randrange(200, 900)
    for number, line in enumerate(process.stdout):
        if number == last:
            process.send_signal(signal.SIGKILL)
        if line.endswith("\n"):
            answers.note(line)
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL, "the storm ended by itself"


async def every_message(backend: Backend) -> list[MessageRow]:
    rows: list[MessageRow] = []
    while page := await backend.reports.recent_messages(500, before=rows[-1].id if rows else ""):
        rows += page
    return rows


async def check(backend: Backend, answers: Answers) -> None:
    entries = [entry.id for entry in await read_all(backend)]
    assert len(entries) == len(set(entries)), "an entry is there twice"
    assert answers.appended <= set(entries), "an answered entry is lost"
    position = await backend.ledger.position(0)
    assert position >= answers.position
    rows = await every_message(backend)
    assert answers.recorded <= {row.id for row in rows}, "a recorded message is lost"
    # One decision an entry, for all up to the position and none beyond: the position moves with what it led to.
    assert {row.id for row in rows} == {f"{entry}-1" for entry in entries[:position]}
    assert len(rows) == position
    by_id = {row.id: row for row in rows}
    assert all(by_id[MessageId(i)].standing.status is not MessageStatus.QUEUED for i in answers.settled)
    assert all(by_id[MessageId(i)].standing.status is MessageStatus.DELIVERED for i in answers.delivered)
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert funnel.by_status == Counter(row.standing.status for row in rows)


async def check_versions(backend: Backend, answers: Answers) -> None:
    """Every version that was answered is there, the campaign is as the newest says, and the log names each once."""
    versions = await backend.history.versions_of(CampaignId(1), 10_000)
    numbers = [version.number for version in versions]
    assert numbers == list(range(len(numbers), 0, -1))
    assert numbers[0] >= answers.published, "a version that was answered is lost"
    assert [v.campaign for v in versions] == [
        msgspec.structs.replace(campaign(text=f"text {number}"), version=number) for number in numbers
    ]
    assert [line.number for line in await backend.history.log_of(CampaignId(1), 10_000)] == numbers
    assert (await backend.catalog.snapshot()).campaigns[CampaignId(1)] == versions[0].campaign


async def claim_the_rest(backend: Backend, answers: Answers) -> None:
    """After the last kill: what waits is given out once, and nothing else is."""
    queued = {row.id for row in await every_message(backend) if row.standing.status is MessageStatus.QUEUED}
    claimed: list[str] = []
    run_out: list[str] = []
    while (
        claims := await backend.messages.claim({MAIN: 100}, AFTER_EVERY_LEASE, timedelta(days=1))
    ) != Claims():
        claimed += [c.message.id for c in claims.taken]
        run_out += [c.message.id for c in claims.run_out]
    perhaps = set(run_out)
    assert len(claimed) == len(set(claimed))
    assert len(run_out) == len(perhaps)
    assert not set(claimed) & answers.settled, "a settled message was given out again"
    assert set(claimed) | perhaps == queued, "a message neither waits nor is accounted for"
    assert not set(claimed) & perhaps


@pytest.mark.parametrize("name", sorted(HARNESSES))
async def test_kill_9_loses_nothing_answered_and_repeats_nothing_settled(name: str, tmp_path: Path) -> None:
    answers = Answers()

    for seed in range(1, KILLS + 1):
        await asyncio.to_thread(storm, name, tmp_path, seed, answers)

        harness = HARNESSES[name](tmp_path)
        backend = await harness.open()
        await check(backend, answers)
        await check_versions(backend, answers)
        await harness.close()

    backend = await harness.open()
    await claim_the_rest(backend, answers)
    assert all(isinstance(p.entry, Event) for p in await backend.stream.read(0, Position(0), 10))
    await harness.close()
    assert len(answers.settled) > 100, "the storms were too short to mean anything"
    assert answers.published > 1
