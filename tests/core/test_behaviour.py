"""What rules about behaviour say of a list of events: a table of the meaning of `did`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.behaviour import MOMENT, an_event

from tellwire.kernel.zones import zone_named
from tellwire.platform.decide.behaviour import is_met, seen_of
from tellwire.platform.decide.behaviour_words import did_text, seen_text
from tellwire.platform.language.rule import RuleForm, read_rule
from tellwire.platform.model.behaviour import units_of
from tellwire.platform.model.event import Event
from tellwire.platform.model.rule import Did

BERLIN = zone_named("Europe/Berlin")
ENTERED = MOMENT - timedelta(days=2)


def did(**written: Any) -> Did:
    rule = read_rule(msgspec.convert({"did": "Charged", **written}, RuleForm))
    assert isinstance(rule, Did)
    return rule


def charged(number: int, ago: timedelta, amount: Any = 10, **others: Any) -> Event:
    return an_event(number, "Charged", MOMENT - ago, {"Amount": amount, **others})


def days(number: float) -> timedelta:
    return timedelta(days=number)


EVENTS = [
    charged(0, days(40), 0.1, Category="hats"),
    charged(1, days(30), 100, Category="shoes"),
    charged(2, days(7), "0.2", Category="shoes"),
    an_event(3, "char ged", MOMENT - days(1), {"Amount": "much"}),
    an_event(4, "Refunded", MOMENT - days(1), {"Amount": 1000}),
    charged(5, days(20), 5, Category="socks"),  # it came late
]
# In the order of their time: 0.1 hats (40 days ago), 100 shoes (30), 5 socks (20), 0.2 shoes (7), much (1).


def answer(rule: Did, events: Sequence[Event] = EVENTS, entered_at: datetime | None = ENTERED) -> bool:
    assert BERLIN is not None
    return is_met(rule, seen_of(rule, events, rule.window.span(MOMENT, BERLIN, entered_at)))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (did(), True),
        (did(at_least=5), True),
        (did(at_least=6), False),
        (did(exactly=5), True),
        (did(at_most=4), False),
        (did(exactly=4, within="30 days"), False),  # the window is open at its beginning: (t - window, t]
        (did(exactly=3, within="30 days"), True),
        (did(exactly=4, within="31 days"), True),
        (did(exactly=1, within="1 day"), False),
        (did(exactly=1, within="25 hours"), True),
        (did(exactly=2, **{"from": "30 days ago", "until": "7 days ago"}), True),
        (did(exactly=3, between=["2026-05-07", "2026-05-30"]), True),  # both days whole
        (did(exactly=2, between=["2026-05-08", "2026-05-30"]), True),
        (did(exactly=2, between=["2026-05-07", "2026-05-29"]), True),
        (did(exactly=1, **{"from": "today - 1 day"}), True),
        (did(exactly=0, **{"from": "today"}), True),
        (did(exactly=2, **{"from": "today - 20 days", "until": "today - 7 days"}), True),
        (did(exactly=1, since="entering"), True),
        (did(where=[{"property": "Category", "equals": "SHOES"}], exactly=2), True),
        (did(sum={"property": "Amount", "exactly": 105.3}), True),  # no float is near: it adds up exactly
        (did(sum={"property": "Amount", "at_most": 105.299999}), False),
        (did(sum={"property": "Nothing", "exactly": 0}), True),
        (did(average={"property": "Amount", "exactly": 26.325}), True),  # of the four that have a number
        (did(average={"property": "Nothing", "at_most": 0}), False),
        (did(minimum={"property": "Amount", "exactly": 0.1}), True),
        (did(minimum={"property": "Nothing", "at_most": 0}), False),
        (did(maximum={"property": "Amount", "less_than": 100}), False),
        (did(maximum={"property": "Amount", "less_than": 100.1}), True),
        (did(maximum={"property": "Amount", "greater_than": 100}), False),
        (did(first={"property": "Category", "equals": "hats"}), True),
        (did(last={"property": "Category", "equals": "shoes"}), False),  # the last has no category
        (did(last={"property": "Category", "exists": False}), True),
        (did(last={"property": "Category", "equals": "socks"}, until="today - 8 days"), True),
        (did(first_time=True, within="30 days"), False),
        (did(first_time=True, within="41 days"), True),
        (did(first_time=True, within="8 days", where=[{"property": "Amount", "less_than": 0.5}]), False),
        (did(first_time=True, within="20 days", where=[{"property": "Amount", "equals": 0.2}]), True),
    ],
)
def test_a_rule_says_of_events_what_it_says(rule: Did, *, expected: bool) -> None:
    assert answer(rule) is expected


def test_of_nothing_there_is_no_first_and_no_last() -> None:
    condition = {"property": "Category", "exists": False}

    assert not answer(did(first=condition), [])
    assert not answer(did(last=condition), [])
    assert answer(did(at_most=0), [])


def test_who_has_not_entered_did_nothing_since() -> None:
    assert not answer(did(since="entering"), entered_at=None)


def test_of_events_of_one_moment_the_later_to_come_is_the_last() -> None:
    events = [charged(n, days(1), Category=name) for n, name in enumerate(("hats", "shoes"))]

    assert answer(did(first={"property": "Category", "equals": "hats"}), events)
    assert answer(did(last={"property": "Category", "equals": "shoes"}), events)


def test_a_day_is_that_of_the_accounts_clock() -> None:
    evening = an_event(1, "Charged", datetime(2026, 6, 5, 22, tzinfo=UTC), {})  # midnight in Berlin

    assert answer(did(**{"from": "today"}), [evening])
    assert answer(did(**{"from": "2026-06-06"}), [evening])
    assert not answer(did(until="2026-06-05"), [evening])


@pytest.mark.parametrize(
    ("value", "units"),
    [
        (1, 1_000_000),
        ("1", 1_000_000),
        (0.1, 100_000),
        ("0.0000005", 1),
        (-0.0000005, -1),
        (0.0000004, 0),
        (" 2.5 ", 2_500_000),
        (10**18 - 1, (10**18 - 1) * 1_000_000),
        (10**18, None),
        (1e300, None),
        (True, None),
        ("much", None),
        (None, None),
        ([1], None),
    ],
)
def test_amounts_are_whole_millionths(value: Any, units: int | None) -> None:
    assert units_of(value) == units


@pytest.mark.parametrize(
    ("rule", "wanted", "seen"),
    [
        (did(), "did Charged", 5),
        (did(at_least=2, within="30 days"), "did Charged at least 2 times, within 30 days", 3),
        (did(exactly=1, since="entering"), "did Charged exactly 1 time, since entering", 1),
        (
            did(
                sum={"property": "Amount", "at_least": 100}, where=[{"property": "Amount", "less_than": 100}]
            ),
            "did Charged with sum of Amount at least 100, Amount less than 100",
            5.3,
        ),
        (
            did(average={"property": "Amount", "greater_than": 2}),
            "did Charged with average of Amount more than 2",
            26.325,
        ),
        (
            did(last={"property": "Category", "equals": "x"}),
            'did Charged and last Category equals "x"',
            "the last is not so",
        ),
        (did(first_time=True, within="7 days"), "did Charged for the first time, within 7 days", 0),
    ],
)
def test_it_is_told_in_few_words_with_what_was_seen(rule: Did, wanted: str, seen: Any) -> None:
    assert BERLIN is not None
    assert did_text(rule) == wanted
    assert seen_text(rule, seen_of(rule, EVENTS, rule.window.span(MOMENT, BERLIN, ENTERED))) == seen
