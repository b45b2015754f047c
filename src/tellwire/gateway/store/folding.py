"""The one standing of a message of several parts: from all of their receipts or, when no more come, from some."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

import apsw
import msgspec

from tellwire.gateway.model.receipt import fold
from tellwire.gateway.store.progress import Move, progress
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail, advance, is_final

# Some carriers send the receipt of one part only. A phone that took one part is on, so that the others' receipts
# come within minutes; after hours none will.
FOLD_AFTER: Final = timedelta(hours=6)
_FOLD_AFTER_MS: Final = int(FOLD_AFTER.total_seconds() * 1000)
FOLD_LIMIT: Final = 500  # messages that one look folds: some milliseconds


class Sibling(msgspec.Struct, frozen=True, array_like=True):
    """One part of a message, and where it stands."""

    seq: int
    number: int
    status: MessageStatus
    detail: StatusDetail | None
    carrier: str
    reference: str


class LastWord(msgspec.Struct, frozen=True, kw_only=True):
    """The newest receipt of any part of a message; `is_handed` once the carrier has all its parts."""

    is_handed: bool
    error_code: int
    carrier_error: str
    at_ms: int
    received_ms: int


_SIBLINGS: Final = """
SELECT json_group_array(json_array(seq, number, status, detail, carrier, reference))
FROM part WHERE seq IN (SELECT value FROM json_each(?))
"""
_TOLD: Final = "DELETE FROM half_told WHERE seq IN (SELECT value FROM json_each(?))"
_HALF_TOLD: Final = "INSERT INTO half_told (seq, told_ms) SELECT value->>0, value->>1 FROM json_each(?)"
# What is not handed over whole waits for its other parts, and what is gone waits for nothing.
_LATE: Final = """
SELECT json_group_array(json_array(h.seq, h.told_ms, coalesce(m.status, '') <> 'queued')) FROM (
  SELECT seq, told_ms FROM half_told WHERE told_ms < ? ORDER BY told_ms LIMIT ?) h
LEFT JOIN message m ON m.seq = h.seq
"""


def read_siblings(connection: apsw.Connection, seqs: Iterable[int]) -> list[Sibling]:
    """Return all parts of messages."""
    return read_rows(connection, _SIBLINGS, (as_json(list(seqs)),), Sibling)


def fold_told(connection: apsw.Connection, words: Mapping[int, LastWord]) -> list[Move]:
    """Return where messages (by seq) stand now that their parts have moved, and remember those that lack receipts."""
    if not words:
        return []
    standings = _standings(read_siblings(connection, words))
    moves: list[Move] = []
    half_told: list[tuple[int, int]] = []
    for seq, word in words.items():
        folded = fold(standings[seq], is_whole=word.is_handed)
        if folded is not None:
            moves.append(_move(seq, folded, word))
        if folded is None or not is_final(folded):
            half_told.append((seq, word.received_ms))
    connection.execute(_TOLD, (as_json(list(words)),))
    connection.execute(_HALF_TOLD, (as_json(half_told),))
    return moves


def fold_late(connection: apsw.Connection, moments_ms: list[int]) -> list[frozenset[str]]:
    """End the messages of which no receipt came for `FOLD_AFTER`, by the parts that have one."""
    now_ms = max(moments_ms)
    late = read_rows(connection, _LATE, (now_ms - _FOLD_AFTER_MS, FOLD_LIMIT), tuple[int, int, int])
    parts = [part for part in read_siblings(connection, (seq for seq, _, _ in late)) if _is_told(part)]
    standings = _standings(parts)
    moves = [
        Move(seq=seq, standing=folded, error_code=0, at_ms=told_ms)
        for seq, told_ms, is_handed in late
        if is_handed and (folded := fold(standings.get(seq, []), is_whole=True)) is not None
    ]
    connection.execute(_TOLD, (as_json([seq for seq, _, _ in late]),))
    connection.execute(_HALF_TOLD, (as_json([(seq, now_ms) for seq, _, is_handed in late if not is_handed]),))
    return [progress(connection, moves)] * len(moments_ms)


def _move(seq: int, standing: Standing, word: LastWord) -> Move:
    return Move(
        seq=seq,
        standing=standing,
        error_code=word.error_code,
        at_ms=word.at_ms,
        carrier_error=word.carrier_error,
    )


def _is_told(part: Sibling) -> bool:
    return part.status is not MessageStatus.SENT


def _standings(parts: Iterable[Sibling]) -> dict[int, list[Standing]]:
    """Return by message where its parts stand; one that was submitted twice counts as the better of the two."""
    known: dict[int, dict[int, Standing]] = {}
    for part in parts:
        standing = Standing(part.status, part.detail)
        numbers = known.setdefault(part.seq, {})
        numbers[part.number] = advance(numbers[part.number], standing) if part.number in numbers else standing
    return {seq: list(numbers.values()) for seq, numbers in known.items()}
