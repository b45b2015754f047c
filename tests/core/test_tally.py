"""What counters say is what the list of events says: the live reader of rules about behaviour, and its arithmetic."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.behaviour import EVENTS, MOMENT, RULES, an_event

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.zones import zone_named
from tellwire.platform.decide.asked import line_of
from tellwire.platform.decide.behaviour import Seen, asked_of, is_met, seen_of
from tellwire.platform.decide.tally import CELLS_LIMIT, EXACT, added, cell_of, next_turn, seen_in
from tellwire.platform.language.rule import RuleForm, read_rule
from tellwire.platform.model.behaviour import Entering
from tellwire.platform.model.event import Event
from tellwire.platform.model.rule import Did
from tellwire.platform.model.tally import Cell

ZONE = zone_named("Europe/Berlin") or UTC
ENTERED = MOMENT - timedelta(days=3)
LATER = MOMENT + timedelta(days=2)
ZONES = st.sampled_from([UTC, ZONE])


def counted(did: Did, events: Sequence[Event], now: datetime = MOMENT, zone: Any = ZONE) -> list[Cell]:
    """Return the cells after these events, each received at this moment."""
    line, cells = line_of(did, zone), list[Cell]()
    for event in events:
        properties = asked_of(did.event, did.where, event)
        if properties is not None:
            cells = added(line, cells, [cell_of(line, event, properties)], to_ms(now))
    return cells


def seen(did: Did, cells: Sequence[Cell], now: datetime = MOMENT, zone: Any = ZONE) -> Seen:
    is_kept = line_of(did, zone).span is not None
    return seen_in(did, cells, did.window.span(now, zone, ENTERED), is_span_kept=is_kept)


@given(RULES, EVENTS, st.timedeltas(timedelta(0), timedelta(days=50)), ZONES)
def test_counters_say_what_the_list_says_now_and_later(
    did: Did, events: Sequence[Event], later: timedelta, zone: Any
) -> None:
    cells = counted(did, events, zone=zone)

    for now in (MOMENT, from_ms(to_ms(MOMENT + later))):
        expected = seen_of(did, events, did.window.span(now, zone, ENTERED))
        assert seen(did, cells, now, zone) == expected


@given(RULES, EVENTS, st.integers(0, 25))
def test_what_two_did_is_what_one_did_who_is_both(did: Did, events: Sequence[Event], at: int) -> None:
    line = line_of(did, ZONE)
    one, other = counted(did, events[:at]), counted(did, events[at:])

    merged = added(line, one, other, to_ms(MOMENT))

    assert seen(did, merged) == seen_of(did, events, did.window.span(MOMENT, ZONE, ENTERED))
    assert seen(did, added(line, other, one, to_ms(MOMENT))) == seen(did, merged)


@given(RULES, EVENTS)
def test_the_next_turn_is_the_first_moment_at_which_the_answer_is_another(
    did: Did, events: Sequence[Event]
) -> None:
    cells, moment = counted(did, events), MOMENT
    if isinstance(did.window.begins, Entering):
        return

    def answer(at: datetime) -> bool:
        return is_met(did, seen_of(did, events, did.window.span(at, ZONE)))

    turn = next_turn(did, cells, moment, ZONE)
    end = moment + timedelta(days=90)
    if turn is not None:
        assert answer(turn - timedelta(milliseconds=1)) == answer(moment)
        end = turn - timedelta(milliseconds=1)
    for hours in range(0, int((end - moment).total_seconds() // 3600), 7):
        assert answer(moment + timedelta(hours=hours)) == answer(moment)


def did_of(**written: Any) -> Did:
    rule = read_rule(msgspec.convert({"did": "Charged", **written}, RuleForm))
    assert isinstance(rule, Did)
    return rule


def test_rules_that_look_at_the_same_share_a_line() -> None:
    within = {"within": "30 days"}

    lines = {
        line_of(one, ZONE).key
        for one in (did_of(**within), did_of(at_least=3, **within), did_of(exactly=0, **within))
    }

    assert len(lines) == 1
    others = [
        did_of(),
        did_of(within="7 days"),
        did_of(where=[{"property": "Amount", "equals": 1}], **within),
        did_of(sum={"property": "Amount", "at_least": 3}, **within),
        did_of(**{"from": "2026-01-01"}),
        did_of(since="entering"),
    ]
    assert len({line_of(one, ZONE).key for one in others} | lines) == len(others) + 1


def test_a_window_that_stays_is_one_cell_however_much_somebody_does() -> None:
    events = [an_event(n, "Charged", MOMENT - timedelta(minutes=n), {"Amount": n}) for n in range(1_000)]

    cells = counted(did_of(sum={"property": "Amount", "at_least": 0}), events)

    assert len(cells) == 1
    assert cells[0].times == 1_000


@pytest.mark.parametrize(("every", "slack"), [(timedelta(minutes=1), 60), (timedelta(minutes=30), 2)])
def test_beyond_the_exact_ones_events_are_kept_by_the_hour(every: timedelta, slack: int) -> None:
    number = 5_000
    events = [an_event(n, "Charged", MOMENT - every * (number - n), {}) for n in range(number)]
    did = did_of(within="40 days")

    cells = counted(did, events)

    assert len(cells) <= CELLS_LIMIT
    assert sum(one.times for one in cells) == len(
        [e for e in events if e.occurred_at > MOMENT - timedelta(days=40)]
    )
    for hours in (0.5, 3.7, 24, 70.1):
        window = did_of(within=f"{int(hours * 60)} minutes")
        expected = seen_of(window, events, window.window.span(MOMENT, ZONE)).times
        times = seen_in(window, cells, window.window.span(MOMENT, ZONE), is_span_kept=False).times
        assert times == expected if expected <= EXACT else abs(times - expected) <= slack


def test_somebody_who_does_very_much_is_kept_in_bounded_room() -> None:
    events = [an_event(n, "Charged", MOMENT - timedelta(hours=9_000 - n), {}) for n in range(9_000)]

    cells = counted(did_of(since="entering"), events)

    assert len(cells) <= CELLS_LIMIT
    assert sum(one.times for one in cells) == 9_000


def test_what_left_the_window_is_forgotten() -> None:
    events = [an_event(n, "Charged", MOMENT - timedelta(days=n), {}) for n in range(30, 0, -1)]

    assert len(counted(did_of(within="7 days"), events)) == 6
    assert counted(did_of(within="7 days"), events[:5]) == []
