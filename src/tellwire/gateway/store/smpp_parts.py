"""Parts that SMPP customers submit one by one, until their text is whole and becomes one message."""

from datetime import datetime, timedelta
from typing import Final

import apsw
import msgspec

from tellwire.gateway.model.part import JoinedText, Kept, SubmittedPart
from tellwire.gateway.smpp.alphabets import Alphabet
from tellwire.gateway.smpp.joining import Patience, WaitingPart, place_of
from tellwire.gateway.store.rows import read_rows, reserve
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database

# What lacks some of its parts after this goes as far as it came: all of them were acknowledged.
JOIN_WITHIN: Final = timedelta(minutes=10)
# Clients send a part again two minutes after it was throttled (Jasmin's default); the parts of a text that come
# over several binds come together.
PATIENCE: Final = Patience(same_bind_ms=180_000, other_bind_ms=30_000)
OVERDUE_LIMIT: Final = 100


class SmppParts:
    """Parts that wait for their siblings. They go when the message that joins them is accepted, in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, part: SubmittedPart) -> Kept:
        """Store a part durably, with the text that it belongs to (`smpp.joining`)."""
        return await self._database.write(_keep, part)

    async def overdue(self, now: datetime) -> list[JoinedText]:
        """Return texts that wait longer than `JOIN_WITHIN` for a part, or were whole when the process died.

        The oldest come first, and at most `OVERDUE_LIMIT`.
        """
        return await self._database.read(_overdue, to_ms(now - JOIN_WITHIN))

    async def went_before(self, text: JoinedText) -> bool:
        """Say whether lone parts came again after their text had become a message: it has gone, as they have."""
        return len(text.parts) < text.parts[0].total and await self._database.read(_went_before, text.joint)

    async def drop(self, joint: int) -> None:
        """Forget the parts of a text that can never go, or that went already."""
        await self._database.write(_drop, joint)


_WAITING: Final = """
SELECT json_group_array(json_array(joint, number, bind, received_ms, octets = ?7)) FROM smpp_piece
WHERE subaccount = ?1 AND system_id = ?2 AND source = ?3 AND destination = ?4 AND reference = ?5 AND total = ?6
"""
_ADD: Final = """
INSERT INTO smpp_piece (
  joint, number, subaccount, system_id, bind, source, destination, reference, total, umid, alphabet, octets,
  receipt_to, due_ms, expiry_ms, received_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_OF: Final = """
SELECT json_group_array(json_array(
  joint, number, subaccount, system_id, bind, source, destination, reference, total, umid, alphabet, hex(octets),
  receipt_to, due_ms, expiry_ms, received_ms) ORDER BY number)
FROM smpp_piece WHERE joint = ?
"""
_OVERDUE: Final = """
SELECT json_group_array(joint ORDER BY first_ms, joint) FROM (
  SELECT joint, min(received_ms) AS first_ms FROM smpp_piece GROUP BY joint HAVING first_ms < ?
  ORDER BY first_ms, joint LIMIT ?)
"""
# Named as `_GO` of store/acceptance.py names what has gone.
_NEWS: Final = """
SELECT EXISTS (SELECT 1 FROM smpp_piece p WHERE joint = ? AND NOT EXISTS (
  SELECT 1 FROM gone_piece g
  WHERE g.text = json_array(
    'smpp', p.subaccount, p.system_id, p.source, p.destination, p.reference, p.total)
    AND g.number = p.number AND g.octets = p.octets))
"""
_DROP: Final = "DELETE FROM smpp_piece WHERE joint = ?"


class _Row(msgspec.Struct, frozen=True, array_like=True):
    joint: int
    number: int
    subaccount: str
    system_id: str
    bind: str
    source: str
    destination: str
    reference: int
    total: int
    umid: str
    alphabet: Alphabet
    octets: str
    receipt_to: str | None
    due_ms: int | None
    expiry_ms: int | None
    received_ms: int


def _keep(connection: apsw.Connection, parts: list[SubmittedPart]) -> list[Kept]:
    return [_keep_one(connection, part) for part in parts]


def _keep_one(connection: apsw.Connection, part: SubmittedPart) -> Kept:
    key = (part.subaccount, part.system_id, part.source, part.destination, part.reference, part.total)
    waiting = read_rows(connection, _WAITING, (*key, part.octets), WaitingPart)
    place = place_of(waiting, part.number, part.bind, to_ms(part.received), PATIENCE)
    joint = reserve(connection, 1) if place.joint is None else place.joint
    if not place.is_repeated:
        connection.execute(_ADD, _values(joint, part))
    text = _of(connection, joint)
    umid = next(one.umid for one in text.parts if one.number == part.number)
    return Kept(umid=umid, whole=text if len(text.parts) == part.total else None)


def _values(joint: int, part: SubmittedPart) -> tuple[int | str | bytes | None, ...]:
    return (
        joint, part.number, part.subaccount, part.system_id, part.bind, part.source, part.destination, part.reference,
        part.total, part.umid, part.alphabet, part.octets, part.receipt_to,
        None if part.deliver_at is None else to_ms(part.deliver_at),
        None if part.expires_at is None else to_ms(part.expires_at),
        to_ms(part.received),
    )  # fmt: skip


def _of(connection: apsw.Connection, joint: int) -> JoinedText:
    rows = read_rows(connection, _OF, (joint,), _Row)
    return JoinedText(joint=joint, parts=tuple(_part(row) for row in rows))


def _part(row: _Row) -> SubmittedPart:
    return SubmittedPart(
        subaccount=row.subaccount,
        system_id=row.system_id,
        bind=row.bind,
        source=row.source,
        destination=row.destination,
        reference=row.reference,
        total=row.total,
        number=row.number,
        umid=row.umid,
        alphabet=row.alphabet,
        octets=bytes.fromhex(row.octets),
        receipt_to=row.receipt_to,
        deliver_at=None if row.due_ms is None else from_ms(row.due_ms),
        expires_at=None if row.expiry_ms is None else from_ms(row.expiry_ms),
        received=from_ms(row.received_ms),
    )


def _overdue(connection: apsw.Connection, before_ms: int) -> list[JoinedText]:
    joints = read_rows(connection, _OVERDUE, (before_ms, OVERDUE_LIMIT), int)
    return [_of(connection, joint) for joint in joints]


def _went_before(connection: apsw.Connection, joint: int) -> bool:
    return not connection.execute(_NEWS, (joint,)).get


def _drop(connection: apsw.Connection, joints: list[int]) -> list[None]:
    for joint in joints:
        connection.execute(_DROP, (joint,))
    return [None] * len(joints)
