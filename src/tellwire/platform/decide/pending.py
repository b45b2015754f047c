"""Pending entries: made, moved and removed as people and their dates change, and entered at their moment. Pure.

    an event that names a date  ─→ book ──┐
    a profile that changed      ─→ follow ┴─→ pending ── its moment ─→ fire_entry: gates, then steps
                                                                       └─→ the next year, the next run

A pending entry is not inside its campaign: nothing but an event's own `stop` calls it off, and it goes silently.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.choosing import choose, chosen, is_open, pend
from tellwire.platform.decide.counting import turn
from tellwire.platform.decide.date_start import Coming, Zones, coming, next_year
from tellwire.platform.decide.due import moment_on
from tellwire.platform.decide.entering import enter_at, refuse
from tellwire.platform.decide.gates import triggering_window
from tellwire.platform.decide.kept import seconds
from tellwire.platform.decide.meeting import Meeting
from tellwire.platform.decide.person_zone import zone_of
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.timetable import Run
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import Enrollment, Entrance, entrance_of
from tellwire.platform.model.event import Event
from tellwire.platform.model.occasion import occasion_at
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import OnDate, OnMembership, OnSchedule
from tellwire.platform.model.value import Properties, Value, decoded, look_up_path

_DAY: Final = timedelta(days=1)


def book(
    batch: Batch, plan: Plan, start: OnDate, event: Event, properties: Properties, profile: Profile
) -> None:
    """Make the entry at the date that an event names; an event that may not trigger is refused when it comes."""
    entrance = entrance_of(event)
    meeting = Meeting(entrance, properties, profile, batch.prepared(plan).standing, batch, batch.now)
    window = triggering_window(meeting, event)
    if window.has_passed:
        _await(batch, plan, start, entrance, look_up_path(properties, start.date.property), profile)
    else:
        refuse(batch, plan, entrance, profile, [meeting.standing.schedule, window])


def book_profile(
    batch: Batch, plan: Plan, start: OnDate, value: Value, profile: Profile, cause: str, depth: int
) -> None:
    """Make the entry at a date of the profile, which came by the occasion `cause`."""
    about = (profile.id, cause, str(depth))
    entrance = Entrance(
        occasion_id=occasion_at(batch.now, "date", *about),
        subject=profile.subjects[0],
        name="",
        occurred_at=batch.now,
        received_at=batch.now,
        depth=depth,
    )
    _await(batch, plan, start, entrance, value, profile)


def fire_entry(batch: Batch, entry: Enrollment) -> None:
    """Let somebody whose moment has come enter, and make the entry that follows it."""
    batch.insiders.remove(entry)
    plan = _plan_of(batch, entry)
    profile = batch.people.known(entry.profile_id)
    if plan is None or profile is None or plan.campaign.state in {"draft", "stopped"}:
        return
    if plan.campaign.ends_at is not None and batch.now >= plan.campaign.ends_at:
        return
    moment, start = max(batch.now, entry.due_at), plan.campaign.start
    if isinstance(start, OnMembership):
        turn(batch, plan, start, entry, profile)
        return
    if isinstance(start, OnSchedule) and not entry.hold:
        if is_open(plan, batch.now):
            batch.run(plan.campaign.id, entry.entrance.run, entry.due_at).people += 1
            choose(batch, plan, entry.entrance, profile, moment)
        if start.is_personal:
            pend_next(batch, plan, profile, moment)
        return
    enter_at(batch, plan, entry.entrance, profile, moment, is_of_these=bool(entry.hold))
    if isinstance(start, OnDate) and start.yearly:
        _come_again(batch, plan, start, entry, profile)


def _plan_of(batch: Batch, entry: Enrollment) -> Plan | None:
    """Return the plan by which somebody enters: the newest, if it still starts as the entry was made for.

    With another start, what an event promised is kept, by the version of then; all other entries are void.
    """
    newest, then = batch.index.plan(entry.campaign_id), batch.index.plan_for(entry)
    if newest is None or then is None or newest.campaign.start == then.campaign.start:
        return newest
    return then if entry.entrance.name else None


def pend_next(
    batch: Batch, plan: Plan, profile: Profile, after: datetime, *, is_included: bool = False
) -> None:
    """Make the entry for the next run of a schedule in which each person has a moment of their own."""
    timetable = batch.timetable(plan.campaign.id)
    zone = zone_of(profile, batch.account)
    run = None if timetable is None else timetable.next(after, zone, is_included=is_included)
    if run is not None:
        pend(batch, plan, chosen(profile, run), profile, run.moment)


def move_run(batch: Batch, plan: Plan, entry: Enrollment, profile: Profile, moment: datetime) -> None:
    """Move somebody's place in a run to another moment, which is now if it has passed."""
    batch.insiders.remove(entry)
    run = Run(entry.entrance.run, max(moment, batch.now))
    pend(batch, plan, chosen(profile, run), profile, run.moment)


def move_date(batch: Batch, start: OnDate, entry: Enrollment, profile: Profile, value: Value) -> None:
    """Move an entry to the moment of its date in the zone that the person is in now."""
    due = _again(batch, start, entry, profile, value)
    if due is None:
        batch.insiders.remove(entry)
    else:
        batch.insiders.put(msgspec.structs.replace(entry, due_at=max(due, batch.now)))


def give(batch: Batch, giver: Profile, taker: Profile) -> None:
    """Give the profile that remains the entries of the other that are still true of it.

    Those that events made are, and those of a date that it has from the other: what has passed of it was the other's,
    and does not come again. It has the others by its own properties.
    """
    for entry in batch.insiders.pending(giver.id):
        batch.insiders.remove(entry)
        is_of_run = bool(entry.hold) and not _has_place(batch, taker, entry)
        if entry.entrance.name or is_of_run or _has_its_date(batch, giver, taker, entry):
            batch.insiders.put(msgspec.structs.replace(entry, profile_id=taker.id))


def _has_its_date(batch: Batch, giver: Profile, taker: Profile, entry: Enrollment) -> bool:
    """Say whether an entry is for a date that a profile has only since another became part of it."""
    plan = batch.index.plan(entry.campaign_id)
    if plan is None or not isinstance(plan.campaign.start, OnDate) or entry.hold:
        return False
    start = plan.campaign.start
    if start.date.source != "profile" or any(
        one.campaign_id == entry.campaign_id and not one.entrance.name
        for one in batch.insiders.pending(taker.id)
    ):
        return False
    return bool(date_in(start, entry.entrance, giver) == date_in(start, entry.entrance, taker))


def _has_place(batch: Batch, profile: Profile, entry: Enrollment) -> bool:
    """Say whether a person has a place of their own in the run that an entry is for."""
    return any(
        one.campaign_id == entry.campaign_id and one.entrance.run == entry.entrance.run
        for one in batch.insiders.pending(profile.id)
    )


def date_in(start: OnDate, entrance: Entrance, profile: Profile) -> Value:
    """Return the value of the property that a start names."""
    is_own = start.date.source == "profile"
    return look_up_path(profile.properties if is_own else decoded(entrance.properties), start.date.property)


def zones_of(profile: Profile, batch: Batch) -> Zones:
    """Return the zones in which a person's date is read."""
    return Zones(zone_of(profile, batch.account), batch.account.clock)


def _await(
    batch: Batch, plan: Plan, start: OnDate, entrance: Entrance, value: Value, profile: Profile
) -> None:
    """Make the entry of a date that has just come; what is no date makes none."""
    found = coming(start, value, batch.now, zones_of(profile, batch))
    if found is None:
        return
    if found.missed is not None:
        _miss(batch, plan, start, entrance, profile, found.missed)
    if found.due is not None and not (found.missed and start.missed == "stop"):
        pend(batch, plan, _renamed(entrance, found), profile, found.due)


def _renamed(entrance: Entrance, found: Coming) -> Entrance:
    """Return the entrance of the date to come: another occasion than that of the date which was missed."""
    if found.missed is None or found.due is None:
        return entrance
    return msgspec.structs.replace(entrance, occasion_id=occasion_at(found.due, entrance.occasion_id))


def _miss(
    batch: Batch, plan: Plan, start: OnDate, entrance: Entrance, profile: Profile, missed: datetime
) -> None:
    if start.missed == "now":
        enter_at(batch, plan, entrance, profile, batch.now)
    else:
        refuse(batch, plan, entrance, profile, [GateResult("entry", "missed", (seconds(missed),))])


def _come_again(batch: Batch, plan: Plan, start: OnDate, entry: Enrollment, profile: Profile) -> None:
    value = date_in(start, entry.entrance, profile)
    due = next_year(start, value, entry.due_at, zones_of(profile, batch))
    if due is not None:
        occasion = occasion_at(due, entry.entrance.occasion_id)
        entrance = msgspec.structs.replace(entry.entrance, occasion_id=occasion)
        pend(batch, plan, entrance, profile, due)


def _again(batch: Batch, start: OnDate, entry: Enrollment, profile: Profile, value: Value) -> datetime | None:
    """Return the moment of the date for which an entry was made, in the zone that the person is in now."""
    zones = zones_of(profile, batch)
    if start.yearly:
        return next_year(start, value, entry.due_at - 2 * _DAY, zones)  # no two zones are further apart
    return moment_on(value, start.shift, start.at, zones.person, zones.account)
