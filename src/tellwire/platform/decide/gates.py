"""The checks between an occasion and an enrollment, in the order of `model.codes.GateName`; the first no ends it.

Each answers with a code of `model.codes` and the values that it saw; no words are made here. A gate that cannot tell
says no. Those that are asked at every message stand in `send_gates`.
"""

from datetime import datetime, time, tzinfo

from tellwire.kernel.local_time import day_of, moment_of
from tellwire.platform.decide.kept import conditions_result, cut, kept, seconds
from tellwire.platform.decide.meeting import Meeting, Surroundings
from tellwire.platform.decide.rules import Person, answer, reason, seen_by, text_of, unknown_to
from tellwire.platform.decide.send_gates import is_reachable
from tellwire.platform.model.chain import CHAIN_LIMIT, cause_of, depth_of
from tellwire.platform.model.channel import channel_named
from tellwire.platform.model.codes import PASSED
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import Entrance
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import attempt_of
from tellwire.platform.model.start import Start, where_of
from tellwire.platform.model.system_event import FAILED, is_fresh
from tellwire.platform.model.value import Properties


def event_conditions(start: Start, properties: Properties) -> GateResult:
    """Say whether an event with these properties meets the start.

    It is no gate: an event that starts nothing leaves no row, and who wants to know why asks here.
    """
    return conditions_result("event_conditions", where_of(start), properties)


def triggering_window(meeting: Meeting, event: Event) -> GateResult:
    """The event is fresh (CleverTap contract 4.2), and not this campaign's own doing.

    An event that a campaign's message caused never triggers that campaign, and automatic events end after
    `CHAIN_LIMIT` in a row, so that no ring of campaigns sends for ever.
    """
    if cause_of(event, meeting.properties) == meeting.campaign.id:
        return GateResult("triggering_window", "own_doing")
    moments = (seconds(event.occurred_at), seconds(event.received_at))
    if event.may_trigger:
        return GateResult("triggering_window", PASSED, moments)
    depth = depth_of(event)
    if depth > CHAIN_LIMIT:
        return GateResult("triggering_window", "chain_too_long", (depth, CHAIN_LIMIT))
    if event.name == FAILED and is_fresh(event.occurred_at, event.received_at):
        return GateResult("triggering_window", "taken_back")
    return GateResult("triggering_window", "outside_triggering_window", moments)


def profile_conditions(meeting: Meeting) -> GateResult:
    """The person is one of those whom the campaign is for."""
    conditions = meeting.standing.conditions
    if conditions is not None:
        return conditions_result("profile_conditions", conditions, meeting.profile.properties)
    rule, person = meeting.campaign.who, person_of(meeting.profile, meeting.around)
    assert rule is not None  # noqa: S101 - without a rule there are conditions: none
    met = answer(rule, person)
    if met:
        return GateResult("profile_conditions", PASSED, (meeting.standing.who_words, None))
    if met is None and (uncounted := unknown_to(rule, person)) is not None:
        return GateResult("profile_conditions", "not_counted_yet", (cut(text_of(uncounted)),))
    unmet = reason(rule, person) or rule
    values = (cut(text_of(unmet)), kept(seen_by(unmet, person)))
    return GateResult("profile_conditions", "profile_conditions", values)


def person_in(meeting: Meeting) -> Person:
    """Return what rules may ask of the person in a meeting, who has entered."""
    return person_of(meeting.profile, meeting.around, meeting.entrance.occurred_at)


def person_of(profile: Profile, around: Surroundings, entered_at: datetime | None = None) -> Person:
    """Return what rules may ask of a person; `entered_at` is when the event occurred by which they entered."""
    return Person(
        profile.properties,
        lambda channel: is_reachable(profile, around, channel_named(channel)),
        lambda name: around.is_listed(profile, name),
        around.account.audiences.get,
        lambda did: around.seen(profile, did, entered_at),
    )


def own_chain(entrance: Entrance) -> GateResult:
    """An occasion that a step of ours led to ends after `CHAIN_LIMIT` in a row."""
    if entrance.depth > CHAIN_LIMIT:
        return GateResult("triggering_window", "chain_too_long", (entrance.depth, CHAIN_LIMIT))
    moment = seconds(entrance.received_at)
    return GateResult("triggering_window", PASSED, (moment, moment))


def _before_cut_off(meeting: Meeting) -> GateResult:
    """The run has not ended: the time of its day at which it does, in the account's zone, is still to come."""
    cut_off, entrance = meeting.campaign.limits.cut_off, meeting.entrance
    if cut_off is None or not entrance.run:
        return GateResult("run_limit")
    if meeting.now < end_of_run(entrance.occurred_at, cut_off, meeting.around.account.clock):
        return GateResult("run_limit")
    return GateResult("run_limit", "cut_off", (f"{cut_off:%H:%M}",))


def end_of_run(began_at: datetime, cut_off: time, clock: tzinfo) -> datetime:
    """Return the moment at which a run that began at `began_at` ends."""
    return moment_of(day_of(began_at, clock), cut_off, clock)


def may_begin(meeting: Meeting) -> GateResult:
    """The campaign lets somebody enter, its run has not ended, and the person has entered less often than one may."""
    campaign = meeting.campaign
    if campaign.state == "paused":
        return GateResult("entry", "paused")
    if campaign.limits.ever is not None and attempt_of(meeting.entrance.run) == 1:
        entries = meeting.around.entries(meeting.profile, campaign.id)
        if entries >= campaign.limits.ever:
            return GateResult("entry", "ever", (entries, campaign.limits.ever))
    end = _before_cut_off(meeting)
    return GateResult("entry") if end.has_passed else end
