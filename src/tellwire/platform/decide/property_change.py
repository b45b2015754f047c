"""Applies changes to the properties of one profile (CleverTap contract 4.3 and 4.4).

Names compare without case and spaces; the first spelling stays. A change that is older than what it would replace
does nothing, so that records may come late and in any order:

    set, delete                       count if nothing set or deleted the property at a later second
    add, remove, increment, decrement count then too; they are steps from what is there and have no time of their own
"""

import math
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias, assert_never

import msgspec

from tellwire.platform.model.event import (
    AddValues,
    Change,
    DeleteValue,
    Increment,
    KeepToken,
    LinkSubject,
    RemoveValues,
    SetValue,
)
from tellwire.platform.model.profile import (
    CUSTOM_PROPERTIES_LIMIT,
    NOES,
    Hindrance,
    PropertyTimes,
    custom_properties,
    says_no,
)
from tellwire.platform.model.value import Properties, Value, fold

VALUES_LIMIT: Final = 100  # of a multi-value property, first in first out; contract 4.3
NUMBER_LIMIT: Final = 2**63
GONE_LIMIT: Final = 256  # of properties that were deleted, whose time is remembered; the newest


OnDropped: TypeAlias = Callable[[str, Hindrance], None]


def _ignore(_key: str, _hindrance: Hindrance) -> None:
    """Tell nobody."""


class Written(msgspec.Struct, frozen=True):
    """Properties, and since when they hold."""

    properties: Properties
    times: PropertyTimes = PropertyTimes()


def changed(
    before: Written, changes: Iterable[Change], at_s: int, on_dropped: OnDropped = _ignore
) -> Written:
    """Return what is written after these changes, in order; `at_s` is when they were made. `before` stays as it is.

    `on_dropped` hears the name and the reason of each change that could not be made.
    """
    draft = _draft(before)
    for change in changes:
        hindrance = _apply(draft, change, at_s)
        if hindrance is not None and not isinstance(change, LinkSubject | KeepToken):
            on_dropped(change.key, hindrance)
    return Written(draft.properties, _times(draft, at_s))


def united(taken: Written, kept: Written) -> Written:
    """Return what is known of one person who was two: what is `kept` stays, save that a no of either is a no."""
    other, draft = _draft(taken), _draft(kept)
    spellings = {fold(name): name for name in (*draft.apart_s, *draft.properties)}
    for key, value in taken.properties.items():
        mine, set_s = spellings.get(fold(key), key), other.time_of(key)
        is_settled = mine in kept.properties or set_s < draft.time_of(mine)
        if not is_settled or (key in NOES and says_no(taken.properties, key)):
            draft.properties[mine] = value
            draft.apart_s[mine] = max(set_s, draft.time_of(mine))
    return Written(draft.properties, _times(draft, other.common_s))


class _Draft(NamedTuple):
    properties: Properties
    common_s: int
    apart_s: dict[str, int]

    def time_of(self, key: str) -> int:
        return self.apart_s.get(key, self.common_s if key in self.properties else 0)


def _draft(written: Written) -> _Draft:
    return _Draft(dict(written.properties), written.times.common_s, dict(written.times.apart_s))


def _apply(draft: _Draft, change: Change, at_s: int) -> Hindrance | None:
    if isinstance(change, LinkSubject | KeepToken):
        return None
    key = _spelling(draft, change.key)
    set_s = draft.time_of(key)
    if at_s < set_s:
        return None
    match change:
        case SetValue(value=wanted):
            return _put(draft, key, wanted, at_s)
        case DeleteValue():
            return _put(draft, key, None, at_s)
        case _:
            value = draft.properties.get(key)
            if isinstance(change, Increment):
                hindrance = _hindrance(value, change.by)
                return hindrance or _put(draft, key, change.by + (value or 0), set_s)
            return _put(draft, key, _edited(value, change), set_s)


def _edited(value: Value, change: AddValues | RemoveValues) -> Value:
    match change:
        case AddValues(values=values):
            return _added(value, values)
        case RemoveValues(values=values):
            return _removed(value, values)
        case _:
            assert_never(change)


def _spelling(draft: _Draft, key: str) -> str:
    if key in draft.properties:
        return key
    wanted = fold(key)
    known = (*draft.properties, *draft.apart_s)
    return next((name for name in known if fold(name) == wanted), key)


def _put(draft: _Draft, key: str, value: Value, at_s: int) -> Hindrance | None:
    """Set the property, or say why not; None and an empty list take it away."""
    properties = draft.properties
    if value is None or value == []:
        properties.pop(key, None)
    elif key in properties or _has_room(properties, key):
        properties[key] = value
    else:
        return "too_many"
    draft.apart_s[key] = at_s
    return None


def _times(draft: _Draft, at_s: int) -> PropertyTimes:
    """Return the times as few as they can be said: records mostly set all properties, or few of them."""
    properties, common_s, apart_s = draft
    if len(apart_s) >= len(properties) > 0 and all(apart_s.get(key) == at_s for key in properties):
        common_s = at_s
    apart = {key: s for key, s in apart_s.items() if s != (common_s if key in properties else 0)}
    if len(apart) > GONE_LIMIT:  # nearly never
        gone = [key for key in apart if key not in properties]
        for key in sorted(gone, key=apart.__getitem__)[:-GONE_LIMIT]:
            del apart[key]
    return PropertyTimes(common_s, apart)


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


def _hindrance(value: Value, by: float) -> Hindrance | None:
    """Return why `by` cannot be added to the value, None when it can."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "not_a_number"
    total = value + by
    return None if math.isfinite(total) and abs(total) < NUMBER_LIMIT else "out_of_range"
