"""The account's event types: a small table, and all of it in memory."""

from collections.abc import Sequence

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.codec import decoder, encode

_NAMES = decoder(list[str])


class EmbeddedEventTypes:
    """See `ports.event_types.EventTypes`."""

    def __init__(self, database: Database, known: frozenset[str]) -> None:
        self._database = database
        self._known = known

    @classmethod
    async def open(cls, database: Database) -> "EmbeddedEventTypes":
        """Return the types that the file holds."""
        return cls(database, await database.read(_all))

    @property
    def known(self) -> frozenset[str]:
        """Return every type."""
        return self._known

    async def claim(self, names: Sequence[str], limit: int) -> bool:
        """Keep all of these or none; see the port."""
        has_claimed, known = await self._database.write(_claim, (frozenset(names), limit))
        self._known |= known  # answers may come in another order than the commits they tell of
        return has_claimed


_ALL = "SELECT json_group_array(name) FROM event_type"
_ADD = "INSERT OR IGNORE INTO event_type (name) SELECT value FROM json_each(?)"


def _all(connection: apsw.Connection) -> frozenset[str]:
    return frozenset(_NAMES.decode(connection.execute(_ALL).get))


def _claim(
    connection: apsw.Connection, claims: list[tuple[frozenset[str], int]]
) -> list[tuple[bool, frozenset[str]]]:
    before = known = _all(connection)
    answers = []
    for names, limit in claims:
        has_room = names <= known or len(known | names) <= limit
        if has_room:
            known |= names
        answers.append((has_room, known))
    connection.execute(_ADD, (encode(sorted(known - before)),))
    return answers
