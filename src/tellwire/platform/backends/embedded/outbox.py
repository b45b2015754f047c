"""The outbox: a message's row is in `outbox` while it waits and in `claim` while somebody has it.

outbox (due) --claim--> claim (lease) --HandedOver | GivenUp | Dropped--> nowhere
   ^                      |  renew: the lease begins anew; so it does when it ran out and a claim tells of it
   +------- TryAgain -----+
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.moves import Moves, Row, Step
from tellwire.platform.backends.embedded.permissions import permissions
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.facts import Permission
from tellwire.platform.model.message import (
    Claimed,
    Claims,
    Dropped,
    GivenUp,
    HandedOver,
    Message,
    MessageId,
    Settlement,
    TryAgain,
)
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.outbox import RUN_OUT_LIMIT
from tellwire.platform.ports.reports import Trouble

_CLAIMED = decoder(list[tuple[int, Message]])
_SENT = Standing(MessageStatus.SENT)
_QUEUED = Standing(MessageStatus.QUEUED)
_REJECTED = Standing(MessageStatus.REJECTED)


class EmbeddedOutbox:
    """See `ports.outbox.Outbox`. `wake` hears of every message that enters."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake
        self._seen = -1

    @classmethod
    async def open(cls, database: Database, wake: Wake) -> "EmbeddedOutbox":
        """Return the outbox with every claim run out: one process owns the store, so whoever held them is dead."""
        await database.write(_end_leases, None)
        return cls(database, wake)

    async def claim(self, shares: Mapping[ProviderId, int], now: datetime, lease: timedelta) -> Claims:
        """Take the due messages of each provider, at most its share; see the port.

        A message that a receipt has moved on while it waited was handed over after all: it leaves without a claim.
        """
        self._seen = self._wake.count
        return await self._database.write(_claim, (shares, to_ms(now), to_ms(now + lease)))

    async def permissions(self, messages: Sequence[Message]) -> dict[MessageId, Permission]:
        """Return whether these messages may go, as of now."""
        return await self._database.read(permissions, messages) if messages else {}

    async def renew(self, message_ids: Sequence[MessageId], now: datetime, lease: timedelta) -> None:
        """Let these claims end at `now + lease`; see the port."""
        if message_ids:
            await self._database.write(_renew, (message_ids, to_ms(now + lease)))

    async def settle(self, settlements: Sequence[Settlement], now: datetime) -> None:
        """Close claims; see the port."""
        if not settlements:
            return
        await self._database.write(_settle, (settlements, now))
        if any(isinstance(settlement, TryAgain) for settlement in settlements):
            self._wake.notify()

    async def wait(self, timeout_s: float) -> None:
        """Return at once if messages came since the last claim began, or when one comes, or after `timeout_s`."""
        await self._wake.wait(self._seen, timeout_s)

    async def waiting(self) -> dict[ProviderId, datetime]:
        """Return every provider that has messages waiting, and when the earliest of them is due."""
        return {name: from_ms(due_ms) for name, due_ms in (await self._database.read(_waiting)).items()}


# From each provider to the next by the key: as many steps as there are providers, however many messages wait.
_WAITING = """
WITH RECURSIVE held (id) AS (
  SELECT min(provider_id) FROM outbox
  UNION ALL SELECT (SELECT min(provider_id) FROM outbox WHERE provider_id > held.id) FROM held WHERE id IS NOT NULL)
SELECT json_group_object(id, (SELECT min(due_ms) FROM outbox WHERE provider_id = held.id))
FROM held WHERE id IS NOT NULL
"""
_DUE_BY_PROVIDER = decoder(dict[ProviderId, int])


def _waiting(connection: apsw.Connection) -> dict[ProviderId, int]:
    return _DUE_BY_PROVIDER.decode(connection.execute(_WAITING).get)


_Claim: TypeAlias = tuple[Mapping[ProviderId, int], int, int]

_END_LEASES = "UPDATE claim SET lease_ms = 0"


def _end_leases(connection: apsw.Connection, calls: list[None]) -> list[None]:
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


def _claim(connection: apsw.Connection, calls: list[_Claim]) -> list[Claims]:
    return [_claim_shares(connection, *call) for call in calls]


def _claim_shares(
    connection: apsw.Connection, shares: Mapping[ProviderId, int], now_ms: int, lease_ms: int
) -> Claims:
    run_out = _CLAIMED.decode(lines_of(connection.execute(_RUN_OUT, (now_ms, RUN_OUT_LIMIT)).get))
    if run_out:
        _renew(connection, [([message.id for _, message in run_out], lease_ms)])
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
    found = connection.execute(_READ, taken).get
    connection.execute(_TAKE, (*taken, lease_ms))
    connection.execute(_REMOVE, taken)
    return _CLAIMED.decode(lines_of(found))


_RENEW = """
UPDATE claim SET lease_ms = ?2 WHERE message IN (SELECT m.seq FROM json_each(?1) AS given
CROSS JOIN message AS m ON m.id = given.value)
"""


def _renew(connection: apsw.Connection, calls: list[tuple[Sequence[MessageId], int]]) -> list[None]:
    for message_ids, lease_ms in calls:
        connection.execute(_RENEW, (encode(message_ids), lease_ms))
    return [None] * len(calls)


_UNCLAIM = "DELETE FROM claim WHERE message IN (SELECT value FROM json_each(?))"
_REQUEUE = """
INSERT INTO outbox (provider_id, due_ms, message, attempt)
SELECT m.provider_id, given.value->>0, m.seq, given.value->>2
FROM json_each(?) AS given CROSS JOIN message AS m ON m.seq = given.value->>1
"""


def _settle(connection: apsw.Connection, calls: list[tuple[Sequence[Settlement], datetime]]) -> list[None]:
    moves = Moves(connection, (settlement.message_id for call in calls for settlement in call[0]))
    closed: list[int] = []
    waiting: list[tuple[int, int, int]] = []
    for settlement, now in ((settlement, now) for settlements, now in calls for settlement in settlements):
        row = moves.row(settlement.message_id)
        if row is None or row.attempt is None:
            continue
        closed.append(row.seq)
        if isinstance(settlement, TryAgain):
            waiting.append((to_ms(settlement.at), row.seq, row.attempt))
        _move(moves, row, settlement, now)
        row.attempt = None  # a second settlement in the same batch finds no claim
    if closed:
        connection.execute(_UNCLAIM, (encode(closed),))
    if waiting:
        connection.execute(_REQUEUE, (encode(waiting),))
    moves.write()
    return [None] * len(calls)


def _move(moves: Moves, row: Row, settlement: Settlement, now: datetime) -> None:
    step = _step(settlement, row.attempt, now)
    if not isinstance(settlement, TryAgain):
        has_moved = moves.reach(row, step, was_handed_over=isinstance(settlement, HandedOver))
        if has_moved and isinstance(settlement, Dropped):
            moves.hours.add(row.campaign_id, row.created_ms, "dropped")
    moves.note(row, step)
    match settlement:
        case HandedOver(is_certain=True):
            moves.traffic.took(row.provider_id, now)
        case Dropped():
            pass  # no trouble of the provider's
        case GivenUp(standing=standing) if standing.status is MessageStatus.EXPIRED:
            pass  # it ran out of time, and what held it up was told before
        case _:
            trouble = Trouble(at=now, code=step.code, reason=step.description, answer=step.answer)
            moves.traffic.trouble(row.provider_id, trouble)


def _step(settlement: Settlement, attempt: int | None, now: datetime) -> Step:
    match settlement:
        case HandedOver(reference=reference, is_certain=is_certain, description=description, answer=answer):
            what = "handed over" if is_certain else "perhaps handed over"
            return Step(
                at=now, standing=_SENT, what=what, description=description or reference, answer=answer
            )
        case TryAgain(code=code, reason=reason, answer=answer):
            what = f"due again after try {attempt}"
            return Step(at=now, standing=_QUEUED, what=what, code=code, description=reason, answer=answer)
        case GivenUp(standing=standing, code=code, reason=reason, answer=answer, was_tried=was_tried):
            what = f"given up after try {attempt}" if was_tried else "given up without a try"
            return Step(at=now, standing=standing, what=what, code=code, description=reason, answer=answer)
        case Dropped(code=code, reason=reason):
            return Step(at=now, standing=_REJECTED, what="taken back", code=code, description=reason)
        case _ as never:
            assert_never(never)
