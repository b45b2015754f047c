"""The values that event and profile properties hold, and how names of properties and events compare.

A date is kept as the text `$D_<epoch seconds>`, the form in which every client of ours sends it (CleverTap
contract 4.3): events are stored as they came, and only who needs the date reads it.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec

# JSON as msgspec reads it; nested lists and objects are bounded at intake.
Value: TypeAlias = Any
Properties: TypeAlias = dict[str, Value]

DATE_PREFIX = "$D_"
NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")  # of a text that compares as a number


def decoded(raw: msgspec.Raw) -> Properties:
    """Return the properties of a JSON object; what is none has none, for one bad event stops no stream."""
    try:
        properties = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return {}
    return properties if isinstance(properties, dict) else {}


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Return the form in which names of events and properties compare: no case, no spaces (contract 4.3)."""
    return "".join(name.split()).casefold()


def date_of(value: Value) -> datetime | None:
    """Return the moment that a `$D_<epoch seconds>` value stands for, or None if it is no date."""
    if not isinstance(value, str) or not value.startswith(DATE_PREFIX):
        return None
    digits = value[len(DATE_PREFIX) :]
    try:
        return datetime.fromtimestamp(int(digits), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def number_of(item: Value) -> float | None:
    """Return a number, or that of a text which is one, None for all else."""
    match item:
        case bool():
            return None
        case int() | float():
            return item
        case str() if number := NUMBER.fullmatch(item.strip()):
            return float(number[0]) if number[1] else int(number[0])
        case _:
            return None


def look_up(properties: Properties, name: str) -> Value:
    """Return the property whose name compares equal to `name`, or None if there is none."""
    if name in properties:
        return properties[name]
    wanted = fold(name)
    for key in properties:
        if fold(key) == wanted:
            return properties[key]
    return None


def look_up_path(properties: Properties, path: str) -> Value:
    """Return the property of this name; where there is none, what the names between its dots lead to, or None.

    `Address.city` is the property of that very name, or `city` in the object `Address`; of a list of objects it is
    the list of what each has there.
    """
    value = look_up(properties, path)
    if value is not None or "." not in path:
        return value
    first, _, rest = path.partition(".")
    return _inside(look_up(properties, first), rest)


def _inside(value: Value, path: str) -> Value:
    match value:
        case dict():
            return look_up_path(value, path)
        case list():
            values: list[Value] = []
            for item in value:
                inside = _inside(item, path)
                values.extend(inside if isinstance(inside, list) else () if inside is None else (inside,))
            return values or None
        case _:
            return None
