"""The runs of campaigns: how each stands, and reaching those whom one failed to reach."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from tellwire.kernel.telemetry import log
from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import Problem, not_found
from tellwire.platform.control.resending import Failures, LeftOut, ids_of, note
from tellwire.platform.control.run_view import RunReason, RunView, run_view
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.run import RunRecord, Sweep, attempt_named, attempt_of
from tellwire.platform.ports.runs import Attempt

PAGE_LIMIT: Final = 2_000  # messages that are looked at in one go: others read meanwhile

Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class RunList(msgspec.Struct, frozen=True, kw_only=True):
    """Runs, the newest first, after those that are planned."""

    runs: Sequence[RunView]


class Resend(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt that begins, or would: to how many it writes, and why it failed to reach them before.

    `left_out` are messages that are not sent again though something is wrong: that were `perhaps_sent`, were
    `taken_back` before they went, or whose profile is `nobody` any more.
    """

    run: str
    messages: int
    reasons: Sequence[RunReason]
    left_out: Mapping[LeftOut, int]


@get("/api/campaigns/{campaign_id:int}/runs", tags=["campaigns"])
async def list_runs(campaign_id: FromPath[int], desk: DeskDependency, limit: Limit = 20) -> RunList:
    """List the runs of a campaign's schedule, planned ones first: whom each is for, and what became of them."""
    campaign, account = await _known(desk, campaign_id)
    sweeps = {one.run: one for one in await desk.reports.sweeps(campaign.id) if one.run}
    records = await desk.reports.runs(campaign.id, limit)
    known = {one.run for one in records}
    planned = [
        RunRecord(campaign_id=campaign.id, run=one.run, at=one.at)
        for one in sweeps.values()
        if one.run not in known
    ]
    now = desk.clock.now()
    return RunList(
        runs=[run_view(campaign, one, sweeps.get(one.run), account, now) for one in (*planned, *records)]
    )


@post("/api/campaigns/{campaign_id:int}/runs/{run:str}/resend", status_code=200, tags=["campaigns"])
async def resend(
    campaign_id: FromPath[int], run: FromPath[str], desk: DeskDependency, *, dry_run: FromQuery[bool] = False
) -> Resend:
    """Write again to those whom a run surely failed to reach, each once; with `dry_run` only say to how many.

    What was perhaps sent is not sent again, and everything that a message is asked is asked anew. It is a run of its
    own, an attempt of the first one; whoever an earlier attempt reached is not among them.
    """
    campaign, account = await _known(desk, campaign_id)
    _demand_one_message(campaign)
    attempts = await desk.runs.attempts(campaign.id, run)
    if not attempts:
        raise not_found("such run")
    states = {run_view(campaign, one, None, account, desk.clock.now()).state for one in attempts}
    if "sending" in states or await desk.runs.is_under_way(campaign.id, run):
        raise _under_way()
    failures = await _failures(desk, campaign, attempts)
    name, now = attempt_named(run, attempt_of(attempts[0].run) + 1), desk.clock.now()
    if not dry_run:
        await _begin(desk, Sweep(campaign_id=campaign.id, run=name, at=now), sorted(failures.places))
    return Resend(
        run=name,
        messages=len(failures.places),
        reasons=[
            RunReason(code=code, people=people, words=failures.words[code])
            for code, people in failures.by_code.most_common()
        ],
        left_out={code: count for code, count in failures.left_out.items() if count},
    )


HANDLERS: Final = [list_runs, resend]


def _under_way() -> Problem:
    return Problem(409, "under_way", "This run has not come to its end. Wait for it, then resend.")


def _demand_one_message(campaign: Campaign) -> None:
    if campaign.state != "running":
        raise Problem(
            409, "not_running", "This campaign does not run, so it sends nothing again. Publish it first."
        )
    if campaign.only_send is None:
        sentence = "This campaign has several steps: sending one of them again would begin all of them anew."
        raise Problem(409, "several_steps", sentence)


async def _failures(desk: Desk, campaign: Campaign, attempts: Sequence[RunRecord]) -> Failures:
    """Look at the messages of a run and its attempts, the last first, a bounded number at a time."""
    failures = Failures()
    for record in attempts:
        is_last = record is attempts[-1]
        after, before = ids_of(record)
        cursor: str | None = after
        while cursor is not None:
            page = await desk.runs.messages(
                campaign.id, cursor, before, PAGE_LIMIT, has_ended_well=not is_last
            )
            note(failures, record, page.messages, is_last=is_last)
            cursor = page.after
    return failures


async def _begin(desk: Desk, sweep: Sweep, members: Sequence[int]) -> None:
    if not members:
        raise Problem(409, "nothing_failed", "No message of this run is known to have failed.")
    record = RunRecord(
        campaign_id=sweep.campaign_id, run=sweep.run, at=sweep.at, people=len(members), members=len(members)
    )
    if not await desk.runs.begin(Attempt(sweep=sweep, members=members, record=record)):
        raise _under_way()
    log("run.resent", count=len(members))


async def _known(desk: Desk, campaign_id: int) -> tuple[Campaign, Account]:
    newest = await desk.catalog.snapshot()
    return known_campaign(newest, campaign_id), newest.account
