"""What differs between two versions of a campaign, field by field. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.campaign_version import NO_BEHAVIOUR
from tellwire.platform.model.flat import Structure, flat_of


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field by its path (`content.text`), what it was and what it is; null where it is absent."""

    field: str
    before: Any
    after: Any


def changes_between(before: Campaign, after: Campaign) -> list[FieldChange]:
    """Return the fields by which a campaign answers events otherwise, in the order in which they stand."""
    return list(_differences("", _fields(before), _fields(after)))


def _fields(campaign: Campaign) -> dict[str, Any]:
    """Return the fields as people know them: those of the flat form, where the campaign has one."""
    fields: dict[str, Any] = msgspec.to_builtins(campaign)
    if (flat := flat_of(campaign)) is not None:
        terms = {name: value for name, value in fields.items() if name not in Structure._fields}
        fields = {**msgspec.to_builtins(flat), **terms}
    return {name: value for name, value in fields.items() if name not in NO_BEHAVIOUR}


def _differences(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in {**after, **before}:
        was, now = before.get(name), after.get(name)
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _differences(f"{path}{name}.", was, now)
        elif was != now:
            yield FieldChange(field=f"{path}{name}", before=was, after=now)
