"""Who is inside campaigns, who left, and what guards remember of people: written with a recording, read with facts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import apsw
import msgspec

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.backends.embedded import bulk, resuming, sums
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.sums import (
    ENTRY,
    HELD_OUT_ENTRY,
    HELD_OUT_REACHED,
    REACHED,
    REVENUE,
    THOUSANDTHS,
    CounterKind,
    Sums,
)
from tellwire.platform.model.address import Address, key_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Contact, Enrollment, EnrollmentId, Left
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.ports.ledger import Moved, Recording

WAKE_LIMIT: Final = 1_000  # people that one transaction wakes: some milliseconds
_DAYS_KEPT: Final = timedelta(days=2)  # a day of the account's may begin before, or end after, that of UTC


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording changes here, as SQL takes it; what is empty writes nothing."""

    gone: str
    moved: list[tuple[bulk.Cell, ...]]
    left: list[tuple[bulk.Cell, ...]]
    entries: list[tuple[bulk.Cell, ...]]
    days: list[tuple[bulk.Cell, ...]]
    counts: Counter[tuple[CampaignId, CounterKind, str]]


def rows_of(recording: Recording) -> Rows:
    """Return the rows of a recording."""
    gone = [
        (before.profile_id, before.id)
        for moved in recording.moved
        if (before := moved.before) is not None and not _stays(moved, before)
    ]
    return Rows(
        gone=encode(gone) if gone else "",
        moved=[_moved(moved, after) for moved in recording.moved if (after := moved.after) is not None],
        left=[_left(one) for one in recording.left],
        entries=[(one.profile_id, one.campaign_id, one.entries) for one in recording.entered],
        days=[(one.campaign_id, one.day.isoformat(), one.messages) for one in recording.sent_on],
        counts=_counts(recording),
    )


_GONE = """
DELETE FROM enrollment WHERE (profile, id) IN (
  SELECT profile.seq, given.value->>1 FROM json_each(?) AS given CROSS JOIN profile ON profile.id = given.value->>0)
"""
# What is parked stays so only while its campaign is paused: it may have been resumed since the batch was decided.
_MOVED = """
WITH moved (profile, id, campaign_id, version, step, due_ms, is_parked, body) AS (VALUES {rows})
INSERT INTO enrollment (profile, id, campaign_id, version, step, wake_ms, parked_ms, body)
SELECT profile.seq, moved.id, moved.campaign_id, moved.version, moved.step,
  iif(moved.is_parked AND (SELECT body->>'state' FROM campaign WHERE id = moved.campaign_id) = 'paused',
    NULL, moved.due_ms),
  iif(moved.is_parked, moved.due_ms, NULL), moved.body
FROM moved CROSS JOIN profile ON profile.id = moved.profile WHERE true
ON CONFLICT (profile, id) DO UPDATE SET
  version = excluded.version, step = excluded.step, wake_ms = excluded.wake_ms, parked_ms = excluded.parked_ms,
  body = excluded.body
"""
_LEFT = """
WITH gone (profile, campaign_id, at_ms, body) AS (VALUES {rows})
INSERT INTO departure (profile, campaign_id, at_ms, body)
SELECT profile.seq, gone.campaign_id, gone.at_ms, gone.body
FROM gone CROSS JOIN profile ON profile.id = gone.profile
"""
_ENTRIES = """
WITH given (profile, campaign_id, entries) AS (VALUES {rows})
INSERT INTO entering (profile, campaign_id, entries)
SELECT profile.seq, given.campaign_id, given.entries
FROM given CROSS JOIN profile ON profile.id = given.profile WHERE true
ON CONFLICT (profile, campaign_id) DO UPDATE SET entries = excluded.entries
"""
_DAYS = """
INSERT INTO campaign_day (campaign_id, day, messages)
SELECT * FROM (VALUES {rows}) WHERE column1 IS NOT NULL
ON CONFLICT (campaign_id, day) DO UPDATE SET messages = messages + excluded.messages
"""
_OLD_DAYS = "DELETE FROM campaign_day WHERE day < ?"


def write(connection: apsw.Connection, rows: Rows) -> None:
    """Write all of it; the profiles have been."""
    if rows.gone:
        connection.execute(_GONE, (rows.gone,))
    for statement, cells in (
        (_MOVED, rows.moved),
        (_LEFT, rows.left),
        (_ENTRIES, rows.entries),
        (_DAYS, rows.days),
    ):
        if cells:
            bulk.write(connection, statement, cells)
    if rows.days:
        newest = max(date.fromisoformat(str(day)) for _, day, _ in rows.days)
        connection.execute(_OLD_DAYS, ((newest - _DAYS_KEPT).isoformat(),))
    if rows.counts:
        sums.write(connection, Sums(counters=rows.counts))


_FIRST = "SELECT min(profile) FROM enrollment"
_OF_PROFILES = """
SELECT group_concat(e.body) FROM json_each(?) AS given CROSS JOIN enrollment AS e ON e.profile = given.value
"""
_DUE = """
SELECT json_group_array(json_array(profile, id, wake_ms)) FROM (
  SELECT profile, id, wake_ms FROM enrollment WHERE wake_ms < ? ORDER BY wake_ms LIMIT ?)
"""
_NEXT_DUE = """
SELECT CASE WHEN (SELECT min(campaign_id) FROM waking) IS NOT NULL
  OR (SELECT min(campaign_id) FROM resumption) IS NOT NULL THEN 0
  ELSE (SELECT min(wake_ms) FROM enrollment WHERE wake_ms IS NOT NULL) END
"""
_FIRST_WAKING_ID = "SELECT min(campaign_id) FROM waking"
_ENROLLMENTS = decoder(list[Enrollment])
_DUE_ROWS = decoder(list[tuple[int, EnrollmentId, int]])


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """Whose turn comes before a moment: seqs of profiles, ids, and from when on some may be missing."""

    seqs: Sequence[int] = ()
    ids: Sequence[EnrollmentId] = ()
    until: datetime | None = None

    def woken(self, enrollments: Iterable[Enrollment], before: datetime | None) -> frozenset[EnrollmentId]:
        """Return those of these that were woken before they are due."""
        ids = set(self.ids)
        if before is None or not ids:
            return frozenset()
        return frozenset(one.id for one in enrollments if one.id in ids and one.due_at >= before)


def due(connection: apsw.Connection, before: datetime, limit: int) -> Due:
    """Return whose turn comes before this moment, the first ones."""
    rows = _DUE_ROWS.decode(connection.execute(_DUE, (to_ms(before), limit)).get)
    return Due(
        seqs=list(dict.fromkeys(profile for profile, _, _ in rows)),
        ids=[identifier for _, identifier, _ in rows],
        until=None if len(rows) < limit else from_ms(rows[-1][2]),
    )


def next_due(connection: apsw.Connection) -> datetime | None:
    """Return when the next one is to be looked at, None if nobody is."""
    wake_ms = connection.execute(_NEXT_DUE).get
    return None if wake_ms is None else from_ms(wake_ms)


def is_waking(connection: apsw.Connection) -> bool:
    """Say whether there are people to be woken, or to go on after a pause."""
    return resuming.is_under_way(connection) or connection.execute(_FIRST_WAKING_ID).get is not None


_FIRST_WAKING = """
SELECT campaign_id, version, step, profile, id FROM waking WHERE campaign_id = (SELECT min(campaign_id) FROM waking)
"""
_NEXT_SLEEPERS = """
SELECT json_group_array(json_array(version, step, profile, id)) FROM (
  SELECT version, step, profile, id FROM enrollment
  WHERE campaign_id = ?1 AND (version, step, profile, id) > (?2, ?3, ?4, ?5)
  ORDER BY version, step, profile, id LIMIT ?6)
"""
_WAKE = """
UPDATE enrollment SET wake_ms = ?1 WHERE (profile, id) IN (SELECT value->>2, value->>3 FROM json_each(?2))
  AND ifnull(wake_ms, ?1 + 1) > ?1
"""
_WAKE_ON = "UPDATE waking SET version = ?2, step = ?3, profile = ?4, id = ?5 WHERE campaign_id = ?1"
_AWAKE = "DELETE FROM waking WHERE campaign_id = ?"
_BEGIN_WAKING = """
INSERT OR REPLACE INTO waking (campaign_id, version, step, profile, id) VALUES (?, -1, '', -1, '')
"""
_SLEEPERS = decoder(list[tuple[int, str, int, str]])


def begin_waking(connection: apsw.Connection, campaign_id: CampaignId) -> None:
    """Let whoever is inside this campaign be woken, some at a time."""
    connection.execute(_BEGIN_WAKING, (campaign_id,))


def wake(connection: apsw.Connection, calls: list[datetime]) -> list[None]:
    """Let the next of those to be woken be looked at from a moment on; those that are due sooner stay so.

    Whoever goes on after a pause comes first: as it was chosen, and not merely at once.
    """
    for at in calls:
        if resuming.is_under_way(connection):
            resuming.step(connection)
            continue
        campaign_id, *after = next(connection.execute(_FIRST_WAKING), (None,))
        if campaign_id is None:
            break
        rows = connection.execute(_NEXT_SLEEPERS, (campaign_id, *after, WAKE_LIMIT)).get
        sleepers = _SLEEPERS.decode(rows)
        if sleepers:
            connection.execute(_WAKE, (to_ms(at), rows))
            connection.execute(_WAKE_ON, (campaign_id, *sleepers[-1]))
        if len(sleepers) < WAKE_LIMIT:
            connection.execute(_AWAKE, (campaign_id,))
    return [None] * len(calls)


def of_profiles(connection: apsw.Connection, seqs: Iterable[int]) -> Sequence[Enrollment]:
    """Return where these profiles stand in campaigns, those that entered first at the front."""
    if connection.execute(_FIRST).get is None:
        return ()
    profiles = list(seqs)
    bodies = connection.execute(_OF_PROFILES, (encode(profiles),)).get
    stored = resuming.as_chosen(connection, _ENROLLMENTS.decode(lines_of(bodies)), profiles)
    return sorted(stored, key=lambda one: (one.entered_at, one.id))


_CONTACTS_SINCE = """
SELECT json_group_array(json_array(m.phone, m.created_ms, m.campaign_id)) FROM json_each(?1) AS given
CROSS JOIN message AS m ON m.phone = given.value AND m.created_ms >= ?2 AND m.counts
"""
_CONTACT_ROWS = decoder(list[tuple[int, int, CampaignId]])


def contacts(
    connection: apsw.Connection, addresses: Iterable[Address], since: datetime
) -> Mapping[Address, Sequence[Contact]]:
    """Return the messages to each address from this moment on, those that had any."""
    by_key = {key_of(address): address for address in addresses}
    by_address: dict[Address, list[Contact]] = {}
    rows = connection.execute(_CONTACTS_SINCE, (encode(list(by_key)), to_ms(since))).get
    for phone, at_ms, campaign_id in _CONTACT_ROWS.decode(rows):
        by_address.setdefault(by_key[phone], []).append(Contact(campaign_id, from_ms(at_ms)))
    return by_address


_ENTRIES_OF = """
SELECT json_group_array(json_array(p.id, e.campaign_id, e.entries)) FROM json_each(?) AS given
CROSS JOIN entering AS e ON e.profile = given.value CROSS JOIN profile AS p ON p.seq = e.profile
"""
_ENTRY_ROWS = decoder(list[tuple[ProfileId, CampaignId, int]])


def entries(connection: apsw.Connection, seqs: Iterable[int]) -> Mapping[tuple[ProfileId, CampaignId], int]:
    """Return how often these profiles have entered campaigns that limit it."""
    rows = _ENTRY_ROWS.decode(connection.execute(_ENTRIES_OF, (encode(list(seqs)),)).get)
    return {(profile_id, campaign_id): count for profile_id, campaign_id, count in rows}


_SENT_ON = "SELECT json_group_array(json_array(campaign_id, messages)) FROM campaign_day WHERE day = ?"
_SENT_ROWS = decoder(list[tuple[CampaignId, int]])


def sent_on(connection: apsw.Connection, day: date) -> Mapping[CampaignId, int]:
    """Return how many messages of each campaign that limits them were decided on this day."""
    return dict(_SENT_ROWS.decode(connection.execute(_SENT_ON, (day.isoformat(),)).get))


def _stays(moved: Moved, before: Enrollment) -> bool:
    """Say whether the row of an enrollment stays where it is: it is clustered by profile."""
    return moved.after is not None and moved.after.profile_id == before.profile_id


def _moved(moved: Moved, after: Enrollment) -> tuple[bulk.Cell, ...]:
    due_ms = to_ms(after.due_at)
    place = (after.campaign_id, after.version, after.step)
    return (after.profile_id, after.id, *place, due_ms, moved.is_parked, encode(after))


def _left(left: Left) -> tuple[bulk.Cell, ...]:
    enrollment = left.enrollment
    return (enrollment.profile_id, enrollment.campaign_id, to_ms(left.at), encode(left))


def _counts(recording: Recording) -> Counter[tuple[CampaignId, CounterKind, str]]:
    counts = Counter[tuple[CampaignId, CounterKind, str]]()
    for campaign_id, people in recording.begun.items():
        counts[campaign_id, "inside", ""] += people
    for (campaign_id, is_held_out), people in recording.goals_begun.items():
        counts[campaign_id, "goal", HELD_OUT_ENTRY if is_held_out else ENTRY] += people
    for goal in recording.reached:
        counts[goal.campaign_id, "goal", HELD_OUT_REACHED if goal.is_held_out else REACHED] += 1
        if not goal.is_held_out:
            counts[goal.campaign_id, "goal", REVENUE] += round(goal.revenue * THOUSANDTHS)
    for (campaign_id, what, step), people in recording.passages.items():
        counts[campaign_id, "came" if what == "came" else "skipped at", step] += people
    for left in recording.left:
        counts[left.enrollment.campaign_id, "left", left.reason] += 1
        counts[left.enrollment.campaign_id, "left at", left.step] += 1
    return counts
