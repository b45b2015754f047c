"""The stream in one partition: a row for the entries of each group commit, and the ids that were seen.

The caller encodes, so that the writer's thread mostly runs SQLite and leaves the interpreter to the event loop.
"""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import TypeAlias

import apsw
import msgspec

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.codec import ENCODER, decoder, encode
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.event import Entry
from tellwire.platform.ports.stream import Position, Positioned

PARTITION = 0
CHUNK_LIMIT = 2_000  # what a read may give beyond its limit: some 3 ms of decoding
READ_BYTES = (
    1024 * 1024
)  # of JSON that a read decodes: two thousand entries of 500; as objects up to thirty times it

_ENTRIES = decoder(list[Entry])
_RAW = msgspec.json.Decoder(list[msgspec.Raw])
_TEXTS = msgspec.json.Decoder(list[str])


class EmbeddedStream:
    """See `ports.stream.Stream`. Appends that wait together become one chunk and one fsync."""

    def __init__(self, database: Database, last: Position) -> None:
        self._database = database
        self._last = last
        self._wake = Wake()

    @classmethod
    async def open(cls, database: Database) -> "EmbeddedStream":
        """Return the stream with what it holds already."""
        return cls(database, await database.read(_last_position))

    async def append(self, entries: Sequence[Entry]) -> None:
        """Append all of them, or none and raise; see the port."""
        if not entries:
            return
        last = await self._database.write(_append, _pieces(entries))
        if last > self._last:
            self._last = last
            self._wake.notify()

    def partitions(self) -> range:
        """Return the only partition: one process has one decider."""
        return range(1)

    def last(self, partition: int) -> Position:
        """Return where the newest entry stands."""
        _check(partition)
        return self._last

    async def read(self, partition: int, after: Position, limit: int) -> list[Positioned]:
        """Return the entries that follow `after`; at most `CHUNK_LIMIT` more than `limit`."""
        _check(partition)
        if after >= self._last:
            return []
        return await self._database.read(_read, after, limit)

    async def wait(self, partition: int, after: Position, timeout_s: float) -> None:
        """Return when there are entries after `after`, at the latest after `timeout_s`.

        Without news the file is asked: an append whose caller was cancelled gave no news.
        """
        _check(partition)
        if self._last <= after and not await self._wake.wait(self._wake.count, timeout_s):
            self._last = max(self._last, await self._database.read(_last_position))


def _check(partition: int) -> None:
    if partition != PARTITION:
        raise ValueError(f"there is no partition {partition}")


_LAST = "SELECT ifnull(max(position), 0) FROM chunk"


def _last_position(connection: apsw.Connection) -> Position:
    return Position(connection.execute(_LAST).get)


# Positions are dense, so a chunk that begins before after + limit ends before the last bound: a range of the key.
# One row comes back, for each row read is a hand-over of the interpreter lock.
_READ = """
SELECT min(position - count), CAST(group_concat(body, ',' ORDER BY position) AS BLOB) FROM chunk
WHERE position > ?1 AND position - count < ?1 + ?2 AND position < ?1 + ?2 + ?3
"""
# What came before was forgotten.
_FIRST = "SELECT position - count FROM chunk WHERE position = (SELECT min(position) FROM chunk)"


def _read(connection: apsw.Connection, after: Position, limit: int) -> list[Positioned]:
    start, body = next(connection.execute(_READ, (after, limit, CHUNK_LIMIT)))
    if body is None:
        first = connection.execute(_FIRST).get
        return [] if first is None or first <= after else _read(connection, Position(first), limit)
    skipped = max(0, after - start)  # `after` may lie inside the first chunk
    entries = _entries(b"[" + body + b"]", skipped)
    return [Positioned(Position(n), e) for n, e in enumerate(entries, start=start + skipped + 1)]


def _entries(body: bytes, skipped: int) -> list[Entry]:
    """Return the entries after the first `skipped`; of a long body no more than fit `READ_BYTES`, and one at least."""
    if len(body) <= READ_BYTES:  # nearly always
        return _ENTRIES.decode(body)[skipped:]
    waiting = _RAW.decode(body)[skipped:]
    lengths = accumulate(len(entry) for entry in waiting)
    count = sum(1 for length in lengths if length <= READ_BYTES)
    return _ENTRIES.decode(ENCODER.encode(waiting[: max(count, 1)]))


_Piece: TypeAlias = tuple[list[str], bytes]


def _pieces(entries: Sequence[Entry]) -> list[_Piece]:
    if len(entries) <= CHUNK_LIMIT:  # nearly always
        return [_piece(entries)]
    return [_piece(entries[start : start + CHUNK_LIMIT]) for start in range(0, len(entries), CHUNK_LIMIT)]


def _piece(entries: Sequence[Entry]) -> _Piece:
    return [entry.id for entry in entries], ENCODER.encode(entries)[1:-1]


def _append(connection: apsw.Connection, appends: list[list[_Piece]]) -> list[Position]:
    last = _last_position(connection)
    for chunk in _chunks(appends):
        last = _append_chunk(connection, last, chunk)
    return [last] * len(appends)


def _chunks(appends: list[list[_Piece]]) -> list[list[_Piece]]:
    """Return the pieces in order, gathered to chunks of at most `CHUNK_LIMIT` entries."""
    chunks: list[list[_Piece]] = []
    room = 0
    for piece in chain.from_iterable(appends):
        size = len(piece[0])
        if size > room:
            chunks.append([])
            room = CHUNK_LIMIT
        chunks[-1].append(piece)
        room -= size
    return chunks


# First the ids, all at once; only when some were there before is it asked which.
_SEE = "INSERT OR IGNORE INTO entry (id, chunk) SELECT value, ?1 FROM json_each(?2)"
_SEEN_NOW = """
SELECT json_group_array(entry.id) FROM json_each(?2) AS given CROSS JOIN entry ON entry.id = given.value
WHERE entry.chunk = ?1
"""
_ADD = "INSERT INTO chunk (position, count, body) VALUES (?, ?, ?)"


def _append_chunk(connection: apsw.Connection, last: Position, chunk: list[_Piece]) -> Position:
    ids = [identifier for ids, _ in chunk for identifier in ids]
    encoded = encode(ids)
    connection.execute(_SEE, (last + 1, encoded))
    count = connection.changes()
    if count == 0:
        return last
    body = b",".join(body for _, body in chunk)
    if count < len(ids):
        new = set(_TEXTS.decode(connection.execute(_SEEN_NOW, (last + 1, encoded)).get))
        body = _without_repeats(ids, body, new)
    position = Position(last + count)
    connection.execute(_ADD, (position, count, body))
    return position


def _without_repeats(ids: list[str], body: bytes, new: set[str]) -> bytes:
    """Return the chunk's body with the first entry of each new id only."""
    kept = []
    for identifier, entry in zip(ids, _RAW.decode(b"[" + body + b"]"), strict=True):
        if identifier in new:
            new.remove(identifier)
            kept.append(bytes(entry))
    return b",".join(kept)
