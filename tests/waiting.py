"""Waiting in tests: for a condition, with a deadline that only guards against hanging.

A passing test goes on the moment its condition holds, so the deadline is generous: it must hold on the slowest and
busiest machine, and says nothing about speed. It stays below pytest's own time-out, whose failure tells less.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

HANG_S = 60.0
POLL_S = 0.005


async def until(condition: Callable[[], object], deadline_s: float = HANG_S) -> None:
    """Return when `condition` holds; fails the test when it does not within the deadline."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"the condition did not come true within {deadline_s} s"
        await asyncio.sleep(POLL_S)


async def until_asked(ask: Callable[[], Awaitable[object]], deadline_s: float = HANG_S) -> None:
    """Return when what `ask` answers holds; fails the test when it does not within the deadline."""
    end = time.monotonic() + deadline_s
    while not await ask():
        assert time.monotonic() < end, f"what was asked for did not come true within {deadline_s} s"
        await asyncio.sleep(POLL_S)
