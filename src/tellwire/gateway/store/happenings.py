"""Queues the callbacks of happenings: they go to webhooks after the earlier ones of the same message."""

from datetime import datetime, timedelta
from typing import Final

import apsw

from tellwire.gateway.model.link import Happening
from tellwire.gateway.store.progress import callback_lane
from tellwire.gateway.store.rows import read_rows, reserve
from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import Database

# A day longer than the log of callbacks, which can have one posted again.
KEPT: Final = timedelta(days=8)
FORGET_LIMIT: Final = 500  # in one transaction: some 5 ms


class Happenings:
    """Happenings that were posted, kept as long as they can be posted again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self, now: datetime, _after: int) -> Step:
        """Drop some of what is older than `KEPT` and waits for nobody."""
        return await self._database.write(_forget, to_ms(now - KEPT))


_HOOK: Final = """
SELECT json_group_array(json_array(id, url)) FROM (
  SELECT id, url FROM webhook WHERE account = ?1 AND subaccount IN (?2, '*') AND is_enabled
  ORDER BY subaccount = '*' LIMIT 1)
"""
_ADD: Final = "INSERT INTO happening (seq, kind, at_ms, body) VALUES (?, ?, ?, ?) RETURNING id"
_CALL: Final = """
INSERT INTO callback (id, lane, url, style, webhook, seq, number, happening) VALUES (?, ?, ?, ?, ?, ?, 0, ?)
"""
_CALL_DUE: Final = """
INSERT INTO callback_due (lane, due_ms, id) SELECT ?1, 0, ?2
WHERE NOT EXISTS (SELECT 1 FROM callback earlier WHERE earlier.seq = ?3 AND earlier.id < ?2)
"""
_FORGET: Final = """
DELETE FROM happening WHERE id IN (
  SELECT h.id FROM happening h WHERE h.at_ms < ?1
    AND NOT EXISTS (SELECT 1 FROM callback c WHERE c.seq = h.seq AND c.happening = h.id)
  ORDER BY h.at_ms LIMIT ?2)
"""


def tell(connection: apsw.Connection, happening: Happening) -> frozenset[str]:
    """Queue a happening's callback; return its lane, none when nobody wants to hear."""
    hook, url = (None, happening.url) if happening.url else _hook(connection, happening)
    if not url:
        return frozenset()
    lane = callback_lane(happening.subaccount, url)
    row = (happening.seq, happening.kind, happening.at_ms, happening.body)
    added = connection.execute(_ADD, row).get
    identifier = reserve(connection, 1)
    connection.execute(_CALL, (identifier, lane, url, happening.style, hook, happening.seq, added))
    connection.execute(_CALL_DUE, (lane, identifier, happening.seq))
    return frozenset((lane,))


def _hook(connection: apsw.Connection, happening: Happening) -> tuple[int | None, str]:
    """Return the subaccount's own webhook, else the account's (8x8 contract 3.2)."""
    hooks = read_rows(connection, _HOOK, (happening.account, happening.subaccount), tuple[int, str])
    return hooks[0] if hooks else (None, "")


def _forget(connection: apsw.Connection, moments_ms: list[int]) -> list[Step]:
    return [_forget_some(connection, before_ms) for before_ms in moments_ms]


def _forget_some(connection: apsw.Connection, before_ms: int) -> Step:
    connection.execute(_FORGET, (before_ms, FORGET_LIMIT))
    gone = connection.changes()
    return Step(rows={"happening": gone}, resume=0 if gone == FORGET_LIMIT else None)
