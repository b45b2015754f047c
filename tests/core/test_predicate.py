"""What meets a condition: a table, and the laws that hold for any value."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.decide.predicate import first_unmet, holds, value_problem
from tellwire.platform.model.rule import Condition

CASES = json.loads((Path(__file__).parent / "data" / "predicate.json").read_text())

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.integers(-(10**13), 10**13).map("$D_{}".format),
    st.dates().map(str),
)
VALUES = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=4), st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_condition_table(case: dict[str, Any]) -> None:
    condition = Condition(property="p", operator=case["operator"], value=case["wanted"])

    assert holds(condition, case["value"]) is case["holds"]


@given(value=VALUES, wanted=VALUES)
def test_negative_operators_are_the_opposite_of_the_positive(value: object, wanted: object) -> None:
    def asked(operator: Any) -> bool:
        return holds(Condition(property="p", operator=operator, value=wanted), value)

    assert asked("equals") is not asked("not_equals")
    assert asked("contains") is not asked("does_not_contain")
    assert asked("exists") is not asked("does_not_exist")


@given(value=SCALARS, wanted=SCALARS)
def test_single_values_are_never_both_greater_and_at_most(value: object, wanted: object) -> None:
    def asked(operator: Any) -> bool:
        return holds(Condition(property="p", operator=operator, value=wanted), value)

    assert not (asked("greater_than") and asked("less_than_equals"))
    assert not (asked("less_than") and asked("greater_than_equals"))
    assert asked("greater_than_equals") or not asked("greater_than")


@given(value=SCALARS.filter(lambda value: value is not None))
def test_every_value_equals_itself(value: object) -> None:
    assert holds(Condition(property="p", value=value), value)


def test_property_names_compare_without_case_and_spaces() -> None:
    condition = Condition(property="order total", operator="greater_than", value=10)

    assert first_unmet([condition], {"OrderTotal": 11}) is None
    assert first_unmet([condition], {"OrderTotal": 9}) is condition


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("exists", 1),
        ("between", [1]),
        ("between", ["a", "b"]),
        ("between", 3),
        ("greater_than", "abc"),
        ("less_than", [1]),
        ("equals", None),
        ("equals", []),
        ("contains", {"a": 1}),
    ],
)
def test_values_that_a_condition_cannot_use_are_told(operator: Any, value: object) -> None:
    assert value_problem(Condition(property="p", operator=operator, value=value))


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("exists", None),
        ("between", [1, "2"]),
        ("between", ["2026-01-01", "2026-02-01"]),
        ("greater_than", "2026-01-31T08:00:00Z"),
        ("equals", False),
        ("equals", ["a", 1]),
        ("contains", "x"),
    ],
)
def test_values_that_a_condition_can_use_pass(operator: Any, value: object) -> None:
    assert value_problem(Condition(property="p", operator=operator, value=value)) is None
