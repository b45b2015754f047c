"""A whole CleverTap upload: its records become the entries to append and the answer to give (contract 4.2).

Pure; who is asking was settled before, and `api` appends the entries before it gives the answer.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

import msgspec

from tellwire.kernel.ids import new_ids
from tellwire.platform.intake.clevertap.allowance import Allowance
from tellwire.platform.intake.clevertap.record import Rules, arrival, read_record
from tellwire.platform.intake.clevertap.records import as_it_came
from tellwire.platform.intake.clevertap.refusal import Rejected
from tellwire.platform.model.event import Entry, EventId


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """What to append, and the JSON answer that is true once that is durable. `records` counts all of them.

    `new_types` are the names of events, folded, that the account has not had before; each once.
    """

    entries: Sequence[Entry]
    answer: bytes
    records: int
    rejected: int
    new_types: tuple[str, ...]
    refused: Sequence[Rejected] = ()


def admit(
    records: Sequence[msgspec.Raw],
    *,
    now: datetime,
    entropy: int,
    rules: Rules,
    known: AbstractSet[str] = frozenset(),
) -> Admitted:
    """Read the records of an upload that came at `now`. `entropy` is at least 32 random bits, for their ids.

    Every record is either in `entries` or rejected in the answer; entries keep the order of their records.
    `known` are the account's event types, folded; `new_types` has to be claimed for it before the answer is given.
    """
    allowance = Allowance(known, rules.event_types)
    came = arrival(now, rules, allowance)
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
        new_types=allowance.new,
        refused=refused,
    )


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
    if not records:  # "fail" is when nothing was processed, and of nothing nothing was
        return b'{"status":"fail","processed":0,"unprocessed":[]}'
    if not refused:
        return b'{"status":"success","processed":%d,"unprocessed":[]}' % processed
    status = "partial" if processed else "fail"
    listed = [_Refused("fail", one.code, one.error, as_it_came(one.record)) for one in refused]
    return msgspec.json.encode(_Answer(status, processed, listed))
