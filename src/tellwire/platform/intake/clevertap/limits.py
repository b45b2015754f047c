"""How large and how deep the data of a record may be, and which names it may use (CleverTap contract 4.3)."""

import math
import re
from collections.abc import Callable
from typing import Final, TypeAlias

from tellwire.platform.model.value import Properties, Value

EVENT_TYPES: Final = 512  # of an account
EVENT_PROPERTIES: Final = 100
NAME_LIMIT: Final = 120
TEXT_LIMIT: Final = 512
MULTI_VALUE_LIMIT: Final = 100
DEPTH_LIMIT: Final = 3
NESTED_KEYS_PER_LEVEL: Final = 5  # keys of one object whose value is an object or a list
OBJECT_KEYS: Final = 100
LIST_ITEMS: Final = 100
INTEGER_LIMIT: Final = 2**63  # what every store and reader behind us takes
READABLE: Final = (
    "a JSON object of numbers in range and whole characters"  # 1e999 and half an emoji are neither
)

# The contract's characters, and control characters, which no screen could show.
_FORBIDDEN: Final = r"""[.:$'"\\%><!|&;\x00-\x1f\x7f]"""
find_forbidden = re.compile(_FORBIDDEN).search
find_forbidden_in_profile_key = re.compile(_FORBIDDEN.replace("[", "[#", 1)).search

_take_out = re.compile(_FORBIDDEN).sub
_take_out_of_profile_key = re.compile(_FORBIDDEN.replace("[", "[#", 1)).sub

_Find: TypeAlias = Callable[[str], re.Match[str] | None]


def problem_of_name(name: str, find: _Find = find_forbidden) -> str | None:
    """Return what is wrong with a name of an event or property, as a sentence, or None."""
    if not name:
        return "A name is empty."
    if len(name) > NAME_LIMIT:
        return f"Name '{name[:20]}...' is longer than {NAME_LIMIT} characters."
    match = find(name)
    if match is not None:
        shown = match.group() if match.group().isprintable() else f"0x{ord(match.group()):02x}"
        return f"Name '{_printable(name)}' has a character that names must not have: {shown}"
    return None


def without_forbidden(name: str) -> str:
    """Return a name of an event or property without the characters that it must not have."""
    return _take_out("", name).strip()


def without_forbidden_in_profile_key(name: str) -> str:
    """Return a name of a profile's property without the characters that it must not have."""
    return _take_out_of_profile_key("", name).strip()


def problem_of_value(key: str, value: Value, *, depth: int = 1, list_items: int = LIST_ITEMS) -> str | None:
    """Return what is wrong with a value, as a sentence, or None.

    `depth` is the level a nested object or list would stand on; text, numbers, booleans and null are level-free.
    """
    if isinstance(value, (list, dict)):
        if depth > DEPTH_LIMIT:
            return f"'{key}' is nested deeper than {DEPTH_LIMIT} levels."
        if isinstance(value, list):
            return _problem_of_list(key, value, depth, list_items)
        return _problem_of_object(key, value, depth)
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        return f"Text of '{key}' is longer than {TEXT_LIMIT} characters."
    if isinstance(value, (int, float)) and not _is_in_range(value):
        return f"Number of '{key}' is out of range."
    return None


def problem_of_nesting(properties: Properties) -> str | None:
    """Return whether one level holds too many objects and lists, as a sentence, or None."""
    nested = sum(isinstance(value, (dict, list)) for value in properties.values())
    if nested > NESTED_KEYS_PER_LEVEL:
        return f"One level has {nested} nested values, at most {NESTED_KEYS_PER_LEVEL} are allowed."
    return None


def _problem_of_list(key: str, items: list[Value], depth: int, limit: int) -> str | None:
    if len(items) > limit:
        return f"List '{key}' has {len(items)} items, at most {limit} are allowed."
    for item in items:
        problem = problem_of_value(key, item, depth=depth + 1)
        if problem:
            return problem
    return None


def _problem_of_object(key: str, members: Properties, depth: int) -> str | None:
    if len(members) > OBJECT_KEYS:
        return f"Object '{key}' has {len(members)} keys, at most {OBJECT_KEYS} are allowed."
    problem = problem_of_nesting(members)
    if problem:
        return problem
    for name, value in members.items():
        problem = problem_of_name(name) or problem_of_value(name, value, depth=depth + 1)
        if problem:
            return problem
    return None


def _is_in_range(number: float) -> bool:
    if isinstance(number, int):
        return -INTEGER_LIMIT <= number < INTEGER_LIMIT
    return math.isfinite(number)


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name)
