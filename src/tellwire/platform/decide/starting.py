"""Which campaigns an event starts, and what it starts in each: the person enters now, or at a date. Pure."""

from collections.abc import Sequence

from tellwire.platform.decide.batch import Batch, in_order
from tellwire.platform.decide.entering import enter
from tellwire.platform.decide.index import Listeners
from tellwire.platform.decide.pending import book
from tellwire.platform.decide.predicate import starts
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.event import Event
from tellwire.platform.model.start import OnDate
from tellwire.platform.model.value import Properties


def candidates(listeners: Listeners, properties: Properties) -> Sequence[Campaign]:
    """Return whom the index names; by an error of ours all, and each is then skipped or decided by itself."""
    try:
        return in_order(listeners.candidates(properties))
    except Exception:  # noqa: BLE001 - see `entering.fail`
        return listeners.campaigns


def is_started(campaign: Campaign, properties: Properties) -> bool:
    """Say whether an event starts a campaign; by an error of ours yes, and the gates then say so."""
    try:
        return starts(campaign.start, properties)
    except Exception:  # noqa: BLE001 - see `entering.fail`
        return True


def start(batch: Batch, campaign: Campaign, event: Event, properties: Properties) -> None:
    """Let the person enter now, or at the date that the event names."""
    plan = batch.index.plan(campaign.id)
    assert plan is not None  # noqa: S101 - the index names campaigns of its own catalog
    profile = batch.people.profile_of(event.subject)
    if isinstance(campaign.start, OnDate):
        book(batch, plan, campaign.start, event, properties, profile)
    else:
        enter(batch, plan, event, properties, profile)
