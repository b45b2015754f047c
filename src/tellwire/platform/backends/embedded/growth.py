"""How large audiences were, day by day: see `ports.growth`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.ports.growth import DaySize

_Noted: TypeAlias = list[tuple[str, str, str]]


class EmbeddedGrowth:
    """See `ports.growth.Growth`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, sizes: Mapping[str, DaySize]) -> None:
        """Keep the sizes of audiences."""
        await self._database.write(
            _note, [(name, one.day.isoformat(), encode(one)) for name, one in sizes.items()]
        )

    async def of(self, name: str, since: date) -> Sequence[DaySize]:
        """Return the sizes of an audience from this day on."""
        return await self._database.read(_of, name, since.isoformat())


_NOTE = """
INSERT OR REPLACE INTO audience_day (name, day, body)
SELECT value->>0, value->>1, value->>2 FROM json_each(?)
"""
_OF = """
SELECT json_group_array(json(body) ORDER BY day) FROM audience_day WHERE name = ? AND day >= ?
"""
_SIZES = decoder(list[DaySize])


def _note(connection: apsw.Connection, calls: list[_Noted]) -> list[None]:
    for rows in calls:
        connection.execute(_NOTE, (encode(rows),))
    return [None for _ in calls]


def _of(connection: apsw.Connection, name: str, since: str) -> Sequence[DaySize]:
    return _SIZES.decode(connection.execute(_OF, (name, since)).get)
