"""Moves people through campaigns: who enters on an event, whom it moves inside, and who is due. Pure.

    an event  ─→ hear: each enrollment that waits for it stops, answers, or leaves a repeat
              ─→ enter: each campaign that it starts asks its gates and walks until a step blocks
    a moment  ─→ fire: each enrollment that is due walks on

What blocks is put among the insiders, what ends leaves them, and what was decided stands in the batch's outcomes in
the order of time.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

import msgspec

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.gates import may_begin, profile_conditions, triggering_window
from tellwire.platform.decide.hearing import Answers, Effect, Heard, Leaves, Stops, effect_of, key_text
from tellwire.platform.decide.meeting import Meeting
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.walk import Blocked, Ended, Walked, answer, begin, go_on, leave_repeat
from tellwire.platform.decide.walking import Walk
from tellwire.platform.model.codes import FAILED, GATE_NAMES, GateName
from tellwire.platform.model.decision import Decision, GateResult, Skip
from tellwire.platform.model.enrollment import (
    EndReason,
    Enrollment,
    Entrance,
    Left,
    enrollment_id,
    entrance_of,
)
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.value import Properties, decoded, fold, look_up


def hear(batch: Batch, event: Event, properties: Properties, profile: Profile) -> None:
    """Let an event move whoever waits for it; `properties` are its own, decoded."""
    heard, name = Heard(event, properties), fold(event.name)
    for enrollment in batch.insiders.of(profile.id):
        plan = batch.index.plan(enrollment.campaign_id, enrollment.version)
        if plan is not None and name in plan.heard:
            effect = effect_of(heard, enrollment, plan.program, plan.campaign.stop)
            if effect is not None:
                _move(batch, plan, enrollment, profile, event.received_at, effect)


def enter(batch: Batch, plan: Plan, event: Event, properties: Properties, profile: Profile) -> None:
    """Let the person enter a campaign that the event starts, if every gate says so."""
    entrance, trace = entrance_of(event), list[GateResult]()
    try:
        meeting = Meeting(entrance, properties, profile, batch.standing(plan)[0], batch, batch.now)
        if _may_enter(batch, plan, event, meeting, trace):
            _begin(batch, plan, entrance, properties, profile, tuple(trace))
    except Exception as bug:  # noqa: BLE001 - one event that we cannot decide must not stop all that follow
        trace.append(GateResult(_gate_after(trace), FAILED, (type(bug).__name__,)))
        _refuse(batch, plan, entrance, profile, trace)


def fire(batch: Batch, enrollment: Enrollment) -> None:
    """Let somebody who is due go on."""
    plan = batch.index.plan(enrollment.campaign_id, enrollment.version)
    profile = batch.people.known(enrollment.profile_id)
    if plan is None or plan.campaign.state in {"draft", "stopped"} or _is_over(plan, batch.now):
        _leave(batch, enrollment, "ended")
    elif profile is None:
        _leave(batch, enrollment, "erased")
    elif plan.campaign.state == "running":
        moment = max(batch.now, enrollment.due_at)
        walk = _walk(batch, plan, enrollment, profile, moment)
        _settle(batch, enrollment, go_on(plan.program, _blocked(enrollment), walk), walk)


def merge(batch: Batch, giver: Profile, taker: Profile) -> None:
    """Give one profile's enrollments to the one that it was merged into; of two alike the earlier stays."""
    for enrollment in batch.insiders.of(giver.id):
        twin = _inside(batch, enrollment.campaign_id, taker, enrollment.key)
        batch.insiders.remove(enrollment)
        moved = msgspec.structs.replace(enrollment, profile_id=taker.id)
        batch.insiders.put(moved)
        if twin is not None:
            _leave(batch, moved if twin.entered_at <= moved.entered_at else twin, "merged")


def _may_enter(batch: Batch, plan: Plan, event: Event, meeting: Meeting, trace: list[GateResult]) -> bool:
    """Ask the gates of entering; a no is noted as the decision."""
    for result in _asked(batch, plan, event, meeting):
        trace.append(result)
        if not result.has_passed:
            _refuse(batch, plan, meeting.entrance, meeting.profile, trace)
            return False
    return True


def _asked(batch: Batch, plan: Plan, event: Event, meeting: Meeting) -> Iterator[GateResult]:
    yield meeting.standing.schedule
    yield triggering_window(meeting, event)
    yield profile_conditions(meeting)
    if plan.guards_entry:
        begun = may_begin(meeting)
        yield _place(batch, plan, meeting) if begun.has_passed and plan.asks_key else begun


def _place(batch: Batch, plan: Plan, meeting: Meeting) -> GateResult:
    """Ask whether the person is inside already with this key, and end that where the campaign begins anew."""
    campaign = plan.campaign
    key = _key(plan, meeting.properties)
    if key is None:
        return GateResult("entry", "no_key", (campaign.key,))
    inside = _inside(batch, campaign.id, meeting.profile, key)
    if inside is None or campaign.again == "beside":
        return GateResult("entry")
    if campaign.again == "ignore":
        return GateResult("entry", "already_inside", (int(inside.entered_at.timestamp()),))
    _leave(batch, inside, "restarted")
    return GateResult("entry")


def _key(plan: Plan, properties: Properties) -> str | None:
    """Return the key of an enrollment, empty where the campaign has none; None if the event lacks it."""
    name = plan.campaign.key
    return key_text(look_up(properties, name)) if name else ""


def _inside(batch: Batch, campaign_id: int, profile: Profile, key: str) -> Enrollment | None:
    return next(
        (one for one in batch.insiders.of(profile.id) if one.campaign_id == campaign_id and one.key == key),
        None,
    )


def _begin(
    batch: Batch,
    plan: Plan,
    entrance: Entrance,
    properties: Properties,
    profile: Profile,
    trace: tuple[GateResult, ...],
) -> None:
    if plan.campaign.limits.ever is not None:
        batch.new_entries[profile.id, plan.campaign.id] += 1
    walk = Walk(batch, plan, profile, entrance, properties, entrance.received_at, trace)
    walked = begin(plan.program, walk)
    if isinstance(walked, Blocked):
        begun = Enrollment(
            id=enrollment_id(entrance.occasion_id, plan.campaign.id),
            campaign_id=plan.campaign.id,
            version=plan.version,
            profile_id=profile.id,
            key=_key(plan, properties) or "",
            entrance=entrance,
            entered_at=entrance.received_at,
            step=walked.step,
            since=walked.since,
            due_at=walked.due,
        )
        _put(batch, begun, walked, walk)


def _move(
    batch: Batch, plan: Plan, enrollment: Enrollment, profile: Profile, at: datetime, effect: Effect
) -> None:
    match effect:
        case Stops():
            _leave(batch, enrollment, "stopped")
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
            _put(batch, enrollment, walked, walk)
        case Ended(reason, step, detail):
            _leave(batch, enrollment, reason, step, detail)
        case _:
            assert_never(walked)


def _put(batch: Batch, enrollment: Enrollment, blocked: Blocked, walk: Walk) -> None:
    """Keep where somebody waits from now on."""
    if not blocked.is_hold:
        batch.note("wait", enrollment.profile_id, enrollment.campaign_id, blocked.step)
    batch.insiders.put(
        msgspec.structs.replace(
            enrollment,
            step=blocked.step,
            rounds=blocked.rounds,
            since=blocked.since,
            due_at=blocked.due,
            hold=(walk.hold or "paused") if blocked.is_hold else "",
        )
    )


def _leave(batch: Batch, enrollment: Enrollment, reason: EndReason, step: str = "", detail: str = "") -> None:
    """End an enrollment, at the step where the person stood if it is not said at which."""
    batch.insiders.remove(enrollment)
    batch.outcomes.append(
        Left(enrollment=enrollment, reason=reason, step=step or enrollment.step, at=batch.now, detail=detail)
    )


def _refuse(batch: Batch, plan: Plan, entrance: Entrance, profile: Profile, trace: list[GateResult]) -> None:
    """Note that somebody did not enter, by the last of the trace."""
    batch.outcomes.append(
        Decision(
            occasion_id=entrance.occasion_id,
            event_name=entrance.name,
            campaign_id=plan.campaign.id,
            campaign_version=batch.index.catalog.version,
            profile_id=profile.id,
            subject=entrance.subject,
            decided_at=batch.now,
            trace=tuple(trace),
            verdict=Skip(trace[-1].code),
        )
    )


def _gate_after(trace: list[GateResult]) -> GateName:
    """Return the gate whose turn it is."""
    return GATE_NAMES[GATE_NAMES.index(trace[-1].gate) + 1] if trace else GATE_NAMES[0]


def _is_over(plan: Plan, now: datetime) -> bool:
    return plan.campaign.ends_at is not None and now >= plan.campaign.ends_at
