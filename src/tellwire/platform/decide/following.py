"""What a change of a profile does to starts: dates come, move and go, places in runs move, people join audiences. Pure.

Only the difference counts: the same date said again changes nothing. A person who only moves to another zone misses
nothing by it: what would have been due there already is due now.
"""

from typing import NamedTuple

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.choosing import is_member, joined
from tellwire.platform.decide.entering import enter_at, refuse
from tellwire.platform.decide.pending import book_profile, date_in, move_date, move_run, pend_next
from tellwire.platform.decide.person_zone import zone_of
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.timetable import moment_in
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.codes import FAILED
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import OnDate, OnMembership, OnSchedule
from tellwire.platform.model.value import look_up_path


class Changed(NamedTuple):
    """A profile that changed, None `before` if it is new, by which occasion, and how deep in a chain of our doings."""

    before: Profile | None
    after: Profile
    cause: str
    depth: int


def follow(batch: Batch, changed: Changed) -> None:
    """Let every start that is about people follow the change."""
    for campaign in batch.others:
        plan = batch.index.plan(campaign.id)
        assert plan is not None  # noqa: S101 - the index names campaigns of its own catalog
        if (campaign.id, changed.after.id) in batch.unmet and not _is_missed(campaign):
            continue  # a sweep is still to come by, and sees them as they are then
        try:
            _follow(batch, plan, changed)
        except Exception as bug:  # noqa: BLE001 - one campaign that we cannot decide must not stop all that follow
            entrance = joined(changed.after, batch.now, str(campaign.id), changed.cause)
            refuse(batch, plan, entrance, changed.after, [GateResult("entry", FAILED, (type(bug).__name__,))])


def _is_missed(campaign: Campaign) -> bool:
    """Say whether a sweep lets nobody in: it only looks at what people did before."""
    return isinstance(campaign.start, OnMembership) and not campaign.start.present


def _follow(batch: Batch, plan: Plan, changed: Changed) -> None:
    match plan.campaign.start:
        case OnDate() as start:
            _follow_date(batch, plan, start, changed)
        case OnSchedule(is_personal=True):
            _follow_schedule(batch, plan, changed)
        case OnMembership() as start:
            _follow_membership(batch, plan, start, changed)
        case _:
            pass


def _follow_date(batch: Batch, plan: Plan, start: OnDate, changed: Changed) -> None:
    profile, entries = changed.after, _entries(batch, plan.campaign.id, changed.after)
    has_moved = _has_moved(batch, changed)
    if start.date.source == "profile":
        name = start.date.property
        value = look_up_path(profile.properties, name)
        before = None if changed.before is None else look_up_path(changed.before.properties, name)
        if value != before and not _was_of_another(batch, profile, name):
            for entry in entries:
                batch.insiders.remove(entry)
            book_profile(batch, plan, start, value, profile, changed.cause, changed.depth)
            return
        has_moved = has_moved or value != before  # into the zone of whoever has the date now
    if has_moved:
        for entry in entries:
            move_date(batch, start, entry, profile, date_in(start, entry.entrance, profile))


def _was_of_another(batch: Batch, profile: Profile, name: str) -> bool:
    """Say whether a property is of a profile that became part of this one, whose entries came along with it."""
    value = look_up_path(profile.properties, name)
    return any(look_up_path(one.properties, name) == value for one in batch.merged.get(profile.id, ()))


def _follow_schedule(batch: Batch, plan: Plan, changed: Changed) -> None:
    profile = changed.after
    if changed.before is None:
        pend_next(batch, plan, profile, batch.now, is_included=True)
    elif _has_moved(batch, changed):
        zone = zone_of(profile, batch.account)
        for entry in _entries(batch, plan.campaign.id, profile):
            if not entry.hold:
                move_run(batch, plan, entry, profile, moment_in(entry.entrance.run, zone))


def _follow_membership(batch: Batch, plan: Plan, start: OnMembership, changed: Changed) -> None:
    """Let in whoever is a member and was none, from the moment on at which joining counts."""
    profile, campaign_id = changed.after, plan.campaign.id
    if campaign_id not in batch.joinable and plan.campaign.began_at is None:
        return
    earlier = (changed.before, *batch.merged.get(profile.id, ()))
    was_member = any(is_member(batch, start, one, is_before_merge=True) for one in earlier if one is not None)
    if not was_member and is_member(batch, start, profile):
        about = (changed.cause, str(changed.depth))
        entrance = joined(profile, batch.now, *about, depth=changed.depth)
        enter_at(batch, plan, entrance, profile, batch.now)


def _entries(batch: Batch, campaign_id: CampaignId, profile: Profile) -> list[Enrollment]:
    return [entry for entry in batch.insiders.pending(profile.id) if entry.campaign_id == campaign_id]


def _has_moved(batch: Batch, changed: Changed) -> bool:
    """Say whether the person is in another zone than before."""
    before = changed.before
    return before is not None and zone_of(before, batch.account) != zone_of(changed.after, batch.account)
