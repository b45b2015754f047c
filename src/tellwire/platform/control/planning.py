"""Plans: what a file of campaigns would change and send, with a fingerprint by which it is applied, or not."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec
from litestar import Request, post
from litestar.params import FromQuery

from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.import_plan import Difference, Imported
from tellwire.platform.control.problem import Problem
from tellwire.platform.control.replaying import Summary, replayed
from tellwire.platform.control.transfer import Outlook, apply_document, outlook_of
from tellwire.platform.decide.sweeping import is_past
from tellwire.platform.model.campaign import Campaign, CampaignSet
from tellwire.platform.model.start import OnMembership, event_of
from tellwire.platform.rehearse.replay import Replay, ReplaySum

LOOKS_BACK: Final = timedelta(days=7)  # over whose events the figures of a plan are reckoned
RUNS_FOR: Final = timedelta(days=7)  # of schedules and dates that are reckoned ahead


class PlannedCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """What one campaign would send: over the events of the last 7 days, or in the runs of the 7 days to come."""

    name: str
    people: int
    messages: int
    parts: int
    skips: Mapping[str, int]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a file would change and send. `cost` is null until prices exist."""

    fingerprint: str
    people: int
    messages: int
    parts: int
    cost: float | None
    campaigns: Sequence[PlannedCampaign]
    changes: Sequence[Difference]
    left_out: Sequence[str]


@post("/api/plan", status_code=200, tags=["transfer"])
async def plan(request: Request[Any, Any, Any], desk: DeskDependency) -> Plan:
    """Say what applying a YAML document would change and send; every campaign of it runs that is not stopped."""
    outlook, newest = await outlook_of(desk, await request.body())
    sums = [await _sum(desk, campaign, outlook) for campaign in outlook.running]
    return Plan(
        fingerprint=fingerprint(outlook, newest),
        people=sum(one.people for one in sums),
        messages=sum(one.messages for one in sums),
        parts=sum(one.parts for one in sums),
        cost=None,
        campaigns=[
            PlannedCampaign(
                name=campaign.name, people=one.people, messages=one.messages, parts=one.parts, skips=one.skips
            )
            for campaign, one in zip(outlook.running, sums, strict=True)
        ],
        changes=outlook.imported.changes,
        left_out=outlook.imported.left_out,
    )


@post("/api/apply", status_code=200, tags=["transfer"])
async def apply(
    request: Request[Any, Any, Any], desk: DeskDependency, *, fingerprint: FromQuery[str]
) -> Imported:
    """Publish what was planned, if the plan with this fingerprint still holds; else 409 with what changed."""
    planned = fingerprint.strip().split(".")

    def check(outlook: Outlook, newest: CampaignSet) -> None:
        now = _prints(outlook, newest)
        if planned != now:
            raise Problem(409, "plan_changed", _what_changed(planned, now))

    return await apply_document(desk, await request.body(), check)


HANDLERS: Final = [plan, apply]


def fingerprint(outlook: Outlook, newest: CampaignSet) -> str:
    """Return what a plan is known by: of the file, of what it changes, and of the account as it is."""
    return ".".join(_prints(outlook, newest))


def _prints(outlook: Outlook, newest: CampaignSet) -> list[str]:
    names = {campaign.name.casefold() for campaign in outlook.running}
    known = [one for one in newest.campaigns.values() if one.name.casefold() in names]
    providers = sorted(
        (one.nickname, one.is_default) for one in newest.providers.values() if not one.archived_at
    )
    return [_print(outlook.text), _print([known, providers]), _print(_settings(newest))]


def _settings(newest: CampaignSet) -> Any:
    """Return the account without its lists: a new one changes nothing for whom no rule asks for it."""
    return msgspec.structs.replace(newest.account, lists=(), last_list=0)


def _print(what: Any) -> str:
    return sha256(msgspec.json.encode(what, order="deterministic")).hexdigest()[:12]


def _what_changed(planned: Sequence[str], now: Sequence[str]) -> str:
    if len(planned) != len(now):
        return "This is no fingerprint of a plan: make one with `tellwire plan`."
    whats = ("the file", "the campaigns or providers on the platform", "the account's settings")
    changed = [what for what, before, after in zip(whats, planned, now, strict=True) if before != after]
    return f"Since the plan was made, {' and '.join(changed)} changed: plan again, and look at what it says."


async def _sum(desk: Desk, campaign: Campaign, outlook: Outlook) -> ReplaySum:
    """Return what a campaign would send: what time starts ahead, all others over what came lately.

    A broadcast that was made already makes no run more, however it is changed, and so nothing.
    """
    now = desk.clock.now()
    if is_past(campaign, outlook.account, now):
        return Replay(campaign, outlook.account, desk.options.default_region).sum()
    ahead = not event_of(campaign.start) and not isinstance(campaign.start, OnMembership)
    period: tuple[datetime, datetime] = (now, now + RUNS_FOR) if ahead else (now - LOOKS_BACK, now)
    async for line in replayed(desk, campaign, outlook.account, *period):
        if isinstance(line, Summary):
            return line.summary
        await asyncio.sleep(0)
    raise AssertionError("a replay ends with a summary")
