"""The ledger: what is true of profiles, numbers and messages, and how far the stream was decided."""

from collections.abc import Sequence

import apsw

from tellwire.kernel.address import Msisdn
from tellwire.kernel.sqlite import Database
from tellwire.kernel.status import Receipt
from tellwire.platform.backends.embedded import event_lists, message_lists, suppressions
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.moves import Moves, Step
from tellwire.platform.backends.embedded.record import position, record, rows_of
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.chain import depth_behind
from tellwire.platform.model.decision import Send
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.message import Message, MessageContext, MessageId
from tellwire.platform.model.profile import Profile, SuppressionChange
from tellwire.platform.ports.ledger import Advance, Holder, RecordAnswer, Recorded, Recording
from tellwire.platform.ports.stream import Position


class EmbeddedLedger:
    """See `ports.ledger.Ledger`. `outbox_wake` is told of new messages."""

    def __init__(self, database: Database, outbox_wake: Wake) -> None:
        self._database = database
        self._outbox_wake = outbox_wake

    async def position(self, partition: int) -> Position:
        """Return how far this partition has been decided."""
        return await self._database.read(position, partition)

    async def facts(self, subjects: Sequence[Subject], numbers: Sequence[Msisdn]) -> Facts:
        """Return what is known about these subjects and numbers."""
        return await self._database.read(_facts, subjects, numbers)

    async def record(self, recording: Recording, advance: Advance) -> RecordAnswer:
        """Commit the batch and the position in one transaction; see the port."""
        answer = await self._database.write(record, rows_of(recording, advance))
        has_messages = any(isinstance(decision.verdict, Send) for decision in recording.decisions)
        if has_messages and isinstance(answer, Recorded):
            self._outbox_wake.notify()
        return answer

    async def contexts(self, ids: Sequence[MessageId]) -> dict[MessageId, MessageContext]:
        """Return what is known about these messages; an id nobody sent is absent."""
        return await self._database.read(_contexts, ids)

    async def suppress(self, changes: Sequence[SuppressionChange]) -> None:
        """Suppress and release numbers; see the port."""
        if changes:
            await self._database.write(_suppress, changes)

    async def holders(self, numbers: Sequence[Msisdn]) -> dict[Msisdn, Holder]:
        """Return whose these numbers are; see the port."""
        return await self._database.read(_holders, numbers) if numbers else {}

    async def apply(self, receipts: Sequence[Receipt]) -> list[bool]:
        """Move messages forward; see the port. Each receipt that moved its message is a step on its timeline."""
        return await self._database.write(_apply, receipts) if receipts else []


_SUBJECTS = """
SELECT json_group_array(json_array(given.key, subject.profile)) FROM json_each(?) AS given
CROSS JOIN subject ON subject.key = given.value
"""
_PROFILES = """
SELECT group_concat('[' || profile.seq || ',' || profile.body || ']') FROM json_each(?) AS given
CROSS JOIN profile ON profile.seq = given.value
"""
_INDEX_PAIRS = decoder(list[tuple[int, int]])
_PROFILE_ROWS = decoder(list[tuple[int, Profile]])


def _facts(connection: apsw.Connection, subjects: Sequence[Subject], numbers: Sequence[Msisdn]) -> Facts:
    keys = encode([subject.key for subject in subjects])
    found = _INDEX_PAIRS.decode(connection.execute(_SUBJECTS, (keys,)).get)
    seqs = encode(list({seq for _, seq in found}))
    rows = connection.execute(_PROFILES, (seqs,)).get if found else ""
    profiles = dict(_PROFILE_ROWS.decode(lines_of(rows)))
    asked = (*numbers, *(p.phone for p in profiles.values() if p.phone is not None))
    return Facts(
        profiles={subjects[index]: profiles[seq] for index, seq in found},
        suppressions=suppressions.standing(connection, asked),
    )


# What nobody has begun to hand over waits without a claim, and nothing has happened to it.
_CONTEXTS = """
SELECT group_concat('[' || l.line || ',' || iif(
  EXISTS (SELECT 1 FROM claim WHERE message = l.seq) OR EXISTS (SELECT 1 FROM timeline WHERE message = l.seq),
  'true', 'false') || ']') FROM json_each(?) AS given CROSS JOIN message_line AS l ON l.id = given.value
"""
_CONTEXT_LINES = decoder(list[tuple[tuple[Message, message_lists.Fate], bool]])


def _contexts(connection: apsw.Connection, ids: Sequence[MessageId]) -> dict[MessageId, MessageContext]:
    found = connection.execute(_CONTEXTS, (encode(sorted(set(ids))),)).get
    return {
        message.id: _context(message, fate, was_attempted=was_attempted)
        for (message, fate), was_attempted in _CONTEXT_LINES.decode(lines_of(found))
    }


def _context(message: Message, fate: message_lists.Fate, *, was_attempted: bool) -> MessageContext:
    return MessageContext(
        id=message.id,
        standing=fate.standing,
        occasion_id=message.occasion_id,
        campaign_id=message.campaign_id,
        campaign_name=fate.campaign_name,
        profile_id=message.profile_id,
        subject=message.subject,
        to=message.to,
        provider_id=message.provider_id,
        provider_nickname=fate.provider_nickname,
        created_at=message.created_at,
        depth=depth_behind(message),
        was_attempted=was_attempted,
    )


def _suppress(connection: apsw.Connection, calls: list[Sequence[SuppressionChange]]) -> list[None]:
    suppressions.write(connection, [change for changes in calls for change in changes])
    return [None] * len(calls)


_NEWEST_MESSAGE = "SELECT id FROM message WHERE phone = ? ORDER BY seq DESC LIMIT 1"


def _holders(connection: apsw.Connection, numbers: Sequence[Msisdn]) -> dict[Msisdn, Holder]:
    found = ((number, _holder(connection, number)) for number in dict.fromkeys(numbers))
    return {number: holder for number, holder in found if holder is not None}


def _holder(connection: apsw.Connection, number: Msisdn) -> Holder | None:
    profiles = event_lists.profiles_by_number(connection, number)
    newest = connection.execute(_NEWEST_MESSAGE, (int(number.digits),)).get
    message = None if newest is None else _contexts(connection, [newest]).get(newest)
    if profiles:
        names = max(profiles, key=lambda profile: profile.updated_at).subjects
        return Holder(subject=next((n for n in names if n.kind == "identity"), names[0]), message=message)
    return None if message is None else Holder(subject=message.subject, message=message)


def _apply(connection: apsw.Connection, calls: list[Sequence[Receipt]]) -> list[list[bool]]:
    moves = Moves(connection, (receipt.message_id for receipts in calls for receipt in receipts))
    answers = [[_apply_one(moves, receipt) for receipt in receipts] for receipts in calls]
    moves.write()
    return answers


def _apply_one(moves: Moves, receipt: Receipt) -> bool:
    row = moves.row(receipt.message_id)
    if row is None:
        return False
    step = Step(
        at=receipt.at,
        standing=receipt.standing,
        what="receipt",
        code=receipt.error_code,
        description=receipt.description,
    )
    has_moved = moves.reach(row, step, was_handed_over=True)
    if has_moved:
        moves.note(row, step)
    return has_moved
