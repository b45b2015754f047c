"""Audiences of runs: taken down a slice at a time before the first message, then read page by page.

A slice is one row of `audience` for some hundred members: their places, ascending. What is saved while an audience is
taken down lets it begin anew, if it may be for others then: nobody is chosen by two different rules.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.run import AudienceSlice, Candidate, Choosing, RunRecord, Sweep, SweepPage

ROW_MEMBERS: Final = 500  # of one row: a page reads few that it does not need

_CHOOSING = """
SELECT s.campaign_id, s.run, s.at_ms, s.after, ifnull(s.upto, (SELECT ifnull(max(seq), 0) FROM profile)), r.body
FROM sweep AS s LEFT JOIN campaign_run AS r ON r.campaign_id = s.campaign_id AND r.run = s.run AND s.upto IS NOT NULL
WHERE s.is_paused = 0 AND s.next_ms <= ? AND s.run <> '' AND s.is_chosen = 0 ORDER BY s.next_ms LIMIT 1
"""
_RECORD = decoder(RunRecord)


def choosing(connection: apsw.Connection, now: datetime) -> Choosing | None:
    """Return the first run that is due and whose audience does not stand yet, None if there is none."""
    row = next(connection.execute(_CHOOSING, (to_ms(now),)), None)
    if row is None:
        return None
    campaign_id, run, at_ms, after, upto, body = row
    sweep = Sweep(campaign_id=campaign_id, run=run, at=from_ms(at_ms))
    record = None if body is None else _RECORD.decode(body)
    return Choosing(sweep=sweep, after=after, upto=upto, record=record)


_SOME_PEOPLE = """
SELECT group_concat('[' || seq || ',' || body || ']') FROM (
  SELECT seq, body FROM profile WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)
"""
_CANDIDATES = decoder(list[tuple[int, Candidate]])
_PEOPLE = decoder(list[tuple[int, Profile]])


def candidates(
    connection: apsw.Connection, choosing: Choosing, limit: int
) -> Sequence[tuple[int, Candidate]]:
    """Return the next people who are to be looked at, with their places, as far as rules about properties look."""
    return sorted(_CANDIDATES.decode(_some(connection, choosing, limit)), key=_place)


def crowd(connection: apsw.Connection, choosing: Choosing, limit: int) -> "Page":
    """Return the same people whole."""
    people = sorted(_PEOPLE.decode(_some(connection, choosing, limit)), key=_place)
    return Page(SweepPage(sweep=choosing.sweep, people=people, is_last=len(people) < limit), dict(people))


def _some(connection: apsw.Connection, choosing: Choosing, limit: int) -> str:
    return lines_of(connection.execute(_SOME_PEOPLE, (choosing.after, choosing.upto, limit)).get)


def _place(row: tuple[int, object]) -> int:
    return row[0]


# Not a slice that was decided by an older catalog, and none twice.
_TAKE = """
UPDATE sweep SET after = iif(?5, -1, ?4), upto = ?6, is_chosen = ?5
WHERE campaign_id = ?1 AND run = ?2 AND after = ?3 AND NOT is_chosen AND (SELECT version FROM catalog) = ?7
"""
_ADD = "INSERT INTO audience (campaign_id, run, last, members) VALUES (?, ?, ?, ?)"
_RUN = "INSERT OR REPLACE INTO campaign_run (campaign_id, run, at_ms, body) VALUES (?, ?, ?, ?)"
_OVER = "DELETE FROM sweep WHERE campaign_id = ? AND run = ?"


def take(connection: apsw.Connection, one: AudienceSlice) -> bool:
    """Write a slice, and say whether it was the next."""
    was, sweep = one.choosing, one.choosing.sweep
    key = (sweep.campaign_id, sweep.run)
    connection.execute(_TAKE, (*key, was.after, one.last, one.is_last, was.upto, one.catalog_version))
    if not connection.changes():
        return False
    write(connection, sweep, one.members)
    connection.execute(_RUN, (*key, to_ms(sweep.at), encode(one.record)))
    if one.record.is_swept:
        connection.execute(_OVER, key)
    return True


def write(connection: apsw.Connection, sweep: Sweep, members: Sequence[int]) -> None:
    """Add people to an audience, after those who are in it."""
    for first in range(0, len(members), ROW_MEMBERS):
        some = members[first : first + ROW_MEMBERS]
        connection.execute(_ADD, (sweep.campaign_id, sweep.run, some[-1], encode(some)))


class Page(NamedTuple):
    """A page, and the profiles of it by their own places."""

    page: SweepPage
    by_seq: dict[int, Profile]


_ROWS = "SELECT members FROM audience WHERE campaign_id = ? AND run = ? AND last > ? ORDER BY last"
_PLACES = decoder(list[int])
_MEMBERS = """
SELECT group_concat('[' || profile.seq || ',' || profile.body || ']') FROM json_each(?) AS given
CROSS JOIN profile ON profile.seq = given.value
"""


def page(connection: apsw.Connection, sweep: Sweep, after: int, limit: int) -> Page:
    """Return the members of a run's audience who are next after this place.

    One who became part of another person meanwhile stands there as that one, unless that one has a turn anyway.
    """
    places = _next(connection, sweep, after, limit)
    by_seq = _profiles(connection, places)
    turns = {place: place for place in places if place in by_seq}
    gone = [place for place, profile in by_seq.items() if not profile.subjects]
    for place in gone:
        taker = _taker(connection, sweep, place)
        if taker is not None:
            turns[place] = taker
            by_seq |= _profiles(connection, [taker])
            del by_seq[place]
    people = [(place, by_seq[seq]) for place, seq in turns.items()]
    return Page(SweepPage(sweep=sweep, people=people, is_last=len(places) < limit), by_seq)


def _profiles(connection: apsw.Connection, places: Sequence[int]) -> dict[int, Profile]:
    return dict(_PEOPLE.decode(lines_of(connection.execute(_MEMBERS, (encode(places),)).get)))


def _next(connection: apsw.Connection, sweep: Sweep, after: int, limit: int) -> list[int]:
    places = list[int]()
    for (members,) in connection.execute(_ROWS, (sweep.campaign_id, sweep.run, after)):
        places += (place for place in _PLACES.decode(members) if place > after)
        if len(places) >= limit:
            break
    return places[:limit]


def _is_member(connection: apsw.Connection, sweep: Sweep, place: int) -> bool:
    row = next(connection.execute(_ROWS, (sweep.campaign_id, sweep.run, place - 1)), None)
    return row is not None and place in _PLACES.decode(row[0])


_BECAME = "SELECT into_profile FROM merger WHERE profile = ?"
_OTHERS = "SELECT profile FROM merger WHERE into_profile = ?1 AND profile < ?2"


def _taker(connection: apsw.Connection, sweep: Sweep, place: int) -> int | None:
    """Return who has the turn of a member who is nobody any more, None if it is lost."""
    taker = connection.execute(_BECAME, (place,)).get
    if taker is None or _is_member(connection, sweep, taker):
        return None
    others = connection.execute(_OTHERS, (taker, place))
    return None if any(_is_member(connection, sweep, other) for (other,) in others) else int(taker)


# Whoever had become part of the one that becomes part of another goes with it.
_MERGE = """
INSERT OR REPLACE INTO merger (profile, into_profile)
SELECT giver.seq, taker.seq FROM json_each(?) AS given
CROSS JOIN profile AS giver ON giver.id = given.value->>0 CROSS JOIN profile AS taker ON taker.id = given.value->>1
WHERE EXISTS (SELECT 1 FROM sweep WHERE is_chosen IN (0, 1) AND upto IS NOT NULL AND run <> '')
"""
_FOLLOW = """
UPDATE merger SET into_profile = (SELECT m.into_profile FROM merger AS m WHERE m.profile = merger.into_profile)
WHERE into_profile IN (
  SELECT giver.seq FROM json_each(?) AS given CROSS JOIN profile AS giver ON giver.id = given.value->>0)
"""
_FORGET = """
DELETE FROM merger WHERE NOT EXISTS (
  SELECT 1 FROM sweep WHERE is_chosen IN (0, 1) AND upto IS NOT NULL AND run <> '')
"""


def merge(connection: apsw.Connection, merged: Sequence[tuple[ProfileId, ProfileId]]) -> None:
    """Note who became part of whom, while a run is under way; the profiles have been written."""
    pairs = encode(merged)
    connection.execute(_MERGE, (pairs,))
    connection.execute(_FOLLOW, (pairs,))


def forget_mergers(connection: apsw.Connection) -> None:
    """Forget who became part of whom, when no run is under way any more."""
    connection.execute(_FORGET)


_UNDER_WAY = """
SELECT json_group_array(DISTINCT campaign_id) FROM sweep WHERE is_chosen = 0 AND upto IS NOT NULL AND run <> ''
"""
_IDS = decoder(list[CampaignId])


def under_way(connection: apsw.Connection) -> list[CampaignId]:
    """Return the campaigns with an audience that is being taken down."""
    return _IDS.decode(connection.execute(_UNDER_WAY).get)


_ANEW_AUDIENCE = """
DELETE FROM audience WHERE (campaign_id, run) IN (
  SELECT campaign_id, run FROM sweep WHERE is_chosen = 0 AND campaign_id = ?1 AND upto IS NOT NULL AND run <> '')
"""
_ANEW = """
UPDATE sweep SET after = -1, upto = NULL
WHERE is_chosen = 0 AND campaign_id = ?1 AND upto IS NOT NULL AND run <> ''
"""


def begin_anew(connection: apsw.Connection, campaign_id: CampaignId) -> None:
    """Let the audiences of a campaign that do not stand yet be taken down anew."""
    connection.execute(_ANEW_AUDIENCE, (campaign_id,))
    connection.execute(_ANEW, (campaign_id,))
