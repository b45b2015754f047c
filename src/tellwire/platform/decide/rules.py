"""Evaluates rules about people. Pure; what a leaf needs of the world is handed in."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, assert_never

import msgspec

from tellwire.platform.decide.predicate import holds
from tellwire.platform.model.rule import All, Any, Condition, Has, Listed, Member, Not, Reachable, Rule
from tellwire.platform.model.value import Properties, Value, look_up_path


class Person(NamedTuple):
    """What rules may ask of one person. `rule_of` has the rule of an audience, None if there is no such audience."""

    properties: Properties
    is_reachable: Callable[[str], bool]
    is_listed: Callable[[str], bool]
    rule_of: Callable[[str], Rule | None]


def meets(rule: Rule, person: Person) -> bool:
    """Say whether the person meets the rule. An audience or a list that is not there has no members."""
    match rule:
        case All(rules):
            return all(meets(one, person) for one in rules)
        case Any(rules):
            return any(meets(one, person) for one in rules)
        case Not(opposite):
            return not meets(opposite, person)
        case _:
            return _answers(rule, person)


Leaf: TypeAlias = Has | Reachable | Listed | Member


def _answers(leaf: Leaf, person: Person) -> bool:
    match leaf:
        case Has(condition):
            return holds(condition, look_up_path(person.properties, condition.property))
        case Reachable(channel):
            return person.is_reachable(channel)
        case Listed(name):
            return person.is_listed(name)
        case Member(name):
            audience = person.rule_of(name)
            return audience is not None and meets(audience, person)
        case _:
            assert_never(leaf)


def reason(rule: Rule, person: Person) -> Rule | None:
    """Return the part of the rule by which the person does not meet it, None if the person does.

    It is the leaf that says no where there is one, else the `any` or the `not` as a whole.
    """
    match rule:
        case All(rules):
            return next((why for one in rules if (why := reason(one, person)) is not None), None)
        case _:
            return None if meets(rule, person) else rule


def text_of(rule: Rule) -> str:
    """Return a rule in few words, for a trace."""
    match rule:
        case All(rules):
            return " and ".join(_inner(one) for one in rules)
        case Any(rules):
            return " or ".join(_inner(one) for one in rules)
        case Not(opposite):
            return f"not {_inner(opposite)}"
        case _:
            return _leaf_text(rule)


def _inner(rule: Rule) -> str:
    text = text_of(rule)
    return f"({text})" if isinstance(rule, All | Any) and len(rule.rules) > 1 else text


def _leaf_text(leaf: Leaf) -> str:
    match leaf:
        case Has(Condition(property=name, operator=operator, value=value)):
            words = f"{name} {operator.replace('_', ' ')}"
            return words if value is None else f"{words} {msgspec.json.encode(value).decode()}"
        case Reachable(channel):
            return f"reachable by {channel}"
        case Listed(name):
            return f"in the list {name}"
        case Member(name):
            return f"in the audience {name}"
        case _:
            assert_never(leaf)


def seen_by(rule: Rule, person: Person) -> Value:
    """Return the value that a condition saw, or whether the person is on a list; None for every other rule."""
    match rule:
        case Has(condition) | Not(Has(condition)):
            return look_up_path(person.properties, condition.property)
        case Listed(name) | Not(Listed(name)):
            return "on it" if person.is_listed(name) else "not on it"
        case _:
            return None
