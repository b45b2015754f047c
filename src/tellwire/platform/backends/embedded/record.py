"""One batch of decisions, written in few statements: see `bulk`, and docs/decisions/0002.

The caller makes the rows of profiles and activity (`rows_of`); those of decisions and messages are made here, as they
are written. Bodies are texts: SQLite never reads what is in them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import apsw
import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.platform.backends.embedded import (
    audiences,
    bulk,
    calls,
    clicks,
    consent_lines,
    fact_changes,
    goal_watches,
    inside,
    links,
    list_facts,
    refusals,
    sums,
    suppressions,
    sweeps,
    tallies,
    trials,
)
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.embedded.profile_hash import profile_hash
from tellwire.platform.backends.sums import sums_of
from tellwire.platform.model.address import key_of
from tellwire.platform.model.call import Call
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.consent import ConsentChange
from tellwire.platform.model.decision import Decision, DecisionRecord, Hold, Send, packed
from tellwire.platform.model.facts import Versions
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange
from tellwire.platform.model.refused import RefusedRecord
from tellwire.platform.model.value import fold
from tellwire.platform.ports.ledger import (
    Activity,
    Advance,
    Conflict,
    RecordAnswer,
    Recorded,
    Recording,
    Stale,
)
from tellwire.platform.ports.stream import Position


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A recording as SQL takes it; what is empty writes nothing."""

    advance: Advance
    versions: Versions
    profiles: str
    subjects: str
    suppressions: tuple[SuppressionChange, ...]
    consents: tuple[ConsentChange, ...]
    activity: list[tuple[bulk.Cell, ...]]
    clicks: Sequence[clicks.ClickRow]
    decisions: tuple[Decision, ...]
    inside: inside.Rows
    sweeps: sweeps.Rows
    merged: Sequence[tuple[ProfileId, ProfileId]]
    goals: goal_watches.Rows
    trials: trials.Rows
    tallies: tallies.Rows
    calls: tuple[Call, ...]
    uncalled: Mapping[CampaignId, int]
    followed: tuple[int, ...]
    refused: tuple[RefusedRecord, ...]


def rows_of(recording: Recording, advance: Advance, versions: Versions) -> Rows:
    """Return the rows of a recording that was decided on facts of these versions."""
    return Rows(
        advance=advance,
        versions=versions,
        profiles=_json([(p.id, p.phone and int(p.phone.digits), encode(p)) for p in recording.profiles]),
        subjects=_json(_subjects(recording.profiles)),
        suppressions=recording.suppressions,
        consents=recording.consents,
        activity=[_activity(activity) for activity in recording.activity],
        clicks=clicks.rows_of(recording.activity),
        decisions=recording.decisions,
        inside=inside.rows_of(recording),
        calls=recording.calls,
        uncalled=recording.uncalled,
        followed=recording.followed,
        refused=recording.refused,
        goals=goal_watches.rows_of(recording.watched, recording.unwatched),
        trials=trials.rows_of(recording.trials, recording.tried, recording.untried),
        merged=recording.merged,
        tallies=tallies.rows_of(recording.tallied),
        sweeps=sweeps.rows_of(recording.swept, recording.runs, recording.run_numbers),
    )


def record(connection: apsw.Connection, batches: list[Rows]) -> list[RecordAnswer]:
    """Write the batches that find their partition where they expect it."""
    return [_record_one(connection, rows) for rows in batches]


def position(connection: apsw.Connection, partition: int) -> Position:
    """Return how far the partition has been decided."""
    return Position(connection.execute("SELECT position FROM progress WHERE partition = ?", (partition,)).get)


_ADVANCE = "UPDATE progress SET position = ? WHERE partition = ?"
_PROFILES = """
INSERT INTO profile (id, phone, body) SELECT value->>0, value->>1, value->>2 FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET phone = excluded.phone, body = excluded.body
"""
_SUBJECTS = """
INSERT OR REPLACE INTO subject (key, profile, version)
SELECT given.value->>0, profile.seq, ?2 FROM json_each(?1) AS given CROSS JOIN profile ON profile.id = given.value->>1
"""
_ACTIVITY = "INSERT OR IGNORE INTO activity (event_id, profile_id, profile_hash, name, body)"


def _record_one(connection: apsw.Connection, rows: Rows) -> RecordAnswer:
    advance = rows.advance
    stands_at = position(connection, advance.partition)
    if stands_at != advance.after:
        return Conflict(stands_at)
    if (changed := fact_changes.since(connection, rows.versions)) is not None:
        return Stale(changed)
    connection.execute(_ADVANCE, (advance.to, advance.partition))
    if rows.profiles:
        connection.execute(_PROFILES, (rows.profiles,))
    if rows.subjects:
        connection.execute(_SUBJECTS, (rows.subjects, fact_changes.following(connection)))
    bulk.insert(connection, _ACTIVITY, rows.activity)
    clicks.write(connection, rows.clicks)
    if rows.suppressions:
        suppressions.write(connection, rows.suppressions)
        fact_changes.following(connection)
    consent_lines.write(connection, rows.consents)
    if rows.decisions:
        _decide(connection, rows.decisions)
    inside.write(connection, rows.inside)
    if rows.merged:
        audiences.merge(connection, rows.merged)
    tallies.write(connection, rows.tallies, rows.merged)
    sweeps.write(connection, rows.sweeps)
    list_facts.forget_followed(connection, rows.followed)
    goal_watches.write(connection, rows.goals)
    trials.write(connection, rows.trials)
    calls.write(connection, rows.calls)
    calls.count(connection, Counter({(key, "failed"): amount for key, amount in rows.uncalled.items()}))
    refusals.write(connection, rows.refused)
    return Recorded()


_KNOWN = """
SELECT json_group_array(json_array(d.event_id, d.campaign_id, d.number, d.visit, d.is_hold)) FROM json_each(?) AS given
CROSS JOIN decision AS d ON d.event_id = given.value->>0 AND d.campaign_id = given.value->>1
"""
_DECISIONS = "INSERT INTO decision (event_id, campaign_id, number, visit, is_hold, is_send, body)"
_MESSAGES = "INSERT INTO message (id, campaign_id, phone, provider_id, created_ms, repeats, counts, body)"
# A new message's standing and outbox row follow from the message: those after the highest `seq` there was.
_NEWEST = "SELECT ifnull(max(seq), 0) FROM message"
_STANDINGS = """
INSERT INTO standing (message, status, detail, error_code, description, updated_ms)
SELECT seq, 'queued', NULL, '', '', created_ms FROM message WHERE seq > ?
"""
_OUTBOX = """
INSERT INTO outbox (provider_id, due_ms, message, attempt)
SELECT provider_id, created_ms, seq, 0 FROM message WHERE seq > ?
"""
_Key: TypeAlias = tuple[str, int, int, int, int]
_KEYS = decoder(list[_Key])


def _decide(connection: apsw.Connection, decisions: Sequence[Decision]) -> None:
    """Write the decisions that are the first for their occasion and step, with their messages and counts."""
    occasions = encode([(decision.occasion_id, decision.campaign_id) for decision in decisions])
    known = set(_KEYS.decode(connection.execute(_KNOWN, (occasions,)).get))
    new: dict[_Key, Decision] = {}
    for decision in decisions:
        key = _key(decision)
        if key not in known:
            new.setdefault(key, decision)
    _write_new(connection, list(new.values()))


def _key(decision: Decision) -> _Key:
    is_hold = isinstance(decision.verdict, Hold)
    return (decision.occasion_id, decision.campaign_id, decision.number, decision.visit, is_hold)


def _write_new(connection: apsw.Connection, decisions: list[Decision]) -> None:
    messages = [decision.verdict for decision in decisions if isinstance(decision.verdict, Send)]
    newest = connection.execute(_NEWEST).get
    bulk.insert(connection, _DECISIONS, map(_decision, decisions))
    if messages:
        bulk.insert(connection, _MESSAGES, map(_message, messages))
        connection.execute(_STANDINGS, (newest,))
        connection.execute(_OUTBOX, (newest,))
        links.insert(connection, (send.message for send in messages if send.message.links))
    sums.write(connection, sums_of(decisions))


def _json(rows: list[tuple[object, ...]]) -> str:
    return encode(rows) if rows else ""


def _subjects(profiles: tuple[Profile, ...]) -> list[tuple[object, ...]]:
    return [(subject.key, profile.id) for profile in profiles for subject in profile.subjects]


def _activity(activity: Activity) -> tuple[bulk.Cell, ...]:
    event, profile_id = activity.event, activity.profile_id
    return (event.id, profile_id, profile_hash(profile_id), fold(event.name), encode(event))


def _decision(decision: Decision) -> tuple[bulk.Cell, ...]:
    verdict = decision.verdict
    record = DecisionRecord(
        occasion_id=decision.occasion_id,
        event_name=decision.event_name,
        campaign_id=decision.campaign_id,
        campaign_name="",  # the catalog knows it
        campaign_version=decision.campaign_version,
        profile_id=decision.profile_id,
        decided_at=decision.decided_at,
        worded=(),
        checks=packed(decision.trace),
        message_id=verdict.message.id if isinstance(verdict, Send) else None,
        code="" if isinstance(verdict, Send) else verdict.code,
        step=decision.step,
        visit=decision.visit,
        held_until=verdict.until if isinstance(verdict, Hold) else None,
    )
    return (*_key(decision), isinstance(verdict, Send), encode(record))


def _message(send: Send) -> tuple[bulk.Cell, ...]:
    message = send.message
    return (
        message.id,
        message.campaign_id,
        key_of(message.to),
        message.provider_id,
        to_ms(message.created_at),
        message.repeats_unresolved,
        send.counts,
        encode(msgspec.structs.replace(message, links=()) if message.links else message),
    )
