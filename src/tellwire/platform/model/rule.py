"""Rules: who and what a campaign is for.

A rule is a tree of all, any and not over what is known of a person; its leaves are conditions on properties, and
questions about channels, lists and audiences.
"""

from typing import Final, Literal, TypeAlias

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

RULE_DEPTH_LIMIT: Final = 50  # of all, any and not inside each other


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One test of one property.

    `value` is absent for exists/does_not_exist, a list of two for between, a list of alternatives or a single
    value else. Text compares without case; a number given as text compares as a number. A dot in `property` leads
    into an object: `Address.city`.
    """

    property: str
    operator: Operator = "equals"
    value: Value = None


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every one of the rules; there is at least one."""

    rules: "tuple[Rule, ...]"


class Any(msgspec.Struct, frozen=True, tag="any"):
    """At least one of the rules."""

    rules: "tuple[Rule, ...]"


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The opposite of a rule."""

    rule: "Rule"


class Has(msgspec.Struct, frozen=True, tag="has"):
    """A condition on a property of the profile."""

    condition: Condition


class Reachable(msgspec.Struct, frozen=True, tag="reachable"):
    """The person has an address on the channel, consents, and the address is not suppressed."""

    channel: str


class Listed(msgspec.Struct, frozen=True, tag="listed"):
    """The person stands in a list that was uploaded."""

    list: str


class Member(msgspec.Struct, frozen=True, tag="member"):
    """The person belongs to an audience, which is a named rule."""

    audience: str


Rule: TypeAlias = All | Any | Not | Has | Reachable | Listed | Member
