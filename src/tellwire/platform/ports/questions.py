"""Three questions about everybody's past: how far people come, who buys lately, often and much, and who comes back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final, Protocol

import msgspec

from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.rule import Conditions, Rule

STEPS_LIMIT: Final = 10
PERIODS_LIMIT: Final = 60
SCORES: Final = 5  # fifths, as everybody does RFM


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Events of a name, like this."""

    event: Name
    where: Conditions = ()


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """Steps one after the other; the first lies in [begins_at, ends_at), the last at most `within` after it.

    Each person is followed from the first time they did the first step. `who` are those who are looked at, all if None.
    """

    steps: Annotated[tuple[Deed, ...], msgspec.Meta(min_length=1, max_length=STEPS_LIMIT)]
    begins_at: datetime
    ends_at: datetime
    within: timedelta
    who: Rule | None = None


class FunnelStep(msgspec.Struct, frozen=True, kw_only=True):
    """How many came to a step, and how long half of them took since the step before, in seconds."""

    people: int
    median_s: float | None


class Rfm(msgspec.Struct, frozen=True, kw_only=True):
    """How lately, often and much people did something since a moment; `amount` is the property that says how much."""

    deed: Deed
    begins_at: datetime
    amount: Name = ""
    who: Rule | None = None


class RfmCell(msgspec.Struct, frozen=True, kw_only=True):
    """People of one fifth by recency and one by frequency, 5 the most; what they came to on average."""

    recency: int
    frequency: int
    people: int
    times: float
    amount: float | None
    last_at: datetime


class Cohorts(msgspec.Struct, frozen=True, kw_only=True):
    """People by the period in which they first did something, and how many of them came back in which one after it.

    Periods of `period` follow each other from `begins_at`. First is first of all: who did it before is in none.
    """

    start: Deed
    back: Deed
    begins_at: datetime
    period: timedelta
    periods: Annotated[int, msgspec.Meta(ge=1, le=PERIODS_LIMIT)]
    who: Rule | None = None


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """Who began in a period; `back` is how many did the other thing after it in this period, in the next, and so on."""

    begins_at: datetime
    people: int
    back: Sequence[int]


class Questions(Protocol):
    """Each raises a `ports.audiences.HistoryProblem` if it cannot be answered now."""

    async def funnel(self, funnel: Funnel, account: Account, now: datetime) -> Sequence[FunnelStep]:
        """Return how many came to each step."""
        ...

    async def rfm(self, rfm: Rfm, account: Account, now: datetime) -> Sequence[RfmCell]:
        """Return the cells that anybody is in."""
        ...

    async def cohorts(self, cohorts: Cohorts, account: Account, now: datetime) -> Sequence[Cohort]:
        """Return a cohort for each period, also one without anybody."""
        ...
