"""Stories told to the real worker on a real store, with a clock in the hand: what `tests/rehearsing` is to simulate."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from tests.clock import Clock

from tellwire.platform.control.campaign_state import moved, replacing
from tellwire.platform.decide.send_gates import identity_of
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.decision import Decision, Hold, Send, Skip
from tellwire.platform.model.event import Entry
from tellwire.platform.model.facts import Facts, Needs, Versions
from tellwire.platform.model.message import MessageContext
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.run import AudienceSlice, Candidate, Choosing
from tellwire.platform.model.system_event import context_of_sent, notification_sent
from tellwire.platform.model.tally import Filled, Filling, Question
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import CatalogChange, PutAccount, PutProvider
from tellwire.platform.ports.errors import Unavailable
from tellwire.platform.ports.ledger import NOTHING_READ, Advance, RecordAnswer, Recorded, Recording
from tellwire.platform.ports.stream import Position
from tellwire.platform.rehearse.simulation import STAND_IN, code_of, event_about, written
from tellwire.platform.rehearse.story import News, Received, read_story
from tellwire.wiring.backend import open_backend

TICK = timedelta(milliseconds=1)
PLAIN = Account()


class Live:
    """A platform without its wires: a store, a worker, a clock. `chance` decides when it crashes."""

    def __init__(self, directory: Path, beginning: datetime, chance: random.Random | None = None) -> None:
        self.clock = Clock(beginning)
        self.lines: list[str] = []
        self._directory = directory
        self._chance = chance
        self._ids = random.Random(1)
        self._backend: Backend | None = None
        self._worker: DecideWorker | None = None
        self._names: dict[ProfileId, str] = {}
        self._sent: dict[tuple[str, str, str], MessageContext] = {}
        self._records = 0

    @property
    def backend(self) -> Backend:
        assert self._backend is not None
        return self._backend

    @property
    def worker(self) -> DecideWorker:
        assert self._worker is not None
        return self._worker

    async def open(self) -> None:
        self._backend = await open_backend(self._directory)
        self._worker = DecideWorker(
            stream=self._backend.stream,
            ledger=_Noting(self._backend, self._note, self._chance),
            catalog=self._backend.catalog,
            history=self._backend.history,
            clock=self.clock,
            entropy=lambda: self._ids.getrandbits(64),
            seconds=lambda: 0.0,
        )

    async def close(self) -> None:
        await self.backend.close()

    async def begin_to_crash(self, chance: random.Random) -> None:
        """Let the process die now and then from here on."""
        self._chance = chance
        await self.close()
        await self.open()

    async def publish(self, *campaigns: Campaign, account: Account = PLAIN) -> None:
        newest = await self.backend.catalog.snapshot()
        changes: list[CatalogChange] = [
            PutProvider(STAND_IN),
            PutAccount(account),
            *(replacing(None, begun(one, self.clock.now()), account, self.clock.now()) for one in campaigns),
        ]
        await self.backend.catalog.save(tuple(changes), newest.version)

    async def campaign(self, number: int = 1) -> Campaign:
        return (await self.backend.catalog.snapshot()).campaigns[CampaignId(number)]

    async def receive(self, *records: dict[str, Any]) -> None:
        """Receive records, each at its `ts`, after those who were due before it; those of one moment together."""
        earlier = [b""] * self._records  # an id is made of the number of a line
        self._records += len(records)
        story = read_story([*earlier, *(msgspec.json.encode(record) for record in records)])
        lines = [line for line in story if isinstance(line, Received | News)]
        assert len(lines) == len(records)
        for moment, together in itertools.groupby(lines, key=lambda line: line.at):
            await self.wait(moment)
            self.clock.move_to(moment)
            await self.append([entry for line in together for entry in self._entries(line)])

    def _entries(self, line: Received | News) -> Sequence[Entry]:
        """Return what a record brings; news is about the last message of its step to the person."""
        if isinstance(line, Received):
            return line.entries
        event = event_about(self._sent[line.subject.value, line.campaign, line.step], line)
        assert event is not None
        return [event]

    async def put(self, *records: dict[str, Any]) -> None:
        """Put records on the stream, and decide nothing."""
        earlier = [b""] * self._records
        self._records += len(records)
        story = read_story([*earlier, *(msgspec.json.encode(record) for record in records)])
        lines = [line for line in story if isinstance(line, Received)]
        await self.backend.stream.append([entry for line in lines for entry in line.entries])

    async def append(self, entries: Sequence[Entry]) -> None:
        await self.backend.stream.append(list(entries))
        await self.decide()

    async def wait(self, before: datetime) -> None:
        """Let time go by, and whoever is due before this moment go on."""
        while True:
            due = await self.backend.ledger.next_due(0)
            if due is None or due >= before:
                return
            self.clock.move_to(max(due, self.clock.now()))
            await self.decide()

    async def step(self) -> int:
        """Let the worker take one step."""
        assert self._worker is not None
        return await self._worker.step()

    async def facts(self) -> Facts:
        """Return what the worker would be told now."""
        return await self.backend.ledger.facts(Needs(due_before=self.clock.now() + TICK, sweep_limit=9))

    async def decide(self) -> None:
        """Let the worker do what there is to do; it may crash meanwhile, and is started again."""
        while True:
            if self._chance is not None and self._chance.random() < 0.3:
                await self.close()
                await self.open()
            assert self._worker is not None
            try:
                if await self._worker.step() == 0:
                    return
            except Unavailable:
                continue

    async def _note(self, recording: Recording) -> None:
        for profile in recording.profiles:
            if profile.subjects:
                self._names[profile.id] = identity_of(profile)
        catalog = await self.backend.catalog.snapshot()
        sent = []
        for decision in recording.decisions:
            name = catalog.campaigns[decision.campaign_id].name
            self.lines.append(self._line(decision, name))
            if isinstance(decision.verdict, Send):
                context = context_of_sent(decision.verdict.message, name, STAND_IN.nickname)
                self._sent[self._names[decision.profile_id], name, decision.step] = context
            if isinstance(decision.verdict, Send) and catalog.hears("Notification Sent"):
                sent.append(notification_sent(context, decision.decided_at, decision.decided_at))
        for left in recording.left:
            name = catalog.campaigns[left.enrollment.campaign_id].name
            who = self._names[left.enrollment.profile_id]
            self.lines.append(f"{written(left.at)} {who} {name} {left.step} exit {left.reason}")
        if sent:
            await self.backend.stream.append(sent)

    def _line(self, decision: Decision, name: str) -> str:
        start = f"{written(decision.decided_at)} {self._names[decision.profile_id]} {name} {decision.step or None}"
        match decision.verdict:
            case Send(message):
                return f"{start} send {message.text}"
            case Hold(code):
                return f"{start} hold {code}"
            case Skip():
                return f"{start} skip {code_of(decision.trace[-1])}"


class _Noting:
    """A ledger that notes what was recorded, and that fails now and then, before or after the transaction."""

    def __init__(
        self, backend: Backend, note: Callable[[Recording], Awaitable[None]], chance: random.Random | None
    ) -> None:
        self._ledger = backend.ledger
        self._note = note
        self._chance = chance

    async def position(self, partition: int) -> Position:
        return await self._ledger.position(partition)

    async def facts(self, needs: Needs) -> Facts:
        return await self._ledger.facts(needs)

    async def next_due(self, partition: int) -> datetime | None:
        return await self._ledger.next_due(partition)

    async def candidates(self, choosing: Choosing, limit: int) -> Sequence[tuple[int, Candidate]]:
        return await self._ledger.candidates(choosing, limit)

    async def take_down(self, one: AudienceSlice) -> None:
        if self._chance is not None and self._chance.random() < 0.3:
            raise Unavailable("the disk is away")
        await self._ledger.take_down(one)
        if self._chance is not None and self._chance.random() < 0.3:
            raise Unavailable("nobody heard the answer")

    async def ask(self, questions: Sequence[Question]) -> None:
        await self._ledger.ask(questions)

    async def asks(self) -> frozenset[str]:
        return await self._ledger.asks()

    async def filling(self, limit: int) -> Filling | None:
        return await self._ledger.filling(limit)

    async def fill(self, one: Filled) -> None:
        if self._chance is not None and self._chance.random() < 0.3:
            raise Unavailable("the disk is away")
        await self._ledger.fill(one)
        if self._chance is not None and self._chance.random() < 0.3:
            raise Unavailable("nobody heard the answer")

    async def forget_unasked(self, limit: int) -> int:
        return await self._ledger.forget_unasked(limit)

    async def wake(self, partition: int, at: datetime) -> None:
        await self._ledger.wake(partition, at)

    async def record(
        self, recording: Recording, advance: Advance, versions: Versions = NOTHING_READ
    ) -> RecordAnswer:
        fails = self._chance is not None and self._chance.random() < 0.2
        if fails and self._chance is not None and self._chance.random() < 0.5:
            raise Unavailable("the disk is away")
        answer = await self._ledger.record(recording, advance, versions)
        if isinstance(answer, Recorded):
            await self._note(recording)
        if fails:
            raise Unavailable("nobody heard the answer")
        return answer


def begun(campaign: Campaign, now: datetime) -> Campaign:
    """Return a campaign as it begins to run."""
    return moved(msgspec.structs.replace(campaign, state="draft"), "running", now)


def lived(
    directory: Path,
    campaigns: Iterable[Campaign],
    *records: dict[str, Any],
    until: datetime,
    chance: random.Random | None = None,
    account: Account = PLAIN,
) -> list[str]:
    """Return what live campaigns did with these records, sorted: moment, person, campaign, step, what, words."""

    async def story() -> list[str]:
        live = Live(directory, datetime.fromtimestamp(records[0]["ts"], tz=until.tzinfo), chance)
        await live.open()
        try:
            await live.publish(*campaigns, account=account)
            await live.receive(*records)
            await live.wait(until + TICK)
        finally:
            await live.close()
        return sorted(live.lines)

    return asyncio.run(story())
