"""Rules that ask nothing but properties, made ready to be asked of very many people. Pure.

What comes out says of everybody what `rules.meets` says. A property has few values among many people (plans, cities,
ages), so each condition remembers what it said of a value.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from tellwire.platform.decide.predicate import holds
from tellwire.platform.model.rule import All, Any, Condition, Has, Member, Not, Rule
from tellwire.platform.model.value import Properties, Value, look_up_path

Test: TypeAlias = Callable[[Properties], bool]
RuleOf: TypeAlias = Callable[[str], Rule | None]

REMEMBERED: Final = 4_096  # values of one condition; beyond these each is worked out
_DEPTH_LIMIT: Final = 100  # audiences that name audiences, which saving bounds


def property_test(rule: Rule | None, rule_of: RuleOf) -> Test | None:
    """Return the rule as a test of properties, None if it asks for more than these; no rule is met by everybody.

    `rule_of` has the rule of an audience, None if there is no such audience.
    """
    if rule is None:
        return _everybody
    return _test(rule, rule_of) if _asks_only_properties(rule, rule_of, 0) else None


def _asks_only_properties(rule: Rule, rule_of: RuleOf, depth: int) -> bool:
    match rule:
        case All(rules) | Any(rules):
            return all(_asks_only_properties(one, rule_of, depth) for one in rules)
        case Not(opposite):
            return _asks_only_properties(opposite, rule_of, depth)
        case Member(name):
            audience = rule_of(name)
            return depth < _DEPTH_LIMIT and (
                audience is None or _asks_only_properties(audience, rule_of, depth + 1)
            )
        case _:
            return isinstance(rule, Has)


def _test(rule: Rule, rule_of: RuleOf) -> Test:
    match rule:
        case All(rules):
            all_of = [_test(one, rule_of) for one in rules]
            return lambda properties: all(test(properties) for test in all_of)
        case Any(rules):
            any_of = [_test(one, rule_of) for one in rules]
            return lambda properties: any(test(properties) for test in any_of)
        case Not(opposite):
            test = _test(opposite, rule_of)
            return lambda properties: not test(properties)
        case Has(condition):
            return _remembering(condition)
        case _:
            audience = rule_of(rule.audience) if isinstance(rule, Member) else None
            return _nobody if audience is None else _test(audience, rule_of)


def _everybody(_properties: Properties) -> bool:
    return True


def _nobody(_properties: Properties) -> bool:
    return False


def _remembering(condition: Condition) -> Test:
    name, known = condition.property, dict[tuple[type, Value], bool]()

    def test(properties: Properties) -> bool:
        value = properties.get(name)
        if value is None:
            value = look_up_path(properties, name)
        if isinstance(value, list | dict):
            return holds(condition, value)
        key = value.__class__, value
        answer = known.get(key)
        if answer is None:
            answer = holds(condition, value)
            if len(known) < REMEMBERED:
                known[key] = answer
        return answer

    return test
