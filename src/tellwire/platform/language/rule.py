"""Rules: the key of each says which it is.

{all: [{profile: Plan, equals: gold}, {not: {profile: City, equals: Berlin}}]}
{any: [{reachable: sms}, {listed: VIPs}, {member: Big spenders}]}
{did: Charged, where: [{property: Amount, greater_than: 10}], at_least: 2, within: 30 days}
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, assert_never

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.language.comparison import comparison_of, condition_of, said_in
from tellwire.platform.language.did import DidForm, beside, read_did, write_did
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.channel import CHANNELS, SMS
from tellwire.platform.model.rule import (
    CONDITIONS_LIMIT,
    All,
    Any,
    Did,
    Has,
    Listed,
    Member,
    Not,
    Reachable,
    Rule,
)

DEPTH_LIMIT: Final = 20  # of all, any and not inside each other


class RuleForm(DidForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is meant: `all` or `any` of several rules, `not` one, a property of the `profile`, or what a person `did`."""

    all: "Annotated[tuple[RuleForm, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)] | UnsetType" = UNSET
    any: "Annotated[tuple[RuleForm, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)] | UnsetType" = UNSET
    not_: "RuleForm | UnsetType" = msgspec.field(name="not", default=UNSET)
    profile: Name | UnsetType = UNSET
    reachable: Name | UnsetType = UNSET
    listed: Name | UnsetType = UNSET
    member: Name | UnsetType = UNSET


KINDS: Final = {  # the key of each kind of rule, and the field that has it
    "all": "all",
    "any": "any",
    "not": "not_",
    "profile": "profile",
    "reachable": "reachable",
    "listed": "listed",
    "member": "member",
    "did": "did",
}


def read_rule(form: RuleForm, path: str = "who", depth: int = 0) -> Rule:
    """Return the rule that a form means. Raises `Unreadable`."""
    kinds = [kind for kind, name in KINDS.items() if getattr(form, name) is not UNSET]
    if len(kinds) != 1:
        raise Unreadable({path: f"A rule has one of {', '.join(KINDS)}{_instead(kinds)}."})
    if depth > DEPTH_LIMIT:
        raise Unreadable({path: f"Rules stand at most {DEPTH_LIMIT} deep inside each other."})
    (kind,) = kinds
    if kind == "did":
        return read_did(form, path)
    if beside(form):
        raise Unreadable(
            {path: f"{beside(form)[0]} asks what a person did: it stands beside did, not {kind}."}
        )
    if kind != "profile" and said_in(form):
        raise Unreadable(
            {path: f"{said_in(form)[0]} compares a property: it stands beside profile, not {kind}."}
        )
    if kind in {"all", "any", "not"}:
        return _nested(form, kind, path, depth)
    return _leaf(form, kind, path)


def _instead(kinds: Sequence[str]) -> str:
    return f": {' and '.join(kinds)} are {len(kinds)}" if kinds else ""


def _nested(form: RuleForm, kind: str, path: str, depth: int) -> Rule:
    if kind == "not":
        assert form.not_ is not UNSET  # noqa: S101 - it is the kind
        return Not(read_rule(form.not_, f"{path}.not", depth + 1))
    forms = form.all if kind == "all" else form.any
    assert forms is not UNSET  # noqa: S101 - it is the kind
    if not forms:
        raise Unreadable({f"{path}.{kind}": "An empty list means nobody in particular: leave it out."})
    rules = tuple(read_rule(one, f"{path}.{kind}[{n}]", depth + 1) for n, one in enumerate(forms))
    return All(rules) if kind == "all" else Any(rules)


def _leaf(form: RuleForm, kind: str, path: str) -> Rule:
    name = getattr(form, kind).strip()
    if kind == "profile":
        return Has(condition_of(form, name, path))
    if not name:
        raise Unreadable({f"{path}.{kind}": "Write a name."})
    if kind == "reachable":
        if name not in CHANNELS:
            raise Unreadable({f"{path}.reachable": f"There is no channel “{name}”: write {SMS.name}."})
        return Reachable(name)
    return Listed(name) if kind == "listed" else Member(name)


def write_rule(rule: Rule) -> RuleForm:
    """Return the form of a rule."""
    match rule:
        case All(rules):
            return RuleForm(all=tuple(map(write_rule, rules)))
        case Any(rules):
            return RuleForm(any=tuple(map(write_rule, rules)))
        case Not(opposite):
            return RuleForm(not_=write_rule(opposite))
        case _:
            return _write_leaf(rule)


def _write_leaf(leaf: Has | Reachable | Listed | Member | Did) -> RuleForm:
    match leaf:
        case Did():
            return RuleForm(**write_did(leaf))
        case Has(condition):
            return RuleForm(profile=condition.property, **comparison_of(condition))
        case Reachable(channel):
            return RuleForm(reachable=channel)
        case Listed(name):
            return RuleForm(listed=name)
        case Member(name):
            return RuleForm(member=name)
        case _:
            assert_never(leaf)


def every_rule(rule: Rule | None, path: str = "who") -> Iterator[tuple[str, Rule]]:
    """Yield a rule and all rules in it, each with where it stands."""
    if rule is None:
        return
    yield path, rule
    match rule:
        case All(rules) | Any(rules):
            kind = "all" if isinstance(rule, All) else "any"
            for n, one in enumerate(rules):
                yield from every_rule(one, f"{path}.{kind}[{n}]")
        case Not(opposite):
            yield from every_rule(opposite, f"{path}.not")
        case _:
            pass
