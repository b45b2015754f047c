"""Texts from handsets in the store: parts until they are joined, then the text and the callbacks that tell of it."""

from datetime import datetime, timedelta
from typing import Final

import apsw
import msgspec

from tellwire.gateway.model.inbound import InboundPart
from tellwire.gateway.model.smpp_address import SmppAddress, write_address
from tellwire.gateway.smpp.alphabets import Alphabet
from tellwire.gateway.smpp.joining import Patience, WaitingPart, encoding_of, joined, place_of
from tellwire.gateway.store.progress import callback_lane
from tellwire.gateway.store.rows import read_rows, reserve
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database

# Parts of one text come within seconds; what has not come by then was lost on the way.
JOIN_WITHIN: Final = timedelta(minutes=10)
PATIENCE: Final = Patience(same_bind_ms=600_000, other_bind_ms=600_000)  # a carrier's binds are one network
_GONE_MS: Final = 600_000  # what is overdue now may have come again so long after its text was whole
MISSING: Final = "[...]"


class _Text(msgspec.Struct, frozen=True, kw_only=True):
    part: InboundPart
    body: str
    encoding: str
    parts: int


class Inbound:
    """Texts from handsets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, part: InboundPart) -> frozenset[str]:
        """Store a part durably; return the callback lanes that got something, once its text is whole.

        A part that comes again changes nothing; another one under its number begins another text.
        A text to a number that nobody registered belongs to whoever last wrote to this handset from it, else to the
        only subaccount there is; else it is kept and goes to nobody.
        """
        return await self._database.write(_take, part)

    async def join_late(self, now: datetime, umids: list[str]) -> frozenset[str]:
        """Join the texts whose missing parts are overdue, gaps marked; at most as many as there are `umids`."""
        return await self._database.write(_join_late, (to_ms(now - JOIN_WITHIN), umids))


_WAITING: Final = """
SELECT json_group_array(json_array(joint, number, '', received_ms, octets = ?6)) FROM inbound_piece
WHERE carrier = ?1 AND source = ?2 AND destination = ?3 AND reference = ?4 AND total = ?5
"""
_KEEP_PART: Final = """
INSERT INTO inbound_piece (
  joint, number, carrier, source, destination, reference, total, alphabet, octets, received_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_PARTS: Final = """
SELECT json_group_array(json_array(number, alphabet, hex(octets))) FROM inbound_piece WHERE joint = ?
"""
_DROP_PARTS: Final = "DELETE FROM inbound_piece WHERE joint = ?"
_OVERDUE: Final = """
SELECT json_group_array(json_array(joint, carrier, source, destination, total, first_ms) ORDER BY first_ms, joint)
FROM (
  SELECT joint, carrier, source, destination, total, min(received_ms) AS first_ms FROM inbound_piece
  GROUP BY joint HAVING first_ms < ? ORDER BY first_ms, joint LIMIT ?)
"""
# Known for a while after their text was whole: carriers bring a part again whose answer they missed.
_GO: Final = """
INSERT OR REPLACE INTO gone_piece
SELECT json_array('handset', carrier, source, destination, reference, total), number, octets, received_ms
FROM inbound_piece WHERE joint = ?
"""
_NEWS: Final = """
SELECT EXISTS (SELECT 1 FROM inbound_piece p WHERE joint = ? AND NOT EXISTS (
  SELECT 1 FROM gone_piece g
  WHERE g.text = json_array('handset', p.carrier, p.source, p.destination, p.reference, p.total)
    AND g.number = p.number AND g.octets = p.octets))
"""
# Those of customers (store/acceptance.py) too.
_FORGET_GONE: Final = "DELETE FROM gone_piece WHERE received_ms < ?"
_ADD: Final = """
INSERT INTO inbound (
  umid, account, subaccount, carrier, source, destination, body, encoding, parts, received_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_HOOK: Final = """
SELECT json_group_array(json_array(id, url)) FROM (
  SELECT id, url FROM webhook WHERE account = ?1 AND subaccount IN (?2, '*') AND is_enabled
  ORDER BY subaccount = '*' LIMIT 1)
"""
_CONVERSATION: Final = """
SELECT json_group_array(json_array(account, subaccount, seq, style, callback_url)) FROM (
  SELECT account, subaccount, seq, style, callback_url FROM message
  WHERE destination = ?1 AND (source IN (?2, '+' || ?2) OR subaccount = ?3) ORDER BY seq DESC LIMIT 1)
"""
# A customer who can bind gets texts as deliver_sm too.
_LOGINS: Final = """
SELECT json_group_array(key) FROM document
WHERE kind = 'login' AND value->>'subaccount' = ? AND value->>'is_enabled'
"""
_CALL: Final = """
INSERT INTO callback (id, lane, url, style, webhook, seq, number, inbound) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_CALL_DUE: Final = "INSERT INTO callback_due (lane, due_ms, id) VALUES (?, 0, ?)"


def _take(connection: apsw.Connection, parts: list[InboundPart]) -> list[frozenset[str]]:
    return [_take_one(connection, part) for part in parts]


def _take_one(connection: apsw.Connection, part: InboundPart) -> frozenset[str]:
    if part.total == 1:
        return _add(connection, _Text(part=part, body=part.body, encoding=part.encoding, parts=1))
    octets, alphabet = _kept_as(part)
    key = (part.carrier, part.source, part.destination, part.reference, part.total)
    waiting = read_rows(connection, _WAITING, (*key, octets), WaitingPart)
    received_ms = to_ms(part.received)
    place = place_of(waiting, part.number, "", received_ms, PATIENCE)
    joint = reserve(connection, 1) if place.joint is None else place.joint
    if not place.is_repeated:
        connection.execute(_KEEP_PART, (joint, part.number, *key, alphabet, octets, received_ms))
    parts = _parts(connection, joint)
    return _join(connection, part, joint, parts) if len(parts) == part.total else frozenset()


def _kept_as(part: InboundPart) -> tuple[bytes, Alphabet]:
    return (part.body.encode(), "UTF8") if part.octets is None else (part.octets, part.alphabet)


def _parts(connection: apsw.Connection, joint: int) -> dict[int, tuple[Alphabet, bytes]]:
    rows = read_rows(connection, _PARTS, (joint,), tuple[int, Alphabet, str])
    return {number: (alphabet, bytes.fromhex(octets)) for number, alphabet, octets in rows}


def _join(
    connection: apsw.Connection, part: InboundPart, joint: int, parts: dict[int, tuple[Alphabet, bytes]]
) -> frozenset[str]:
    connection.execute(_GO, (joint,))
    connection.execute(_DROP_PARTS, (joint,))
    body = joined((parts.get(number) for number in range(1, part.total + 1)), MISSING).replace("\0", "")
    encoding = encoding_of(body, {alphabet for alphabet, _ in parts.values()})
    return _add(connection, _Text(part=part, body=body, encoding=encoding.value, parts=part.total))


def _join_late(connection: apsw.Connection, calls: list[tuple[int, list[str]]]) -> list[frozenset[str]]:
    return [_join_overdue(connection, before_ms, umids) for before_ms, umids in calls]


def _join_overdue(connection: apsw.Connection, before_ms: int, umids: list[str]) -> frozenset[str]:
    lanes: frozenset[str] = frozenset()
    overdue = read_rows(connection, _OVERDUE, (before_ms, len(umids)), tuple[int, str, str, str, int, int])
    for umid, (joint, carrier, source, destination, total, first_ms) in zip(umids, overdue, strict=False):
        part = InboundPart(
            umid=umid,
            carrier=carrier,
            source=source,
            destination=destination,
            body="",
            encoding="",
            received=from_ms(first_ms),
            owner=_registered(connection, destination),
            total=total,
        )
        if _came_before(connection, joint):
            connection.execute(_DROP_PARTS, (joint,))
        else:
            lanes |= _join(connection, part, joint, _parts(connection, joint))
    connection.execute(_FORGET_GONE, (before_ms - _GONE_MS,))
    return lanes


def _came_before(connection: apsw.Connection, joint: int) -> bool:
    """Say whether lone parts were brought again after their text had become whole."""
    return not connection.execute(_NEWS, (joint,)).get


_REGISTERED: Final = """
SELECT json_group_array(json_array(s.account, s.id)) FROM document d
JOIN subaccount s ON s.id = d.value->>'subaccount' WHERE d.kind = 'number' AND d.key = ?
"""


def _registered(connection: apsw.Connection, destination: str) -> tuple[str, str] | None:
    rows = read_rows(connection, _REGISTERED, (destination,), tuple[str, str])
    return rows[0] if rows else None


def _add(connection: apsw.Connection, text: _Text) -> frozenset[str]:
    part = text.part
    conversation = read_rows(
        connection,
        _CONVERSATION,
        (part.source, part.destination, part.owner[1] if part.owner else None),
        tuple[str, str, int, str, str | None],
    )
    owner = part.owner or (conversation[0][:2] if conversation else _only_subaccount(connection))
    row = (
        part.umid, *owner, part.carrier, part.source, part.destination, text.body, text.encoding, text.parts,
        to_ms(part.received),
    )  # fmt: skip
    inbound = connection.execute(_ADD, row).get
    lanes: set[str] = set()
    answered = [
        (seq, url) for _, sub, seq, style, url in conversation if (style, sub) == ("clevertap", owner[1])
    ]
    # Where CleverTap's receipts go to the webhook, this does too and in the same form.
    style, reply_to = ("clevertap", answered[0][0]) if answered and not answered[0][1] else ("8x8", 0)
    for hook, url in read_rows(connection, _HOOK, owner, tuple[int, str]):
        lanes.add(_call(connection, inbound, owner[1], url, style=style, webhook=hook, reply_to=reply_to))
    for system_id in read_rows(connection, _LOGINS, (owner[1],), str):
        url = write_address(SmppAddress(system_id=system_id))
        lanes.add(_call(connection, inbound, owner[1], url, style="smpp", webhook=None, reply_to=0))
    for seq, callback_url in answered:
        if callback_url:
            lanes.add(
                _call(
                    connection, inbound, owner[1], callback_url, style="clevertap", webhook=None, reply_to=seq
                )
            )
    return frozenset(lanes)


# A STOP to a number that was forgotten here must not be lost where it can be nobody else's.
_FIRST_TWO: Final = """
SELECT json_group_array(json_array(account, id)) FROM (SELECT account, id FROM subaccount LIMIT 2)
"""


def _only_subaccount(connection: apsw.Connection) -> tuple[str, str]:
    rows = read_rows(connection, _FIRST_TWO, (), tuple[str, str])
    return rows[0] if len(rows) == 1 else ("", "")


def _call(
    connection: apsw.Connection,
    inbound: int,
    subaccount: str,
    url: str,
    *,
    style: str,
    webhook: int | None,
    reply_to: int,
) -> str:
    """Queue one callback; its own negative number stands for the message, as it waits for no other."""
    lane, identifier = callback_lane(subaccount, url), reserve(connection, 1)
    connection.execute(_CALL, (identifier, lane, url, style, webhook, -identifier, reply_to, inbound))
    connection.execute(_CALL_DUE, (lane, identifier))
    return lane
