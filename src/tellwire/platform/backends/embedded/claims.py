"""Claims: a message's row is in `outbox` while it waits and in `claim` while somebody has it.

outbox (due) --claim--> claim (lease) --HandedOver | GivenUp | Dropped--> nowhere
   ^                      |  renew: the lease begins anew; so it does when it ran out and a claim answers with it
   +------- TryAgain -----+
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import apsw

from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.permissions import permissions
from tellwire.platform.model.message import Claimed, Claims, Message, MessageId
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.messages import RUN_OUT_LIMIT

_CLAIMED = decoder(list[tuple[int, Message]])

# From each provider to the next by the key: as many steps as there are providers, however many messages wait.
_WAITING = """
WITH RECURSIVE held (id) AS (
  SELECT min(provider_id) FROM outbox
  UNION ALL SELECT (SELECT min(provider_id) FROM outbox WHERE provider_id > held.id) FROM held WHERE id IS NOT NULL)
SELECT json_group_object(id, (SELECT min(due_ms) FROM outbox WHERE provider_id = held.id))
FROM held WHERE id IS NOT NULL
"""
_DUE_BY_PROVIDER = decoder(dict[ProviderId, int])


def waiting(connection: apsw.Connection) -> dict[ProviderId, int]:
    """Return when the earliest message of each provider is due."""
    return _DUE_BY_PROVIDER.decode(connection.execute(_WAITING).get)


Call: TypeAlias = tuple[Mapping[ProviderId, int], int, int]

_END_LEASES = "UPDATE claim SET lease_ms = 0"


def end_leases(connection: apsw.Connection, calls: list[None]) -> list[None]:
    """Let every claim run out."""
    connection.execute(_END_LEASES)
    return calls


# Claims in flight are few: no index.
_RUN_OUT = """
SELECT group_concat('[' || c.attempt || ',' || m.body || ']', ',' ORDER BY c.message)
FROM (SELECT message, attempt FROM claim WHERE lease_ms <= ? ORDER BY message LIMIT ?) AS c
CROSS JOIN message AS m ON m.seq = c.message
"""
_LAST = """
SELECT due_ms, message FROM (
  SELECT due_ms, message FROM outbox WHERE provider_id = ? AND due_ms <= ? ORDER BY due_ms, message LIMIT ?)
ORDER BY due_ms DESC, message DESC LIMIT 1
"""
# All up to the last, by the key. One row comes back, for each row that is stepped through hands the interpreter
# lock over. A message that is no longer queued has a receipt already.
_READ = """
SELECT group_concat('[' || (o.attempt + 1) || ',' || m.body || ']', ',' ORDER BY o.due_ms, o.message)
FROM outbox AS o CROSS JOIN standing AS s ON s.message = o.message CROSS JOIN message AS m ON m.seq = o.message
WHERE o.provider_id = ? AND (o.due_ms, o.message) <= (?, ?) AND s.status = 'queued'
"""
_TAKE = """
INSERT INTO claim (message, lease_ms, attempt)
SELECT o.message, ?4, o.attempt + 1 FROM outbox AS o CROSS JOIN standing AS s ON s.message = o.message
WHERE o.provider_id = ?1 AND (o.due_ms, o.message) <= (?2, ?3) AND s.status = 'queued'
"""
_REMOVE = "DELETE FROM outbox WHERE provider_id = ? AND (due_ms, message) <= (?, ?)"


def claim(connection: apsw.Connection, calls: list[Call]) -> list[Claims]:
    """Take what is due, by each provider's share, and renew the claims that ran out."""
    return [_claim_shares(connection, *call) for call in calls]


def _claim_shares(
    connection: apsw.Connection, shares: Mapping[ProviderId, int], now_ms: int, lease_ms: int
) -> Claims:
    run_out = _CLAIMED.decode(lines_of(connection.execute(_RUN_OUT, (now_ms, RUN_OUT_LIMIT)).get))
    if run_out:
        renew(connection, [([message.id for _, message in run_out], lease_ms)])
    shared = (_claim_one(connection, *share, now_ms, lease_ms) for share in shares.items())
    taken = [one for some in shared for one in some]
    may_go = permissions(connection, [message for _, message in taken])
    return Claims(
        taken=tuple(Claimed(message, attempt, may_go[message.id]) for attempt, message in taken),
        run_out=tuple(Claimed(message, attempt) for attempt, message in run_out),
    )


def _claim_one(
    connection: apsw.Connection, provider_id: ProviderId, share: int, now_ms: int, lease_ms: int
) -> list[tuple[int, Message]]:
    last = connection.execute(_LAST, (provider_id, now_ms, max(0, share))).fetchone()
    if last is None:
        return []
    taken = (provider_id, *last)
    rows = connection.execute(_READ, taken).get
    connection.execute(_TAKE, (*taken, lease_ms))
    connection.execute(_REMOVE, taken)
    return _CLAIMED.decode(lines_of(rows))


_RENEW = """
UPDATE claim SET lease_ms = ?2 WHERE message IN (SELECT m.seq FROM json_each(?1) AS given
CROSS JOIN message AS m ON m.id = given.value)
"""


def renew(connection: apsw.Connection, calls: list[tuple[Sequence[MessageId], int]]) -> list[None]:
    """Let claims end at another moment."""
    for message_ids, lease_ms in calls:
        connection.execute(_RENEW, (encode(message_ids), lease_ms))
    return [None] * len(calls)
