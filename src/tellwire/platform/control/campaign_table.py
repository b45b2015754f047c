"""All campaigns in short, with their figures: what a table of them shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import msgspec
from litestar import get
from litestar.params import FromQuery

from tellwire.kernel.delivery import Delivery
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.control.campaign_form import delivery_in
from tellwire.platform.control.campaign_health import HOURS, CampaignFact, facts_of
from tellwire.platform.control.campaign_pages import SLICE, Reading, reading_now, worst_trouble
from tellwire.platform.control.campaign_standing import Standing, standing_of
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.language.start import StartForm, write_start
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.rule import Listed, Member
from tellwire.platform.model.start import OnDate, OnEvent
from tellwire.platform.model.step import Step, every_step, lists_of, sends_of
from tellwire.platform.ports.campaign_reports import Funnel, GoalFigures

ROWS_LIMIT: Final = 5_000

Span: TypeAlias = Literal["24h", "14d"]
# How many hours a point of the series is about, and how many points there are.
_SPANS: Final[Mapping[Span, tuple[int, int]]] = {"24h": (1, 24), "14d": (24, 14)}


class CampaignRow(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in a list.

    `standing` is its state and what the facts make of it. `start` has no conditions. `who` is the audience or list it
    is for, empty where it is for everybody or for a rule of its own (`has_rule`). A journey has several sends or a
    branch. `inside` are those inside now, `messages` all that were made, of which `sent` were handed over. `goal` is
    null without a goal that was looked for. `series` are messages made by hour or day, the oldest first;
    `next_at` is when its schedule is due.
    """

    id: CampaignId
    name: str
    standing: Standing
    facts: Sequence[CampaignFact]
    start: StartForm
    who: str
    has_rule: bool
    is_journey: bool
    labels: Sequence[str]
    is_unpublished: bool
    inside: int
    messages: int
    sent: int
    delivered: int
    failed: int
    queued: int
    skipped: int
    delivery: Delivery
    goal: GoalFigures | None
    series: Sequence[int]
    last_message_at: datetime | None
    next_at: datetime | None
    updated_at: datetime


class CampaignTable(msgspec.Struct, frozen=True, kw_only=True):
    """Campaigns in short, the newest first; `is_cut` if there are more than 5,000. Those archived are among them."""

    span: Span
    is_cut: bool
    campaigns: Sequence[CampaignRow]


@get("/api/campaigns/table", tags=["campaigns"])
async def read_table(desk: DeskDependency, *, span: FromQuery[Span] = "14d") -> CampaignTable:
    """List all campaigns in short, with a series of the last 24 hours by hour, or of 14 days by day, for each."""
    newest = await desk.catalog.snapshot()
    campaigns = sorted(newest.campaigns.values(), key=lambda campaign: -campaign.id)
    rows: list[CampaignRow] = []
    reading = await reading_now(desk)
    series = _series(span, reading.now)
    for begin in range(0, min(len(campaigns), ROWS_LIMIT), SLICE):
        rows += await _rows(desk, campaigns[begin : min(begin + SLICE, ROWS_LIMIT)], reading, series)
    return CampaignTable(span=span, is_cut=len(campaigns) > ROWS_LIMIT, campaigns=rows)


HANDLERS: Final = [read_table]


class _Series(msgspec.Struct, frozen=True, kw_only=True):
    """Where the series of all rows begin, and of how many points of how many hours they are."""

    since: datetime
    hours: int
    points: int


def _series(span: Span, now: datetime) -> _Series:
    hours, points = _SPANS[span]
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    return _Series(since=this_hour - timedelta(hours=hours * points - 1), hours=hours, points=points)


async def _rows(
    desk: Desk, campaigns: Sequence[Campaign], reading: Reading, span: _Series
) -> list[CampaignRow]:
    newest, now = await desk.catalog.snapshot(), reading.now
    ids = [campaign.id for campaign in campaigns]
    funnels = await desk.reports.funnel(ids)
    lately = await desk.reports.campaign_hours(ids, now - timedelta(hours=HOURS))
    series = await desk.reports.campaign_series(ids, span.since, span.hours, span.points)
    at_work = await desk.reports.at_work(ids)
    rows = []
    for campaign, funnel, hours, made in zip(campaigns, funnels, lately, series, strict=True):
        trouble = worst_trouble(campaign, newest, reading.troubles)
        facts = facts_of(campaign, hours, trouble, now, is_at_work=campaign.id in at_work)
        timing = reading.timing(campaign, newest)
        standing = standing_of(campaign, facts, timing, now, has_decided=hours.last_at is not None)
        row = CampaignRow(
            id=campaign.id,
            name=campaign.name,
            standing=standing,
            facts=facts,
            start=_start(campaign),
            who=_audience(campaign),
            has_rule=campaign.who is not None,
            is_journey=is_journey(campaign),
            labels=campaign.labels,
            is_unpublished=not campaign.version,
            **_figures(funnel),
            delivery=delivery_in(funnel),
            goal=funnel.goal,
            series=made.messages,
            last_message_at=made.last_message_at,
            next_at=timing.next_at,
            updated_at=campaign.updated_at,
        )
        rows.append(row)
    return rows


def is_journey(campaign: Campaign) -> bool:
    """Say whether a campaign has several sends or a branch."""
    return len(list(sends_of(campaign.steps))) > 1 or any(map(_branches, every_step(campaign.steps)))


def _branches(step: Step) -> bool:
    return any(steps for _, steps in lists_of(step))


def _start(campaign: Campaign) -> StartForm:
    match campaign.start:
        case OnEvent() | OnDate() as start:
            return write_start(msgspec.structs.replace(start, where=()))
        case start:
            return write_start(start)


def _audience(campaign: Campaign) -> str:
    match campaign.who:
        case Member(audience=name) | Listed(list=name):
            return name
        case _:
            return ""


def _figures(funnel: Funnel) -> dict[str, int]:
    by = funnel.by_status
    return {
        "inside": max(0, funnel.inside - sum(funnel.left.values())),
        "messages": sum(by.values()),
        "sent": funnel.sent_or_further,
        "delivered": _sum(by, (MessageStatus.DELIVERED, MessageStatus.READ)),
        "failed": _sum(by, FAILURES),
        "queued": by.get(MessageStatus.QUEUED, 0),
        "skipped": sum(funnel.skips.values()),
    }


def _sum(table: Mapping[MessageStatus, int], statuses: Iterable[MessageStatus]) -> int:
    return sum(table.get(status, 0) for status in statuses)
