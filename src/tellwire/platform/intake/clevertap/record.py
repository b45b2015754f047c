"""One record of a CleverTap upload becomes entries of the stream, or a refusal (CleverTap contract 4.2).

Pure, and the hot path of intake: a plain event is decoded, checked and built in about two microseconds.
The upload as a whole - its size, its answer - is `admission`.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.platform.intake.clevertap import event_data, profile_data, refusal
from tellwire.platform.intake.clevertap.allowance import Allowance
from tellwire.platform.intake.clevertap.identifiers import Subjects, device_of, subjects_of
from tellwire.platform.intake.clevertap.limits import EVENT_PROPERTIES, EVENT_TYPES
from tellwire.platform.intake.clevertap.mending import mended
from tellwire.platform.intake.clevertap.records import RECORD_LIMIT
from tellwire.platform.intake.clevertap.refusal import Refusal, Rejected, of_profile, of_token
from tellwire.platform.intake.clevertap.token_data import token_of
from tellwire.platform.intake.clevertap.unreadable import refusal_of_unreadable
from tellwire.platform.model.event import (
    NO_PROPERTIES,
    TRIGGERS_AFTER,
    TRIGGERS_BEFORE,
    Change,
    Entry,
    Event,
    EventId,
    KeepToken,
    LinkSubject,
    ProfileChange,
)

_ABSENT: Final = msgspec.Raw()
_NULL: Final = msgspec.Raw(b"null")
_TOO_LONG: Final = Refusal(
    refusal.MISCELLANEOUS, f"A record is longer than {RECORD_LIMIT} bytes: split it into several."
)
# The year 5138: a larger number is milliseconds.
_LATEST_EPOCH: Final = 100_000_000_000


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation may set.

    `default_region` ("SG") reads phone numbers without a country code; None takes international ones only.
    `is_lenient` mends what is refused as it came, as far as that can be done (`mending`).
    `event_properties` is how many properties an event may have, `event_types` how many events the account.
    """

    default_region: str | None = None
    event_properties: int = EVENT_PROPERTIES
    event_types: int = EVENT_TYPES
    is_lenient: bool = False


class Arrival(msgspec.Struct, frozen=True):
    """When an upload came, the rules it is read by, and which event types are left to it."""

    now: datetime
    triggers_from: datetime
    triggers_until: datetime
    rules: Rules
    allowance: Allowance


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


def arrival(now: datetime, rules: Rules, allowance: Allowance) -> Arrival:
    """Return what the records of an upload that came at `now` are read by."""
    return Arrival(now, now - TRIGGERS_AFTER, now + TRIGGERS_BEFORE, rules, allowance)


def read_record(
    raw: msgspec.Raw, number: int, event_id: EventId, came: Arrival
) -> tuple[Entry, ...] | Rejected:
    """Return the entries of record `number` (from 1), in order, or why it is refused.

    An event with several identifiers gives two entries: a profile change that links them, then the event.
    """
    reading = _reading(raw, event_id, came)
    if isinstance(reading, Refusal) and came.rules.is_lenient and len(raw) <= RECORD_LIMIT:
        better = mended(raw)
        reading = reading if better is None else _reading(better, event_id, came)
    return refusal.rejected(reading, number, raw) if isinstance(reading, Refusal) else reading


def _reading(raw: msgspec.Raw, event_id: EventId, came: Arrival) -> Reading:
    if len(raw) > RECORD_LIMIT:
        return _TOO_LONG
    try:
        return _read(_decode(raw), event_id, came)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return refusal_of_unreadable(raw)


def _read(record: _Record, event_id: EventId, came: Arrival) -> Reading:
    if record.type == "token":
        return _token(record, event_id, came)
    subjects = subjects_of(record.identity, record.object_id, record.facebook_id, record.google_id)
    if isinstance(subjects, Refusal):
        return subjects
    occurred_at = _moment(record.ts, came)
    if isinstance(occurred_at, Refusal):
        return occurred_at
    if record.type == "event":
        return _event(record, subjects, occurred_at, event_id, came)
    if record.type == "profile":
        return _profile(record, subjects, occurred_at, event_id, came)
    return refusal.TYPE_REFUSED


def _event(
    record: _Record, subjects: Subjects, occurred_at: datetime, event_id: EventId, came: Arrival
) -> Reading:
    name = event_data.event_name(record.event_name)
    if isinstance(name, Refusal):
        return name
    properties = record.event_data
    if properties is _ABSENT or properties == _NULL:
        properties = NO_PROPERTIES
    else:
        refused = event_data.refusal_of_data(name, properties, came.rules.event_properties)
        if refused is not None:
            return refused
    if not came.allowance.takes(name.folded):
        return event_data.discarded(name, came.rules.event_types)
    event = Event(
        id=event_id,
        subject=subjects[0],
        name=name.text,
        occurred_at=occurred_at,
        received_at=came.now,
        properties=properties,
        may_trigger=came.triggers_from <= occurred_at <= came.triggers_until,
    )
    return (event,) if len(subjects) == 1 else (_linking(event, subjects), event)


def _linking(event: Event, subjects: Subjects) -> ProfileChange:
    return ProfileChange(
        id=EventId(f"{event.id}-link"),
        subject=event.subject,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        changes=_links(subjects),
    )


def _links(subjects: Subjects) -> tuple[Change, ...]:
    """Return the links of whom the record is about to the other names it gives."""
    return tuple(LinkSubject(other) for other in subjects[1:])


def _profile(
    record: _Record, subjects: Subjects, occurred_at: datetime, event_id: EventId, came: Arrival
) -> Reading:
    if record.profile_data is _ABSENT or record.profile_data == _NULL:
        return of_profile(refusal.MISCELLANEOUS, "profileData is missing.")
    changes = profile_data.changes_of(record.profile_data, came.rules.default_region)
    if isinstance(changes, Refusal):
        return changes
    own = LinkSubject(subjects[0])
    change = ProfileChange(
        id=event_id,
        subject=subjects[0],
        occurred_at=occurred_at,
        received_at=came.now,
        changes=_links(subjects) + tuple(change for change in changes if change != own),
    )
    return (change,)


def _token(record: _Record, event_id: EventId, came: Arrival) -> Reading:
    """A token is a device's: other identifiers that the record may have say nothing (contract 4.2)."""
    device = device_of(record.object_id)
    if device is None:
        return of_token(refusal.TOKEN_OBJECT_ID, "objectId is not valid.")
    occurred_at = _moment(record.ts, came)
    if isinstance(occurred_at, Refusal):
        return occurred_at
    token = token_of(device.value, record.token_data, occurred_at)
    if isinstance(token, Refusal):
        return token
    change = ProfileChange(
        id=event_id,
        subject=device,
        occurred_at=occurred_at,
        received_at=came.now,
        changes=(KeepToken(token),),
    )
    return (change,)


def _moment(ts: Any, came: Arrival) -> datetime | Refusal:
    """Read epoch seconds, as a number or (as some clients send it) as text; 0 means somebody's clock is unset."""
    if ts is None:
        return came.now
    if isinstance(ts, str) and len(ts) <= len("100000000000") and ts.isascii() and ts.isdecimal():
        ts = int(ts)
    if type(ts) is float and ts.is_integer():
        ts = int(ts)
    if type(ts) is int and 0 < ts < _LATEST_EPOCH:
        return _second(ts)
    return refusal.TIMESTAMP_REFUSED


@lru_cache(maxsize=4096)  # events come in the order of time: an hour of them and more
def _second(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
