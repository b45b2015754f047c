"""What people wrote, by person, and answering them."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from tellwire.kernel.telemetry import log
from tellwire.platform.control.answering import (
    AnswerForm,
    Who,
    WhoForm,
    hindrance,
    message_of,
    provider_for,
    who_is,
)
from tellwire.platform.control.conversation_views import (
    ConversationPage,
    InboxPage,
    LineView,
    conversation_view,
    line_in,
    line_out,
    name_of,
)
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.shapes import SubjectView
from tellwire.platform.model.message import MessageId
from tellwire.platform.ports.inbox import SentText

LARGEST: Final = 2**62

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Before = Annotated[int | None, QueryParameter(ge=1, le=LARGEST)]
Name = Annotated[str, QueryParameter(max_length=1024)]
Phone = Annotated[str, QueryParameter(max_length=32)]


class ReadForm(WhoForm, frozen=True, kw_only=True):
    """Whose texts are read, up to the place of one of them; without a place all."""

    upto: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)] = LARGEST


class AnswerSent(msgspec.Struct, frozen=True, kw_only=True):
    """The message that waits to be handed over. `is_new` is false if the same `key` came before."""

    message_id: MessageId
    to: str
    parts: int
    provider: str
    is_new: bool


@get("/api/inbox", tags=["inbox"])
async def read_inbox(
    desk: DeskDependency,
    limit: Limit = 50,
    before: Before = None,
    unread: Annotated[bool, QueryParameter()] = False,  # noqa: FBT002 - the framework reads it by name
) -> InboxPage:
    """List conversations: what people wrote, the last first; with `unread` those that somebody has to read."""
    page = await desk.inbox.conversations(limit, before, is_unread=unread)
    people = await desk.reports.people([one.person for one in page.conversations])
    return InboxPage(
        conversations=[conversation_view(one, people.profiles.get(one.person)) for one in page.conversations],
        unread=await desk.inbox.unread(),
        next=page.following,
    )


@get("/api/inbox/conversation", tags=["inbox"])
async def read_conversation(
    desk: DeskDependency,
    identity: Name = "",
    object_id: Name = "",
    phone: Phone = "",
    limit: Limit = 50,
    before: Before = None,
) -> ConversationPage:
    """Return what a person wrote and what was sent to them, newest first."""
    who = await who_is(desk, identity, object_id, phone)
    said = await desk.inbox.said(who.names, limit, before)
    sent = await desk.inbox.sent([who.address], limit) if who.address is not None else []
    lines = [*map(line_in, said), *(line_out(one) for one in sent if _is_to(one, who))]
    if len(said) == limit:  # what is older than the page has a page of its own
        lines = [one for one in lines if one.at >= said[-1].inbound.event.received_at]
    if before is not None:
        lines = [one for one in lines if one.direction == "in" or (said and one.at <= line_in(said[0]).at)]
    problem = await hindrance(desk, who)
    return ConversationPage(
        person=SubjectView(who.subject.kind, who.subject.value),
        name=name_of(who.profile),
        phone="" if who.address is None else str(who.address),
        profile_id=who.profile.id if who.profile else None,
        is_suppressed=who.address is not None and await desk.reports.is_suppressed(who.address),
        hindrance="" if problem is None else problem.message,
        lines=sorted(lines, key=_order, reverse=True),
        next=said[-1].seq if len(said) == limit else None,
    )


@post("/api/inbox/read", status_code=204, tags=["inbox"])
async def mark_read(data: JSONBody[ReadForm], desk: DeskDependency) -> None:
    """Let a person's texts count as read, up to one of them or all."""
    who = await who_is(desk, data.identity, data.object_id, data.phone)
    await desk.inbox.mark_read(who.names, data.upto)


@post("/api/inbox/answer", status_code=201, tags=["inbox"])
async def answer(data: JSONBody[AnswerForm], desk: DeskDependency) -> AnswerSent:
    """Write to a person who wrote, or may be written to: as a message that no campaign made, once.

    409 `suppressed` for a number that must not be written to, whatever else holds. 409 `no_consent` for somebody who
    opted out of texts, unless they wrote within the last 24 hours. Caps, gaps and quiet hours are not asked: somebody
    answers, and knows what time it is. All is asked again when the message goes.
    """
    now = desk.clock.now()
    who = await who_is(desk, data.identity, data.object_id, data.phone)
    problem = await hindrance(desk, who)
    if problem is not None:
        raise problem
    provider = await provider_for(desk, data.through, who)
    message = message_of(data, who, provider, now)
    is_new = await desk.inbox.answer(message)
    log("message.answered", provider=provider.nickname, author=desk.author)
    return AnswerSent(
        message_id=message.id,
        to=str(message.to),
        parts=message.parts,
        provider=provider.nickname,
        is_new=is_new,
    )


HANDLERS: Final = [read_inbox, read_conversation, mark_read, answer]


def _is_to(sent: SentText, who: Who) -> bool:
    """Say whether a message was for this person: the number may have been somebody else's."""
    message = sent.message
    return message.subject in who.names or (who.profile is not None and message.profile_id == who.profile.id)


def _order(line: LineView) -> tuple[datetime, int]:
    """Return where a line stands: at one moment a campaign's message is what is answered, and an answer comes after."""
    if line.direction == "in":
        return line.at, 1
    return line.at, 0 if line.campaign_id is not None else 2
