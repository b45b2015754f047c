"""Laws of `ports.stream`: durable, in order, and twice is once."""

import asyncio

import msgspec
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, change, event, ids, read_all
from tests.waiting import HANG_S

from tellwire.platform.model.device_token import DeviceToken, WebPushKeys
from tellwire.platform.model.event import (
    AddValues,
    DeleteValue,
    Event,
    Increment,
    KeepToken,
    LinkSubject,
    RemoveValues,
    SetValue,
    Subject,
)
from tellwire.platform.ports.stream import START, Position


async def test_what_was_appended_is_read_back_equal_and_in_order(backend: Backend) -> None:
    entries = [event(1), change(2, value=["ä", 1, None]), event(3, properties=b'{"a":{"b":[1,2.5,true]}}')]

    await backend.stream.append(entries)

    read = await read_all(backend)
    assert read == entries
    assert isinstance(read[2], Event)
    assert bytes(read[2].properties) == b'{"a":{"b":[1,2.5,true]}}'


async def test_every_kind_of_change_is_read_back_equal(backend: Backend) -> None:
    token = DeviceToken(device="d", kind="chrome", value="v", keys=WebPushKeys("p", "a"), at=NOW)
    changes = (
        SetValue("a", 1.5),
        AddValues("b", ("x",)),
        RemoveValues("b", ("y",)),
        Increment("c", -1),
        DeleteValue("d"),
        LinkSubject(Subject("device", "d")),
        KeepToken(token),
    )
    entry = msgspec.structs.replace(change(1), changes=changes)

    await backend.stream.append([entry])

    assert await read_all(backend) == [entry]


async def test_an_empty_append_is_nothing(backend: Backend) -> None:
    await backend.stream.append([])

    assert await read_all(backend) == []


async def test_append_twice_is_one_append(backend: Backend) -> None:
    entries = [event(n) for n in range(10)]
    await backend.stream.append(entries)

    await backend.stream.append(entries)

    assert await read_all(backend) == entries


async def test_only_the_repeated_entries_of_an_append_are_left_out(backend: Backend) -> None:
    await backend.stream.append([event(1), event(2)])

    await backend.stream.append([event(3), event(2), event(4), event(3)])

    assert ids(await read_all(backend)) == ["e000001", "e000002", "e000003", "e000004"]


async def test_an_id_in_two_appends_at_once_is_appended_once(backend: Backend) -> None:
    await asyncio.gather(*(backend.stream.append([event(n % 7), event(100 + n)]) for n in range(70)))

    assert sorted(ids(await read_all(backend))) == sorted(
        [f"e{n:06}" for n in range(7)] + [f"e{100 + n:06}" for n in range(70)]
    )


async def test_appends_of_one_subject_are_read_in_the_order_of_their_answers(backend: Backend) -> None:
    async def one_after_the_other(who: str, first: int) -> None:
        for n in range(first, first + 30):
            await backend.stream.append([event(n, who)])

    await asyncio.gather(*(one_after_the_other(f"user {k}", 1000 * k) for k in range(20)))

    entries = await read_all(backend)
    for k in range(20):
        assert [e.id for e in entries if e.subject.value == f"user {k}"] == [
            f"e{n:06}" for n in range(1000 * k, 1000 * k + 30)
        ]


async def test_positions_rise_and_a_reader_goes_on_from_any_of_them(backend: Backend) -> None:
    for start in range(0, 300, 30):
        await backend.stream.append([event(n) for n in range(start, start + 30)])
    partition = backend.stream.partitions()[0]
    whole = await backend.stream.read(partition, START, 1000)

    positions = [positioned.position for positioned in whole]
    assert positions == sorted(set(positions))
    for index in (0, 1, 29, 30, 31, 150, 298):
        assert await backend.stream.read(partition, positions[index], 1000) == whole[index + 1 :]
    assert await backend.stream.read(partition, positions[-1], 1000) == []


async def test_a_read_stays_near_its_limit(backend: Backend) -> None:
    for start in range(0, 5000, 100):
        await backend.stream.append([event(n) for n in range(start, start + 100)])

    found = await backend.stream.read(backend.stream.partitions()[0], Position(250), 300)

    assert 300 <= len(found) <= 300 + 2000


async def test_entries_of_any_length_are_read_whole_a_few_at_a_time(backend: Backend) -> None:
    lengths = [10, 900_000, 10, 200_000, 1_200_000, 10, 500_000, 500_000, 100_000]
    entries = [event(n, properties=b'{"a":"%s"}' % (b"x" * length)) for n, length in enumerate(lengths)]
    await backend.stream.append(entries)

    found = await backend.stream.read(backend.stream.partitions()[0], START, 1000)

    assert 1 <= len(found) < len(entries)
    assert await read_all(backend, limit=1000) == entries
    assert await read_all(backend, limit=1) == entries


async def test_an_append_of_any_size_is_read_whole(backend: Backend) -> None:
    entries = [event(n) for n in range(7001)]

    await backend.stream.append(entries)

    assert await read_all(backend, limit=10) == entries


async def test_reopened_it_holds_what_was_appended_and_still_knows_every_id(harness: Harness) -> None:
    backend = await harness.open()
    await backend.stream.append([event(1), event(2)])

    backend = await harness.reopen()
    await backend.stream.append([event(2), event(3)])

    assert ids(await read_all(backend)) == ["e000001", "e000002", "e000003"]


async def test_a_backup_holds_everything_answered_before_it(harness: Harness) -> None:
    backend = await harness.open()
    await backend.stream.append([event(n) for n in range(50)])

    copy = await harness.open_copy()

    assert await read_all(copy) == await read_all(backend)


async def test_wait_ends_with_an_append(backend: Backend) -> None:
    waiting = asyncio.create_task(backend.stream.wait(0, START, 60))
    await asyncio.sleep(0)

    await backend.stream.append([event(1)])

    await asyncio.wait_for(waiting, HANG_S)


async def test_wait_ends_at_once_when_entries_are_there(backend: Backend) -> None:
    await backend.stream.append([event(1)])

    await asyncio.wait_for(backend.stream.wait(0, START, 60), HANG_S)


async def test_an_append_whose_caller_went_away_is_found_by_waiting(backend: Backend) -> None:
    appending = asyncio.create_task(backend.stream.append([event(1)]))
    await asyncio.sleep(0)
    appending.cancel()
    await asyncio.gather(appending, return_exceptions=True)

    async with asyncio.timeout(HANG_S):
        while not (found := await backend.stream.read(0, Position(0), 10)):
            await backend.stream.wait(0, Position(0), 0.01)

    assert ids([positioned.entry for positioned in found]) == ids([event(1)])


async def test_wait_ends_by_itself(backend: Backend) -> None:
    await asyncio.wait_for(backend.stream.wait(0, START, 0.01), HANG_S)
