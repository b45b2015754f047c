"""Time zones by name, and which zone a telephone number stands in."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from phonenumbers.tzdata import TIMEZONE_DATA

from tellwire.kernel.address import Msisdn
from tellwire.kernel.dialling import country_code_of

_NAME_LIMIT: Final = 64
# The web SDK's form (CleverTap contract 4.4) and its usual spellings: GMT+0530, UTC-3, +05:30.
_FIXED: Final = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2})(?::?([0-5][0-9]))?", re.IGNORECASE)
_FURTHEST: Final = timedelta(hours=14)  # no clock on earth is further from UTC
# Two zones are one here if their clocks agree in each week of these years, however they differed long ago.
_COMPARED: Final = tuple(datetime(2025, 1, 1, tzinfo=UTC) + timedelta(weeks=n) for n in range(5 * 52))


@lru_cache(maxsize=1_024)
def zone_named(name: str) -> tzinfo | None:
    """Return the zone of an IANA name (`Europe/Berlin`) or a fixed offset (`GMT+0530`), None if it is neither."""
    name = name.strip()
    if len(name) > _NAME_LIMIT:
        return None
    if name.upper() in {"UTC", "GMT", "Z"}:
        return UTC
    fixed = _FIXED.fullmatch(name)
    if fixed is not None:
        return _fixed(fixed[1], int(fixed[2]), int(fixed[3] or 0))
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError; a folder's name is an OSError
        return None
    except KeyError:
        return None


def _fixed(sign: str, hours: int, minutes: int) -> tzinfo | None:
    offset = timedelta(hours=hours, minutes=minutes)
    if offset > _FURTHEST:
        return None
    return timezone(-offset if sign == "-" else offset)


def zone_of_number(number: Msisdn) -> tzinfo | None:
    """Return the zone of the number's country, None where the country has several.

    The country's calling code is looked at and not what follows it: people keep their number when they move. Zones
    whose clocks agree, as those of Berlin and Busingen, are one. The table is libphonenumber's.
    """
    return _zone_of_code(country_code_of(number.digits))


@lru_cache(maxsize=512)
def _zone_of_code(calling_code: str) -> tzinfo | None:
    zones = [zone for name in TIMEZONE_DATA.get(calling_code, ()) if (zone := zone_named(name)) is not None]
    return zones[0] if zones and all(_clock(zone) == _clock(zones[0]) for zone in zones[1:]) else None


def _clock(zone: tzinfo) -> Sequence[timedelta | None]:
    return [zone.utcoffset(moment.replace(tzinfo=None)) for moment in _COMPARED]
