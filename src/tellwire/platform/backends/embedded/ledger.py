"""The ledger: what is true of profiles and numbers, and how far the stream was decided."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import apsw

from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import fact_changes, inside, suppressions, sweeps
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.backends.embedded.record import position, record, rows_of
from tellwire.platform.backends.embedded.wake import Wake
from tellwire.platform.model.decision import Send
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts, Needs, Versions
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import SweepPage
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

    async def next_due(self, partition: int) -> datetime | None:
        """Return when the next of those inside campaigns is due; there is one partition."""
        return await self._database.read(_next_due, partition)

    async def wake(self, partition: int, at: datetime) -> None:  # noqa: ARG002 - there is one partition
        """Let some of those inside campaigns that changed be looked at from `at` on."""
        await self._database.write(inside.wake, at)

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
    due = inside.Due() if needs.due_before is None else inside.due(connection, needs.due_before)
    page = sweeps.page(connection, needs.due_before, needs.sweep_limit) if needs.due_before else None
    in_page = [] if page is None else [seq for seq, _ in page.people]
    others = [seq for seq in dict.fromkeys((*due.seqs, *in_page)) if seq not in profiles]
    if others:
        profiles |= _PROFILE_ROWS.decode(lines_of(connection.execute(_PROFILES, (encode(others),)).get))
    numbers = (*needs.numbers, *(p.phone for p in profiles.values() if p.phone is not None))
    standing = suppressions.standing(connection, numbers)
    named_in = dict.fromkeys(subjects, 0)
    named_in.update((subjects[index], version) for index, _, version in named)
    by_subject = {subjects[index]: profiles[seq] for index, seq, _ in named}
    for seq, name, version in _first_names(connection, others, profiles):
        by_subject[name], named_in[name] = profiles[seq], version
    recall, woken = needs.recall, set(due.ids)
    enrollments = inside.of_profiles(connection, profiles)
    run_keys = _runs_of(page, enrollments)
    versions = Versions(
        as_of=fact_changes.count(connection),
        subjects=named_in,
        numbers=suppressions.versions(numbers, standing),
    )
    return Facts(
        profiles=by_subject,
        suppressions=standing,
        versions=versions,
        enrollments=enrollments,
        due_until=due.until,
        woken=frozenset(one.id for one in enrollments if one.id in woken and one.due_at >= needs.due_before)
        if needs.due_before
        else frozenset(),
        is_waking=inside.is_waking(connection),
        page=page,
        runs=sweeps.runs(connection, run_keys) if run_keys else (),
        run_numbers=sweeps.numbers(connection, run_keys, numbers) if run_keys else (),
        contacts={}
        if recall.contacts_since is None
        else inside.contacts(connection, numbers, recall.contacts_since),
        entries=inside.entries(connection, profiles) if recall.has_entries else {},
        sent_on={} if recall.day is None else inside.sent_on(connection, recall.day),
    )


def _runs_of(page: SweepPage | None, enrollments: Sequence[Enrollment]) -> list[sweeps.RunKey]:
    """Return the runs that these people are in, or come into by this page."""
    keys = [(one.campaign_id, one.entrance.run) for one in enrollments if one.entrance.run]
    if page is not None and page.sweep.run:
        keys.append((page.sweep.campaign_id, page.sweep.run))
    return list(dict.fromkeys(keys))


_VERSIONS_OF = """
SELECT json_group_array(json_array(given.value->>0, subject.version)) FROM json_each(?) AS given
CROSS JOIN subject ON subject.key = given.value->>1
"""
_VERSION_ROWS = decoder(list[tuple[int, int]])


def _first_names(
    connection: apsw.Connection, seqs: Sequence[int], profiles: Mapping[int, Profile]
) -> Iterator[tuple[int, Subject, int]]:
    """Yield the first name of each of these profiles that has one, with its version."""
    names = {seq: profiles[seq].subjects[0] for seq in seqs if seq in profiles and profiles[seq].subjects}
    keys = encode([(seq, name.key) for seq, name in names.items()])
    for seq, version in _VERSION_ROWS.decode(connection.execute(_VERSIONS_OF, (keys,)).get):
        yield seq, names[seq], version


def _next_due(connection: apsw.Connection, _partition: int) -> datetime | None:
    moments = [inside.next_due(connection), sweeps.next_due(connection)]
    return min((moment for moment in moments if moment is not None), default=None)
