"""What a rule asks of the things that a person did: how many, how much, and between which moments.

Events are placed by their own time (`occurred_at`), to the millisecond. Days are those of the account's zone; where a
window looks back by a duration, a day is 24 hours.
"""

from datetime import datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.local_time import day_of, moment_of
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.value import Value, number_of

UNITS: Final = 1_000_000  # of 1: amounts are added up exactly, to six digits after the point
AMOUNT_LIMIT: Final = 10**18  # an amount as large as this, or larger, is none
TIMES_LIMIT: Final = 1_000_000_000
DAYS_LIMIT: Final = 3_660  # ten years back, as durations

Times: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=TIMES_LIMIT)]
Amount: TypeAlias = int | float


def units_of(value: Value) -> int | None:
    """Return a number, or a text that is one, in millionths, half of one rounded away from 0; None for all else."""
    number = number_of(value)
    if number is None or not -AMOUNT_LIMIT < number < AMOUNT_LIMIT:
        return None
    if isinstance(number, int):
        return number * UNITS
    written = value.strip() if isinstance(value, str) else str(number)
    return int((Decimal(written) * UNITS).quantize(Decimal(1), ROUND_HALF_UP))


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Between which numbers something has to be; `over` and `under` do not include their own. There is at least one."""

    at_least: Amount | None = None
    at_most: Amount | None = None
    over: Amount | None = None
    under: Amount | None = None

    def hold(self, total: int, of: int = 1) -> bool:
        """Say whether `total` millionths, divided by `of`, lie within them."""
        return (
            (self.at_least is None or total >= _units(self.at_least) * of)
            and (self.at_most is None or total <= _units(self.at_most) * of)
            and (self.over is None or total > _units(self.over) * of)
            and (self.under is None or total < _units(self.under) * of)
        )


def _units(amount: Amount) -> int:
    units = units_of(amount)
    assert units is not None  # noqa: S101 - what was read is within the limit
    return units


class Count(msgspec.Struct, frozen=True, kw_only=True, tag="count"):
    """How many such events there are."""

    at_least: Times | None = None
    at_most: Times | None = None

    def holds(self, times: int) -> bool:
        """Say whether so many are right."""
        enough = self.at_least is None or times >= self.at_least
        return enough and (self.at_most is None or times <= self.at_most)


TotalKind = Literal["sum", "average", "minimum", "maximum"]


class Total(msgspec.Struct, frozen=True, kw_only=True, tag="total"):
    """What the numbers in a property of such events come to.

    Events without a number there do not matter. The sum of nothing is 0; an average, minimum or maximum of nothing
    is within no bounds.
    """

    kind: TotalKind
    property: Name
    bounds: Bounds


class FirstTime(msgspec.Struct, frozen=True, tag="first_time"):
    """The first such event of all lies in the window."""


class Ago(msgspec.Struct, frozen=True, tag="ago"):
    """A duration before now, to the millisecond."""

    duration: Duration


class DayBack(msgspec.Struct, frozen=True, tag="day"):
    """So many days before today: the beginning of that day where a window begins, its end where one ends."""

    days: Annotated[int, msgspec.Meta(ge=0, le=DAYS_LIMIT)]


class At(msgspec.Struct, frozen=True, tag="at"):
    """A moment; without a zone it is one on the account's clock."""

    moment: datetime


class Entering(msgspec.Struct, frozen=True, tag="entering"):
    """The moment at which the person entered the campaign that asks: what came after it."""


Beginning: TypeAlias = Ago | DayBack | At | Entering
Ending: TypeAlias = Ago | DayBack | At


class Span(NamedTuple):
    """From the first millisecond that counts to the first that does not any more; None is without end."""

    begins_ms: int | None
    ends_ms: int | None

    def has(self, at_ms: int) -> bool:
        """Say whether an event of this moment counts."""
        after = self.begins_ms is None or at_ms >= self.begins_ms
        return after and (self.ends_ms is None or at_ms < self.ends_ms)


ALWAYS: Final = Span(None, None)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Which events count: all of them without either end."""

    begins: Beginning | None = None
    ends: Ending | None = None

    def span(self, now: datetime, zone: tzinfo, entered_at: datetime | None = None) -> Span:
        """Return what the window means now; `zone` is the account's.

        `entered_at` is when the event occurred by which the person entered; without one nobody has entered, and
        nothing came after it.
        """
        return Span(_begins_ms(self.begins, now, zone, entered_at), _ends_ms(self.ends, now, zone))

    @property
    def is_moving(self) -> bool:
        """Whether it means something else when time has passed."""
        return isinstance(self.begins, Ago | DayBack) or isinstance(self.ends, Ago | DayBack)


EVER: Final = Window()


def _begins_ms(
    begins: Beginning | None, now: datetime, zone: tzinfo, entered_at: datetime | None
) -> int | None:
    match begins:
        case None:
            return None
        case Ago(duration):
            return to_ms(now - duration.span) + 1
        case DayBack(days):
            return _midnight_ms(now, zone, days)
        case At(moment):
            return to_ms(_instant(moment, zone))
        case Entering():
            return to_ms(now if entered_at is None else entered_at) + 1


def _ends_ms(ends: Ending | None, now: datetime, zone: tzinfo) -> int | None:
    match ends:
        case None:
            return None
        case Ago(duration):
            return to_ms(now - duration.span) + 1
        case DayBack(days):
            return _midnight_ms(now, zone, days - 1)
        case At(moment):
            whole = moment - timedelta(microseconds=moment.microsecond % 1000)  # a day ends before the next
            return to_ms(_instant(whole, zone)) + 1


def _midnight_ms(now: datetime, zone: tzinfo, days: int) -> int:
    return to_ms(moment_of(day_of(now, zone) - timedelta(days=days), time.min, zone))


def _instant(moment: datetime, zone: tzinfo) -> datetime:
    """Return the moment; one without a zone is on the account's clock."""
    return moment_of(moment.date(), moment.timetz(), zone) if moment.tzinfo is None else moment
