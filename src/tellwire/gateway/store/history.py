"""Deletes what is old of messages and of texts from handsets, in steps of a few milliseconds.

Balances, prices, people and webhooks stay. Pages that become free are used again; the file does not shrink.
"""

from itertools import takewhile
from typing import Final

import apsw
import msgspec

from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.clock import from_ms
from tellwire.kernel.retention import Horizon, Step
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus

# Rows that one step looks at: the oldest are in no cache, and a message is in four indices. So many hold the writer
# for some 7 ms.
LOOK_LIMIT: Final = 50


class _Message(msgspec.Struct, frozen=True, array_like=True):
    seq: int
    created_ms: int
    changed_ms: int
    status: MessageStatus
    is_awaited: int


class _Text(msgspec.Struct, frozen=True, array_like=True):
    id: int
    received_ms: int
    is_awaited: int


class History:
    """Messages and texts that are old enough to be forgotten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget_messages(self, horizon: Horizon, after: int) -> Step:
        """Delete old messages beyond `after` that are over, with all that is known of them.

        One stays while it waits for its carrier, while a callback of it waits, and while a receipt may still move it.
        """
        return await self._database.write(_forget_messages, (horizon, after))

    async def forget_inbound(self, horizon: Horizon, after: int) -> Step:
        """Delete old texts from handsets beyond `after`; one stays while a callback has to tell of it."""
        return await self._database.write(_forget_inbound, (horizon, after))


_OLDEST_MESSAGES: Final = """
SELECT json_group_array(json_array(seq, created_ms, changed_ms, status,
  EXISTS (SELECT 1 FROM callback c WHERE c.seq = oldest.seq)) ORDER BY seq)
FROM (SELECT seq, created_ms, changed_ms, status FROM message WHERE seq > ? ORDER BY seq LIMIT ?) oldest
"""
# Feedback and erasure point at the message, so they go before it.
_OF_MESSAGES: Final = {
    table: f"DELETE FROM {table} WHERE seq IN (SELECT value FROM json_each(?))"  # noqa: S608 - names of ours
    for table in ("part", "change", "happening", "feedback", "erasure", "message")
}


def _forget_messages(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    return [_forget_some_messages(connection, horizon, after) for horizon, after in calls]


def _forget_some_messages(connection: apsw.Connection, horizon: Horizon, after: int) -> Step:
    oldest = read_rows(connection, _OLDEST_MESSAGES, (after, LOOK_LIMIT), _Message)
    old = list(takewhile(lambda one: horizon.is_old(from_ms(one.created_ms)), oldest))
    over = as_json(
        [
            one.seq
            for one in old
            if horizon.is_over(one.status, from_ms(one.changed_ms), is_awaited=bool(one.is_awaited))
        ]
    )
    rows = {table: _delete(connection, delete, over) for table, delete in _OF_MESSAGES.items()} if old else {}
    return Step(rows=rows, resume=old[-1].seq if len(old) == LOOK_LIMIT else None)


# The newest text stays, however old: SQLite would give its number again.
_OLDEST_TEXTS: Final = """
SELECT json_group_array(json_array(id, received_ms,
  EXISTS (SELECT 1 FROM callback c WHERE c.inbound = oldest.id)) ORDER BY id)
FROM (
  SELECT id, received_ms FROM inbound WHERE id > ? AND id < (SELECT max(id) FROM inbound) ORDER BY id LIMIT ?) oldest
"""
_DELETE_TEXTS: Final = "DELETE FROM inbound WHERE id IN (SELECT value FROM json_each(?))"


def _forget_inbound(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    return [_forget_some_inbound(connection, horizon, after) for horizon, after in calls]


def _forget_some_inbound(connection: apsw.Connection, horizon: Horizon, after: int) -> Step:
    oldest = read_rows(connection, _OLDEST_TEXTS, (after, LOOK_LIMIT), _Text)
    old = list(takewhile(lambda one: horizon.is_old(from_ms(one.received_ms)), oldest))
    ids = as_json([one.id for one in old if not one.is_awaited])
    rows = {"inbound": _delete(connection, _DELETE_TEXTS, ids)} if old else {}
    return Step(rows=rows, resume=old[-1].id if len(old) == LOOK_LIMIT else None)


def _delete(connection: apsw.Connection, statement: str, ids: str) -> int:
    connection.execute(statement, (ids,))
    return connection.changes()
