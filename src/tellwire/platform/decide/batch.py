"""Everything that one batch of occasions is decided on, as the occasions so far have left it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from tellwire.kernel.local_time import day_of
from tellwire.platform.decide.agenda import Agenda
from tellwire.platform.decide.behaviour import Seen
from tellwire.platform.decide.counters import Counters
from tellwire.platform.decide.fold import People
from tellwire.platform.decide.goals import Goals
from tellwire.platform.decide.index import TriggerIndex
from tellwire.platform.decide.insiders import Insiders
from tellwire.platform.decide.listing import Lists
from tellwire.platform.decide.meeting import Standing, standing_of
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.run_so_far import RunSoFar, record_of, run_of
from tellwire.platform.decide.send_gates import MAY_HOLD, SendGate, gates_for
from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.decide.trials import Trials
from tellwire.platform.model.account import Account
from tellwire.platform.model.address import Address
from tellwire.platform.model.call import Call
from tellwire.platform.model.campaign import Campaign, CampaignId, Priority
from tellwire.platform.model.decision import Decision
from tellwire.platform.model.enrollment import Contact, Left
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.rule import Did
from tellwire.platform.model.run import NumberOfRun, RunRecord
from tellwire.platform.ports.ledger import Entered, Passage, SentOn

NoteKind = Literal["come", "wait", "set", "call"]


class Noted(NamedTuple):
    """What is neither a message nor an end: a person came to a step, a wait began, a set, a call."""

    kind: NoteKind
    at: datetime
    profile_id: ProfileId
    campaign_id: CampaignId
    step: str


class Remembered(NamedTuple):
    """What a batch adds to what guards remember."""

    entered: tuple[Entered, ...]
    sent_on: tuple[SentOn, ...]
    runs: tuple[RunRecord, ...]
    run_numbers: tuple[NumberOfRun, ...]


class Prepared(NamedTuple):
    """A campaign at one moment: how it stands, the gates of its messages, and whether one of them may say not yet."""

    standing: Standing
    gates: tuple[SendGate, ...]
    may_hold: bool


Outcome: TypeAlias = Decision | Left | Noted

_RANKS: Final[Mapping[Priority, int]] = {"high": 0, "normal": 1, "low": 2}
_RUNS_LIMIT: Final = 16  # of one campaign that are remembered: those of one day overlap, in their zones
_FORGOTTEN: Final = 1 << 40  # the rank of a campaign that is there no more


class Batch:
    """The facts of a batch. It is what the gates call the surroundings of a meeting."""

    def __init__(
        self, index: TriggerIndex, people: People, account: Account, now: datetime, facts: Facts
    ) -> None:
        self.account = account
        self.shortening = index.catalog.shortening
        self.index = index
        self.people = people
        self.now = now
        self.insiders = Insiders(self.rank, facts.enrollments, facts.woken)
        self.begun: Counter[CampaignId] = Counter()  # who began to wait
        self.passages: Counter[Passage] = Counter()  # through steps, of campaigns that have several
        self.calls: list[Call] = []
        self.uncalled: Counter[CampaignId] = Counter()  # calls that a template gave nothing for
        self.goals = Goals(facts.watches)
        self.trials = Trials(facts.trials, facts.tried)
        self.notes_all = False  # whether outcomes have those too whom a run is not for
        self.is_traced = False  # whether outcomes have what steps do besides messages
        self.notes_steps = False  # whether they have each step too that somebody comes to
        self.outcomes: list[Outcome] = []
        self.others = in_order(index.others)  # the campaigns that something else than an event starts
        self.agenda = Agenda(self.rank)
        self.unmet = facts.unmet
        self.counters = Counters(index.lines, account, facts)
        self.lists = Lists(index.lists, index.catalog.version, facts)
        self.merged: dict[ProfileId, list[Profile]] = {}  # who became part of whom, until that was followed
        self.joinable: set[CampaignId] = (
            set()
        )  # in a rehearsal: for which it is known who was a member at first
        self.depths: dict[ProfileId, int] = {}  # of the chain in which a step changed a profile
        self._runs = {(one.campaign_id, one.run): run_of(one) for one in facts.runs}
        for number in facts.run_numbers:
            self._runs[number.campaign_id, number.run].numbers[number.address] = number.profile_id
        self._known_runs = {key: record_of(*key, run) for key, run in self._runs.items()}
        self._known_numbers = frozenset(facts.run_numbers)
        self._contacts = {address: list(contacts) for address, contacts in facts.contacts.items()}
        self._entries: dict[ProfileId, Counter[CampaignId]] = {}
        for (profile_id, campaign_id), entries in facts.entries.items():
            self._entries.setdefault(profile_id, Counter())[campaign_id] = entries
        self._entered: dict[tuple[ProfileId, CampaignId], None] = {}
        self._sent_before = facts.sent_on
        self._sent_on: Counter[tuple[CampaignId, date]] = Counter()
        self._prepared: dict[tuple[CampaignId, int], Prepared] = {}

    def is_suppressed(self, number: Address) -> bool:
        """Say whether the number must not be written to."""
        return self.people.is_suppressed(number)

    def is_listed(self, profile: Profile, name: str) -> bool:
        """Say whether the person is on the list of this name."""
        return self.lists.has(profile, name)

    def seen(self, profile: Profile, did: Did, entered_at: datetime | None) -> Seen | None:
        """Return what there is of the events that a rule asks about, None while they are not counted."""
        return self.counters.seen(profile.id, did, self.now, entered_at)

    def contacts(self, profile: Profile) -> Sequence[Contact]:
        """Return the messages to this person's number that caps count."""
        return () if profile.phone is None else self._contacts.get(profile.phone, ())

    def entries(self, profile: Profile, campaign: CampaignId) -> int:
        """Return how often the person has entered the campaign."""
        return self._entries[profile.id][campaign] if profile.id in self._entries else 0

    def sent_today(self, campaign: CampaignId) -> int:
        """Return how many messages of the campaign were decided on this day of the account's zone."""
        return self._sent_on[campaign, self._today()] + self._sent_before.get(campaign, 0)

    def run(self, campaign: CampaignId, name: str, at: datetime | None = None) -> RunSoFar:
        """Return what a run of a campaign did so far; of the oldest runs nothing is known any more."""
        run = self._runs.get((campaign, name))
        if run is None:
            run = self._runs[campaign, name] = RunSoFar(at=at or self.now)
            if self.notes_all:  # a rehearsal, which loads and keeps nothing
                earlier = [key for key in self._runs if key[0] == campaign]
                for key in earlier[:-_RUNS_LIMIT]:
                    del self._runs[key]
        return run

    def timetable(self, campaign_id: CampaignId) -> Timetable | None:
        """Return the moments of a campaign's schedule, None if it has none."""
        return self.agenda.timetable(campaign_id) or self.index.timetable(campaign_id, self.account)

    def end_run(self, campaign: CampaignId, name: str) -> None:
        """Note that all members of a run have had their turn."""
        self.run(campaign, name).is_swept = True

    def note_entry(self, profile: Profile, campaign: CampaignId) -> None:
        """Count an entry for `ever`."""
        self._entries.setdefault(profile.id, Counter())[campaign] += 1
        self._entered[profile.id, campaign] = None

    def give_entries(self, giver: Profile, taker: Profile) -> None:
        """Count the entries of a profile for the one that it was merged into."""
        counts = self._entries.pop(giver.id, None)
        if counts is not None:
            self._entries.setdefault(taker.id, Counter()).update(counts)
            self._entered.update(((taker.id, campaign), None) for campaign in counts)

    def note_contact(self, number: Address, campaign: CampaignId) -> None:
        """Count a message for caps."""
        self._contacts.setdefault(number, []).append(Contact(campaign, self.now))

    def note_sent(self, campaign: CampaignId) -> None:
        """Count a message of a campaign for its limit of the day, which it has."""
        self._sent_on[campaign, self._today()] += 1

    def prepared(self, plan: Plan) -> Prepared:
        """Return what is worked out once for a version of a campaign in this batch."""
        campaign, key = plan.campaign, (plan.campaign.id, plan.campaign.version)
        known = self._prepared.get(key)
        if known is None:
            gates = gates_for(campaign, self.account)
            known = self._prepared[key] = Prepared(
                standing_of(campaign, self.index.provider_of, self.now), gates, not MAY_HOLD.isdisjoint(gates)
            )
        return known

    def note(self, kind: NoteKind, profile: ProfileId, campaign: CampaignId, step: str) -> None:
        """Note what a step did, if anybody wants to know."""
        if self.is_traced:
            self.outcomes.append(Noted(kind, self.now, profile, campaign, step))

    def remembered(self) -> Remembered:
        """Return what guards have to remember of this batch."""
        return Remembered(
            entered=tuple(
                Entered(profile_id, campaign_id, self._entries[profile_id][campaign_id])
                for profile_id, campaign_id in self._entered
                if profile_id in self._entries
            ),
            sent_on=tuple(
                SentOn(campaign_id, day, messages) for (campaign_id, day), messages in self._sent_on.items()
            ),
            runs=tuple(
                record
                for key, run in self._runs.items()
                if key[1] and (record := record_of(*key, run)) != self._known_runs.get(key)
            ),
            run_numbers=tuple(
                number
                for (campaign_id, name), run in self._runs.items()
                for address, profile_id in run.numbers.items()
                if (number := NumberOfRun(campaign_id, name, address, profile_id)) not in self._known_numbers
            ),
        )

    def turn_to(self, now: datetime) -> None:
        """Go on at another moment: what a campaign's standing says of the time is worked out anew."""
        if now != self.now:
            self.now = now
            self.people.now = now
            self._prepared.clear()

    def rank(self, campaign_id: CampaignId) -> int:
        """Return the place of a campaign among those that act at one moment."""
        campaign = self.index.catalog.campaigns.get(campaign_id)
        return _FORGOTTEN if campaign is None else (_RANKS[campaign.priority] << 32) + campaign.id

    def _today(self) -> date:
        return day_of(self.now, self.account.clock)


def in_order(campaigns: Iterable[Campaign]) -> Sequence[Campaign]:
    """Return campaigns in the order in which they act on one event: by priority, then by first publishing."""
    return sorted(campaigns, key=lambda campaign: (_RANKS[campaign.priority], campaign.id))
