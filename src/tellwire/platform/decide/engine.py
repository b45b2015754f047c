"""Decides a batch: a fold, in order, over what the ledger knew.

A profile record before an event is seen by it; an event moves those whom it concerns, and meets only the campaigns
that it starts (see `index`), each at most once: the ledger keeps one decision for each message, so a batch decided
twice is recorded once. Between two entries those who are due go on.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tellwire.platform.decide.agenda import Beginning
from tellwire.platform.decide.batch import Batch, Outcome
from tellwire.platform.decide.calling import answer_call, nobody_called
from tellwire.platform.decide.choosing import begin_run
from tellwire.platform.decide.counting import count, expect_anew, let_join
from tellwire.platform.decide.enrolling import fire, hear, merge, reckon
from tellwire.platform.decide.entering import fail
from tellwire.platform.decide.fold import People
from tellwire.platform.decide.following import Changed, follow
from tellwire.platform.decide.hearing import Heard
from tellwire.platform.decide.index import Listeners, TriggerIndex
from tellwire.platform.decide.list_joining import catch_up, follow_page
from tellwire.platform.decide.pending import fire_entry, give
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.starting import candidates, is_started, start
from tellwire.platform.decide.sweep_page import begin_page, go_through, meet_in
from tellwire.platform.decide.versions import bring_up_to_date
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.codes import FAILED
from tellwire.platform.model.decision import Decision
from tellwire.platform.model.enrollment import Left
from tellwire.platform.model.event import (
    Called,
    Entry,
    Event,
    ProfileChange,
    Subject,
    event_of_call,
)
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.refused import RefusedRecord
from tellwire.platform.model.run import Sweep, SweepPage, Swept
from tellwire.platform.model.value import decoded, fold
from tellwire.platform.ports.ledger import Activity, Recording

__all__ = ["FAILED", "Fold", "decide_batch"]


class Fold:
    """The fold over one batch: entries go in, one after the other; a recording comes out.

    `facts` answers `asking.subjects_of` and `asking.numbers_of` of the entries. `new_ids` gives an id for each subject
    that has no profile yet. `default_region` (ISO 3166-1) reads national numbers in `Phone`, None takes international
    ones only.
    """

    def __init__(
        self,
        *,
        facts: Facts,
        index: TriggerIndex,
        now: datetime,
        new_ids: Iterator[ProfileId],
        default_region: str | None = None,
        account: Account | None = None,
        is_traced: bool = False,
        notes_all: bool = False,
        notes_steps: bool = False,
    ) -> None:
        self._people = People(facts, new_ids, now, default_region)
        self._batch = Batch(index, self._people, account or Account(), now, facts)
        self._batch.is_traced, self._batch.notes_all = is_traced, notes_all
        self._batch.notes_steps = notes_steps
        self._activity: list[Activity] = []
        self._merged: list[tuple[ProfileId, ProfileId]] = []
        self._swept: Swept | None = None
        self._refused: list[RefusedRecord] = []
        bring_up_to_date(self._batch, facts.enrollments)

    def learn(self, facts: Facts) -> None:
        """Know these people too: for whoever asks for them as they come."""
        self._people.learn(facts)
        self._batch.lists.learn(facts)
        self._batch.counters.learn(facts)

    def remember(self, event: Event) -> None:
        """Count an event of before for the rules that ask about it, and decide nothing."""
        profile = self._people.profile_of(event.subject)
        self._batch.counters.count(event, decoded(event.properties), profile.id, event.received_at)

    def turn_to(self, now: datetime) -> None:
        """Let the clock stand at another moment from here on."""
        self._batch.turn_to(now)

    def begin(self, beginning: datetime) -> None:
        """Let schedules and audiences count from this moment on, before which nothing was decided."""
        self._batch.agenda.begin(self._batch.index.others, beginning, self._batch.account)

    def decide(self, entry: Entry) -> Iterable[None]:
        """Decide one entry. Iterate the answer to its end: it gives way after each campaign that is asked."""
        if self._batch.lists.is_behind:
            for cause in catch_up(self._batch, entry):
                self._follow(cause)
        if isinstance(entry, Called):
            return self._answer(entry)
        if isinstance(entry, ProfileChange):
            self._people.apply(entry)
            while self._people.merged:
                self._merge(*self._people.merged.pop(0))
            reckon(self._batch, self._people.profile_of(entry.subject))
            self._follow(entry.id)
            return ()
        profile = self._people.profile_of(entry.subject)
        self._activity.append(Activity(profile.id, entry))
        index = self._batch.index
        joins = count(self._batch, entry, profile) if index.lines.by_event else ()
        listeners = index.listeners(entry.name)
        is_heard = bool(index.heard) and fold(entry.name) in index.heard
        if listeners is None and not is_heard:
            if self._batch.others:
                let_join(self._batch, joins, profile, entry.id)
                self._follow(entry.id)
            return ()
        return self._meet(entry, profile, listeners, joins, is_heard=is_heard)

    def is_due(self, before: datetime) -> bool:
        """Say whether somebody, or a run, is due before this moment: a cheap question before `fire`."""
        turn = self._batch.insiders.turn()
        return (turn is not None and turn[0] < before) or self._batch.agenda.is_due(before)

    def fire(self, before: datetime, *, follows: bool = False) -> Iterator[None]:
        """Let those who are due before this moment go on, the earliest first; it gives way after each.

        `follows` says whether the clock stands at each one's own moment meanwhile.
        """
        batch = self._batch
        batch.trials.decide(before)
        while True:
            beginning = batch.agenda.take(before, batch.insiders.turn())
            enrollment = None if beginning is not None else batch.insiders.next_due(before)
            if beginning is not None:
                yield from self._begin(beginning, follows=follows)
            elif enrollment is not None:
                if follows:
                    batch.turn_to(enrollment.due_at)
                try:
                    (fire_entry if enrollment.is_pending else fire)(batch, enrollment)
                except Exception as bug:  # noqa: BLE001 - see `entering.fail`
                    fail(batch, enrollment, bug)
                self._follow(f"{enrollment.id}@{batch.now.timestamp()}")
                yield
            else:
                return

    def meet_everybody(self, campaign_id: CampaignId, at: datetime) -> None:
        """Let a campaign meet all people who are known, as when it begins to run: for rehearsals."""
        plan, sweep = self._batch.index.plan(campaign_id), Sweep(campaign_id=campaign_id, run="", at=at)
        if plan is not None:
            for profile in self._people.everybody():
                meet_in(self._batch, sweep, plan, profile)

    def sweep(self, page: SweepPage) -> Iterator[None]:
        """Let a campaign meet these people, one after the other; it gives way after each."""
        self._swept = begin_page(self._batch, page)
        if self._swept is None:
            return
        for swept in go_through(self._batch, page, self._follow):
            self._swept = swept
            if swept.resumes_at is not None:
                return
            yield

    def follow_lists(self, until: datetime) -> Iterator[None]:
        """Let starts follow the changes of lists up to a moment whose turn it is; it gives way after each."""
        for cause in follow_page(self._batch, until):
            self._follow(cause)
            yield

    def profile(self, profile_id: ProfileId) -> Profile | None:
        """Return a profile as it is now, None if it is not there."""
        return self._people.known(profile_id)

    @property
    def catalog(self) -> CampaignSet:
        """The catalog that is decided by."""
        return self._batch.index.catalog

    def named(self, subject: Subject) -> Profile | None:
        """Return the profile that a subject names now, None if it names none."""
        return self._people.named(subject)

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """What was decided and who left a campaign so far, in the order of time."""
        return self._batch.outcomes

    def recording(self) -> Recording:
        """Return all that the entries led to so far."""
        watched, unwatched = self._batch.goals.changes()
        return Recording(
            watched=watched,
            unwatched=unwatched,
            **self._batch.trials.changes()._asdict(),
            begun=dict(self._batch.begun),
            passages=dict(self._batch.passages),
            calls=tuple(self._batch.calls),
            uncalled=dict(self._batch.uncalled),
            goals_begun=dict(self._batch.goals.begun),
            reached=tuple(self._batch.goals.reached),
            profiles=self._people.changed(),
            suppressions=tuple(self._people.suppressions),
            consents=tuple(self._people.consents),
            activity=tuple(self._activity),
            decisions=tuple(one for one in self._batch.outcomes if isinstance(one, Decision)),
            left=tuple(one for one in self._batch.outcomes if isinstance(one, Left)),
            moved=tuple(self._batch.insiders.moved()),
            swept=self._swept,
            followed=tuple(self._batch.lists.followed),
            tallied=self._batch.counters.changes(),
            **self._batch.remembered()._asdict(),
            merged=tuple(self._merged),
            dropped=tuple(self._people.dropped),
            refused=tuple(self._refused),
        )

    def _meet(
        self,
        event: Event,
        profile: Profile,
        listeners: Listeners | None,
        joins: Sequence[Plan],
        *,
        is_heard: bool,
    ) -> Iterator[None]:
        properties = decoded(event.properties)
        if is_heard:
            self._measure(Heard(event, properties), profile)
            hear(self._batch, event, properties, profile)
            yield
        for campaign in candidates(listeners, properties) if listeners else ():
            if is_started(campaign, properties):
                start(self._batch, campaign, event, properties)
            yield
        let_join(self._batch, joins, profile, event.id)
        self._follow(event.id)

    def _measure(self, heard: Heard, profile: Profile) -> None:
        """Count the goals that an event reaches, and what splits measure."""
        goals, trials = self._batch.goals, self._batch.trials
        trials.hear(heard, profile)
        trials.reach(goals.hear(heard, profile, self.catalog), profile.id, heard.event.received_at)

    def _answer(self, called: Called) -> Iterator[None]:
        """Let whom a call names meet its campaigns, or note that nobody is known by that name."""
        profile = self._people.named(called.subject)
        if profile is None:
            self._refused.append(nobody_called(called, self.catalog))
            return
        event = event_of_call(called)
        self._activity.append(Activity(profile.id, event))
        joins = count(self._batch, event, profile) if self._batch.index.lines.by_event else ()
        let_join(self._batch, joins, profile, called.id)
        yield from answer_call(self._batch, called, profile)
        self._follow(called.id)

    def _begin(self, beginning: Beginning, *, follows: bool) -> Iterator[None]:
        if follows:
            self._batch.turn_to(beginning.moment)
        for number, _ in enumerate(begin_run(self._batch, beginning)):
            self._follow(f"{beginning.campaign_id}.{beginning.run}.{number}")
            yield

    def _merge(self, giver: Profile, taker: Profile) -> None:
        merge(self._batch, giver, taker)
        self._batch.counters.merge(giver.id, taker.id, self._batch.now)
        self._merged.append((giver.id, taker.id))
        self._batch.merged.setdefault(taker.id, []).append(giver)
        self._batch.give_entries(giver, taker)
        self._batch.goals.give(giver, taker)
        self._batch.trials.give(giver, taker)
        give(self._batch, giver, taker)
        expect_anew(self._batch, taker)

    def _follow(self, cause: str) -> None:
        """Let starts follow the profiles that changed by this occasion, and those that this changes in turn."""
        batch = self._batch
        while batch.others and (fresh := self._people.take_fresh()):
            for profile_id, before in fresh.items():
                after, depth = self._people.known(profile_id), batch.depths.pop(profile_id, 0)
                if after is not None and after.subjects:
                    follow(batch, Changed(before, after, cause, depth))
        batch.merged.clear()
        batch.counters.follow_merges()


def decide_batch(
    entries: Iterable[Entry],
    *,
    facts: Facts,
    index: TriggerIndex,
    now: datetime,
    new_ids: Iterator[ProfileId],
    default_region: str | None = None,
) -> Recording:
    """Return all that these entries lead to, decided in one go; see `Fold`."""
    batch = Fold(facts=facts, index=index, now=now, new_ids=new_ids, default_region=default_region)
    for entry in entries:
        for _ in batch.decide(entry):
            pass
    return batch.recording()
