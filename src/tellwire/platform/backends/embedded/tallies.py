"""What is counted of people for the rules that ask: written with a recording, read with facts, filled from activity."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import apsw
import msgspec

from tellwire.platform.backends.embedded import bulk
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.tally import Cell, Filled, Filling, Question, Tallied

PASSED_LIMIT: Final = 20_000  # rows of activity that one read goes by, matching or not: some 10 ms

_ASKED = "SELECT json_group_array(json_array(id, key, after IS NULL)) FROM asked"
_ASKED_ROWS = decoder(list[tuple[int, str, int]])
_TALLIES = """
SELECT group_concat('[' || t.profile || ',' || t.asked || ',' || t.cells || ']') FROM json_each(?) AS given
CROSS JOIN tally AS t ON t.profile = given.value
"""
_TALLY_ROWS = decoder(list[tuple[int, int, msgspec.Raw]])


class Tallies(NamedTuple):
    """What `Facts` says of tallies."""

    tallies: Mapping[ProfileId, Mapping[str, msgspec.Raw]] = {}
    counted: frozenset[str] = frozenset()
    counting: frozenset[str] = frozenset()


def of_profiles(connection: apsw.Connection, by_seq: Mapping[int, Profile]) -> Tallies:
    """Return what is counted of these people."""
    lines = _ASKED_ROWS.decode(connection.execute(_ASKED).get)
    if not lines:
        return Tallies()
    keys = {number: key for number, key, _ in lines}
    tallies: dict[ProfileId, dict[str, msgspec.Raw]] = {}
    rows = lines_of(connection.execute(_TALLIES, (encode(list(by_seq)),)).get)
    for seq, number, cells in _TALLY_ROWS.decode(rows):
        if number in keys:
            tallies.setdefault(by_seq[seq].id, {})[keys[number]] = cells
    return Tallies(
        tallies,
        frozenset(key for _, key, is_filled in lines if is_filled),
        frozenset(key for _, key, is_filled in lines if not is_filled),
    )


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording changes here, as SQL takes it; what is empty writes nothing."""

    kept: list[tuple[bulk.Cell, ...]]
    gone: str


def rows_of(tallied: Iterable[Tallied]) -> Rows:
    """Return the rows of a recording."""
    kept, gone = list[tuple[bulk.Cell, ...]](), list[tuple[ProfileId, str]]()
    for one in tallied:
        if one.cells:
            kept.append((one.profile_id, one.key, encode(list(map(_short, one.cells)))))
        else:
            gone.append((one.profile_id, one.key))
    return Rows(kept=kept, gone=encode(gone) if gone else "")


def _short(cell: Cell) -> Sequence[object]:
    """Return the members of a cell up to the last that says something: what is left out is read as its default."""
    if cell.first is not None:
        return msgspec.structs.astuple(cell)
    if cell.amounts:
        return msgspec.structs.astuple(cell)[:7]
    return (cell.first_ms, cell.last_ms, cell.times)


_KEPT = """
WITH given (profile, key, cells) AS (VALUES {rows})
INSERT INTO tally (profile, asked, cells)
SELECT profile.seq, asked.id, given.cells FROM given
CROSS JOIN profile ON profile.id = given.profile CROSS JOIN asked ON asked.key = given.key WHERE true
ON CONFLICT (profile, asked) DO UPDATE SET cells = excluded.cells
"""
_GONE = """
DELETE FROM tally WHERE (profile, asked) IN (
  SELECT profile.seq, asked.id FROM json_each(?) AS given
  CROSS JOIN profile ON profile.id = given.value->>0 CROSS JOIN asked ON asked.key = given.value->>1)
"""
_MERGED_BEFORE = """
UPDATE absorbed SET into_id = given.value->>1 FROM json_each(?) AS given WHERE absorbed.into_id = given.value->>0
"""
_MERGED = """
INSERT OR REPLACE INTO absorbed (profile_id, into_id) SELECT value->>0, value->>1 FROM json_each(?)
"""


def write(connection: apsw.Connection, rows: Rows, merged: Sequence[tuple[ProfileId, ProfileId]]) -> None:
    """Write all of it, and who became part of whom; the profiles have been."""
    if rows.gone:
        connection.execute(_GONE, (rows.gone,))
    if rows.kept:
        bulk.write(connection, _KEPT, rows.kept)
    for pair in merged:
        cells = (encode([pair]),)
        connection.execute(_MERGED_BEFORE, cells)
        connection.execute(_MERGED, cells)


_UNASK = "DELETE FROM asked WHERE key NOT IN (SELECT value FROM json_each(?))"
_ASK = """
INSERT OR IGNORE INTO asked (key, event, after, upto)
SELECT value->>0, value->>1, 0, (SELECT ifnull(max(seq), 0) FROM activity) FROM json_each(?)
"""


def ask(connection: apsw.Connection, calls: list[Sequence[Question]]) -> list[None]:
    """Count for these questions and no others."""
    for questions in calls:
        connection.execute(_UNASK, (encode([one.key for one in questions]),))
        connection.execute(_ASK, (encode([(one.key, one.event) for one in questions]),))
    return [None for _ in calls]


def asks(connection: apsw.Connection) -> frozenset[str]:
    """Return the keys of the questions that are counted."""
    return frozenset(key for _, key, _ in _ASKED_ROWS.decode(connection.execute(_ASKED).get))


_NEXT = """
SELECT json_group_array(json_array(key, event, after, upto)) FROM asked
WHERE (after, upto) = (SELECT after, upto FROM asked WHERE after IS NOT NULL ORDER BY id LIMIT 1)
"""
_NEXT_ROWS = decoder(list[tuple[str, str, int, int]])
_EVENTS = """
SELECT group_concat('[' || seq || ',' || json_quote(profile_id) || ',' || body || ']') FROM (
  SELECT a.seq, ifnull(m.into_id, a.profile_id) AS profile_id, a.body FROM activity AS a
  LEFT JOIN absorbed AS m ON m.profile_id = a.profile_id
  WHERE a.seq > ?1 AND a.seq <= ?2 AND a.name IN (SELECT value FROM json_each(?3)) ORDER BY a.seq LIMIT ?4)
"""
_EVENT_ROWS = decoder(list[tuple[int, ProfileId, Event]])
_TALLIES_OF = """
SELECT group_concat('[' || json_quote(p.id) || ',' || json_quote(asked.key) || ',' || t.cells || ']')
FROM json_each(?1) AS given CROSS JOIN profile AS p ON p.id = given.value CROSS JOIN tally AS t ON t.profile = p.seq
CROSS JOIN asked ON asked.id = t.asked WHERE asked.key IN (SELECT value FROM json_each(?2))
"""
_TALLIED = decoder(list[tuple[ProfileId, str, list[Cell]]])


def filling(connection: apsw.Connection, limit: int) -> Filling | None:
    """Return the next events to be counted; see the port. Those asked at one time are filled together."""
    rows = _NEXT_ROWS.decode(connection.execute(_NEXT).get)
    if not rows:
        return None
    keys, names = [key for key, _, _, _ in rows], sorted({event for _, event, _, _ in rows})
    after, upto = rows[0][2], rows[0][3]
    passed = min(upto, after + PASSED_LIMIT)
    text = connection.execute(_EVENTS, (after, passed, encode(names), limit)).get
    events = _EVENT_ROWS.decode(lines_of(text))
    last = events[-1][0] if len(events) == limit else passed
    people = list({profile_id: None for _, profile_id, _ in events})
    tallies = connection.execute(_TALLIES_OF, (encode(people), encode(keys))).get if people else ""
    return Filling(
        keys=frozenset(keys),
        after=after,
        last=last,
        is_last=last >= upto,
        events=[(profile_id, event) for _, profile_id, event in events],
        tallies=[Tallied(*one) for one in _TALLIED.decode(lines_of(tallies))],
    )


_GO_ON = """
UPDATE asked SET after = ?3 WHERE after = ?2 AND key IN (SELECT value FROM json_each(?1)) RETURNING id
"""


def fill(connection: apsw.Connection, calls: list[Filled]) -> list[None]:
    """Keep what fillings led to, each unless it is not the next one."""
    for one in calls:
        slice_ = one.filling
        to = None if slice_.is_last else slice_.last
        gone_on = connection.execute(_GO_ON, (encode(sorted(slice_.keys)), slice_.after, to)).fetchall()
        if gone_on:
            write(connection, rows_of(one.tallied), ())
    return [None for _ in calls]


_UNASKED = (
    "DELETE FROM tally WHERE (profile, asked) IN (SELECT profile, asked FROM tally WHERE asked = ? LIMIT ?)"
)
_UNASKED_IDS = """
WITH RECURSIVE had (id) AS (
  SELECT min(asked) FROM tally UNION ALL SELECT (SELECT min(asked) FROM tally WHERE asked > had.id) FROM had
  WHERE had.id IS NOT NULL)
SELECT id FROM had WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM asked) LIMIT 1
"""


def forget_unasked(connection: apsw.Connection, calls: list[int]) -> list[int]:
    """Forget some tallies of questions that nobody asks any more."""
    return [_forget_unasked(connection, limit) for limit in calls]


def _forget_unasked(connection: apsw.Connection, limit: int) -> int:
    number = connection.execute(_UNASKED_IDS).get
    if number is None:
        return 0
    connection.execute(_UNASKED, (number, limit))
    return connection.changes()
