"""Evaluates rules about people. Pure; what a leaf needs of the world is handed in."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, assert_never

from tellwire.platform.decide.behaviour import NOTHING_SEEN, Seen, is_met
from tellwire.platform.decide.behaviour_words import condition_text, did_text, seen_text
from tellwire.platform.decide.predicate import holds
from tellwire.platform.model.rule import All, Any, Did, Has, Listed, Member, Not, Reachable, Rule
from tellwire.platform.model.value import Properties, Value, look_up_path


def _nothing_known(_did: Did) -> Seen | None:
    return None


class Person(NamedTuple):
    """What rules may ask of one person. `rule_of` has the rule of an audience, None if there is no such audience.

    `seen` says what there is of the events that a rule asks about, None while they are not counted yet.
    """

    properties: Properties
    is_reachable: Callable[[str], bool]
    is_listed: Callable[[str], bool]
    rule_of: Callable[[str], Rule | None]
    seen: Callable[[Did], Seen | None] = _nothing_known


def meets(rule: Rule, person: Person) -> bool:
    """Say whether the person meets the rule; a rule that nobody can answer yet is not met, and neither is its not."""
    return answer(rule, person) is True


def answer(rule: Rule, person: Person) -> bool | None:
    """Say whether the person meets the rule, None while that depends on what is not counted yet.

    An audience or a list that is not there has no members.
    """
    match rule:
        case All(rules):
            return _decisive(rules, person, decides=False)
        case Any(rules):
            return _decisive(rules, person, decides=True)
        case Not(opposite):
            met = answer(opposite, person)
            return None if met is None else not met
        case _:
            return _answers(rule, person)


def _decisive(rules: tuple[Rule, ...], person: Person, *, decides: bool) -> bool | None:
    """Return the answer that decides if one of the rules gives it, else the other, or None if one gives none."""
    is_known = True
    for rule in rules:
        met = answer(rule, person)
        if met is decides:
            return decides
        if met is None:
            is_known = False
    return not decides if is_known else None


Leaf: TypeAlias = Has | Reachable | Listed | Member | Did


def _answers(leaf: Leaf, person: Person) -> bool | None:
    match leaf:
        case Has(condition):
            return holds(condition, look_up_path(person.properties, condition.property))
        case Reachable(channel):
            return person.is_reachable(channel)
        case Listed(name):
            return person.is_listed(name)
        case Member(name):
            audience = person.rule_of(name)
            return False if audience is None else answer(audience, person)
        case Did():
            seen = person.seen(leaf)
            return None if seen is None else is_met(leaf, seen)
        case _:
            assert_never(leaf)


def unknown_to(rule: Rule, person: Person) -> Did | None:
    """Return the first question about behaviour in the rule that nobody can answer yet, None if there is none."""
    match rule:
        case All(rules) | Any(rules):
            return next((one for part in rules if (one := unknown_to(part, person)) is not None), None)
        case Not(opposite):
            return unknown_to(opposite, person)
        case Member(name):
            audience = person.rule_of(name)
            return None if audience is None else unknown_to(audience, person)
        case Did():
            return rule if person.seen(rule) is None else None
        case _:
            return None


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
        case Has(condition):
            return condition_text(condition)
        case Reachable(channel):
            return f"reachable by {channel}"
        case Listed(name):
            return f"in the list {name}"
        case Member(name):
            return f"in the audience {name}"
        case Did():
            return did_text(leaf)
        case _:
            assert_never(leaf)


def seen_by(rule: Rule, person: Person) -> Value:
    """Return the value that a condition saw, whether the person is on a list, or what was counted; else None."""
    match rule:
        case Has(condition) | Not(Has(condition)):
            return look_up_path(person.properties, condition.property)
        case Listed(name) | Not(Listed(name)):
            return "on it" if person.is_listed(name) else "not on it"
        case Did() | Not(Did()):
            did = rule.rule if isinstance(rule, Not) else rule
            assert isinstance(did, Did)  # noqa: S101 - as matched
            return seen_text(did, person.seen(did) or NOTHING_SEEN)
        case _:
            return None
