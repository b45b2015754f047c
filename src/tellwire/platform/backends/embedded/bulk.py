"""Many rows in few statements: a row is bound value by value, so that nothing is written as JSON to be read again.

Each step of a statement hands the interpreter lock over (docs/decisions/0002), hence up to `ROWS` rows a statement.
Fewer are filled up with empty ones to the next power of two, whose statement is parsed already: a
statement of a new number of rows takes about twice as long.

Rows are made as they are written: a batch of 10,000 never stands as one text, which the encoder would make in one go
while nobody else runs.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final, TypeAlias

import apsw

ROWS: Final = 64
_LEAST: Final = 4
_WITHOUT_EMPTY_ROWS: Final = " SELECT * FROM (VALUES {rows}) WHERE column1 IS NOT NULL"

Cell: TypeAlias = str | int | None


def insert(connection: apsw.Connection, into: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Execute `INSERT INTO table (column, ...)`, or `INSERT OR IGNORE`, with all rows; no row's first value is None."""
    write(connection, into + _WITHOUT_EMPTY_ROWS, rows)


def write(connection: apsw.Connection, statement: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Execute a statement with all rows, which are of one width; `{rows}` in it stands for `(?, ?), (?, ?), ...`.

    It has to pass over rows of nothing but NULL.
    """
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS)):
        width, count = len(some[0]), max(_LEAST, 1 << (len(some) - 1).bit_length())
        empty = (None,) * (width * (count - len(some)))
        connection.execute(_with_places(statement, width, count), (*chain.from_iterable(some), *empty))


@lru_cache(maxsize=256)
def _with_places(statement: str, width: int, count: int) -> str:
    row = f"({', '.join('?' * width)})"
    return statement.format(rows=", ".join([row] * count))
