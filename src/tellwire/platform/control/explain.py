"""Why somebody got a message for an event, or did not: what was decided, with every gate and the value it saw."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.status import FAILURES, MessageStatus, Standing
from tellwire.platform.control.campaign_past import decided_with, silent_then
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.event_start import whole_trace
from tellwire.platform.control.gate_words import reason_of
from tellwire.platform.control.no_answer import Past, listens, moment, no_answer
from tellwire.platform.control.problem import invalid
from tellwire.platform.control.shapes import (
    BY,
    EventView,
    GateView,
    ProfileView,
    RefusedRecordView,
    SubjectView,
    event_view,
    profile_view,
    refused_record_view,
    step_view,
    trace_view,
)
from tellwire.platform.control.stay_words import StayView, how, name_of, stay_view, where
from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.campaign_version import PublishedVersion
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.refused import RefusedRecord
from tellwire.platform.ports.reports import EventRow, Stays

REFUSED_SHOWN: Final = 5  # newest first; the list of all is `/api/refused-records`
STAYS_SHOWN: Final = 100  # of those that ended, the last
Text = Annotated[str, QueryParameter(max_length=256)]


class ExplainedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's answer to the event; `none` when it gave none, with the reason.

    A campaign of several steps answers several times: at each message, where the person waits now, or how they left.
    `outcome` is what became of its message, if it made one that is still known. `published_version` is the version
    that was live then, null if none was or it is not known.
    """

    id: CampaignId
    name: str
    verdict: Literal["send", "skip", "hold", "waits", "left", "none"]
    step: str = ""
    message_id: MessageId | None = None
    code: str = ""
    reason: str = ""
    trace: Sequence[GateView] = ()
    outcome: "MessageOutcome | None" = None
    published_version: int | None = None


class MessageOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message that a campaign sent: where it stands, the error if there is one, and what to do."""

    standing: Standing
    error_code: str
    description: str
    answer: str
    advice: str


class ExplainedProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Another profile that the same phone number stands in."""

    id: ProfileId
    subjects: Sequence[SubjectView]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the person, the event and each campaign; `note` is the whole in a sentence or two.

    `stays` are where the person is in campaigns now, whatever brought them there. `refused` are the last records of
    the person that uploads brought and that were not taken, newest first.
    """

    note: str
    profile: ProfileView | None = None
    stays: Sequence[StayView] = ()
    event: EventView | None = None
    campaigns: Sequence[ExplainedCampaign] = ()
    others: Sequence[ExplainedProfile] = ()
    refused: Sequence[RefusedRecordView] = ()


@get("/api/explain", tags=["activity"])
async def explain(
    desk: DeskDependency,
    identity: Text = "",
    object_id: Text = "",
    phone: Text = "",
    event: Text = "",
) -> Explanation:
    """Explain what became of an event: name a person and an event's name or id, or an event's id alone."""
    explanation = await _found(desk, identity, object_id, phone, event)
    named = (
        [Subject("identity", identity)] if identity else [Subject("device", object_id)] if object_id else []
    )
    known = explanation.profile.subjects if explanation.profile else ()
    subjects = {*named, *(Subject(one.kind, one.value) for one in known)}
    refused = (
        await desk.reports.refused_records(REFUSED_SHOWN, sorted(subjects, key=_key)) if subjects else []
    )
    if not refused:
        return explanation
    return msgspec.structs.replace(
        explanation,
        note=f"{explanation.note} {_refusal_in_words(refused)}",
        refused=[refused_record_view(one) for one in refused],
    )


def _key(subject: Subject) -> str:
    return subject.key


def _refusal_in_words(refused: Sequence[RefusedRecord]) -> str:
    newest = refused[0]
    what = f"{newest.kind} record" if newest.kind else "record"
    return f"A {what} of theirs was refused at {newest.at:%Y-%m-%d %H:%M:%S} UTC: {newest.error}"


async def _found(desk: Desk, identity: str, object_id: str, phone: str, event: str) -> Explanation:
    row = await desk.reports.event(EventId(event)) if event else None
    profiles = await _profiles(desk, identity, object_id, phone)
    if profiles is None:
        if row is None:
            raise invalid(
                {"identity": "Name a person (identity, object_id or phone), or give an event's id."}
            )
        found = await desk.reports.profile(row.event.subject)
        profiles = [found] if found else []
    elif not profiles:
        return await _nobody(desk, phone)
    profile = next(
        (p for p in profiles if row is not None and p.id == row.profile_id), next(iter(profiles), None)
    )
    if profile is not None and row is None and event:
        row = next(iter(await desk.reports.profile_events(profile.id, 1, event)), None)
    return await _explained(desk, profile, row, event, [p for p in profiles if p is not profile])


async def _profiles(desk: Desk, identity: str, object_id: str, phone: str) -> list[Profile] | None:
    """Return the profiles that were asked for, None if none was asked for."""
    if identity or object_id:
        subject = Subject("identity", identity) if identity else Subject("device", object_id)
        found = await desk.reports.profile(subject)
        return [found] if found else []
    if not phone:
        return None
    number = parse_msisdn(phone, desk.options.default_region)
    if number is None:
        raise invalid({"phone": "This is no phone number. Write it with its country code, as +65 9123 4567."})
    return await desk.reports.profile_by_number(number)


async def _nobody(desk: Desk, phone: str) -> Explanation:
    """Say that nobody is known, and what stands about the number if that was asked for: a STOP may come first."""
    number = parse_msisdn(phone, desk.options.default_region) if phone else None
    last = None if number is None else await desk.reports.suppression(number)
    note = "Nobody is known by that name or number: no event or profile of theirs has come."
    if last is not None and last.is_suppressed:
        note += f" The number is suppressed, {BY[last.source]}: nothing is sent to it."
    return Explanation(note=note)


async def _explained(
    desk: Desk, profile: Profile | None, row: EventRow | None, event: str, others: list[Profile]
) -> Explanation:
    newest = await desk.catalog.snapshot()
    stays = Stays() if profile is None else await desk.reports.stays(profile.id, STAYS_SHOWN)
    campaigns = [] if row is None else [*await _answered(desk, row), *stays_by(row.event, stays, newest)]
    name = event if row is None else row.event.name
    answered = {one.id for one in campaigns}
    if row is not None:
        pasts = await silent_then(desk.history, newest, row.event, answered)
        campaigns += [_unanswered(past, row.event) for past in pasts]
    elif name:
        campaigns += _waiting(newest, name)
    nobody = await _nobody_listens(desk, name, newest)
    return Explanation(
        note=_note(row, name, [one for one in campaigns if one.verdict != "none"], nobody),
        profile=None if profile is None else await _profile(desk, profile),
        stays=[stay_view(one, newest) for one in stays.enrollments],
        event=None if row is None else event_view(row),
        campaigns=campaigns,
        others=[
            ExplainedProfile(id=p.id, subjects=[SubjectView(s.kind, s.value) for s in p.subjects])
            for p in others
        ],
    )


async def _answered(desk: Desk, row: EventRow) -> list[ExplainedCampaign]:
    """Return the answers that were recorded."""
    decisions = await desk.reports.decisions(occasion_of(row.event))
    versions = await decided_with(desk.history, decisions)
    return [
        _recorded(one, row.event, versions.get(one.campaign_id), await _outcome(desk, one))
        for one in decisions
    ]


async def _profile(desk: Desk, profile: Profile) -> ProfileView:
    last = None if profile.phone is None else await desk.reports.suppression(profile.phone)
    return profile_view(profile, last)


async def _outcome(desk: Desk, decision: DecisionRecord) -> MessageOutcome | None:
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


def _recorded(
    decision: DecisionRecord, event: Event, version: PublishedVersion | None, outcome: MessageOutcome | None
) -> ExplainedCampaign:
    trace = whole_trace(decision, event, None if version is None else version.campaign)
    return ExplainedCampaign(
        id=decision.campaign_id,
        name=decision.campaign_name,
        verdict=_verdict(decision),
        step=decision.step,
        message_id=decision.message_id,
        code=decision.code,
        reason=reason_of(decision),
        trace=trace_view(trace),
        outcome=outcome,
        published_version=None if version is None else version.number,
    )


def _verdict(decision: DecisionRecord) -> Literal["send", "skip", "hold"]:
    if decision.held_until is not None:
        return "hold"
    return "skip" if decision.message_id is None else "send"


def stays_by(event: Event, stays: Stays, newest: CampaignSet) -> list[ExplainedCampaign]:
    """Return where the person waits, and how they left, in the campaigns that this event let them enter."""
    occasion = occasion_of(event)
    waiting = [
        ExplainedCampaign(
            id=one.campaign_id,
            name=name_of(one.campaign_id, newest),
            verdict="waits",
            step=one.step,
            code=one.hold or "waits",
            reason=where(one, newest),
            published_version=one.version or None,
        )
        for one in stays.enrollments
        if one.entrance.occasion_id == occasion
    ]
    return waiting + [
        ExplainedCampaign(
            id=one.enrollment.campaign_id,
            name=name_of(one.enrollment.campaign_id, newest),
            verdict="left",
            step=one.step,
            code=one.reason,
            reason=how(one),
            published_version=one.enrollment.version or None,
        )
        for one in stays.departures
        if one.enrollment.entrance.occasion_id == occasion
    ]


def _waiting(newest: CampaignSet, name: str) -> list[ExplainedCampaign]:
    """Return the campaigns that listen now to an event that has not come."""
    reason = "It listens, and the event has not come."
    return [
        ExplainedCampaign(id=one.id, name=one.name, verdict="none", code="no_event", reason=reason)
        for one in newest.answering(name)
    ]


def _unanswered(past: Past, event: Event) -> ExplainedCampaign:
    """Return why a campaign did not answer the event, which did come."""
    why = no_answer(past, event)
    return ExplainedCampaign(
        id=past.campaign_id,
        name=past.name,
        verdict="none" if why.start is None else "skip",
        code=why.code,
        reason=why.reason,
        trace=() if why.start is None else trace_view([why.start]),
        published_version=None if past.live is None else past.live.number,
    )


def _note(row: EventRow | None, name: str, answers: Sequence[ExplainedCampaign], nobody: str) -> str:
    if not name:
        return "Name an event to see what each campaign made of it."
    if row is None:
        return f"No event “{name}” of this person has come, or it is not decided yet. {nobody}".rstrip()
    if not answers:
        return f"The event came and led to nothing. {nobody or _NOT_THEN}"
    return _answers_in_words(answers)


def _answers_in_words(answers: Sequence[ExplainedCampaign]) -> str:
    sent = [answer for answer in answers if answer.message_id is not None]
    waits = next((answer.reason for answer in answers if answer.verdict == "waits"), "")
    if not sent:
        if len(answers) > 1:
            return f"No campaign sent a message. {waits}".rstrip()
        return waits or f"No message: {answers[0].reason}"
    campaigns = {answer.id for answer in answers}
    if len(campaigns) == len(sent) == 1:
        return f"{_fate(sent[0].outcome)} {waits}".rstrip()
    failed = sum(one.outcome is not None and one.outcome.standing.status in FAILURES for one in sent)
    if len(campaigns) == 1:
        summary = f"{len(sent)} messages were made"
    else:
        summary = f"{len(campaigns)} campaigns answered; {len({one.id for one in sent})} made a message"
    return (
        f"{summary}, and {failed} of these failed. {waits}".rstrip()
        if failed
        else f"{summary}. {waits}".rstrip()
    )


def _fate(outcome: MessageOutcome | None) -> str:
    """Say what became of the one message: that it was made is not that it was sent."""
    if outcome is None:
        return "A message was made; what became of it is forgotten."
    status, why = outcome.standing.status, outcome.description
    if status in FAILURES:
        return f"A message was made, and it failed ({status}{f': {why}' if why else ''}). {outcome.advice}".rstrip()
    if status is MessageStatus.QUEUED:
        return (
            f"A message was made and waits{f': {why}' if why else ' to be sent'}. {outcome.advice}".rstrip()
        )
    return f"It was sent; the message is {status}."


_NOT_THEN: Final = "The campaigns that listen to it now were not running then."


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


HANDLERS = [explain]
