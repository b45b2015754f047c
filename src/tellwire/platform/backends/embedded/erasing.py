"""Begins somebody's erasure: what stands under an index of theirs goes in this transaction, all of it or nothing.

What else is theirs has to be looked for, and goes in slices (`erasures`). That a number must not be written to stays,
with the lines of consent about it, as they are what keeps us from writing to it; what was said in them goes.
"""

from collections import Counter
from typing import Final, NamedTuple

import apsw

from tellwire.platform.backends.embedded import (
    audit,
    consent,
    erased_messages,
    erasures,
    fact_changes,
    inbox,
    sums,
)
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.embedded.profile_hash import profile_hash
from tellwire.platform.backends.sums import Sums
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.people import Erasure


class Wish(NamedTuple):
    """Who is to be erased, under which receipt, and who wants it."""

    subject: Subject
    receipt: str
    deed: Deed
    by: str


class _Person(NamedTuple):
    seq: int
    profile: Profile


def begin(connection: apsw.Connection, wishes: list[Wish]) -> list[Erasure | None]:
    """Erase whom each names."""
    return [_begin(connection, wish) for wish in wishes]


def _begin(connection: apsw.Connection, wish: Wish) -> Erasure | None:
    person = _person(connection, wish.subject)
    if person is None:
        return None
    rows: Counter[str] = Counter()
    _leave_campaigns(connection, person, rows)
    _leave_lists(connection, person, rows)
    _forget_links_and_texts(connection, person, rows)
    erased_messages.cancel(connection, person.profile, rows)
    _blank(connection, person)
    audit.add(connection, (wish.deed,), wish.by)
    return erasures.add(connection, person.profile, wish.receipt, wish.by, wish.deed.at, rows)


_FIND: Final = """
SELECT seq, body FROM profile WHERE seq = (SELECT profile FROM subject WHERE key = ?)
"""
_PROFILE = decoder(Profile)


def _person(connection: apsw.Connection, subject: Subject) -> _Person | None:
    row = next(connection.execute(_FIND, (subject.key,)), None)
    return None if row is None else _Person(row[0], _PROFILE.decode(row[1]))


_INSIDE: Final = "SELECT json_group_array(campaign_id) FROM enrollment WHERE profile = ?"
_CAMPAIGNS = decoder(list[CampaignId])
_IDS: Final = """
SELECT json_group_array(id) FROM (SELECT id FROM enrollment WHERE profile = ?1
UNION SELECT body->>'$.enrollment.id' FROM departure WHERE profile = ?1)
"""
_CALLS: Final = """
DELETE FROM call WHERE seq IN (SELECT call.seq FROM json_each(?) AS given
CROSS JOIN call ON call.id >= given.value || '.' AND call.id < given.value || '/')
"""


def _leave_campaigns(connection: apsw.Connection, person: _Person, rows: Counter[str]) -> None:
    """End where somebody stands, with the reason `erased`, and forget how they left before."""
    left = Sums()
    for campaign_id in _CAMPAIGNS.decode(connection.execute(_INSIDE, (person.seq,)).get):
        left.counters[campaign_id, "left", "erased"] += 1
    sums.write(connection, left)
    rows["call"] += _delete(connection, _CALLS, connection.execute(_IDS, (person.seq,)).get)
    for table in ("enrollment", "departure", "goal_watch", "tried", "entering", "tally"):
        rows[table] += _delete(connection, f"DELETE FROM {table} WHERE profile = ?", person.seq)  # noqa: S608


_ON_LISTS: Final = """
SELECT json_group_array(json_array(list, n)) FROM (
  SELECT list, count(*) AS n FROM json_each(?) AS given CROSS JOIN list_member AS m ON m.key = given.value
  GROUP BY list)
"""
_LISTS = decoder(list[tuple[int, int]])
_FEWER: Final = "UPDATE list_size SET members = members - ?2 WHERE list = ?1"


def _leave_lists(connection: apsw.Connection, person: _Person, rows: Counter[str]) -> None:
    keys = encode(erasures.keys_of(person.profile))
    for list_id, members in _LISTS.decode(connection.execute(_ON_LISTS, (keys,)).get):
        connection.execute(_FEWER, (list_id, members))
    for table in ("list_member", "list_change"):
        statement = f"DELETE FROM {table} WHERE key IN (SELECT value FROM json_each(?))"  # noqa: S608
        rows[table] += _delete(connection, statement, keys)


_LINKS: Final = "DELETE FROM link WHERE profile_hash = ? AND profile_id = ?"
_REFUSED: Final = "DELETE FROM refused_record WHERE subject IN (SELECT value FROM json_each(?))"


def _forget_links_and_texts(connection: apsw.Connection, person: _Person, rows: Counter[str]) -> None:
    profile = person.profile
    connection.execute(_LINKS, (profile_hash(profile.id), profile.id))
    rows["link"] += connection.changes()
    rows["refused_record"] += _delete(connection, _REFUSED, encode([one.key for one in profile.subjects]))
    rows["inbound"] += inbox.forget_of(connection, profile.subjects)
    rows["consent"] += consent.blank(connection, profile)


_UNNAME: Final = "DELETE FROM subject WHERE profile = ?1 AND key IN (SELECT value FROM json_each(?2))"
_EMPTY: Final = "UPDATE profile SET phone = NULL, body = ? WHERE seq = ?"


def _blank(connection: apsw.Connection, person: _Person) -> None:
    """Leave of the profile what is left of one that was merged: an id by which nobody is found.

    A batch that is being decided of what it was is decided anew (`fact_changes`).
    """
    profile = person.profile
    connection.execute(_UNNAME, (person.seq, encode([one.key for one in profile.subjects])))
    empty = Profile(id=profile.id, subjects=(), created_at=profile.created_at, updated_at=profile.updated_at)
    connection.execute(_EMPTY, (encode(empty), person.seq))
    fact_changes.following(connection)


def _delete(connection: apsw.Connection, statement: str, value: object) -> int:
    connection.execute(statement, (value,))
    return connection.changes()
