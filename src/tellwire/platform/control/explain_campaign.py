"""Explains a campaign for a person, without an event: why they got it, or why they never entered."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from tellwire.platform.control.campaign_past import decided_with, silent_then
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.explain_answers import left, recorded, unanswered, waits
from tellwire.platform.control.explain_date import date_lines
from tellwire.platform.control.explain_event import STAYS_SHOWN, outcome_of, profile_of
from tellwire.platform.control.explain_shapes import (
    ExplainedCampaign,
    ExplainedProfile,
    Explanation,
    StartLine,
)
from tellwire.platform.control.explain_start import (
    NO_CODES,
    Around,
    event_lines,
    membership_lines,
    occasion_of_run,
    run_lines,
    state_lines,
    who_lines,
)
from tellwire.platform.control.explain_words import answers_in_words
from tellwire.platform.control.shapes import SubjectView
from tellwire.platform.control.stay_words import stay_view
from tellwire.platform.decide.asked import NOTHING_ASKED
from tellwire.platform.decide.counters import Counters
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignSet
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.enrollment import Enrollment, Left
from tellwire.platform.model.list_member import keys_of
from tellwire.platform.model.occasion import OccasionId, occasion_of
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import RunRecord
from tellwire.platform.model.start import OnCall, OnDate, OnMembership, OnSchedule, event_of
from tellwire.platform.model.value import fold
from tellwire.platform.ports.message_reports import EventRow

LOOKED_AT: Final = (
    20_000  # decisions, of all campaigns, among which those for the person are found; some 50 ms
)
EVENTS_SHOWN: Final = 3  # of those that start the campaign, the last
RUNS_SHOWN: Final = 5
ANSWERS_SHOWN: Final = 30  # newest first


async def explained_campaign(
    desk: Desk, campaign: Campaign, profile: Profile, others: Sequence[Profile] = ()
) -> Explanation:
    """Explain what a campaign is, was and will be for a person."""
    newest, now = await desk.catalog.snapshot(), desk.clock.now()
    stays = await desk.reports.stays(profile.id, STAYS_SHOWN)
    inside = [one for one in stays.enrollments if one.campaign_id == campaign.id]
    gone = [one for one in stays.departures if one.enrollment.campaign_id == campaign.id]
    events = await _events(desk, campaign, profile)
    runs = await _runs(desk, campaign)
    decisions = await _decisions(desk, campaign, profile, events, runs, newest)
    answers = await _answers(desk, newest, decisions, inside, gone, events, campaign)
    occasions = _occasions(decisions, inside, gone)
    start = await _start(desk, campaign, profile, newest, events, runs, occasions, now)
    return Explanation(
        note=_note(answers, start, campaign),
        start=start,
        profile=await profile_of(desk, profile),
        stays=[stay_view(one, newest) for one in inside],
        campaigns=answers,
        others=[
            ExplainedProfile(id=p.id, subjects=[SubjectView(s.kind, s.value) for s in p.subjects])
            for p in others
        ],
    )


async def explained_for_nobody(desk: Desk, campaign: Campaign, note: str) -> Explanation:
    """Explain a campaign for somebody who is not known: all that is known is the campaign's."""
    last = next(iter(await desk.history.log_of(campaign.id, 1)), None)
    lines = [*state_lines(campaign, last)]
    return Explanation(note=f"{note} Nobody enters “{campaign.name}” who is not known.", start=lines)


async def _events(desk: Desk, campaign: Campaign, profile: Profile) -> list[EventRow]:
    name = event_of(campaign.start)
    return await desk.reports.profile_events(profile.id, EVENTS_SHOWN, name) if name else []


async def _runs(desk: Desk, campaign: Campaign) -> list[RunRecord]:
    if not isinstance(campaign.start, OnSchedule):
        return []
    return await desk.reports.runs(campaign.id, RUNS_SHOWN)


async def _decisions(
    desk: Desk,
    campaign: Campaign,
    profile: Profile,
    events: Sequence[EventRow],
    runs: Sequence[RunRecord],
    newest: CampaignSet,
) -> list[DecisionRecord]:
    """Return what was decided for the person: on the last events and runs, and whatever else was lately."""
    occasions = [occasion_of(row.event) for row in events]
    if isinstance(campaign.start, OnSchedule):
        occasions += [occasion_of_run(campaign.start, run, profile, newest.account) for run in runs]
    lately = await desk.reports.decided(campaign.id, LOOKED_AT, profile_id=profile.id)
    records = list(lately.decisions)
    for occasion in occasions:
        records += [one for one in await desk.reports.decisions(occasion) if one.campaign_id == campaign.id]
    unique = {(one.occasion_id, one.step, one.visit, one.held_until is not None): one for one in records}
    newest_first = sorted(unique.values(), key=lambda one: one.decided_at, reverse=True)
    return newest_first[:ANSWERS_SHOWN]


def _occasions(
    decisions: Sequence[DecisionRecord], inside: Sequence[Enrollment], gone: Sequence[Left]
) -> frozenset[OccasionId]:
    """Return the occasions that have an answer."""
    return frozenset(
        {one.occasion_id for one in decisions}
        | {one.entrance.occasion_id for one in inside}
        | {one.enrollment.entrance.occasion_id for one in gone}
    )


async def _answers(
    desk: Desk,
    newest: CampaignSet,
    decisions: Sequence[DecisionRecord],
    inside: Sequence[Enrollment],
    gone: Sequence[Left],
    events: Sequence[EventRow],
    campaign: Campaign,
) -> list[ExplainedCampaign]:
    """Return all that the campaign answered: where they wait first, then the newest first."""
    by_version = {one.campaign_version: one for one in decisions}
    versions = {
        number: (await decided_with(desk.history, [one])).get(campaign.id)
        for number, one in by_version.items()
    }
    by_occasion = {occasion_of(row.event): row.event for row in events}
    answers = [
        recorded(
            one,
            by_occasion.get(one.occasion_id),
            versions[one.campaign_version],
            await outcome_of(desk, one),
        )
        for one in decisions
    ]
    answers = [msgspec.structs.replace(one, name=campaign.name) for one in answers]
    answers += [left(one, newest) for one in gone]
    occasions = _occasions(decisions, inside, gone)
    others = [one for one in newest.campaigns if one != campaign.id]
    for row in events:
        if occasion_of(row.event) not in occasions:
            pasts = await silent_then(desk.history, newest, row.event, others)
            answers += [unanswered(past, row.event) for past in pasts]
    answers.sort(key=_moment_of, reverse=True)
    return [*(waits(one, newest) for one in inside), *answers][:ANSWERS_SHOWN]


def _moment_of(answer: ExplainedCampaign) -> datetime:
    return answer.at or _EARLIEST


_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


async def _start(
    desk: Desk,
    campaign: Campaign,
    profile: Profile,
    newest: CampaignSet,
    events: Sequence[EventRow],
    runs: Sequence[RunRecord],
    answered: frozenset[OccasionId],
    now: datetime,
) -> list[StartLine]:
    """Return how the campaign starts for the person."""
    account = newest.account
    around = await _around(desk, account, profile, now)
    last = next(iter(await desk.history.log_of(campaign.id, 1)), None)
    happened = [row.event for row in events]
    lines = [*state_lines(campaign, last), *event_lines(campaign, happened)]
    match campaign.start:
        case OnDate() as start:
            lines += date_lines(campaign, start, profile, happened, account, now)
        case OnMembership() as start:
            lines += membership_lines(campaign, start, profile, around)
        case OnSchedule() as start:
            planned = [one.at for one in await desk.reports.sweeps(campaign.id) if one.at > now]
            lines += run_lines(start, runs, planned, profile, account, answered)
        case OnCall(call=call):
            text = f"It starts when the call “{call}” names them; which calls came is not kept here."
            lines.append(StartLine(code="call", text=text, as_of="rule"))
        case _:
            pass
    return [*lines, *who_lines(campaign, profile, newest, around, now)]


async def _around(desk: Desk, account: Account, profile: Profile, now: datetime) -> Around:
    """Return what `who` may ask of the person now."""
    facts = await desk.reports.people(profile.subjects, [one.id for one in account.lists])
    listed = {one for key in keys_of(profile) for one in facts.listed.get(key, ())}
    return Around(
        account,
        now,
        is_suppressed=profile.phone in facts.suppressed,
        counters=Counters(NOTHING_ASKED, account, facts),
        lists=frozenset(fold(one.name) for one in account.lists if one.id in listed),
    )


def _note(answers: Sequence[ExplainedCampaign], start: Sequence[StartLine], campaign: Campaign) -> str:
    if answers:
        return answers_in_words(answers[:1])
    why = next((line.text for line in start if line.code in NO_CODES), "")
    return f"“{campaign.name}” decided nothing for them, as far as that is kept. {why}".rstrip()
