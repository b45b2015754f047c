"""What a rule about behaviour says of a list of events: the meaning of `did`, plainly. Pure.

Whoever answers the same question from something else than the list (`decide.counters`, history) is held to this.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, assert_never

from tellwire.kernel.clock import to_ms
from tellwire.platform.decide.predicate import first_unmet, holds
from tellwire.platform.model.behaviour import Count, FirstTime, Span, Total, units_of
from tellwire.platform.model.event import Event
from tellwire.platform.model.rule import Condition, Did, Edge
from tellwire.platform.model.value import Properties, decoded, fold, look_up_path


class Seen(NamedTuple):
    """What there is of the events that a rule asks about.

    `times` is how many of them lie in the window; of a first time it is how many of the first one do, so 0 or 1.
    `amount` is what their property comes to, in millionths, over `amounts` of them that have a number there: the sum
    also for an average. `is_so` says of the first or the last whether it is like what the rule wants.
    """

    times: int = 0
    amount: int = 0
    amounts: int = 0
    is_so: bool = False


NOTHING_SEEN = Seen()


def seen_of(did: Did, events: Iterable[Event], span: Span) -> Seen:
    """Return what the rule sees of these events, which are in the order in which they came."""
    known = sorted(((to_ms(event.occurred_at), event) for event in events), key=lambda one: one[0])
    matching = [
        (at_ms, properties)
        for at_ms, event in known
        if (properties := asked_of(did.event, did.where, event)) is not None
    ]
    if isinstance(did.measure, FirstTime):
        return Seen(times=int(bool(matching) and span.has(matching[0][0])))
    return _measured(did, [properties for at_ms, properties in matching if span.has(at_ms)])


def asked_of(name: str, where: Sequence[Condition], event: Event) -> Properties | None:
    """Return the properties of an event if it is one that is asked about, else None."""
    if fold(event.name) != fold(name):
        return None
    properties = decoded(event.properties)
    return properties if first_unmet(where, properties) is None else None


def _measured(did: Did, events: Sequence[Properties]) -> Seen:
    """Return what the rule sees of the events that count, by their time."""
    match did.measure:
        case Total(kind=kind, property=name):
            units = [units_of(look_up_path(properties, name)) for properties in events]
            amounts = [amount for amount in units if amount is not None]
            fold_of = {"minimum": min, "maximum": max}.get(kind, sum)
            return Seen(len(events), fold_of(amounts) if amounts else 0, len(amounts))
        case Edge(which=which, condition=condition) if events:
            of = events[0] if which == "first" else events[-1]
            return Seen(len(events), is_so=holds(condition, look_up_path(of, condition.property)))
        case _:
            return Seen(len(events))


def is_met(did: Did, seen: Seen) -> bool:
    """Say whether what was seen is what the rule wants."""
    match did.measure:
        case Count() as count:
            return count.holds(seen.times)
        case Total(kind="sum", bounds=bounds):
            return bounds.hold(seen.amount)
        case Total(kind="average", bounds=bounds):
            return seen.amounts > 0 and bounds.hold(seen.amount, seen.amounts)
        case Total(bounds=bounds):
            return seen.amounts > 0 and bounds.hold(seen.amount)
        case Edge():
            return seen.is_so
        case FirstTime():
            return seen.times > 0
        case _:
            assert_never(did.measure)
