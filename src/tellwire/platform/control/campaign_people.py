"""Who is inside a campaign, at which step, and what would become of them if it changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from tellwire.platform.control.affected import AffectedTable, affected_by
from tellwire.platform.control.campaign_demands import known_campaign, read_form
from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.shapes import SubjectView
from tellwire.platform.control.step_figures import StepFigures, figures_of
from tellwire.platform.model.campaign import Campaign

OVERDUE_LIMIT: Final = 10_000  # that are counted

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Step = Annotated[str | None, QueryParameter(max_length=64)]
Cursor = Annotated[str, QueryParameter(max_length=400)]


class StepPeople(msgspec.Struct, frozen=True, kw_only=True):
    """How many people stand at a step of a version of the campaign; an empty step is before the first."""

    version: int
    step: str
    people: int


class Insiders(msgspec.Struct, frozen=True, kw_only=True):
    """Who is inside a campaign now, who ever was, and how those left who are not inside any more.

    `ever` counts who began to wait in it and who went through it without a message. `overdue` are those who became
    due while it is paused, `calls_waiting` calls that are to be made, and `calls_in_vain` those of them that were
    tried; at most 10,000 are counted. `figures` are those of each step, in their order.
    """

    people: int
    steps: Sequence[StepPeople]
    overdue: int
    ever: int
    left: Mapping[str, int]
    calls_waiting: int = 0
    calls_in_vain: int = 0
    figures: Sequence[StepFigures] = ()


class InsiderView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody inside: at which step since when, until when, and the gate that holds the message if one does.

    `cursor` is what the next page goes on after.
    """

    subjects: Sequence[SubjectView]
    key: str
    version: int
    step: str
    since: datetime
    due_at: datetime
    hold: str
    entered_at: datetime
    cursor: str


class InsiderList(msgspec.Struct, frozen=True, kw_only=True):
    """People inside a campaign; ask for more with `after` as the last one's cursor."""

    people: Sequence[InsiderView]


@get("/api/campaigns/{campaign_id:int}/inside", tags=["campaigns"])
async def read_inside(campaign_id: FromPath[int], desk: DeskDependency) -> Insiders:
    """Say how many people are inside a campaign, and at which steps."""
    campaign = await _known(desk, campaign_id)
    waiting = await desk.reports.waiting(campaign.id)
    (funnel,) = await desk.reports.funnel([campaign.id])
    is_paused = campaign.state == "paused"
    calls, in_vain = await desk.reports.calls_waiting(campaign.id, OVERDUE_LIMIT)
    return Insiders(
        people=sum(one.people for one in waiting if one.step),
        steps=[StepPeople(version=one.version, step=one.step, people=one.people) for one in waiting],
        overdue=await desk.reports.overdue(campaign.id, OVERDUE_LIMIT) if is_paused else 0,
        ever=funnel.inside,
        left=funnel.left,
        calls_waiting=calls,
        calls_in_vain=in_vain,
        figures=figures_of(campaign, await desk.reports.step_sums(campaign.id), funnel, waiting),
    )


@get("/api/campaigns/{campaign_id:int}/people", tags=["campaigns"])
async def list_people(
    campaign_id: FromPath[int],
    desk: DeskDependency,
    step: Step = None,
    limit: Limit = 50,
    after: Cursor = "",
) -> InsiderList:
    """List the people inside a campaign, at one of its steps if one is named."""
    campaign = await _known(desk, campaign_id)
    people = await desk.reports.people_inside(campaign.id, step, limit, after)
    return InsiderList(
        people=[
            InsiderView(
                subjects=[SubjectView(one.kind, one.value) for one in person.subjects],
                key=person.enrollment.key,
                version=person.enrollment.version,
                step=person.enrollment.step,
                since=person.enrollment.since,
                due_at=person.enrollment.due_at,
                hold=person.enrollment.hold,
                entered_at=person.enrollment.entered_at,
                cursor=person.cursor,
            )
            for person in people
        ]
    )


@post("/api/campaigns/{campaign_id:int}/affected", status_code=200, tags=["campaigns"])
async def read_affected(
    campaign_id: FromPath[int], data: JSONBody[CampaignForm], desk: DeskDependency
) -> AffectedTable:
    """Say what would become of those inside if the campaign were replaced by this and they were moved."""
    newest = await desk.catalog.snapshot()
    known = known_campaign(newest, campaign_id)
    after = read_form(data, known, newest, known.id, desk.clock.now())
    waiting = await desk.reports.waiting(known.id)
    return AffectedTable(steps=affected_by(waiting, known, after))


HANDLERS: Final = [read_inside, list_people, read_affected]


async def _known(desk: Desk, campaign_id: int) -> Campaign:
    return known_campaign(await desk.catalog.snapshot(), campaign_id)
