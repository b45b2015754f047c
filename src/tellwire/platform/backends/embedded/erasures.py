"""Receipts of erasures, and the slices in which what has to be looked for is found and deleted.

    activity -> messages -> decisions -> stream -> runs -> (finished)

Each slice is one transaction of some milliseconds that also writes how far it came: a crash repeats none and misses
none. One erasure after the other, the oldest first.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.retention import Step
from tellwire.platform.backends.embedded import erased_messages, erased_stream
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.embedded.profile_hash import profile_hash
from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.people import Erasure

EVENTS_LIMIT: Final = 100
MESSAGES_LIMIT: Final = 500  # that one slice looks at
DECISIONS_LIMIT: Final = 1_000
CHUNKS_LIMIT: Final = 50
RUNS_LIMIT: Final = 200


class _Names(NamedTuple):
    """What somebody was called, and the keys of their numbers."""

    subjects: tuple[Subject, ...]
    numbers: tuple[int, ...]


class _Erasing(NamedTuple):
    seq: int
    profile_id: ProfileId
    at_ms: int
    upto: int
    stage: str
    place: int
    names: _Names
    rows: dict[str, int]


_Place: TypeAlias = int | None
_Slice: TypeAlias = Callable[[apsw.Connection, _Erasing, Counter[str]], _Place]


def keys_of(profile: Profile) -> list[str]:
    """Return by what lists know somebody."""
    number = [] if profile.phone is None else [f"phone:{profile.phone.digits}"]
    return [*(one.key for one in profile.subjects), *number]


_ADD: Final = """
INSERT INTO erasure (id, profile_id, author, at_ms, upto, stage, place, names, rows)
VALUES (?, ?, ?, ?, (SELECT ifnull(max(position), 0) FROM chunk), 'activity', 0, ?, ?)
"""


def add(
    connection: apsw.Connection, profile: Profile, receipt: str, by: str, at: datetime, rows: Counter[str]
) -> Erasure:
    """Keep a receipt, and what there is to look for."""
    numbers = () if profile.phone is None else (int(profile.phone.digits),)
    names, deleted = _Names(profile.subjects, numbers), _some(rows)
    connection.execute(_ADD, (receipt, profile.id, by, to_ms(at), encode(names), encode(deleted)))
    return Erasure(id=receipt, at=at, by=by, rows=deleted)


_LINES: Final = "json_array(id, at_ms, author, finished_ms, json(rows))"
_ONE: Final = f"SELECT json_group_array({_LINES}) FROM erasure WHERE id = ?"  # noqa: S608 - of constants
_LAST: Final = f"""
SELECT json_group_array({_LINES} ORDER BY seq DESC) FROM (SELECT * FROM erasure ORDER BY seq DESC LIMIT ?)
"""  # noqa: S608
_RECEIPTS = decoder(list[tuple[str, int, str, int | None, dict[str, int]]])


def one(connection: apsw.Connection, receipt: str) -> Erasure | None:
    """Return a receipt."""
    return next(iter(_receipts(connection.execute(_ONE, (receipt,)).get)), None)


def last(connection: apsw.Connection, limit: int) -> list[Erasure]:
    """Return the last receipts, newest first."""
    return _receipts(connection.execute(_LAST, (limit,)).get)


def _receipts(lines: str) -> list[Erasure]:
    return [
        Erasure(
            id=receipt,
            at=from_ms(at_ms),
            by=by,
            finished_at=None if finished_ms is None else from_ms(finished_ms),
            rows=rows,
        )
        for receipt, at_ms, by, finished_ms, rows in _RECEIPTS.decode(lines)
    ]


_NEXT: Final = """
SELECT json_array(seq, profile_id, at_ms, upto, stage, place, json(names), json(rows)) FROM erasure
WHERE finished_ms IS NULL ORDER BY seq LIMIT 1
"""
_ERASING = decoder(_Erasing)
_WRITE: Final = "UPDATE erasure SET stage = ?, place = ?, names = ?, rows = ?, finished_ms = ? WHERE seq = ?"
_NO_NAMES: Final = encode(_Names((), ()))


def go_on(connection: apsw.Connection, moments_ms: list[int]) -> list[Step]:
    """Take one slice for each call."""
    return [_go_on(connection, now_ms) for now_ms in moments_ms]


def _go_on(connection: apsw.Connection, now_ms: int) -> Step:
    line = connection.execute(_NEXT).get
    if line is None:
        return Step(rows={}, resume=None)
    erasing = _ERASING.decode(line)
    deleted: Counter[str] = Counter()
    place = _SLICES[erasing.stage](connection, erasing, deleted)
    rows = _some(Counter(erasing.rows) + deleted)
    stage, names, finished_ms = erasing.stage, encode(erasing.names), None
    is_waiting = place == erasing.place
    if place is None:
        stage, place = _following(stage), 0
        if not stage:
            names, finished_ms = _NO_NAMES, now_ms
    connection.execute(_WRITE, (stage, place, names, encode(rows), finished_ms, erasing.seq))
    return Step(rows=_some(deleted), resume=None if is_waiting else 1)


def _following(stage: str) -> str:
    stages = list(_SLICES)
    place = stages.index(stage) + 1
    return stages[place] if place < len(stages) else ""


def _some(rows: Mapping[str, int]) -> dict[str, int]:
    return {table: count for table, count in rows.items() if count}


_EVENTS: Final = """
SELECT json_group_array(json_array(seq, json(body), seq = (SELECT max(seq) FROM activity))) FROM (
  SELECT seq, body FROM activity WHERE profile_hash = ? AND profile_id = ? ORDER BY seq LIMIT ?)
"""
_EVENT_ROWS = decoder(list[tuple[int, Event, int]])
_DECISIONS_OF: Final = "DELETE FROM decision WHERE event_id IN (SELECT value FROM json_each(?))"
_DELETE_EVENTS: Final = "DELETE FROM activity WHERE seq IN (SELECT value FROM json_each(?))"
# The newest keeps its row, for its number is a place.
_BLANK_EVENT: Final = (
    "UPDATE activity SET profile_id = '', profile_hash = 0, name = '', body = ? WHERE seq = ?"
)


def _activity(connection: apsw.Connection, erasing: _Erasing, deleted: Counter[str]) -> _Place:
    profile_id = erasing.profile_id
    lines = connection.execute(_EVENTS, (profile_hash(profile_id), profile_id, EVENTS_LIMIT)).get
    rows = _EVENT_ROWS.decode(lines)
    if not rows:
        return None
    _delete(connection, _DECISIONS_OF, encode([event.id for _, event, _ in rows]), deleted, "decision")
    _delete(
        connection,
        _DELETE_EVENTS,
        encode([seq for seq, _, is_last in rows if not is_last]),
        deleted,
        "activity",
    )
    for seq, event, is_last in rows:
        if is_last:
            connection.execute(_BLANK_EVENT, (encode(erased_stream.blank(event)), seq))
            deleted["activity"] += 1
    return erasing.place + 1


_MESSAGES_END: Final = "SELECT max(seq) FROM message"


def _messages(connection: apsw.Connection, erasing: _Erasing, deleted: Counter[str]) -> _Place:
    """Look at some messages; while one of the person's is in hand, wait."""
    is_in_hand = erased_messages.delete_slice(
        connection, erasing.profile_id, erasing.place, MESSAGES_LIMIT, deleted
    )
    return erasing.place if is_in_hand else _onward(connection, _MESSAGES_END, erasing.place, MESSAGES_LIMIT)


_DECISIONS: Final = """
DELETE FROM decision WHERE rowid > ?1 AND rowid <= ?1 + ?2 AND body->>'profile_id' = ?3
"""
_DECISIONS_END: Final = "SELECT max(rowid) FROM decision"


def _decisions(connection: apsw.Connection, erasing: _Erasing, deleted: Counter[str]) -> _Place:
    """Look at some decisions: those that no event led to."""
    connection.execute(_DECISIONS, (erasing.place, DECISIONS_LIMIT, erasing.profile_id))
    deleted["decision"] += connection.changes()
    return _onward(connection, _DECISIONS_END, erasing.place, DECISIONS_LIMIT)


def _stream(connection: apsw.Connection, erasing: _Erasing, deleted: Counter[str]) -> _Place:
    """Look at some chunks of the stream, up to where it ended when somebody was erased: all of that was decided."""
    place, count = erased_stream.blank_slice(
        connection, erasing.names.subjects, erasing.place, erasing.upto, CHUNKS_LIMIT
    )
    deleted["entry"] += count
    return place


_RUNS: Final = """
SELECT json_group_array(json_array(rowid, campaign_id, run)) FROM (
  SELECT row_number() OVER (ORDER BY at_ms, campaign_id, run) AS rowid, campaign_id, run FROM campaign_run
  ORDER BY at_ms, campaign_id, run LIMIT ?2 OFFSET ?1)
"""
_RUN_ROWS = decoder(list[tuple[int, int, str]])
_NUMBER: Final = """
DELETE FROM run_number WHERE campaign_id = ? AND run = ? AND phone IN (SELECT value FROM json_each(?))
"""


def _runs(connection: apsw.Connection, erasing: _Erasing, deleted: Counter[str]) -> _Place:
    """Forget in some runs of schedules that somebody's number was written to."""
    runs = _RUN_ROWS.decode(connection.execute(_RUNS, (erasing.place, RUNS_LIMIT)).get)
    for _, campaign_id, run in runs:
        connection.execute(_NUMBER, (campaign_id, run, encode(erasing.names.numbers)))
        deleted["run_number"] += connection.changes()
    return erasing.place + RUNS_LIMIT if len(runs) == RUNS_LIMIT else None


_SLICES: Final[Mapping[str, _Slice]] = {
    "activity": _activity,
    "messages": _messages,
    "decisions": _decisions,
    "stream": _stream,
    "runs": _runs,
}


def _onward(connection: apsw.Connection, end: str, place: int, limit: int) -> _Place:
    newest = connection.execute(end).get
    return None if newest is None or place + limit >= newest else place + limit


def _delete(
    connection: apsw.Connection, statement: str, rows: str, deleted: Counter[str], table: str
) -> None:
    connection.execute(statement, (rows,))
    deleted[table] += connection.changes()
