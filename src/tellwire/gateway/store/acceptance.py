"""Accepting a request's messages: on the disk, in their lanes, charged and remembered, or not at all."""

from typing import Final

import apsw

from tellwire.gateway.model.link import NewLink
from tellwire.gateway.model.message import NewBatch, NewMessage, Taken
from tellwire.gateway.store.links import insert_links
from tellwire.gateway.store.once import find_repeated, remember_taken
from tellwire.gateway.store.rows import as_json, reserve

_ACCEPT: Final = """
INSERT INTO message (
  seq, umid, account, subaccount, batch, client_batch, created_ms, changed_ms, status,
  source, destination, body, encoding, parts, client_id, due_ms, expiry_ms,
  callback_url, style, is_tracked, price_micro, currency, lane)
SELECT ?1 + key, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>5, 'queued',
  value->>6, value->>7, value->>8, value->>9, value->>10, value->>11, value->>12, value->>13,
  value->>14, value->>15, value->>16, value->>17, value->>18, value->>19
FROM json_each(?2)
"""
_ACCEPT_READY: Final = """
INSERT INTO ready (lane, place, seq)
SELECT lane, seq, seq FROM message WHERE seq BETWEEN ? AND ? AND due_ms IS NULL
"""
_ACCEPT_LATER: Final = """
INSERT INTO later (due_ms, seq, lane)
SELECT due_ms, seq, lane FROM message WHERE seq BETWEEN ? AND ? AND due_ms IS NOT NULL
"""
_IS_JOINED: Final = "SELECT NOT EXISTS (SELECT 1 FROM smpp_piece WHERE joint = ?)"
# For a while it stays known what went: a part whose answer was lost comes again.
_GO: Final = """
INSERT OR REPLACE INTO gone_piece
SELECT json_array('smpp', subaccount, system_id, source, destination, reference, total), number, octets, received_ms
FROM smpp_piece WHERE joint = ?
"""
_JOIN: Final = "DELETE FROM smpp_piece WHERE joint = ?"
_CHARGE: Final = """
UPDATE account SET balance_micro = balance_micro - ?1 WHERE id = ?2 AND balance_micro >= ?1 RETURNING 1
"""


def accept(connection: apsw.Connection, batches: list[NewBatch]) -> list[Taken]:
    """Store the batches that their accounts can pay for; each all or none."""
    taken: list[Taken] = []
    messages: list[NewMessage] = []
    links: list[NewLink] = []
    for batch in batches:
        if batch.joined is not None and connection.execute(_IS_JOINED, (batch.joined,)).get:
            taken.append(Taken(is_covered=True))  # its last part came again while it was being taken
            continue
        repeated = (
            {} if batch.once_since is None else find_repeated(connection, batch.messages, batch.once_since)
        )
        fresh = [one for one in batch.messages if one.umid not in repeated] if repeated else batch.messages
        is_covered = _charge(connection, batch, fresh)
        if is_covered:
            messages += fresh
            links += [link for link in batch.links if link.umid not in repeated]
            if batch.once_since is not None:
                remember_taken(connection, fresh)
            if batch.joined is not None:
                connection.execute(_GO, (batch.joined,))
                connection.execute(_JOIN, (batch.joined,))
        taken.append(Taken(is_covered=is_covered, repeated=repeated))
    if messages:
        _insert(connection, messages)
    if links:
        insert_links(connection, links)
    return taken


def _insert(connection: apsw.Connection, messages: list[NewMessage]) -> None:
    first = reserve(connection, len(messages))
    last = first + len(messages) - 1
    connection.execute(_ACCEPT, (first, as_json(messages)))
    connection.execute(_ACCEPT_READY, (first, last))
    if any(message.due_ms is not None for message in messages):
        connection.execute(_ACCEPT_LATER, (first, last))


def _charge(connection: apsw.Connection, batch: NewBatch, fresh: list[NewMessage]) -> bool:
    """Take what the fresh messages cost from a prepaid balance; False, and nothing taken, when it is too small."""
    if not batch.is_prepaid:
        return True
    amount_micro = sum(message.price_micro for message in fresh)
    return not amount_micro or connection.execute(_CHARGE, (amount_micro, batch.account)).get is not None
