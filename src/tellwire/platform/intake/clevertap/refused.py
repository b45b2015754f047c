"""What is kept of refused records: who and what they were about and why, never what was in them. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, cast, get_args

import msgspec

from tellwire.platform.intake.clevertap.identifiers import device_of, subject_of
from tellwire.platform.intake.clevertap.refusal import Rejected
from tellwire.platform.model.event import Subject
from tellwire.platform.model.refused import RecordKind, RefusedRecord

_READ_LIMIT: Final = (
    64 * 1024
)  # bytes; a longer record is refused for its length, and not taken apart for its name
_NAME_LIMIT: Final = 120  # characters kept of an event's name
_ERROR_LIMIT: Final = 300
_ENDING: Final = re.compile(r"\s*Skipped record number : \d+$")  # of the wire
_NUMBER: Final = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){6,}")


class _Named(msgspec.Struct, gc=False):
    identity: Any = None
    object_id: Any = msgspec.field(default=None, name="objectId")
    facebook_id: Any = msgspec.field(default=None, name="FBID")
    google_id: Any = msgspec.field(default=None, name="GPID")
    type: Any = None
    event_name: Any = msgspec.field(default=None, name="evtName")


_decode = msgspec.json.Decoder(_Named).decode


def traces_of(refused: Iterable[Rejected], now: datetime) -> list[RefusedRecord]:
    """Return the traces of the records of one upload that were refused."""
    return [_trace(one, now) for one in refused]


def _trace(one: Rejected, now: datetime) -> RefusedRecord:
    record = _read(one.record)
    is_kind = isinstance(record.type, str) and record.type in get_args(RecordKind)
    return RefusedRecord(
        at=now,
        subject=_subject(record),
        kind=cast("RecordKind", record.type) if is_kind else "",
        event_name=_masked(record.event_name, _NAME_LIMIT) if isinstance(record.event_name, str) else "",
        code=one.code,
        error=_masked(_ENDING.sub("", one.error), _ERROR_LIMIT),
    )


def _read(record: msgspec.Raw) -> _Named:
    """Read the names of a record; one that no reader takes has none."""
    try:
        return _decode(record) if len(record) <= _READ_LIMIT else _Named()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Named()


def _subject(record: _Named) -> Subject | None:
    return (
        subject_of("Identity", record.identity)
        or device_of(record.object_id)
        or subject_of("FBID", record.facebook_id)
        or subject_of("GPID", record.google_id)
    )


def _masked(text: str, limit: int) -> str:
    return _NUMBER.sub("***", text)[:limit]
