"""Batches as JSON texts, which is how rows cross between Python and SQLite in one step."""

from typing import Any, TypeVar

import apsw
import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


def as_json(rows: Any) -> str:
    """Return rows (lists, tuples or array-like structs) as the JSON array that `json_each` takes apart."""
    return _encoder.encode(rows).decode()


def read_rows(connection: apsw.Connection, sql: str, parameters: tuple[Any, ...], row: type[T]) -> list[T]:
    """Run a query whose only value is a `json_group_array` and return its elements as `row`s."""
    written = connection.execute(sql, parameters).get
    return msgspec.json.decode(written, type=list[row])  # type: ignore[valid-type]  # a type made at run time


def reserve(connection: apsw.Connection, count: int) -> int:
    """Take `count` numbers of the counter and return the first."""
    following: int = connection.execute("UPDATE counter SET next = next + ? RETURNING next", (count,)).get
    return following - count
