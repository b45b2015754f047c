"""Why somebody got a message for an event, or did not: what was decided, with every gate and the value it saw."""

from collections.abc import Collection, Sequence
from typing import Annotated, Final, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.status import FAILURES, MessageStatus, Standing
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.event_start import start_of, version_live, whole_trace
from tellwire.platform.control.gate_words import reason_of, words_of
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
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.decision import DecisionRecord, GateResult, WordedResult
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.refused import RefusedRecord
from tellwire.platform.model.start import event_of
from tellwire.platform.model.value import fold
from tellwire.platform.ports.reports import EventRow

REFUSED_SHOWN: Final = 5  # newest first; the list of all is `/api/refused-records`
Text = Annotated[str, QueryParameter(max_length=256)]


class ExplainedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's answer to the event; `none` when it gave none, with the reason.

    `outcome` is what became of its message, if it made one that is still known.
    """

    id: CampaignId
    name: str
    verdict: Literal["send", "skip", "none"]
    message_id: MessageId | None = None
    code: str = ""
    reason: str = ""
    trace: Sequence[GateView] = ()
    outcome: "MessageOutcome | None" = None


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

    `refused` are the last records of the person that uploads brought and that were not taken, newest first.
    """

    note: str
    profile: ProfileView | None = None
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
    campaigns = [] if row is None else await _answered(desk, row, newest)
    name = event if row is None else row.event.name
    if name:
        campaigns += _silent(newest, name, {one.id for one in campaigns}, None if row is None else row.event)
    return Explanation(
        note=_note(row, name, [one for one in campaigns if one.verdict != "none"], newest),
        profile=None if profile is None else await _profile(desk, profile),
        event=None if row is None else event_view(row),
        campaigns=campaigns,
        others=[
            ExplainedProfile(id=p.id, subjects=[SubjectView(s.kind, s.value) for s in p.subjects])
            for p in others
        ],
    )


async def _answered(desk: Desk, row: EventRow, newest: CampaignSet) -> list[ExplainedCampaign]:
    """Return the answers that were recorded."""
    decisions = await desk.reports.decisions(occasion_of(row.event))
    return [
        _recorded(decision, whole_trace(decision, row.event, newest), await _outcome(desk, decision))
        for decision in decisions
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
    decision: DecisionRecord, trace: Sequence[GateResult | WordedResult], outcome: MessageOutcome | None
) -> ExplainedCampaign:
    return ExplainedCampaign(
        id=decision.campaign_id,
        name=decision.campaign_name,
        verdict="send" if decision.message_id is not None else "skip",
        message_id=decision.message_id,
        code=decision.code,
        reason=reason_of(decision),
        trace=trace_view(trace),
        outcome=outcome,
    )


def _silent(
    newest: CampaignSet, name: str, answered: Collection[CampaignId], event: Event | None
) -> list[ExplainedCampaign]:
    """Return the campaigns that listen now and of whose answer to this event there is no record."""
    silent = [campaign for campaign in newest.answering(name) if campaign.id not in answered]
    if event is None:
        return [_without_answer(c, "no_event", "It listens, and the event has not come.") for c in silent]
    return [_unstarted(campaign, newest, event) for campaign in silent]


def _unstarted(campaign: Campaign, newest: CampaignSet, event: Event) -> ExplainedCampaign:
    """Return why the event, which did come, did not start the campaign."""
    live = version_live(newest, campaign.id, event.received_at)
    if live is None:
        return _without_answer(campaign, "not_running_then", _NOT_RUNNING)
    start = start_of(live, event)
    if start.has_passed:
        reason = _NOT_RUNNING if campaign.updated_at <= event.received_at else _OTHER_THEN
        return _without_answer(campaign, "not_running_then", reason)
    return ExplainedCampaign(
        id=campaign.id,
        name=campaign.name,
        verdict="skip",
        code=start.code,
        reason=words_of(start).sentence,
        trace=trace_view([start]),
    )


_NOT_RUNNING: Final = "It was not running yet when the event was decided."
_OTHER_THEN: Final = "It was not running yet when the event was decided, or asked for something else then."


def _without_answer(campaign: Campaign, code: str, reason: str) -> ExplainedCampaign:
    return ExplainedCampaign(id=campaign.id, name=campaign.name, verdict="none", code=code, reason=reason)


def _note(row: EventRow | None, name: str, answers: Sequence[ExplainedCampaign], newest: CampaignSet) -> str:
    if not name:
        return "Name an event to see what each campaign made of it."
    if row is None:
        missing = f"No event “{name}” of this person has come, or it is not decided yet."
        return missing if newest.answering(name) else f"{missing} {_nobody_listens(name, newest)}"
    if not answers:
        return f"The event came and led to nothing. {_nobody_listens(name, newest)}"
    sent = sum(answer.message_id is not None for answer in answers)
    if sent:
        if len(answers) == 1:
            return _fate(answers[0].outcome)
        outcomes = [answer.outcome for answer in answers]
        failed = sum(one is not None and one.standing.status in FAILURES for one in outcomes)
        summary = f"{len(answers)} campaigns answered; {sent} made a message"
        return f"{summary}, and {failed} of these failed." if failed else f"{summary}."
    return f"No message: {answers[0].reason}" if len(answers) == 1 else "No campaign sent a message."


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


def _nobody_listens(name: str, newest: CampaignSet) -> str:
    idle = [
        c.name
        for c in newest.campaigns.values()
        if fold(event_of(c.start)) == fold(name) and c.state != "running"
    ]
    if newest.answering(name):
        return "The campaigns that listen to it now were not running then."
    if idle:
        return f"The campaign “{idle[0]}” is for this event, and is not running."
    return f"No running campaign listens to “{name}”."


HANDLERS = [explain]
