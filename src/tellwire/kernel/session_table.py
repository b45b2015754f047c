"""The table `session` of either half's file, as a `SessionStore`; their schemas have it alike."""

from collections.abc import Sequence
from typing import Any, Final

import apsw
import msgspec

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sessions import Session
from tellwire.kernel.sqlite import Database


class SessionTable:
    """See `kernel.sessions.SessionStore`. The table is small: there are at most a thousand sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[Session]:
        """Return all sessions, the one that ends first first."""
        return await self._database.read(_load)

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        row = (session.key, session.owner, to_ms(session.opened_at), to_ms(session.ends_at))
        await self._database.write(_run, (_ADD, row))

    async def prolong(self, sessions: Sequence[Session]) -> None:
        """Write when these end now; one that is gone stays gone."""
        if sessions:
            ends = [(one.key, to_ms(one.ends_at)) for one in sessions]
            await self._database.write(_run, (_PROLONG, (_json(ends),)))

    async def delete(self, keys: Sequence[str]) -> None:
        """Forget sessions."""
        await self._database.write(_run, (_DELETE, (_json(keys),)))


_LOAD: Final = "SELECT key, owner, opened_ms, ends_ms FROM session ORDER BY ends_ms"
_ADD: Final = "INSERT OR IGNORE INTO session (key, owner, opened_ms, ends_ms) VALUES (?, ?, ?, ?)"
_PROLONG: Final = """
UPDATE session SET ends_ms = change.value->>1 FROM json_each(?) AS change WHERE session.key = change.value->>0
"""
_DELETE: Final = "DELETE FROM session WHERE key IN (SELECT value FROM json_each(?))"


def _load(connection: apsw.Connection) -> list[Session]:
    return [
        Session(key=key, owner=owner, opened_at=from_ms(opened_ms), ends_at=from_ms(ends_ms))
        for key, owner, opened_ms, ends_ms in connection.execute(_LOAD)
    ]


def _run(connection: apsw.Connection, statements: list[tuple[str, tuple[Any, ...]]]) -> list[None]:
    for sql, parameters in statements:
        connection.execute(sql, parameters)
    return [None] * len(statements)


def _json(rows: Sequence[object]) -> str:
    return msgspec.json.encode(rows).decode()
