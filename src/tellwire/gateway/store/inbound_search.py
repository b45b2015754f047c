"""The portal's view of texts from handsets: the search, and one text with the posts of it. Reads only.

In chunks, as `reports` reads. Indexes that hold the tries and waiting callbacks of texts alone find these.
"""

from typing import Any, Final

import apsw
import msgspec

from tellwire.gateway.store.inbound import MISSING
from tellwire.gateway.store.rows import read_rows
from tellwire.gateway.store.search_page import SearchPage
from tellwire.kernel.clock import from_ms
from tellwire.kernel.sms import Encoding
from tellwire.kernel.sqlite import Database

CHUNK: Final = 5_000  # some 3 ms of the reader
TRIES: Final = 100  # of one text; more come only by hand


class WantedTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The conditions of a search; None is anything.

    `umid` is a whole id, `digits` a part of the handset's or of our number.
    """

    umid: str | None = None
    digits: str | None = None
    subaccount: str | None = None
    since_ms: int | None = None


class TextRow(msgspec.Struct, frozen=True, array_like=True):
    """A text in a list, and how many of its callbacks were taken, were given up, and wait.

    An empty `subaccount` is a text to a number that is nobody's. `is_whole` is 0 when a part never came, `beginning` is
    of its words.
    """

    seq: int
    umid: str
    received_ms: int
    account: str
    subaccount: str
    carrier: str
    source: str
    destination: str
    encoding: Encoding
    parts: int
    is_whole: int
    taken: int
    given_up: int
    waiting: int
    beginning: str


class TextTry(msgspec.Struct, frozen=True, array_like=True):
    """A try to tell somebody of a text; `status` is the answer's, None when there was none."""

    id: int
    at_ms: int
    url: str
    attempt: int
    status: int | None
    reason: str
    is_over: int


class TextCallback(msgspec.Struct, frozen=True, array_like=True):
    """A callback of a text that is yet to be taken."""

    id: int
    url: str
    attempts: int
    due_ms: int


class TextWhole(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of one text."""

    row: TextRow
    body: str
    tries: list[TextTry]
    callbacks: list[TextCallback]


class InboundSearch:
    """The read side of texts from handsets, for people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, wanted: WantedTexts, before_seq: int, limit: int) -> SearchPage[TextRow]:
        """Return the newest texts before `before_seq` that are wanted, at most `limit`, from one chunk."""
        return await self._database.read(_search, wanted, before_seq, limit)

    async def text(self, umid: str) -> TextWhole | None:
        """Return one text whole."""
        return await self._database.read(_text, umid)


_COLUMNS: Final = """json_array(
  i.id, i.umid, i.received_ms, i.account, i.subaccount, i.carrier, i.source, i.destination, i.encoding, i.parts,
  NOT instr(i.body, ?1),
  (SELECT count(*) FROM callback_log l WHERE l.inbound = i.id AND l.status BETWEEN 200 AND 299),
  (SELECT count(*) FROM callback_log l
   WHERE l.inbound = i.id AND l.is_over AND (l.status IS NULL OR l.status NOT BETWEEN 200 AND 299)),
  (SELECT count(*) FROM callback c WHERE c.inbound = i.id), substr(i.body, 1, 160))
"""
_SEARCH: Final = f"""
SELECT json_group_array({_COLUMNS} ORDER BY i.id DESC)
FROM (
  SELECT * FROM (SELECT * FROM inbound WHERE id < ?2 ORDER BY id DESC LIMIT ?3) c
  WHERE (?4 IS NULL OR c.umid = ?4)
    AND (?5 IS NULL OR instr(c.source, ?5) OR instr(c.destination, ?5))
    AND (?6 IS NULL OR c.subaccount = ?6)
    AND (?7 IS NULL OR c.received_ms >= ?7)
  ORDER BY c.id DESC LIMIT ?8) i
"""  # noqa: S608 - the columns are ours
_BY_UMID: Final = f"SELECT json_group_array({_COLUMNS}) FROM inbound i WHERE i.umid = ?2"  # noqa: S608 - as above
_CHUNK_END: Final = """
SELECT json_array(min(id), count(*), min(received_ms))
FROM (SELECT id, received_ms FROM inbound WHERE id < ? ORDER BY id DESC LIMIT ?)
"""
_BODY: Final = "SELECT body FROM inbound WHERE id = ?"
_TRIES: Final = """
SELECT json_group_array(json_array(id, at_ms, url, attempt, status, reason, is_over) ORDER BY id)
FROM (SELECT * FROM callback_log WHERE inbound = ? ORDER BY id DESC LIMIT ?)
"""
_CALLBACKS: Final = """
SELECT json_group_array(json_array(id, url, attempts, due_ms) ORDER BY id) FROM callback WHERE inbound = ?
"""


def _search(
    connection: apsw.Connection, wanted: WantedTexts, before_seq: int, limit: int
) -> SearchPage[TextRow]:
    filters = (wanted.umid, wanted.digits, wanted.subaccount, wanted.since_ms)
    parameters: tuple[Any, ...] = (MISSING, before_seq, CHUNK, *filters, limit)
    rows = read_rows(connection, _SEARCH, parameters, TextRow)
    end: str = connection.execute(_CHUNK_END, (before_seq, CHUNK)).get
    low, count, oldest_ms = msgspec.json.decode(end, type=tuple[int | None, int, int | None])
    is_over = count < CHUNK or (wanted.since_ms is not None and (oldest_ms or 0) < wanted.since_ms)
    if len(rows) == limit:
        low, oldest_ms, is_over = rows[-1].seq, rows[-1].received_ms, False
    return SearchPage(
        rows=rows,
        next_seq=None if is_over else low,
        looked_at=count,
        reached=None if oldest_ms is None else from_ms(oldest_ms),
    )


def _text(connection: apsw.Connection, umid: str) -> TextWhole | None:
    for row in read_rows(connection, _BY_UMID, (MISSING, umid), TextRow):
        return TextWhole(
            row=row,
            body=connection.execute(_BODY, (row.seq,)).get,
            tries=read_rows(connection, _TRIES, (row.seq, TRIES), TextTry),
            callbacks=read_rows(connection, _CALLBACKS, (row.seq,), TextCallback),
        )
    return None
