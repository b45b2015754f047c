"""Goals that are still looked for: written with a recording, read with facts, deleted when their time is over."""

from collections.abc import Iterable, Sequence
from typing import Final

import apsw
import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.platform.backends.embedded import bulk
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.goal import GoalWatch

_OVER_LIMIT: Final = 500  # that one transaction deletes


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording changes here, as SQL takes it; what is empty writes nothing."""

    gone: str
    begun: list[tuple[bulk.Cell, ...]]
    now_ms: int


def rows_of(watched: Sequence[GoalWatch], unwatched: Iterable[GoalWatch]) -> Rows:
    """Return the rows of a recording."""
    gone = [(one.profile_id, one.id) for one in unwatched]
    return Rows(
        gone=encode(gone) if gone else "",
        begun=[(one.profile_id, one.id, to_ms(one.until), encode(one)) for one in watched],
        now_ms=max((to_ms(one.entrance.received_at) for one in watched), default=0),
    )


_GONE = """
DELETE FROM goal_watch WHERE (profile, id) IN (
  SELECT profile.seq, given.value->>1 FROM json_each(?) AS given CROSS JOIN profile ON profile.id = given.value->>0)
"""
_BEGUN = """
WITH begun (profile, id, until_ms, body) AS (VALUES {rows})
INSERT OR REPLACE INTO goal_watch (profile, id, until_ms, body)
SELECT profile.seq, begun.id, begun.until_ms, begun.body FROM begun CROSS JOIN profile ON profile.id = begun.profile
"""
_OVER = """
DELETE FROM goal_watch WHERE (profile, id) IN (
  SELECT profile, id FROM goal_watch WHERE until_ms < ? ORDER BY until_ms LIMIT ?)
"""


def write(connection: apsw.Connection, rows: Rows) -> None:
    """Write all of it; the profiles have been. Whoever begins to look also clears what is over."""
    if rows.gone:
        connection.execute(_GONE, (rows.gone,))
    if rows.begun:
        bulk.write(connection, _BEGUN, rows.begun)
        connection.execute(_OVER, (rows.now_ms, _OVER_LIMIT))


_FIRST = "SELECT min(profile) FROM goal_watch"
_OF_PROFILES = """
SELECT group_concat(g.body) FROM json_each(?) AS given CROSS JOIN goal_watch AS g ON g.profile = given.value
"""
_WATCHES = decoder(list[GoalWatch])


def of_profiles(connection: apsw.Connection, seqs: Iterable[int]) -> Sequence[GoalWatch]:
    """Return the goals that these people may still reach."""
    if connection.execute(_FIRST).get is None:
        return ()
    return _WATCHES.decode(lines_of(connection.execute(_OF_PROFILES, (encode(list(seqs)),)).get))
