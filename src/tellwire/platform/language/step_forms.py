"""Steps: the key beside the `id` says which it is.

    {id: pause, wait: {for: 30 minutes, or: [{event: Charged, same: cart_id}]}}
    {id: which, split: [{share: 50, steps: [...]}, {share: 50, steps: [...]}]}
    {id: test,  split: [{share: 10, steps: [...]}, {share: 10, steps: [...]},
                        {share: 80, winner: {by: replies, after: 4 hours}}]}
    {id: plan,  choose: [{if: {profile: Plan, equals: gold}, steps: [...]}, {else: true, steps: [...]}]}
    {id: again, repeat: {times: 3, every: 2 days, until: {event: Charged}, steps: [...]}}
    {id: mark,  set: {Plan: gold, Visits: {increment: 1}, Tags: {add: x}}}
    {id: hook,  call: {url: "https://...", body: "..."}}        {id: done, stop: replied}

A step without an `id` gets one from what it does: `send`, `send-2`, ...
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.language.comparison import Conditions
from tellwire.platform.language.rule import RuleForm
from tellwire.platform.model.bounds import Name, Template
from tellwire.platform.model.channel import SMS
from tellwire.platform.model.content import Content
from tellwire.platform.model.guard import Weekday
from tellwire.platform.model.start import WHERE
from tellwire.platform.model.step import (
    BRANCHES_LIMIT,
    TIMES_LIMIT,
    Measure,
    Passes,
    StepId,
    ThroughNamed,
)

Scalar: TypeAlias = str | int | float | bool | None


def _help(sentence: str) -> msgspec.Meta:
    return msgspec.Meta(description=sentence)


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class SignalForm(_Form, frozen=True, kw_only=True):
    """An event that somebody waits for; `same` is a property that has to equal the entering event's."""

    event: Annotated[Name, _help("The event that is waited for.")]
    where: Annotated[Conditions, WHERE] = ()
    same: Annotated[Name, _help("A property that has to equal the entering event's.")] = ""


class AnswerForm(SignalForm, frozen=True, kw_only=True):
    """An event that ends a wait: with `steps` they follow, without them the enrollment ends."""

    steps: "tuple[StepForm, ...] | UnsetType" = UNSET


class SendForm(Content, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is sent; `through` is a provider's id or nickname. `necessary` passes all that a message may pass."""

    through: ThroughNamed = None
    channel: Annotated[Name, _help("The medium; text messages so far.")] = SMS.name
    passes: Passes = ()
    necessary: Annotated[bool, _help("Whether it passes all that a message may pass.")] = False


class MomentForm(_Form, frozen=True, kw_only=True):
    """A moment to wait for: a weekday at a time, or a date in a property."""

    weekday: Weekday | UnsetType = UNSET
    at: str | UnsetType = UNSET
    date: Name | UnsetType = UNSET
    shift: str | UnsetType = UNSET


class WaitForm(_Form, frozen=True, kw_only=True):
    """How long: `for` a duration, or `until` a moment; `or` has the events that end it before."""

    for_: Annotated[str | UnsetType, _help("How long, as `30 minutes` or `2 days`.")] = msgspec.field(
        name="for", default=UNSET
    )
    until: Annotated[
        str | MomentForm | UnsetType,
        _help("Until when: a time of the day, a weekday, or a date in a property."),
    ] = UNSET
    or_: Annotated[
        tuple[AnswerForm, ...],
        msgspec.Meta(max_length=BRANCHES_LIMIT, description="The events that end the wait before."),
    ] = msgspec.field(name="or", default=())


class BranchForm(_Form, frozen=True, kw_only=True):
    """Steps for whoever meets the rule `if`; `else: true` is for all others."""

    if_: Annotated[RuleForm | UnsetType, _help("The rule that a person has to meet.")] = msgspec.field(
        name="if", default=UNSET
    )
    else_: Annotated[Literal[True] | UnsetType, _help("True for the branch of all others.")] = msgspec.field(
        name="else", default=UNSET
    )
    steps: Annotated["tuple[StepForm, ...]", _help("What is done with them.")]


class WinnerForm(_Form, frozen=True, kw_only=True):
    """How the branch that wins is found: by a measure, so long after the first person came to the split."""

    by: Annotated[Measure, _help("What is measured: the share of those written to for whom it came true.")]
    after: Annotated[str, _help("How long after the first person came, as `4 hours`.")]


class ShareForm(_Form, frozen=True, kw_only=True):
    """Steps for a share of the people, in percent; those of the last may wait for the `winner` of the others."""

    share: Annotated[float, _help("The share of the people, in percent.")]
    steps: Annotated["tuple[StepForm, ...] | UnsetType", _help("What is done with them.")] = UNSET
    winner: Annotated[WinnerForm | UnsetType, _help("They wait, and take the branch that wins.")] = UNSET


class RepeatForm(_Form, frozen=True, kw_only=True):
    """Steps that are done several times, with a pause between."""

    times: Annotated[int, msgspec.Meta(ge=1, le=TIMES_LIMIT, description="How often at most.")]
    every: Annotated[str, _help("The pause between two visits, as `2 days`.")]
    until: Annotated[SignalForm | UnsetType, _help("The event that ends it early.")] = UNSET
    steps: Annotated["tuple[StepForm, ...]", _help("What is repeated.")]


class ChangeForm(_Form, frozen=True, kw_only=True):
    """A change of what a property has."""

    increment: Annotated[int | float | UnsetType, _help("By how much a number grows.")] = UNSET
    add: Annotated[str | UnsetType, _help("An item that a list gets.")] = UNSET
    remove: Annotated[str | UnsetType, _help("An item that a list loses.")] = UNSET


class CallForm(_Form, frozen=True, kw_only=True):
    """A request to another system."""

    url: Annotated[str, msgspec.Meta(max_length=2_048, description="The address that is called.")]
    body: Annotated[Template, _help("What is posted, in Liquid.")] = ""
    headers: Annotated[
        dict[Name, Template], msgspec.Meta(max_length=20, description="Headers, in Liquid.")
    ] = {}


class StepForm(_Form, frozen=True, kw_only=True):
    """One step: its id, and what it does."""

    id: StepId | UnsetType = UNSET
    send: SendForm | UnsetType = UNSET
    wait: WaitForm | UnsetType = UNSET
    choose: Annotated[tuple[BranchForm, ...], msgspec.Meta(max_length=BRANCHES_LIMIT)] | UnsetType = UNSET
    split: Annotated[tuple[ShareForm, ...], msgspec.Meta(max_length=BRANCHES_LIMIT)] | UnsetType = UNSET
    repeat: RepeatForm | UnsetType = UNSET
    set: Annotated[dict[Name, ChangeForm | Scalar], msgspec.Meta(max_length=50)] | UnsetType = UNSET
    call: CallForm | UnsetType = UNSET
    stop: Annotated[str, msgspec.Meta(max_length=200)] | UnsetType = UNSET


KINDS: Final = ("send", "wait", "choose", "split", "repeat", "set", "call", "stop")


# The kinds of the model that have fields, by the key that names each.
STEP_FORMS: Final[Mapping[str, type[msgspec.Struct]]] = {
    "send": SendForm,
    "wait": WaitForm,
    "choose": BranchForm,
    "split": ShareForm,
    "repeat": RepeatForm,
    "set": ChangeForm,
    "call": CallForm,
}


def every_form(forms: Sequence[StepForm], path: str = "steps") -> Iterator[tuple[str, StepForm]]:
    """Yield all forms of steps, also those in branches, each with where it stands."""
    for number, form in enumerate(forms):
        place = f"{path}[{number}]"
        yield place, form
        for below, inner in _lists_in(form):
            yield from every_form(inner, f"{place}.{below}.steps")


def _lists_in(form: StepForm) -> Iterator[tuple[str, Sequence[StepForm]]]:
    if form.wait:
        for n, answer in enumerate(form.wait.or_):
            yield f"wait.or[{n}]", answer.steps or ()
    for n, branch in enumerate(form.choose or ()):
        yield f"choose[{n}]", branch.steps
    for n, share in enumerate(form.split or ()):
        yield f"split[{n}]", share.steps or ()
    if form.repeat:
        yield "repeat", form.repeat.steps
