"""One enrollment walks: what its steps do and ask at one moment, in the surroundings of a batch."""

from datetime import datetime
from typing import assert_never

from tellwire.platform.compose.calls import made_call
from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.due import due_of
from tellwire.platform.decide.gates import person_in
from tellwire.platform.decide.kept import seconds
from tellwire.platform.decide.meeting import Meeting
from tellwire.platform.decide.person_zone import zone_of
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.rules import meets
from tellwire.platform.decide.send_gates import held_out, identity_of
from tellwire.platform.decide.sending import decide_message
from tellwire.platform.decide.share import branch_of
from tellwire.platform.model.campaign import hashed_name
from tellwire.platform.model.codes import FAILED, PASSED
from tellwire.platform.model.decision import Decision, GateResult, Hold, Send, Skip, Verdict
from tellwire.platform.model.enrollment import EnrollmentId, Entrance, enrollment_id
from tellwire.platform.model.event import (
    AddValues,
    Change,
    DeleteValue,
    EventId,
    Increment,
    ProfileChange,
    RemoveValues,
    SetValue,
)
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.step import (
    AddItem,
    AddNumber,
    CallStep,
    PropertyChange,
    PutProperty,
    RemoveItem,
    RepeatStep,
    SendStep,
    SetStep,
    SplitStep,
    Until,
    UntilDate,
    letter_of,
)
from tellwire.platform.model.trial import Trial
from tellwire.platform.model.value import Properties, Value, look_up_path


class Walk:
    """The `Walker` of one enrollment.

    `now` is the moment of the occasion, by which waits count; gates and messages go by the batch's own now. `trace`
    is what was seen before the first message; `hold` is the code of the gate that last said not yet. `overdue` is when
    somebody was due whose first message now is dropped for that, None for all others.
    """

    def __init__(
        self,
        batch: Batch,
        plan: Plan,
        profile: Profile,
        entrance: Entrance,
        properties: Properties,
        now: datetime,
        trace: tuple[GateResult, ...] = (),
        hold: str = "",
    ) -> None:
        self.now = now
        self.may_go = plan.campaign.state != "paused"
        self.hold = hold
        self.profile = profile
        self._batch = batch
        self._plan = plan
        self._entrance = entrance
        self._properties = properties
        self._trace = list(trace)
        self._was_held = bool(hold)
        self.has_decided = False  # about a message
        self.overdue: datetime | None = None

    def come(self, step: str) -> None:
        """Count that the person has come to a step."""
        campaign_id = self._plan.campaign.id
        self._batch.passages[campaign_id, "came", step] += 1
        if self._batch.notes_steps:
            self._batch.note("come", self.profile.id, campaign_id, step)

    def send(self, step: SendStep, visit: int) -> datetime | None:
        """Decide a message; return until when it is held, None if it was sent or skipped."""
        trace, verdict = self._trace, self._decide(step, visit)
        self._trace = []
        if isinstance(verdict, Hold):
            if not self._was_held:
                self._note(step, visit, trace, verdict)
            self.hold, self._was_held = verdict.code, True
            return verdict.until
        self._note(step, visit, trace, verdict)
        self.hold, self._was_held = "", False
        return None

    def _decide(self, step: SendStep, visit: int) -> Verdict:
        if self.overdue is not None:
            self._trace.append(GateResult("schedule", "overdue", (seconds(self.overdue),)))
            self.overdue = None
            return Skip("overdue")
        prepared = self._batch.prepared(self._plan)
        try:
            sending = prepared.standing.sendings[step.id]
            return decide_message(self._meeting(), sending, prepared.gates, self._trace, visit)
        except Exception as bug:  # noqa: BLE001 - one message that we cannot decide must not stop all that follow
            self._trace.append(GateResult("content", FAILED, (type(bug).__name__,)))
            return Skip(FAILED)

    def _meeting(self) -> Meeting:
        standing = self._batch.prepared(self._plan).standing
        return Meeting(self._entrance, self._properties, self.profile, standing, self._batch, self._batch.now)

    def _note(self, step: SendStep, visit: int, trace: list[GateResult], verdict: Verdict) -> None:
        batch, campaign = self._batch, self._plan.campaign
        self.has_decided = True
        batch.outcomes.append(
            Decision(
                occasion_id=self._entrance.occasion_id,
                event_name=self._entrance.name,
                campaign_id=campaign.id,
                campaign_version=batch.index.catalog.version,
                profile_id=self.profile.id,
                subject=self._entrance.subject,
                decided_at=batch.now,
                trace=tuple(trace),
                verdict=verdict,
                step=step.id,
                number=step.number,
                visit=visit,
            )
        )
        if isinstance(verdict, Skip) and len(self._plan.program.nodes) > 1:
            batch.passages[campaign.id, "skipped", step.id] += 1
        if isinstance(verdict, Skip) and self._entrance.run:
            batch.run(campaign.id, self._entrance.run).skipped[verdict.code] += 1
        if isinstance(verdict, Send):
            if campaign.limits.per_day is not None:
                batch.note_sent(campaign.id)
            if splits := self._plan.splits:
                batch.trials.note_sent(self._enrollment_id, self.profile.id, step.number, splits, self.now)
            if self._entrance.run:
                run = batch.run(campaign.id, self._entrance.run)
                run.messages += 1
                run.numbers.setdefault(verdict.message.to, self.profile.id)
            if verdict.counts:
                batch.note_contact(verdict.message.to, campaign.id)

    def due(self, until: Until, since: datetime) -> datetime | None:
        """Return when a wait that began at `since` is over, None if it has no such moment."""
        account = self._batch.account
        value = self._date(until) if isinstance(until, UntilDate) else None
        return due_of(until, since, zone_of(self.profile, account), account.clock, value)

    def _date(self, until: UntilDate) -> Value:
        properties = self._properties if until.date.source == "event" else self.profile.properties
        return look_up_path(properties, until.date.property)

    def pause(self, step: RepeatStep, since: datetime) -> datetime:
        """Return when the next visit of a repeat begins."""
        return step.every.after(since, zone_of(self.profile, self._batch.account))

    def meets(self, rule: Rule) -> bool:
        """Say whether the person meets a rule now."""
        return meets(rule, person_in(self._meeting()))

    def branch(self, step: SplitStep) -> int | datetime:
        """Return which share of a split the person falls into, or until when they wait for the one that wins."""
        shares = [one.share for one in (*step.shares, *((step.winner,) if step.winner else ()))]
        taken = branch_of(identity_of(self.profile), hashed_name(self._plan.campaign), step.id, shares)
        if step.winner is None:
            return taken
        trial = self._trial(step)
        if taken == len(step.shares):  # those who come at the very moment wait for others who do
            return self._won(trial) if self.now > trial.due_at else trial.due_at
        if self.now <= trial.due_at and not self._is_held_out():
            self._batch.trials.join(trial, self._enrollment_id, self.profile.id, taken, self.now)
        return taken

    def winner(self, step: SplitStep) -> int | datetime:
        """Return which share of a split has won for somebody who waited, or until when they wait on."""
        trial = self._trial(step)
        return self._won(trial) if self.now >= trial.due_at else trial.due_at

    def _trial(self, step: SplitStep) -> Trial:
        campaign, clock = self._plan.campaign, self._batch.account.clock
        return self._batch.trials.trial_of(campaign, step, self._entrance.run, self.now, clock)

    def _won(self, trial: Trial) -> int:
        winner = self._batch.trials.verdict(trial)
        self._trace.append(GateResult("winner", PASSED, (letter_of(winner), seconds(trial.due_at))))
        return winner

    @property
    def _enrollment_id(self) -> EnrollmentId:
        return enrollment_id(self._entrance.occasion_id, self._plan.campaign.id)

    def set(self, step: SetStep) -> None:
        """Change the profile; nothing in a holdout."""
        if self._is_held_out():
            return
        record = ProfileChange(
            id=EventId(f"{self._entrance.occasion_id}-{self._plan.campaign.id}-{step.id}"),
            subject=self._entrance.subject,
            occurred_at=self._batch.now,
            received_at=self._batch.now,
            changes=tuple(change_of(change) for change in step.changes),
        )
        self.profile = self._batch.people.change(self.profile, record, "campaign")
        self._batch.depths[self.profile.id] = self._entrance.depth + 1
        self._batch.note("set", self.profile.id, self._plan.campaign.id, step.id)

    def call(self, step: CallStep, visit: int) -> None:
        """Call another system; nothing in a holdout."""
        if self._is_held_out():
            return
        batch, campaign_id = self._batch, self._plan.campaign.id
        batch.note("call", self.profile.id, campaign_id, step.id)
        call = made_call(step, campaign_id, self._entrance, self._properties, self.profile, batch.now, visit)
        if call is None:
            batch.uncalled[campaign_id] += 1
        else:
            batch.calls.append(call)

    def _is_held_out(self) -> bool:
        return held_out(self.profile, self._plan.campaign, self._batch.account) is not None


def change_of(change: PropertyChange) -> Change:
    """Return the change of a profile record that a set step makes."""
    match change:
        case PutProperty(name, None):
            return DeleteValue(name)
        case PutProperty(name, value):
            return SetValue(name, value)
        case AddNumber(name, by):
            return Increment(name, by)
        case AddItem(name, item):
            return AddValues(name, (item,))
        case RemoveItem(name, item):
            return RemoveValues(name, (item,))
        case _:
            assert_never(change)
