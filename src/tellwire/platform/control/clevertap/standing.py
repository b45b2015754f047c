"""How targets stand and what they came to: list.json and result.json (CleverTap contract 4.8). Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from tellwire.kernel.local_time import day_of
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.control.clevertap.words import Words
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignSet
from tellwire.platform.model.run import RunRecord
from tellwire.platform.model.start import Moments, OnSchedule
from tellwire.platform.ports.campaign_reports import Funnel
from tellwire.platform.ports.run_reports import SweepProgress

Status: TypeAlias = Literal["scheduled", "pending", "running", "paused", "stopped", "completed"]
LIST_LIMIT: Final = 500  # targets of one list, the newest
_DAYS: Final = (19_000_101, 99_991_231)


def read_days(body: Words) -> tuple[int, int]:
    """Return the first and the last day that a list is for, as YYYYMMDD. Raises a `Problem`."""
    days = body.whole("from", *_DAYS), body.whole("to", *_DAYS)
    body.end()
    first, last = (_DAYS[0] if days[0] is None else days[0]), (_DAYS[1] if days[1] is None else days[1])
    if last < first:
        raise body.refused("to", "This is before from.")
    return first, last


def read_id(body: Words) -> int:
    """Return the id of the target that a body names. Raises a `Problem`."""
    number = body.whole("id", 1, 2**63 - 1)
    body.end()
    if number is None:
        raise body.refused("id", "This is missing.")
    return number


def targets_of(newest: CampaignSet, days: tuple[int, int]) -> Sequence[Campaign]:
    """Return the campaigns by schedule whose first moment is on one of these days of the account, newest first."""
    first, last = days
    targets = [
        one
        for one in newest.campaigns.values()
        if isinstance(one.start, OnSchedule)
        and first <= int(f"{day_of(scheduled_on(one), newest.account.clock):%Y%m%d}") <= last
    ]
    return sorted(targets, key=lambda one: -one.id)[:LIST_LIMIT]


def scheduled_on(campaign: Campaign, account: Account | None = None) -> datetime:
    """Return the first moment of a target; of one that recurs or begins at once, when it was published or saved."""
    start = campaign.start
    if isinstance(start, OnSchedule) and isinstance(start.when, Moments):
        clock = (account or Account()).clock
        return min(moment if moment.tzinfo else moment.replace(tzinfo=clock) for moment in start.when.moments)
    return campaign.began_at or campaign.created_at


def state_of(state: Literal["draft", "paused", "stopped"]) -> Status:
    """Return how a target stands that does not run."""
    return "pending" if state == "draft" else state


def status_of(
    coming: Sequence[SweepProgress],
    runs: Sequence[RunRecord],
    waiting: int,
    funnel: Funnel,
) -> Status:
    """Return how a running target stands.

    `coming` are its runs that are planned or under way, and `waiting` is how many people are inside it.
    """
    under_way = any(one.is_chosen for one in coming) or any(not run.is_swept for run in runs)
    if coming and not runs and not under_way:
        return "scheduled"
    is_busy = under_way or waiting or funnel.by_status.get(MessageStatus.QUEUED, 0)
    return "running" if coming or is_busy or not runs else "completed"


def result_of(status: Status, funnel: Funnel) -> dict[str, Any]:
    """Return what a target came to."""
    by = funnel.by_status
    return {
        "status": status,
        "sent": funnel.sent_or_further,
        "delivered": by.get(MessageStatus.DELIVERED, 0) + by.get(MessageStatus.READ, 0),
        "failed": sum(by.get(one, 0) for one in FAILURES),
        "skipped": sum(funnel.skips.values()),
        "converted": 0 if funnel.goal is None else funnel.goal.reached,
    }


def target_line(campaign: Campaign, status: Status, account: Account) -> dict[str, Any]:
    """Return a target as a list shows it."""
    at = scheduled_on(campaign, account).astimezone(account.clock)
    return {"id": campaign.id, "name": campaign.name, "scheduled_on": f"{at:%Y%m%d %H:%M}", "status": status}
