"""Counts for the portal: volumes by hour and status, and callbacks that wait. In chunks, as `reports` reads."""

from typing import Final

import apsw
import msgspec

from tellwire.gateway.store.reports import CHUNK, chunk_end
from tellwire.gateway.store.rows import read_rows
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, StatusDetail

COUNTED: Final = 20_000  # a lane with more waiting callbacks than that is in trouble, whatever the number


class Volume(msgspec.Struct, frozen=True, array_like=True):
    """How many messages of one hour stand where, with their parts and what they cost."""

    hour_ms: int
    status: MessageStatus
    detail: StatusDetail | None
    currency: str
    messages: int
    parts: int
    price_micro: int


class VolumeChunk(msgspec.Struct, frozen=True, kw_only=True):
    """The volumes of one chunk; `next_seq` is where to go on, None when all since the asked moment is counted."""

    volumes: list[Volume]
    next_seq: int | None


class Volumes:
    """Counts, for people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def volume(self, since_ms: int, before_seq: int) -> VolumeChunk:
        """Return the volumes of the newest chunk of messages before `before_seq`, but none from before `since_ms`."""
        return await self._database.read(_volume, since_ms, before_seq)

    async def callbacks_waiting(self) -> dict[str, int]:
        """Return how many callbacks wait in each lane ("subaccount origin"); of each message only the next counts.

        Counts no further than `COUNTED` in all.
        """
        return dict(await self._database.read(_callbacks_waiting))


_VOLUME: Final = """
SELECT json_group_array(json_array(hour_ms, status, detail, currency, n, parts, price)) FROM (
  SELECT created_ms / 3600000 * 3600000 AS hour_ms, status, detail, currency,
    count(*) AS n, sum(parts) AS parts, sum(price_micro) AS price
  FROM (SELECT * FROM message WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2)
  WHERE created_ms >= ?3 GROUP BY 1, 2, 3, 4)
"""


def _volume(connection: apsw.Connection, since_ms: int, before_seq: int) -> VolumeChunk:
    volumes = read_rows(connection, _VOLUME, (before_seq, CHUNK, since_ms), Volume)
    low, count, oldest_ms = chunk_end(connection, before_seq)
    is_over = count < CHUNK or oldest_ms < since_ms
    return VolumeChunk(volumes=volumes, next_seq=None if is_over else low)


_CALLBACKS_WAITING: Final = """
SELECT json_group_array(json_array(lane, n))
FROM (SELECT lane, count(*) AS n FROM (SELECT lane FROM callback_due LIMIT ?) GROUP BY lane)
"""


def _callbacks_waiting(connection: apsw.Connection) -> list[tuple[str, int]]:
    return read_rows(connection, _CALLBACKS_WAITING, (COUNTED,), tuple[str, int])
