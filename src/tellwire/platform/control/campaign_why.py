"""“Why so few?”: of those who met a campaign's start or were chosen, how many got nothing, by reason, and who.

Worked out of what is stored, read backwards from the newest and bounded: decisions, runs of the schedule, departures.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.gate_words import reason_of
from tellwire.platform.control.moments import optional_moment
from tellwire.platform.control.problem import invalid
from tellwire.platform.control.shapes import SubjectView
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.enrollment import END_REASONS, EndReason, Left
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.start import OnSchedule, event_of
from tellwire.platform.ports.campaign_reports import DecidedPage
from tellwire.platform.ports.inside_reports import LeftPage

ROWS_AT_ONCE: Final = 5_000  # decisions of all campaigns that one read looks at; some 10 ms
ROWS_LIMIT: Final = 100_000  # that all reads of one answer look at
RUNS_LIMIT: Final = 200
SAMPLE: Final = 5  # people named by reason
Since = Annotated[str, QueryParameter(name="from", max_length=40)]
Until = Annotated[str, QueryParameter(name="to", max_length=40)]
Stage = Literal["start", "gate", "held", "left"]


class WhyReason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason: at the `start` they were refused, at a `gate` a message was, it is `held`, or they `left` before it.

    `example` is the sentence of the newest one. `sample` has some of the people, the newest first; there is none of
    those of a run whom the campaign is not for, for of these only the number is kept.
    """

    stage: Stage
    gate: str
    code: str
    times: int
    example: str
    sample: Sequence[SubjectView]


class WhyFew(msgspec.Struct, frozen=True, kw_only=True):
    """Why so few got something, in a period. `reasons` are the most frequent first; `sent` counts messages.

    `decided` counts answers: at the start, and at each message. `reached` is null if the whole period was looked
    through, else the moment back to which it was. `note` says what leaves no trace.
    """

    since: datetime | None
    until: datetime | None
    decided: int
    sent: int
    reasons: Sequence[WhyReason]
    reached: datetime | None
    note: str


@get("/api/campaigns/{campaign_id:int}/why", tags=["campaigns"])
async def read_why(
    campaign_id: FromPath[int], desk: DeskDependency, since: Since = "", until: Until = ""
) -> WhyFew:
    """Say why so few got something of a campaign: counts by reason, with some of the people each.

    `from` is included, `to` is not. Looks through the last 100,000 decisions at most.
    """
    campaign = known_campaign(await desk.catalog.snapshot(), campaign_id)
    begins, ends = optional_moment("from", since), optional_moment("to", until)
    if begins is not None and ends is not None and ends <= begins:
        raise invalid({"to": "The period ends before it begins."})
    tally = _Tally(begins, ends)

    async def decided(before: int | None) -> DecidedPage:
        page = await desk.reports.decided(campaign.id, ROWS_AT_ONCE, before)
        for decision in page.decisions:
            tally.add(decision)
        return page

    async def departed(before: int | None) -> LeftPage:
        page = await desk.reports.departed(campaign.id, ROWS_AT_ONCE, before)
        for left in page.departures:
            tally.add_left(left)
        return page

    reached = [await _look_back(tally, decided), await _look_back(tally, departed)]
    if isinstance(campaign.start, OnSchedule):
        for run in await desk.reports.runs(campaign.id, RUNS_LIMIT):
            tally.add_run(run.at, run.people - run.qualified)
    names = await desk.reports.names(tally.sampled())
    short = [one for one in reached if one is not None]
    return WhyFew(
        since=begins,
        until=ends,
        decided=tally.decided,
        sent=tally.sent,
        reasons=tally.reasons({key: SubjectView(one.kind, one.value) for key, one in names.items()}),
        reached=max(short, default=None),
        note=_note(campaign),
    )


HANDLERS: Final = [read_why]

_Key = tuple[Stage, str, str]


class _Tally:
    """What was found in a period, by reason. Rows come newest first."""

    def __init__(self, since: datetime | None, until: datetime | None) -> None:
        self.decided = 0
        self.sent = 0
        self._since = since
        self._until = until
        self._times: Counter[_Key] = Counter()
        self._examples: dict[_Key, str] = {}
        self._people: dict[_Key, dict[ProfileId, None]] = defaultdict(dict)

    def is_before(self, at: datetime) -> bool:
        """Say whether a moment is before the period: what comes next is older."""
        return self._since is not None and at < self._since

    def add(self, decision: DecisionRecord) -> None:
        """Count a decision; a message that was held is counted where it was decided at last."""
        if not self._is_within(decision.decided_at):
            return
        self.decided += 1
        if decision.message_id is not None:
            self.sent += 1
            return
        trace = decision.trace
        gate = trace[-1].gate if trace else ""
        stage: Stage = "held" if decision.held_until is not None else "gate" if decision.step else "start"
        self._count((stage, gate, decision.code), decision.profile_id, reason_of(decision))

    def add_left(self, left: Left) -> None:
        """Count somebody who left before the end."""
        if left.reason != "finished" and self._is_within(left.at):
            reason: EndReason = left.reason
            self._count(("left", "", reason), left.enrollment.profile_id, END_REASONS[reason])

    def add_run(self, at: datetime, others: int) -> None:
        """Count those of a run whom the campaign is not for: no decision says so."""
        if others and self._is_within(at):
            key: _Key = ("start", _NOT_THESE, _NOT_THESE)
            self._times[key] += others
            self.decided += others
            self._examples.setdefault(key, "“who” said no when the run chose its people.")

    def sampled(self) -> list[ProfileId]:
        """Return all who are named."""
        return list(dict.fromkeys(one for people in self._people.values() for one in people))

    def reasons(self, names: Mapping[ProfileId, SubjectView]) -> list[WhyReason]:
        """Return the reasons, the most frequent first."""
        return [
            WhyReason(
                stage=key[0],
                gate=key[1],
                code=key[2],
                times=times,
                example=self._examples[key],
                sample=[names[one] for one in self._people[key] if one in names],
            )
            for key, times in sorted(self._times.items(), key=lambda item: (-item[1], item[0]))
        ]

    def _count(self, key: _Key, profile_id: ProfileId, example: str) -> None:
        self._times[key] += 1
        self._examples.setdefault(key, example)
        people = self._people[key]
        if len(people) < SAMPLE:
            people[profile_id] = None

    def _is_within(self, at: datetime) -> bool:
        return not self.is_before(at) and (self._until is None or at < self._until)


_NOT_THESE: Final = "profile_conditions"


async def _look_back(
    tally: _Tally, look: Callable[[int | None], Awaitable[DecidedPage | LeftPage]]
) -> datetime | None:
    """Look through pages, the newest first, to the begin of the period; say back to when if there were too many."""
    before: int | None = None
    for _ in range(ROWS_LIMIT // ROWS_AT_ONCE):
        page = await look(before)
        if page.reached is None or tally.is_before(page.reached):
            return None
        before, reached = page.following, page.reached
    return reached


def _note(campaign: Campaign) -> str:
    name = event_of(campaign.start)
    return f"Events “{name}” that do not meet the conditions of the start leave no row." if name else ""
