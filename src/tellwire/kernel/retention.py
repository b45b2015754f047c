"""Rules for what is old enough to be forgotten, for both halves. Pure; the stores delete.

A thing goes when it came before the horizon. A message must also be over: nothing waits to be done for it, and its
receipts can no longer come. The setting of how long things are kept is 0 (for ever) or `LEAST_DAYS` and more.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.kernel.status import MessageStatus

# How long after a message last moved its network may still speak of it: 48 hours for a text, ten days for the
# `read` of a chat message (8x8 contract 2.9 and 4.6).
RECEIPTS_WITHIN: Final = timedelta(days=10)
# A receipt that comes twice makes the same event twice, and the stream knows it by its id: ids must outlive the
# days in which receipts come.
LEAST_DAYS: Final = 14


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that came before `came_before` are old; a message that moved since `moved_before` may still get receipts."""

    came_before: datetime
    moved_before: datetime

    def is_old(self, came: datetime) -> bool:
        """Say whether something that came then is old enough."""
        return came < self.came_before

    def is_over(self, status: MessageStatus, moved: datetime, *, is_awaited: bool) -> bool:
        """Say whether a message that moved last at `moved` has nothing before it; `is_awaited`: work waits for it."""
        return status is not MessageStatus.QUEUED and not is_awaited and moved < self.moved_before


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a small transaction: deleted rows by table, and the next place. `resume` None: the pass is over."""

    rows: dict[str, int]
    resume: int | None


def horizon(now: datetime, keep: timedelta, *, receipts_within: timedelta = RECEIPTS_WITHIN) -> Horizon:
    """Return what is old at `now` when things are kept for `keep`."""
    return Horizon(came_before=now - keep, moved_before=now - receipts_within)
