"""The edges of conditions: equal is not greater, an end belongs to its range, a text is no number."""

import pytest

from tellwire.platform.decide.predicate import equality_keys, holds, value_problem
from tellwire.platform.model.chain import CHAIN_LIMIT
from tellwire.platform.model.rule import Condition

DAY = "$D_1700000000"  # 2023-11-14T22:13:20Z


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "is_met"),
    [
        ("greater_than", 5, 5, False),
        ("greater_than", 5, 6, True),
        ("greater_than_equals", 5, 5, True),
        ("greater_than_equals", 5, 4, False),
        ("less_than", 5, 5, False),
        ("less_than", 5, 4, True),
        ("less_than_equals", 5, 5, True),
        ("less_than_equals", 5, 6, False),
        ("between", [1, 5], 1, True),
        ("between", [1, 5], 5, True),
        ("between", [1, 5], 0, False),
        ("between", [1, 5], 6, False),
        ("between", [1, 5], [0, 3], True),
        ("between", [1, 5], [0, 6], False),
        ("between", [1], 1, False),
        ("between", [1, 5, 9], 3, False),
        ("between", ["2023-11-14", "2023-11-15"], DAY, True),
        ("between", [1, "many"], 3, False),
        ("greater_than", 5, "6", True),
        ("greater_than", 5, "many", False),
        ("greater_than", 5, True, False),
        ("greater_than", 5, None, False),
        ("greater_than", "2023-11-14T22:13:19Z", DAY, True),
        ("greater_than", "2023-11-14T22:13:20Z", DAY, False),
        ("greater_than", "2023-11-14 22:13:19", DAY, True),
        ("greater_than", 1_699_999_999, DAY, True),
        ("greater_than", "2023-11-14", "2023-11-15", True),
        ("equals", "2023-11-14", DAY, True),
        ("equals", " 2023-11-14 ", DAY, True),
        ("equals", "2023-11-13", DAY, False),
        ("equals", 1_700_000_000, DAY, True),
        ("equals", 5, "5.0", True),
        ("equals", 5, " 5 ", True),
        ("equals", "5.5", 5.5, True),
        ("equals", "true", True, True),
        ("equals", "false", True, False),
        ("equals", 1, True, False),
        ("equals", 5, 5.0, True),
        ("equals", "GOLD", " gold ", True),
        ("equals", ["a", "b"], ["c", "B"], True),
        ("equals", "a", {"a": "a"}, False),
        ("equals", "a", None, False),
        ("not_equals", "a", None, True),
        ("not_equals", "a", ["b", "a"], False),
        ("contains", "ol", "Gold", True),
        ("contains", "old gold", "gold", False),
        ("does_not_contain", "x", None, True),
        ("does_not_contain", "ol", "Gold", False),
        ("exists", None, 0, True),
        ("exists", None, None, False),
        ("does_not_exist", None, None, True),
        ("does_not_exist", None, "", False),
        ("equals", "1234567890123456789", "1234567890123456789", True),
        ("greater_than", 5, "1234567890123456789", False),
        ("greater_than", 5, "123456789012345678", True),
    ],
)
def test_a_condition_holds_up_to_its_edge_and_not_beyond(
    operator: str, wanted: object, value: object, is_met: bool
) -> None:
    condition = Condition(property="p", operator=operator, value=wanted)  # type: ignore[arg-type]  # one of its words

    assert holds(condition, value) is is_met


@pytest.mark.parametrize(
    ("operator", "wanted", "is_right"),
    [
        ("exists", None, True),
        ("exists", 1, False),
        ("does_not_exist", None, True),
        ("does_not_exist", "", False),
        ("between", [1, 2], True),
        ("between", [1], False),
        ("between", [1, 2, 3], False),
        ("between", [1, "many"], False),
        ("between", 1, False),
        ("greater_than", 1, True),
        ("greater_than", "2026-01-31", True),
        ("less_than", [1], False),
        ("less_than_equals", "many", False),
        ("equals", "a", True),
        ("equals", [], False),
        ("equals", None, False),
        ("equals", [{"a": 1}], False),
        ("contains", ["a"], True),
    ],
)
def test_a_condition_that_could_never_hold_is_refused_when_it_is_written(
    operator: str, wanted: object, is_right: bool
) -> None:
    condition = Condition(property="p", operator=operator, value=wanted)  # type: ignore[arg-type]  # one of its words

    assert (value_problem(condition) is None) is is_right


def test_what_is_equal_shares_a_key() -> None:
    assert equality_keys(DAY) == {DAY.casefold(), 1_700_000_000.0, "2023-11-14"}
    assert equality_keys(["a", 5, True, None]) == {"a", "5", 5, "true"}
    assert equality_keys({"a": 1}) == set()


def test_a_chain_of_news_makes_three_messages_at_most() -> None:
    assert CHAIN_LIMIT == 3
