"""What is known when a batch is decided: people, numbers, who is inside campaigns, and what guards remember."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import apsw
import msgspec

from tellwire.platform.backends.embedded import (
    audiences,
    fact_changes,
    goal_watches,
    inside,
    list_facts,
    suppressions,
    sweeps,
    tallies,
    trials,
)
from tellwire.platform.backends.embedded.codec import decoder, encode, lines_of
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts, Needs, Versions
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import SweepPage
from tellwire.platform.model.trial import Trial, Tried
from tellwire.platform.ports.people_reports import Crowd


def facts_of(connection: apsw.Connection, needs: Needs) -> Facts:
    """Return all that the needs ask for, as of one moment."""
    if needs.crowd is not None:
        one = audiences.crowd(connection, needs.crowd, needs.sweep_limit)
        known = _known(connection, _people(connection, (), (), one.by_seq), needs.lists)
        counted = _counted(connection, needs, one.by_seq)
        return msgspec.structs.replace(known, page=one.page, **counted)
    due, page, choosing = inside.Due(), None, None
    changes = list_facts.page(connection, needs.lists, needs.list_limit)
    if needs.due_before is not None:
        due = inside.due(connection, needs.due_before, needs.due_limit)
        page = sweeps.page(connection, needs.due_before, needs.sweep_limit) if needs.sweep_limit else None
        choosing = audiences.choosing(connection, needs.due_before) if needs.sweep_limit else None
    people = _people(connection, needs.subjects, [*due.seqs, *changes.seqs], page.by_seq if page else {})
    numbers = (*needs.numbers, *(one.phone for one in people.by_seq.values() if one.phone is not None))
    standing = suppressions.standing(connection, numbers)
    enrollments = inside.of_profiles(connection, people.by_seq)
    runs, recall = _runs_of(page and page.page, enrollments), needs.recall
    listed = list_facts.listed(connection, needs.lists, people.by_seq.values(), needs.subjects, needs.numbers)
    tried = trials.of_profiles(connection, people.by_seq)
    return Facts(
        profiles=people.by_subject,
        suppressions=standing,
        versions=Versions(
            as_of=fact_changes.count(connection),
            subjects=people.versions,
            numbers=suppressions.versions(numbers, standing),
        ),
        enrollments=enrollments,
        due_until=due.until,
        woken=due.woken(enrollments, needs.due_before),
        is_waking=inside.is_waking(connection),
        page=page and page.page,
        choosing=choosing,
        unmet=sweeps.unmet(connection, people.by_seq),
        watches=goal_watches.of_profiles(connection, people.by_seq),
        tried=tried,
        trials=_trials(connection, needs, tried, enrollments, runs),
        runs=sweeps.runs(connection, runs) if runs else (),
        run_numbers=sweeps.numbers(connection, runs, numbers) if runs else (),
        contacts={}
        if recall.contacts_since is None
        else inside.contacts(connection, numbers, recall.contacts_since),
        entries=inside.entries(connection, people.by_seq) if recall.has_entries else {},
        sent_on={} if recall.day is None else inside.sent_on(connection, recall.day),
        listed=listed.by_key,
        list_changes=list_facts.merged(changes, listed.changes),
        list_page=changes.last,
        **_counted(connection, needs, people.by_seq),
    )


def _counted(connection: apsw.Connection, needs: Needs, by_seq: Mapping[int, Profile]) -> dict[str, Any]:
    """Return what is counted of these people, if rules look at it."""
    return tallies.of_profiles(connection, by_seq)._asdict() if needs.tallies else {}


_CROWD = """
SELECT json_group_array(seq) FROM (SELECT seq FROM profile WHERE seq > ? ORDER BY seq LIMIT ?)
"""
_SEQS = decoder(list[int])


def crowd(connection: apsw.Connection, after: int, limit: int, lists: Sequence[ListId]) -> Crowd:
    """Return the people who came after this place, in the order in which they came."""
    seqs = _SEQS.decode(connection.execute(_CROWD, (after, limit)).get)
    people = _people(connection, (), seqs, {})
    counted = _counted(connection, Needs(tallies=True), people.by_seq)
    facts = msgspec.structs.replace(_known(connection, people, lists), **counted)
    return Crowd(facts=facts, after=seqs[-1] if len(seqs) == limit else None)


def last_place(connection: apsw.Connection) -> int:
    """Return the place of the person who came last, 0 if there is nobody."""
    return int(connection.execute("SELECT ifnull(max(seq), 0) FROM profile").get)


class _People(NamedTuple):
    by_seq: dict[int, Profile]
    by_subject: dict[Subject, Profile]
    versions: dict[Subject, int]


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


def _people(
    connection: apsw.Connection,
    subjects: Sequence[Subject],
    seqs: Sequence[int],
    read: Mapping[int, Profile],
) -> _People:
    """Return the profiles of these subjects, and those with these places, each under the first of its names.

    `read` are profiles that have been read already, and come out too.
    """
    keys = encode([subject.key for subject in subjects])
    named = _NAMED.decode(connection.execute(_SUBJECTS, (keys,)).get) if subjects else []
    wanted = dict.fromkeys((*(seq for _, seq, _ in named), *seqs))
    unread = [seq for seq in wanted if seq not in read]
    rows = connection.execute(_PROFILES, (encode(unread),)).get if unread else ""
    by_seq = {**dict(_PROFILE_ROWS.decode(lines_of(rows))), **read}
    versions = dict.fromkeys(subjects, 0)
    versions.update((subjects[index], version) for index, _, version in named)
    by_subject = {subjects[index]: by_seq[seq] for index, seq, _ in named}
    in_names = {seq for _, seq, _ in named}
    unnamed = {seq: profile for seq, profile in by_seq.items() if seq not in in_names}
    for seq, name, version in _first_names(connection, unnamed):
        by_subject[name], versions[name] = by_seq[seq], version
    return _People(by_seq, by_subject, versions)


def _known(connection: apsw.Connection, people: _People, lists: Sequence[ListId]) -> Facts:
    """Return what rules look at of these people."""
    numbers = [one.phone for one in people.by_seq.values() if one.phone is not None]
    return Facts(
        profiles=people.by_subject,
        suppressions=suppressions.standing(connection, numbers),
        listed=list_facts.listed(connection, lists, people.by_seq.values(), (), ()).by_key,
    )


_VERSIONS_OF = """
SELECT json_group_array(json_array(given.value->>0, subject.version)) FROM json_each(?) AS given
CROSS JOIN subject ON subject.key = given.value->>1
"""
_VERSION_ROWS = decoder(list[tuple[int, int]])


def _first_names(
    connection: apsw.Connection, profiles: Mapping[int, Profile]
) -> Iterator[tuple[int, Subject, int]]:
    """Yield the first name of each of these profiles that has one, with its version."""
    names = {seq: profile.subjects[0] for seq, profile in profiles.items() if profile.subjects}
    if not names:
        return
    keys = encode([(seq, name.key) for seq, name in names.items()])
    for seq, version in _VERSION_ROWS.decode(connection.execute(_VERSIONS_OF, (keys,)).get):
        yield seq, names[seq], version


def _trials(
    connection: apsw.Connection,
    needs: Needs,
    tried: Iterable[Tried],
    enrollments: Iterable[Enrollment],
    runs: Iterable[sweeps.RunKey],
) -> Sequence[Trial]:
    """Return the trials that these people are in or may come into, by whichever version, and those that are due."""
    if not trials.has_any(connection):
        return ()
    places = [
        *((one, "") for one in sorted(needs.recall.trials)),
        *((one.campaign_id, one.run) for one in tried),
        *((one.campaign_id, one.entrance.run) for one in enrollments),
        *runs,
    ]
    theirs = trials.of_places(connection, places) if places else ()
    due = () if needs.due_before is None else trials.due(connection, needs.due_before)
    return list({one.key: one for one in (*due, *theirs)}.values())


def _runs_of(page: SweepPage | None, enrollments: Sequence[Enrollment]) -> list[sweeps.RunKey]:
    """Return the runs that these people are in, or come into by this page."""
    keys = [(one.campaign_id, one.entrance.run) for one in enrollments if one.entrance.run]
    if page is not None and page.sweep.run:
        keys.append((page.sweep.campaign_id, page.sweep.run))
    return list(dict.fromkeys(keys))
