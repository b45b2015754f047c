"""Cells of one person for one line that is asked: added to, united, and read. Pure arithmetic.

What is kept is bounded, and exact where it can be:

    window that stays        one cell, exact
    window that moves        the newest EXACT events one by one, those before them by the hour, and where that is more
                             than CELLS_LIMIT the oldest by the day, and then all together

A window that begins or ends within a cell counts it where its last event is: exact for a person with at most EXACT such
events in the window, and to the hour for almost everybody else.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Final, assert_never

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.local_time import day_of, moment_of
from tellwire.platform.decide.asked import AskedLine
from tellwire.platform.decide.behaviour import NOTHING_SEEN, Seen, is_met
from tellwire.platform.decide.predicate import holds
from tellwire.platform.model.behaviour import Ago, Count, DayBack, FirstTime, Span, Total, units_of
from tellwire.platform.model.event import Event
from tellwire.platform.model.rule import Did, Edge
from tellwire.platform.model.tally import Cell, Mark
from tellwire.platform.model.value import Properties, look_up_path

EXACT: Final = 128
CELLS_LIMIT: Final = 1_024  # of one person and line: six weeks by the hour, some 50 kB
TURNS_LIMIT: Final = 16  # moments that are looked at for the next at which an answer changes

_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS


def cell_of(line: AskedLine, event: Event, properties: Properties) -> Cell:
    """Return the cell of one event that a line asks about."""
    at_ms = to_ms(event.occurred_at)
    units = units_of(look_up_path(properties, line.measured)) if line.measured else None
    mark = None
    if line.condition is not None:
        is_so = holds(line.condition, look_up_path(properties, line.condition.property))
        mark = Mark(at_ms, to_ms(event.received_at), event.id, is_so)
    if units is None:
        return Cell(at_ms, at_ms, 1, first=mark, last=mark)
    return Cell(at_ms, at_ms, 1, 1, units, units, units, mark, mark)


def added(line: AskedLine, cells: Sequence[Cell], more: Iterable[Cell], now_ms: int) -> list[Cell]:
    """Return the cells with more of them, as far as they still matter."""
    if line.span is not None:
        inside = [one for one in more if line.span.has(one.first_ms)]
        return [united([*cells, *inside])] if cells or inside else []
    oldest = None if line.lookback_ms is None else now_ms - line.lookback_ms
    kept = [one for one in cells if oldest is None or one.last_ms > oldest]
    for one in more:
        if oldest is None or one.last_ms > oldest:
            insort(kept, one, key=_last_ms)
    return kept if len(kept) <= 2 * EXACT else _coarser(kept)


def _last_ms(cell: Cell) -> int:
    return cell.last_ms


def _coarser(cells: list[Cell]) -> list[Cell]:
    """Return fewer cells: all but the newest by the hour, then by the day, then the oldest as one."""
    older, newest = cells[:-EXACT], cells[-EXACT:]
    older = _grouped(older, lambda cell: cell.last_ms // _HOUR_MS)
    if len(older) <= CELLS_LIMIT - 2 * EXACT:
        return older + newest
    half = len(older) // 2
    older = _grouped(older[:half], lambda cell: cell.last_ms // _DAY_MS) + older[half:]
    excess = len(older) - (CELLS_LIMIT - 2 * EXACT)
    if excess > 0:
        older = [united(older[: excess + 1]), *older[excess + 1 :]]
    return older + newest


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], int]) -> list[Cell]:
    return [united(list(group)) for _, group in groupby(cells, key)]


def united(cells: Sequence[Cell]) -> Cell:
    """Return one cell with the events of all of these; there is at least one."""
    if len(cells) == 1:
        return cells[0]
    counted = [one for one in cells if one.amounts]
    marks = [mark for one in cells for mark in (one.first, one.last) if mark is not None]
    return Cell(
        min(one.first_ms for one in cells),
        max(one.last_ms for one in cells),
        sum(one.times for one in cells),
        sum(one.amounts for one in counted),
        sum(one.total for one in counted),
        min((one.least for one in counted), default=0),
        max((one.most for one in counted), default=0),
        min(marks, default=None),
        max(marks, default=None),
    )


def seen_in(did: Did, cells: Sequence[Cell], span: Span, *, is_span_kept: bool) -> Seen:
    """Return what a rule sees in cells; with `is_span_kept` they are of its window and no other."""
    if isinstance(did.measure, FirstTime):
        return Seen(times=int(bool(cells) and span.has(cells[0].first_ms)))
    inside = cells if is_span_kept else [one for one in cells if span.has(one.last_ms)]
    if not inside:
        return NOTHING_SEEN
    match did.measure:
        case Count():  # most rules, and cheaper than all that a cell has
            return Seen(sum([one.times for one in inside]))
        case Total(kind=kind):
            all_of = united(inside)
            amount = {"minimum": all_of.least, "maximum": all_of.most}.get(kind, all_of.total)
            return Seen(all_of.times, amount, all_of.amounts)
        case Edge(which=which):
            all_of = united(inside)
            mark = all_of.first if which == "first" else all_of.last
            return Seen(all_of.times, is_so=mark is not None and mark.is_met)
        case _:
            assert_never(did.measure)


def next_turn(did: Did, cells: Sequence[Cell], now: datetime, zone: tzinfo) -> datetime | None:
    """Return the next moment at which a rule says something else of these cells by the passing of time alone.

    It may be one at which it still says the same, where very many come before that: then it is asked again.
    """
    if not did.window.is_moving or not cells:
        return None
    moments = sorted({one for cell in cells for one in _crossings(did, cell, zone) if one > now})
    before = _is_met_at(did, cells, now, zone)
    for moment in moments[:TURNS_LIMIT]:
        if _is_met_at(did, cells, moment, zone) != before:
            return moment
    return moments[TURNS_LIMIT - 1] if len(moments) > TURNS_LIMIT else None


def _is_met_at(did: Did, cells: Sequence[Cell], at: datetime, zone: tzinfo) -> bool:
    span = did.window.span(at, zone)
    return is_met(did, seen_in(did, cells, span, is_span_kept=False))


def _crossings(did: Did, cell: Cell, zone: tzinfo) -> Iterable[datetime]:
    """Yield when a cell leaves the window at its beginning, and when it comes in at its end."""
    at = from_ms(cell.first_ms if isinstance(did.measure, FirstTime) else cell.last_ms)
    for end, later in ((did.window.begins, 1), (did.window.ends, 0)):
        match end:
            case Ago(duration):
                yield at + duration.span
            case DayBack(days):
                yield moment_of(day_of(at, zone) + timedelta(days=days + later), time.min, zone)
            case _:
                pass
