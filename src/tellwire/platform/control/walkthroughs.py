"""One person through every branch of a campaign: which way they would take, and what would come when."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.gate_words import words_of
from tellwire.platform.control.problem import invalid
from tellwire.platform.control.shapes import GateView, trace_view
from tellwire.platform.decide.asked import dids_of
from tellwire.platform.decide.person_zone import zone_of
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.moments import YEARS
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.decision import Decision, Hold, Send
from tellwire.platform.model.enrollment import END_REASONS, EndReason
from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import event_of
from tellwire.platform.model.value import Properties, Value, decoded, fold
from tellwire.platform.rehearse.story import BadStory, Received, Refused, read_story
from tellwire.platform.rehearse.walkthrough import Stop, Walkthrough, walk_through

_NOBODY: Final = "somebody"  # the name of whom no identity is given
_ENTERS: Final = "Walk"  # the event by which somebody enters where the campaign listens to none
_IDENTITY_LIMIT: Final = 1024
PAST_SHOWN: Final = 500  # of one event, which rules ask about, that the person did before

Values = Annotated[dict[str, Value], msgspec.Meta(max_length=512)]
Verdict = Literal["send", "skip", "hold"]


class WalkForm(msgspec.Struct, frozen=True, kw_only=True):
    """Who walks, from when on, and with what event.

    `profile` are values that the person has besides those that are stored, or all that somebody has who is not known.
    Without `values` the event is the last of its kind that the person did. `campaign` is a draft to walk through.
    """

    identity: Annotated[str, msgspec.Meta(max_length=_IDENTITY_LIMIT)] = ""
    profile: Values = {}
    values: Values | None = None
    at: datetime | None = None
    campaign: CampaignForm | None = None


class WalkRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why the person would not enter: the gate's code, its sentence, and all gates that were asked."""

    code: str
    reason: str
    gates: Sequence[GateView]


class WalkStop(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the person at one step, at its first visit.

    `is_taken` says that they would come here; other steps are possible, by another event, property or chance.
    `verdict`, `code`, `reason`, `gates`, `text` and `parts` are of a step that sends, `held_until` of one whose message
    is held first. `way` is the branch that is taken, counted from 0; -1 is the way past all of them, and null is said
    of a step without any.
    """

    step: str
    at: datetime
    is_taken: bool
    way: int | None = None
    verdict: Verdict | None = None
    code: str = ""
    reason: str = ""
    gates: Sequence[GateView] = ()
    text: str = ""
    parts: int = 0
    held_until: datetime | None = None


class WalkEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How the walk ends: by what reason, at which step, when."""

    code: EndReason
    reason: str
    step: str
    at: datetime


class WalkView(msgspec.Struct, frozen=True, kw_only=True):
    """A walk. `zone` is the person's; `values` are those of the event that was taken.

    Where `refused` is not null, or the event does not meet the start (`meets_start`), the stops are those of somebody
    who did enter. `end` is null where the walk does not end within three years, or nothing is waited for.
    """

    identity: str
    zone: str
    at: datetime
    values: Mapping[str, Value]
    meets_start: bool
    refused: WalkRefusal | None
    stops: Sequence[WalkStop]
    end: WalkEnd | None
    is_whole: bool


@post("/api/campaigns/{campaign_id:int}/walk", status_code=200, tags=["campaigns"])
async def walk_campaign(
    campaign_id: FromPath[int], data: JSONBody[WalkForm], desk: DeskDependency
) -> WalkView:
    """Walk one person through every branch of a campaign, or of a draft of it; nothing is sent.

    Of guards that count (caps, gaps), only the messages of the walk itself are counted.
    """
    newest = await desk.catalog.snapshot()
    known = known_campaign(newest, campaign_id)
    campaign = known if data.campaign is None else _draft(desk, data.campaign, known, newest)
    return await _walked(desk, campaign, newest, data)


@post("/api/campaigns/walk", status_code=200, tags=["campaigns"])
async def walk_draft(data: JSONBody[WalkForm], desk: DeskDependency) -> WalkView:
    """Walk one person through every branch of a campaign that is not saved yet; nothing is sent."""
    newest = await desk.catalog.snapshot()
    if data.campaign is None:
        raise invalid({"campaign": "Give the campaign to walk through."})
    return await _walked(desk, _draft(desk, data.campaign, None, newest), newest, data)


HANDLERS: Final = [walk_campaign, walk_draft]


def _draft(desk: Desk, form: CampaignForm, known: Campaign | None, newest: CampaignSet) -> Campaign:
    number = CampaignId(0) if known is None else known.id
    try:
        return campaign_of(form, known, campaign_id=number, now=desk.clock.now(), providers=newest.providers)
    except Unreadable as problem:
        raise invalid({f"campaign.{path}": why for path, why in problem.fields.items()}) from problem


async def _walked(desk: Desk, campaign: Campaign, newest: CampaignSet, form: WalkForm) -> WalkView:
    account = newest.account
    at = _moment(form.at or desk.clock.now())
    subject = Subject("identity", form.identity or _NOBODY)
    facts = (
        await desk.reports.people([subject], [one.id for one in account.lists]) if form.identity else Facts()
    )
    profile = facts.profiles.get(subject)
    if profile is None and not form.profile:
        raise invalid({"identity": "Nobody has this identity: name somebody else, or give a profile."})
    values, name = form.values, event_of(campaign.start)
    if values is None and profile is not None and name:
        rows = await desk.reports.profile_events(profile.id, 1, name)
        values = decoded(rows[0].event.properties) if rows else None
    region = desk.options.default_region
    story = _story(form, subject, at, values or {}, name, region)
    past = [] if profile is None else await _past(desk, campaign, account, profile, at)
    walkthrough = await asyncio.to_thread(
        walk_through, campaign, account, region, facts, story, newest.shortening, past
    )
    return _view(walkthrough, form.identity, at, values or {}, account)


async def _past(
    desk: Desk, campaign: Campaign, account: Account, profile: Profile, until: datetime
) -> list[Event]:
    """Return what the person did until then that rules ask about, the last `PAST_SHOWN` of each event."""
    names = {fold(did.event): did.event for did in dids_of(campaign, account)}
    rows = [
        row
        for name in names.values()
        for row in await desk.reports.profile_events(profile.id, PAST_SHOWN, name)
    ]
    events = [row.event for row in rows if row.event.occurred_at <= until]
    return sorted(events, key=lambda event: event.received_at)


def _moment(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise invalid({"at": f"{at.year} is no year from {YEARS[0]} to {YEARS[-1]}."})
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _story(
    form: WalkForm, subject: Subject, at: datetime, values: Properties, name: str, region: str | None
) -> Sequence[Received]:
    """Return the records of a person and of the event by which they enter, read as an upload would."""
    about = {"identity": subject.value, "ts": at.timestamp()}
    records = [
        *([{**about, "type": "profile", "profileData": form.profile}] if form.profile else []),
        {**about, "type": "event", "evtName": _ENTERS, "evtData": values},
    ]
    try:
        lines = list(read_story([msgspec.json.encode(record) for record in records], region))
    except BadStory as problem:
        raise invalid({"at": str(problem)}) from problem
    for line, field in zip(reversed(lines), ("values", "profile"), strict=False):
        if isinstance(line, Refused):
            raise invalid({field: line.why})
    received = [line for line in lines if isinstance(line, Received)]
    return [*received[:-1], _named(received[-1], name)]


def _named(received: Received, name: str) -> Received:
    """Return the event under the name that the campaign listens to: an upload may not use ours, a walk may."""
    entries = [
        msgspec.structs.replace(entry, name=name) if name and isinstance(entry, Event) else entry
        for entry in received.entries
    ]
    return msgspec.structs.replace(received, entries=tuple(entries))


def _view(
    walk: Walkthrough, identity: str, at: datetime, values: Mapping[str, Value], account: Account
) -> WalkView:
    zone = account.zone if walk.profile is None else str(zone_of(walk.profile, account))
    end = walk.end
    return WalkView(
        identity=identity,
        zone=zone,
        at=at,
        values=values,
        meets_start=walk.meets_start,
        refused=None if walk.refused is None else _refusal(walk.refused),
        stops=[_stop(stop) for stop in walk.stops],
        end=None
        if end is None
        else WalkEnd(code=end.reason, reason=END_REASONS[end.reason], step=end.step, at=end.at),
        is_whole=walk.is_whole,
    )


def _refusal(decision: Decision) -> WalkRefusal:
    last = decision.trace[-1]
    return WalkRefusal(code=last.code, reason=words_of(last).sentence, gates=trace_view(decision.trace))


def _stop(stop: Stop) -> WalkStop:
    view = WalkStop(
        step=stop.step,
        at=stop.at,
        is_taken=stop.is_taken,
        way=stop.way,
        held_until=stop.held.verdict.until if stop.held and isinstance(stop.held.verdict, Hold) else None,
    )
    decision = stop.decision
    if decision is None:
        return view
    verdict = decision.verdict
    gates = trace_view(decision.trace)
    if isinstance(verdict, Send):
        said = verdict.message
        return msgspec.structs.replace(view, verdict="send", gates=gates, text=said.text, parts=said.parts)
    last = decision.trace[-1]
    return msgspec.structs.replace(
        view,
        verdict="hold" if isinstance(verdict, Hold) else "skip",
        code=last.code,
        reason=words_of(last).sentence,
        gates=gates,
    )
