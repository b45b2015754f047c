"""Rules about behaviour and the things that people did, for properties of tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from tellwire.platform.model.behaviour import (
    EVER,
    Ago,
    At,
    Bounds,
    Count,
    DayBack,
    Entering,
    FirstTime,
    Total,
    Window,
)
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.rule import Condition, Did, Edge, Measure

MOMENT = datetime(2026, 6, 6, 12, tzinfo=UTC)
NAMES = ("Charged", "Refunded")
PROPERTIES = ("Amount", "Category")

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.integers(-3, 12),
    st.sampled_from([0.1, 0.2, 2.5, 9.99, "3", "0.30", "shoes", "hats", True, None]),
)
CONDITIONS = st.one_of(
    st.builds(
        Condition,
        property=st.just("Amount"),
        operator=st.sampled_from(["greater_than", "less_than_equals", "equals"]),
        value=st.integers(0, 9),
    ),
    st.builds(
        Condition,
        property=st.just("Category"),
        operator=st.sampled_from(["equals", "not_equals"]),
        value=st.sampled_from(["shoes", "hats"]),
    ),
)


def _ordered(low: Any, high: Any) -> tuple[Any, Any]:
    return (low, high) if low is None or high is None or low <= high else (high, low)


def _count(low: int | None, high: int | None) -> Count:
    low, high = _ordered(low, high)
    return Count(at_least=1) if not low and high is None else Count(at_least=low or None, at_most=high)


def _bounds(low: float | None, high: float | None, over: float | None, under: float | None) -> Bounds:
    low, high = _ordered(low, high)
    if (low, high, over, under) == (None, None, None, None):
        return Bounds(at_least=1)
    return Bounds(
        at_least=low,
        at_most=high,
        **({} if low is not None and low == high else {"over": over, "under": under}),
    )


AMOUNTS = st.one_of(st.none(), st.integers(-3, 30), st.sampled_from([0.3, 2.5]))
TIMES = st.one_of(st.none(), st.integers(0, 4))
COUNTS = st.builds(_count, TIMES, TIMES).filter(lambda one: one != Count())
TOTALS = st.builds(
    Total,
    kind=st.sampled_from(["sum", "average", "minimum", "maximum"]),
    property=st.just("Amount"),
    bounds=st.builds(_bounds, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS),
)
MEASURES: st.SearchStrategy[Measure] = st.one_of(
    COUNTS, TOTALS, st.builds(Edge, which=st.sampled_from(["first", "last"]), condition=CONDITIONS)
)
DURATIONS = st.builds(Duration, st.integers(1, 40), st.sampled_from(["minute", "hour", "day"]))


def _window(begins: Any, ends: Any) -> Window:
    """Return a window that can have events: one whose ends are the wrong way round is open at its end."""
    match begins, ends:
        case Ago(since), Ago(until) if since.span <= until.span:
            return Window(begins=begins)
        case DayBack(since), DayBack(until) if since < until:
            return Window(begins=begins)
        case At(since), At(until) if since > until:
            return Window(begins=begins)
        case _:
            return Window(begins=begins, ends=ends)


MOMENTS = st.timedeltas(timedelta(days=-40), timedelta(days=1)).map(
    lambda one: (MOMENT + one).replace(microsecond=0)
)
ENDS = st.one_of(
    st.none(), st.builds(Ago, DURATIONS), st.builds(DayBack, st.integers(0, 40)), st.builds(At, MOMENTS)
)
WINDOWS = st.builds(_window, st.one_of(ENDS, st.just(Entering())), ENDS)
RULES: st.SearchStrategy[Did] = st.one_of(
    st.builds(
        Did,
        event=st.sampled_from(NAMES),
        where=st.lists(CONDITIONS, max_size=2).map(tuple),
        measure=MEASURES,
        window=WINDOWS,
    ),
    st.builds(
        Did,
        event=st.sampled_from(NAMES),
        measure=st.just(FirstTime()),
        window=WINDOWS.filter(lambda one: one != EVER),
    ),
)


def an_event(
    number: int, name: str, at: datetime, properties: dict[str, Any], *, received_at: datetime | None = None
) -> Event:
    """Return the event of one person, the `number`th that came."""
    return Event(
        id=EventId(f"{number:026}"),
        subject=Subject("identity", "anna"),
        name=name,
        occurred_at=at,
        received_at=received_at or at,
        properties=msgspec.Raw(msgspec.json.encode(properties)),
    )


DEEDS = st.tuples(
    st.sampled_from(NAMES),
    MOMENTS,
    st.dictionaries(st.sampled_from(PROPERTIES), VALUES, max_size=2),
)
EVENTS: st.SearchStrategy[Sequence[Event]] = st.lists(DEEDS, max_size=25).map(
    lambda deeds: [an_event(number, *deed) for number, deed in enumerate(deeds)]
)
