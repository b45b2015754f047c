"""The last refused records and callbacks: two small tables that are cut as they are written."""

from collections.abc import Sequence
from typing import Final

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.event import Subject
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RefusedCallback, RefusedRecord
from tellwire.platform.ports.refusals import CALLBACKS_LIMIT, RECORDS_LIMIT

_NOTE_RECORDS: Final = """
INSERT INTO refused_record (subject, at_ms, body) SELECT value->>0, value->>1, value->>2 FROM json_each(?)
"""
_CUT_RECORDS: Final = "DELETE FROM refused_record WHERE seq <= (SELECT max(seq) FROM refused_record) - ?"
_NOTE_CALLBACK: Final = "INSERT INTO refused_callback (provider_id, at_ms, body) VALUES (?, ?, ?)"
_CUT_CALLBACKS: Final = """
DELETE FROM refused_callback WHERE provider_id = ?1 AND seq <= (
  SELECT seq FROM refused_callback WHERE provider_id = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)
"""


class EmbeddedRefusals:
    """See `ports.refusals.Refusals`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note_records(self, records: Sequence[RefusedRecord]) -> None:
        """Keep these refused records of one upload."""
        if records:
            await self._database.write(_note_records, records)

    async def note_callback(self, callback: RefusedCallback) -> None:
        """Keep this refused callback."""
        await self._database.write(_note_callbacks, callback)


def _note_records(connection: apsw.Connection, calls: list[Sequence[RefusedRecord]]) -> list[None]:
    write(connection, [one for call in calls for one in call])
    return [None] * len(calls)


def write(connection: apsw.Connection, refused: Sequence[RefusedRecord]) -> None:
    """Keep refused records, and forget the oldest beyond the limit."""
    if refused:
        rows = [(_key(one.subject), to_ms(one.at), encode(one)) for one in refused[-RECORDS_LIMIT:]]
        connection.execute(_NOTE_RECORDS, (encode(rows),))
        connection.execute(_CUT_RECORDS, (RECORDS_LIMIT,))


def _key(subject: Subject | None) -> str | None:
    return subject.key if subject is not None else None


def _note_callbacks(connection: apsw.Connection, calls: list[RefusedCallback]) -> list[None]:
    for one in calls:
        connection.execute(_NOTE_CALLBACK, (one.provider_id, to_ms(one.at), encode(one)))
    for provider_id in dict.fromkeys(one.provider_id for one in calls):
        connection.execute(_CUT_CALLBACKS, (provider_id, CALLBACKS_LIMIT))
    return [None] * len(calls)


_RECORDS: Final = """
SELECT group_concat(body, ',' ORDER BY seq DESC) FROM (SELECT seq, body FROM refused_record ORDER BY seq DESC LIMIT ?)
"""
_RECORDS_OF: Final = """
SELECT group_concat(body, ',' ORDER BY seq DESC) FROM (
  SELECT seq, body FROM refused_record WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?)
"""
_CALLBACKS: Final = """
SELECT group_concat(body, ',' ORDER BY seq DESC) FROM refused_callback WHERE provider_id = ?
"""
_RECORD_ROWS = decoder(list[RefusedRecord])
_CALLBACK_ROWS = decoder(list[RefusedCallback])


def records(connection: apsw.Connection, limit: int, subjects: Sequence[Subject]) -> list[RefusedRecord]:
    """Return the last refused records, newest first; `subjects` narrows them to those of one person."""
    if subjects:
        lines = connection.execute(_RECORDS_OF, (encode([one.key for one in subjects]), limit)).get
    else:
        lines = connection.execute(_RECORDS, (limit,)).get
    return _RECORD_ROWS.decode(lines_of(lines))


def callbacks(connection: apsw.Connection, provider_id: ProviderId) -> list[RefusedCallback]:
    """Return the last refused callbacks of a provider, newest first."""
    return _CALLBACK_ROWS.decode(lines_of(connection.execute(_CALLBACKS, (provider_id,)).get))
