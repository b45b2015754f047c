"""Properties as columns: made when a rule first asks for one, and kept up with every slice that comes in.

A projection has, for some properties of the events of one name or of people, a row for each event or person with what
a rule needs: when, whose, and the values as `values` has them. Making one reads all JSON of that table once; from then
on a rule reads narrow columns. Those that were not asked for the longest make room for others.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any, Final, NamedTuple

import duckdb
import msgspec

from tellwire.platform.history.schema import event_table, projection_table
from tellwire.platform.history.values import columns_of, unpacked
from tellwire.platform.model.value import decoded, fold, look_up_path

PROJECTIONS_LIMIT: Final = 200  # each as large as its table without the JSON
_ROWS: Final = 20_000  # that are read one by one at once, where the database cannot look a name up

PEOPLE: Final = 0  # in the place of an event's number


class Projection(NamedTuple):
    """Which properties of which table; `of` is an event's number, or `PEOPLE`. `table` has the values."""

    of: int
    properties: tuple[str, ...]
    number: int

    @property
    def table(self) -> str:
        """The name of its table."""
        return projection_table(self.number)


class Projections:
    """Those that there are in one open file; its thread alone calls this."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        rows = rows_of(connection, "SELECT of_events, properties, id FROM projection ORDER BY id")
        known = [Projection(of, tuple(msgspec.json.decode(names)), number) for of, names, number in rows]
        self._by_key = {(one.of, one.properties): one for one in known}
        self._numbers = count(1 + max((one.number for one in known), default=0))

    def of(self, table: int) -> list[Projection]:
        """Return the projections of a table."""
        return [one for one in self._by_key.values() if one.of == table]

    def asked(self, table: int, properties: Sequence[str]) -> Projection:
        """Return the projection of these properties, made now if it was not there."""
        key = (table, tuple(sorted(set(properties))))
        known = self._by_key.pop(key, None)
        if known is None:
            known = self._made(*key)
        self._by_key[key] = known  # the last of them was asked for last
        while len(self._by_key) > PROJECTIONS_LIMIT:
            self._drop(next(iter(self._by_key.values())))
        return known

    def add(self, source: str, projection: Projection) -> None:
        """Take rows of a table with the same columns, which are new in it, into a projection."""
        fill(self._connection, source, projection)

    def _made(self, table: int, properties: tuple[str, ...]) -> Projection:
        made = Projection(table, properties, next(self._numbers))
        columns = ", ".join(_declared(i) for i in range(len(properties)))
        key = "place UINTEGER" if table == PEOPLE else "seq BIGINT, person UINTEGER, ts BIGINT"
        run(self._connection, "BEGIN")
        try:
            run(self._connection, f"CREATE TABLE {made.table} ({key}, {columns})")
            fill(self._connection, "person" if table == PEOPLE else event_table(table), made)
            names = msgspec.json.encode(properties).decode()
            run(self._connection, "INSERT INTO projection VALUES (?, ?, ?)", (made.number, table, names))
        except BaseException:
            run(self._connection, "ROLLBACK")
            raise
        run(self._connection, "COMMIT")
        return made

    def _drop(self, one: Projection) -> None:
        run(self._connection, f"DROP TABLE {one.table}")
        run(self._connection, "DELETE FROM projection WHERE id = ?", (one.number,))
        del self._by_key[one.of, one.properties]


def _declared(i: int) -> str:
    names = columns_of(i)
    return f"{names['n']} DOUBLE, {names['s']} DOUBLE, {names['f']} VARCHAR, {names['o']} VARCHAR"


def fill(connection: duckdb.DuckDBPyConnection, source: str, projection: Projection) -> None:
    """Insert the rows of a source into the table of a projection."""
    key = "place" if projection.of == PEOPLE else "seq, person, ts"
    paths = _paths(connection, source, projection.properties)
    if paths is None:
        _fill_one_by_one(connection, source, projection, key)
        return
    values = ", ".join(f"json_extract(props, ?) AS j{i}" for i in range(len(paths)))
    _insert(connection, projection, key, f"SELECT {key}, {values} FROM {source}", paths)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    projection: Projection,
    key: str,
    values: str,
    parameters: Sequence[str],
) -> None:
    width = range(len(projection.properties))
    kinds = ", ".join(f"j{i}, json_type(j{i}) AS k{i}, j{i}->>'$' AS t{i}" for i in width)
    columns = ", ".join(map(unpacked, width))
    run(
        connection,
        f"INSERT INTO {projection.table} SELECT {key}, {columns} FROM (SELECT {key}, {kinds} FROM ({values}))",
        parameters,
    )


_KEYS: Final = """
SELECT list(DISTINCT k), bool_or(is_twice) FROM (
  SELECT unnest(keys) AS k, len(keys) > len(list_distinct(keys)) AS is_twice
  FROM (SELECT json_keys(props) AS keys FROM {source}))
"""


def _paths(connection: duckdb.DuckDBPyConnection, source: str, properties: Sequence[str]) -> list[str] | None:
    """Return where in the JSON of all rows each property stands; None if that differs, or a name leads inside."""
    ((keys, is_twice),) = rows_of(connection, _KEYS.format(source=source))
    if is_twice or any("." in name for name in properties):
        return None
    paths = []
    for name in properties:
        alike = [key for key in keys or () if fold(key) == fold(name)]
        if len(alike) > 1:
            return None
        paths.append("/" + (alike[0] if alike else name).replace("~", "~0").replace("/", "~1"))
    return paths


def _fill_one_by_one(
    connection: duckdb.DuckDBPyConnection, source: str, projection: Projection, key: str
) -> None:
    """Look the properties up as everybody else does; where senders write a name in two ways, or it leads inside."""
    width = len(key.split(","))
    values = ", ".join(f"r->'$[{width + i}]' AS j{i}" for i in range(len(projection.properties)))
    keys = ", ".join(f"CAST(r->>'$[{i}]' AS BIGINT) AS {name}" for i, name in enumerate(key.split(", ")))
    rows = f"SELECT {keys}, {values} FROM (SELECT unnest(from_json(?, '[\"JSON\"]')) AS r)"
    order, after = key.split(",", 1)[0], -1
    while True:
        some = rows_of(
            connection,
            f"SELECT {key}, props FROM {source} WHERE {order} > ? ORDER BY {order} LIMIT {_ROWS}",
            (after,),
        )
        if not some:
            return
        looked_up = [(*row[:-1], *_values(row[-1], projection.properties)) for row in some]
        _insert(connection, projection, key, rows, [msgspec.json.encode(looked_up).decode()])
        after = some[-1][0]


def _values(props: str, properties: Sequence[str]) -> list[object]:
    known = decoded(msgspec.Raw(props.encode()))
    return [look_up_path(known, name) for name in properties]


def run(connection: duckdb.DuckDBPyConnection, statement: str, parameters: Sequence[object] = ()) -> None:
    """Execute a statement, and close its result: one that stays open keeps its rows and locks."""
    rows_of(connection, statement, parameters)


def rows_of(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Execute a statement and return all its rows; the result is closed."""
    cursor = connection.execute(statement, list(parameters))
    return cursor.fetchall() if cursor.description else []
