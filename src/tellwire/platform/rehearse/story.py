"""A file of events, a record of `/1/upload` a line, as the entries that a simulation receives.

Each record is received at its `ts`, epoch seconds that may have decimals; one without it comes with the line before.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.platform.intake.clevertap.allowance import Allowance
from tellwire.platform.intake.clevertap.identifiers import subjects_of
from tellwire.platform.intake.clevertap.record import Rules, arrival, read_record
from tellwire.platform.intake.clevertap.refusal import Refusal, Rejected
from tellwire.platform.model.event import Entry, EventId, Subject
from tellwire.platform.model.system_event import AUTOMATIC_NAMES
from tellwire.platform.model.value import fold

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS: Final = re.compile(r"[0-9]{1,11}(\.[0-9]{1,9})?", re.ASCII)


class BadStory(Exception):
    """The file cannot be read; the message names the line."""


class Received(msgspec.Struct, frozen=True):
    """A record of the file that was taken."""

    at: datetime
    entries: tuple[Entry, ...]


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message, as the file tells it: of which campaign's step, to whom."""

    at: datetime
    subject: Subject
    event: str
    campaign: str
    step: str
    properties: dict[str, Any]


class Refused(msgspec.Struct, frozen=True):
    """A record that `/1/upload` would refuse, and why."""

    line: int
    why: str


Line: TypeAlias = Received | News | Refused


class _Record(msgspec.Struct):
    ts: Any = None
    identity: Any = None
    object_id: Any = msgspec.field(default=None, name="objectId")
    facebook_id: Any = msgspec.field(default=None, name="FBID")
    google_id: Any = msgspec.field(default=None, name="GPID")
    type: Any = None
    event_name: Any = msgspec.field(default=None, name="evtName")
    event_data: Any = msgspec.field(default=None, name="evtData")


_decode = msgspec.json.Decoder(_Record).decode
_decode_whole = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def read_story(lines: Iterable[bytes], default_region: str | None = None) -> Iterator[Line]:
    """Yield what each line says, in order. Raises `BadStory` for a line that is no record, or goes back in time."""
    rules = Rules(default_region=default_region)
    allowance = Allowance(frozenset(), rules.event_types)
    at: datetime | None = None
    for number, line in enumerate(lines, start=1):
        raw = line.strip()
        if not raw:
            continue
        record = _record(raw, number)
        at = _moment(record.ts, at, number)
        yield _read(raw, record, number, at, rules, allowance)


def check_story(lines: Iterable[bytes]) -> None:
    """Raise `BadStory` if one of the lines is no record, or goes back in time: for who has to know beforehand."""
    at: datetime | None = None
    for number, line in enumerate(lines, start=1):
        raw = line.strip()
        if raw:
            at = _moment(_record(raw, number).ts, at, number)


def _read(raw: bytes, record: _Record, number: int, at: datetime, rules: Rules, allowance: Allowance) -> Line:
    if isinstance(record.event_name, str) and fold(record.event_name) in AUTOMATIC_NAMES:
        return _news(record, number, at)
    came = arrival(at, rules, allowance)
    reading = read_record(_without_ts(raw), number, EventId(f"{number:024x}"), came)
    return Refused(number, reading.error) if isinstance(reading, Rejected) else Received(at, reading)


def _record(raw: bytes, number: int) -> _Record:
    try:
        return _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadStory(f"Line {number}: this is no record: {problem}.") from problem


def _without_ts(raw: bytes) -> msgspec.Raw:
    """Return the record as one that happens when it is received."""
    record = _decode_whole(raw)
    record.pop("ts", None)
    return msgspec.Raw(msgspec.json.encode(record))


def _moment(ts: Any, before: datetime | None, number: int) -> datetime:
    if ts is None:
        if before is None:
            raise BadStory(f"Line {number}: the first record has no ts, so the clock has no beginning.")
        return before
    written = (
        str(ts)
        if isinstance(ts, int | str) and not isinstance(ts, bool)
        else f"{ts:f}"
        if isinstance(ts, float)
        else ""
    )
    if _SECONDS.fullmatch(written) is None:
        raise BadStory(f"Line {number}: ts has to be seconds since the epoch, as 1767225600 or 1767225600.5.")
    whole, _, decimals = written.partition(".")
    at = _EPOCH + timedelta(seconds=int(whole), microseconds=int(f"{decimals:0<6}"[:6]))
    if before is not None and at < before:
        raise BadStory(f"Line {number}: ts goes back, from {_seconds(before)} to {_seconds(at)}.")
    return at


def _seconds(at: datetime) -> str:
    """Return the seconds of a moment since the epoch as people write them."""
    return f"{at.timestamp():f}".rstrip("0").rstrip(".")


def _news(record: _Record, number: int, at: datetime) -> News | Refused:
    properties = record.event_data if isinstance(record.event_data, dict) else {}
    campaign, step = properties.get("Campaign Name"), properties.get("Step")
    names = subjects_of(record.identity, record.object_id, record.facebook_id, record.google_id)
    if isinstance(names, Refusal) or not isinstance(campaign, str) or not isinstance(step, str):
        why = f"{record.event_name} needs an identity, and Campaign Name and Step in evtData."
        return Refused(number, why)
    return News(
        at=at,
        subject=names[0],
        event=fold(record.event_name),
        campaign=campaign,
        step=step,
        properties=properties,
    )
