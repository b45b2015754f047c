"""The body of an upload becomes its records, each still the JSON it came as (CleverTap contract 4.1, 4.2).

Pure. What a record means is `clevertap`'s to say; here is what a body as a whole may be, and how much of it is taken
apart at once: a million tiny things would cost twenty times their length.
"""

import re
from typing import Any, Final

import msgspec

from tellwire.kernel.json_place import json_mistake

RECORDS_LIMIT: Final = 1000
# Longer than any data within the limits of contract 4.3 that is not nested: 100 properties of 632 characters, each
# of which JSON writes with up to 12 bytes. Taken apart, a record is at most some thirty times its length.
RECORD_LIMIT: Final = 1024 * 1024
# A body up to here has too few records for their number to matter; of a longer one it is known before they are made.
_SHORT_BODY: Final = 256 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

# In place of the backslash of an escaped half of a surrogate pair. No UTF-8 has this byte, so it can be taken back,
# and no reader takes text with it: a record whose half emoji would be kept is refused, and the others are read.
_HALF_MARK: Final = b"\xff"
_HALVES: Final = re.compile(
    rb"(?<!\\)(?:\\\\)*+"  # backslashes that escape each other, never looked at twice
    rb"(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # both halves, or
    rb"|(?P<half>\\)u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class Malformed(msgspec.Struct, frozen=True):
    """The body as a whole cannot be read: nothing is stored. `why` is a sentence for the sender."""

    why: str


class _Upload(msgspec.Struct):
    records: list[msgspec.Raw] = msgspec.field(name="d")


class _LongUpload(msgspec.Struct):
    records: msgspec.Raw = msgspec.field(name="d")


_ABSENT: Final = msgspec.Raw()
# An array of at most so many: msgspec reads a list to its end before it counts, and this it leaves at the first
# that is too many.
_Records: Any = msgspec.defstruct(
    "_Records",
    [(f"record_{number}", msgspec.Raw, _ABSENT) for number in range(1, RECORDS_LIMIT + 1)],
    array_like=True,
    forbid_unknown_fields=True,
)
_decode = msgspec.json.Decoder(_Upload).decode
_decode_long = msgspec.json.Decoder(_LongUpload).decode
_decode_bounded = msgspec.json.Decoder(_Records).decode
_NO_UPLOAD: Final = Malformed('The body has to be {"d": [record, ...]}.')
_TOO_MANY: Final = Malformed(f"More than {RECORDS_LIMIT} records are too many: send fewer in one upload.")


def records_of(body: bytes) -> list[msgspec.Raw] | Malformed:
    """Return the records of an upload in order, or why the body is none.

    Where a record has half of a surrogate pair (a cut emoji), that is marked; `as_it_came` takes the marks back.
    """
    try:
        body.decode()  # in one go: what is kept as it came is not looked at again
        return _read(body.removeprefix(_BYTE_ORDER_MARK))
    except UnicodeDecodeError:
        return Malformed("The body has to be UTF-8.")
    except RecursionError:
        return Malformed("The body is nested too deeply.")
    except msgspec.ValidationError:
        return _NO_UPLOAD
    except msgspec.DecodeError as error:
        return Malformed(f"The body has to be whole, valid JSON: {json_mistake(body, error)}.")


def as_it_came(record: msgspec.Raw) -> msgspec.Raw:
    """Return a record as its sender wrote it."""
    written = bytes(record)
    return msgspec.Raw(written.replace(_HALF_MARK, b"\\")) if _HALF_MARK in written else record


def _read(body: bytes) -> list[msgspec.Raw] | Malformed:
    try:
        return _split(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        marked = _with_halves_marked(body)
        if marked == body:
            raise
        return _split(marked)


def _split(body: bytes) -> list[msgspec.Raw] | Malformed:
    if len(body) <= _SHORT_BODY:
        records = _decode(body).records
        return records if len(records) <= RECORDS_LIMIT else _TOO_MANY
    whole = _decode_long(body).records
    if bytes(memoryview(whole)[:1]) != b"[":
        return _NO_UPLOAD
    try:
        read = msgspec.structs.astuple(_decode_bounded(whole))
    except msgspec.ValidationError:
        return _TOO_MANY
    return [record for record in read if record is not _ABSENT]


def _with_halves_marked(body: bytes) -> bytes:
    marked = bytearray(body)
    for match in _HALVES.finditer(body):
        if match["half"]:
            marked[match.start("half")] = _HALF_MARK[0]
    return bytes(marked)
