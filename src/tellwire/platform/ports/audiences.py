"""Who belongs to an audience, of everybody: questions over a copy of the past (`ports.feed` is what it is made from).

HistoryProblem
  HistoryBusy     it took too long, or too much waits: ask again later
  HistoryLoading  the copy is being made and cannot answer yet
  HistoryLost     the copy is broken: it is made anew, and answers again after that
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec

from tellwire.platform.model.account import Account
from tellwire.platform.model.list_member import ListKey
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.value import Properties

MEMBERS_LIMIT: Final = 10_000  # of one page


class HistoryProblem(Exception):
    """The copy cannot answer now."""


class HistoryBusy(HistoryProblem):
    """It took too long, or too much waits."""


class HistoryLoading(HistoryProblem):
    """It is being made."""


class HistoryLost(HistoryProblem):
    """It is broken, and will be made anew."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many people meet a rule, how many of them each channel reaches, and as of when."""

    count: int
    reachable: Mapping[str, int]
    as_of: datetime


class Belonging(msgspec.Struct, frozen=True, kw_only=True):
    """A person who meets a rule: their place, and the name by which they are known outside."""

    place: int
    id: ProfileId
    name: str
    properties: Properties = {}  # only where they were asked for


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """Some who meet a rule, by place; `after` is where to go on, None at the end."""

    people: Sequence[Belonging]
    after: int | None
    as_of: datetime


Exported = Literal["people", "events"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How the copy stands: what it has, how far it is behind, and why and when it was last made anew."""

    state: Literal["loading", "current", "lost"]
    people: int
    events: int
    behind: int
    as_of: datetime | None
    made_anew: str | None
    made_anew_at: datetime | None


class Audiences(Protocol):
    """Each answer is of one moment, `as_of`: everything that the store had committed by then is in it."""

    async def count(self, rules: Sequence[Rule], account: Account, now: datetime) -> list[Counted]:
        """Count the people who meet each rule. Raises a `HistoryProblem`."""
        ...

    async def members(
        self, rule: Rule, account: Account, now: datetime, *, after: int, limit: int
    ) -> Members:
        """Return people who meet a rule, those whose places come after this one. Raises a `HistoryProblem`."""
        ...

    async def sample(self, rule: Rule, account: Account, now: datetime, size: int) -> Sequence[Belonging]:
        """Return some of those who meet a rule, from all over, with their properties. Raises a `HistoryProblem`."""
        ...

    async def overlaps(
        self, rules: Sequence[Rule], account: Account, now: datetime
    ) -> Sequence[Sequence[int]]:
        """Return how many people meet both of each pair of rules, by their numbers. Raises a `HistoryProblem`."""
        ...

    async def holding(
        self, rules: Sequence[Rule], account: Account, now: datetime, key: ListKey
    ) -> Sequence[bool] | None:
        """Return which rules the person of this name meets, None if there is nobody. Raises a `HistoryProblem`."""
        ...

    async def export(self, what: Exported, to: Path) -> None:
        """Write people, or what they did, to a Parquet file. Raises a `HistoryProblem`."""
        ...

    def make_anew(self) -> None:
        """Throw the copy away and make it anew; answers come again when it is there."""
        ...

    async def standing(self) -> Standing:
        """Return how the copy stands; never raises."""
        ...
