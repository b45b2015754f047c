"""Messages of somebody who is erased: those that wait do not go, and all of them are deleted, with what became of them.

A message that somebody has in hand stays until that is settled: whether it went decides how it is counted. The newest
message, and the one of the newest step, keep their rows, for their numbers are places; but nothing of the person is
left in them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import apsw
import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.backends.embedded import sums
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.backends.sums import HOUR_MS, Place, Sums, drop, move
from tellwire.platform.model.address import key_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.message import Message, MessageId, number_in
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import ProviderId

CODE: Final = "erased"
_QUEUED: Final = Standing(MessageStatus.QUEUED)
_REJECTED: Final = Standing(MessageStatus.REJECTED)


class Row(NamedTuple):
    """A message, as far as deleting it needs it."""

    seq: int
    id: str
    campaign_id: int
    provider_id: str
    created_ms: int
    status: str
    is_claimed: int


_TO_NUMBER: Final = """
SELECT json_group_array(json_array(
  m.seq, m.id, m.campaign_id, m.provider_id, m.created_ms, s.status, c.message IS NOT NULL))
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq LEFT JOIN claim AS c ON c.message = m.seq
WHERE m.phone = ?1 AND m.body->>'profile_id' = ?2
"""
_SLICE: Final = """
SELECT json_group_array(json_array(
  m.seq, m.id, m.campaign_id, m.provider_id, m.created_ms, s.status, c.message IS NOT NULL))
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq LEFT JOIN claim AS c ON c.message = m.seq
WHERE m.seq > ?1 AND m.seq <= ?1 + ?2 AND m.body->>'profile_id' = ?3
"""
_ROWS = decoder(list[Row])


def cancel(connection: apsw.Connection, profile: Profile, rows: Counter[str]) -> None:
    """Delete the messages to somebody's number, those that wait before they go."""
    if isinstance(profile.phone, Msisdn):
        messages = connection.execute(_TO_NUMBER, (key_of(profile.phone), profile.id)).get
        delete(connection, _ROWS.decode(messages), rows)


def delete_slice(
    connection: apsw.Connection,
    profile_id: ProfileId,
    after: int,
    limit: int,
    rows: Counter[str],
) -> bool:
    """Delete somebody's messages among those of some numbers; say whether one of them is still in hand."""
    messages = _ROWS.decode(connection.execute(_SLICE, (after, limit, profile_id)).get)
    return delete(connection, messages, rows)


_KEPT: Final = """
SELECT json_array((SELECT max(seq) FROM message),
  (SELECT message FROM timeline WHERE seq = (SELECT max(seq) FROM timeline)))
"""
_KEPT_SEQS = decoder(list[int | None])
_TABLES: Final = (
    *(("timeline", "message"), ("click", "message"), ("standing", "message"), ("message", "seq")),
)


def delete(connection: apsw.Connection, messages: Sequence[Row], rows: Counter[str]) -> bool:
    """Delete these messages but those in hand; say whether there are such."""
    free = [row for row in messages if not row.is_claimed]
    _count_dropped(connection, [row for row in free if row.status == MessageStatus.QUEUED])
    kept = set(_KEPT_SEQS.decode(connection.execute(_KEPT).get))
    for row in free:
        if row.seq in kept:
            _blank(connection, row.seq)
            rows["message"] += 1
    gone = encode([row.seq for row in free if row.seq not in kept])
    for table, key in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))", (gone,))  # noqa: S608
        rows[table] += connection.changes()
    return len(free) < len(messages)


def _count_dropped(connection: apsw.Connection, waiting: Sequence[Row]) -> None:
    """Count what was cancelled as taken back before it went; its row of the outbox leaves when its turn comes."""
    added = Sums()
    for row in waiting:
        number = number_in(MessageId(row.id))
        hour = row.created_ms // HOUR_MS
        place = Place(CampaignId(row.campaign_id), ProviderId(row.provider_id), hour, number)
        move(added, place, _QUEUED, _REJECTED, CODE, 1)
        drop(added, place)
    sums.write(connection, added)


_BODY: Final = "SELECT body FROM message WHERE seq = ?"
_MESSAGE = decoder(Message)
_EMPTY: Final = (
    'UPDATE message SET phone = 0, body = json_set(?2, \'$.to\', json(\'["erased","","-"]\')) WHERE seq = ?1'
)
_ENDED: Final = """
UPDATE standing SET status = 'rejected', error_code = ?2, description = '' WHERE message = ?1 AND status = 'queued'
"""
_WORDS: Final = "UPDATE timeline SET description = '', answer = '' WHERE message = ?"


def _blank(connection: apsw.Connection, seq: int) -> None:
    """Leave a message's row with nothing of its person."""
    message = _MESSAGE.decode(connection.execute(_BODY, (seq,)).get)
    empty = msgspec.structs.replace(
        message,
        profile_id=ProfileId(""),
        subject=msgspec.structs.replace(message.subject, value=""),
        text="",
        template_variables=(),
        tokens={},
        extra={},
    )
    connection.execute(_EMPTY, (seq, encode(empty)))
    connection.execute(_ENDED, (seq, CODE))
    connection.execute(_WORDS, (seq,))
