"""Who became due while a campaign was paused, and what becomes of them when it goes on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import FromPath

from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import invalid
from tellwire.platform.decide.overdue import next_of
from tellwire.platform.decide.program import Program, program_of
from tellwire.platform.language.scalars import read_duration
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.resumption import LEAST_SPREAD, MOST_SPREAD, Overdue, Resumption
from tellwire.platform.model.step import SendStep
from tellwire.platform.ports.inside_reports import OverdueAt

COUNTED: Final = 10_000_000  # people: more than one campaign has


class ResumeForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of those who are overdue when a campaign goes on.

    `now`: they go on at once. `skip`: they do, and the message that would go out then is dropped (code `overdue`).
    `spread`: they go on one after the other, in the order in which they were due, evenly `over` a time from 1 minute
    to 7 days.
    """

    overdue: Overdue = "now"
    over: Annotated[str, msgspec.Meta(max_length=40)] = ""


class OverdueStep(msgspec.Struct, frozen=True, kw_only=True):
    """How many stand at a step of a version, since when the first of them is due, and what they do next.

    `next_step` is null where they leave, and `is_message` says whether it writes to them. `since` may be unknown.
    """

    version: int
    step: str
    people: int
    since: datetime | None
    next_step: str | None
    is_message: bool


class OverdueTable(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody who became due while the campaign is paused, by step; nobody where it is not."""

    people: int
    steps: Sequence[OverdueStep]


@get("/api/campaigns/{campaign_id:int}/overdue", tags=["campaigns"])
async def read_overdue(campaign_id: FromPath[int], desk: DeskDependency) -> OverdueTable:
    """Say who became due while a campaign is paused: to be looked at before it goes on."""
    campaign = known_campaign(await desk.catalog.snapshot(), campaign_id)
    if campaign.state != "paused":
        return OverdueTable(people=0, steps=())
    waiting = await desk.reports.overdue_by_step(campaign.id, COUNTED)
    programs = await _programs(desk, campaign, {one.version for one in waiting})
    return OverdueTable(people=sum(one.people for one in waiting), steps=list(_steps(waiting, programs)))


HANDLERS: Final = [read_overdue]


async def resumption_of(desk: Desk, campaign_id: int, form: ResumeForm | None) -> Resumption:
    """Return what a form means for those who are overdue now. Raises a `Problem`."""
    form = form or ResumeForm()
    now = desk.clock.now()
    if form.overdue != "spread":
        if form.over:
            raise invalid({"over": "A time belongs to `spread`: leave it out, or write overdue: spread."})
        return Resumption(overdue=form.overdue, at=now)
    try:
        over = read_duration(form.over, "over").span
    except Unreadable as problem:
        raise invalid(problem.fields) from problem
    if not LEAST_SPREAD <= over <= MOST_SPREAD:
        raise invalid({"over": "People are spread over 1 minute to 7 days: write 2 hours."})
    people = await desk.reports.overdue(CampaignId(campaign_id), COUNTED)
    return Resumption(overdue="spread", at=now, over=over, people=people)


async def _programs(desk: Desk, campaign: Campaign, versions: set[int]) -> Mapping[int, Program]:
    """Return the steps of the versions by which people are inside; of one that is not kept, those of now."""
    earlier = [(campaign.id, number) for number in versions if number and number != campaign.version]
    kept = await desk.history.versions(earlier) if earlier else {}
    programs = {number: program_of(one.campaign.steps) for (_, number), one in kept.items()}
    return dict.fromkeys(versions, program_of(campaign.steps)) | programs


def _steps(waiting: Sequence[OverdueAt], programs: Mapping[int, Program]) -> Iterator[OverdueStep]:
    for one in waiting:
        following = next_of(programs[one.version], one.step)
        yield OverdueStep(
            version=one.version,
            step=one.step,
            people=one.people,
            since=one.since,
            next_step=None if following is None else following.id,
            is_message=isinstance(following, SendStep),
        )
