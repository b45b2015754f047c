"""What goes out when: runs of schedules that were made and that are planned, and the people who wait, by day."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice, pairwise
from typing import Annotated, Final, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.kernel.local_time import day_of, moment_of
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import invalid
from tellwire.platform.decide.forecast import forecast
from tellwire.platform.language.guard import QuietForm, write_quiet
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.start import OnSchedule

DAYS_LIMIT: Final = 62
ITEMS_LIMIT: Final = 1_000
DUE_LIMIT: Final = 10_000  # people of one day that are counted
_REACH: Final = timedelta(days=2 * 366)  # a rule is followed from its beginning on, run by run

Day = Annotated[str, QueryParameter(max_length=10)]
First = Annotated[str, QueryParameter(name="from", max_length=10)]
Phase = Literal["made", "under_way", "planned"]


class CalendarItem(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a campaign's schedule: at `at`, which in the account's zone is on `day` at `time`.

    With `is_personal` each person has that wall time on their own clock. `is_paused`: it does not come while the
    campaign is paused. `messages` are those of a run that was made or is under way; `per_day` and `per_run` are the
    campaign's limits.
    """

    campaign_id: CampaignId
    name: str
    run: str
    at: datetime
    day: date
    time: str
    phase: Phase
    is_personal: bool
    is_paused: bool
    is_recurring: bool
    messages: int | None = None
    per_day: int | None = None
    per_run: int | None = None


class CalendarDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the account's zone. `due` are the people whose wait ends on it, as things stand: null for days gone by.

    At most 10,000 are counted. Those who are overdue count for today.
    """

    day: date
    due: int | None


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """The days, what is on them in order of time, and the account's quiet hours.

    `zone` is the account's; `today` and `now` are by its clock. `is_cut`: there is more than 1,000 items, and those
    after the last one are left out.
    """

    zone: str
    today: date
    now: str
    days: Sequence[CalendarDay]
    items: Sequence[CalendarItem]
    is_cut: bool
    quiet: Sequence[QuietForm]
    is_paused: bool


@get("/api/calendar", tags=["calendar"])
async def read_calendar(desk: DeskDependency, begins: First = "", to: Day = "") -> Calendar:
    """Say what goes out when, on the days from `from` to `to` of the account's zone: today if they are absent.

    At most 62 days. Planned runs are worked out as the machine does it.
    """
    newest, now = await desk.catalog.snapshot(), desk.clock.now()
    account = newest.account
    zone = account.clock
    today = day_of(now, zone)
    first = _day_named("from", begins) or today
    last = _day_named("to", to) or first
    _demand_days(first, last, today)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    begin, end = _beginning(first, zone), _beginning(last + timedelta(days=1), zone)
    items = [*await _made(desk, newest, begin, min(end, now), zone)]
    if end > now:
        items += await asyncio.to_thread(_planned, newest, max(begin, now), end, zone)
    items.sort(key=lambda item: (item.at, item.campaign_id))
    due = await _due(desk, [day for day in days if day >= today], today, zone)
    return Calendar(
        zone=account.zone or "UTC",
        today=today,
        now=f"{now.astimezone(zone):%H:%M}",
        days=[CalendarDay(day=day, due=due.get(day)) for day in days],
        items=items[:ITEMS_LIMIT],
        is_cut=len(items) > ITEMS_LIMIT,
        quiet=write_quiet(account.quiet),
        is_paused=account.is_paused,
    )


HANDLERS: Final = [read_calendar]


def _day_named(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise invalid({name: "Write a day as 2026-12-31."}) from problem


def _demand_days(first: date, last: date, today: date) -> None:
    if last < first:
        raise invalid({"to": "The last day is before the first one."})
    if (last - first).days >= DAYS_LIMIT:
        raise invalid({"to": f"A calendar has at most {DAYS_LIMIT} days: choose a nearer last day."})
    for name, day in (("from", first), ("to", last)):
        if abs(day - today) > _REACH:
            raise invalid({name: "The calendar reaches two years back and two years ahead."})


def _beginning(day: date, zone: tzinfo) -> datetime:
    return moment_of(day, time.min, zone)


async def _made(
    desk: Desk, newest: CampaignSet, begin: datetime, end: datetime, zone: tzinfo
) -> list[CalendarItem]:
    """Return the runs that were made or are under way, and those that are due and have not begun."""
    if end <= begin:
        return []
    under_way = {(one.campaign_id, one.run) for one in await desk.reports.planned_runs() if one.at <= end}
    records = await desk.reports.runs_between(begin, end, ITEMS_LIMIT + 1)
    items = []
    for record in records:
        campaign = newest.campaigns.get(record.campaign_id)
        if campaign is not None:
            phase: Phase = "under_way" if (record.campaign_id, record.run) in under_way else "made"
            items.append(_item(campaign, record.run, record.at, zone, phase, record.messages))
    return items


def _planned(newest: CampaignSet, begin: datetime, end: datetime, zone: tzinfo) -> list[CalendarItem]:
    coming = forecast(newest.campaigns.values(), newest.account, begin, end)
    return [
        _item(newest.campaigns[one.campaign_id], one.run, one.moment, zone, "planned")
        for one in islice(coming, ITEMS_LIMIT + 1)
    ]


def _item(
    campaign: Campaign, run: str, at: datetime, zone: tzinfo, phase: Phase, messages: int | None = None
) -> CalendarItem:
    local = at.astimezone(zone)
    start = campaign.start
    return CalendarItem(
        campaign_id=campaign.id,
        name=campaign.name,
        run=run,
        at=at,
        day=local.date(),
        time=f"{local:%H:%M}",
        phase=phase,
        is_personal=isinstance(start, OnSchedule) and start.is_personal,
        is_paused=phase == "planned" and campaign.state == "paused",
        is_recurring=isinstance(start, OnSchedule) and start.is_recurring,
        messages=messages,
        per_day=campaign.limits.per_day,
        per_run=campaign.limits.per_run,
    )


async def _due(desk: Desk, days: Sequence[date], today: date, zone: tzinfo) -> dict[date, int]:
    """Return how many people become due on each of these days, today or later; the overdue count for today."""
    if not days:
        return {}
    bounds = [_beginning(day, zone) for day in (*days, days[-1] + timedelta(days=1))]
    if days[0] == today:
        bounds[0] = datetime.min.replace(tzinfo=bounds[0].tzinfo)
    counts = await desk.reports.due_between(list(pairwise(bounds)), DUE_LIMIT)
    return dict(zip(days, counts, strict=True))
