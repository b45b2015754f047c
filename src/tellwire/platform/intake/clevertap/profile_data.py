"""`profileData` of an uploaded profile becomes changes, in the order it names them (CleverTap contract 4.4).

Names that mean something to us get their one spelling here, whatever case and spaces they came with; all other
names are the customer's and stay as they are. Nothing here knows what the profile looked like before.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.platform.intake.clevertap import limits
from tellwire.platform.intake.clevertap.identifiers import IDENTIFIERS, subject_of
from tellwire.platform.intake.clevertap.profile_field import CHECKED, TEXTS, spelling_of
from tellwire.platform.intake.clevertap.refusal import MISCELLANEOUS, Refusal, of_profile
from tellwire.platform.model.event import (
    AddValues,
    Change,
    DeleteValue,
    Increment,
    LinkSubject,
    RemoveValues,
    SetValue,
)
from tellwire.platform.model.profile import CUSTOM_PROPERTIES_LIMIT, STANDARD_PROPERTIES, custom_properties

_FIXED: Final = TEXTS | CHECKED.keys()  # what they hold is ours to say: no list and no sum
# No record has more: the customer's own, and one of each that means something.
_MEMBERS_LIMIT: Final = CUSTOM_PROPERTIES_LIMIT + len(STANDARD_PROPERTIES) + len(IDENTIFIERS)
_TOO_MANY: Final = of_profile(
    MISCELLANEOUS, f"A profile has at most {CUSTOM_PROPERTIES_LIMIT} properties of your own."
)

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def changes_of(data: msgspec.Raw, default_region: str | None) -> tuple[Change, ...] | Refusal:
    """Return the changes that a `profileData` object asks for, or why it cannot be taken; all or nothing.

    `default_region` ("SG") reads phone numbers without a country code; None takes international ones only.
    """
    try:
        members = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _miscellaneous(f"profileData has to be {limits.READABLE}.")
    if len(members) > _MEMBERS_LIMIT:
        return _TOO_MANY
    changes: list[Change] = []
    for key, value in members.items():
        added = _changes_of_member(key, value, default_region)
        if isinstance(added, Refusal):
            return added
        changes.extend(added)
    is_near = len(members) > CUSTOM_PROPERTIES_LIMIT
    if is_near and custom_properties(members.keys() - IDENTIFIERS) > CUSTOM_PROPERTIES_LIMIT:
        return _TOO_MANY
    return tuple(changes)


def _changes_of_member(key: str, value: Any, default_region: str | None) -> Refusal | tuple[Change, ...]:
    problem = limits.problem_of_name(key, limits.find_forbidden_in_profile_key)
    if problem:
        return _miscellaneous(problem)
    if value is None:  # says nothing; `{"$delete": 1}` is how a property is removed
        return ()
    name = spelling_of(key)
    if isinstance(value, dict) and any(member.startswith("$") for member in value):
        return _operated(name, value)
    if name in CHECKED:
        checked = CHECKED[name](value, default_region)
        return checked if isinstance(checked, Refusal) else (SetValue(name, checked),)
    return _linked(name, value) if name in IDENTIFIERS else _set(name, value)


def _linked(name: str, value: Any) -> Refusal | tuple[Change, ...]:
    subject = subject_of(name, value)
    return _miscellaneous(f"{name} is not valid.") if subject is None else (LinkSubject(subject),)


def _set(name: str, value: Any) -> Refusal | tuple[Change, ...]:
    if isinstance(value, list) and name not in TEXTS and not _has_nested(value):
        texts = _texts(name, value)
        return texts if isinstance(texts, Refusal) else (SetValue(name, _written(texts)),)
    problem = limits.problem_of_value(name, value)
    if name in TEXTS and not isinstance(value, str):
        problem = f"{name} has to be text."
    if problem:
        return _miscellaneous(problem)
    return (SetValue(name, _written(value) if isinstance(value, (list, dict)) else value),)


def _written(value: list[Any] | dict[str, Any] | tuple[str, ...]) -> msgspec.Raw:
    """Return a list or an object as JSON again, which is how the stream keeps it.

    As objects it is some twenty times as large, and a thousand records may wait for the store together.
    """
    return msgspec.Raw(msgspec.json.encode(value))


def _operated(name: str, operations: dict[str, Any]) -> Refusal | tuple[Change, ...]:
    changes: list[Change] = []
    for operator, operand in operations.items():
        change = _operation(name, operator, operand)
        if isinstance(change, Refusal):
            return change
        changes.append(change)
    return tuple(changes)


def _operation(name: str, operator: str, operand: Any) -> Refusal | Change:
    operation = _OPERATIONS.get(operator)
    if operation is None:
        return _miscellaneous(f"'{operator[:20]}' of '{name}' is no operator.")
    if name in IDENTIFIERS or (name in _FIXED and operator != "$delete"):
        return _miscellaneous(f"{operator} does not apply to {name}.")
    return operation(name, operand)


def _set_all(name: str, operand: Any) -> Refusal | Change:
    texts = _texts(name, operand)
    return texts if isinstance(texts, Refusal) else SetValue(name, _written(texts))


def _add(name: str, operand: Any) -> Refusal | Change:
    texts = _texts(name, operand)
    return texts if isinstance(texts, Refusal) else AddValues(name, texts)


def _remove(name: str, operand: Any) -> Refusal | Change:
    texts = _texts(name, operand)
    return texts if isinstance(texts, Refusal) else RemoveValues(name, texts)


def _increment(name: str, operand: Any) -> Refusal | Change:
    if isinstance(operand, bool) or not isinstance(operand, (int, float)):
        return _miscellaneous(f"$incr and $decr of '{name}' need a number.")
    problem = limits.problem_of_value(name, operand)
    return _miscellaneous(problem) if problem else Increment(name, operand)


def _decrement(name: str, operand: Any) -> Refusal | Change:
    is_number = isinstance(operand, (int, float)) and not isinstance(operand, bool)
    return _increment(name, -operand if is_number else operand)


def _delete(name: str, operand: Any) -> Refusal | Change:
    if operand not in (1, True, "1"):
        return _miscellaneous(f"$delete of '{name}' has to be 1.")
    return DeleteValue(name)


_Operation: TypeAlias = Callable[[str, Any], Refusal | Change]
_OPERATIONS: Final[dict[str, _Operation]] = {
    "$set": _set_all,
    "$add": _add,
    "$remove": _remove,
    "$incr": _increment,
    "$decr": _decrement,
    "$delete": _delete,
}


def _texts(name: str, operand: Any) -> Refusal | tuple[str, ...]:
    """Return the values of a multi-value property: unique, the newest hundred, each a text."""
    items = operand if isinstance(operand, list) else [operand]
    texts = tuple(dict.fromkeys(_as_texts(items)))
    if _has_nested(items) or (items and not texts):
        return _miscellaneous(f"Values of '{name}' have to be text.")
    if any(len(text) > limits.TEXT_LIMIT for text in texts):
        return _miscellaneous(f"A value of '{name}' is longer than {limits.TEXT_LIMIT} characters.")
    return texts[-limits.MULTI_VALUE_LIMIT :]


def _has_nested(items: list[Any]) -> bool:
    return any(isinstance(item, (dict, list)) for item in items)


def _as_texts(items: list[Any]) -> Iterator[str]:
    for item in items:
        match item:
            case str():
                yield item
            case bool():
                yield "true" if item else "false"
            case int() | float():
                yield msgspec.json.encode(item).decode()
            case _:
                continue


def _miscellaneous(why: str) -> Refusal:
    return of_profile(MISCELLANEOUS, why)
