"""Deletes what is old, oldest first, in steps of a few milliseconds: the writer serves everybody in between.

The newest row of a table stays, however old: SQLite would give its number again, and numbers are positions and cursors.
Pages that become free are used for what comes next; the file does not shrink (docs/decisions/0006).
"""

from datetime import datetime
from itertools import takewhile

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.retention import Horizon, Step
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus
from tellwire.platform.backends.embedded import links, lists
from tellwire.platform.backends.embedded.audit import forget_audit
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.history_retention import forget_history
from tellwire.platform.backends.embedded.inbox import forget_inbound
from tellwire.platform.backends.embedded.journey_retention import forget_journeys
from tellwire.platform.model.event import Entry, Event

# Rows that one step looks at: the oldest are in no cache, and a message is in four indices. With 1.8 million rows a
# step of so many holds the writer for some 7 ms; only entries that came in one upload of thousands go at once.
ENTRIES_LIMIT = 200
EVENTS_LIMIT = 100
MESSAGES_LIMIT = 50
MEMBERS_LIMIT = 1_000  # of a list: short rows in two indices


class EmbeddedRetention:
    """See `ports.retention.Retention`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget_stream(self, horizon: Horizon, after: int) -> Step:
        """Delete decided chunks beyond `after` whose entries are all old."""
        return await self._database.write(_forget_stream, (horizon, after))

    async def forget_activity(self, horizon: Horizon, after: int) -> Step:
        """Delete old events beyond `after`, and their decisions."""
        return await self._database.write(_forget_activity, (horizon, after))

    async def forget_messages(self, horizon: Horizon, after: int) -> Step:
        """Delete old messages beyond `after` that are over."""
        return await self._database.write(_forget_messages, (horizon, after))

    async def forget_journeys(self, horizon: Horizon, after: int) -> Step:
        """Delete what is old of those who were inside campaigns."""
        return await self._database.write(forget_journeys, (horizon, after))

    async def forget_lists(self, after: int) -> Step:  # noqa: ARG002 - it begins at the first one each time
        """Delete who was on lists that are gone."""
        return await self._database.write(_forget_lists, MEMBERS_LIMIT)

    async def forget_links(self, now: datetime, after: int) -> Step:
        """Delete short links that have ended."""
        return await self._database.write(links.forget, (now, after))

    async def forget_refused(self, horizon: Horizon, after: int) -> Step:
        """Delete old traces of what was refused: all at once, for their tables are bounded."""
        return await self._database.write(_forget_refused, (horizon, after))

    async def forget_history(self, horizon: Horizon, after: int) -> Step:
        """Delete what campaigns were before every event and decision that is kept."""
        return await self._database.write(forget_history, (horizon, after))

    async def forget_inbound(self, horizon: Horizon, after: int) -> Step:
        """Delete old texts of people."""
        return await self._database.write(forget_inbound, (horizon, after))

    async def forget_audit(self, horizon: Horizon, after: int) -> Step:
        """Delete old lines of the audit log."""
        return await self._database.write(forget_audit, (horizon, after))


_OLDEST_CHUNKS = """
SELECT group_concat('[' || position || ',[' || CAST(body AS TEXT) || ']]', ',' ORDER BY position) FROM chunk
WHERE position > ?1 AND position <= min(
  (SELECT min(position) FROM chunk WHERE position > ?1) + ?2, (SELECT max(position) FROM chunk) - 1,
  (SELECT min(position) FROM progress))
"""
_DELETE_CHUNKS = "DELETE FROM chunk WHERE position <= ?"
_DELETE_ENTRIES = "DELETE FROM entry WHERE id IN (SELECT value FROM json_each(?))"
_CHUNKS = decoder(list[tuple[int, list[Entry]]])


def _forget_stream(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    return [_forget_chunks(connection, horizon, after) for horizon, after in calls]


def _forget_chunks(connection: apsw.Connection, horizon: Horizon, after: int) -> Step:
    found = _CHUNKS.decode(lines_of(connection.execute(_OLDEST_CHUNKS, (after, ENTRIES_LIMIT)).get))
    old = list(takewhile(lambda chunk: all(horizon.is_old(e.received_at) for e in chunk[1]), found))
    if not old:
        return Step(rows={}, resume=None)
    last = old[-1][0]
    rows = {
        "entry": _delete(connection, _DELETE_ENTRIES, encode([e.id for _, entries in old for e in entries])),
        "chunk": _delete(connection, _DELETE_CHUNKS, last),
    }
    return Step(rows=rows, resume=last if len(old) == len(found) else None)


_OLDEST_EVENTS = """
SELECT group_concat('[' || seq || ',' || body || ']', ',' ORDER BY seq) FROM (
  SELECT seq, body FROM activity WHERE seq > ? AND seq < (SELECT max(seq) FROM activity) ORDER BY seq LIMIT ?)
"""
_DELETE_DECISIONS = "DELETE FROM decision WHERE event_id IN (SELECT value FROM json_each(?))"
_DELETE_ACTIVITY = "DELETE FROM activity WHERE seq <= ?"
_EVENTS = decoder(list[tuple[int, Event]])


def _forget_activity(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    return [_forget_events(connection, horizon, after) for horizon, after in calls]


def _forget_events(connection: apsw.Connection, horizon: Horizon, after: int) -> Step:
    found = _EVENTS.decode(lines_of(connection.execute(_OLDEST_EVENTS, (after, EVENTS_LIMIT)).get))
    old = list(takewhile(lambda row: horizon.is_old(row[1].received_at), found))
    if not old:
        return Step(rows={}, resume=None)
    last = old[-1][0]
    rows = {
        "decision": _delete(connection, _DELETE_DECISIONS, encode([event.id for _, event in old])),
        "activity": _delete(connection, _DELETE_ACTIVITY, last),
    }
    return Step(rows=rows, resume=last if len(old) == len(found) else None)


# The message of the newest step stays too: it has the number that live pages go on from.
_OLDEST_MESSAGES = """
SELECT json_group_array(json_array(
  oldest.seq, oldest.created_ms, s.status, s.updated_ms, c.message IS NOT NULL) ORDER BY oldest.seq)
FROM (
  SELECT seq, created_ms FROM message
  WHERE seq > ?1 AND seq < (SELECT max(seq) FROM message)
    AND seq IS NOT (SELECT message FROM timeline WHERE seq = (SELECT max(seq) FROM timeline))
  ORDER BY seq LIMIT ?2) AS oldest
CROSS JOIN standing AS s ON s.message = oldest.seq LEFT JOIN claim AS c ON c.message = oldest.seq
"""
_DELETE_TIMELINES = "DELETE FROM timeline WHERE message IN (SELECT value FROM json_each(?))"
_DELETE_STANDINGS = "DELETE FROM standing WHERE message IN (SELECT value FROM json_each(?))"
_DELETE_CLICKS = "DELETE FROM click WHERE message IN (SELECT value FROM json_each(?))"
_DELETE_MESSAGES = "DELETE FROM message WHERE seq IN (SELECT value FROM json_each(?))"
_MESSAGES = decoder(list[tuple[int, int, MessageStatus, int, int]])


def _forget_messages(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    return [_forget_some_messages(connection, horizon, after) for horizon, after in calls]


def _forget_some_messages(connection: apsw.Connection, horizon: Horizon, after: int) -> Step:
    found = _MESSAGES.decode(connection.execute(_OLDEST_MESSAGES, (after, MESSAGES_LIMIT)).get)
    old = list(takewhile(lambda row: horizon.is_old(from_ms(row[1])), found))
    if not old:
        return Step(rows={}, resume=None)
    over = encode(
        [
            seq
            for seq, _, status, moved_ms, is_claimed in old
            if horizon.is_over(status, from_ms(moved_ms), is_awaited=bool(is_claimed))
        ]
    )
    rows = {
        "timeline": _delete(connection, _DELETE_TIMELINES, over),
        "standing": _delete(connection, _DELETE_STANDINGS, over),
        "click": _delete(connection, _DELETE_CLICKS, over),
        "message": _delete(connection, _DELETE_MESSAGES, over),
    }
    return Step(rows=rows, resume=old[-1][0] if len(old) == len(found) else None)


def _forget_lists(connection: apsw.Connection, calls: list[int]) -> list[Step]:
    return [_forget_members(connection, limit) for limit in calls]


def _forget_members(connection: apsw.Connection, limit: int) -> Step:
    members = lists.forget(connection, limit)
    return Step(rows={"list_member": members}, resume=1 if members == limit else None)


def _forget_refused(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    return [_forget_traces(connection, horizon) for horizon, _ in calls]


def _forget_traces(connection: apsw.Connection, horizon: Horizon) -> Step:
    before = to_ms(horizon.came_before)
    rows = {
        "refused_record": _delete(connection, "DELETE FROM refused_record WHERE at_ms < ?", before),
        "refused_callback": _delete(connection, "DELETE FROM refused_callback WHERE at_ms < ?", before),
    }
    return Step(rows=rows, resume=None)


def _delete(connection: apsw.Connection, statement: str, value: str | int) -> int:
    connection.execute(statement, (value,))
    return connection.changes()
