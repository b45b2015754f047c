"""Puts messages into the outbox that no campaign made: answers to what people wrote."""

from collections.abc import Sequence

import apsw

from tellwire.kernel.clock import to_ms
from tellwire.platform.backends.embedded import bulk, sums
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.sums import sums_of_answers
from tellwire.platform.model.address import key_of
from tellwire.platform.model.message import Message

_KNOWN = "SELECT json_group_array(id) FROM message WHERE id IN (SELECT value FROM json_each(?))"
_NEWEST = "SELECT ifnull(max(seq), 0) FROM message"
_MESSAGES = "INSERT INTO message (id, campaign_id, phone, provider_id, created_ms, repeats, counts, body)"
_STANDINGS = """
INSERT INTO standing (message, status, detail, error_code, description, updated_ms)
SELECT seq, 'queued', NULL, '', '', created_ms FROM message WHERE seq > ?
"""
_OUTBOX = """
INSERT INTO outbox (provider_id, due_ms, message, attempt)
SELECT provider_id, created_ms, seq, 0 FROM message WHERE seq > ?
"""
_IDS = decoder(set[str])


def put(connection: apsw.Connection, messages: Sequence[Message]) -> list[bool]:
    """Put messages into the outbox, and say of each whether it is new; caps and gaps do not count them."""
    known = _IDS.decode(connection.execute(_KNOWN, (encode([one.id for one in messages]),)).get)
    new = {one.id: one for one in messages if one.id not in known}
    if new:
        newest = connection.execute(_NEWEST).get
        bulk.insert(connection, _MESSAGES, map(_row, new.values()))
        connection.execute(_STANDINGS, (newest,))
        connection.execute(_OUTBOX, (newest,))
        sums.write(connection, sums_of_answers(new.values()))
    return [one.id in new for one in messages]


def _row(message: Message) -> tuple[bulk.Cell, ...]:
    return (
        message.id,
        message.campaign_id,
        key_of(message.to),
        message.provider_id,
        to_ms(message.created_at),
        message.repeats_unresolved,
        False,
        encode(message),
    )
