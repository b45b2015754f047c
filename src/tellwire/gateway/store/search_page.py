"""The rows of a search through a long table, a chunk at a time: the store has one reader, and others wait for it."""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

Row = TypeVar("Row")


class SearchPage(msgspec.Struct, Generic[Row], frozen=True, kw_only=True):
    """The rows that a search found so far; `next_seq` is where to go on, None at the end of the table.

    `reached` is the moment of the oldest row that was looked at, None when there was none.
    """

    rows: list[Row]
    next_seq: int | None
    looked_at: int
    reached: datetime | None
