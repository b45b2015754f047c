"""Trials of splits and who is in them: written with a recording, read with facts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import apsw
import msgspec

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.backends.embedded import bulk
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.trial import Trial, Tried

_DUE_LIMIT: Final = 100  # trials that one step decides

PlaceOfTrial = tuple[CampaignId, str]  # a campaign and a run


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording changes here, as SQL takes it; what is empty writes nothing."""

    trials: list[tuple[bulk.Cell, ...]]
    gone: str
    tried: list[tuple[bulk.Cell, ...]]


def rows_of(trials: Iterable[Trial], tried: Iterable[Tried], untried: Iterable[Tried]) -> Rows:
    """Return the rows of a recording."""
    gone = [(one.profile_id, one.id, one.step) for one in untried]
    return Rows(
        trials=[_trial(one) for one in trials],
        gone=encode(gone) if gone else "",
        tried=[(one.profile_id, one.id, one.step, to_ms(one.joined_at), encode(one)) for one in tried],
    )


_TRIALS = """
WITH given (campaign_id, run, step, version, due_ms, body) AS (VALUES {rows})
INSERT OR REPLACE INTO trial (campaign_id, run, step, version, due_ms, body)
SELECT * FROM given WHERE campaign_id IS NOT NULL
"""
_GONE = """
DELETE FROM tried WHERE (profile, id, step) IN (
  SELECT profile.seq, given.value->>1, given.value->>2
  FROM json_each(?) AS given CROSS JOIN profile ON profile.id = given.value->>0)
"""
_TRIED = """
WITH given (profile, id, step, at_ms, body) AS (VALUES {rows})
INSERT OR REPLACE INTO tried (profile, id, step, at_ms, body)
SELECT profile.seq, given.id, given.step, given.at_ms, given.body
FROM given CROSS JOIN profile ON profile.id = given.profile
"""


def write(connection: apsw.Connection, rows: Rows) -> None:
    """Write all of it; the profiles have been."""
    if rows.trials:
        bulk.write(connection, _TRIALS, rows.trials)
    if rows.gone:
        connection.execute(_GONE, (rows.gone,))
    if rows.tried:
        bulk.write(connection, _TRIED, rows.tried)


_FIRST = "SELECT min(profile) FROM tried"
_OF_PROFILES = """
SELECT group_concat(t.body) FROM json_each(?) AS given CROSS JOIN tried AS t ON t.profile = given.value
"""
_TRIED_BODIES = decoder(list[Tried])


def of_profiles(connection: apsw.Connection, seqs: Iterable[int]) -> Sequence[Tried]:
    """Return in which trials these people are."""
    if connection.execute(_FIRST).get is None:
        return ()
    return _TRIED_BODIES.decode(lines_of(connection.execute(_OF_PROFILES, (encode(list(seqs)),)).get))


_ANY = "SELECT min(campaign_id) FROM trial"


def has_any(connection: apsw.Connection) -> bool:
    """Say whether there ever was a trial: most stores have none."""
    return connection.execute(_ANY).get is not None


_OF_PLACES = """
SELECT group_concat(t.body) FROM json_each(?) AS given
CROSS JOIN trial AS t ON t.campaign_id = given.value->>0 AND t.run = given.value->>1
"""
_DUE = "SELECT group_concat(body) FROM (SELECT body FROM trial WHERE due_ms < ? ORDER BY due_ms LIMIT ?)"
_NEXT_DUE = "SELECT min(due_ms) FROM trial WHERE due_ms IS NOT NULL"
_BODIES = decoder(list[Trial])


def of_places(connection: apsw.Connection, places: Iterable[PlaceOfTrial]) -> Sequence[Trial]:
    """Return the trials of these campaigns and runs, of all versions."""
    wanted = encode(list(dict.fromkeys(places)))
    return _BODIES.decode(lines_of(connection.execute(_OF_PLACES, (wanted,)).get))


def due(connection: apsw.Connection, before: datetime) -> Sequence[Trial]:
    """Return the trials that are to be decided before this moment, the first ones."""
    return _BODIES.decode(lines_of(connection.execute(_DUE, (to_ms(before), _DUE_LIMIT)).get))


def next_due(connection: apsw.Connection) -> datetime | None:
    """Return when the next trial is to be decided, None if there is none."""
    due_ms = connection.execute(_NEXT_DUE).get
    return None if due_ms is None else from_ms(due_ms)


_OF_CAMPAIGN = """
SELECT group_concat(body, ',' ORDER BY began DESC) FROM (
  SELECT body, body->>'began_at' AS began FROM trial
  WHERE campaign_id = ? AND body->>'moved_to' = 0 ORDER BY began DESC LIMIT ?)
"""


def of_campaign(connection: apsw.Connection, campaign_id: CampaignId, limit: int) -> list[Trial]:
    """Return the last trials of a campaign, the newest first, each where it goes on."""
    return _BODIES.decode(lines_of(connection.execute(_OF_CAMPAIGN, (campaign_id, limit)).get))


def _trial(one: Trial) -> tuple[bulk.Cell, ...]:
    due_ms = to_ms(one.due_at) if one.is_open else None
    return (one.campaign_id, one.run, one.step, one.version, due_ms, encode(one))
