"""Texts of people: taken in once, kept by person, read, answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.kernel.status import MessageStatus
from tellwire.platform.model.address import Address
from tellwire.platform.model.event import Subject
from tellwire.platform.model.inbound import Arrival, Inbound, Taken
from tellwire.platform.model.message import Message


class Said(msgspec.Struct, frozen=True):
    """A text, and its place: places only grow."""

    seq: int
    inbound: Inbound


class SentText(msgspec.Struct, frozen=True):
    """A message to a person, and where it stands."""

    message: Message
    status: MessageStatus


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wrote: the last text, and how many nobody has read. Keywords count as read: they are acted on."""

    person: Subject
    last: Said
    unread: int


class ConversationPage(msgspec.Struct, frozen=True, kw_only=True):
    """Conversations, the last written to first; `following` is where the next page begins, None at the end."""

    conversations: Sequence[Conversation]
    following: int | None = None


class Inbox(Protocol):
    """Each call is one transaction, durable when it returns."""

    async def take(self, arrivals: Sequence[Arrival], now: datetime) -> list[Taken]:
        """Keep texts, make the changes they ask for and put their answers into the outbox, all at once or not at all.

        A text whose `key` is known changes nothing, and comes back as it first came. Which are answered is said by
        `model.inbound.is_answered`. The events are for the caller to append: a text that was kept and whose event was
        not is sent again by its provider, and then comes back from here.
        """
        ...

    async def conversations(
        self, limit: int, before: int | None = None, *, is_unread: bool = False
    ) -> ConversationPage:
        """Return conversations, from the one before a place on; only those with something unread if asked."""
        ...

    async def said(self, names: Sequence[Subject], limit: int, before: int | None = None) -> list[Said]:
        """Return what a person wrote under any of these names, newest first."""
        ...

    async def unread(self) -> int:
        """Return in how many conversations something is unread."""
        ...

    async def mark_read(self, names: Sequence[Subject], upto: int) -> None:
        """Let the texts of these names be read, those up to a place."""
        ...

    async def answer(self, message: Message) -> bool:
        """Put a message into the outbox that no campaign made; False if it is there already, by its id."""
        ...

    async def sent(self, addresses: Sequence[Address], limit: int) -> list[SentText]:
        """Return the last messages to these addresses, newest first."""
        ...

    async def newest_place(self) -> int:
        """Return the place of the text that came last, 0 if there is none."""
        ...

    async def forget(self, names: Sequence[Subject]) -> int:
        """Delete what a person wrote under these names, for a person who is erased; return how many texts it was."""
        ...
