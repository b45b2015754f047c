"""Steps in which each send is another one: a walk over all branches. Pure."""

from collections.abc import Callable, Sequence
from typing import assert_never

import msgspec

from tellwire.platform.model.step import (
    CallStep,
    ChooseStep,
    RepeatStep,
    SendStep,
    SetStep,
    SplitStep,
    Step,
    StopStep,
    WaitStep,
)


def each_send(steps: Sequence[Step], turn: Callable[[SendStep], SendStep]) -> tuple[Step, ...]:
    """Return the steps with each send, in their order, as `turn` has it."""
    return tuple(_step(step, turn) for step in steps)


def _step(step: Step, turn: Callable[[SendStep], SendStep]) -> Step:
    replace = msgspec.structs.replace
    match step:
        case SendStep():
            return turn(step)
        case WaitStep():
            answers = (
                one if one.steps is None else replace(one, steps=each_send(one.steps, turn))
                for one in step.answers
            )
            return replace(step, answers=tuple(answers))
        case ChooseStep():
            branches = (replace(one, steps=each_send(one.steps, turn)) for one in step.branches)
            return replace(step, branches=tuple(branches))
        case SplitStep():
            shares = (replace(one, steps=each_send(one.steps, turn)) for one in step.shares)
            return replace(step, shares=tuple(shares))
        case RepeatStep():
            return replace(step, steps=each_send(step.steps, turn))
        case SetStep() | CallStep() | StopStep():
            return step
        case _:
            assert_never(step)
