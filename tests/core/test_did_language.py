"""What the language says of behaviour, and how what it does not say is refused."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from tests.behaviour import RULES

from tellwire.platform.language.rule import RuleForm, read_rule, write_rule
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.rule import Did, Rule

FORMS: list[dict[str, Any]] = [
    {"did": "Charged"},
    {"did": "Charged", "within": "30 days"},
    {
        "did": "Charged",
        "where": [{"property": "Amount", "greater_than": 10}],
        "at_least": 2,
        "within": "30 days",
    },
    {"did": "Charged", "at_most": 3},
    {"did": "Charged", "at_least": 2, "at_most": 3},
    {"did": "Charged", "exactly": 0},
    {"did": "Charged", "sum": {"property": "Amount", "at_least": 100}},
    {"did": "Charged", "average": {"property": "Amount", "greater_than": 2.5, "at_most": 9}},
    {"did": "Charged", "minimum": {"property": "Amount", "exactly": 3}},
    {"did": "Charged", "maximum": {"property": "Amount", "less_than": 3}},
    {"did": "Charged", "first": {"property": "Category", "equals": "shoes"}},
    {"did": "Charged", "last": {"property": "Category", "exists": True}, "within": "2 hours"},
    {"did": "Charged", "first_time": True, "within": "7 days"},
    {"did": "Charged", "since": "entering"},
    {"did": "Charged", "since": "entering", "until": "2026-01-31"},
    {"did": "Charged", "from": "2026-01-01", "until": "2026-01-31"},
    {"did": "Charged", "from": "2026-01-01T08:00:00+00:00"},
    {"did": "Charged", "from": "today - 30 days", "until": "today - 1 day"},
    {"did": "Charged", "from": "today"},
    {"did": "Charged", "from": "30 days ago", "until": "7 days ago"},
    {"did": "Notification Replied", "within": "1 week"},
]


def read(written: dict[str, Any]) -> Rule:
    return read_rule(msgspec.convert(written, RuleForm))


def plain(rule: Rule) -> dict[str, Any]:
    written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(write_rule(rule)))
    return written


@pytest.mark.parametrize("written", FORMS)
def test_what_is_written_of_behaviour_comes_back(written: dict[str, Any]) -> None:
    assert plain(read(written)) == written


@given(RULES)
def test_a_rule_about_behaviour_comes_back_as_it_went_also_through_the_store(did: Did) -> None:
    assert read(plain(did)) == did
    assert msgspec.json.decode(msgspec.json.encode(did), type=Rule) == did


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ({"between": ["2026-01-01", "2026-01-31"]}, {"from": "2026-01-01", "until": "2026-01-31"}),
        ({"since": "2026-01-01"}, {"from": "2026-01-01"}),
        ({"from": "Today minus 30 days"}, {"from": "today - 30 days"}),
        ({"from": "30 days ago"}, {"within": "30 days"}),
        ({"at_most": 0}, {"exactly": 0}),
        ({"at_least": 1}, {}),
        ({"at_least": 0, "at_most": 4}, {"at_most": 4}),
    ],
)
def test_two_spellings_mean_the_same(written: dict[str, Any], same: dict[str, Any]) -> None:
    assert read({"did": "Charged", **written}) == read({"did": "Charged", **same})


@pytest.mark.parametrize(
    ("written", "path", "words"),
    [
        ({"did": " "}, "who.did", "name of an event"),
        ({"did": "x", "equals": 1}, "who.equals", "compares a property"),
        ({"did": "x", "profile": "Plan"}, "who", "profile and did are 2"),
        ({"profile": "Plan", "equals": 1, "within": "3 days"}, "who", "stands beside did, not profile"),
        ({"did": "x", "within": "soon"}, "who.within", "no duration"),
        ({"did": "x", "within": "3 days", "from": "2026-01-01"}, "who", "several"),
        ({"did": "x", "between": [1, 9]}, "who.between", "two days"),
        ({"did": "x", "from": "whenever"}, "who.from", "not a moment"),
        ({"did": "x", "from": "2026-13-01"}, "who.from", "not a day"),
        ({"did": "x", "from": "2026-02-01", "until": "2026-01-01"}, "who.until", "before it begins"),
        ({"did": "x", "from": "7 days ago", "until": "30 days ago"}, "who.until", "before it begins"),
        ({"did": "x", "from": "today", "until": "today - 1 day"}, "who.until", "before it begins"),
        ({"did": "x", "from": "today - 9999 days"}, "who.from", "ten years"),
        ({"did": "x", "at_least": 3, "at_most": 2}, "who", "No number"),
        ({"did": "x", "at_least": 0}, "who.at_least", "always so"),
        ({"did": "x", "exactly": 1, "at_most": 2}, "who", "stands alone"),
        ({"did": "x", "at_least": 2, "sum": {"property": "A", "at_least": 1}}, "who", "several"),
        ({"did": "x", "sum": {"at_least": 1}}, "who.sum.property", "Name"),
        ({"did": "x", "sum": {"property": "A"}}, "who.sum", "between which"),
        ({"did": "x", "first_time": True}, "who.first_time", "exactly: 1"),
        ({"did": "x", "first_time": False, "within": "3 days"}, "who.first_time", "only true"),
    ],
)
def test_what_means_nothing_or_two_things_is_refused(written: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(written)

    assert list(refused.value.fields) == [path]
    assert words in refused.value.fields[path]


@pytest.mark.parametrize("key", ["at_least", "exactly"])
@pytest.mark.parametrize("value", [-1, 1.5, "2", 10**12])
def test_a_number_of_times_is_whole_and_bounded(key: str, value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        read({"did": "x", key: value})
