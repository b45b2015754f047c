"""The loop that decides: read, ask the ledger, decide, record, go on. Nothing is decided in this file.

One worker owns a partition. What it recorded and how far it read are one transaction of the ledger, so that a crash
at any line repeats nothing and loses nothing.

Deciding is bounded by time, for one campaign costs a thousand times another. After each `TURN_S` the loop gets its
turn, also between two campaigns that one event starts; after `TURNS` of these what was decided is recorded, and the
rest is the next step's, and so is that of a sweep's page after `SWEEP_TURNS`. An event is recorded whole, however many
turns it takes.
"""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import assert_never

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.ids import new_ids
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.platform.decide.asking import is_heard, numbers_of, subjects_of
from tellwire.platform.decide.engine import Fold
from tellwire.platform.decide.index import TriggerIndex, index_of
from tellwire.platform.decide.recall import recall_of
from tellwire.platform.decide.taking_down import AudienceTaker
from tellwire.platform.decide.tally_filling import TallyFiller
from tellwire.platform.model.codes import FAILED
from tellwire.platform.model.decision import Decision, Hold, Send, Skip, Verdict
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts, Needs, Versions
from tellwire.platform.model.profile import DroppedChange, ProfileId
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.history import History
from tellwire.platform.ports.ledger import Advance, Conflict, Ledger, Recorded, Recording, Stale
from tellwire.platform.ports.stream import Position, Positioned, Stream

LEAST = 20  # people who are due, or next in a sweep, that a step asks for whatever it had time for
BATCH_LIMIT = 1_000  # entries whose facts are asked for at once: the fixed cost of a step is shared by enough
TURN_S = 0.005  # of deciding, for which nothing else in the loop gets its turn
# Of entries and of those who are due, in a step. Its reads and its commit cost the same for few as for many, so that
# more turns make a backlog cheaper; claims and settlements wait for its transaction, so that it stays short.
TURNS = 6
# For a page of a sweep in a step with entries, and in one without, as the fixed cost is most of a short one: others
# wait for one such page, and for the short one of their own step, which together are within 100 ms.
SHORT_SWEEP_TURNS, SWEEP_TURNS = 2, 4
TICK = timedelta(milliseconds=1)  # of stores: who is due now is due before the next
EVER, NEVER = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
NOTHING = Recording()
IDLE_S = 1.0  # how long to wait for the stream's own sign before looking again


class DecideWorker:
    """Decides one partition of the stream."""

    def __init__(
        self,
        *,
        stream: Stream,
        ledger: Ledger,
        catalog: Catalog,
        history: History,
        clock: Clock,
        entropy: Callable[[], int] = lambda: secrets.randbits(64),
        default_region: str | None = None,
        partition: int = 0,
        seconds: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._stream = stream
        self._ledger = ledger
        self._catalog = catalog
        self._history = history
        self._clock = clock
        self._entropy = entropy
        self._default_region = default_region
        self._partition = partition
        self._seconds = seconds
        self._audiences = AudienceTaker(ledger, clock, seconds)
        self._tallies = TallyFiller(ledger, clock, seconds)
        self._index: TriggerIndex | None = None
        self._limit = self._due_limit = self._sweep_limit = self._list_limit = BATCH_LIMIT
        self._position: Position | None = None
        self._undecided: list[Positioned] = []
        self._found: Position | None = None  # the stream's end when this worker began
        self._has_caught_up = asyncio.Event()

    async def caught_up(self) -> None:
        """Return when all that stood in the stream as this worker began is decided.

        Who opted out, and had the answer to it before a crash, is known from then on.
        """
        await self._has_caught_up.wait()

    async def run(self) -> None:
        """Decide until cancelled."""
        while True:
            if await self.step() == 0 and self._position is not None:
                await self._stream.wait(self._partition, self._position, await self._idle_s())

    async def step(self) -> int:
        """Decide what a step's time allows, and return how many entries and due people: 0 when nothing is to do."""
        if self._position is None:
            self._position = await self._ledger.position(self._partition)
        if self._found is None:
            self._found = self._stream.last(self._partition)
        batch = await self._next_batch(self._position)
        is_due = not batch and await self._is_due()
        count = await self._decide(batch, self._position) if batch or is_due else 0
        if not count:
            await self._tallies.ask(await self._newest_index())
        count += await self._tallies.go_on()
        if not batch or self._position >= self._found:
            self._has_caught_up.set()
        return count

    async def _is_due(self) -> bool:
        due_at = await self._ledger.next_due(self._partition)
        return due_at is not None and due_at <= self._clock.now()

    async def _idle_s(self) -> float:
        """Return for how long there is nothing to do, if nothing comes."""
        due_at = await self._ledger.next_due(self._partition)
        if due_at is None:
            return IDLE_S
        return min(IDLE_S, max(0.0, (due_at - self._clock.now()).total_seconds()))

    async def _next_batch(self, after: Position) -> list[Positioned]:
        """Return what comes next; a read may give a whole chunk more than asked, and that waits here.

        A batch leaves only once it is recorded: a store that fails meanwhile must find it here again.
        """
        if not self._undecided:
            self._undecided = await self._stream.read(self._partition, after, BATCH_LIMIT)
        return self._undecided[: self._limit]

    async def _decide(self, batch: list[Positioned], after: Position) -> int:
        """Decide what a step has time for: entries with those who are due between them, then a page of a sweep."""
        now = self._clock.now()
        index, subjects, facts = await self._known(batch, now)
        fold = Fold(
            facts=facts,
            index=index,
            now=now,
            new_ids=map(ProfileId, new_ids(now, self._entropy(), len(subjects))),
            default_region=self._default_region,
            account=index.catalog.account,
        )
        turns, listing = _Turns(self._seconds, TURNS), _Turns(self._seconds, SHORT_SWEEP_TURNS)
        sweeping = _Turns(self._seconds, SHORT_SWEEP_TURNS if batch else SWEEP_TURNS)
        count = await self._decided(batch, fold, turns, facts.due_until)
        if not turns.are_over() and (facts.due_until is not None or self._is_end(batch, count)):
            await _let_go_on(fold.fire((facts.due_until or now) + TICK), turns)
        if facts.list_page:
            await _let_go_on(fold.follow_lists(self._decided_until(batch, count)), listing)
            limit = next_limit(self._list_limit, listing.people, is_cut=listing.are_over())
            self._list_limit = max(LEAST, limit)
        if facts.page is not None:
            await _let_go_on(fold.sweep(facts.page), sweeping)
        self._ask_for(batch, count, turns, sweeping if facts.page else None)
        recording = fold.recording()
        if facts.choosing is None or count or recording != NOTHING:
            await self._record(recording, after, count, facts.versions)
        if facts.is_waking:
            await self._ledger.wake(self._partition, now)
        if facts.choosing is not None:
            await self._audiences.take(facts.choosing, index)
        has_more = bool(facts.woken or facts.is_waking or facts.page or facts.list_page or facts.choosing)
        return count + turns.people + sweeping.people + has_more

    async def _known(
        self, batch: Sequence[Positioned], now: datetime
    ) -> tuple[TriggerIndex, Sequence[Subject], Facts]:
        """Return the campaigns and all that is known about whom the batch is about, or who is due."""
        index = await self._newest_index()
        await self._tallies.ask(index)
        entries = [one.entry for one in batch if is_heard(one.entry, index.catalog)]
        subjects = subjects_of(entries)
        needs = Needs(
            subjects=subjects,
            numbers=numbers_of(entries, self._default_region),
            due_before=now + TICK,
            due_limit=self._due_limit,
            sweep_limit=self._sweep_limit,
            recall=recall_of(index.past, index.catalog.account, now),
            lists=list(index.lists.ids.values()),
            list_limit=self._list_limit,
            tallies=bool(index.lines.by_key),
        )
        facts = await self._ledger.facts(needs)
        known = await self._knowing(index, facts.enrollments)
        if known.lists != index.lists or known.lines is not index.lines:  # an earlier version looks at more
            await self._tallies.ask(known)
            lists, tallies = list(known.lists.ids.values()), bool(known.lines.by_key)
            facts = await self._ledger.facts(msgspec.structs.replace(needs, lists=lists, tallies=tallies))
        return known, subjects, facts

    def _is_end(self, batch: Sequence[Positioned], count: int) -> bool:
        """Say whether all that came is decided, so that nothing comes before those who are due now."""
        if count < len(batch):
            return False
        return not batch or batch[-1].position >= self._stream.last(self._partition)

    def _decided_until(self, batch: Sequence[Positioned], count: int) -> datetime:
        """Return the moment up to which all that came is decided."""
        if self._is_end(batch, count):
            return EVER
        return batch[count - 1].entry.received_at if count else NEVER

    def _ask_for(
        self, batch: Sequence[Positioned], count: int, turns: "_Turns", sweeping: "_Turns | None"
    ) -> None:
        """Ask for as many next time as this step had time for."""
        if batch:
            self._limit = next_limit(self._limit, count, is_cut=count < len(batch))
        self._due_limit = max(LEAST, next_limit(self._due_limit, turns.people, is_cut=turns.are_over()))
        if sweeping is not None:
            limit = next_limit(self._sweep_limit, sweeping.people, is_cut=sweeping.are_over())
            self._sweep_limit = max(LEAST, limit)

    async def _knowing(self, index: TriggerIndex, enrollments: Sequence[Enrollment]) -> TriggerIndex:
        """Return the index with the earlier versions by which these people are inside."""
        unknown = index.unknown(enrollments)
        if not unknown:
            return index
        versions = await self._history.versions(unknown)
        known = index.knowing({key: one.campaign for key, one in versions.items()})
        if self._index is not None and self._index.catalog is index.catalog:
            self._index = known
        return known

    async def _newest_index(self) -> TriggerIndex:
        """Return the index of the newest catalog, made in a thread when that has changed: it may be large."""
        catalog = await self._catalog.snapshot()
        if self._index is None or self._index.catalog is not catalog:
            self._index = await asyncio.to_thread(index_of, catalog, self._index)
        return self._index

    async def _decided(
        self, batch: Sequence[Positioned], fold: Fold, turns: "_Turns", due_until: datetime | None
    ) -> int:
        """Decide entries, and before each those who are due, until a step's turns are over; return how many.

        Those due after `due_until` are not all known, so nothing that came later is decided.
        """
        count = 0
        for positioned in batch:
            entry = positioned.entry
            if due_until is not None and entry.received_at > due_until:
                break
            if fold.is_due(entry.received_at):
                await _let_go_on(fold.fire(entry.received_at), turns)
                if turns.are_over():
                    break
            if is_heard(entry, fold.catalog):
                for _ in fold.decide(entry):
                    if turns.has_ended():
                        await turns.pause()
            count += 1
            if turns.has_ended():
                await turns.pause()
            if turns.are_over():
                break
        return count

    async def _record(self, recording: Recording, after: Position, count: int, versions: Versions) -> None:
        """Record what the first `count` undecided entries led to, and go on behind them."""
        to = self._undecided[count - 1].position if count else after
        advance = Advance(partition=self._partition, after=after, to=to)
        match await self._ledger.record(recording, advance, versions):
            case Recorded():
                self._position, self._undecided = to, self._undecided[count:]
                _tell(count, recording.decisions)
                _tell_dropped(recording.dropped)
            case Conflict(position):  # Somebody else decided these: go on from where they stopped.
                self._position, self._undecided = position, []
            case Stale(
                changed
            ):  # Somebody opted out, or changed elsewhere: the next step asks and decides again.
                count = len(changed.subjects) + len(changed.numbers)
                log("event.decided", "debug", count=count, reason="stale")


class _Turns:
    """Some turns of a step: between two of them the rest of the loop goes on. `people` counts those who went on."""

    def __init__(self, seconds: Callable[[], float], limit: int) -> None:
        self.people = 0
        self._limit = limit
        self._seconds = seconds
        self._taken = 0
        self._ends_at = seconds() + TURN_S

    def are_over(self) -> bool:
        """Say whether what was decided is to be recorded."""
        return self._taken >= self._limit

    def has_ended(self) -> bool:
        """Say whether a turn is over: whoever asks pauses then."""
        return self._seconds() > self._ends_at

    async def pause(self) -> None:
        """Let the rest of the loop go on."""
        self._taken += 1
        await asyncio.sleep(0)
        self._ends_at = self._seconds() + TURN_S


async def _let_go_on(people: Iterator[None], turns: _Turns) -> None:
    """Let people go on, one after the other, until a step's turns are over."""
    for _ in people:
        turns.people += 1
        if turns.has_ended():
            await turns.pause()
        if turns.are_over():
            break


def next_limit(limit: int, count: int, *, is_cut: bool) -> int:
    """Return for how many entries to ask next: facts that a step has no time for are asked for in vain.

    One slow step may be the machine's doing, so it halves the limit at most.
    """
    return max(count, limit // 2) if is_cut else min(2 * limit, BATCH_LIMIT)


def _tell(events: int, decisions: Iterable[Decision]) -> None:
    """Count what was decided, and say so in one line a batch."""
    outcomes = Counter(_outcome(decision.verdict) for decision in decisions)
    for (outcome, reason), count in outcomes.items():
        metrics.count("tellwire_decisions_total", count, outcome=outcome, reason=reason)
    metrics.count("tellwire_entries_decided_total", events)
    log("event.decided", "debug", count=events, rows=outcomes.total())
    if failed := outcomes["skip", FAILED]:
        log("event.decided", "error", count=failed, reason="an error of ours; explain names its kind")


def _outcome(verdict: Verdict) -> tuple[str, str]:
    match verdict:
        case Send():
            return "send", ""
        case Hold(code):
            return "hold", code
        case Skip(code):
            return "skip", code
        case _:
            assert_never(verdict)


def _tell_dropped(dropped: Sequence[DroppedChange]) -> None:
    """Count the changes of profiles that could not be made, and name one of each kind."""
    for hindrance, count in Counter(one.hindrance for one in dropped).items():
        one = next(one for one in dropped if one.hindrance == hindrance)
        metrics.count("tellwire_property_changes_dropped_total", count, reason=hindrance)
        log("profile.dropped", "warning", count=count, reason=hindrance, field=one.key, event_id=one.record)
