"""`evtName` and `evtData` of an uploaded event: what is wrong with them, if anything (CleverTap contract 4.3).

Data stays as it came; it is read here once, to be sure that whoever reads it later can.
"""

import re
from functools import lru_cache
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from tellwire.platform.intake.clevertap import limits
from tellwire.platform.intake.clevertap.refusal import (
    EVENT_DISCARDED,
    EVENT_NAME_MISSING,
    EVENT_NAME_RESERVED,
    EVENT_STRUCTURE,
    TOO_MANY_PROPERTIES,
    Refusal,
    of_event,
)
from tellwire.platform.model.system_event import RESERVED_NAMES
from tellwire.platform.model.value import fold

CHARGED_ITEMS: Final = 256
_CHARGED: Final = "charged"
_AMOUNT: Final = re.compile(r"[+-]?[0-9]+([.][0-9]+)?", re.ASCII)

# What nearly every event has: short names, short texts, numbers. Read and checked in one go by msgspec;
# whatever it refuses is looked at again, slowly, for nested data or for a sentence that says what is wrong.
_Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=limits.NAME_LIMIT)]
_Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=limits.TEXT_LIMIT)]
_Int: TypeAlias = Annotated[int, msgspec.Meta(ge=-limits.INTEGER_LIMIT, le=limits.INTEGER_LIMIT - 1)]
_decode_flat = msgspec.json.Decoder(dict[_Name, _Text | _Int | float | bool | None]).decode
_decode_any = msgspec.json.Decoder(dict[str, Any]).decode


class EventName(msgspec.Struct, frozen=True):
    """A name that an event may have, and the form in which names compare.

    `is_charged` for a purchase, whose data has rules of its own.
    """

    text: str
    folded: str
    is_charged: bool


def event_name(name: Any) -> EventName | Refusal:
    """Return the name of an event, or why it may not have it."""
    if isinstance(name, str) and len(name) <= limits.NAME_LIMIT:  # the cache must not keep long ones
        return _short_name(name)
    if isinstance(name, str):
        return _structure(limits.problem_of_name(name) or "")
    return of_event(EVENT_NAME_MISSING, "Event name is mandatory.")


@lru_cache(maxsize=4096)
def _short_name(name: str) -> EventName | Refusal:
    text = name.strip()
    if not text:
        return of_event(EVENT_NAME_MISSING, "Event name is mandatory.")
    folded = fold(text)
    if folded in RESERVED_NAMES:
        return of_event(EVENT_NAME_RESERVED, f"'{text}' is a restricted system event.")
    problem = limits.problem_of_name(text)
    return _structure(problem) if problem else EventName(text, folded, folded == _CHARGED)


def discarded(name: EventName, limit: int) -> Refusal:
    """Return the refusal of an event whose type is one more than the account may have."""
    return of_event(
        EVENT_DISCARDED,
        f"'{name.text}' is discarded: there are {limit} event types already, as many as are allowed.",
    )


def refusal_of_data(name: EventName, data: msgspec.Raw, properties_limit: int) -> Refusal | None:
    """Return why an event may not carry this `evtData` (a JSON object as it came), or None."""
    try:
        properties = _decode_flat(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _refusal_of_nested(name, data, properties_limit)
    if len(properties) > properties_limit:
        return _too_many(len(properties), properties_limit)
    problem = _problem_of_names(tuple(properties))
    if problem:
        return _structure(problem)
    return _refusal_of_charged(properties) if name.is_charged else None


@lru_cache(maxsize=256)  # an app has few sets of names, and 256 of the longest are 12 MB
def _problem_of_names(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(limits.problem_of_name, names)), None)


def _refusal_of_nested(name: EventName, data: msgspec.Raw, properties_limit: int) -> Refusal | None:
    try:
        properties = _decode_any(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _structure(f"evtData has to be {limits.READABLE}.")
    if len(properties) > properties_limit:
        return _too_many(len(properties), properties_limit)
    problem = limits.problem_of_nesting(properties) or _problem_of_members(properties, name)
    if problem:
        return _structure(problem)
    return _refusal_of_charged(properties) if name.is_charged else None


def _problem_of_members(properties: dict[str, Any], name: EventName) -> str | None:
    for key, value in properties.items():
        problem = limits.problem_of_name(key)  # first, for what is folded is remembered
        if problem:
            return problem
        items = CHARGED_ITEMS if name.is_charged and fold(key) == "items" else limits.LIST_ITEMS
        problem = limits.problem_of_value(key, value, list_items=items)
        if problem:
            return problem
    return None


def _refusal_of_charged(properties: dict[str, Any]) -> Refusal | None:
    """A purchase has an amount that can be added up and items that can be looked into."""
    for key, value in properties.items():
        if fold(key) == "amount" and not _is_amount(value):
            return _structure("Amount of a Charged event has to be a number.")
        if fold(key) == "items" and not _is_list_of_objects(value):
            return _structure("Items of a Charged event has to be a list of objects.")
    return None


def _is_amount(value: Any) -> bool:
    if isinstance(value, str):  # apps send prices as text; conditions compare such text as a number
        return _AMOUNT.fullmatch(value.strip()) is not None
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _structure(why: str) -> Refusal:
    return of_event(EVENT_STRUCTURE, why)


def _too_many(count: int, limit: int) -> Refusal:
    return of_event(TOO_MANY_PROPERTIES, f"Too many properties: {count}, at most {limit} are allowed.")
