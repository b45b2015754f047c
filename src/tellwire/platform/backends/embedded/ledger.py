"""The ledger: what is true of profiles and numbers, and how far the stream was decided."""

from collections.abc import Sequence

import apsw

from tellwire.kernel.address import Msisdn
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import suppressions
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.record import position, record, rows_of
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.decision import Send
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.ledger import Advance, RecordAnswer, Recorded, Recording
from tellwire.platform.ports.stream import Position


class EmbeddedLedger:
    """See `ports.ledger.Ledger`. `wake` hears of new messages."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake

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
            self._wake.notify()
        return answer


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
