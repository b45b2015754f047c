"""Writes steps as their forms (`step_forms`)."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, assert_never

import msgspec
from msgspec import UNSET

from tellwire.platform.language.comparison import write_condition
from tellwire.platform.language.rule import write_rule
from tellwire.platform.language.scalars import write_time
from tellwire.platform.language.step_forms import (
    AnswerForm,
    BranchForm,
    CallForm,
    ChangeForm,
    MomentForm,
    RepeatForm,
    Scalar,
    SendForm,
    ShareForm,
    SignalForm,
    StepForm,
    WaitForm,
    WinnerForm,
)
from tellwire.platform.model.channel import SMS
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.step import (
    EVERY_PASS,
    AddItem,
    AddNumber,
    Answer,
    Branch,
    CallStep,
    ChooseStep,
    ForTime,
    PropertyChange,
    PutProperty,
    RemoveItem,
    RepeatStep,
    SendStep,
    SetStep,
    Signal,
    SplitStep,
    Step,
    StopStep,
    UntilDate,
    UntilTime,
    WaitStep,
)

Named: TypeAlias = Callable[[ProviderId], str | None]


def write_step(step: Step, named: Named = str) -> StepForm:
    """Return the form of a step; `named` says by what name a provider is written."""
    match step:
        case SendStep():
            return StepForm(id=step.id, send=_write_send(step, named))
        case WaitStep():
            return StepForm(id=step.id, wait=_write_wait(step, named))
        case ChooseStep():
            return StepForm(id=step.id, choose=tuple(_write_branch(one, named) for one in step.branches))
        case SplitStep():
            return StepForm(id=step.id, split=tuple(_write_shares(step, named)))
        case RepeatStep():
            return StepForm(id=step.id, repeat=_write_repeat(step, named))
        case SetStep() | CallStep() | StopStep():
            return _write_other(step)


def write_steps(steps: Sequence[Step], named: Named = str) -> tuple[StepForm, ...]:
    """Return the forms of steps."""
    return tuple(write_step(step, named) for step in steps)


def write_signal(signal: Signal) -> SignalForm:
    """Return the form of a signal."""
    return SignalForm(event=signal.event, where=tuple(map(write_condition, signal.where)), same=signal.same)


def _write_send(step: SendStep, named: Named) -> SendForm:
    is_necessary = set(step.passes) == set(EVERY_PASS)
    return SendForm(
        **msgspec.structs.asdict(step.content),
        through=None if step.through is None else named(step.through),
        channel=SMS.name if step.channel == SMS.name else step.channel,  # left out where it is the default
        passes=() if is_necessary else step.passes,
        necessary=is_necessary,
    )


def _write_wait(step: WaitStep, named: Named) -> WaitForm:
    answers = tuple(_write_answer(answer, named) for answer in step.answers)
    match step.until:
        case ForTime(duration):
            return WaitForm(for_=str(duration), or_=answers)
        case UntilTime(at=at, weekday=weekday):
            time = write_time(at)
            moment = time if weekday is None else MomentForm(weekday=weekday, at=time)
            return WaitForm(until=moment, or_=answers)
        case UntilDate(date=date, shift=shift, at=at):
            form = MomentForm(
                date=f"{date.source.title()}.{date.property}",
                shift=UNSET if shift is None else str(shift),
                at=UNSET if at is None else write_time(at),
            )
            return WaitForm(until=form, or_=answers)
        case _:
            assert_never(step.until)


def _write_answer(answer: Answer, named: Named) -> AnswerForm:
    signal = answer.signal
    return AnswerForm(
        event=signal.event,
        where=tuple(map(write_condition, signal.where)),
        same=signal.same,
        steps=UNSET if answer.steps is None else write_steps(answer.steps, named),
    )


def _write_branch(branch: Branch, named: Named) -> BranchForm:
    steps = write_steps(branch.steps, named)
    return (
        BranchForm(else_=True, steps=steps)
        if branch.rule is None
        else BranchForm(if_=write_rule(branch.rule), steps=steps)
    )


def _write_shares(step: SplitStep, named: Named) -> Iterator[ShareForm]:
    for one in step.shares:
        yield ShareForm(share=one.share, steps=write_steps(one.steps, named))
    if step.winner is not None:
        form = WinnerForm(by=step.winner.by, after=str(step.winner.after))
        yield ShareForm(share=step.winner.share, winner=form)


def _write_repeat(step: RepeatStep, named: Named) -> RepeatForm:
    return RepeatForm(
        times=step.times,
        every=str(step.every),
        until=UNSET if step.until is None else write_signal(step.until),
        steps=write_steps(step.steps, named),
    )


def _write_other(step: SetStep | CallStep | StopStep) -> StepForm:
    match step:
        case SetStep():
            return StepForm(id=step.id, set={one.property: _write_change(one) for one in step.changes})
        case CallStep():
            return StepForm(
                id=step.id, call=CallForm(url=step.url, body=step.body, headers=dict(step.headers))
            )
        case StopStep():
            return StepForm(id=step.id, stop=step.reason)


def _write_change(change: PropertyChange) -> ChangeForm | Scalar:
    match change:
        case PutProperty(_, value):
            return value  # type: ignore[no-any-return]  # a scalar, as it was read
        case AddNumber(_, by):
            return ChangeForm(increment=by)
        case AddItem(_, item):
            return ChangeForm(add=item)
        case RemoveItem(_, item):
            return ChangeForm(remove=item)
