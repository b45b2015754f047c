"""Moves messages forward and makes the callbacks of what changed; both settling and receipts end here."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import apsw
import msgspec
from msgspec.structs import replace

from tellwire.gateway.contract.drafts import CallbackStyle
from tellwire.gateway.contract.styles import is_reported
from tellwire.gateway.store.rows import as_json, read_rows, reserve
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail, advance


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A message reached a standing, or so somebody says; `carrier_error` as for `CarrierReceipt`."""

    seq: int
    standing: Standing
    error_code: int
    at_ms: int
    carrier_error: str = ""


class _State(msgspec.Struct, array_like=True):
    """A message as far as it has come; mutable because several moves of one batch may concern it."""

    seq: int
    status: MessageStatus
    detail: StatusDetail | None
    error: int
    changes: int
    changed_ms: int
    account: str
    subaccount: str
    callback_url: str | None
    style: CallbackStyle


class _Hook(msgspec.Struct, frozen=True, array_like=True):
    id: int
    account: str
    subaccount: str
    url: str


_STATES: Final = """
SELECT json_group_array(json_array(
  seq, status, detail, error, changes, changed_ms, account, subaccount, callback_url, style))
FROM message WHERE seq IN (SELECT value FROM json_each(?))
"""
_HOOKS: Final = """
SELECT json_group_array(json_array(id, account, subaccount, url)) FROM webhook WHERE is_enabled
"""
_UPDATE: Final = """
UPDATE message SET
  status = moved.status, detail = moved.detail, error = moved.error, changes = moved.changes,
  changed_ms = moved.changed_ms
FROM (
  SELECT value->>0 AS seq, value->>1 AS status, value->>2 AS detail, value->>3 AS error,
    value->>4 AS changes, value->>5 AS changed_ms
  FROM json_each(?)
) AS moved WHERE message.seq = moved.seq
"""
_CHANGES: Final = """
INSERT INTO change (seq, number, at_ms, status, detail, error, carrier_error)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 FROM json_each(?)
"""
_CALLBACKS: Final = """
INSERT INTO callback (id, lane, url, style, webhook, seq, number)
SELECT ?1 + key, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?2)
"""
_CALLBACKS_DUE: Final = """
INSERT INTO callback_due (lane, due_ms, id)
SELECT c.lane, 0, c.id FROM callback c WHERE c.id BETWEEN ? AND ?
  AND NOT EXISTS (SELECT 1 FROM callback earlier WHERE earlier.seq = c.seq AND earlier.id < c.id)
"""


def progress(connection: apsw.Connection, moves: list[Move], *, is_told: bool = True) -> frozenset[str]:
    """Apply `moves` in order; return the callback lanes that got something to do, none unless `is_told`.

    A move that does not take its message forward changes nothing and calls nobody (`kernel.status.advance`).
    """
    if not moves:
        return frozenset()
    seqs = as_json([move.seq for move in moves])
    states = {state.seq: state for state in read_rows(connection, _STATES, (seqs,), _State)}
    changed = [_step(states[move.seq], move) for move in moves if move.seq in states]
    changes = [change for change in changed if change is not None]
    if not changes:
        return frozenset()
    touched = {state.seq: state for state, _, _ in changes}
    connection.execute(_UPDATE, (as_json(list(touched.values())),))
    rows = [
        (m.seq, number, m.at_ms, m.standing.status, m.standing.detail, m.error_code, m.carrier_error)
        for _, m, number in changes
    ]
    connection.execute(_CHANGES, (as_json(rows),))
    return _call_back(connection, changes) if is_told else frozenset()


def _step(state: _State, move: Move) -> tuple[_State, Move, int] | None:
    """Take `state` forward; return it with the move and its number, None when it was no change.

    A carrier's clock may be wrong, or in another zone than was said: no step is dated before the step that it follows.
    """
    current = Standing(state.status, state.detail)
    if advance(current, move.standing) is current:
        return None
    move = replace(move, at_ms=max(move.at_ms, state.changed_ms))
    state.status, state.detail = move.standing.status, move.standing.detail
    state.error, state.changed_ms = move.error_code, move.at_ms
    state.changes += 1
    return state, move, state.changes


def _call_back(connection: apsw.Connection, changes: list[tuple[_State, Move, int]]) -> frozenset[str]:
    hooks = _hooks(connection, changes)
    rows: list[tuple[str, str, str, int | None, int, int]] = []
    for state, move, number in changes:
        if not is_reported(state.style, move.standing):
            continue
        hook = _hook_of(state, hooks) if state.callback_url is None else None
        url = hook.url if hook else state.callback_url
        if url:
            lane = callback_lane(state.subaccount, url)
            rows.append((lane, url, state.style, hook.id if hook else None, state.seq, number))
    if rows:
        first = reserve(connection, len(rows))
        connection.execute(_CALLBACKS, (first, as_json(rows)))
        connection.execute(_CALLBACKS_DUE, (first, first + len(rows) - 1))
    return frozenset(row[0] for row in rows)


def _hooks(
    connection: apsw.Connection, changes: list[tuple[_State, Move, int]]
) -> dict[tuple[str, str], _Hook]:
    if all(state.callback_url for state, _, _ in changes):
        return {}
    return {(hook.account, hook.subaccount): hook for hook in read_rows(connection, _HOOKS, (), _Hook)}


def _hook_of(state: _State, hooks: dict[tuple[str, str], _Hook]) -> _Hook | None:
    """Return the subaccount's own webhook, else the account's (8x8 contract 3.2)."""
    return hooks.get((state.account, state.subaccount)) or hooks.get((state.account, "*"))


@lru_cache(maxsize=4096)
def callback_lane(subaccount: str, url: str) -> str:
    """Return the queue of a callback: one for each subaccount and origin.

    By origin and not by URL, because senders put message ids into them; by subaccount, so that nobody's slow
    receiver delays another's callbacks even at a shared address.
    """
    parts = urlsplit(url)
    return f"{subaccount} {parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
