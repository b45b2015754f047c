"""Each campaign's answer to one person: what was decided, where they wait, how they left, why there is none. Pure."""

from typing import Literal

from tellwire.platform.control.event_start import whole_trace
from tellwire.platform.control.explain_shapes import ExplainedCampaign, MessageOutcome
from tellwire.platform.control.gate_words import reason_of
from tellwire.platform.control.no_answer import Past, no_answer
from tellwire.platform.control.shapes import trace_view
from tellwire.platform.control.stay_words import how, name_of, where
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.campaign_version import PublishedVersion
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.enrollment import Enrollment, Left
from tellwire.platform.model.event import Event
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.ports.inside_reports import Stays


def recorded(
    decision: DecisionRecord,
    event: Event | None,
    version: PublishedVersion | None,
    outcome: MessageOutcome | None,
) -> ExplainedCampaign:
    """Return the answer that a decision was; `version` is the one that was live then, if that is known."""
    live = None if version is None else version.campaign
    trace = decision.trace if event is None else whole_trace(decision, event, live)
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
        at=decision.decided_at,
    )


def _verdict(decision: DecisionRecord) -> Literal["send", "skip", "hold"]:
    if decision.held_until is not None:
        return "hold"
    return "skip" if decision.message_id is None else "send"


def waits(stay: Enrollment, newest: CampaignSet) -> ExplainedCampaign:
    """Return where somebody stands in a campaign now."""
    return ExplainedCampaign(
        id=stay.campaign_id,
        name=name_of(stay.campaign_id, newest),
        verdict="waits",
        step=stay.step,
        code=stay.hold or "waits",
        reason=where(stay, newest),
        published_version=stay.version or None,
        at=stay.since,
    )


def left(gone: Left, newest: CampaignSet) -> ExplainedCampaign:
    """Return how somebody left a campaign."""
    return ExplainedCampaign(
        id=gone.enrollment.campaign_id,
        name=name_of(gone.enrollment.campaign_id, newest),
        verdict="left",
        step=gone.step,
        code=gone.reason,
        reason=how(gone),
        published_version=gone.enrollment.version or None,
        at=gone.at,
    )


def stays_by(event: Event, stays: Stays, newest: CampaignSet) -> list[ExplainedCampaign]:
    """Return where the person waits, and how they left, in the campaigns that this event let them enter."""
    occasion = occasion_of(event)
    return [
        *(waits(one, newest) for one in stays.enrollments if one.entrance.occasion_id == occasion),
        *(left(one, newest) for one in stays.departures if one.enrollment.entrance.occasion_id == occasion),
    ]


def unanswered(past: Past, event: Event) -> ExplainedCampaign:
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
        at=event.received_at,
    )
