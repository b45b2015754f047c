"""The words in which files and the API write what a campaign is made of, and how they are read. Pure.

    start: {event: Added To Cart, where: [{property: Amount, greater_than: 50}]}
    who:   {all: [{profile: Plan, equals: gold}]}
    steps: [{id: thanks, send: {text: "...", through: acme, passes: [consent]}}]

Which step, start or rule it is, its key says, and an operator is a key as well; `operator` and
`value` are read too. Plain fields are the model's, with its bounds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, assert_never

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.model.bounds import Name
from tellwire.platform.model.content import Content
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.rule import CONDITIONS_LIMIT, OPERATORS, All, Condition, Has, Operator, Rule
from tellwire.platform.model.start import WHERE, EventName, OnEvent, Start
from tellwire.platform.model.step import FIRST_ID, Passes, SendStep, Step, StepId, ThroughNamed
from tellwire.platform.model.value import Value

_OPPOSITE: Final[dict[str, Operator]] = {"exists": "does_not_exist", "does_not_exist": "exists"}


class Unreadable(Exception):
    """A form that says nothing, or two things at once; `fields` says why, by path."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


if TYPE_CHECKING:

    class _OperatorKeys(msgspec.Struct, frozen=True, kw_only=True):
        pass

else:
    _OperatorKeys = msgspec.defstruct(
        "_OperatorKeys",
        [(name, Value | UnsetType, UNSET) for name in OPERATORS],
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


class Comparison(_OperatorKeys, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a property is compared with: one operator as a key, or `operator` and `value`."""

    operator: Operator | UnsetType = UNSET
    value: Value | UnsetType = UNSET


class ConditionForm(Comparison, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One test of one property of an event; in the flat form, of a profile too."""

    property: Name = ""


class RuleForm(Comparison, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is meant: `all` of several rules, or a test of one property of the `profile`."""

    all: "Annotated[tuple[RuleForm, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)] | UnsetType" = UNSET
    profile: Name | UnsetType = UNSET


Conditions: TypeAlias = Annotated[tuple[ConditionForm, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)]


class StartForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who enters, and when: whoever does an `event`."""

    event: EventName = ""
    where: Annotated[Conditions, WHERE] = ()


class SendForm(Content, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent; `through` is a provider's id or nickname."""

    through: ThroughNamed = None
    passes: Passes = ()


class StepForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step: its id, and what it does."""

    id: StepId = FIRST_ID
    send: SendForm | UnsetType = UNSET


# The kinds of the model, by the key that names each.
START_FORMS: Final[Mapping[str, type[msgspec.Struct]]] = {"event": StartForm}
STEP_FORMS: Final[Mapping[str, type[msgspec.Struct]]] = {"send": SendForm}


def read_conditions(forms: Sequence[ConditionForm], path: str) -> tuple[Condition, ...]:
    """Return the conditions that these forms mean. Raises `Unreadable`."""
    return tuple(_condition(form, form.property, f"{path}[{n}]") for n, form in enumerate(forms))


def read_start(form: StartForm, path: str = "start") -> Start:
    """Return the start that a form means. Raises `Unreadable`."""
    return OnEvent(event=form.event.strip(), where=read_conditions(form.where, f"{path}.where"))


def read_rule(form: RuleForm, path: str = "who") -> Rule:
    """Return the rule that a form means. Raises `Unreadable`."""
    if form.profile is not UNSET and form.all is UNSET:
        return Has(_condition(form, form.profile, path))
    if form.all is UNSET or form.profile is not UNSET or _said(form):
        raise Unreadable({path: "A rule is either all, a list of rules, or profile, with an operator."})
    if not form.all:
        raise Unreadable({f"{path}.all": "An empty list means nobody in particular: leave it out."})
    return All(tuple(read_rule(one, f"{path}.all[{n}]") for n, one in enumerate(form.all)))


def read_steps(
    forms: Sequence[StepForm], providers: Mapping[ProviderId, Provider], path: str = "steps"
) -> tuple[Step, ...]:
    """Return the steps that these forms mean. Raises `Unreadable`."""
    if not forms:
        raise Unreadable({path: "A campaign does something: write a send."})
    if len(forms) > 1:
        raise Unreadable({f"{path}[1]": "One send is all that a campaign can do so far."})
    return tuple(_step(form, providers, f"{path}[{n}]") for n, form in enumerate(forms))


def write_condition(condition: Condition) -> ConditionForm:
    """Return the form of a condition, with its operator as the key."""
    return ConditionForm(property=condition.property, **_comparison(condition))


def write_start(start: Start) -> StartForm:
    """Return the form of a start."""
    return StartForm(event=start.event, where=tuple(map(write_condition, start.where)))


def write_rule(rule: Rule) -> RuleForm:
    """Return the form of a rule."""
    match rule:
        case All(rules):
            return RuleForm(all=tuple(map(write_rule, rules)))
        case Has(condition):
            return RuleForm(profile=condition.property, **_comparison(condition))
        case _:
            assert_never(rule)


def write_step(step: Step, name_of: Callable[[ProviderId], str | None] = str) -> StepForm:
    """Return the form of a step; a provider is called by what `name_of` says, its id if nothing is said."""
    match step:
        case SendStep(id=identifier, content=content, through=named, passes=passes):
            through = None if named is None else name_of(named)
            send = SendForm(**msgspec.structs.asdict(content), through=through, passes=passes)
            return StepForm(id=identifier, send=send)
        case _ as never:
            assert_never(never)


def rule_places(rule: Rule | None, path: str = "who") -> Iterator[str]:
    """Yield where each condition of a rule stands, in the order of `model.rule.conditions_of`."""
    match rule:
        case None:
            return
        case All(rules):
            for n, one in enumerate(rules):
                yield from rule_places(one, f"{path}.all[{n}]")
        case Has():
            yield path
        case _:
            assert_never(rule)


def provider_named(text: str | None, providers: Mapping[ProviderId, Provider]) -> ProviderId | None:
    """Return the provider that is meant by its id or nickname; what is neither stays, for the check to refuse."""
    wanted = (text or "").strip()
    if not wanted or wanted in providers:
        return ProviderId(wanted) or None
    folded = wanted.casefold()
    in_use = (one for one in providers.values() if one.archived_at is None)
    return next((one.id for one in in_use if one.nickname.casefold() == folded), ProviderId(wanted))


def _step(form: StepForm, providers: Mapping[ProviderId, Provider], path: str) -> Step:
    if form.send is UNSET:
        raise Unreadable({path: "A step does one thing: write send."})
    return SendStep(
        id=form.id,
        content=msgspec.convert(form.send, Content, from_attributes=True),
        through=provider_named(form.send.through, providers),
        passes=tuple(dict.fromkeys(form.send.passes)),
    )


def _condition(form: Comparison, name: str, path: str) -> Condition:
    operator, value = _read(form, path)
    return Condition(property=name.strip(), operator=operator, value=value)


def _said(form: Comparison) -> list[str]:
    """Return the keys of a comparison that are written."""
    return [name for name in Comparison.__struct_fields__ if getattr(form, name) is not UNSET]


def _read(form: Comparison, path: str) -> tuple[Operator, Value]:
    keys = [name for name in OPERATORS if getattr(form, name) is not UNSET]
    if not keys:
        operator: Operator = "equals" if form.operator is UNSET else form.operator
        return operator, None if form.value is UNSET else form.value
    if len(_said(form)) > 1:
        raise Unreadable({path: f"A condition has one operator: {' and '.join(_said(form))} are two."})
    (key,) = keys
    value = getattr(form, key)
    if key not in _OPPOSITE:
        return key, value
    if not isinstance(value, bool):
        raise Unreadable({f"{path}.{key}": f"{key} is true or false."})
    return (key if value else _OPPOSITE[key]), None


def _comparison(condition: Condition) -> dict[str, Any]:
    return {condition.operator: True if condition.operator in _OPPOSITE else condition.value}
