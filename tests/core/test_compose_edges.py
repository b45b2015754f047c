"""The limits of templates, each at its last and its first refused value, and how numbers and dates are written."""

from datetime import UTC, datetime

import pytest

from tellwire.platform.compose.cost import cost_of_filter, weight_of
from tellwire.platform.compose.names import Names
from tellwire.platform.compose.template import Failed, Rendered, problem_of, render

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
EVENT = {
    "Half": "x" * 2048, "More": "x" * 2049, "Long": "x" * 4096, "Small": 0.00001, "Items": [1, 2, 3],
    "Big": 10**18, "Bigger": 10**18 + 1, "Low": -(10**18), "Lower": -(10**18) - 1,
    "Vast": 1e15, "Near": 999_999_999_999_999.5,
}  # fmt: skip


def rendered(source: str, **event: object) -> str | None:
    """Return the text, None where the template fails."""
    match render(source, Names({}), Names({**EVENT, **event}), NOW):
        case Rendered(text):
            return text
        case Failed():
            return None
        case _:
            raise AssertionError("nothing here aborts")


@pytest.mark.parametrize(
    ("source", "is_taken"),
    [
        ("x" * 2_000, True),
        ("{{ Event.Half | append: Event.Half | size }}", True),
        ("{{ Event.Half | append: Event.More | size }}", False),
        ("{{ Event.Long | split: '' | size }}", True),
        ("{{ Event.Big | plus: 0 }}", True),
        ("{{ Event.Bigger | plus: 0 }}", False),
        ("{{ Event.Low | plus: 0 }}", True),
        ("{{ Event.Lower | plus: 0 }}", False),
        ("{% for i in (1..1000) %}{% endfor %}", True),
        ("{% for i in (0..1001) %}{% endfor %}", False),
        ("{% for i in (1..500) %}{% endfor %}{% for i in (1..500) %}{% endfor %}", True),
        ("{% for i in (1..500) %}{% endfor %}{% for i in (1..501) %}{% endfor %}", False),
        ("{{ Event.Long }}" * 4, True),
        ("{{ Event.Long }}" * 4 + "x", False),
        ("{% capture a %}" + "{{ Event.Long }}" * 4 + "{% endcapture %}", True),
        ("{% capture a %}" + "{{ Event.Long }}" * 5 + "{% endcapture %}", False),
        ("{{ Event.Items[2] }}", True),
        ("{{ Event.Items[3] }}", False),
        ("{{ Event.Items[-3] }}", True),
        ("{{ Event.Items[-4] }}", False),
        ("{{ 1 }}" * 250, True),
        ("{{ 1 }}" * 251, False),
        ("{% if true %}x{% endif %}" * 125, True),
        ("{% if true %}x{% endif %}" * 126, False),
    ],
)
def test_a_limit_is_the_last_that_is_taken(source: str, is_taken: bool) -> None:
    assert (rendered(source) is not None) is is_taken


def test_steps_are_counted_to_twenty_thousand() -> None:
    def spending(loops: int) -> str:
        body = "{% assign a = 1 %}" * 10
        return f"{{% for i in (1..{loops}) %}}{body}{{% endfor %}}"

    taken = [loops for loops in range(0, 1000, 10) if rendered(spending(loops)) is not None]

    assert taken
    assert taken == list(range(0, taken[-1] + 10, 10))
    assert taken[-1] < 990


@pytest.mark.parametrize(
    ("value", "weight"),
    [
        (None, 1), (7, 1), ("", 1), ("x" * 31, 1), ("x" * 32, 2), ("x" * 64, 3), (range(5), 6), ([], 1), ([1, 2], 3),
        (["x" * 32], 3), ([[1], [2, 3]], 6), ({"a": 1}, 2), ({"a": [1]}, 3), ((1,), 2),
    ],
)  # fmt: skip
def test_a_value_weighs_its_items_and_a_piece_of_32_characters(value: object, weight: int) -> None:
    assert weight_of(value, 1_000) == weight


def test_a_heavy_value_is_not_looked_at_to_its_end() -> None:
    assert weight_of([["x" * 32] * 10] * 10, 10) < weight_of([["x" * 32] * 10] * 10, 1_000) == 211


@pytest.mark.parametrize(
    ("name", "left", "arguments", "cost"),
    [
        ("upcase", "x" * 64, [], 3),
        ("append", "x" * 64, ["y" * 32], 5),
        ("uniq", [0] * 63, [], 64 + 64),
        ("replace", "x" * 64, ["y" * 32, "z" * 32], 3 + 2 + 2 + 3 * 2),
        ("join", [0] * 9, ["x" * 32], 10 + 2 + 10),
        ("join", range(9), [","], 10 + 1),
        ("concat", [0] * 9, [[0] * 9], 20),
    ],
)
def test_a_filter_costs_what_its_arguments_weigh_and_what_it_writes_for_every_item(
    name: str, left: object, arguments: list[object], cost: int
) -> None:
    assert cost_of_filter(name, left, arguments, 1_000) == cost


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 2.5 | round }}", "3"),
        ("{{ -2.5 | round }}", "-3"),
        ("{{ 1.005 | round: 2 }}", "1.01"),
        ("{{ 1.005 | round: 0 }}", "1"),
        ("{{ 1234.5 | round: -1 }}", "0"),
        ("{{ 1.5 | round: 17 }}", "1.5"),
        ("{{ 1.5 | round: 18 }}", "1.5"),
        ("{{ 7 | round: 2 }}", "7"),
        ("{{ Event.Vast | round: 1 }}", "1000000000000000.0"),
        ("{{ Event.Vast | round }}", "1000000000000000"),
        ("{{ Event.Near | round }}", "1000000000000000"),
        ("{{ Event.Small }}", "0.00001"),
        ("{{ 7 | divided_by: 2 }}", "3"),
        ("{{ 7 | divided_by: 2.0 }}", "3.5"),
        ("{{ 0.3 | divided_by: 0.1 }}", "3.0"),
        ("{{ 7 | divided_by: 0 }}", None),
        ("{{ 7 | divided_by: 0.0 }}", None),
    ],
)
def test_numbers_are_rounded_and_divided_as_they_are_seen(source: str, text: str | None) -> None:
    assert rendered(source) == text


@pytest.mark.parametrize(
    ("when", "form", "text"),
    [
        (99_999_999_999, "%Y", "5138"),
        (100_000_000_000, "%Y", "1973"),
        ("1700000000", "%Y-%m-%d", "2023-11-14"),
        ("2026-01-31T08:00:00Z", "%H:%M", "08:00"),
        ("2026-01-31 08:00:00 +0100", "%H:%M", "07:00"),
        ("2026-01-31 08:00:00 UTC", "%H:%M", "08:00"),
        ("2026-01-31 08:00:00", "%H:%M", "08:00"),
        ("2026-01-31T08:00:00.123456Z", "%L|%N|%3N|%1L|%%L", "123|123456000|123|1|%L"),
        (True, "%Y", "true"),
        ("soon", "%Y", "soon"),
        ("2026-01-31".ljust(64), "%Y", "2026"),
        ("2026-01-31".ljust(65), "%Y", "2026-01-31".ljust(65)),
        (0, "x" * 128, "x" * 128),
        (0, "x" * 129, None),
        (0, "%99d", "1".rjust(99, "0")),
        (0, "%100d", None),
        (10**17, "%Y", str(10**17)),
    ],
)
def test_a_date_in_any_form_is_written_as_the_format_says(when: object, form: str, text: str | None) -> None:
    assert rendered(f"{{{{ Event.When | date: '{form}' }}}}", When=when) == text


def test_a_date_is_written_in_the_zone_that_is_named_and_in_no_other() -> None:
    assert rendered("{{ 0 | date_tz: '%H:%M', 'Asia/Singapore' }}") == "07:30"
    assert rendered("{{ 0 | date_tz: '%H:%M' }}") == "00:00"
    assert rendered("{{ 0 | date_tz: '%H:%M', 'Nowhere/At all' }}") is None
    assert rendered("{{ 'now' | date: '%Y-%m-%d %H' }}") == "2026-01-31 08"
    assert rendered("{{ 0 | date }}") == "1970-01-01 00:00:00 UTC"


@pytest.mark.parametrize(
    ("source", "line"),
    [("{{ Name }}", 1), ("a\n{{ Name }}", 2), ("\n\n{{ 1 | shout }}", 3), ("a\n\n{% if", 3)],
)
def test_a_problem_names_its_line_from_1(source: str, line: int) -> None:
    problem = problem_of(source)

    assert problem is not None
    assert problem.line == line


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("profile.Name", "did you mean Profile.Name?"),
        ("Profil.Name", "did you mean Profile.Name?"),
        ("Name", "write Profile.Name or Event.Name"),
    ],
)
def test_an_unknown_name_gets_the_nearest_known_one(name: str, suggestion: str) -> None:
    problem = problem_of(f"{{{{ {name} }}}}")

    assert problem is not None
    assert problem.message.endswith(suggestion)
