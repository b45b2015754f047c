"""Rules: who and what a campaign is for.

A rule is a tree of all, any and not over what is known of a person; its leaves are conditions on properties, and
questions about channels, lists, audiences, and what the person did.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

import msgspec

from tellwire.platform.model.behaviour import EVER, Count, FirstTime, Total, Window
from tellwire.platform.model.bounds import Name
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


class OperatorWords(NamedTuple):
    """How people are shown an operator, and how many values it compares with; `any` are alternatives."""

    words: str
    takes: Literal["none", "one", "two", "any"]


OPERATORS: Final[Mapping[Operator, OperatorWords]] = {
    "equals": OperatorWords("is", "any"),
    "not_equals": OperatorWords("is not", "any"),
    "contains": OperatorWords("contains", "any"),
    "does_not_contain": OperatorWords("does not contain", "any"),
    "greater_than": OperatorWords("is more than", "one"),
    "greater_than_equals": OperatorWords("is at least", "one"),
    "less_than": OperatorWords("is less than", "one"),
    "less_than_equals": OperatorWords("is at most", "one"),
    "between": OperatorWords("is between", "two"),
    "exists": OperatorWords("is set", "none"),
    "does_not_exist": OperatorWords("is not set", "none"),
}

CONDITIONS_LIMIT: Final = 50  # of one event, or of one list of rules


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One test of one property.

    `value` is absent for exists/does_not_exist, a list of two for between, a list of alternatives or a single
    value else. Text compares without case; a number given as text compares as a number. A dot in `property` leads
    into an object: `Address.city`.
    """

    property: Name = ""
    operator: Operator = "equals"
    value: Value = None


Conditions: TypeAlias = Annotated[tuple[Condition, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)]


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every one of the rules; there is at least one."""

    rules: Annotated["tuple[Rule, ...]", msgspec.Meta(min_length=1, max_length=CONDITIONS_LIMIT)]


class Any(msgspec.Struct, frozen=True, tag="any"):
    """At least one of the rules."""

    rules: Annotated["tuple[Rule, ...]", msgspec.Meta(min_length=1, max_length=CONDITIONS_LIMIT)]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The opposite of a rule."""

    rule: "Rule"


class Has(msgspec.Struct, frozen=True, tag="has"):
    """A condition on a property of the profile."""

    condition: Condition


class Reachable(msgspec.Struct, frozen=True, tag="reachable"):
    """The person has an address on the channel, consents, and the address is not suppressed."""

    channel: Name


class Listed(msgspec.Struct, frozen=True, tag="listed"):
    """The person stands in a list that was uploaded."""

    list: Name


class Member(msgspec.Struct, frozen=True, tag="member"):
    """The person belongs to an audience, which is a named rule."""

    audience: Name


class Edge(msgspec.Struct, frozen=True, kw_only=True, tag="edge"):
    """What the first or the last of the events was like; of those of one moment, in the order in which they came."""

    which: Literal["first", "last"]
    condition: Condition


Measure: TypeAlias = Count | Total | Edge | FirstTime
ONCE: Final = Count(at_least=1)


class Did(msgspec.Struct, frozen=True, kw_only=True, tag="did"):
    """The events of this name, like this, in this window, are so many or so much."""

    event: Name
    where: Conditions = ()
    measure: Measure = ONCE
    window: Window = EVER


Rule: TypeAlias = All | Any | Not | Has | Reachable | Listed | Member | Did


def dids_in(rule: Rule | None) -> Iterator[Did]:
    """Yield what a rule itself asks of behaviour; audiences that it names are not gone into."""
    match rule:
        case All(rules) | Any(rules):
            for one in rules:
                yield from dids_in(one)
        case Not(opposite):
            yield from dids_in(opposite)
        case Did():
            yield rule
        case _:
            pass


def members_in(rule: Rule) -> Iterator[str]:
    """Yield the audiences that a rule itself names."""
    match rule:
        case All(rules) | Any(rules):
            for one in rules:
                yield from members_in(one)
        case Not(opposite):
            yield from members_in(opposite)
        case Member(name):
            yield name
        case _:
            pass


def conditions_of(rule: Rule | None) -> tuple[Condition, ...] | None:
    """Return the conditions that a person must meet, all of them, none without a rule; None if it says more."""
    match rule:
        case None:
            return ()
        case Has(condition):
            return (condition,)
        case All(rules):
            return _all_of(rules)
        case _:
            return None


def _all_of(rules: tuple[Rule, ...]) -> tuple[Condition, ...] | None:
    conditions: list[Condition] = []
    for rule in rules:
        below = conditions_of(rule)
        if below is None:
            return None
        conditions.extend(below)
    return tuple(conditions)
