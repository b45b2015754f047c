"""The portal's view of messages: search, and one message whole. Reads only, and never long.

The store has one reader, which carriers' lanes wait for too, so nothing here reads more than `CHUNK` messages in one
call: a search or a count goes on from where the last call stopped. Umids and whole numbers have an index; there is none
by client id, because it would cost every message that is accepted and only people search.
"""

from typing import Any, Final

import apsw
import msgspec

from tellwire.gateway.store.rows import read_rows
from tellwire.gateway.store.search_page import SearchPage
from tellwire.kernel.clock import from_ms
from tellwire.kernel.sms import Encoding
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, StatusDetail

CHUNK: Final = 5_000  # some 3 ms of the reader
TRIES: Final = 100  # of one message; more come only by hand
NEWEST: Final = 1 << 62  # before which everything is


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The conditions of a search; None is anything.

    `words` is a umid, a client id or a batch id, `digits` a part of the number it goes to, `number` the whole of it:
    what was sent to exactly that number goes before what only looks like it.
    `statuses` are status words.
    """

    words: str | None = None
    digits: str | None = None
    number: str | None = None
    statuses: list[str] | None = None
    subaccount: str | None = None
    carrier: str | None = None
    since_ms: int | None = None


class MessageRow(msgspec.Struct, frozen=True, array_like=True):
    """A message in a list."""

    seq: int
    umid: str
    created_ms: int
    changed_ms: int
    subaccount: str
    source: str
    destination: str
    status: MessageStatus
    detail: StatusDetail | None
    error: int
    parts: int
    carrier: str
    client_id: str | None
    price_micro: int
    currency: str


class Change(msgspec.Struct, frozen=True, array_like=True):
    """One step of a message's life."""

    at_ms: int
    status: MessageStatus
    detail: StatusDetail | None
    error: int


class PartRow(msgspec.Struct, frozen=True, array_like=True):
    """One part as a carrier knows it."""

    number: int
    carrier: str
    reference: str
    status: MessageStatus
    detail: StatusDetail | None


class WaitingCallback(msgspec.Struct, frozen=True, array_like=True):
    """A callback of a message that is yet to be taken; `due_ms` 0 is at once, or after the ones before it."""

    id: int
    url: str
    status: MessageStatus
    detail: StatusDetail | None
    attempts: int
    due_ms: int


class CallbackTry(msgspec.Struct, frozen=True, array_like=True):
    """A try to post what became of a message; `status` is the answer's, None when there was none."""

    id: int
    at_ms: int
    url: str
    event: str
    attempt: int
    status: int | None
    reason: str
    is_over: int


class MessageWhole(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of one message."""

    row: MessageRow
    account: str
    batch: str | None
    client_batch: str | None
    body: str
    encoding: Encoding
    due_ms: int | None
    expiry_ms: int
    attempts: int
    callback_url: str | None
    style: str
    mcc: str
    mnc: str
    changes: list[Change]
    parts: list[PartRow]
    callbacks: list[WaitingCallback]
    tries: list[CallbackTry]


class Reports:
    """The read side of the store, for people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, wanted: Wanted, before_seq: int, limit: int) -> SearchPage[MessageRow]:
        """Return the newest messages before `before_seq` that are wanted, at most `limit`, from one chunk."""
        return await self._database.read(_search, wanted, before_seq, limit)

    async def message(self, umid: str) -> MessageWhole | None:
        """Return one message whole."""
        return await self._database.read(_message, umid)


_COLUMNS: Final = """
m.seq, m.umid, m.created_ms, m.changed_ms, m.subaccount, m.source, m.destination, m.status, m.detail, m.error,
m.parts, m.lane, m.client_id, m.price_micro, m.currency
"""
# The inner query is the chunk; the outer one looks through it.
_SEARCH: Final = f"""
SELECT json_group_array(json_array({_COLUMNS}) ORDER BY m.seq DESC)
FROM (
  SELECT * FROM (SELECT * FROM message WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2) c
  WHERE (?3 IS NULL OR c.umid = ?3 OR c.client_id = ?3 OR c.batch = ?3 OR c.client_batch = ?3
         OR (?4 IS NOT NULL AND instr(c.destination, ?4)))
    AND (?5 IS NULL OR c.status IN (SELECT value FROM json_each(?5)))
    AND (?6 IS NULL OR c.subaccount = ?6)
    AND (?7 IS NULL OR c.lane = ?7)
    AND (?8 IS NULL OR c.created_ms >= ?8)
  ORDER BY c.seq DESC LIMIT ?9) m
"""  # noqa: S608 - the columns are ours
_BY_NUMBER: Final = f"""
SELECT json_group_array(json_array({_COLUMNS}) ORDER BY m.seq DESC)
FROM (
  SELECT * FROM message WHERE destination = ?1 AND seq < ?2
    AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3)))
    AND (?4 IS NULL OR subaccount = ?4)
    AND (?5 IS NULL OR lane = ?5)
    AND (?6 IS NULL OR created_ms >= ?6)
  ORDER BY seq DESC LIMIT ?7) m
"""  # noqa: S608 - as above
_HAS_NUMBER: Final = "SELECT EXISTS (SELECT 1 FROM message WHERE destination = ?)"
_CHUNK_END: Final = """
SELECT json_array(min(seq), count(*), min(created_ms))
FROM (SELECT seq, created_ms FROM message WHERE seq < ? ORDER BY seq DESC LIMIT ?)
"""
_BY_UMID: Final = f"SELECT json_group_array(json_array({_COLUMNS})) FROM message m WHERE m.umid = ?"  # noqa: S608 - as above


def _search(
    connection: apsw.Connection, wanted: Wanted, before_seq: int, limit: int
) -> SearchPage[MessageRow]:
    return _exactly(connection, wanted, before_seq, limit) or _look(connection, wanted, before_seq, limit)


def _exactly(
    connection: apsw.Connection, wanted: Wanted, before_seq: int, limit: int
) -> SearchPage[MessageRow] | None:
    """Return what an index finds, None where none helps."""
    if wanted.words is None:
        return None
    rows = read_rows(connection, _BY_UMID, (wanted.words.lower(),), MessageRow)
    if rows:
        return SearchPage(rows=rows, next_seq=None, looked_at=1, reached=None)
    if wanted.number is None or not connection.execute(_HAS_NUMBER, (wanted.number,)).get:
        return None
    filters = (
        wanted.statuses and _texts(wanted.statuses),
        wanted.subaccount,
        wanted.carrier,
        wanted.since_ms,
    )
    parameters = (wanted.number, before_seq, *filters, limit)
    rows = read_rows(connection, _BY_NUMBER, parameters, MessageRow)
    next_seq = rows[-1].seq if len(rows) == limit else None
    return SearchPage(rows=rows, next_seq=next_seq, looked_at=len(rows), reached=None)


def _texts(words: list[str]) -> str:
    return msgspec.json.encode(words).decode()


def _look(connection: apsw.Connection, wanted: Wanted, before_seq: int, limit: int) -> SearchPage[MessageRow]:
    """Look through one chunk."""
    parameters: tuple[Any, ...] = (
        before_seq,
        CHUNK,
        wanted.words,
        wanted.digits,
        wanted.statuses and _texts(wanted.statuses),
        wanted.subaccount,
        wanted.carrier,
        wanted.since_ms,
        limit,
    )
    rows = read_rows(connection, _SEARCH, parameters, MessageRow)
    low, count, oldest_ms = chunk_end(connection, before_seq)
    is_over = count < CHUNK or (wanted.since_ms is not None and oldest_ms < wanted.since_ms)
    if len(rows) == limit:
        low, oldest_ms, is_over = rows[-1].seq, rows[-1].created_ms, False
    return SearchPage(
        rows=rows,
        next_seq=None if is_over else low,
        looked_at=count,
        reached=from_ms(oldest_ms) if count else None,
    )


def chunk_end(connection: apsw.Connection, before_seq: int) -> tuple[int, int, int]:
    """Return the lowest number of the chunk before `before_seq`, how many messages it has, and its oldest moment."""
    end: str = connection.execute(_CHUNK_END, (before_seq, CHUNK)).get
    low, count, oldest_ms = msgspec.json.decode(end, type=tuple[int | None, int, int | None])
    return low or 0, count, oldest_ms or 0


class _Rest(msgspec.Struct, frozen=True, array_like=True):
    account: str
    batch: str | None
    client_batch: str | None
    body: str
    encoding: Encoding
    due_ms: int | None
    expiry_ms: int
    attempts: int
    callback_url: str | None
    style: str
    mcc: str
    mnc: str


_REST: Final = """
SELECT json_group_array(json_array(
  account, batch, client_batch, body, encoding, due_ms, expiry_ms, attempts, callback_url, style, mcc, mnc))
FROM message WHERE seq = ?
"""
_CHANGES: Final = """
SELECT json_group_array(json_array(at_ms, status, detail, error) ORDER BY number) FROM change WHERE seq = ?
"""
_PARTS: Final = """
SELECT json_group_array(json_array(number, carrier, reference, status, detail) ORDER BY number, reference)
FROM part WHERE seq = ?
"""
_CALLBACKS: Final = """
SELECT json_group_array(json_array(c.id, c.url, h.status, h.detail, c.attempts, c.due_ms) ORDER BY c.id)
FROM callback c JOIN change h ON h.seq = c.seq AND h.number = c.number WHERE c.seq = ?
"""


def _message(connection: apsw.Connection, umid: str) -> MessageWhole | None:
    for row in read_rows(connection, _BY_UMID, (umid,), MessageRow):
        rest = read_rows(connection, _REST, (row.seq,), _Rest)[0]
        return MessageWhole(
            row=row,
            **msgspec.structs.asdict(rest),
            changes=read_rows(connection, _CHANGES, (row.seq,), Change),
            parts=read_rows(connection, _PARTS, (row.seq,), PartRow),
            callbacks=read_rows(connection, _CALLBACKS, (row.seq,), WaitingCallback),
            tries=read_rows(connection, _TRIES, (row.seq, TRIES), CallbackTry),
        )
    return None


# The log has no index, because every callback writes it; it is bounded, and the newest tries are at its end.
_TRIES: Final = """
SELECT json_group_array(json_array(
  l.id, l.at_ms, l.url, coalesce(h.status, p.kind, 'erased'), l.attempt, l.status, l.reason, l.is_over) ORDER BY l.id)
FROM (SELECT * FROM callback_log WHERE seq = ? ORDER BY id DESC LIMIT ?) l
LEFT JOIN change h ON h.seq = l.seq AND h.number = l.number
LEFT JOIN happening p ON p.id = l.happening
"""
