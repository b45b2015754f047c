"""One record of a CleverTap upload becomes entries of the stream, or a refusal (CleverTap contract 4.2).

Pure, and the hot path of intake: a plain event is decoded, checked and built in about two microseconds.
The upload as a whole - its size, its answer - is `admission`.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.intake import event_data, profile_data, refusal
from tellwire.intake.refusal import Refusal, Rejected, of_profile
from tellwire.intake.token_data import refusal_of_token
from tellwire.model.event import (
    NO_PROPERTIES,
    TRIGGERS_AFTER,
    TRIGGERS_BEFORE,
    Change,
    Entry,
    Event,
    EventId,
    LinkSubject,
    ProfileChange,
    Subject,
)

_ABSENT: Final = msgspec.Raw()
_NULL: Final = msgspec.Raw(b"null")
# Ids of web and mobile clients, custom ones included, are at most 64 visible characters.
_OBJECT_ID: Final = re.compile(r"[\x21-\x7e]{1,64}")
# The year 5138: a larger number is milliseconds.
_LATEST_EPOCH: Final = 100_000_000_000


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation may set.

    `default_region` ("SG") reads phone numbers without a country code; None takes international ones only.
    `event_properties` is how many properties an event may have.
    """

    default_region: str | None = None
    event_properties: int = 100


class Arrival(msgspec.Struct, frozen=True):
    """When an upload came, and the rules it is read by."""

    now: datetime
    triggers_from: datetime
    triggers_until: datetime
    rules: Rules


class _Record(msgspec.Struct, gc=False):
    """A record as it came. Any JSON type is taken here, so that the refusal of a wrong one has its own code."""

    identity: Any = None
    object_id: Any = msgspec.field(default=None, name="objectId")
    facebook_id: Any = msgspec.field(default=None, name="FBID")
    google_id: Any = msgspec.field(default=None, name="GPID")
    ts: Any = None
    type: Any = None
    event_name: Any = msgspec.field(default=None, name="evtName")
    event_data: msgspec.Raw = msgspec.field(default=_ABSENT, name="evtData")
    profile_data: msgspec.Raw = msgspec.field(default=_ABSENT, name="profileData")
    token_data: msgspec.Raw = msgspec.field(default=_ABSENT, name="tokenData")


_decode = msgspec.json.Decoder(_Record).decode

Reading: TypeAlias = tuple[Entry, ...] | Refusal


def arrival(now: datetime, rules: Rules) -> Arrival:
    """Return what the records of an upload that came at `now` are read by."""
    return Arrival(now, now - TRIGGERS_AFTER, now + TRIGGERS_BEFORE, rules)


def read_record(
    raw: msgspec.Raw, number: int, event_id: EventId, came: Arrival
) -> tuple[Entry, ...] | Rejected:
    """Return the entries of record `number` (from 1), in order, or why it is refused.

    An event with several identifiers gives two entries: a profile change that links them, then the event.
    A token gives none: we send no push messages, so tokens are checked and not kept.
    """
    try:
        record = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        refused = Refusal(refusal.NEITHER_EVENT_NOR_PROFILE, "A record has to be a JSON object.")
        return refusal.rejected(refused, number, raw)
    reading = _read(record, event_id, came)
    return refusal.rejected(reading, number, raw) if isinstance(reading, Refusal) else reading


def _read(record: _Record, event_id: EventId, came: Arrival) -> Reading:
    if record.type == "token":
        return refusal_of_token(record.object_id, record.token_data) or ()
    subject = _subject(record)
    if isinstance(subject, Refusal):
        return subject
    occurred_at = came.now if record.ts is None else _moment(record.ts)
    if isinstance(occurred_at, Refusal):
        return occurred_at
    if record.type == "event":
        return _event(record, subject, occurred_at, event_id, came)
    if record.type == "profile":
        return _profile(record, subject, occurred_at, event_id, came)
    return Refusal(refusal.NEITHER_EVENT_NOR_PROFILE, "Type has to be event, profile or token.")


def _event(
    record: _Record, subject: Subject, occurred_at: datetime, event_id: EventId, came: Arrival
) -> Reading:
    name = event_data.event_name(record.event_name)
    if isinstance(name, Refusal):
        return name
    properties = record.event_data
    if properties in (_ABSENT, _NULL):
        properties = NO_PROPERTIES
    else:
        refused = event_data.refusal_of_data(name, properties, came.rules.event_properties)
        if refused is not None:
            return refused
    event = Event(
        id=event_id,
        subject=subject,
        name=name.text,
        occurred_at=occurred_at,
        received_at=came.now,
        properties=properties,
        may_trigger=came.triggers_from <= occurred_at <= came.triggers_until,
    )
    links = _links(record, subject)
    return (event,) if not links else (_linking(event, links), event)


def _linking(event: Event, links: tuple[Change, ...]) -> ProfileChange:
    return ProfileChange(
        id=EventId(f"{event.id}-link"),
        subject=event.subject,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        changes=links,
    )


def _profile(
    record: _Record, subject: Subject, occurred_at: datetime, event_id: EventId, came: Arrival
) -> Reading:
    if record.profile_data in (_ABSENT, _NULL):
        return of_profile(refusal.MISCELLANEOUS, "profileData is missing.")
    changes = profile_data.changes_of(record.profile_data, came.rules.default_region)
    if isinstance(changes, Refusal):
        return changes
    own = LinkSubject(subject)
    change = ProfileChange(
        id=event_id,
        subject=subject,
        occurred_at=occurred_at,
        received_at=came.now,
        changes=_links(record, subject) + tuple(change for change in changes if change != own),
    )
    return (change,)


def _subject(record: _Record) -> Subject | Refusal:
    """Return the first identifier given, of identity, objectId, FBID and GPID."""
    identity = record.identity
    if type(identity) is str and 0 < len(identity) <= 120 and not identity.isspace():  # nearly always
        return Subject("identity", identity.strip())
    if identity is not None and identity != "":
        return profile_data.subject_of("Identity", identity) or _no_identity("identity is not valid.")
    if record.object_id is not None:
        return _device(record.object_id)
    named = (("FBID", record.facebook_id), ("GPID", record.google_id))
    return next(filter(None, _subjects(named)), _no_identity("identity, objectId, FBID or GPID is missing."))


def _device(object_id: Any) -> Subject | Refusal:
    if isinstance(object_id, str) and _OBJECT_ID.fullmatch(object_id):
        return Subject("device", object_id)
    return Refusal(refusal.OBJECT_ID, "objectId is not valid.")


def _links(record: _Record, subject: Subject) -> tuple[Change, ...]:
    """Return the links to the other identifiers of the record; one that cannot be read is no link."""
    if record.object_id is None and record.facebook_id is None and record.google_id is None:
        return ()
    device = _device(record.object_id)
    named = (("FBID", record.facebook_id), ("GPID", record.google_id))
    others = (None if isinstance(device, Refusal) else device, *_subjects(named))
    return tuple(LinkSubject(other) for other in others if other is not None and other != subject)


def _subjects(named: tuple[tuple[str, Any], ...]) -> tuple[Subject | None, ...]:
    return tuple(profile_data.subject_of(name, value) for name, value in named)


def _moment(ts: Any) -> datetime | Refusal:
    """Read epoch seconds, as a number or (as some clients send it) as text; 0 means somebody's clock is unset."""
    if isinstance(ts, str) and len(ts) <= len("100000000000") and ts.isascii() and ts.isdecimal():
        ts = int(ts)
    if type(ts) is float and ts.is_integer():
        ts = int(ts)
    if type(ts) is int and 0 < ts < _LATEST_EPOCH:
        return _second(ts)
    return Refusal(refusal.TIMESTAMP, "Timestamp should be present in the Unix Epoch format.")


@lru_cache(maxsize=4096)  # events come in the order of time: an hour of them and more
def _second(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _no_identity(why: str) -> Refusal:
    return Refusal(refusal.IDENTITY_MISSING, f"Identity is missing. {why}")
