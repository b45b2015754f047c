"""A whole CleverTap upload: a body becomes the entries to append and the answer to give (contract 4.2).

Pure; who is asking was settled before, and `api` appends the entries before it gives the answer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from tellwire.intake.clevertap import Rules, arrival, read_record
from tellwire.intake.refusal import Rejected
from tellwire.kernel.ids import new_ids
from tellwire.model.event import Entry, EventId

RECORDS_LIMIT: Final = 1000
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Malformed(msgspec.Struct, frozen=True):
    """The body as a whole cannot be read: nothing is stored. `why` is a sentence for the sender."""

    why: str


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """What to append, and the JSON answer that is true once that is durable. `records` counts all of them."""

    entries: Sequence[Entry]
    answer: bytes
    records: int
    rejected: int


class _Upload(msgspec.Struct):
    records: list[msgspec.Raw] = msgspec.field(name="d")


_decode = msgspec.json.Decoder(_Upload).decode


def admit(body: bytes, *, now: datetime, entropy: int, rules: Rules) -> Admitted | Malformed:
    """Read an upload that came at `now`. `entropy` is at least 32 random bits, for the ids of its records.

    Every record is either in `entries` or rejected in the answer; entries keep the order of their records.
    """
    records = _records(body)
    if isinstance(records, Malformed):
        return records
    came = arrival(now, rules)
    entries: list[Entry] = []
    refused: list[Rejected] = []
    ids = new_ids(now, entropy, len(records))
    for number, (record, event_id) in enumerate(zip(records, ids, strict=True), start=1):
        reading = read_record(record, number, EventId(event_id), came)
        if isinstance(reading, Rejected):
            refused.append(reading)
        else:
            entries += reading
    return Admitted(
        entries=entries,
        answer=_answer(len(records), refused),
        records=len(records),
        rejected=len(refused),
    )


def _records(body: bytes) -> list[msgspec.Raw] | Malformed:
    try:
        body.decode()  # in one go: what is kept as it came is not looked at again
        records = _decode(body.removeprefix(_BYTE_ORDER_MARK)).records
    except UnicodeDecodeError:
        return Malformed("The body has to be UTF-8.")
    except RecursionError:
        return Malformed("The body is nested too deeply.")
    except msgspec.ValidationError:
        return Malformed('The body has to be {"d": [record, ...]}.')
    except msgspec.DecodeError:
        # A cut emoji (`\ud83d` alone) is no JSON text for us: no store behind us could keep it.
        return Malformed("The body has to be whole, valid JSON, without halves of surrogate pairs.")
    if len(records) > RECORDS_LIMIT:
        return Malformed(f"{len(records)} records are too many: send at most {RECORDS_LIMIT} in one upload.")
    return records


class _Refused(msgspec.Struct):
    """One refused record of the answer, its members in the recorded order."""

    status: str
    code: int
    error: str
    record: msgspec.Raw


class _Answer(msgspec.Struct):
    status: str
    processed: int
    unprocessed: list[_Refused]


def _answer(records: int, refused: list[Rejected]) -> bytes:
    processed = records - len(refused)
    if not refused:
        return b'{"status":"success","processed":%d,"unprocessed":[]}' % processed
    status = "partial" if processed else "fail"
    told = [_Refused("fail", one.code, one.error, one.record) for one in refused]
    return msgspec.json.encode(_Answer(status, processed, told))
