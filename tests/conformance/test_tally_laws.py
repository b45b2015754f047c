"""Laws of what is counted of people (`ports.ledger`): kept with a recording or not at all, filled once, forgotten."""

from collections.abc import Sequence

import msgspec
from conformance_harness import Backend, Harness
from conformance_nouns import activity, event, profile, record, subject

from tellwire.platform.model.event import Event
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.tally import Cell, Filled, Filling, Mark, Question, Tallied
from tellwire.platform.ports.ledger import Advance, Conflict, Recording
from tellwire.platform.ports.stream import Position

CHARGED, SEEN = Question("key-charged", "charged"), Question("key-seen", "seen")
ANN = profile()
CELLS = (Cell(1_000, 1_000), Cell(2_000, 3_000, 5, 2, 7_500_000, -1, 8))
DECODER = msgspec.json.Decoder(tuple[Cell, ...])


async def facts_of(backend: Backend) -> Facts:
    return await backend.ledger.facts(Needs(subjects=[subject()], tallies=True))


async def tallies_of(backend: Backend) -> dict[str, tuple[Cell, ...]]:
    tallies = (await facts_of(backend)).tallies.get(ANN.id, {})
    return {key: DECODER.decode(cells) for key, cells in tallies.items()}


def tallied(*cells: Cell, key: str = CHARGED.key) -> Recording:
    return Recording(profiles=(ANN,), tallied=(Tallied(ANN.id, key, cells),))


async def filled(backend: Backend, limit: int = 9) -> list[Filling]:
    """Fill all that is to be filled with a cell an event, and return the slices."""
    slices = []
    while (one := await backend.ledger.filling(limit)) is not None:
        slices.append(one)
        known = {tally.profile_id: list(tally.cells) for tally in one.tallies}
        for profile_id, _ in one.events:
            known.setdefault(profile_id, []).append(Cell(9, 9))
        rows = [Tallied(who, key, cells) for who, cells in known.items() for key in one.keys]
        await backend.ledger.fill(Filled(filling=one, tallied=rows))
    return slices


def named(number: int, name: str) -> Event:
    return msgspec.structs.replace(event(number), name=name)


async def happened(backend: Backend, events: Sequence[Event]) -> None:
    await record(backend, Recording(profiles=(ANN,), activity=activity(*events)))


async def test_nothing_is_counted_before_somebody_asks(backend: Backend) -> None:
    await record(backend, tallied(*CELLS))

    facts = await facts_of(backend)
    assert (facts.tallies, facts.counted, facts.counting) == ({}, frozenset(), frozenset())
    assert await backend.ledger.asks() == frozenset()


async def test_what_was_counted_comes_back_as_it_was_recorded(harness: Harness, backend: Backend) -> None:
    await backend.ledger.ask([CHARGED, SEEN])
    marked = Cell(4, 5, 2, 0, 0, 0, 0, Mark(4, 6, "a", True), Mark(5, 6, "b", False))

    await record(backend, tallied(*CELLS))
    await record(backend, tallied(marked, key=SEEN.key))

    reopened = await harness.reopen()
    assert await tallies_of(reopened) == {CHARGED.key: CELLS, SEEN.key: (marked,)}
    assert (await reopened.ledger.facts(Needs(subjects=[subject()]))).tallies == {}


async def test_without_cells_there_is_nothing_to_keep(backend: Backend) -> None:
    await backend.ledger.ask([CHARGED])
    await record(backend, tallied(*CELLS))

    await record(backend, tallied())

    assert await tallies_of(backend) == {}


async def test_what_was_counted_is_recorded_with_all_else_or_not_at_all(backend: Backend) -> None:
    await backend.ledger.ask([CHARGED])
    await record(backend, tallied(*CELLS), by=5)

    elsewhere = Advance(partition=0, after=Position(3), to=Position(6))
    answer = await backend.ledger.record(tallied(CELLS[0]), elsewhere)

    assert answer == Conflict(Position(5))
    assert await tallies_of(backend) == {CHARGED.key: CELLS}


async def test_what_came_before_it_was_asked_is_filled_once_and_in_order(backend: Backend) -> None:
    await happened(backend, [named(n, "Charged" if n % 2 else "Seen") for n in range(1, 8)])
    await backend.ledger.ask([CHARGED])
    await happened(backend, [named(9, "Charged")])  # the worker counts it

    assert (await facts_of(backend)).counting == {CHARGED.key}
    slices = await filled(backend, limit=3)

    assert [one.id for part in slices for _, one in part.events] == [event(n).id for n in (1, 3, 5, 7)]
    assert all(len(one.events) <= 3 for one in slices)
    assert await tallies_of(backend) == {CHARGED.key: (Cell(9, 9),) * 4}
    facts = await facts_of(backend)
    assert (facts.counted, facts.counting) == ({CHARGED.key}, frozenset())


async def test_a_filling_that_is_kept_twice_is_kept_once(harness: Harness, backend: Backend) -> None:
    await happened(backend, [named(n, "Charged") for n in range(1, 5)])
    await backend.ledger.ask([CHARGED])
    one = await backend.ledger.filling(2)
    assert one is not None
    rows = [Tallied(ANN.id, CHARGED.key, (Cell(9, 9),) * 2)]
    await backend.ledger.fill(Filled(filling=one, tallied=rows))

    late = [Tallied(ANN.id, CHARGED.key, (Cell(7, 7),))]
    await backend.ledger.fill(Filled(filling=one, tallied=late))
    reopened = await harness.reopen()
    await filled(reopened)

    assert await tallies_of(reopened) == {CHARGED.key: (Cell(9, 9),) * 4}


async def test_a_question_that_comes_later_is_filled_by_itself(backend: Backend) -> None:
    await happened(backend, [named(1, "Charged"), named(2, "Seen")])
    await backend.ledger.ask([CHARGED])
    await filled(backend)

    await backend.ledger.ask([CHARGED, SEEN])
    slices = await filled(backend)

    assert [one.keys for one in slices] == [{SEEN.key}]
    assert await tallies_of(backend) == {CHARGED.key: (Cell(9, 9),), SEEN.key: (Cell(9, 9),)}


async def test_asking_again_begins_nothing_anew(backend: Backend) -> None:
    await backend.ledger.ask([CHARGED])
    await filled(backend)
    await record(backend, tallied(*CELLS))

    await backend.ledger.ask([CHARGED])

    assert await backend.ledger.filling(9) is None
    assert await tallies_of(backend) == {CHARGED.key: CELLS}


async def test_what_nobody_asks_any_more_is_gone_at_once_and_begins_anew(backend: Backend) -> None:
    await happened(backend, [named(1, "Charged")])
    await backend.ledger.ask([CHARGED])
    await filled(backend)
    await backend.ledger.ask([])

    assert (await facts_of(backend)).tallies == {}
    await record(backend, tallied(*CELLS))
    await backend.ledger.ask([CHARGED])
    assert await tallies_of(backend) == {}
    await filled(backend)
    assert await tallies_of(backend) == {CHARGED.key: (Cell(9, 9),)}
    assert [await backend.ledger.forget_unasked(9) for _ in range(2)] == [1, 0]
    assert await tallies_of(backend) == {CHARGED.key: (Cell(9, 9),)}


async def test_what_somebody_did_who_became_part_of_another_is_filled_for_the_other(backend: Backend) -> None:
    first, second = (
        msgspec.structs.replace(ANN, id=ProfileId(f"profile-device{n}"), subjects=()) for n in (1, 2)
    )
    for who in (first, second):
        await record(
            backend,
            Recording(
                profiles=(who,),
                activity=activity(named(1 + (who is second), "Charged"), who=who.id.removeprefix("profile-")),
            ),
        )
    await record(backend, Recording(profiles=(ANN,), merged=((first.id, second.id),)))
    await record(backend, Recording(merged=((second.id, ANN.id),)))
    await backend.ledger.ask([CHARGED])

    slices = await filled(backend)

    assert [who for one in slices for who, _ in one.events] == [ANN.id, ANN.id]
