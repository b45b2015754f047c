"""What a template can name: the properties of a profile or an event, looked up without case and spaces.

Dates become `Moment`s here, so that a template shows a date and never its wire form `$D_<epoch seconds>`.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from tellwire.platform.compose.decimals import PlainFloat
from tellwire.platform.model.enrollment import Entrance
from tellwire.platform.model.value import DATE_PREFIX, Properties, Value, date_of, fold


class Moment:
    """A date in a template: prints as `2026-01-31 08:00:00 UTC`, compares as a number, formats with `date`."""

    __slots__ = ("at",)

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __liquid__(self) -> int:
        """Return what Liquid compares: epoch seconds."""
        return int(self.at.timestamp())

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


class Names(Mapping[str, Value]):
    """Properties as a template sees them: the exact name first, then any that compares equal (contract 4.3)."""

    __slots__ = ("_folded", "_presented", "_properties")

    def __init__(self, properties: Properties) -> None:
        self._properties = properties
        self._folded: dict[str, str] | None = None
        self._presented: dict[
            str, Value
        ] = {}  # so that a list or object is made once, however often it is named

    def __getitem__(self, name: str) -> Value:
        key = name if name in self._properties else self._spelled(name)
        if key not in self._presented:
            self._presented[key] = _presented(self._properties[key])
        return self._presented[key]

    def _spelled(self, name: str) -> str:
        """Return the name as the properties spell it, or raise `KeyError`."""
        if not isinstance(name, str):  # an index, as in Event[0]: properties have none
            raise KeyError(name)
        if self._folded is None:
            self._folded = {fold(key): key for key in reversed(self._properties)}
        return self._folded[fold(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def __len__(self) -> int:
        return len(self._properties)

    def __str__(self) -> str:
        return msgspec.json.encode(self._properties).decode()


NO_NAMES: Final = Names({})


def entering_names(entrance: Entrance, properties: Properties) -> tuple[Names, Names]:
    """Return what texts know as `Event` and as `ExternalTrigger`; `properties` are the entrance's own, decoded."""
    names = Names(properties)
    return (NO_NAMES, names) if entrance.call else (names, NO_NAMES)


def _presented(value: Value) -> Value:
    """Return the value with its dates as moments and its objects as names; nesting is bounded at intake."""
    if isinstance(value, str):
        moment = date_of(value) if value.startswith(DATE_PREFIX) else None
        return value if moment is None else Moment(moment)
    if isinstance(value, float):
        return PlainFloat(value)
    if isinstance(value, list):
        return [_presented(item) for item in value]
    if isinstance(value, dict):
        return Names(value)
    return value
