"""Evaluates conditions on properties (CleverTap contract 4.6).

Senders are loose about types, so comparison is too: text without case and outer spaces; a number written as text is
a number; beside a date, ISO text and epoch seconds are dates; a list matches if any of its items does.
The negative operators are exactly the opposite of the positive ones: what is absent equals and contains nothing.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from tellwire.platform.model.rule import Condition, Operator
from tellwire.platform.model.start import Start, where_of
from tellwire.platform.model.value import NUMBER, Properties, Value, date_of, look_up_path, number_of

Test: TypeAlias = Callable[[Value, Value], bool]


def starts(start: Start, properties: Properties) -> bool:
    """Say whether an event of the start's name, with these properties, meets the start."""
    return first_unmet(where_of(start), properties) is None


def first_unmet(conditions: Iterable[Condition], properties: Properties) -> Condition | None:
    """Return the first condition that these properties do not meet, or None if they meet all."""
    return next((c for c in conditions if not holds(c, look_up_path(properties, c.property))), None)


def holds(condition: Condition, value: Value) -> bool:
    """Say whether the value of the condition's property meets it; an absent property has the value None."""
    return _TESTS[condition.operator](value, condition.value)


def equality_keys(value: Value) -> set[str | float]:
    """Return keys of a property's value or of what a condition wants: two that are equal share one.

    Two that share a key need not be equal; the condition itself has the last word.
    """
    keys: set[str | float] = set()
    for item in items_of(value):
        keys.add(text_of(item))
        size = _size(item)
        if size is not None:
            keys.add(size)
        moment = date_of(item)
        if moment is not None:  # a day, written as text, equals every moment of it
            keys.add(moment.date().isoformat())
    return keys


def value_problem(condition: Condition) -> str | None:
    """Return what is wrong with the value that a condition compares with, or None: for when it is written."""
    wanted = condition.value
    match condition.operator:
        case "exists" | "does_not_exist":
            return None if wanted is None else "exists and does_not_exist take no value"
        case "between":
            is_pair = isinstance(wanted, list) and len(wanted) == 2  # a lower and an upper end
            if not is_pair or any(_size(end) is None for end in wanted):
                return "between takes two numbers or dates"
        case "greater_than" | "greater_than_equals" | "less_than" | "less_than_equals":
            if isinstance(wanted, list) or _size(wanted) is None:
                return "compares with a number or a date (2026-01-31, 2026-01-31T08:00:00Z)"
        case _:
            if not items_of(wanted):
                return "compares with a text, number or boolean, or a list of them"
    return None


def _any(test: Test) -> Test:
    """Return the test that holds if any item of the value meets any of the alternatives."""

    def any_meets(value: Value, wanted: Value) -> bool:
        return any(test(item, alternative) for item in items_of(value) for alternative in items_of(wanted))

    return any_meets


def _not(test: Test) -> Test:
    return lambda value, wanted: not test(value, wanted)


def _is_equal(item: Value, wanted: Value) -> bool:
    moment = date_of(item)
    if moment is not None and isinstance(wanted, str) and _DAY.fullmatch(wanted.strip()):
        return moment.date().isoformat() == wanted.strip()
    if text_of(item) == text_of(wanted):
        return True
    sizes = _sizes(item, wanted)
    return sizes is not None and sizes[0] == sizes[1]


def _contains(item: Value, wanted: Value) -> bool:
    return text_of(wanted) in text_of(item)


def _ordered(relation: Callable[[float, float], bool]) -> Test:
    """Return the test that holds if both are numbers, or both dates, and stand so to each other."""

    def stands(item: Value, wanted: Value) -> bool:
        sizes = _sizes(item, wanted)
        return sizes is not None and relation(*sizes)

    return _any(stands)


def _is_between(value: Value, wanted: Value) -> bool:
    if not isinstance(wanted, list) or len(wanted) != 2:  # a lower and an upper end, both included
        return False
    low, high = wanted
    pairs = ((_sizes(item, low), _sizes(item, high)) for item in items_of(value))
    return any(a is not None and b is not None and a[0] >= a[1] and b[0] <= b[1] for a, b in pairs)


_TESTS: Final[Mapping[Operator, Test]] = {
    "equals": _any(_is_equal),
    "not_equals": _not(_any(_is_equal)),
    "contains": _any(_contains),
    "does_not_contain": _not(_any(_contains)),
    "exists": lambda value, _: value is not None,
    "does_not_exist": lambda value, _: value is None,
    "greater_than": _ordered(operator.gt),
    "greater_than_equals": _ordered(operator.ge),
    "less_than": _ordered(operator.lt),
    "less_than_equals": _ordered(operator.le),
    "between": _is_between,
}

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def items_of(value: Value) -> Sequence[Value]:
    """Return what is compared: the value or its items, without objects, which are like nothing."""
    items = value if isinstance(value, list) else (value,)
    return [item for item in items if item is not None and not isinstance(item, dict | list)]


def text_of(item: Value) -> str:
    """Return what an item compares as when it is text."""
    match item:
        case bool():
            return "true" if item else "false"
        case float() if item.is_integer():
            return str(int(item))
        case _:
            return str(item).strip().casefold()


def _sizes(item: Value, wanted: Value) -> tuple[float, float] | None:
    """Return both as numbers, epoch seconds if either is a date; None if they cannot be compared so."""
    if date_of(item) is not None or date_of(wanted) is not None:
        a, b = seconds_of(item), seconds_of(wanted)
    else:
        a, b = number_of(item), number_of(wanted)
        if a is None and b is None:
            a, b = seconds_of(item), seconds_of(wanted)
    return None if a is None or b is None else (a, b)


def _size(item: Value) -> float | None:
    number = number_of(item)
    return seconds_of(item) if number is None else number


def seconds_of(item: Value) -> float | None:
    """Return what an item is beside a date, in seconds since the epoch; None for what is no moment and no number."""
    moment = date_of(item)
    if moment is not None:
        return moment.timestamp()
    if not isinstance(item, str) or NUMBER.fullmatch(item.strip()):
        return number_of(item)
    if not item[:1].isdecimal():  # cheaper than the exception that most texts would cost
        return None
    try:
        written = datetime.fromisoformat(item.strip())
    except ValueError:
        return None
    return (written if written.tzinfo else written.replace(tzinfo=UTC)).timestamp()
