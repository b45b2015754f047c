"""The ledger: what is true of profiles and numbers, and how far the stream was decided."""

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import fact_changes, suppressions
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.record import position, record, rows_of
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.decision import Send
from tellwire.platform.model.facts import Facts, Needs, Versions
from tellwire.platform.model.profile import Profile
from tellwire.platform.ports.ledger import NOTHING_READ, Advance, RecordAnswer, Recorded, Recording
from tellwire.platform.ports.stream import Position


class EmbeddedLedger:
    """See `ports.ledger.Ledger`. `wake` hears of new messages."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake

    async def position(self, partition: int) -> Position:
        """Return how far this partition has been decided."""
        return await self._database.read(position, partition)

    async def facts(self, needs: Needs) -> Facts:
        """Return what is known about these subjects and numbers."""
        return await self._database.read(_facts, needs)

    async def record(
        self, recording: Recording, advance: Advance, versions: Versions = NOTHING_READ
    ) -> RecordAnswer:
        """Commit the batch and the position in one transaction; see the port."""
        answer = await self._database.write(record, rows_of(recording, advance, versions))
        has_messages = any(isinstance(decision.verdict, Send) for decision in recording.decisions)
        if has_messages and isinstance(answer, Recorded):
            self._wake.notify()
        return answer


_SUBJECTS = """
SELECT json_group_array(json_array(given.key, subject.profile, subject.version)) FROM json_each(?) AS given
CROSS JOIN subject ON subject.key = given.value
"""
_PROFILES = """
SELECT group_concat('[' || profile.seq || ',' || profile.body || ']') FROM json_each(?) AS given
CROSS JOIN profile ON profile.seq = given.value
"""
_NAMED = decoder(list[tuple[int, int, int]])
_PROFILE_ROWS = decoder(list[tuple[int, Profile]])


def _facts(connection: apsw.Connection, needs: Needs) -> Facts:
    subjects = needs.subjects
    keys = encode([subject.key for subject in subjects])
    named = _NAMED.decode(connection.execute(_SUBJECTS, (keys,)).get)
    seqs = encode(list({seq for _, seq, _ in named}))
    rows = connection.execute(_PROFILES, (seqs,)).get if named else ""
    profiles = dict(_PROFILE_ROWS.decode(lines_of(rows)))
    numbers = (*needs.numbers, *(p.phone for p in profiles.values() if p.phone is not None))
    standing = suppressions.standing(connection, numbers)
    named_in = dict.fromkeys(subjects, 0)
    named_in.update((subjects[index], version) for index, _, version in named)
    versions = Versions(
        as_of=fact_changes.count(connection),
        subjects=named_in,
        numbers=suppressions.versions(numbers, standing),
    )
    return Facts(
        profiles={subjects[index]: profiles[seq] for index, seq, _ in named},
        suppressions=standing,
        versions=versions,
    )
