"""Receipts of carriers in the store: to their part, from the parts to the message, or kept until a part claims them."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

import apsw
import msgspec
from msgspec import structs

from tellwire.gateway.model.matching import newest_meant
from tellwire.gateway.model.receipt import RECEIPT_WAIT, CarrierReceipt, Recorded
from tellwire.gateway.store.folding import LastWord, fold_late, fold_told, read_siblings
from tellwire.gateway.store.progress import Move, progress
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail, advance

# A receipt overtakes its answer by seconds at most; an hour also covers a restart in between.
EARLY_KEPT: Final = timedelta(hours=1)


class _Match(msgspec.Struct, array_like=True):
    """The part that a receipt of a batch (by its index) means, and what folding needs of its message.

    A message is handed over once all its parts are taken; how many those are is the carrier's dialect's business.
    """

    index: int
    carrier: str
    reference: str
    seq: int
    number: int
    status: MessageStatus
    detail: StatusDetail | None
    source: str
    destination: str
    parts: int
    is_handed: int
    waited_ms: int | None

    @property
    def part(self) -> tuple[str, str, int, int]:
        """The part's key."""
        return (self.carrier, self.reference, self.seq, self.number)


class _Early(msgspec.Struct, frozen=True, array_like=True):
    id: int
    reference: str
    status: MessageStatus
    detail: StatusDetail | None
    error: int
    at_ms: int
    kept_ms: int
    mcc: str
    mnc: str
    numbers: str
    is_of_message: int
    carrier_error: str


class _Report(msgspec.Struct, frozen=True, array_like=True):
    """A receipt as the statements below want it; `carriers` begins with the one that brought it."""

    carriers: tuple[str, ...]
    reference: str
    status: MessageStatus
    detail: StatusDetail | None
    error: int
    at_ms: int
    received_ms: int
    mcc: str
    mnc: str
    numbers: str
    is_of_message: bool
    carrier_error: str


class Receipts:
    """Carriers' receipts for the parts that they took."""

    def __init__(self, database: Database, *, wait: timedelta = RECEIPT_WAIT) -> None:
        self._database = database
        self._record = partial(_record, wait_ms=_milliseconds(wait))

    async def record(self, receipt: CarrierReceipt) -> Recorded:
        """Store a receipt and what follows from it.

        It means the part with its id whose message went to a number that it names; an empty id means none.
        Repeated and unordered receipts change nothing, and so do those that come `wait` after the message's last
        change. One whose part is not known yet is kept for `EARLY_KEPT` and counts as soon as the part is.
        """
        return await self._database.write(self._record, receipt)

    async def fold_late(self, now: datetime) -> frozenset[str]:
        """End the messages of which some parts have receipts and the others had none for `FOLD_AFTER`.

        Their standing is that of the parts with receipts; returns the callback lanes that got something to do.
        """
        return await self._database.write(fold_late, to_ms(now))

    async def forget_early(self, now: datetime) -> int:
        """Drop the receipts that no part claimed within `EARLY_KEPT`; return how many."""
        return await self._database.write(_forget_early, to_ms(now - EARLY_KEPT))


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def _record(connection: apsw.Connection, receipts: list[CarrierReceipt], *, wait_ms: int) -> list[Recorded]:
    reports = [
        _Report(
            (receipt.carrier, *receipt.siblings),
            receipt.reference,
            receipt.standing.status,
            receipt.standing.detail,
            receipt.error_code,
            to_ms(receipt.at),
            to_ms(receipt.received),
            receipt.mcc,
            receipt.mnc,
            receipt.numbers,
            receipt.is_of_message,
            receipt.carrier_error,
        )
        for receipt in receipts
    ]
    matches = _matches(connection, reports, wait_ms)
    lanes = _apply(connection, reports, matches)
    waited_ms = _first_words(matches)
    return [Recorded(lanes, _seconds(waited_ms.get(index))) for index in range(len(receipts))]


def _first_words(matches: list[_Match]) -> dict[int, int | None]:
    """Return how long the carrier took, by the index of the receipt that was the first of a batch on its part."""
    firsts = {match.part: match for match in matches[::-1]}
    return {match.index: match.waited_ms for match in firsts.values()}


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


_MATCHES: Final = """
SELECT json_group_array(json_array(r.key, p.carrier, p.reference, p.seq, p.number, p.status, p.detail, m.source,
  m.destination, m.parts, m.status <> 'queued',
  CASE WHEN p.status = 'sent' AND m.status = 'sent' THEN r.value->>6 - m.changed_ms END) ORDER BY r.key, p.number)
FROM json_each(?1) r
CROSS JOIN json_each(r.value->0) c
CROSS JOIN part p ON p.carrier = c.value AND p.reference = r.value->>1
CROSS JOIN message m ON m.seq = p.seq AND r.value->>6 - m.changed_ms <= ?2
WHERE r.value->>1 <> ''
"""
_KEEP_EARLY: Final = """
INSERT INTO early (
  carrier, reference, status, detail, error, at_ms, kept_ms, mcc, mnc, numbers, is_of_message, carrier_error)
SELECT c.value, r.value->>1, r.value->>2, r.value->>3, r.value->>4, r.value->>5, r.value->>6, r.value->>7,
  r.value->>8, r.value->>9, r.value->>10, r.value->>11
FROM json_each(?) r CROSS JOIN json_each(r.value->0) c
"""
_UPDATE_PARTS: Final = """
UPDATE part SET status = moved.status, detail = moved.detail
FROM (
  SELECT value->>0 AS carrier, value->>1 AS reference, value->>2 AS seq, value->>3 AS number, value->>4 AS status,
    value->>5 AS detail
  FROM json_each(?)
) AS moved WHERE part.carrier = moved.carrier AND part.reference = moved.reference
  AND part.seq = moved.seq AND part.number = moved.number
"""
_NETWORKS: Final = """
UPDATE message SET mcc = network.mcc, mnc = network.mnc
FROM (SELECT value->>0 AS seq, value->>1 AS mcc, value->>2 AS mnc FROM json_each(?)) AS network
WHERE message.seq = network.seq AND (message.mcc, message.mnc) <> (network.mcc, network.mnc)
"""


def _matches(connection: apsw.Connection, reports: list[_Report], wait_ms: int) -> list[_Match]:
    """Return the parts that each receipt means: by id and number, and of the newest message that has both."""
    by_report: dict[int, list[_Match]] = {}
    for match in read_rows(connection, _MATCHES, (as_json(reports), wait_ms), _Match):
        by_report.setdefault(match.index, []).append(match)
    return [
        match
        for index, matches in by_report.items()
        for match in newest_meant(matches, reports[index].numbers)
    ]


def _apply(connection: apsw.Connection, reports: list[_Report], matches: list[_Match]) -> frozenset[str]:
    """Move the parts that `reports` mean, then their messages; keep those that mean none."""
    known = {match.index for match in matches}
    unknown = [report for index, report in enumerate(reports) if index not in known and report.reference]
    if unknown:
        connection.execute(_KEEP_EARLY, (as_json(unknown),))
    if not matches:
        return frozenset()
    networks = [
        (match.seq, report.mcc, report.mnc) for match in matches if (report := reports[match.index]).mcc
    ]
    if networks:
        connection.execute(_NETWORKS, (as_json(networks),))
    moved = _move_parts(matches + _spoken_for(connection, matches, reports), reports)
    connection.execute(_UPDATE_PARTS, (as_json(moved),))
    whole = [_move(match.seq, reports[match.index]) for match in matches if match.parts == 1]
    return progress(connection, whole + fold_told(connection, _last_words(matches, reports)))


def _spoken_for(connection: apsw.Connection, matches: list[_Match], reports: list[_Report]) -> list[_Match]:
    """Return the parts that a receipt of the whole message means beside the one whose id it names."""
    named = {match.seq: match for match in matches if match.parts > 1 and reports[match.index].is_of_message}
    if not named:
        return []
    return [
        structs.replace(
            named[one.seq],
            carrier=one.carrier,
            reference=one.reference,
            number=one.number,
            status=one.status,
            detail=one.detail,
        )
        for one in read_siblings(connection, named)
        if one.number != named[one.seq].number
    ]


def _move_parts(
    matches: list[_Match], reports: list[_Report]
) -> list[tuple[str, str, int, int, str, str | None]]:
    reached: dict[tuple[str, str, int, int], Standing] = {}
    for match in matches:
        report = reports[match.index]
        current = reached.get(match.part) or Standing(match.status, match.detail)
        reached[match.part] = advance(current, Standing(report.status, report.detail))
    return [(*key, standing.status, standing.detail) for key, standing in reached.items()]


def _last_words(matches: list[_Match], reports: list[_Report]) -> dict[int, LastWord]:
    """Return the last receipt of each message of several parts."""
    return {match.seq: _last_word(match, reports[match.index]) for match in matches if match.parts > 1}


def _last_word(match: _Match, report: _Report) -> LastWord:
    return LastWord(
        is_handed=bool(match.is_handed),
        error_code=report.error,
        carrier_error=report.carrier_error,
        at_ms=report.at_ms,
        received_ms=report.received_ms,
    )


def _move(seq: int, report: _Report) -> Move:
    return Move(
        seq=seq,
        standing=Standing(report.status, report.detail),
        error_code=report.error,
        at_ms=report.at_ms,
        carrier_error=report.carrier_error,
    )


_EARLY_OF: Final = """
SELECT json_group_array(json_array(e.id, e.reference, e.status, e.detail, e.error, e.at_ms, e.kept_ms, e.mcc, e.mnc,
  e.numbers, e.is_of_message, e.carrier_error) ORDER BY e.id)
FROM json_each(?2) r CROSS JOIN early e ON e.carrier = ?1 AND e.reference = r.value
"""
_DROP_EARLY: Final = "DELETE FROM early WHERE id IN (SELECT value FROM json_each(?))"
_HAS_EARLY: Final = "SELECT EXISTS (SELECT 1 FROM early)"
_FORGET_EARLY: Final = "DELETE FROM early WHERE kept_ms < ?"


def match_early(connection: apsw.Connection, carrier: str, references: list[str]) -> frozenset[str]:
    """Apply the receipts that came before the answers which gave these references; return callback lanes."""
    if not references or not connection.execute(_HAS_EARLY).get:
        return frozenset()
    kept = read_rows(connection, _EARLY_OF, (carrier, as_json(references)), _Early)
    if not kept:
        return frozenset()
    connection.execute(_DROP_EARLY, (as_json([early.id for early in kept]),))
    reports = [
        _Report(
            (carrier,),
            early.reference,
            early.status,
            early.detail,
            early.error,
            early.at_ms,
            early.kept_ms,
            early.mcc,
            early.mnc,
            early.numbers,
            bool(early.is_of_message),
            early.carrier_error,
        )
        for early in kept
    ]
    return _apply(connection, reports, _matches(connection, reports, _milliseconds(RECEIPT_WAIT)))


def _forget_early(connection: apsw.Connection, moments_ms: list[int]) -> list[int]:
    connection.execute(_FORGET_EARLY, (max(moments_ms),))
    return [connection.changes()] + [0] * (len(moments_ms) - 1)
