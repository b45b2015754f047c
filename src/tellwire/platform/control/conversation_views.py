"""Conversations as the API shows them. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from tellwire.kernel.status import MessageStatus
from tellwire.platform.control.shapes import SubjectView
from tellwire.platform.model.inbound import Inbound
from tellwire.platform.model.message import NO_CAMPAIGN, MessageId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.replies import Keyword
from tellwire.platform.model.value import look_up
from tellwire.platform.ports.inbox import Conversation, Said, SentText


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The message that a text answers; of one that no campaign made, `campaign_id` is null."""

    message_id: MessageId
    campaign_id: int | None
    campaign_name: str


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A text of the person (`in`) or a message to them (`out`).

    `seq` is the place of one that came in. `keyword` is what it asks for, if it is nothing but that. `status` is where
    a message stands, and of it `answers` is null.
    """

    direction: Literal["in", "out"]
    id: str
    at: datetime
    text: str
    seq: int | None = None
    keyword: Keyword | None = None
    answers: Answered | None = None
    status: MessageStatus | None = None
    campaign_id: int | None = None


class ConversationView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in the list: who, the last text, and how many nobody has read. `name` is the property Name."""

    person: SubjectView
    name: str
    phone: str
    last: LineView
    unread: int


class InboxPage(msgspec.Struct, frozen=True, kw_only=True):
    """Conversations, the last written to first; `next` is the `before` of the next page, null on the last."""

    conversations: Sequence[ConversationView]
    unread: int
    next: int | None


class ConversationPage(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation, newest first. `next` is the `before` of the next page, null on the last.

    `hindrance` says in a sentence why no answer can be sent now, empty if one can.
    """

    person: SubjectView
    name: str
    phone: str
    profile_id: ProfileId | None
    is_suppressed: bool
    hindrance: str
    lines: Sequence[LineView]
    next: int | None


def conversation_view(one: Conversation, profile: Profile | None) -> ConversationView:
    """Return a conversation as the list shows it."""
    return ConversationView(
        person=SubjectView(one.person.kind, one.person.value),
        name=name_of(profile),
        phone=str(one.last.inbound.address),
        last=line_in(one.last),
        unread=one.unread,
    )


def name_of(profile: Profile | None) -> str:
    """Return how a person is called, empty if nobody says."""
    value = None if profile is None else look_up(profile.properties, "Name")
    return value[:200] if isinstance(value, str) else ""


def line_in(said: Said) -> LineView:
    """Return a text of a person as it is shown."""
    inbound = said.inbound
    return LineView(
        direction="in",
        id=inbound.event.id,
        at=inbound.event.received_at,
        text=inbound.text,
        seq=said.seq,
        keyword=inbound.keyword,
        answers=_answered(inbound),
    )


def _answered(inbound: Inbound) -> Answered | None:
    if not inbound.message_id:
        return None
    return Answered(
        message_id=MessageId(inbound.message_id),
        campaign_id=inbound.campaign_id,
        campaign_name=inbound.campaign_name,
    )


def line_out(sent: SentText) -> LineView:
    """Return a message to a person as it is shown."""
    message = sent.message
    return LineView(
        direction="out",
        id=message.id,
        at=message.created_at,
        text=message.text,
        status=sent.status,
        campaign_id=None if message.campaign_id == NO_CAMPAIGN else message.campaign_id,
    )
