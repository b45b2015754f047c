"""What was decided, committed together with how far the stream was read: for the owner of a partition alone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal, Protocol, TypeAlias

import msgspec

from tellwire.platform.model.call import Call
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.consent import ConsentChange
from tellwire.platform.model.decision import Decision
from tellwire.platform.model.enrollment import Enrollment, Left
from tellwire.platform.model.event import Event
from tellwire.platform.model.facts import Facts, Needs, Versions
from tellwire.platform.model.goal import GoalReached, GoalWatch
from tellwire.platform.model.profile import DroppedChange, Profile, ProfileId, SuppressionChange
from tellwire.platform.model.refused import RefusedRecord
from tellwire.platform.model.run import AudienceSlice, Candidate, Choosing, NumberOfRun, RunRecord, Swept
from tellwire.platform.model.tally import Filled, Filling, Question, Tallied
from tellwire.platform.model.trial import Trial, Tried
from tellwire.platform.ports.stream import Position


class Activity(msgspec.Struct, frozen=True, gc=False):
    """That a profile did this event: the profile's own timeline."""

    profile_id: ProfileId
    event: Event


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """An enrollment that began (no `before`), moved on, or ended (no `after`).

    `is_parked`: its moment has come and its campaign is paused, so it is not due before the campaign goes on.
    """

    before: Enrollment | None = None
    after: Enrollment | None = None
    is_parked: bool = False


class Entered(msgspec.Struct, frozen=True):
    """How often a person has entered a campaign by now, where that is limited."""

    profile_id: ProfileId
    campaign_id: CampaignId
    entries: int


class SentOn(msgspec.Struct, frozen=True):
    """How many more messages of a campaign were decided on a day of the account's, where that is limited."""

    campaign_id: CampaignId
    day: date
    messages: int


# Of which campaign, what happened, and at which step.
Passage: TypeAlias = tuple[CampaignId, Literal["came", "skipped"], str]


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """All that one batch of the stream led to. Messages are those of `Send` verdicts; they enter the outbox.

    `moved` are the enrollments that are other than the facts had them, `begun` is how many began to wait in each
    campaign, and `left` says of those that ended why. `goals_begun` is for how many a goal began to be looked for, by
    campaign and by whether they are held out; `reached` are those that were reached, of these or earlier ones.
    `trials` are those that are other than the facts had them; `tried` and `untried` are who is in one and who no more.
    `followed` are the changes of lists that starts have followed. `passages` count who came to a step, and whose
    message was skipped there, of campaigns that have several. `calls` wait to be made; of those that a template gave
    nothing for, `uncalled` is the number. `merged` are profiles that became part of another, with that one.
    `tallied` is what is counted of people where that is other than the facts had it.
    `consents` are changes of people's flags, for the consent ledger; those of numbers write their own lines.
    `dropped` changed nothing and is not kept. `refused` are traces of calls that named nobody who is known.
    """

    profiles: tuple[Profile, ...] = ()
    suppressions: tuple[SuppressionChange, ...] = ()
    consents: tuple[ConsentChange, ...] = ()
    activity: tuple[Activity, ...] = ()
    decisions: tuple[Decision, ...] = ()
    moved: tuple[Moved, ...] = ()
    left: tuple[Left, ...] = ()
    entered: tuple[Entered, ...] = ()
    sent_on: tuple[SentOn, ...] = ()
    swept: Swept | None = None
    followed: tuple[int, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    run_numbers: tuple[NumberOfRun, ...] = ()
    watched: tuple[GoalWatch, ...] = ()
    unwatched: tuple[GoalWatch, ...] = ()
    goals_begun: Mapping[tuple[CampaignId, bool], int] = {}
    reached: tuple[GoalReached, ...] = ()
    trials: tuple[Trial, ...] = ()
    tried: tuple[Tried, ...] = ()
    untried: tuple[Tried, ...] = ()
    begun: Mapping[CampaignId, int] = {}
    passages: Mapping[Passage, int] = {}
    merged: tuple[tuple[ProfileId, ProfileId], ...] = ()
    tallied: tuple[Tallied, ...] = ()
    calls: tuple[Call, ...] = ()
    uncalled: Mapping[CampaignId, int] = {}
    dropped: tuple[DroppedChange, ...] = ()
    refused: tuple[RefusedRecord, ...] = ()


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """From where to where this batch moves the partition's position; the same twice if only time went by."""

    partition: int
    after: Position
    to: Position


class Recorded(msgspec.Struct, frozen=True, tag=True):
    """The batch is durable."""


class Conflict(msgspec.Struct, frozen=True, tag=True):
    """The partition does not stand at `after`: somebody else has moved it. Nothing was written."""

    position: Position


class Stale(msgspec.Struct, frozen=True, tag=True):
    """Facts that the batch was decided on have changed: ask again, and decide again. Nothing was written."""

    changed: Needs


NOTHING_READ: Final = Versions()
RecordAnswer: TypeAlias = Recorded | Conflict | Stale


class Ledger(Protocol):
    """Only the worker that owns a partition calls it; `ports.messages` is for everybody.

    `record` is all or nothing, and twice is once: the second finds the position moved and writes nothing.
    Decisions are kept once for each (occasion, campaign, step, visit), and beside it one that held the message.
    """

    async def position(self, partition: int) -> Position:
        """Return how far this partition has been decided."""
        ...

    async def facts(self, needs: Needs) -> Facts:
        """Return what is known about these subjects and numbers, all of it as of one moment."""
        ...

    async def next_due(self, partition: int) -> datetime | None:
        """Return when the next of those inside campaigns is to be looked at, None if nobody is."""
        ...

    async def candidates(self, choosing: Choosing, limit: int) -> Sequence[tuple[int, Candidate]]:
        """Return the people who are looked at next for a run's audience, as far as rules about properties look.

        They are in the order in which they came, each with their place; fewer than `limit` are the last.
        """
        ...

    async def take_down(self, one: AudienceSlice) -> None:
        """Keep a slice of a run's audience, with what the run did so far; with the last one its pages begin.

        Nothing is written if it is not the next slice, or the catalog is another by now: the slice is then asked for
        again, or all of the audience (`ports.catalog`). A run whose record is swept is over by this.
        """
        ...

    async def ask(self, questions: Sequence[Question]) -> None:
        """Count from now on for these questions, and for no others; what others counted is forgotten by and by.

        A question that was not asked so far is not counted for what is recorded already: see `filling`.
        """
        ...

    async def asks(self) -> frozenset[str]:
        """Return the keys of the questions that are counted, whether or not for all that came."""
        ...

    async def filling(self, limit: int) -> Filling | None:
        """Return the next recorded events, at most `limit`, to be counted for questions; None if there are none.

        Each is that of the person who holds it now, whoever did it. They come in the order of recording.
        """
        ...

    async def fill(self, one: Filled) -> None:
        """Keep what a filling led to, and that these events are counted, for those questions that are still asked.

        Nothing is written if it is not the next one. Nobody may record between `filling` and this.
        """
        ...

    async def forget_unasked(self, limit: int) -> int:
        """Forget at most so many tallies that nobody asks for any more; return how many they were."""
        ...

    async def wake(self, partition: int, at: datetime) -> None:
        """Let some of those inside campaigns that changed be looked at from `at` on; facts say if there are more."""
        ...

    async def record(
        self, recording: Recording, advance: Advance, versions: Versions = NOTHING_READ
    ) -> RecordAnswer:
        """Commit profiles, suppressions, activity, decisions, outbox rows and the position in one transaction.

        `versions` are those of the facts that the recording was decided on. Nothing is written if one of them has
        changed, in this partition or another: two names of one person never overwrite each other's changes.
        `Conflict` comes before `Stale`: what somebody else has decided need not be decided again.
        A subject that another profile held moves to the profile that lists it here.
        """
        ...
