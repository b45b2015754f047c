"""Client ids that were taken, for subaccounts that asked for each to be taken once only (8x8 contract, decision 7)."""

from datetime import datetime
from typing import Final

import apsw

from tellwire.gateway.model.message import NewMessage
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.clock import to_ms
from tellwire.kernel.retention import Step

_FIND: Final = """
SELECT json_group_array(json_array(j.value->>0, t.umid)) FROM json_each(?1) j
CROSS JOIN taken_once t ON t.subaccount = j.value->>1 AND t.client_id = j.value->>2 AND t.at_ms >= ?2
"""
_REMEMBER: Final = """
INSERT INTO taken_once (subaccount, client_id, umid, at_ms)
SELECT value->>1, value->>2, value->>0, value->>3 FROM json_each(?) WHERE true
ON CONFLICT DO UPDATE SET umid = excluded.umid, at_ms = excluded.at_ms
"""
FORGET_LIMIT: Final = 1_000  # in one transaction: some 5 ms
_FORGET: Final = """
DELETE FROM taken_once WHERE (subaccount, client_id) IN (
  SELECT subaccount, client_id FROM taken_once WHERE at_ms < ? ORDER BY at_ms LIMIT ?)
"""


def find_repeated(connection: apsw.Connection, messages: list[NewMessage], since: datetime) -> dict[str, str]:
    """Return, by umid, the messages that repeat one taken since `since` or an earlier one of this list."""
    keys = [(one.umid, one.subaccount, one.client_id) for one in messages if one.client_id is not None]
    repeated = dict(read_rows(connection, _FIND, (as_json(keys), to_ms(since)), tuple[str, str]))
    first: dict[str, str] = {}
    for umid, _, client_id in keys:
        if umid not in repeated and first.setdefault(client_id, umid) != umid:
            repeated[umid] = first[client_id]
    return repeated


def remember_taken(connection: apsw.Connection, messages: list[NewMessage]) -> None:
    """Remember the client ids of messages that are being taken."""
    rows = [(one.umid, one.subaccount, one.client_id, one.created_ms) for one in messages if one.client_id]
    connection.execute(_REMEMBER, (as_json(rows),))


def forget_taken(connection: apsw.Connection, moments_ms: list[int]) -> list[Step]:
    """Forget some of the client ids taken before a moment."""
    return [_forget_some(connection, before_ms) for before_ms in moments_ms]


def _forget_some(connection: apsw.Connection, before_ms: int) -> Step:
    connection.execute(_FORGET, (before_ms, FORGET_LIMIT))
    gone = connection.changes()
    return Step(rows={"taken_once": gone}, resume=0 if gone == FORGET_LIMIT else None)
