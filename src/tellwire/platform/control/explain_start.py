"""How a campaign starts for one person: what is so now, and what was so at its moments as far as that is kept. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from tellwire.platform.control.explain_shapes import StartLine
from tellwire.platform.control.gate_words import words_of
from tellwire.platform.control.no_answer import moment
from tellwire.platform.decide.behaviour import Seen
from tellwire.platform.decide.counters import Counters
from tellwire.platform.decide.gates import person_of, profile_conditions
from tellwire.platform.decide.meeting import Meeting, standing_of
from tellwire.platform.decide.person_zone import zone_of
from tellwire.platform.decide.rules import Person, meets, reason, seen_by, text_of, unknown_to
from tellwire.platform.decide.run_so_far import RunSoFar
from tellwire.platform.decide.timetable import moment_in
from tellwire.platform.model.account import Account
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.campaign_version import LogEntry
from tellwire.platform.model.enrollment import Contact, Entrance
from tellwire.platform.model.event import Event
from tellwire.platform.model.link import Shortening
from tellwire.platform.model.occasion import OccasionId, occasion_at
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.rule import Did, Member, Not, Rule
from tellwire.platform.model.run import RunRecord
from tellwire.platform.model.start import OnMembership, OnSchedule, event_of
from tellwire.platform.model.value import fold

_NAMES: Final = {
    "draft": "It is a draft: it was not published, or is edited since.",
    "stopped": "It is stopped",
}
NO_CODES: Final = frozenset(
    {
        "not_running",
        "no_date",
        "not_a_date",
        "not_yet",
        "over",
        "who",
        "not_member",
        "no_event",
        "no_run",
        "call",
    }
)  # of lines that say why somebody did not enter


class Around:
    """The `Surroundings` in which `who` is asked now: the account, and what is so of the person and asked outside.

    `lists` are the folded names of those that the person is on.
    """

    def __init__(
        self,
        account: Account,
        now: datetime,
        *,
        is_suppressed: bool,
        counters: Counters,
        lists: frozenset[str] = frozenset(),
    ) -> None:
        self.account = account
        self._counters = counters
        self.shortening: Shortening | None = None  # nothing is written here
        self._lists = lists
        self._now = now
        self._is_suppressed = is_suppressed

    def seen(self, profile: Profile, did: Did, entered_at: datetime | None) -> Seen | None:
        """Return what is counted of the person now, None while it is not."""
        return self._counters.seen(profile.id, did, self._now, entered_at)

    def is_suppressed(self, _number: Address) -> bool:
        """Say whether the person's number must not be written to."""
        return self._is_suppressed

    def is_listed(self, _profile: Profile, name: str) -> bool:
        """Say whether the person is on the list of this name."""
        return fold(name) in self._lists

    def contacts(self, _profile: Profile) -> Sequence[Contact]:
        """Return nothing: no gate before entering asks."""
        return ()

    def entries(self, _profile: Profile, _campaign: CampaignId) -> int:
        """Return nothing: no gate before entering asks."""
        return 0

    def sent_today(self, _campaign: CampaignId) -> int:
        """Return nothing: no gate before entering asks."""
        return 0

    def run(self, _campaign: CampaignId, _name: str) -> RunSoFar:
        """Return a run that did nothing."""
        return RunSoFar(at=self._now)


def state_lines(campaign: Campaign, last: LogEntry | None) -> Iterator[StartLine]:
    """Say why nobody enters a campaign now, if nobody does; `last` is the last line of its log."""
    at = None if last is None else last.at
    if campaign.state == "paused":
        since = "" if at is None else f" since {moment(at)}"
        yield StartLine(
            code="not_running", text=f"It is paused{since}: whoever would enter is refused.", at=at
        )
    elif campaign.state != "running":
        since = f" since {moment(at)}." if campaign.state == "stopped" and at is not None else ""
        yield StartLine(code="not_running", text=f"{_NAMES[campaign.state]}{since}", at=at)


def who_lines(
    campaign: Campaign, profile: Profile, newest: CampaignSet, around: Around, now: datetime
) -> Iterator[StartLine]:
    """Say what `who` says of the person now; it is asked on entering, and what it said then is in the decision."""
    if campaign.who is None:
        return
    entrance = Entrance(
        occasion_id=OccasionId(""), subject=profile.subjects[0], name="", occurred_at=now, received_at=now
    )
    standing = standing_of(campaign, newest.provider_of, now)
    result = profile_conditions(Meeting(entrance, {}, profile, standing, around, now))
    if result.has_passed:
        yield StartLine(code="who_now", text="They are one of those whom it is for now.")
    else:
        words = words_of(result)
        seen = f"Seen: {words.saw}. Wanted: {words.wanted}."
        text = f"They are none of those whom it is for now. {words.sentence} {seen}"
        yield StartLine(code="who", text=text)


def event_lines(campaign: Campaign, events: Sequence[Event]) -> Iterator[StartLine]:
    """Say when the event came last that starts the campaign."""
    name = event_of(campaign.start)
    if not name:
        return
    if not events:
        yield StartLine(
            code="no_event", text=f"No “{name}” of theirs has come, as far back as events are kept."
        )
        return
    at = events[0].received_at
    yield StartLine(code="last_event", text=f"Their last “{name}” came at {moment(at)}.", as_of="then", at=at)


def membership_lines(
    campaign: Campaign, start: OnMembership, profile: Profile, around: Around
) -> Iterator[StartLine]:
    """Say whether the person is a member now; since when is not kept."""
    person = person_of(profile, around)
    is_member = meets(Member(start.audience), person)
    if start.audience not in around.account.audiences:
        yield StartLine(
            code="not_member", text=f"There is no audience “{start.audience}”, so nobody joins it."
        )
    elif not is_member:
        why = _why_not(around.account.audiences[start.audience], person)
        yield StartLine(code="not_member", text=f"They are no member of “{start.audience}” now.{why}")
    else:
        yield StartLine(
            code="member", text=f"They are a member of “{start.audience}” now; since when is not kept."
        )
        if not start.present and campaign.began_at is not None:
            text = f"Only who joined after it began to run, at {moment(campaign.began_at)}, enters."
            yield StartLine(code="joined_before", text=text, as_of="rule", at=campaign.began_at)


def _why_not(rule: Rule, person: Person) -> str:
    """Say what an audience asks of behaviour that is not so, or not counted yet; other rules say it themselves."""
    uncounted = unknown_to(rule, person)
    if uncounted is not None:
        return f" It is still being counted whether they {text_of(uncounted)}."
    unmet = reason(rule, person)
    if not isinstance(unmet.rule if isinstance(unmet, Not) else unmet, Did):
        return ""
    return f" Wanted: {text_of(unmet)}. Seen: {seen_by(unmet, person)}." if unmet is not None else ""


def moment_of_run(start: OnSchedule, run: RunRecord, profile: Profile, account: Account) -> datetime:
    """Return the moment of a run for this person."""
    return moment_in(run.run, zone_of(profile, account)) if start.is_personal else run.at


def occasion_of_run(start: OnSchedule, run: RunRecord, profile: Profile, account: Account) -> OccasionId:
    """Return the occasion that a run is for this person."""
    return occasion_at(moment_of_run(start, run, profile, account), "run", run.run, profile.id)


def run_lines(
    start: OnSchedule,
    runs: Sequence[RunRecord],
    planned: Iterable[datetime],
    profile: Profile,
    account: Account,
    answered: frozenset[OccasionId],
) -> Iterator[StartLine]:
    """Say of the last runs what they did for this person; `answered` are the occasions with an answer."""
    for run in runs:
        at = moment_of_run(start, run, profile, account)
        if occasion_of_run(start, run, profile, account) in answered:
            text = f"The run of {moment(at)} came by them: its answer stands below."
            yield StartLine(code="run_answered", text=text, as_of="then", at=at)
        elif profile.created_at > at:
            text = f"The run of {moment(at)} was before they were known, at {moment(profile.created_at)}."
            yield StartLine(code="no_run", text=text, as_of="then", at=at)
        else:
            text = f"The run of {moment(at)} kept no answer for them: “who” said no then, or it is forgotten."
            yield StartLine(code="no_run", text=text, as_of="then", at=at)
    following = min(planned, default=None)
    if following is not None:
        yield StartLine(code="next_run", text=f"The next run is at {moment(following)}.", at=following)
    elif not runs:
        yield StartLine(code="no_run", text="It has not run yet, and no run is planned.")
