"""Mends what an upload's sender cannot: names and times as RudderStack, Segment and the like write them. Pure.

Only for passcodes that are read leniently, and only for a record that is refused as it came. Characters that names must
not have are taken out, as CleverTap's own SDKs do, and `ts` may be a moment of ISO 8601.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from tellwire.platform.intake.clevertap.limits import without_forbidden, without_forbidden_in_profile_key

_LONGEST_MOMENT: Final = 40
# A date and a time with an offset: without the latter nobody knows when it was.
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)

_Clean = Callable[[str], str]


def mended(record: msgspec.Raw) -> msgspec.Raw | None:
    """Return the record with its names and its `ts` mended, None when there is nothing to mend."""
    try:
        members = msgspec.json.decode(record, type=dict[str, Any])
        changed = {**members, **_changes(members)}
        return None if changed == members else msgspec.Raw(msgspec.json.encode(changed))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _changes(members: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if isinstance(members.get("ts"), str):
        changes["ts"] = _epoch(members["ts"])
    if isinstance(members.get("evtName"), str):
        changes["evtName"] = without_forbidden(members["evtName"])
    if isinstance(members.get("evtData"), dict):
        changes["evtData"] = _named(members["evtData"], without_forbidden)
    if isinstance(members.get("profileData"), dict):
        changes["profileData"] = _named(members["profileData"], without_forbidden_in_profile_key)
    return changes


def _named(value: Any, clean: _Clean) -> Any:
    """Return a value with the names in it mended; operators (`$add`) stay, and the first of two equal names does."""
    if isinstance(value, list):
        return [_named(item, clean) for item in value]
    if not isinstance(value, dict) or any(name.startswith("$") for name in value):
        return value
    members: dict[str, Any] = {}
    for name, item in value.items():
        members.setdefault(clean(name), _named(item, clean))
    return members


def _epoch(text: str) -> str | int:
    if len(text) > _LONGEST_MOMENT or not _MOMENT.fullmatch(text):
        return text
    try:
        return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return text
