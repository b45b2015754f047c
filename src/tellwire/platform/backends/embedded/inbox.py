"""Texts of people as they are read and answered; how they come in is `inbox_taking`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Horizon, Step
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus
from tellwire.platform.backends.embedded import inbox_taking, outbox
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.address import Address, key_of
from tellwire.platform.model.event import Subject
from tellwire.platform.model.inbound import Arrival, Inbound, Taken
from tellwire.platform.model.list_member import ListKey, subject_of_key
from tellwire.platform.model.message import Message
from tellwire.platform.ports.inbox import Conversation, ConversationPage, Said, SentText


class EmbeddedInbox:
    """See `ports.inbox.Inbox`. `wake` hears of every message that enters the outbox."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake

    async def take(self, arrivals: Sequence[Arrival], now: datetime) -> list[Taken]:
        """Take texts in; see the port."""
        taken = await self._database.write(inbox_taking.take, (arrivals, now)) if arrivals else []
        if any(one.is_answered for one in taken):
            self._wake.notify()
        return taken

    async def conversations(
        self, limit: int, before: int | None = None, *, is_unread: bool = False
    ) -> ConversationPage:
        """Return conversations, the last written to first."""
        statement = _UNREAD_ONES if is_unread else _ALL
        return await self._database.read(_conversations, limit, before, statement)

    async def said(self, names: Sequence[Subject], limit: int, before: int | None = None) -> list[Said]:
        """Return what a person wrote, newest first."""
        return await self._database.read(_said, names, limit, before)

    async def unread(self) -> int:
        """Return in how many conversations something is unread."""
        return await self._database.read(_unread)

    async def mark_read(self, names: Sequence[Subject], upto: int) -> None:
        """Let texts be read, those up to a place."""
        await self._database.write(_mark_read, (names, upto))

    async def answer(self, message: Message) -> bool:
        """Put a message into the outbox that no campaign made."""
        is_new = await self._database.write(_answer, message)
        self._wake.notify()
        return is_new

    async def sent(self, addresses: Sequence[Address], limit: int) -> list[SentText]:
        """Return the last messages to these addresses, newest first."""
        return await self._database.read(_sent, addresses, limit)

    async def newest_place(self) -> int:
        """Return the place of the text that came last."""
        return await self._database.read(_newest_place)

    async def forget(self, names: Sequence[Subject]) -> int:
        """Delete what a person wrote."""
        return await self._database.write(_forget, names)


_CONVERSATIONS: Final = """
SELECT group_concat('[' || json_array(c.person, c.last, c.unread) || ',' || i.body || ']', ',' ORDER BY c.last DESC)
FROM (SELECT * FROM conversation WHERE last < ?1 {unread} ORDER BY last DESC LIMIT ?2) AS c
CROSS JOIN inbound AS i ON i.seq = c.last
"""
_ALL: Final = _CONVERSATIONS.format(unread="")
_UNREAD_ONES: Final = _CONVERSATIONS.format(unread="AND unread > 0")
_CONVERSATION_ROWS = decoder(list[tuple[tuple[ListKey, int, int], Inbound]])
_FROM_NEWEST: Final = 2**62


def _conversations(
    connection: apsw.Connection, limit: int, before: int | None, statement: str
) -> ConversationPage:
    place = _FROM_NEWEST if before is None else before
    rows = _CONVERSATION_ROWS.decode(lines_of(connection.execute(statement, (place, limit)).get))
    return ConversationPage(
        conversations=[
            Conversation(person=subject_of_key(person), last=Said(last, inbound), unread=unread)
            for (person, last, unread), inbound in rows
        ],
        following=rows[-1][0][1] if len(rows) == limit else None,
    )


_SAID: Final = """
SELECT group_concat('[' || seq || ',' || body || ']', ',' ORDER BY seq DESC) FROM (
  SELECT seq, body FROM inbound WHERE person IN (SELECT value FROM json_each(?1)) AND seq < ?2
  ORDER BY seq DESC LIMIT ?3)
"""
_SAID_ROWS = decoder(list[tuple[int, Inbound]])


def _said(
    connection: apsw.Connection, names: Sequence[Subject], limit: int, before: int | None
) -> list[Said]:
    place = (_keys(names), _FROM_NEWEST if before is None else before, limit)
    rows = _SAID_ROWS.decode(lines_of(connection.execute(_SAID, place).get))
    return [Said(seq, inbound) for seq, inbound in rows]


def _keys(names: Sequence[Subject]) -> str:
    return encode([name.key for name in names])


def _unread(connection: apsw.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM conversation WHERE unread > 0").get)


def _newest_place(connection: apsw.Connection) -> int:
    return int(connection.execute("SELECT ifnull(max(seq), 0) FROM inbound").get)


_MARK: Final = """
UPDATE conversation SET unread = (
  SELECT count(*) FROM inbound AS i WHERE i.person = conversation.person AND i.seq > ?2 AND i.is_news)
WHERE person IN (SELECT value FROM json_each(?1)) AND unread > 0
"""


def _mark_read(connection: apsw.Connection, calls: list[tuple[Sequence[Subject], int]]) -> list[None]:
    for names, upto in calls:
        connection.execute(_MARK, (_keys(names), upto))
    return [None] * len(calls)


def _answer(connection: apsw.Connection, calls: list[Message]) -> list[bool]:
    return outbox.put(connection, calls)


_SENT: Final = """
WITH newest AS (SELECT seq, created_ms, body FROM message WHERE phone IN (SELECT value FROM json_each(?1))
  ORDER BY created_ms DESC, seq DESC LIMIT ?2)
SELECT group_concat('[' || newest.body || ',' || json_quote(s.status) || ']', ','
  ORDER BY newest.created_ms DESC, newest.seq DESC)
FROM newest CROSS JOIN standing AS s ON s.message = newest.seq
"""
_MESSAGES = decoder(list[tuple[Message, MessageStatus]])


def _sent(connection: apsw.Connection, addresses: Sequence[Address], limit: int) -> list[SentText]:
    keys = encode([key_of(address) for address in addresses])
    rows = _MESSAGES.decode(lines_of(connection.execute(_SENT, (keys, limit)).get))
    return [SentText(message, status) for message, status in rows]


_DELETE: Final = "DELETE FROM inbound WHERE person IN (SELECT value FROM json_each(?))"
_DELETE_CONVERSATIONS: Final = "DELETE FROM conversation WHERE person IN (SELECT value FROM json_each(?))"


def _forget(connection: apsw.Connection, calls: list[Sequence[Subject]]) -> list[int]:
    return [forget_of(connection, names) for names in calls]


def forget_of(connection: apsw.Connection, names: Sequence[Subject]) -> int:
    """Forget what people of these names wrote; return how many texts it were."""
    connection.execute(_DELETE, (_keys(names),))
    deleted = connection.changes()
    connection.execute(_DELETE_CONVERSATIONS, (_keys(names),))
    return deleted


# The newest stays, however old: its number would be given again, and numbers are places.
_OLD: Final = """
SELECT json_group_array(seq) FROM (
  SELECT seq FROM inbound WHERE received_ms < ?1 AND seq < (SELECT max(seq) FROM inbound) ORDER BY seq LIMIT ?2)
"""
_DELETE_OLD: Final = "DELETE FROM inbound WHERE seq IN (SELECT value FROM json_each(?))"
_DELETE_EMPTY: Final = "DELETE FROM conversation WHERE last IN (SELECT value FROM json_each(?))"
_SEQS = decoder(list[int])
_TEXTS_AT_ONCE: Final = 200


def forget_inbound(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    """Delete old texts, and the conversations of which they were the last."""
    return [_forget_old(connection, horizon) for horizon, _ in calls]


def _forget_old(connection: apsw.Connection, horizon: Horizon) -> Step:
    seqs = _SEQS.decode(connection.execute(_OLD, (to_ms(horizon.came_before), _TEXTS_AT_ONCE)).get)
    if not seqs:
        return Step(rows={}, resume=None)
    gone = encode(seqs)
    connection.execute(_DELETE_OLD, (gone,))
    texts = connection.changes()
    connection.execute(_DELETE_EMPTY, (gone,))
    rows = {"inbound": texts, "conversation": connection.changes()}
    return Step(rows=rows, resume=seqs[-1] if len(seqs) == _TEXTS_AT_ONCE else None)
