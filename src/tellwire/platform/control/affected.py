"""Whom a change of a campaign would affect, by the step at which they stand: to be looked at before it is published."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.step import every_step
from tellwire.platform.ports.inside_reports import Waiting

Fate = Literal["goes_on", "stays_on_its_version"]


class Affected(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of those at one step if the campaign changed and they were moved.

    `is_changed` says that the step itself would be another one than now.
    """

    version: int
    step: str
    people: int
    if_moved: Fate
    is_changed: bool = False


class AffectedTable(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody whom a change would affect, by step: to be looked at before it is published."""

    steps: Sequence[Affected]


class AffectedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody inside one of several campaigns that would change."""

    campaign_id: CampaignId
    name: str
    steps: Sequence[Affected]


def affected_by(waiting: Sequence[Waiting], now: Campaign, after: Campaign) -> Sequence[Affected]:
    """Return what would become of those inside a campaign if it were `after`; a pending entry is not inside."""
    return list(_affected(waiting, now, after))


def _affected(waiting: Sequence[Waiting], now: Campaign, after: Campaign) -> Iterator[Affected]:
    before = {step.id: step for step in every_step(now.steps)}
    steps = {step.id: step for step in every_step(after.steps)}
    for one in waiting:
        if one.step:
            yield Affected(
                version=one.version,
                step=one.step,
                people=one.people,
                if_moved="goes_on" if one.step in steps else "stays_on_its_version",
                is_changed=one.step in steps and steps[one.step] != before.get(one.step),
            )
