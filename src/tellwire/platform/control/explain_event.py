"""Explains an event of a person: what every campaign made of it, or why none did."""

from typing import Final

from tellwire.platform.control.campaign_past import decided_with, silent_then
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.explain_answers import recorded, stays_by, unanswered
from tellwire.platform.control.explain_shapes import (
    ExplainedCampaign,
    ExplainedProfile,
    Explanation,
    MessageOutcome,
)
from tellwire.platform.control.explain_words import note_of
from tellwire.platform.control.no_answer import listens, moment
from tellwire.platform.control.shapes import ProfileView, SubjectView, event_view, profile_view, step_view
from tellwire.platform.control.stay_words import stay_view
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.inside_reports import Stays
from tellwire.platform.ports.message_reports import EventRow

STAYS_SHOWN: Final = 100  # of those that ended, the last


async def explained_event(
    desk: Desk, profile: Profile | None, row: EventRow | None, event: str, others: list[Profile]
) -> Explanation:
    """Explain what became of an event, or why there is nothing to explain; `event` is as it was asked for."""
    newest = await desk.catalog.snapshot()
    stays = Stays() if profile is None else await desk.reports.stays(profile.id, STAYS_SHOWN)
    campaigns = [] if row is None else [*await event_answers(desk, row), *stays_by(row.event, stays, newest)]
    name = event if row is None else row.event.name
    answered = {one.id for one in campaigns}
    if row is not None:
        pasts = await silent_then(desk.history, newest, row.event, answered)
        campaigns += [unanswered(past, row.event) for past in pasts]
    elif name:
        campaigns += _waiting(newest, name)
    nobody = await _nobody_listens(desk, name, newest)
    return Explanation(
        note=note_of(row, name, [one for one in campaigns if one.verdict != "none"], nobody),
        profile=None if profile is None else await profile_of(desk, profile),
        stays=[stay_view(one, newest) for one in stays.enrollments],
        event=None if row is None else event_view(row),
        campaigns=campaigns,
        others=[
            ExplainedProfile(id=p.id, subjects=[SubjectView(s.kind, s.value) for s in p.subjects])
            for p in others
        ],
    )


async def event_answers(desk: Desk, row: EventRow) -> list[ExplainedCampaign]:
    """Return the answers that were recorded."""
    decisions = await desk.reports.decisions(occasion_of(row.event))
    versions = await decided_with(desk.history, decisions)
    return [
        recorded(one, row.event, versions.get(one.campaign_id), await outcome_of(desk, one))
        for one in decisions
    ]


async def profile_of(desk: Desk, profile: Profile) -> ProfileView:
    """Return a person as they are shown."""
    last = None if profile.phone is None else await desk.reports.suppression(profile.phone)
    return profile_view(profile, last)


async def outcome_of(desk: Desk, decision: DecisionRecord) -> MessageOutcome | None:
    """Return what became of the message of a decision; None if it made none, or it is forgotten."""
    if decision.message_id is None or (detail := await desk.reports.message(decision.message_id)) is None:
        return None
    last = step_view(detail.timeline[-1])
    return MessageOutcome(
        standing=detail.row.standing,
        error_code=detail.row.error_code,
        description=detail.row.description or last.description,
        answer=last.answer,
        advice=last.advice,
    )


def _waiting(newest: CampaignSet, name: str) -> list[ExplainedCampaign]:
    """Return the campaigns that listen now to an event that has not come."""
    reason = "It listens, and the event has not come."
    return [
        ExplainedCampaign(id=one.id, name=one.name, verdict="none", code="no_event", reason=reason)
        for one in newest.answering(name)
    ]


async def _nobody_listens(desk: Desk, name: str, newest: CampaignSet) -> str:
    """Say that no running campaign is for this event, and which one that does not run is; empty if one does run."""
    if not name or newest.answering(name):
        return ""
    idle = next((one for one in newest.campaigns.values() if listens(one, name)), None)
    if idle is None:
        return f"No running campaign listens to “{name}”."
    last = next(iter(await desk.history.log_of(idle.id, 1)), None)
    since = "" if last is None else f": it was stopped at {moment(last.at)}"
    return f"The campaign “{idle.name}” is for this event, and is not running{since}."
