"""Texts from handsets, as the subaccount that owns their number asks for them: details and export."""

from typing import Final

import apsw
import msgspec

from tellwire.gateway.contract.receipts import InboundReport
from tellwire.gateway.store.records import PAGE, Wish
from tellwire.gateway.store.rows import read_rows
from tellwire.kernel.clock import from_ms
from tellwire.kernel.sqlite import Database


class InboundRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One text; `seq` orders them by arrival, `currency` is that of the account, though texts cost nothing."""

    seq: int
    report: InboundReport
    currency: str


class _Row(msgspec.Struct, frozen=True, array_like=True):
    seq: int
    umid: str
    subaccount: str
    source: str
    destination: str
    encoding: str
    parts: int
    received_ms: int
    currency: str


class InboundRecords:
    """The store's records of texts from handsets; the words themselves stay there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, subaccount: str, umid: str) -> InboundRecord | None:
        """Return a text to the subaccount."""
        rows = await self._database.read(_find, subaccount, umid)
        return _record(rows[0]) if rows else None

    async def page(self, wish: Wish, after_seq: int) -> list[InboundRecord]:
        """Return the first `PAGE` texts of a wish beyond `after_seq`, whose `destination` is the handset's number."""
        return [_record(row) for row in await self._database.read(_page, wish, after_seq)]


_COLUMNS: Final = """json_array(
  i.id, i.umid, i.subaccount, i.source, i.destination, i.encoding, i.parts, i.received_ms,
  coalesce((SELECT currency FROM account WHERE account.id = i.account), ''))"""
_FIND: Final = f"""
SELECT json_group_array({_COLUMNS}) FROM inbound i WHERE i.umid = ? AND i.subaccount = ?
"""  # noqa: S608  # a constant of ours
_PAGE_OF: Final = f"""
SELECT json_group_array({_COLUMNS} ORDER BY i.id) FROM (
  SELECT * FROM inbound
  WHERE subaccount = ?1 AND received_ms >= ?2 AND received_ms < ?3 AND id > ?4 AND (?5 IS NULL OR source = ?5)
  ORDER BY id LIMIT ?6
) i
"""  # noqa: S608  # a constant of ours


def _find(connection: apsw.Connection, subaccount: str, umid: str) -> list[_Row]:
    return read_rows(connection, _FIND, (umid, subaccount), _Row)


def _page(connection: apsw.Connection, wish: Wish, after_seq: int) -> list[_Row]:
    parameters = (wish.subaccount, wish.since_ms, wish.until_ms, after_seq, wish.destination, PAGE)
    return read_rows(connection, _PAGE_OF, parameters, _Row)


def _record(row: _Row) -> InboundRecord:
    report = InboundReport(
        umid=row.umid,
        subaccount=row.subaccount,
        source=row.source,
        destination=row.destination,
        body="",
        encoding=row.encoding,
        parts=row.parts,
        at=from_ms(row.received_ms),
    )
    return InboundRecord(seq=row.seq, report=report, currency=row.currency)
