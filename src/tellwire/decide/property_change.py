"""Applies changes to the properties of one profile (CleverTap contract 4.3 and 4.4).

Names compare without case and spaces; the first spelling stays.
"""

import math
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias, assert_never

from tellwire.model.event import (
    AddValues,
    Change,
    DeleteValue,
    Increment,
    KeepToken,
    LinkSubject,
    RemoveValues,
    SetValue,
)
from tellwire.model.profile import CUSTOM_PROPERTIES_LIMIT, Hindrance, custom_properties
from tellwire.model.value import Properties, Value, fold

VALUES_LIMIT: Final = 100  # of a multi-value property, first in first out; contract 4.3
NUMBER_LIMIT: Final = 2**63


OnDropped: TypeAlias = Callable[[str, Hindrance], None]


def _ignore(_key: str, _hindrance: Hindrance) -> None:
    """Tell nobody."""


def changed(properties: Properties, changes: Iterable[Change], on_dropped: OnDropped = _ignore) -> Properties:
    """Return the properties after these changes, in order; `properties` stays as it is.

    `on_dropped` is told the name and the reason of each change that could not be made.
    """
    draft = dict(properties)
    for change in changes:
        hindrance = _apply(draft, change)
        if hindrance is not None and not isinstance(change, LinkSubject | KeepToken):
            on_dropped(change.key, hindrance)
    return draft


def _apply(draft: Properties, change: Change) -> Hindrance | None:
    if isinstance(change, LinkSubject | KeepToken):
        return None
    key = _spelling(draft, change.key)
    match change:
        case SetValue(value=value):
            return _put(draft, key, value)
        case AddValues(values=values):
            return _put(draft, key, _added(draft.get(key), values))
        case RemoveValues(values=values):
            return _put(draft, key, _removed(draft.get(key), values))
        case Increment(by=by):
            total = _incremented(draft.get(key), by)
            return total if isinstance(total, str) else _put(draft, key, total)
        case DeleteValue():
            return _put(draft, key, None)
        case _:
            assert_never(change)


def _spelling(draft: Properties, key: str) -> str:
    if key in draft:
        return key
    wanted = fold(key)
    return next((known for known in draft if fold(known) == wanted), key)


def _put(draft: Properties, key: str, value: Value) -> Hindrance | None:
    """Set the property, or say why not; None and an empty list take it away."""
    if value is None or value == []:
        draft.pop(key, None)
    elif key in draft or _has_room(draft, key):
        draft[key] = value
    else:
        return "too_many"
    return None


def _has_room(draft: Properties, key: str) -> bool:
    if len(draft) < CUSTOM_PROPERTIES_LIMIT:  # nearly always
        return True
    return custom_properties((*draft, key)) <= CUSTOM_PROPERTIES_LIMIT or custom_properties((key,)) == 0


def _added(value: Value, added: tuple[str, ...]) -> list[str]:
    """Return the value as a list with these at its end; what it has already stays where it is."""
    return list(dict.fromkeys([*_as_list(value), *added]))[-VALUES_LIMIT:]


def _removed(value: Value, removed: tuple[str, ...]) -> Value:
    """Return the value without these, None when nothing is left; a single value stays single."""
    kept = [item for item in _as_list(value) if item not in removed]
    if not kept:
        return None
    return kept if isinstance(value, list) else value


def _as_list(value: Value) -> list[str]:
    match value:
        case None:
            return []
        case list():
            return [item if isinstance(item, str) else _text(item) for item in value]
        case _:
            return [_text(value)]


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _incremented(value: Value, by: float) -> float | Hindrance:
    """Return the sum, or why there is none."""
    if value is None:
        return by
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "not_a_number"
    total = value + by
    return total if math.isfinite(total) and abs(total) < NUMBER_LIMIT else "out_of_range"
