"""Laws of versions in `ports.ledger`: what was decided on facts that have changed since is not recorded."""

import asyncio

import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, activity, event, message, number, profile, record, send, subject
from tests.builders import a_profile

from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import Profile, SuppressionChange
from tellwire.platform.ports.ledger import Advance, Conflict, RecordAnswer, Recorded, Recording, Stale
from tellwire.platform.ports.stream import START, Position

DEVICE = Subject("device", "d1")
ANN = profile("ann", number(1), (subject("ann"), DEVICE))


def stop(n: int = 1, *, is_suppressed: bool = True) -> SuppressionChange:
    return SuppressionChange(address=number(n), is_suppressed=is_suppressed, source="reply", at=NOW)


async def ask(backend: Backend, *subjects: Subject, numbers: tuple[int, ...] = ()) -> Facts:
    return await backend.ledger.facts(Needs(subjects=subjects, numbers=[number(n) for n in numbers]))


async def decide_on(backend: Backend, facts: Facts, recording: Recording) -> RecordAnswer:
    """Record from where the partition stands what was decided on these facts."""
    after = await backend.ledger.position(0)
    step = Advance(partition=0, after=after, to=Position(after + 1))
    return await backend.ledger.record(recording, step, facts.versions)


async def test_every_fact_that_was_asked_for_has_a_version(backend: Backend) -> None:
    await record(backend, Recording(profiles=(ANN,)))
    await backend.messages.suppress([stop(2)])

    facts = await ask(backend, DEVICE, subject("bob"), numbers=(2, 3))

    assert facts.versions.subjects.keys() == {DEVICE, subject("bob")}
    assert facts.versions.numbers.keys() == {number(1), number(2), number(3)}
    nothing = (facts.versions.subjects[subject("bob")], facts.versions.numbers[number(3)])
    assert nothing == (0, 0)
    assert facts.versions.subjects[DEVICE] != 0
    assert facts.versions.numbers[number(2)] != 0


async def test_what_was_decided_on_facts_that_hold_is_recorded(backend: Backend) -> None:
    for _ in range(3):
        facts = await ask(backend, subject("ann"), subject("bob"), numbers=(1, 2))
        assert await decide_on(backend, facts, Recording(profiles=(ANN,))) == Recorded()


async def test_two_names_of_one_person_cannot_overwrite_each_other(backend: Backend) -> None:
    await record(backend, Recording(profiles=(ANN,)))
    by_name, by_device = await ask(backend, subject("ann")), await ask(backend, DEVICE)
    changed = profile("ann", number(2), (subject("ann"), DEVICE))
    assert await decide_on(backend, by_name, Recording(profiles=(changed,))) == Recorded()

    answer = await decide_on(backend, by_device, Recording(profiles=(ANN,)))

    assert answer == Stale(Needs(subjects=(DEVICE,)))
    assert (await ask(backend, DEVICE)).profiles == {DEVICE: changed}


async def test_two_who_find_nobody_do_not_both_make_a_person(backend: Backend) -> None:
    first, second = await ask(backend, DEVICE), await ask(backend, DEVICE)
    await decide_on(backend, first, Recording(profiles=(ANN,)))

    answer = await decide_on(backend, second, Recording(profiles=(profile("bob", None, (DEVICE,)),)))

    assert answer == Stale(Needs(subjects=(DEVICE,)))
    assert (await ask(backend, DEVICE)).profiles == {DEVICE: ANN}


async def test_a_name_that_moved_to_somebody_else_is_another_fact(backend: Backend) -> None:
    await record(backend, Recording(profiles=(ANN, profile("bob"))))
    facts = await ask(backend, DEVICE)
    await record(backend, Recording(profiles=(profile("bob", None, (subject("bob"), DEVICE)),)))

    assert await decide_on(backend, facts, Recording()) == Stale(Needs(subjects=(DEVICE,)))


@pytest.mark.parametrize("name", ["ann", "nobody"])
async def test_a_stop_that_comes_while_we_decide_is_seen(backend: Backend, name: str) -> None:
    await record(backend, Recording(profiles=(ANN,)))
    facts = await ask(backend, subject(name), numbers=(1,) if name == "nobody" else ())
    await backend.messages.suppress([stop()])

    answer = await decide_on(
        backend, facts, Recording(activity=activity(event(1)), decisions=(send(message(1)),))
    )

    assert answer == Stale(Needs(numbers=(number(1),)))
    assert await backend.ledger.position(0) == 1
    assert await backend.reports.recent_events(1) == []
    assert await backend.reports.recent_messages(1) == []
    assert await backend.reports.decisions(OccasionId("e000001")) == []


async def test_each_change_of_a_suppression_is_another_fact(backend: Backend) -> None:
    later = SuppressionChange(address=number(1), is_suppressed=False, source="reply", at=NOW)
    by_call = SuppressionChange(address=number(1), is_suppressed=True, source="api", at=NOW)
    for change in (stop(), later, by_call):
        facts = await ask(backend, numbers=(1,))
        await backend.messages.suppress([change])

        assert await decide_on(backend, facts, Recording()) == Stale(Needs(numbers=(number(1),)))


async def test_what_was_not_read_may_change(backend: Backend) -> None:
    await record(backend, Recording(profiles=(ANN,)))
    facts = await ask(backend, subject("ann"), subject("carl"))
    await record(backend, Recording(profiles=(profile("bob", number(2)),)))
    await backend.messages.suppress([stop(2)])

    assert await decide_on(backend, facts, Recording(profiles=(ANN,))) == Recorded()


async def test_whoever_asks_again_may_record(backend: Backend) -> None:
    facts = await ask(backend, numbers=(1,))
    await backend.messages.suppress([stop()])
    stale = await decide_on(backend, facts, Recording())

    again = await ask(backend, numbers=(1,))

    assert isinstance(stale, Stale)
    assert again.suppressed == {number(1)}
    assert await decide_on(backend, again, Recording()) == Recorded()


async def test_what_somebody_else_decided_is_a_conflict_whatever_has_changed(backend: Backend) -> None:
    facts = await ask(backend, subject("ann"))
    await record(backend, Recording(profiles=(ANN,)))

    answer = await backend.ledger.record(
        Recording(), Advance(partition=0, after=START, to=Position(1)), facts.versions
    )

    assert answer == Conflict(Position(1))


async def test_versions_outlive_the_process(harness: Harness) -> None:
    backend = await harness.open()
    await record(backend, Recording(profiles=(ANN, profile("bob"))))
    holds, moved = await ask(backend, subject("ann")), await ask(backend, subject("bob"))

    backend = await harness.reopen()

    await record(backend, Recording(profiles=(profile("bob", number(2)),)))
    assert await decide_on(backend, moved, Recording()) == Stale(Needs(subjects=(subject("bob"),)))
    assert await decide_on(backend, holds, Recording()) == Recorded()


async def test_of_many_who_read_the_same_only_one_writes(backend: Backend) -> None:
    """Each reads a counter and writes one more, and none of those recorded is lost."""
    await record(backend, Recording(profiles=(counted(0),)))

    async def add_one() -> int:
        facts = await ask(backend, subject("ann"))
        held = facts.profiles[subject("ann")]
        answer = await decide_on(backend, facts, Recording(profiles=(counted(count_of(held) + 1),)))
        return isinstance(answer, Recorded)

    recorded = sum(await asyncio.gather(*(add_one() for _ in range(20))))

    assert recorded >= 1
    assert count_of((await ask(backend, subject("ann"))).profiles[subject("ann")]) == recorded


def counted(count: int) -> Profile:
    return a_profile(id=ANN.id, subjects=ANN.subjects, properties={"Count": count})


def count_of(of: Profile) -> int:
    count = of.properties["Count"]
    assert isinstance(count, int)
    return count
