"""Why somebody got a message for an event, or did not: what was decided, with every gate and the value it saw."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.control.desk import Desk, DeskDependency
from tellwire.control.problem import invalid
from tellwire.control.shapes import (
    BY,
    EventView,
    GateView,
    ProfileView,
    SubjectView,
    event_view,
    profile_view,
    trace_view,
)
from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.model.decision import DecisionRecord
from tellwire.model.event import EventId, Subject
from tellwire.model.message import MessageId
from tellwire.model.profile import Profile, ProfileId
from tellwire.model.value import fold
from tellwire.ports.reports import EventRow, MessageRow

Text = Annotated[str, QueryParameter(max_length=256)]


class ExplainedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's answer to the event; `none` when it gave none, with the reason.

    `status` is where its message stands; a message that failed has the reason for that.
    """

    id: CampaignId
    name: str
    verdict: Literal["send", "skip", "none"]
    message_id: MessageId | None = None
    status: MessageStatus | None = None
    code: str = ""
    reason: str = ""
    trace: Sequence[GateView] = ()


class ExplainedProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Another profile that the same phone number stands in."""

    id: ProfileId
    subjects: Sequence[SubjectView]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the person, the event and each campaign; `note` is the whole in a sentence or two."""

    note: str
    profile: ProfileView | None = None
    event: EventView | None = None
    campaigns: Sequence[ExplainedCampaign] = ()
    others: Sequence[ExplainedProfile] = ()


@get("/api/explain", tags=["activity"])
async def explain(
    desk: DeskDependency,
    identity: Text = "",
    object_id: Text = "",
    phone: Text = "",
    event: Text = "",
) -> Explanation:
    """Explain what became of an event: name a person and an event's name or id, or an event's id alone."""
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
    decisions = [] if row is None else await desk.reports.decisions(row.event.id)
    name = event if row is None else row.event.name
    made = [d.message_id for d in decisions if d.message_id is not None]
    messages = {i: found.row for i in made if (found := await desk.reports.message(i)) is not None}
    silent = _silent(newest.answering(name), decisions, has_happened=row is not None) if name else []
    return Explanation(
        note=_note(row, name, decisions, messages, newest),
        profile=None if profile is None else await _profile(desk, profile),
        event=None if row is None else event_view(row),
        campaigns=[*(_recorded(decision, messages) for decision in decisions), *silent],
        others=[
            ExplainedProfile(id=p.id, subjects=[SubjectView(s.kind, s.value) for s in p.subjects])
            for p in others
        ],
    )


async def _profile(desk: Desk, profile: Profile) -> ProfileView:
    last = None if profile.phone is None else await desk.reports.suppression(profile.phone)
    return profile_view(profile, last)


def _recorded(decision: DecisionRecord, messages: Mapping[MessageId, MessageRow]) -> ExplainedCampaign:
    row = messages.get(decision.message_id) if decision.message_id is not None else None
    has_failed = row is not None and row.standing.status in FAILURES
    return ExplainedCampaign(
        id=decision.campaign_id,
        name=decision.campaign_name,
        verdict="send" if decision.message_id is not None else "skip",
        message_id=decision.message_id,
        status=row.standing.status if row is not None else None,
        code=row.error_code if row is not None and has_failed else decision.code,
        reason=_failure(row) if row is not None and has_failed else decision.reason,
        trace=trace_view(decision.trace),
    )


def _failure(row: MessageRow) -> str:
    return (
        f"The message was {row.standing.status}: {row.description or row.error_code or 'no reason was told'}."
    )


def _silent(
    listening: Sequence[Campaign], decisions: Sequence[DecisionRecord], *, has_happened: bool
) -> list[ExplainedCampaign]:
    """Return the campaigns that listen now and have not answered this event."""
    answered = {decision.campaign_id for decision in decisions}
    if has_happened:
        code, reason = "not_running_then", "It was not running yet when the event was decided."
    else:
        code, reason = "no_event", "It listens, and the event has not come."
    return [
        ExplainedCampaign(id=c.id, name=c.name, verdict="none", code=code, reason=reason)
        for c in listening
        if c.id not in answered
    ]


def _note(
    row: EventRow | None,
    name: str,
    decisions: Sequence[DecisionRecord],
    messages: Mapping[MessageId, MessageRow],
    newest: CampaignSet,
) -> str:
    if not name:
        return "Name an event to see what each campaign made of it."
    if row is None:
        happened = f"No event “{name}” of this person has come, or it is not decided yet."
        return happened if newest.answering(name) else f"{happened} {_nobody_listens(name, newest)}"
    if not decisions:
        return f"The event came and led to nothing. {_nobody_listens(name, newest)}"
    sent = sum(decision.message_id is not None for decision in decisions)
    failed = [message for message in messages.values() if message.standing.status in FAILURES]
    if len(decisions) == len(failed) == 1:
        return _failure(failed[0])
    if sent:
        return (
            f"{len(decisions)} campaigns answered; {sent} sent a message."
            if len(decisions) > 1
            else "It was sent."
        )
    return f"No message: {decisions[0].reason}" if len(decisions) == 1 else "No campaign sent a message."


def _nobody_listens(name: str, newest: CampaignSet) -> str:
    idle = [c.name for c in newest.campaigns.values() if fold(c.event) == fold(name) and c.state != "running"]
    if newest.answering(name):
        return "The campaigns that listen to it now were not running then."
    if idle:
        return f"The campaign “{idle[0]}” is for this event, and is not running."
    return f"No running campaign listens to “{name}”."


HANDLERS = [explain]
