"""Many rows in few statements: a row is bound value by value, so that nothing is written as JSON to be read again.

Each step of a statement hands the interpreter lock over (docs/decisions/0002), hence `ROWS` rows a statement. Rows are
made as they are written: a batch of 10,000 never stands as one text, which the encoder would make in one go while
nobody else runs.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final, TypeAlias

import apsw

ROWS: Final = 64  # by twice as many a row costs 3 % less, and a new number of rows more to parse

Cell: TypeAlias = str | int | None


def write(connection: apsw.Connection, statement: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Execute a statement with all rows, which are of one width; `{rows}` in it stands for `(?, ?), (?, ?), ...`."""
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS)):
        sql = _with_rows(statement, len(some[0]), len(some))
        connection.execute(sql, tuple(chain.from_iterable(some)))


@lru_cache(maxsize=1024)
def _with_rows(statement: str, width: int, count: int) -> str:
    row = f"({', '.join('?' * width)})"
    return statement.format(rows=", ".join([row] * count))
