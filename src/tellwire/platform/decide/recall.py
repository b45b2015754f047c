"""What of the past the campaigns in use look at: nothing is asked of the store that nobody looks at. Pure.

Limits are those of the version that is live, also for whoever is inside by an earlier one (`index.as_of`), so the
campaigns as they are now say it all.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from tellwire.kernel.local_time import day_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId
from tellwire.platform.model.facts import Recall
from tellwire.platform.model.guard import Limits
from tellwire.platform.model.step import every_step, measured_splits

_NONE = timedelta(0)


class Past(NamedTuple):
    """How far back campaigns look for messages to one person, whether they count entries and messages of a day.

    `trials` are those that have a split with a winner.
    """

    window: timedelta
    has_entries: bool
    has_days: bool
    trials: frozenset[CampaignId] = frozenset()


def past_of(campaigns: Iterable[Campaign]) -> Past:
    """Return what these campaigns look at, as far as they are in use."""
    in_use = [one for one in campaigns if one.state in IN_USE]
    limits = [one.limits for one in in_use if one.limits != _FREE]
    return Past(
        max(map(_window, limits), default=_NONE),
        any(one.ever is not None for one in limits),
        any(one.per_day is not None for one in limits),
        frozenset(one.id for one in in_use if one.only_send is None and _has_trials(one)),
    )


def _has_trials(campaign: Campaign) -> bool:
    return next(measured_splits(every_step(campaign.steps)), None) is not None


def recall_of(past: Past, account: Account, now: datetime) -> Recall:
    """Return what decisions at this moment look back at."""
    window = max(past.window, _window(account.limits))
    return Recall(
        contacts_since=None if window == _NONE else now - window,
        has_entries=past.has_entries,
        day=day_of(now, account.clock) if past.has_days else None,
        trials=past.trials,
    )


def _window(limits: Limits) -> timedelta:
    """Return the longest window of these limits."""
    gap = () if limits.gap is None else (limits.gap,)
    return max((one.span for one in (*gap, *(cap.window for cap in limits.per_person))), default=_NONE)


_FREE = Limits()
