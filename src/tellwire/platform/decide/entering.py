"""Lets people enter campaigns: the gates of entering in their order, then the steps until one blocks. Pure.

What blocks is put among the insiders, what ends leaves them, and what was decided stands in the batch's outcomes in
the order of time.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.gates import may_begin, own_chain, profile_conditions, triggering_window
from tellwire.platform.decide.hearing import key_text
from tellwire.platform.decide.meeting import Meeting
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.walk import Blocked, Ended, begin
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
from tellwire.platform.model.run import attempt_of
from tellwire.platform.model.value import Properties, decoded, look_up


def enter(batch: Batch, plan: Plan, event: Event, properties: Properties, profile: Profile) -> None:
    """Let the person enter a campaign that the event starts, if every gate says so."""
    _let_in(batch, plan, entrance_of(event), properties, profile, event.received_at, event)


def enter_at(
    batch: Batch,
    plan: Plan,
    entrance: Entrance,
    profile: Profile,
    moment: datetime,
    *,
    is_of_these: bool = False,
) -> None:
    """Let the person enter a campaign at this moment, if every gate says so.

    `is_of_these` says that `who` was asked already.
    """
    properties = decoded(entrance.properties)
    _let_in(batch, plan, entrance, properties, profile, moment, is_of_these=is_of_these)


def is_of_these(batch: Batch, plan: Plan, entrance: Entrance, profile: Profile) -> bool:
    """Say whether the person is one of those whom the campaign is for."""
    meeting = Meeting(entrance, {}, profile, batch.prepared(plan).standing, batch, batch.now)
    return profile_conditions(meeting).has_passed


def put(batch: Batch, enrollment: Enrollment, blocked: Blocked, walk: Walk) -> None:
    """Keep where somebody waits from now on."""
    if not blocked.is_hold:
        batch.note("wait", enrollment.profile_id, enrollment.campaign_id, blocked.step)
    hold = (walk.hold or "paused") if blocked.is_hold else ""
    if enrollment.entrance.run:
        _count_held(batch, enrollment, bool(hold) - bool(enrollment.hold))
    batch.insiders.put(
        msgspec.structs.replace(
            enrollment,
            step=blocked.step,
            rounds=blocked.rounds,
            since=blocked.since,
            due_at=blocked.due,
            hold=hold,
            skips_overdue=False,
            turn_at=None,
        )
    )


def leave(batch: Batch, enrollment: Enrollment, reason: EndReason, step: str = "", detail: str = "") -> None:
    """End an enrollment, at the step where the person stood if it is not said at which."""
    batch.insiders.remove(enrollment)
    if enrollment.entrance.run and enrollment.hold:
        _count_held(batch, enrollment, -1)
        if reason not in _DECIDED:
            batch.run(enrollment.campaign_id, enrollment.entrance.run).lost[reason] += 1
    batch.outcomes.append(
        Left(enrollment=enrollment, reason=reason, step=step or enrollment.step, at=batch.now, detail=detail)
    )


# Ends that a person walks to: the message that was held is decided then.
_DECIDED: Final[frozenset[EndReason]] = frozenset({"finished", "stop_step"})


def _count_held(batch: Batch, enrollment: Enrollment, by: int) -> None:
    batch.run(enrollment.campaign_id, enrollment.entrance.run).held += by


def fail(batch: Batch, enrollment: Enrollment, bug: Exception) -> None:
    """End an enrollment that an error of ours keeps from moving: the others have to go on."""
    entrance = enrollment.entrance
    batch.outcomes.append(
        Decision(
            occasion_id=entrance.occasion_id,
            event_name=entrance.name,
            campaign_id=enrollment.campaign_id,
            campaign_version=batch.index.catalog.version,
            profile_id=enrollment.profile_id,
            subject=entrance.subject,
            decided_at=batch.now,
            trace=(GateResult("entry", FAILED, (type(bug).__name__,)),),
            verdict=Skip(FAILED),
            step=enrollment.step,
        )
    )
    if not batch.insiders.holds(enrollment.id):
        return
    if enrollment.is_pending:
        batch.insiders.remove(enrollment)
    else:
        leave(batch, enrollment, "ended", detail=FAILED)


def inside(batch: Batch, campaign_id: int, profile: Profile, key: str) -> Enrollment | None:
    """Return the enrollment with which a person is inside a campaign with this key, None if with none."""
    return next(
        (one for one in batch.insiders.of(profile.id) if one.campaign_id == campaign_id and one.key == key),
        None,
    )


def refuse(batch: Batch, plan: Plan, entrance: Entrance, profile: Profile, trace: list[GateResult]) -> None:
    """Note that somebody did not enter, by the last of the trace.

    Of a run only the number of those whom it is not for is kept: they are most of all people.
    """
    if entrance.run:
        batch.run(plan.campaign.id, entrance.run).refused[trace[-1].code] += 1
        if trace[-1].gate == "profile_conditions" and not batch.notes_all:
            return
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


def _let_in(
    batch: Batch,
    plan: Plan,
    entrance: Entrance,
    properties: Properties,
    profile: Profile,
    moment: datetime,
    event: Event | None = None,
    *,
    is_of_these: bool = False,
) -> None:
    """Ask the gates of entering, and walk if all say yes. `event` is what starts the campaign at this very moment."""
    trace = list[GateResult]()
    try:
        meeting = Meeting(entrance, properties, profile, batch.prepared(plan).standing, batch, batch.now)
        for result in _asked(batch, plan, meeting, event, is_of_these=is_of_these):
            trace.append(result)
            if not result.has_passed:
                refuse(batch, plan, entrance, profile, trace)
                return
        _begin(batch, plan, meeting, moment, tuple(trace))
    except Exception as bug:  # noqa: BLE001 - one occasion that we cannot decide must not stop all that follow
        trace.append(GateResult(_gate_after(trace), FAILED, (type(bug).__name__,)))
        refuse(batch, plan, entrance, profile, trace)


def _asked(
    batch: Batch, plan: Plan, meeting: Meeting, event: Event | None, *, is_of_these: bool
) -> Iterator[GateResult]:
    yield meeting.standing.schedule
    yield own_chain(meeting.entrance) if event is None else triggering_window(meeting, event)
    if not is_of_these:
        yield profile_conditions(meeting)
    asks_key = plan.asks_key or (plan.campaign.again != "beside" and batch.prepared(plan).may_hold)
    if plan.guards_entry or asks_key:
        begun = may_begin(meeting)
        yield _place(batch, plan, meeting) if begun.has_passed and asks_key else begun


def _place(batch: Batch, plan: Plan, meeting: Meeting) -> GateResult:
    """Ask whether the person is inside already with this key, and end that where the campaign begins anew."""
    campaign = plan.campaign
    key = _key(plan, meeting.properties)
    if key is None:
        return GateResult("entry", "no_key", (campaign.key,))
    known = inside(batch, campaign.id, meeting.profile, key)
    if known is None or campaign.again == "beside":
        return GateResult("entry")
    if campaign.again == "ignore":
        return GateResult("entry", "already_inside", (int(known.entered_at.timestamp()),))
    leave(batch, known, "restarted")
    return GateResult("entry")


def _key(plan: Plan, properties: Properties) -> str | None:
    """Return the key of an enrollment, empty where the campaign has none; None if the event lacks it."""
    name = plan.campaign.key
    return key_text(look_up(properties, name)) if name else ""


def _begin(
    batch: Batch, plan: Plan, meeting: Meeting, moment: datetime, trace: tuple[GateResult, ...]
) -> None:
    entrance, profile, properties = meeting.entrance, meeting.profile, meeting.properties
    batch.goals.begin(plan, profile, entrance, moment, batch.account)
    if plan.campaign.limits.ever is not None and attempt_of(entrance.run) == 1:
        batch.note_entry(profile, plan.campaign.id)
    walk = Walk(batch, plan, profile, entrance, properties, moment, trace)
    walked = begin(plan.program, walk)
    if isinstance(walked, Blocked):
        begun = Enrollment(
            id=enrollment_id(entrance.occasion_id, plan.campaign.id),
            campaign_id=plan.campaign.id,
            profile_id=profile.id,
            key=_key(plan, properties) or "",
            entrance=entrance,
            entered_at=moment,
            step=walked.step,
            since=walked.since,
            due_at=walked.due,
            version=plan.campaign.version,
        )
        batch.begun[plan.campaign.id] += 1
        put(batch, begun, walked, walk)
    elif not walk.has_decided and not batch.notes_all:
        _note_passage(batch, plan, entrance, profile, walked)
    if entrance.run:
        batch.run(plan.campaign.id, entrance.run).entered += 1


def _note_passage(batch: Batch, plan: Plan, entrance: Entrance, profile: Profile, walked: Ended) -> None:
    """Note that somebody went through a campaign at once and without a message: else nothing would tell of it."""
    passage = Enrollment(
        id=enrollment_id(entrance.occasion_id, plan.campaign.id),
        campaign_id=plan.campaign.id,
        profile_id=profile.id,
        entrance=entrance,
        entered_at=batch.now,
        step=walked.step,
        since=batch.now,
        due_at=batch.now,
        version=plan.campaign.version,
    )
    batch.begun[plan.campaign.id] += 1
    batch.outcomes.append(
        Left(enrollment=passage, reason=walked.reason, step=walked.step, at=batch.now, detail=walked.detail)
    )


def _gate_after(trace: list[GateResult]) -> GateName:
    """Return the gate whose turn it is."""
    return GATE_NAMES[GATE_NAMES.index(trace[-1].gate) + 1] if trace else GATE_NAMES[0]
