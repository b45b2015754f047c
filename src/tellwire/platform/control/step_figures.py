"""What became of people and messages at each step of a campaign, from its sums. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.step import SendStep, Step, every_step
from tellwire.platform.ports.campaign_reports import Funnel, StepSums
from tellwire.platform.ports.inside_reports import Waiting

_DELIVERED = (MessageStatus.DELIVERED, MessageStatus.READ)


class StepFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How many came to a step, wait there and left there; and its messages, for one that sends.

    `reached` and `skipped` count from the release on that keeps them, each visit of a repeat anew; all versions of the
    campaign together. To the step of a campaign of one step those came who were written to. `messages` are all that
    were decided to be sent, `failed` those of them that nobody got.
    """

    step: str
    reached: int
    waiting: int
    left: int
    skipped: int
    messages: int
    delivered: int
    failed: int


def figures_of(
    campaign: Campaign, sums: StepSums, funnel: Funnel, waiting: Sequence[Waiting]
) -> Sequence[StepFigures]:
    """Return the figures of each step that the campaign has now, in their order."""
    people = Counter[str]()
    for one in waiting:
        people[one.step] += one.people
    steps = list(every_step(campaign.steps))
    figures = [_figures(step, sums, people[step.id], _messages(step, sums, funnel)) for step in steps]
    if len(steps) == 1:  # a campaign of one step keeps no sums of who came
        return [msgspec.structs.replace(one, reached=max(one.reached, one.messages)) for one in figures]
    return figures


def _figures(step: Step, sums: StepSums, waiting: int, messages: Mapping[MessageStatus, int]) -> StepFigures:
    return StepFigures(
        step=step.id,
        reached=sums.came.get(step.id, 0),
        waiting=waiting,
        left=sums.left.get(step.id, 0),
        skipped=sums.skipped.get(step.id, 0),
        messages=sum(messages.values()),
        delivered=_of(messages, _DELIVERED),
        failed=_of(messages, FAILURES),
    )


def _messages(step: Step, sums: StepSums, funnel: Funnel) -> Mapping[MessageStatus, int]:
    """Return a step's messages by status; of the one without a number what the others leave of the campaign's."""
    if not isinstance(step, SendStep):
        return {}
    if step.number:
        return sums.numbered.get(step.number, {})
    rest = Counter(funnel.by_status)
    for numbered in sums.numbered.values():
        rest.subtract(numbered)
    return rest


def _of(messages: Mapping[MessageStatus, int], statuses: Iterable[MessageStatus]) -> int:
    return sum(messages.get(status, 0) for status in statuses)
