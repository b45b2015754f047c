"""The audit log: a line for each thing that was changed, written in the transaction that changed it."""

from collections.abc import Sequence
from typing import Final

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Horizon, Step
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.audit import AuditLine, Deed
from tellwire.platform.ports.audit import AuditQuery

FORGET_LIMIT: Final = 200  # lines that one step of forgetting looks at


class EmbeddedAudit:
    """See `ports.audit.AuditLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines(self, query: AuditQuery, limit: int, before: int | None = None) -> list[AuditLine]:
        """Return lines, the newest first."""
        return await self._database.read(_lines, query, limit, _END if before is None else before)


_ADD = """
INSERT INTO audit (at_ms, author, catalog_version, kind, object_id, body)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?)
"""


def add(connection: apsw.Connection, deeds: Sequence[Deed], by: str, catalog_version: int = 0) -> None:
    """Write what somebody did; part of the transaction that does it. What is not in the catalog has its number 0."""
    if deeds:
        rows = [(to_ms(one.at), by, catalog_version, one.kind, one.object_id, encode(one)) for one in deeds]
        connection.execute(_ADD, (encode(rows),))


_COUNT_UP = """
UPDATE audit SET body = json_set(body, '$.fields[0].after', body->>'$.fields[0].after' + ?2) WHERE seq = ?1
"""


def count_up(connection: apsw.Connection, seq: int, more: int) -> None:
    """Let the first field of a line be so much more than it says, by the next transaction of the same change."""
    connection.execute(_COUNT_UP, (seq, more))


_END: Final = 2**62  # above every seq
_LINES = """
SELECT group_concat(json_array(seq, author, catalog_version, json(body)), ',' ORDER BY seq DESC) FROM (
  SELECT seq, author, catalog_version, body FROM audit
  WHERE seq < ?1 AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR object_id = ?4) AND (?5 IS NULL OR author = ?5)
    AND (?6 IS NULL OR at_ms >= ?6) AND (?7 IS NULL OR at_ms < ?7)
  ORDER BY seq DESC LIMIT ?2)
"""
_LINES_OF_OBJECT = """
SELECT group_concat(json_array(seq, author, catalog_version, json(body)), ',' ORDER BY seq DESC) FROM (
  SELECT seq, author, catalog_version, body FROM audit
  WHERE seq < ?1 AND kind = ?3 AND object_id = ?4 AND (?5 IS NULL OR author = ?5)
    AND (?6 IS NULL OR at_ms >= ?6) AND (?7 IS NULL OR at_ms < ?7)
  ORDER BY seq DESC LIMIT ?2)
"""  # the same, by the index of objects
_ROWS = decoder(list[tuple[int, str, int, Deed]])


def _lines(connection: apsw.Connection, query: AuditQuery, limit: int, before: int) -> list[AuditLine]:
    is_of_object = query.kind is not None and query.object_id is not None
    parameters = (
        *(before, limit, query.kind, query.object_id, query.by),
        None if query.since is None else to_ms(query.since),
        None if query.until is None else to_ms(query.until),
    )
    rows = connection.execute(_LINES_OF_OBJECT if is_of_object else _LINES, parameters).get
    return [
        AuditLine(seq=seq, by=by, catalog_version=version, deed=deed)
        for seq, by, version, deed in _ROWS.decode(lines_of(rows))
    ]


# A line goes when it is older than what is kept, and than the oldest event: the log of a campaign is kept so, too.
_FORGET = """
DELETE FROM audit WHERE seq IN (
  SELECT seq FROM audit WHERE seq < (SELECT max(seq) FROM audit) AND at_ms < ?1 ORDER BY seq LIMIT ?2)
"""


def forget_audit(connection: apsw.Connection, calls: list[tuple[Horizon, int]]) -> list[Step]:
    """Delete the oldest lines; `resume` says that there are more."""
    return [_forget(connection, horizon) for horizon, _ in calls]


def _forget(connection: apsw.Connection, horizon: Horizon) -> Step:
    connection.execute(_FORGET, (to_ms(horizon.came_before), FORGET_LIMIT))
    rows = connection.changes()
    return Step(rows={"audit": rows}, resume=1 if rows == FORGET_LIMIT else None)
