"""Moves people who are inside campaigns: whom an event moves, and who is due. Pure; who enters: `entering`.

    an event  ─→ hear: each enrollment that waits for it stops, answers, or leaves a repeat
    a moment  ─→ fire: each enrollment that is due walks on

What blocks is put among the insiders, what ends leaves them, and what was decided stands in the batch's outcomes in
the order of time.
"""

from datetime import datetime
from typing import assert_never

import msgspec

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.entering import fail, inside, leave, put
from tellwire.platform.decide.hearing import Answers, Effect, Heard, Leaves, Stops, effect_of
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.quiet import end_of_quiet
from tellwire.platform.decide.send_gates import quiet_for
from tellwire.platform.decide.walk import Blocked, Ended, Walked, answer, go_on, leave_repeat
from tellwire.platform.decide.walking import Walk
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.step import RepeatStep, SplitStep, Step, WaitStep, Winner
from tellwire.platform.model.value import Properties, decoded, fold


def hear(batch: Batch, event: Event, properties: Properties, profile: Profile) -> None:
    """Let an event move whoever waits for it; `properties` are its own, decoded."""
    heard, name = Heard(event, properties), fold(event.name)
    for enrollment in (*batch.insiders.of(profile.id), *_stoppable(batch, profile)):
        plan = batch.index.plan_for(enrollment)
        if plan is not None and name in plan.heard:
            try:
                effect = effect_of(heard, enrollment, plan.program, plan.campaign.stop)
                if effect is not None:
                    _move(batch, plan, enrollment, profile, event.received_at, effect)
            except Exception as bug:  # noqa: BLE001 - see `entering.fail`
                fail(batch, enrollment, bug)


def fire(batch: Batch, enrollment: Enrollment) -> None:
    """Let somebody inside who is due go on."""
    plan = batch.index.plan_for(enrollment)
    profile = batch.people.known(enrollment.profile_id)
    if plan is None or _is_over(plan, batch.now) or plan.program.at(enrollment.step) is None:
        leave(batch, enrollment, "ended")
    elif profile is None:
        leave(batch, enrollment, "erased")
    elif plan.campaign.state == "running":
        moment = max(batch.now, enrollment.due_at)
        walk = _walk(batch, plan, enrollment, profile, moment)
        walk.overdue = enrollment.due_at if enrollment.skips_overdue else None
        _settle(batch, enrollment, go_on(plan.program, _blocked(enrollment), walk), walk)
    else:
        batch.insiders.park(enrollment)


def reckon(batch: Batch, profile: Profile) -> None:
    """Work out anew until when a person waits whose profile changed: another zone or date is another moment.

    A moment that has passed is now; a date that is gone ends the enrollment. The night of a hold is the person's too.
    """
    for enrollment in batch.insiders.of(profile.id):
        plan = batch.index.plan_for(enrollment)
        node = None if plan is None else plan.program.at(enrollment.step)
        is_night = enrollment.hold == "quiet_hours"
        if plan is None or node is None or not (is_night or _waits(enrollment, node.step)):
            continue
        try:
            due = (_morning if is_night else due_anew)(batch, plan, enrollment, profile)
        except Exception as bug:  # noqa: BLE001 - see `entering.fail`
            fail(batch, enrollment, bug)
            continue
        if due is None:
            leave(batch, enrollment, "missed")
        elif due != enrollment.due_at:
            batch.insiders.put(msgspec.structs.replace(enrollment, due_at=due))


def due_anew(batch: Batch, plan: Plan, enrollment: Enrollment, profile: Profile) -> datetime | None:
    """Return when somebody inside is due by this plan, now if that has passed; None if it is a date that is gone."""
    walk = _walk(batch, plan, enrollment, profile, batch.now)
    match plan.program.nodes[plan.program.places[enrollment.step]].step:
        case WaitStep(until=until) if not enrollment.hold:
            due = walk.due(until, enrollment.since)
        case RepeatStep() as step if not enrollment.hold:
            due = walk.pause(step, enrollment.since)
        case SplitStep(winner=Winner()) as split if not enrollment.hold:
            won = walk.winner(split)
            due = won if isinstance(won, datetime) else batch.now
        case _:
            due = batch.now  # it is still to be done
    return None if due is None else max(due, batch.now, enrollment.turn_at or batch.now)


def _waits(enrollment: Enrollment, step: Step) -> bool:
    return not enrollment.hold and isinstance(step, WaitStep)


def _morning(batch: Batch, plan: Plan, enrollment: Enrollment, profile: Profile) -> datetime:
    """Return when the quiet hours end that hold somebody's message, now if it is none of them any more."""
    quiet = quiet_for(profile, plan.campaign, batch.account)
    return max(end_of_quiet(batch.now, quiet) or batch.now, enrollment.turn_at or batch.now)


def merge(batch: Batch, giver: Profile, taker: Profile) -> None:
    """Give one profile's enrollments to the one that it was merged into; of two alike the earlier stays."""
    for enrollment in batch.insiders.of(giver.id):
        twin = inside(batch, enrollment.campaign_id, taker, enrollment.key)
        batch.insiders.remove(enrollment)
        moved = msgspec.structs.replace(enrollment, profile_id=taker.id)
        batch.insiders.put(moved)
        if twin is not None:
            leave(batch, moved if twin.entered_at <= moved.entered_at else twin, "merged")


def _stoppable(batch: Batch, profile: Profile) -> list[Enrollment]:
    """Return the entries that an event made and another may call off, though nobody is inside by them."""
    return [entry for entry in batch.insiders.pending(profile.id) if entry.entrance.name]


def _move(
    batch: Batch, plan: Plan, enrollment: Enrollment, profile: Profile, at: datetime, effect: Effect
) -> None:
    match effect:
        case Stops() if enrollment.is_pending:
            batch.insiders.remove(enrollment)
        case Stops():
            leave(batch, enrollment, "stopped")
        case Answers(number):
            walk = _walk(batch, plan, enrollment, profile, at)
            _settle(batch, enrollment, answer(plan.program, _blocked(enrollment), number, walk), walk)
        case Leaves(repeat):
            walk = _walk(batch, plan, enrollment, profile, at)
            _settle(batch, enrollment, leave_repeat(plan.program, _blocked(enrollment), repeat, walk), walk)
        case _:
            assert_never(effect)


def _walk(batch: Batch, plan: Plan, enrollment: Enrollment, profile: Profile, at: datetime) -> Walk:
    entrance = enrollment.entrance
    properties = decoded(entrance.properties)
    return Walk(batch, plan, profile, entrance, properties, at, hold=enrollment.hold)


def _blocked(enrollment: Enrollment) -> Blocked:
    return Blocked(
        enrollment.step, enrollment.rounds, enrollment.since, enrollment.due_at, bool(enrollment.hold)
    )


def _settle(batch: Batch, enrollment: Enrollment, walked: Walked, walk: Walk) -> None:
    match walked:
        case Blocked():
            put(batch, enrollment, walked, walk)
        case Ended(reason, step, detail):
            leave(batch, enrollment, reason, step, detail)
        case _:
            assert_never(walked)


def _is_over(plan: Plan, now: datetime) -> bool:
    if plan.campaign.state in {"draft", "stopped"}:
        return True
    return plan.campaign.ends_at is not None and now >= plan.campaign.ends_at
