"""Runs of a schedule: everybody who is known is chosen, in the order in which their profiles came. Pure.

Where a campaign throttles its runs, those of them whom it is for take the places of a run: so many enter at once, and
the next as many a window later. Until then their entries are pending; at the run's cut-off those left are skipped.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tellwire.kernel.clock import to_ms
from tellwire.platform.decide.agenda import Beginning
from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.entering import enter_at, is_of_these
from tellwire.platform.decide.gates import end_of_run, person_of
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.rules import meets
from tellwire.platform.decide.timetable import Run
from tellwire.platform.model.duration import LONGEST, Duration
from tellwire.platform.model.enrollment import Enrollment, Entrance, enrollment_id
from tellwire.platform.model.occasion import occasion_at
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.rule import Member
from tellwire.platform.model.start import OnMembership, OnSchedule

_JOINS: Final = "joins"


def begin_run(batch: Batch, beginning: Beginning) -> Iterator[None]:
    """Choose everybody for a run, or take down who is a member of an audience; it gives way after each."""
    plan = batch.index.plan(beginning.campaign_id)
    if plan is None or (beginning.run and not is_open(plan, batch.now)):
        return
    run = Run(beginning.run, beginning.moment)
    batch.joinable.add(beginning.campaign_id)
    for profile in batch.people.everybody():
        match plan.campaign.start:
            case OnSchedule():
                choose(batch, plan, chosen(profile, run), profile, run.moment)
            case OnMembership() as start:
                _take_down(batch, plan, start, profile, run)
            case _:
                return
        yield


def is_open(plan: Plan, now: datetime) -> bool:
    """Say whether a schedule runs at this moment: it has no runs before the campaign's start and after its end."""
    campaign = plan.campaign
    has_begun = campaign.starts_at is None or now >= campaign.starts_at
    return has_begun and (campaign.ends_at is None or now < campaign.ends_at)


def chosen(profile: Profile, run: Run) -> Entrance:
    """Return the entrance of a person by a run."""
    return Entrance(
        occasion_id=occasion_at(run.moment, "run", run.name, profile.id),
        subject=profile.subjects[0],
        name="",
        occurred_at=run.moment,
        received_at=run.moment,
        run=run.name,
    )


def choose(batch: Batch, plan: Plan, entrance: Entrance, profile: Profile, moment: datetime) -> None:
    """Let a person enter by a run, now or when there is a place."""
    throttle = plan.campaign.limits.throttle
    if throttle is None or not is_of_these(batch, plan, entrance, profile):
        enter_at(batch, plan, entrance, profile, moment)
        return
    begins = entrance.occurred_at  # which a crash does not change, as the moment of a step of the worker
    places, key = batch.run(plan.campaign.id, entrance.run, begins).chosen, to_ms(begins)
    windows, places[key] = places[key] // throttle.count, places[key] + 1
    if windows == 0:
        enter_at(batch, plan, entrance, profile, moment, is_of_these=True)
    else:
        wait = Duration(windows * throttle.window.count, throttle.window.unit)
        due = max(moment, place_after(batch, plan, begins, begins, wait))
        pend(batch, plan, entrance, profile, due, hold="throttle")


def is_member(
    batch: Batch,
    start: OnMembership,
    profile: Profile,
    *,
    at: datetime | None = None,
    is_before_merge: bool = False,
) -> bool:
    """Say whether a person belongs to the audience that a start names, by lists as far as starts have followed them.

    `at` is the moment at which windows end, now if there is none; `is_before_merge` looks at what the person did before
    somebody became part of them.
    """
    counters, now = batch.counters, at or batch.now
    person = person_of(profile, batch)._replace(
        is_listed=lambda name: batch.lists.had(profile, name),
        seen=lambda did: counters.seen(profile.id, did, now, is_before_merge=is_before_merge),
    )
    return meets(Member(start.audience), person)


def pend(
    batch: Batch, plan: Plan, entrance: Entrance, profile: Profile, due: datetime, *, hold: str = ""
) -> None:
    """Make a pending entry; of those at one moment the profile that came first goes first."""
    batch.insiders.put(
        Enrollment(
            id=enrollment_id(entrance.occasion_id, plan.campaign.id),
            campaign_id=plan.campaign.id,
            profile_id=profile.id,
            entrance=entrance,
            entered_at=profile.created_at,
            step="",
            since=batch.now,
            due_at=due,
            hold=hold,
            version=plan.campaign.version,
        )
    )


def joined(profile: Profile, moment: datetime, *about: str, depth: int = 0) -> Entrance:
    """Return the entrance of a person who became a member of an audience."""
    return Entrance(
        occasion_id=occasion_at(moment, _JOINS, profile.id, *about),
        subject=profile.subjects[0],
        name="",
        occurred_at=moment,
        received_at=moment,
        depth=depth,
    )


def _take_down(batch: Batch, plan: Plan, start: OnMembership, profile: Profile, run: Run) -> None:
    """Let in who is a member at the beginning, if the start says that this is a joining too."""
    if start.present and is_member(batch, start, profile):
        enter_at(batch, plan, joined(profile, run.moment), profile, run.moment)


def place_after(batch: Batch, plan: Plan, begins: datetime, since: datetime, wait: Duration) -> datetime:
    """Return the moment of the places of a run that come a while after those at `since`.

    It is at the latest that at which the run ends, or ten years later.
    """
    clock, cut_off = batch.account.clock, plan.campaign.limits.cut_off
    try:
        due = min(wait.after(since, clock), begins + LONGEST)
    except OverflowError:
        due = begins + LONGEST
    return due if cut_off is None else max(begins, min(due, end_of_run(begins, cut_off, clock)))
