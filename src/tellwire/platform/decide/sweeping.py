"""Sweeps: a campaign goes through people, for a run of its schedule or when it begins to run. Pure.

    published ─→ first_sweep ─→ due ─┬─ a run: its audience (`audience`), then its members, page after page (`running`)
                                     └─ without a run: everybody, page after page, `meet` each

What a sweep does for one person it does once: a page that is decided again makes the same occasions.
"""

from datetime import datetime

from tellwire.platform.decide.asked import dids_joined
from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.choosing import is_member, joined
from tellwire.platform.decide.counting import expect
from tellwire.platform.decide.entering import enter_at
from tellwire.platform.decide.index import TriggerIndex
from tellwire.platform.decide.pending import book_profile, pend_next
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import Sweep
from tellwire.platform.model.start import OnDate, OnMembership, OnSchedule
from tellwire.platform.model.value import look_up_path


def first_sweep(campaign: Campaign, account: Account, now: datetime) -> Sweep | None:
    """Return what a campaign that is saved now goes through people for next, None if it does not."""
    if campaign.state != "running":
        return None
    match campaign.start:
        case OnSchedule(is_personal=False) as schedule:
            return _sweep(
                campaign, Timetable(schedule, campaign.began_at or now, account), now, is_included=True
            )
        case OnMembership(present=False) if not _moves(campaign, account):
            return None
        case OnSchedule() | OnDate(event="") | OnMembership():
            return Sweep(campaign_id=campaign.id, run="", at=now)
        case _:
            return None


def expects_anew(campaign: Campaign, before: Account, after: Account, now: datetime) -> Sweep | None:
    """Return the sweep over people whose audience moves otherwise with time by another account, None if it does not.

    Where members enter too nobody is met again: it would let in everybody once more.
    """
    if campaign.state != "running" or not isinstance(campaign.start, OnMembership) or campaign.start.present:
        return None
    asked_after = [did for did in dids_joined(campaign, after) if did.window.is_moving]
    if not asked_after or asked_after == [
        did for did in dids_joined(campaign, before) if did.window.is_moving
    ]:
        return None
    return Sweep(campaign_id=campaign.id, run="", at=now)


def _moves(campaign: Campaign, account: Account) -> bool:
    """Say whether people come to belong to the audience of a campaign by the passing of time."""
    return any(did.window.is_moving for did in dids_joined(campaign, account))


def is_past(campaign: Campaign, account: Account, now: datetime) -> bool:
    """Say whether the last run of a schedule was before: saved now, the campaign makes none more."""
    is_schedule = isinstance(campaign.start, OnSchedule) and not campaign.start.is_personal
    return is_schedule and first_sweep(campaign, account, now) is None


def following(index: TriggerIndex, account: Account, sweep: Sweep) -> Sweep | None:
    """Return the run after the one of this sweep, None if there is none."""
    plan, timetable = index.plan(sweep.campaign_id), index.timetable(sweep.campaign_id, account)
    return None if plan is None or timetable is None else _sweep(plan.campaign, timetable, sweep.at)


def meet(batch: Batch, plan: Plan, sweep: Sweep, profile: Profile) -> None:
    """Do for one person what a sweep is for; nothing, if the campaign has another start by now."""
    match plan.campaign.start:
        case OnSchedule() as start if not start.is_personal:
            return
        case OnSchedule():
            _forget_pending(batch, plan, profile)
            pend_next(batch, plan, profile, sweep.at, is_included=True)
        case OnDate() as start:
            _forget_pending(batch, plan, profile)
            value = look_up_path(profile.properties, start.date.property)
            book_profile(batch, plan, start, value, profile, f"version {plan.campaign.version}", 0)
        case OnMembership() as start:
            if start.present and is_member(batch, start, profile):
                enter_at(batch, plan, joined(profile, sweep.at), profile, batch.now)
            if batch.index.lines.by_key:
                expect(batch, plan, profile)
        case _:
            pass


def _sweep(
    campaign: Campaign, timetable: Timetable, after: datetime, *, is_included: bool = False
) -> Sweep | None:
    run = timetable.next(after, timetable.zone, is_included=is_included)
    if run is None or (campaign.ends_at is not None and run.moment >= campaign.ends_at):
        return None
    return Sweep(campaign_id=campaign.id, run=run.name, at=run.moment)


def _forget_pending(batch: Batch, plan: Plan, profile: Profile) -> None:
    """Forget the entries of an earlier version: the dates it went by may be others."""
    for entry in batch.insiders.pending(profile.id):
        if entry.campaign_id == plan.campaign.id:
            batch.insiders.remove(entry)
