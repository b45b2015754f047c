"""Takes slices into the tables: people, numbers, lists, and what people did; each within a transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import duckdb
import msgspec

from tellwire.platform.history.projections import PEOPLE, Projections, rows_of, run
from tellwire.platform.history.schema import creating_events, event_table
from tellwire.platform.model.address import key_of
from tellwire.platform.model.channel import CHANNELS
from tellwire.platform.model.event import Subject
from tellwire.platform.model.list_member import keys_of
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.value import look_up
from tellwire.platform.ports.feed import Listing

_ENCODER: Final = msgspec.json.Encoder()


class Loading:
    """The tables of one open file, as its thread fills them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, projections: Projections) -> None:
        self._connection = connection
        self._projections = projections
        self.numbers: dict[str, int] = {
            str(name): n for n, name in self._rows("SELECT n, name FROM event_name")
        }

    def people(self, people: Mapping[int, Profile | None]) -> None:
        """Put people in the place of what was known of them; who has no name, or is None, is nobody any more."""
        places = list(people)
        for table in ("person", "person_name", "person_reach"):
            self._delete(table, "place", places)
        known = [(place, one) for place, one in people.items() if one is not None and one.subjects]
        self._insert(
            "CREATE OR REPLACE TEMP TABLE slice_people AS SELECT CAST(r->>0 AS UINTEGER) AS place, r->>1 AS id,"
            " r->>2 AS name, CAST(r->'$[3]' AS VARCHAR) AS props",
            ((place, one.id, name_of(one.subjects), one.properties) for place, one in known),
        )
        self._run("INSERT INTO person SELECT * FROM slice_people")
        self._insert(
            "INSERT INTO person_name SELECT CAST(r->>0 AS UINTEGER), r->>1",
            ((place, key) for place, one in known for key in keys_of(one)),
        )
        self._insert(
            "INSERT INTO person_reach SELECT CAST(r->>0 AS UINTEGER), r->>1, CAST(r->>2 AS BIGINT)",
            (row for place, one in known for row in _reach(place, one)),
        )
        for projection in self._projections.of(PEOPLE):
            self._delete(projection.table, "place", places)
            self._projections.add("slice_people", projection)

    def suppressed(self, numbers: Mapping[int, bool]) -> None:
        """Note which numbers are suppressed, and which of these are not any more."""
        self._delete("suppressed", "address", list(numbers))
        self._insert(
            "INSERT INTO suppressed SELECT CAST(r->>0 AS BIGINT)",
            ((number,) for number, is_suppressed in numbers.items() if is_suppressed),
        )

    def listings(self, listings: Mapping[Listing, bool]) -> None:
        """Note which names are on lists, and which of these are not any more."""
        self._insert(
            "CREATE OR REPLACE TEMP TABLE slice_listing AS SELECT CAST(r->>0 AS UINTEGER) AS list, r->>1 AS key,"
            " CAST(r->>2 AS BOOLEAN) AS is_on",
            ((one.list_id, one.key, is_on) for one, is_on in listings.items()),
        )
        self._run(
            "DELETE FROM listing USING slice_listing AS s WHERE listing.list = s.list AND listing.key = s.key"
        )
        self._run("INSERT INTO listing SELECT list, key FROM slice_listing WHERE is_on")

    def unpack(self, rows: Sequence[str]) -> list[tuple[int, str]]:
        """Unpack a slice of events for `events`. Return whose persons nobody knows: their places and names."""
        self._run(_UNPACK, (f"[{','.join(rows)}]",))
        return [(person, str(key)) for person, key in self._rows(_STRANGERS)]

    def events(self, holders: Mapping[int, int]) -> set[int]:
        """Take what was unpacked, with other persons for some places. Return the numbers of the events."""
        self._move("slice_event", holders)
        counted = self._rows("SELECT name, count(*) FROM slice_event GROUP BY name")
        numbers = {self._number(str(name)) for name, _ in counted}
        for name, _ in counted:
            n = self._number(str(name))
            columns = "SELECT seq, person, ts, props FROM slice_event WHERE name = ? ORDER BY seq"
            self._run(f"INSERT INTO {event_table(n)} {columns}", (name,))
            projections = self._projections.of(n)
            if projections:
                self._run(f"CREATE OR REPLACE TEMP TABLE slice_one AS {columns}", (name,))
            for projection in projections:
                self._projections.add("slice_one", projection)
        return numbers

    def names_of(self, places: Sequence[int]) -> dict[int, list[str]]:
        """Return what people were known by, as far as they were known."""
        names: dict[int, list[str]] = {}
        rows = self._rows(
            "SELECT place, key FROM person_name WHERE place IN (SELECT unnest(?::UINTEGER[]))", (places,)
        )
        for place, key in rows:
            names.setdefault(place, []).append(str(key))
        return names

    def move(self, moved: Mapping[int, int]) -> None:
        """Give what some did to those whom they became part of."""
        for table in self._event_tables():
            self._move(table, moved)

    def forget_people(self, places: Sequence[int]) -> None:
        """Forget what people did who are nobody any more."""
        for table in self._event_tables():
            self._delete(table, "person", places)

    def forget_before(self, seq: int) -> int:
        """Forget what was done before this place. Return how many events that were."""
        gone: int = 0
        for table in self._event_tables():
            ((count,),) = self._rows(f"SELECT count(*) FROM {table} WHERE seq < ?", (seq,))
            if count:
                self._run(f"DELETE FROM {table} WHERE seq < ?", (seq,))
                gone += int(count) if table.startswith("event_") else 0
        return gone

    def _event_tables(self) -> list[str]:
        tables = []
        for n in self.numbers.values():
            tables.append(event_table(n))
            tables += [projection.table for projection in self._projections.of(n)]
        return tables

    def _number(self, name: str) -> int:
        known = self.numbers.get(name)
        if known is not None:
            return known
        n = 1 + max(self.numbers.values(), default=PEOPLE)
        self._run("INSERT INTO event_name VALUES (?, ?)", (n, name))
        self._run(creating_events(n))
        self.numbers[name] = n
        return n

    def _move(self, table: str, moved: Mapping[int, int]) -> None:
        if not moved:
            return
        self._insert(
            "CREATE OR REPLACE TEMP TABLE slice_moved AS SELECT CAST(r->>0 AS UINTEGER) AS place,"
            " CAST(r->>1 AS UINTEGER) AS into_place",
            moved.items(),
        )
        self._run(f"UPDATE {table} SET person = m.into_place FROM slice_moved AS m WHERE person = m.place")

    def _delete(self, table: str, column: str, values: Sequence[int]) -> None:
        if values:
            self._run(f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?::BIGINT[]))", (values,))

    def _insert(self, select: str, rows: Iterable[Sequence[object]]) -> None:
        text = _ENCODER.encode(list(rows)).decode()
        self._run(f"{select} FROM (SELECT unnest(from_json(?, '[\"JSON\"]')) AS r)", (text,))

    def _run(self, statement: str, parameters: Sequence[object] = ()) -> None:
        run(self._connection, statement, parameters)

    def _rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return rows_of(self._connection, statement, parameters)


# An event is an array, see `model.event.Event`: its subject is the third, when it occurred the fifth.
_UNPACK: Final = """
CREATE OR REPLACE TEMP TABLE slice_event AS
SELECT CAST(r->>0 AS BIGINT) AS seq, CAST(r->>1 AS UINTEGER) AS person, r->>2 AS name,
  CAST(round_even(epoch_us(CAST(r->>'$[3][4]' AS TIMESTAMPTZ)) / 1000.0, 0) AS BIGINT) AS ts,
  CAST(r->'$[3][6]' AS VARCHAR) AS props,
  (r->>'$[3][2][0]') || ':' || (r->>'$[3][2][1]') AS subject
FROM (SELECT unnest(from_json(?, '["JSON"]')) AS r)
"""
_STRANGERS: Final = """
SELECT person, min(subject) FROM slice_event WHERE person NOT IN (SELECT place FROM person) GROUP BY person
"""


def name_of(subjects: Sequence[Subject]) -> str:
    """Return the name by which people outside know a person: the first identity, else the first name at all."""
    return next((one.value for one in subjects if one.kind == "identity"), subjects[0].value)


def _reach(place: int, profile: Profile) -> Iterable[tuple[int, str, int]]:
    for channel in CHANNELS.values():
        address = channel.address_of(profile)
        if address is not None and channel.is_consent(look_up(profile.properties, channel.consent_flag)):
            yield place, channel.name, key_of(address)
