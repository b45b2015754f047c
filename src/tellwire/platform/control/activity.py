"""What happens: events, messages, and both as they come (server-sent events)."""

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.clock import from_ms
from tellwire.kernel.links.members import with_members
from tellwire.kernel.links.slugs import SLUG_LENGTH
from tellwire.kernel.web.live import Feed, MayStay, everyone
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import invalid, not_found
from tellwire.platform.control.shapes import (
    DecisionView,
    EventView,
    LinkView,
    MessagePage,
    MessageView,
    decision_view,
    event_view,
    message_page,
    message_view,
)
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import EventId
from tellwire.platform.model.link import PATH
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.ports.message_reports import MessageDetail
from tellwire.platform.ports.reports import Reports

LOOK_S = 0.2  # between looks at what is new, while somebody watches
CHANGES_LIMIT = 100  # events and messages a look; a page shows no more
Limit = Annotated[int, QueryParameter(ge=1, le=500)]
LARGEST_ID = 2**63 - 1  # what a store can look for; beyond it there is nothing to find
CampaignNumber = Annotated[int | None, QueryParameter(ge=1, le=LARGEST_ID)]
Before = Annotated[str, QueryParameter(max_length=80)]


class EventList(msgspec.Struct, frozen=True, kw_only=True):
    """Events, newest first; ask for more with `before` as the last one's id."""

    events: Sequence[EventView]


class MessageList(msgspec.Struct, frozen=True, kw_only=True):
    """Messages, newest first; ask for more with `before` as the last one's id."""

    messages: Sequence[MessageView]


class EventPage(msgspec.Struct, frozen=True, kw_only=True):
    """One event and every campaign's answer to it."""

    event: EventView
    decisions: Sequence[DecisionView]


class LiveChanges(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a `changes` event of `/api/live`."""

    events: Sequence[EventView]
    messages: Sequence[MessageView]


@get("/api/events", tags=["activity"])
async def list_events(desk: DeskDependency, limit: Limit = 50, before: Before = "") -> EventList:
    """List the newest events."""
    return EventList(events=[event_view(row) for row in await desk.reports.recent_events(limit, before)])


@get("/api/events/{event_id:str}", tags=["activity"])
async def read_event(event_id: FromPath[str], desk: DeskDependency) -> EventPage:
    """Return one event with its decisions; an event is there as soon as it was decided."""
    row = await desk.reports.event(EventId(event_id))
    if row is None:
        raise not_found("such event")
    decisions = await desk.reports.decisions(occasion_of(row.event))
    return EventPage(event=event_view(row), decisions=[decision_view(d) for d in decisions])


@get("/api/messages", tags=["activity"])
async def list_messages(
    desk: DeskDependency,
    limit: Limit = 50,
    before: Before = "",
    campaign_id: CampaignNumber = None,
    to: Annotated[str, QueryParameter(max_length=32)] = "",
) -> MessageList:
    """List the newest messages, of one campaign or to one number if asked."""
    number = parse_msisdn(to, desk.options.default_region) if to else None
    if to and number is None:
        raise invalid({"to": "This is no phone number. Write it with its country code, as +65 9123 4567."})
    campaign = None if campaign_id is None else CampaignId(campaign_id)
    rows = await desk.reports.recent_messages(limit, before, campaign, number)
    return MessageList(messages=[message_view(row) for row in rows])


@get("/api/messages/{message_id:str}", tags=["activity"])
async def read_message(message_id: FromPath[str], desk: DeskDependency) -> MessagePage:
    """Return one message whole: number, words, timeline, and the decision it came from."""
    detail = await desk.reports.message(MessageId(message_id))
    if detail is None:
        raise not_found("such message")
    return message_page(detail, await _links(desk, detail))


async def _links(desk: Desk, detail: MessageDetail) -> list[LinkView]:
    """Return the short links of a message, found by the codes in its text."""
    codes = {match[1]: match[0] for match in _CODE.finditer(detail.text)}
    return [
        LinkView(
            short=codes[link.slug],
            target=with_members(link.target, link.members),
            clicks=link.clicks,
            clicked_at=None if link.clicked_ms is None else from_ms(link.clicked_ms),
        )
        for link in await desk.links.of_message(detail.row.id, list(codes))
    ]


_CODE: Final = re.compile(rf"https?://\S+?{PATH}([0-9A-Za-z]{{{SLUG_LENGTH}}})")

HANDLERS = [list_events, read_event, list_messages, read_message]


class LiveFeed:
    """Looks for what is new while pages watch, and tells them all."""

    def __init__(self, reports: Reports, *, may_stay: MayStay = everyone) -> None:
        self.feed = Feed(may_stay=may_stay)
        self._reports = reports
        self._cursor = ""
        self._known_clients = 0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(LOOK_S)

    async def step(self) -> int:
        """Look once, and return how many events and messages went to the listeners."""
        clients, known, self._known_clients = self.feed.clients, self._known_clients, self.feed.clients
        passed_on = 0
        if clients and self._cursor:
            passed_on += await self._tell_since(self._cursor)
        if clients > known:
            # What came between a page's loading of its lists and its listening: the newest few, for all to merge.
            passed_on += await self._tell_since("")
        if not clients:
            self._cursor = ""
        return passed_on

    async def _tell_since(self, cursor: str) -> int:
        changes = await self._reports.changes(cursor, CHANGES_LIMIT)
        self._cursor = changes.cursor
        if changes.events or changes.messages:
            data = LiveChanges(
                events=[event_view(row) for row in changes.events],
                messages=[message_view(row) for row in changes.messages],
            )
            self.feed.publish("changes", msgspec.json.encode(data))
        return len(changes.events) + len(changes.messages)
