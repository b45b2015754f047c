"""Values as a trace keeps them: short, and readable for every reader of JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.decide.predicate import first_unmet
from tellwire.platform.model.codes import PASSED, GateName
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.value import Properties, Value, look_up_path

KEPT_LIMIT: Final = 160  # characters of one value in a trace; 60 are shown, after numbers in it were masked
_LARGEST: Final = 2**63  # of a JSON number that every reader takes


def conditions_result(gate: GateName, conditions: Sequence[Condition], properties: Properties) -> GateResult:
    """Return what a gate of conditions says, and what it saw."""
    if not conditions:
        return GateResult(gate)
    unmet = first_unmet(conditions, properties)
    if unmet is None:
        return GateResult(gate, PASSED, (tuple(_seen(condition, properties) for condition in conditions),))
    return GateResult(gate, gate, ((_seen(unmet, properties),),))


def _seen(condition: Condition, properties: Properties) -> tuple[Value, ...]:
    """Return a condition and the value it saw, as `control.gate_words` reads them."""
    value = kept(look_up_path(properties, condition.property))
    return condition.property, condition.operator, kept(condition.value), value


def kept(value: Value) -> Value:
    """Return a value as the trace keeps it: a long one cut, and one that JSON's readers cannot hold as text."""
    if isinstance(value, str):
        return value if len(value) <= KEPT_LIMIT else cut(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < _LARGEST:
        return value
    text = str(value) if isinstance(value, int) else msgspec.json.encode(value).decode()
    return value if len(text) <= KEPT_LIMIT and not isinstance(value, int) else cut(text)


def cut(text: str) -> str:
    """Return the beginning, without the half of a number at its end, which could not be told to be one."""
    return text if len(text) <= KEPT_LIMIT else f"{text[:KEPT_LIMIT].rstrip('+0123456789 ().-')}…"


def seconds(at: datetime) -> int:
    """Return a moment as traces keep it: whole seconds since the epoch."""
    return int(at.timestamp())
