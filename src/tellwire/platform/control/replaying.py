"""Replays: what a campaign would have done over the events of a period, and simulations of files. Nothing is sent."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import msgspec
from litestar import post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream as StreamedResponse

from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.campaign_moves import unsaved
from tellwire.platform.control.catalog_yaml import BadDocument
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.moments import moment_of
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.control.simulating import read_files
from tellwire.platform.language.moments import YEARS
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.event import Event
from tellwire.platform.model.link import Shortening
from tellwire.platform.ports.stream import START, Position
from tellwire.platform.rehearse.replay import TURNS, TURNS_EACH, Replay, ReplaySum
from tellwire.platform.rehearse.simulation import OutputLine, TooLong, simulate
from tellwire.platform.rehearse.story import BadStory, Refused, check_story, read_story

LONGEST: Final = timedelta(days=400)  # of a replay: longer ones are asked for in pieces
PAGE: Final = 2_000  # entries of the stream that are looked at in one go
CROWD: Final = 2_000  # people that are read in one go


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a replay has come, from 0 to 1."""

    progress: float


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay came to; `profiles_as_of` is when the values of profiles that it used stood so."""

    summary: ReplaySum
    profiles_as_of: datetime


class SimulationForm(msgspec.Struct, frozen=True, kw_only=True):
    """Files of campaigns, and a file of events, a record of `/1/upload` a line."""

    files: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]
    events: str
    until: datetime
    zone: str = ""
    region: str | None = None
    receipts: bool = False
    trace: bool = False


class SimulationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the campaigns would have done, and the records that an upload would refuse."""

    lines: Sequence[OutputLine]
    refused: Sequence[Refused]


@post("/api/campaigns/{campaign_id:int}/replay", status_code=200, tags=["campaigns"])
async def replay_campaign(
    campaign_id: FromPath[int],
    desk: DeskDependency,
    since: Annotated[str, QueryParameter(name="from", max_length=40)],
    until: Annotated[str, QueryParameter(name="to", max_length=40)],
    *,
    progress: FromQuery[bool] = False,
) -> StreamedResponse:
    """Say, a JSON object a line, what a campaign would have done over the events of a period; nothing is sent.

    The lines are those of `tellwire simulate`; the last is a summary. With `progress` some say how far it has come.
    Profiles are taken as they are now.
    """
    newest = await desk.catalog.snapshot()
    campaign = known_campaign(newest, campaign_id)
    period = _period(since, until)
    lines = replayed(desk, campaign, newest.account, *period, tells_progress=progress)
    return StreamedResponse(_encoded(lines), media_type="application/x-ndjson")


@post("/api/campaigns/replay", status_code=200, tags=["campaigns"])
async def replay_draft(
    data: JSONBody[CampaignForm],
    desk: DeskDependency,
    since: Annotated[str, QueryParameter(name="from", max_length=40)],
    until: Annotated[str, QueryParameter(name="to", max_length=40)],
) -> StreamedResponse:
    """Say what a campaign that is not saved would have done over the events of a period; nothing is sent.

    How far it has come, a JSON object a line; the last is the summary. Who wants all lines saves a draft.
    """
    newest, period = await desk.catalog.snapshot(), _period(since, until)
    campaign = unsaved(desk, data, newest)
    lines = replayed(desk, campaign, newest.account, *period, tells_progress=True)
    return StreamedResponse(_encoded(_without_lines(lines)), media_type="application/x-ndjson")


@post("/api/simulate", status_code=200, tags=["campaigns"])
async def simulate_files(data: JSONBody[SimulationForm], desk: DeskDependency) -> SimulationAnswer:
    """Say what the campaigns of files would do over a file of events, on a virtual clock; nothing is sent.

    Links are shortened as this installation does.
    """
    newest = await desk.catalog.snapshot()
    return await asyncio.to_thread(_simulated, data, newest.shortening)


HANDLERS: Final = [replay_campaign, replay_draft, simulate_files]


async def replayed(
    desk: Desk,
    campaign: Campaign,
    account: Account,
    since: datetime,
    until: datetime,
    *,
    tells_progress: bool = False,
) -> AsyncIterator[OutputLine | Progress | Summary]:
    """Yield what a campaign would have done from one moment until another, which is not included, and a summary."""
    shortening, as_of = (await desk.catalog.snapshot()).shortening, desk.clock.now()
    replay = Replay(campaign, account, desk.options.default_region, shortening)
    is_cut = False
    try:
        async for line in _lines(desk, replay, since, until):
            if tells_progress or isinstance(line, OutputLine):
                yield line
    except TooLong:
        is_cut = True
    yield Summary(summary=replay.sum(is_cut=is_cut), profiles_as_of=as_of)


async def _lines(
    desk: Desk, replay: Replay, since: datetime, until: datetime
) -> AsyncIterator[OutputLine | Progress]:
    if replay.needs_everybody:
        await _learn_everybody(desk, replay)
    await _remember(desk, replay, since)
    for line in await asyncio.to_thread(replay.begin, since):
        yield line
    for partition in desk.stream.partitions():
        async for events, position in _events(desk, partition, since, until):
            concerned = replay.concerns(events)
            if concerned:
                replay.learn(await desk.reports.people(replay.subjects(concerned), replay.lists))
            for line in await asyncio.to_thread(replay.take, concerned, len(events)):
                yield line
            yield Progress(progress=round(position / max(desk.stream.last(partition), 1), 4))
    for line in await asyncio.to_thread(replay.wait, until):
        yield line


async def _remember(desk: Desk, replay: Replay, until: datetime) -> None:
    """Count what people did before the period, where the campaign asks."""
    begins = replay.counts_since(until)
    if begins is None:
        return
    for partition in desk.stream.partitions():
        async for events, _ in _events(desk, partition, begins, until):
            concerned = replay.concerns(events)
            if concerned:
                replay.learn(await desk.reports.people(replay.subjects(concerned), replay.lists))
                await asyncio.to_thread(replay.remember, concerned)


async def _learn_everybody(desk: Desk, replay: Replay) -> None:
    after: int | None = 0
    while after is not None:
        crowd = await desk.reports.everybody(after, CROWD, replay.lists)
        replay.learn(crowd.facts)
        after = crowd.after


async def _events(
    desk: Desk, partition: int, since: datetime, until: datetime
) -> AsyncIterator[tuple[list[Event], Position]]:
    """Yield the events that came from one moment until another, in pages, each with the place of its end."""
    after = await _first(desk, partition, since)
    while entries := await desk.stream.read(partition, after, PAGE):
        inside = [one.entry for one in entries if since <= one.entry.received_at < until]
        after = entries[-1].position
        yield [entry for entry in inside if isinstance(entry, Event)], after
        if entries[-1].entry.received_at >= until:
            return


async def _first(desk: Desk, partition: int, since: datetime) -> Position:
    """Return a place in the stream behind which all stands that came from this moment on: it is in order of time."""
    low, high = START, desk.stream.last(partition)
    while low < high:
        middle = Position((low + high) // 2)
        entries = await desk.stream.read(partition, middle, 1)
        if entries and entries[0].entry.received_at < since:
            low = Position(max(entries[0].position, middle + 1))
        else:
            high = middle
    return Position(max(low - 1, START))


async def _without_lines(
    lines: AsyncIterator[OutputLine | Progress | Summary],
) -> AsyncIterator[Progress | Summary]:
    async for line in lines:
        if not isinstance(line, OutputLine):
            yield line


async def _encoded(lines: AsyncIterator[msgspec.Struct]) -> AsyncIterator[bytes]:
    encoder = msgspec.json.Encoder()
    async for line in lines:
        yield encoder.encode(line) + b"\n"


def _period(since: str, until: str) -> tuple[datetime, datetime]:
    begins, ends = moment_of("from", since), moment_of("to", until)
    if ends <= begins:
        raise invalid({"to": "The period ends before it begins."})
    if ends - begins > LONGEST:
        raise invalid({"to": f"A replay goes over {LONGEST.days} days at most: ask for it in pieces."})
    return begins, ends


def _simulated(form: SimulationForm, shortening: Shortening | None) -> SimulationAnswer:
    try:
        rehearsed = read_files([(f"files[{number}]", text) for number, text in enumerate(form.files)])
        rehearsed = rehearsed.with_zone(form.zone) if form.zone else rehearsed
        lines = form.events.encode().splitlines()
        check_story(lines)
    except BadDocument as problem:
        raise Problem(422, "bad_document", str(problem)) from problem
    except Unreadable as problem:
        raise invalid(problem.fields) from problem
    except BadStory as problem:
        raise invalid({"events": str(problem)}) from problem
    until = form.until
    if until.year not in YEARS:
        raise invalid({"until": f"{until.year} is no year from {YEARS[0]} to {YEARS[-1]}."})
    turns = TURNS + TURNS_EACH * len(lines)
    try:
        outputs = list(
            simulate(
                rehearsed.campaigns,
                read_story(lines, form.region),
                until=until if until.tzinfo else until.replace(tzinfo=UTC),
                account=rehearsed.account,
                default_region=form.region,
                is_delivered=form.receipts,
                is_traced=form.trace,
                turns=turns,
                shortening=shortening,
            )
        )
    except TooLong as problem:
        why = f"People go on more than {turns} times before this: choose an earlier moment."
        raise invalid({"until": why}) from problem
    return SimulationAnswer(
        lines=[line for line in outputs if isinstance(line, OutputLine)],
        refused=[line for line in outputs if isinstance(line, Refused)],
    )
