"""The ledger: what is true of profiles and numbers, and how far the stream was decided."""

from collections.abc import Sequence
from datetime import datetime

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import audiences, inside, list_facts, sweeps, tallies, trials
from tellwire.platform.backends.embedded.facts import facts_of
from tellwire.platform.backends.embedded.record import position, record, rows_of
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.decision import Send
from tellwire.platform.model.facts import Facts, Needs, Versions
from tellwire.platform.model.run import AudienceSlice, Candidate, Choosing
from tellwire.platform.model.tally import Filled, Filling, Question
from tellwire.platform.ports.ledger import NOTHING_READ, Advance, RecordAnswer, Recorded, Recording
from tellwire.platform.ports.stream import Position


class EmbeddedLedger:
    """See `ports.ledger.Ledger`. `wake` hears of new messages, `calls_wake` of new calls."""

    def __init__(self, database: Database, wake: Wake, calls_wake: Wake) -> None:
        self._database = database
        self._wake = wake
        self._calls_wake = calls_wake

    async def position(self, partition: int) -> Position:
        """Return how far this partition has been decided."""
        return await self._database.read(position, partition)

    async def facts(self, needs: Needs) -> Facts:
        """Return what is known about these subjects and numbers."""
        return await self._database.read(facts_of, needs)

    async def next_due(self, partition: int) -> datetime | None:
        """Return when the next of those inside campaigns is due; there is one partition."""
        return await self._database.read(_next_due, partition)

    async def candidates(self, choosing: Choosing, limit: int) -> Sequence[tuple[int, Candidate]]:
        """Return the people who are looked at next for an audience."""
        return await self._database.read(audiences.candidates, choosing, limit)

    async def take_down(self, one: AudienceSlice) -> None:
        """Keep a slice of an audience; see the port."""
        await self._database.write(sweeps.take_down, one)

    async def wake(self, partition: int, at: datetime) -> None:  # noqa: ARG002 - there is one partition
        """Let some of those inside campaigns that changed be looked at from `at` on."""
        await self._database.write(inside.wake, at)

    async def ask(self, questions: Sequence[Question]) -> None:
        """Count for these questions and no others; see the port."""
        await self._database.write(tallies.ask, questions)

    async def asks(self) -> frozenset[str]:
        """Return the keys of the questions that are counted."""
        return await self._database.read(tallies.asks)

    async def filling(self, limit: int) -> Filling | None:
        """Return the next events to be counted for questions that are new."""
        return await self._database.read(tallies.filling, limit)

    async def fill(self, one: Filled) -> None:
        """Keep what a filling led to; see the port."""
        await self._database.write(tallies.fill, one)

    async def forget_unasked(self, limit: int) -> int:
        """Forget some tallies that nobody asks for any more."""
        return await self._database.write(tallies.forget_unasked, limit)

    async def record(
        self, recording: Recording, advance: Advance, versions: Versions = NOTHING_READ
    ) -> RecordAnswer:
        """Commit the batch and the position in one transaction; see the port."""
        answer = await self._database.write(record, rows_of(recording, advance, versions))
        has_messages = any(isinstance(decision.verdict, Send) for decision in recording.decisions)
        if has_messages and isinstance(answer, Recorded):
            self._wake.notify()
        if recording.calls:
            self._calls_wake.notify()
        return answer


def _next_due(connection: apsw.Connection, _partition: int) -> datetime | None:
    moments = [one.next_due(connection) for one in (inside, sweeps, trials, list_facts)]
    return min((moment for moment in moments if moment is not None), default=None)
