"""What people look at of events and messages, and what was decided about them."""

from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import Standing
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.event import Event, EventId
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.provider import ProviderId


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a list."""

    id: MessageId
    campaign_id: CampaignId
    campaign_name: str
    profile_id: ProfileId
    provider_id: ProviderId
    provider_nickname: str
    to: Address
    encoding: Encoding
    parts: int
    standing: Standing
    error_code: str
    description: str
    created_at: datetime
    updated_at: datetime


class TimelineStep(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that happened to a message, whether or not it moved its status.

    `answer` is the beginning of what the provider answered, masked; empty where it said nothing.
    """

    at: datetime
    standing: Standing
    what: str
    code: str = ""
    description: str = ""
    answer: str = ""


class MessageDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A message with its words and its timeline, oldest first, and the decision it came from."""

    row: MessageRow
    text: str
    occasion_id: OccasionId
    timeline: tuple[TimelineStep, ...]
    decision: DecisionRecord | None


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event in a list, with what it led to: how many messages and how many skips."""

    event: Event
    profile_id: ProfileId
    messages: int
    skips: int


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What is new since a cursor, bounded; `cursor` is where to go on."""

    cursor: str
    events: tuple[EventRow, ...] = ()
    messages: tuple[MessageRow, ...] = ()


class MessageReports(Protocol):
    """Lists are newest first and bounded by `limit` (<= 500)."""

    async def recent_events(self, limit: int, before: str = "") -> list[EventRow]:
        """Return events newest first; `before` is the event id to go on from."""
        ...

    async def recent_messages(
        self,
        limit: int,
        before: str = "",
        campaign_id: CampaignId | None = None,
        to: Address | None = None,
    ) -> list[MessageRow]:
        """Return messages newest first; `before` is the message id to go on from."""
        ...

    async def changes(self, cursor: str, limit: int) -> Changes:
        """Return what came or moved since `cursor`, newest first; an empty one starts from now (with the newest few).

        Whatever is committed after an answer is in a later one. A back end that numbers rows before it commits them
        must not take a row for old because of its number: it may give rows again, and callers merge them by id.
        When more than `limit` is new, the rest is passed over: a live page that lags behind is none.
        """
        ...

    async def message(self, message_id: MessageId) -> MessageDetail | None:
        """Return one message whole, or None."""
        ...

    async def event(self, event_id: EventId) -> EventRow | None:
        """Return one event that was decided, or None."""
        ...

    async def profile_events(self, profile_id: ProfileId, limit: int, name: str = "") -> list[EventRow]:
        """Return what a profile did, newest first; `name` narrows it to one event."""
        ...

    async def decisions(self, occasion_id: OccasionId) -> list[DecisionRecord]:
        """Return every campaign's answer on one occasion, by campaign id."""
        ...
