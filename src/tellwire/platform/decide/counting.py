"""Counts what people do, and lets those enter who join an audience by it, or by the time that passes after it. Pure.

    an event  ─→ counted ─┬─ a member now, and was none: enters
                          └─ the next moment at which a rule says something else, as a pending entry
    a moment  ─→ turn: the same, of the moment before it and of it

Nothing remembers who is a member: it is worked out for both sides of an occasion, from the same cells.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from tellwire.platform.decide.asked import dids_joined
from tellwire.platform.decide.batch import Batch, in_order
from tellwire.platform.decide.choosing import is_member, joined, pend
from tellwire.platform.decide.entering import enter_at, refuse
from tellwire.platform.decide.plan import Plan
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.codes import FAILED
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import OnMembership
from tellwire.platform.model.value import decoded, fold

_TICK: Final = timedelta(milliseconds=1)  # of windows
_ASKED_AGAIN: Final = timedelta(seconds=20)
_BY_TIME: Final = "time"


def count(batch: Batch, event: Event, profile: Profile) -> Sequence[Plan]:
    """Count an event for all rules that ask; return the campaigns whose audience the person joins by it.

    Who is new by this very event joins as a person who is new.
    """
    name, lines = fold(event.name), batch.index.lines
    if name not in lines.by_event:
        return ()
    before = [
        (plan, start, is_member(batch, start, profile))
        for plan, start in _joined(batch, lines.joined.get(name, ()))
    ]
    if not batch.counters.count(event, decoded(event.properties), profile.id, batch.now):
        return ()
    for plan, _, _ in before:
        expect(batch, plan, profile)
    if batch.people.is_new(profile.id):
        return ()
    return [
        plan
        for plan, start, was_member in before
        if not was_member
        and not _is_swept_later(batch, plan, start, profile)
        and is_member(batch, start, profile)
    ]


def _joined(batch: Batch, campaigns: Sequence[Campaign]) -> list[tuple[Plan, OnMembership]]:
    return [
        (plan, plan.campaign.start)
        for campaign in in_order(campaigns)
        if (plan := batch.index.plan(campaign.id)) is not None
        and isinstance(plan.campaign.start, OnMembership)
        and (plan.campaign.id in batch.joinable or plan.campaign.began_at is not None)
    ]


def _is_swept_later(batch: Batch, plan: Plan, start: OnMembership, profile: Profile) -> bool:
    """Say whether a sweep is still to come by that lets members in."""
    return start.present and (plan.campaign.id, profile.id) in batch.unmet


def let_join(batch: Batch, plans: Sequence[Plan], profile: Profile, cause: str) -> None:
    """Let a person enter these campaigns, whose audience they have joined."""
    for plan in plans:
        _enter(batch, plan, profile, str(plan.campaign.id), cause)


def _enter(batch: Batch, plan: Plan, profile: Profile, *about: str) -> None:
    entrance = joined(profile, batch.now, *about)
    try:
        enter_at(batch, plan, entrance, profile, batch.now)
    except Exception as bug:  # noqa: BLE001 - one campaign that we cannot decide must not stop all that follow
        refuse(batch, plan, entrance, profile, [GateResult("entry", FAILED, (type(bug).__name__,))])


def expect(batch: Batch, plan: Plan, profile: Profile, after: datetime | None = None) -> None:
    """Make the entry at the next moment at which what the person did means something else for an audience."""
    dids = list(dids_joined(plan.campaign, batch.account))
    due = batch.counters.next_turn(profile.id, dids, after or batch.now)
    known = [one for one in batch.insiders.pending(profile.id) if one.campaign_id == plan.campaign.id]
    for entry in known:
        if entry.due_at != due:
            batch.insiders.remove(entry)
    if due is not None and all(entry.due_at != due for entry in known):
        pend(batch, plan, joined(profile, due, str(plan.campaign.id), _BY_TIME), profile, due)


def expect_anew(batch: Batch, profile: Profile) -> None:
    """Make the entries of a person anew who did more than before, since somebody became part of them."""
    campaigns = {one.id: one for some in batch.index.lines.joined.values() for one in some}
    for plan, _ in _joined(batch, list(campaigns.values())):
        expect(batch, plan, profile)


def turn(batch: Batch, plan: Plan, start: OnMembership, entry: Enrollment, profile: Profile) -> None:
    """Let a person enter who joins an audience at the moment of an entry, and make the next entry.

    While what the rules ask is not counted it is asked again, so that nobody is missed.
    """
    at = entry.due_at
    if not batch.counters.knows(dids_joined(plan.campaign, batch.account)):
        pend(batch, plan, entry.entrance, profile, batch.now + _ASKED_AGAIN)
        return
    if not is_member(batch, start, profile, at=at - _TICK) and is_member(batch, start, profile, at=at):
        _enter(batch, plan, profile, str(plan.campaign.id), _BY_TIME, at.isoformat())
    expect(batch, plan, profile, at)
