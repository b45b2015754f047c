"""Rules: who and what a campaign is for, as conditions on properties."""

from typing import Literal

import msgspec

from tellwire.platform.model.value import Value

# CleverTap contract 4.6; the same words in campaigns, exports and audiences.
Operator = Literal[
    "equals",
    "not_equals",
    "contains",
    "does_not_contain",
    "exists",
    "does_not_exist",
    "greater_than",
    "greater_than_equals",
    "less_than",
    "less_than_equals",
    "between",
]


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One test of one property.

    `value` is absent for exists/does_not_exist, a list of two for between, a list of alternatives or a single
    value else. Text compares without case; a number given as text compares as a number.
    """

    property: str
    operator: Operator = "equals"
    value: Value = None
