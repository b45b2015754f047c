"""Numbers of sends: the ids of messages hold them, so a send keeps its own over all versions of its campaign. Pure."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from tellwire.platform.model.campaign import Campaign
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
    sends_of,
)


def last_number(campaign: Campaign) -> int:
    """Return the highest number that a send of this campaign ever had."""
    return max((campaign.last_number, *(send.number for send in sends_of(campaign.steps))))


def renumbered(steps: Sequence[Step], known: Campaign) -> tuple[Step, ...]:
    """Return the steps with the numbers that sends of the same ids had; new ones get numbers that none ever had."""
    return _Numbers(known).of(steps)


class _Numbers:
    def __init__(self, known: Campaign) -> None:
        self._known = {send.id: send.number for send in sends_of(known.steps)}
        self._last = last_number(known)

    def of(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        return tuple(self._step(step) for step in steps)

    def _step(self, step: Step) -> Step:
        replace = msgspec.structs.replace
        match step:
            case SendStep():
                return replace(step, number=self._number(step.id))
            case WaitStep():
                answers = (
                    one if one.steps is None else replace(one, steps=self.of(one.steps))
                    for one in step.answers
                )
                return replace(step, answers=tuple(answers))
            case ChooseStep():
                return replace(
                    step, branches=tuple(replace(one, steps=self.of(one.steps)) for one in step.branches)
                )
            case SplitStep():
                return replace(
                    step, shares=tuple(replace(one, steps=self.of(one.steps)) for one in step.shares)
                )
            case RepeatStep():
                return replace(step, steps=self.of(step.steps))
            case SetStep() | CallStep() | StopStep():
                return step
            case _:
                assert_never(step)

    def _number(self, identifier: str) -> int:
        known = self._known.get(identifier)
        if known is None:
            self._last += 1
            known = self._known[identifier] = self._last
        return known
