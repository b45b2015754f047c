"""Parts that SMPP customers submit one by one, until their text is whole and becomes one message."""

from datetime import datetime, timedelta
from typing import Final

import apsw
import msgspec

from tellwire.gateway.store.acceptance import JoinedParts
from tellwire.gateway.store.rows import read_rows
from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database

# A customer sends the parts of a text within seconds; what lacks some after this goes as far as it came.
JOIN_WITHIN: Final = timedelta(minutes=10)
OVERDUE_LIMIT: Final = 100


class SubmittedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a customer's text, with the id that the customer was given for it."""

    key: JoinedParts
    number: int
    umid: str
    body: str
    received: datetime


class SmppParts:
    """Parts that wait for their siblings. They go when the message that joins them is accepted, in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, part: SubmittedPart) -> list[tuple[str, str]] | None:
        """Store a part durably; return id and text of all parts in order once all are there, else None.

        A part that comes again replaces the former one.
        """
        return await self._database.write(_keep, part)

    async def overdue(self, now: datetime) -> list[JoinedParts]:
        """Return texts that wait longer than `JOIN_WITHIN` for a part, or were whole when the process died."""
        return await self._database.read(_overdue, to_ms(now - JOIN_WITHIN))

    async def of(self, key: JoinedParts) -> list[tuple[str, str]]:
        """Return id and text of the parts that are there, in order."""
        return await self._database.read(_of, key)


_KEEP: Final = """
INSERT OR REPLACE INTO smpp_part (
  subaccount, system_id, source, destination, reference, total, wants_receipt, number, umid, body, received_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_OF: Final = """
SELECT json_group_array(json_array(umid, body) ORDER BY number) FROM smpp_part
WHERE subaccount = ? AND system_id = ? AND source = ? AND destination = ? AND reference = ? AND total = ?
  AND wants_receipt = ?
"""
_OVERDUE: Final = """
SELECT json_group_array(json_array(
  subaccount, system_id, source, destination, reference, total, wants_receipt <> 0)) FROM (
  SELECT *, min(received_ms) AS first_ms FROM smpp_part
  GROUP BY subaccount, system_id, source, destination, reference, total, wants_receipt HAVING first_ms < ?
  LIMIT ?)
"""


def _keep(connection: apsw.Connection, parts: list[SubmittedPart]) -> list[list[tuple[str, str]] | None]:
    return [_keep_one(connection, part) for part in parts]


def _keep_one(connection: apsw.Connection, part: SubmittedPart) -> list[tuple[str, str]] | None:
    key = part.key.columns
    connection.execute(_KEEP, (*key, part.number, part.umid, part.body, to_ms(part.received)))
    found = _of(connection, part.key)
    return found if len(found) == part.key.total else None


def _of(connection: apsw.Connection, key: JoinedParts) -> list[tuple[str, str]]:
    return read_rows(connection, _OF, key.columns, tuple[str, str])


class _Overdue(msgspec.Struct, frozen=True, array_like=True):
    subaccount: str
    system_id: str
    source: str
    destination: str
    reference: int
    total: int
    wants_receipt: int


def _overdue(connection: apsw.Connection, before_ms: int) -> list[JoinedParts]:
    return [
        JoinedParts(
            subaccount=row.subaccount,
            system_id=row.system_id,
            source=row.source,
            destination=row.destination,
            reference=row.reference,
            total=row.total,
            wants_receipt=bool(row.wants_receipt),
        )
        for row in read_rows(connection, _OVERDUE, (before_ms, OVERDUE_LIMIT), _Overdue)
    ]
