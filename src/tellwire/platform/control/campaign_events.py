"""Events that a campaign waits for or asks about, and nobody ever sent: a mistyped name waits for ever. Pure."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from tellwire.platform.language.near import nearest
from tellwire.platform.language.placed_rules import placed_rules
from tellwire.platform.language.rule import every_rule
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.rule import Did
from tellwire.platform.model.start import event_of
from tellwire.platform.model.step import placed_signals, placed_steps
from tellwire.platform.model.system_event import AUTOMATIC_NAMES
from tellwire.platform.model.value import fold


def unheard(campaign: Campaign, known: AbstractSet[str]) -> dict[str, str]:
    """Return a sentence for each event that is not `known` (folded names), by where it stands."""
    heard = known | AUTOMATIC_NAMES
    return {
        path: f"Nobody has sent “{event}” so far{nearest(fold(event), known)}."
        for path, event in _placed_events(campaign)
        if event and fold(event) not in heard
    }


def _placed_events(campaign: Campaign) -> Iterator[tuple[str, str]]:
    yield "start.event", event_of(campaign.start)
    if campaign.stop is not None:
        yield "stop.event", campaign.stop.event
    if campaign.goal is not None:
        yield "goal.event", campaign.goal.signal.event
    for place, rule in placed_rules(campaign):
        for path, one in every_rule(rule, place):
            if isinstance(one, Did):
                yield f"{path}.did", one.event
    for path, step in placed_steps(campaign.steps):
        for place, signal in placed_signals(path, step):
            yield f"{place}.event", signal.event
