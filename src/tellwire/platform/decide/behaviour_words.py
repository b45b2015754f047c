"""Rules about behaviour in few words, for traces: what was wanted, and what was seen. Pure."""

from typing import assert_never

import msgspec

from tellwire.platform.decide.behaviour import Seen
from tellwire.platform.language.window import write_window
from tellwire.platform.model.behaviour import UNITS, Amount, Count, FirstTime, Total
from tellwire.platform.model.rule import Condition, Did, Edge
from tellwire.platform.model.value import Value


def condition_text(condition: Condition) -> str:
    """Return a condition in few words: `Amount greater than 10`."""
    words = f"{condition.property} {condition.operator.replace('_', ' ')}"
    return words if condition.value is None else f"{words} {_json(condition.value)}"


def did_text(did: Did) -> str:
    """Return what is wanted: `did Charged at least 2 times, within 30 days, Amount greater than 10`.

    What the events are like comes last: where it is shown the words may be cut.
    """
    where = f", {' and '.join(map(condition_text, did.where))}" if did.where else ""
    measure = _measure_text(did)
    window = "".join(f", {key.rstrip('_')} {end}" for key, end in write_window(did.window).items())
    return f"did {did.event}{measure and ' '}{measure}{window}{where}"


def _measure_text(did: Did) -> str:
    match did.measure:
        case Count(at_least=1, at_most=None):
            return ""
        case Count(at_least=low, at_most=high):
            return f"{_ends_text(low, high)} {'time' if 1 in (low, high) else 'times'}"
        case Total(kind=kind, property=name, bounds=bounds):
            strict = (("more than", bounds.over), ("less than", bounds.under))
            said = [
                _ends_text(bounds.at_least, bounds.at_most),
                *(f"{word} {n}" for word, n in strict if n is not None),
            ]
            return f"with {kind} of {name} {' and '.join(filter(None, said))}"
        case Edge(which=which, condition=condition):
            return f"and {which} {condition_text(condition)}"
        case FirstTime():
            return "for the first time"
        case _:
            assert_never(did.measure)


def _ends_text(low: Amount | None, high: Amount | None) -> str:
    if low is not None and low == high:
        return f"exactly {low}"
    ends = (("at least", low), ("at most", high))
    return " and ".join(f"{word} {end}" for word, end in ends if end is not None)


def seen_text(did: Did, seen: Seen) -> Value:
    """Return what was seen: how often, or what the property comes to or is."""
    match did.measure:
        case Count() | FirstTime():
            return seen.times
        case Total(kind="sum"):
            return _amount(seen.amount)
        case Total(kind="average"):
            return _amount(round(seen.amount / seen.amounts)) if seen.amounts else None
        case Total():
            return _amount(seen.amount) if seen.amounts else None
        case Edge(which=which):
            return f"the {which} is {'' if seen.is_so else 'not '}so" if seen.times else None
        case _:
            assert_never(did.measure)


def _amount(units: int) -> Amount:
    return units // UNITS if units % UNITS == 0 else units / UNITS


def _json(value: Value) -> str:
    return msgspec.json.encode(value).decode()
