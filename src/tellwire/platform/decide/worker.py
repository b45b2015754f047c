"""The loop that decides: read, ask the ledger, decide, record, go on. Nothing is decided in this file.

One worker owns a partition. What it recorded and how far it read are one transaction of the ledger, so that a crash
at any line repeats nothing and loses nothing.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tellwire.kernel.clock import Clock
from tellwire.kernel.ids import new_ids
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.platform.decide.engine import FAILED, decide_batch, heard, numbers_of, subjects_of
from tellwire.platform.model.decision import Decision, Send
from tellwire.platform.model.profile import DroppedChange, ProfileId
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.ledger import Advance, Conflict, Ledger, Recorded
from tellwire.platform.ports.stream import Position, Positioned, Stream

BATCH_LIMIT = (
    1_000  # a batch holds up the loop for some 10 ms, and its fixed cost is shared by enough entries
)
IDLE_S = 1.0  # how long to wait for the stream's own sign before looking again


class DecideWorker:
    """Decides one partition of the stream."""

    def __init__(
        self,
        *,
        stream: Stream,
        ledger: Ledger,
        catalog: Catalog,
        clock: Clock,
        entropy: Callable[[], int] = lambda: secrets.randbits(64),
        default_region: str | None = None,
        partition: int = 0,
    ) -> None:
        self._stream = stream
        self._ledger = ledger
        self._catalog = catalog
        self._clock = clock
        self._entropy = entropy
        self._default_region = default_region
        self._partition = partition
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
                await self._stream.wait(self._partition, self._position, IDLE_S)

    async def step(self) -> int:
        """Decide one batch, and return how many entries it had: 0 when there is nothing to do."""
        if self._position is None:
            self._position = await self._ledger.position(self._partition)
        if self._found is None:
            self._found = self._stream.last(self._partition)
        batch = await self._next_batch(self._position)
        if batch:
            await self._decide(batch, self._position)
        if not batch or self._position >= self._found:
            self._has_caught_up.set()
        return len(batch)

    async def _next_batch(self, after: Position) -> list[Positioned]:
        """Return what comes next; a read may give a whole chunk more than asked, and that waits here.

        A batch leaves only once it is recorded: a store that fails meanwhile must find it here again.
        """
        if not self._undecided:
            self._undecided = await self._stream.read(self._partition, after, BATCH_LIMIT)
        return self._undecided[:BATCH_LIMIT]

    async def _decide(self, batch: list[Positioned], after: Position) -> None:
        catalog = await self._catalog.snapshot()
        entries = heard([positioned.entry for positioned in batch], catalog)
        subjects = subjects_of(entries)
        facts = await self._ledger.facts(subjects, numbers_of(entries, self._default_region))
        now = self._clock.now()
        recording = decide_batch(
            entries,
            facts=facts,
            catalog=catalog,
            now=now,
            new_ids=map(ProfileId, new_ids(now, self._entropy(), len(subjects))),
            default_region=self._default_region,
        )
        advance = Advance(partition=self._partition, after=after, to=batch[-1].position)
        match await self._ledger.record(recording, advance):
            case Recorded():
                self._position, self._undecided = advance.to, self._undecided[len(batch) :]
                _tell(len(batch), recording.decisions)
                _tell_dropped(recording.dropped)
            case Conflict(position):  # Somebody else decided these: go on from where they stopped.
                self._position, self._undecided = position, []


def _tell(events: int, decisions: Iterable[Decision]) -> None:
    """Count what was decided, and say so in one line a batch."""
    outcomes = Counter(
        ("send", "") if isinstance(d.verdict, Send) else ("skip", d.verdict.code) for d in decisions
    )
    for (outcome, reason), count in outcomes.items():
        metrics.count("tellwire_decisions_total", count, outcome=outcome, reason=reason)
    metrics.count("tellwire_entries_decided_total", events)
    log("event.decided", "debug", count=events, rows=outcomes.total())
    if failed := outcomes["skip", FAILED]:
        log("event.decided", "error", count=failed, reason="an error of ours; explain names its kind")


def _tell_dropped(dropped: Sequence[DroppedChange]) -> None:
    """Count the changes of profiles that could not be made, and name one of each kind."""
    for hindrance, count in Counter(one.hindrance for one in dropped).items():
        one = next(one for one in dropped if one.hindrance == hindrance)
        metrics.count("tellwire_property_changes_dropped_total", count, reason=hindrance)
        log("profile.dropped", "warning", count=count, reason=hindrance, field=one.key, event_id=one.record)
