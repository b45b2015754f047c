"""Conditions on properties: a property, and an operator as a key.

    {property: Amount, greater_than: 50}      {property: Plan, exists: true}      {property: Amount, between: [1, 9]}

`operator` and `value` are read too.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.rule import CONDITIONS_LIMIT, OPERATORS, Condition, Operator
from tellwire.platform.model.value import Value

_OPPOSITE: Final[dict[str, Operator]] = {"exists": "does_not_exist", "does_not_exist": "exists"}


if TYPE_CHECKING:

    class _OperatorKeys(msgspec.Struct, frozen=True, kw_only=True):
        pass

else:
    _OperatorKeys = msgspec.defstruct(
        "_OperatorKeys",
        [(name, Value | UnsetType, UNSET) for name in OPERATORS],
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


class Comparison(_OperatorKeys, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a property is compared with: one operator as a key, or `operator` and `value`."""

    operator: Operator | UnsetType = UNSET
    value: Value | UnsetType = UNSET


class ConditionForm(Comparison, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One test of one property of an event; in the flat form, of a profile too."""

    property: Name = ""


Conditions: TypeAlias = Annotated[tuple[ConditionForm, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)]


def read_conditions(forms: Sequence[ConditionForm], path: str) -> tuple[Condition, ...]:
    """Return the conditions that these forms mean. Raises `Unreadable`."""
    return tuple(condition_of(form, form.property, f"{path}[{n}]") for n, form in enumerate(forms))


def write_condition(condition: Condition) -> ConditionForm:
    """Return the form of a condition, with its operator as the key."""
    return ConditionForm(property=condition.property, **comparison_of(condition))


def condition_of(form: Comparison, name: str, path: str) -> Condition:
    """Return the condition that a comparison with the property `name` means. Raises `Unreadable`."""
    operator, value = _read(form, path)
    if why := _too_much(value):
        raise Unreadable({path: why})
    return Condition(property=name.strip(), operator=operator, value=value)


# More than any property has (CleverTap contract 4.3): what is longer can only be a mistake, and costs at every event.
TEXT_LIMIT: Final = 1_024
VALUES_LIMIT: Final = 1_000


def _too_much(value: Value) -> str:
    """Return why a condition cannot compare with so much, empty if it can."""
    values = value if isinstance(value, list) else [value]
    if len(values) > VALUES_LIMIT:
        return f"A condition compares with at most {VALUES_LIMIT:,} values: for people, ask who is on a list."
    if any(isinstance(one, str) and len(one) > TEXT_LIMIT for one in values):
        return f"A condition compares with texts of at most {TEXT_LIMIT:,} characters: no property has more."
    if any(isinstance(one, dict | list) for one in values) and len(msgspec.json.encode(value)) > TEXT_LIMIT:
        return f"A condition compares with at most {TEXT_LIMIT:,} characters of an object."
    return ""


def said_in(form: Comparison) -> list[str]:
    """Return the keys of a comparison that are written."""
    return [name for name in Comparison.__struct_fields__ if getattr(form, name) is not UNSET]


def _read(form: Comparison, path: str) -> tuple[Operator, Value]:
    keys = [name for name in OPERATORS if getattr(form, name) is not UNSET]
    if not keys:
        operator: Operator = "equals" if form.operator is UNSET else form.operator
        return operator, None if form.value is UNSET else form.value
    if len(said_in(form)) > 1:
        raise Unreadable({path: f"A condition has one operator: {' and '.join(said_in(form))} are two."})
    (key,) = keys
    value = getattr(form, key)
    if key not in _OPPOSITE:
        return key, value
    if not isinstance(value, bool):
        raise Unreadable({f"{path}.{key}": f"{key} is true or false."})
    return (key if value else _OPPOSITE[key]), None


def comparison_of(condition: Condition) -> dict[str, Any]:
    """Return what a condition says besides its property, as members of a form."""
    return {condition.operator: True if condition.operator in _OPPOSITE else condition.value}
