"""A run as people see it: where it stands, whether its sum agrees, how fast it is and when it will be over. Pure.

    qualified = sent + held + each reason + those who have not had their turn

A run is complete when everybody had their turn, nothing is held any more, and the sum agrees; else it says what is
missing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal

import msgspec

from tellwire.platform.control.gate_words import template_with_gaps
from tellwire.platform.decide.timetable import moment_in
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.codes import ANSWERS, PASSED
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.enrollment import END_REASONS
from tellwire.platform.model.run import RunRecord, attempt_of
from tellwire.platform.ports.run_reports import SweepProgress

# planned: its moment is to come. choosing: its audience is being taken down. sending. waiting: until the throttle's
# next window. paused: its campaign is. finishing: everybody had their turn, and messages are held. complete.
# incomplete: the sum does not agree. stopped: its campaign was, or began anew, before everybody had their turn.
RunState = Literal[
    "planned", "choosing", "sending", "waiting", "paused", "finishing", "complete", "incomplete", "stopped"
]
_LATELY: Final = timedelta(minutes=1)  # a run that moved no one for so long has no rate now
_FIRST_SECONDS: Final = 5  # of a run, of which nothing can be said yet
_LAST_ZONE: Final = timezone(timedelta(hours=-12))  # in which every day begins last


class RunReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why some of those whom a run is for got nothing: how many, and in words."""

    code: str
    people: int
    words: str


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a campaign's schedule.

    Of `people` who were there it is for `qualified`, which is a number from its first message on. `met` of them had
    their turn; of these, `messages` were sent and `held` wait, and `reasons` say why the others got nothing. Where the
    campaign has several steps, people count by whether they `entered`. `missing` is by how many the sum does not agree.
    `share` is how far it has come, from 0 to 1; `rate` is how many have their turn in a second, to three digits and
    None for the first seconds; `over_at` is when it will be over at that rate. `attempt` is 2 and more for those that
    reach whom an earlier one failed to reach.
    """

    run: str
    at: datetime
    attempt: int
    state: RunState
    share: float
    people: int
    qualified: int
    met: int
    entered: int
    messages: int
    held: int
    reasons: Sequence[RunReason]
    missing: int
    resumes_at: datetime | None
    rate: float | None
    over_at: datetime | None
    refused: Mapping[str, int]
    skipped: Mapping[str, int]


def run_view(
    campaign: Campaign, record: RunRecord, sweep: SweepProgress | None, account: Account, now: datetime
) -> RunView:
    """Return a run as it is shown; `sweep` is None when nothing of it is planned or under way any more."""
    state = _state(campaign, record, sweep, now)
    met = record.qualified if record.members is None else record.met
    rate = _rate(record, now) if state == "sending" else None
    is_waiting = state == "waiting" and sweep is not None
    return RunView(
        run=record.run,
        at=record.at,
        attempt=attempt_of(record.run),
        state=state,
        share=_share(record, sweep),
        people=record.people,
        qualified=record.qualified,
        met=met,
        entered=record.entered,
        messages=record.messages,
        held=record.held,
        reasons=_reasons(record),
        missing=_missing(campaign, record),
        resumes_at=sweep.next_at if is_waiting and sweep is not None else None,
        rate=rate,
        over_at=_over_at(campaign, record, account, rate, now) if state in {"sending", "waiting"} else None,
        refused=record.refusals,
        skipped=record.skipped,
    )


def _state(campaign: Campaign, record: RunRecord, sweep: SweepProgress | None, now: datetime) -> RunState:
    if sweep is not None:
        return _state_under_way(campaign, record, sweep, now)
    if record.members is None and not _is_past(record, now):
        return "sending"
    if record.members is not None and not record.is_swept:
        return "stopped"
    if _missing(campaign, record):
        return "incomplete"
    return "finishing" if record.held else "complete"


def _state_under_way(campaign: Campaign, record: RunRecord, sweep: SweepProgress, now: datetime) -> RunState:
    if campaign.state == "paused":
        return "paused"
    if not sweep.is_chosen:
        return "planned" if record.members is None and sweep.at > now else "choosing"
    return "waiting" if sweep.next_at > now else "sending"


def _is_past(record: RunRecord, now: datetime) -> bool:
    """Say whether the moment of a run in everybody's own zone has come in all of them; a name of old has none."""
    try:
        return moment_in(record.run, _LAST_ZONE) < now
    except ValueError:
        return True


def _share(record: RunRecord, sweep: SweepProgress | None) -> float:
    if sweep is None:
        return 1.0
    if sweep.is_chosen:
        return record.met / record.members if record.members else 1.0
    return 0.0


def _missing(campaign: Campaign, record: RunRecord) -> int:
    """Return how many of those who had their turn are in no part of the sum, or, below 0, in two."""
    met = record.qualified if record.members is None else record.met
    refused = sum(record.refusals.values())
    if campaign.only_send is None:
        return met - refused - record.entered
    ends = record.messages + record.held + sum(record.skipped.values()) + sum(record.lost.values())
    return met - refused - ends


def _reasons(record: RunRecord) -> list[RunReason]:
    counts = Counter(record.refusals) + Counter(record.skipped) + Counter(record.lost)
    return [
        RunReason(code=code, people=people, words=WORDS.get(code, code))
        for code, people in counts.most_common()
    ]


WORDS: Final[Mapping[str, str]] = {
    **dict(END_REASONS.items()),
    **{one.code: template_with_gaps(one.sentence) for one in ANSWERS if one.code != PASSED},
    "merged": "The profile became part of another one.",
}


def _rate(record: RunRecord, now: datetime) -> float | None:
    """Return how many have had their turn in a second since the first had, to three digits; None at first."""
    first, last = record.first_at, record.last_at
    if first is None or last is None or now - last > _LATELY:
        return None
    seconds = (last - first).total_seconds()
    return float(f"{record.met / seconds:.3g}") if seconds >= _FIRST_SECONDS else None


def _over_at(
    campaign: Campaign, record: RunRecord, account: Account, rate: float | None, now: datetime
) -> datetime | None:
    """Return when a run will be over: by its throttle, else by its rate."""
    left, throttle = record.qualified - record.met, campaign.limits.throttle
    try:
        if throttle is not None and record.window_at is not None:
            windows = -(-max(0, left - max(0, throttle.count - record.window_people)) // throttle.count)
            wait = Duration(windows * throttle.window.count, throttle.window.unit)
            return max(now, wait.after(record.window_at, account.clock)) if windows else now
        return now + timedelta(seconds=left / rate) if rate else None
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
