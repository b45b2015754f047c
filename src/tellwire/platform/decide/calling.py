"""Calls: the API names people for campaigns, and each of these meets them at the call's place in the stream. Pure.

Nobody is made known by a call: whom it names and nobody knows is refused, and leaves a trace.
"""

from collections.abc import Iterator

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.entering import enter_at, refuse
from tellwire.platform.decide.plan import Plan
from tellwire.platform.model.campaign import IN_USE, CampaignSet
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import entrance_by_call
from tellwire.platform.model.event import CALLED, Called
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.refused import NOBODY, RefusedRecord
from tellwire.platform.model.start import OnCall


def answer_call(batch: Batch, called: Called, profile: Profile) -> Iterator[None]:
    """Let the person meet each campaign of the call; it gives way after each."""
    for campaign_id in called.campaigns:
        plan = batch.index.plan(campaign_id)
        if plan is not None:
            _meet(batch, plan, called, profile)
        yield


def nobody_called(called: Called, catalog: CampaignSet) -> RefusedRecord:
    """Return the trace of a call that named nobody we know."""
    names = [catalog.campaigns[one].name for one in called.campaigns if one in catalog.campaigns]
    campaigns = ", ".join(f"“{name}”" for name in names)
    return RefusedRecord(
        at=called.received_at,
        subject=called.subject,
        kind="call",
        event_name=CALLED,
        code=NOBODY,
        error=f"Called for {campaigns or 'a campaign that is gone'}, but nobody of that name is known.",
    )


def _meet(batch: Batch, plan: Plan, called: Called, profile: Profile) -> None:
    start, name = plan.campaign.start, ""
    is_callable = isinstance(start, OnCall) and plan.campaign.state in IN_USE
    if isinstance(start, OnCall):
        name = start.call
    entrance = entrance_by_call(called, name)
    if is_callable:
        enter_at(batch, plan, entrance, profile, called.received_at)
    else:
        refuse(batch, plan, entrance, profile, [GateResult("entry", "not_running")])
