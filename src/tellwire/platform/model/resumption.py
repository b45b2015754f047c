"""How a campaign goes on after a pause with those who became due meanwhile."""

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import msgspec

# They go on at once; at once, but a message that would go out then is dropped; or one after the other over a time.
Overdue: TypeAlias = Literal["now", "skip", "spread"]
LEAST_SPREAD: Final = timedelta(minutes=1)
MOST_SPREAD: Final = timedelta(days=7)


class Resumption(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of those who are overdue: of `people` when the campaign went on, `at` that moment.

    They go in the order in which they were due; `over` is the time over which they are spread.
    """

    overdue: Overdue = "now"
    at: datetime
    over: timedelta = timedelta(0)
    people: int = 0
