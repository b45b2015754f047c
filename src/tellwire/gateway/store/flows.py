"""Recent messages by destination, as rules distinguish them. In chunks, as `reports` reads."""

from typing import Final

import apsw
import msgspec

from tellwire.gateway.store.reports import CHUNK, chunk_end
from tellwire.gateway.store.rows import read_rows
from tellwire.kernel.choice.rerouting import Flow
from tellwire.kernel.sqlite import Database


class FlowChunk(msgspec.Struct, frozen=True, kw_only=True):
    """The flows of one chunk; `next_seq` is where to go on, None when all since the wanted moment is read."""

    flows: list[Flow]
    next_seq: int | None


class Flows:
    """Stored messages by account, sender ID and the beginning of the number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, since_ms: int, before_seq: int, digits: int) -> FlowChunk:
        """Return the flows of the newest chunk before `before_seq`; `digits` are looked at of each number."""
        return await self._database.read(_flows, since_ms, before_seq, digits)


# A number that was erased is empty, and tells nothing of where the message went.
_FLOWS: Final = """
SELECT json_group_array(json_array(account, digits, source, n)) FROM (
  SELECT account, substr(destination, 1, ?4) AS digits, source, count(*) AS n
  FROM (SELECT * FROM message WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2)
  WHERE created_ms >= ?3 AND destination != '' GROUP BY 1, 2, 3)
"""


def _flows(connection: apsw.Connection, since_ms: int, before_seq: int, digits: int) -> FlowChunk:
    flows = read_rows(connection, _FLOWS, (before_seq, CHUNK, since_ms, digits), Flow)
    low, count, oldest_ms = chunk_end(connection, before_seq)
    is_over = count < CHUNK or oldest_ms < since_ms
    return FlowChunk(flows=flows, next_seq=None if is_over else low)
