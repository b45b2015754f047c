"""Looks through a long table for a page of rows: chunk after chunk, and never long."""

import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from tellwire.gateway.store.search_page import SearchPage

Row = TypeVar("Row")

# One request looks so long and then says how far it came; the page offers to look further.
LOOK_S: Final = 1.0


async def look(
    search: Callable[[int, int], Awaitable[SearchPage[Row]]],
    before_seq: int,
    limit: int,
    *,
    chunks: int = sys.maxsize,
) -> SearchPage[Row]:
    """Return what `search(before_seq, limit)` finds in `chunks`, or until `limit` are found or `LOOK_S` is over."""
    rows: list[Row] = []
    looked_at = 0
    end_s = time.monotonic() + LOOK_S
    while True:
        chunk = await search(before_seq, limit - len(rows))
        rows += chunk.rows
        looked_at += chunk.looked_at
        chunks -= 1
        is_enough = len(rows) >= limit or chunks <= 0 or time.monotonic() > end_s
        if chunk.next_seq is None or is_enough:
            return SearchPage(rows=rows, next_seq=chunk.next_seq, looked_at=looked_at, reached=chunk.reached)
        before_seq = chunk.next_seq
