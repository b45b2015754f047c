"""Whether an event started a campaign. No row says so: it is worked out again, in the words of a gate. Pure."""

from collections.abc import Sequence

from tellwire.platform.decide.gates import event_conditions
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.decision import DecisionRecord, GateResult, WordedResult
from tellwire.platform.model.event import Event
from tellwire.platform.model.value import decoded


def start_of(campaign: Campaign, event: Event) -> GateResult:
    """Return whether the event met the event conditions, what was seen and what was wanted."""
    return event_conditions(campaign.start, decoded(event.properties))


def whole_trace(
    decision: DecisionRecord, event: Event, live: Campaign | None
) -> Sequence[GateResult | WordedResult]:
    """Return the trace of a decision with the event conditions that were met before its gates were asked.

    `live` is the campaign as it was decided with. Decisions of earlier releases have the conditions in their trace,
    and where the campaign as it was is not kept, they are not known.
    """
    if live is None or any(result.gate == "event_conditions" for result in decision.trace):
        return decision.trace
    start = start_of(live, event)
    return (start, *decision.trace) if start.has_passed else decision.trace
