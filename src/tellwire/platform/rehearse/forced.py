"""A campaign whose ways are decided beforehand, and that tells which way somebody took. Pure.

Each branch begins with a mark: a step that does nothing, by whose id the walk tells that somebody came there. A choice
that is forced leaves one branch of a step, which is then taken at once and by everybody; an event that is waited for
comes as soon as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from tellwire.platform.model.step import (
    Answer,
    Branch,
    ChooseStep,
    RepeatStep,
    SetStep,
    Share,
    SplitStep,
    Step,
    StopStep,
    WaitStep,
)

PAST: Final = -1  # the way past all branches: the time is over, or no rule is true
_BETWEEN: Final = "\n"  # no id of a step has it


class Way(NamedTuple):
    """A branch of a step by its place, or `PAST`."""

    step: str
    branch: int


def ways_of(step: Step) -> Iterator[Way]:
    """Yield the ways that lead on from a step that has several, as people read them."""
    match step:
        case WaitStep(answers=answers) if answers:
            yield from (Way(step.id, number) for number in range(len(answers)))
            yield Way(step.id, PAST)
        case ChooseStep(branches=branches):
            yield from (Way(step.id, number) for number in range(len(branches)))
            if all(branch.rule is not None for branch in branches):
                yield Way(step.id, PAST)
        case SplitStep(shares=shares):
            yield from (Way(step.id, number) for number in range(len(shares)))
        case _:
            pass


def way_marked(step: str) -> Way | None:
    """Return the way whose beginning a mark is, None for a step of the campaign itself."""
    holder, between, number = step.partition(_BETWEEN)
    return Way(holder, int(number)) if between else None


def forced(steps: Iterable[Step], choices: Mapping[str, int]) -> tuple[Step, ...]:
    """Return the steps with a mark at each branch, and with these choices made."""
    return tuple(_forced(step, choices) for step in steps)


def _forced(step: Step, choices: Mapping[str, int]) -> Step:
    lists = _lists(step)
    if step.id in choices and lists:
        return _only(step.id, choices[step.id], lists, choices)
    match step:
        case WaitStep(answers=answers):
            marked = [_answer(step.id, number, one, choices) for number, one in enumerate(answers)]
            return msgspec.structs.replace(step, answers=tuple(marked))
        case ChooseStep(branches=branches):
            chosen = [
                Branch(rule=one.rule, steps=_marked(step.id, number, one.steps, choices))
                for number, one in enumerate(branches)
            ]
            return msgspec.structs.replace(step, branches=tuple(chosen))
        case SplitStep(shares=shares):
            split = [_share(step.id, number, one, choices) for number, one in enumerate(shares)]
            return msgspec.structs.replace(step, shares=tuple(split))
        case RepeatStep(steps=steps):
            return msgspec.structs.replace(step, steps=forced(steps, choices))
        case _:
            return step


def _lists(step: Step) -> Sequence[Sequence[Step] | None]:
    """Return the steps of each branch; None for one that everybody leaves by."""
    match step:
        case WaitStep(answers=answers):
            return [answer.steps for answer in answers]
        case ChooseStep(branches=branches):
            return [branch.steps for branch in branches]
        case SplitStep(shares=shares):
            return [share.steps for share in shares]
        case _:
            return ()


def _only(
    step_id: str, choice: int, lists: Sequence[Sequence[Step] | None], choices: Mapping[str, int]
) -> ChooseStep:
    """Return a step that leaves one of its ways; past all of them there is nothing to choose."""
    if choice == PAST:
        return ChooseStep(id=step_id, branches=())
    steps = lists[choice]
    held = (StopStep(id=_id(step_id, choice)),) if steps is None else _marked(step_id, choice, steps, choices)
    return ChooseStep(id=step_id, branches=(Branch(rule=None, steps=held),))


def _answer(step_id: str, number: int, answer: Answer, choices: Mapping[str, int]) -> Answer:
    if answer.steps is None:
        return answer
    return msgspec.structs.replace(answer, steps=_marked(step_id, number, answer.steps, choices))


def _share(step_id: str, number: int, share: Share, choices: Mapping[str, int]) -> Share:
    return msgspec.structs.replace(share, steps=_marked(step_id, number, share.steps, choices))


def _marked(step_id: str, number: int, steps: Sequence[Step], choices: Mapping[str, int]) -> tuple[Step, ...]:
    return (SetStep(id=_id(step_id, number), changes=()), *forced(steps, choices))


def _id(step_id: str, number: int) -> str:
    return f"{step_id}{_BETWEEN}{number}"
