"""What profiles did, who they are, and what was decided: the statements of `reports` about events and profiles."""

from collections.abc import Iterable

import apsw
import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.profile_hash import profile_hash
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.value import fold
from tellwire.platform.ports.message_reports import EventRow

PROFILES_LIMIT = 20
_FROM_NEWEST = 2**62  # above every seq

_ROWS = decoder(list[tuple[ProfileId, Event, int, int]])


def event_rows(joined: str | None) -> list[EventRow]:
    """Return the rows that joined lines of `event_line` stand for."""
    return [
        EventRow(event=event, profile_id=profile_id, messages=messages, skips=skips)
        for profile_id, event, messages, skips in _ROWS.decode(lines_of(joined))
    ]


_RECENT = """
SELECT group_concat(line, ',' ORDER BY seq DESC)
FROM (SELECT seq, line FROM event_line WHERE seq < ? ORDER BY seq DESC LIMIT ?)
"""
_SEQ = "SELECT seq FROM activity WHERE event_id = ?"


def recent(connection: apsw.Connection, limit: int, before: str) -> list[EventRow]:
    """Return events newest first, from the one before `before` on."""
    start = connection.execute(_SEQ, (before,)).get if before else _FROM_NEWEST
    return event_rows(connection.execute(_RECENT, (start, limit)).get)


_ONE = "SELECT line FROM event_line WHERE event_id = ?"


def one(connection: apsw.Connection, event_id: EventId) -> EventRow | None:
    """Return one event, or None."""
    return next(iter(event_rows(connection.execute(_ONE, (event_id,)).get)), None)


# A name is looked for along the profile's own events: they are few, and an index of names costs every event.
_OF_PROFILE = """
SELECT group_concat(line, ',' ORDER BY seq DESC) FROM (
  SELECT seq, line FROM event_line WHERE profile_hash = ?1 AND profile_id = ?2 AND (?3 = '' OR name = ?3)
  ORDER BY seq DESC LIMIT ?4)
"""


def of_profile(connection: apsw.Connection, profile_id: ProfileId, limit: int, name: str) -> list[EventRow]:
    """Return what a profile did, newest first."""
    parameters = (profile_hash(profile_id), profile_id, fold(name), limit)
    return event_rows(connection.execute(_OF_PROFILE, parameters).get)


_PROFILE = "SELECT body FROM profile WHERE seq = (SELECT profile FROM subject WHERE key = ?)"
_PROFILE_BODY = decoder(Profile)


def profile(connection: apsw.Connection, subject: Subject) -> Profile | None:
    """Return the profile that this subject names, or None."""
    body = connection.execute(_PROFILE, (subject.key,)).get
    return None if body is None else _PROFILE_BODY.decode(body)


_BY_NUMBER = """
SELECT group_concat('[' || seq || ',' || body || ']', ',' ORDER BY seq) FROM profile WHERE phone = ?
"""
_OWNERS = "SELECT json_group_array(profile) FROM json_each(?) AS given CROSS JOIN subject ON subject.key = given.value"
_NUMBERED = decoder(list[tuple[int, Profile]])
_SEQS = decoder(list[int])


def profiles_by_number(connection: apsw.Connection, msisdn: Msisdn) -> list[Profile]:
    """Return profiles with this number that a subject still names: those merged into others have none."""
    holders = _NUMBERED.decode(lines_of(connection.execute(_BY_NUMBER, (int(msisdn.digits),)).get))
    keys = [subject.key for _, holder in holders for subject in holder.subjects]
    named = set(_SEQS.decode(connection.execute(_OWNERS, (encode(keys),)).get))
    return [holder for seq, holder in holders if seq in named][:PROFILES_LIMIT]


_DECISIONS = """
SELECT group_concat(line, ',' ORDER BY campaign_id) FROM decision_line WHERE event_id = ?
"""
_DECISION_ROWS = decoder(list[tuple[DecisionRecord, str]])


def decisions(connection: apsw.Connection, occasion_id: OccasionId) -> list[DecisionRecord]:
    """Return every campaign's answer on one occasion, by campaign id."""
    rows: Iterable[tuple[DecisionRecord, str]] = _DECISION_ROWS.decode(
        lines_of(connection.execute(_DECISIONS, (occasion_id,)).get)
    )
    return [msgspec.structs.replace(record, campaign_name=name) for record, name in rows]
