"""Lets people enter who join an audience because a list changed: a name came to it, or left it. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tellwire.kernel.address import Msisdn
from tellwire.platform.decide.batch import Batch, in_order
from tellwire.platform.decide.choosing import is_member, joined
from tellwire.platform.decide.entering import enter_at, refuse
from tellwire.platform.decide.plan import Plan
from tellwire.platform.model.codes import FAILED
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.event import Entry, LinkSubject, ProfileChange
from tellwire.platform.model.list_member import ListChange
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import OnMembership


def follow_page(batch: Batch, until: datetime) -> Iterator[str]:
    """Let starts follow the changes up to a moment whose turn it is; it gives way after each, with what caused it."""
    if not batch.lists.is_behind:
        return
    by_number: dict[Msisdn | None, list[Profile]] = {}
    for profile in batch.people.everybody():
        by_number.setdefault(profile.phone, []).append(profile)
    for change in batch.lists.page(until):
        people = _named(batch, change) if change.number is None else by_number.get(change.number, [])
        yield _follow(batch, change, people)


def catch_up(batch: Batch, entry: Entry) -> Iterator[str]:
    """Let starts follow the changes that came before an entry and name the person whom it is about, known or not."""
    profile = batch.people.named(entry.subject)
    changes = entry.changes if isinstance(entry, ProfileChange) else ()
    links = (change.subject for change in changes if isinstance(change, LinkSubject))
    subjects = {entry.subject, *links, *(() if profile is None else profile.subjects)}
    for one in batch.lists.about(subjects, entry.received_at):
        yield _follow(batch, one, _named(batch, one))


def _named(batch: Batch, change: ListChange) -> list[Profile]:
    profile = batch.people.named(change.subject)
    return [] if profile is None else [profile]


def _follow(batch: Batch, change: ListChange, people: Sequence[Profile]) -> str:
    """Let every start that looks at the list follow a change of it; `people` are those who have the name."""
    plans = [
        (plan, plan.campaign.start)
        for campaign in in_order(batch.index.lists.joined.get(change.list_id, ()))
        if (plan := batch.index.plan(campaign.id)) is not None
        and isinstance(plan.campaign.start, OnMembership)
        and _counts(change, plan, plan.campaign.start)
    ]
    now = [profile for one in people if (profile := batch.people.known(one.id)) is not None]
    outside = [
        (plan, start, profile)
        for plan, start in plans
        for profile in now
        if (not start.present or (plan.campaign.id, profile.id) not in batch.unmet)
        and not is_member(batch, start, profile)
    ]
    batch.lists.follow(change)
    for plan, start, profile in outside:
        _let_in(batch, plan, start, profile, change)
    return _cause(change)


def _cause(change: ListChange) -> str:
    return f"list {change.list_id} {change.seq}"


def _counts(change: ListChange, plan: Plan, start: OnMembership) -> bool:
    """Say whether a change is a joining for a campaign: one of before it ran is none, unless members enter too."""
    began_at = plan.campaign.began_at
    return began_at is not None and (start.present or change.at >= began_at)


def _let_in(batch: Batch, plan: Plan, start: OnMembership, profile: Profile, change: ListChange) -> None:
    entrance = joined(profile, batch.now, str(plan.campaign.id), _cause(change))
    try:
        if is_member(batch, start, profile):
            enter_at(batch, plan, entrance, profile, batch.now)
    except Exception as bug:  # noqa: BLE001 - one campaign that we cannot decide must not stop all that follow
        refuse(batch, plan, entrance, profile, [GateResult("entry", FAILED, (type(bug).__name__,))])
