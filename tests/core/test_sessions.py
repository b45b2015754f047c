"""Laws of `kernel.sessions`: a session outlives a restart and a kill, and ends when it should."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.clock import Clock

from tellwire.gateway.store.schema import MIGRATIONS as OF_GATEWAY
from tellwire.kernel import sessions
from tellwire.kernel.session_table import SessionTable
from tellwire.kernel.sessions import IDLE, LONGEST, SessionBook
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded.schema import MIGRATIONS as OF_PLATFORM

SECOND = timedelta(seconds=1)


class World:
    """A book on a file, which can be opened again as a new process would."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()

    async def book(self, secret: str = "secret") -> SessionBook:
        book = SessionBook(SessionTable(self.database), clock=self.clock, secret=secret)
        await book.load()
        return book

    async def stored(self) -> list[str]:
        return [one.key for one in await SessionTable(self.database).load()]


@pytest.fixture(params=[OF_PLATFORM, OF_GATEWAY], ids=["platform", "gateway"])
async def world(request: pytest.FixtureRequest, tmp_path: Path):
    database = await Database.open(tmp_path / "some.db", request.param)
    yield World(database)
    await database.close()


async def test_a_session_outlives_the_process(world: World) -> None:
    token = await (await world.book()).open("ann")

    assert (await world.book()).owner(token) == "ann"


async def test_the_token_is_not_in_the_store(world: World) -> None:
    token = await (await world.book()).open("ann")

    dump = await world.database.read(lambda c: [str(row) for row in c.execute("SELECT * FROM session")])

    assert len(dump) == 1
    assert token not in dump[0]


async def test_looking_whether_a_session_lives_does_not_keep_it_alive(world: World) -> None:
    book = await world.book()
    token = await book.open("ann")

    world.clock.advance(IDLE - SECOND)
    before_its_end = book.is_open(token)
    world.clock.advance(SECOND)

    assert (before_its_end, book.is_open(token), book.is_open("another")) == (True, False, False)


async def test_a_session_ends_when_it_was_idle_too_long(world: World) -> None:
    book = await world.book()
    token = await book.open("ann")

    world.clock.advance(IDLE - SECOND)
    assert book.owner(token) == "ann"
    world.clock.advance(IDLE - SECOND)
    assert book.owner(token) == "ann"
    world.clock.advance(IDLE)
    assert book.owner(token) is None
    await book.write()
    assert await world.stored() == []


async def test_a_session_that_is_used_lives_on_over_a_restart(world: World) -> None:
    book = await world.book()
    token = await book.open("ann")
    world.clock.advance(IDLE - SECOND)
    book.owner(token)
    await book.drain(1.0)
    world.clock.advance(IDLE - SECOND)

    assert (await world.book()).owner(token) == "ann"


async def test_no_session_outlives_the_longest(world: World) -> None:
    book = await world.book()
    token = await book.open("ann")
    until = world.clock.now() + LONGEST

    while world.clock.now() < until:
        assert book.owner(token) == "ann"
        world.clock.advance(IDLE / 2)

    assert book.owner(token) is None


async def test_what_ended_while_nothing_ran_is_forgotten(world: World) -> None:
    token = await (await world.book()).open("ann")
    world.clock.advance(IDLE)

    assert (await world.book()).owner(token) is None
    assert await world.stored() == []


async def test_signing_out_ends_it_for_good(world: World) -> None:
    book = await world.book()
    token, other = await book.open("ann"), await book.open("ann")
    book.owner(token)

    await book.close(token)
    await book.write()

    for one in (book, await world.book()):
        assert one.owner(token) is None
        assert one.owner(other) == "ann"


async def test_all_sessions_of_one_end_but_the_one_in_use(world: World) -> None:
    book = await world.book()
    here, there, bob = await book.open("ann"), await book.open("ann"), await book.open("bob")

    await book.close_all_of("ann", but=here)

    for one in (book, await world.book()):
        assert [one.owner(token) for token in (here, there, bob)] == ["ann", None, "bob"]


async def test_another_secret_ends_all_sessions(world: World) -> None:
    token = await (await world.book("old password")).open("ann")

    assert (await world.book("new password")).owner(token) is None


async def test_the_one_that_was_quiet_longest_makes_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LIMIT", 2)
    book = await world.book()
    first, second = await book.open("1"), await book.open("2")
    book.owner(first)

    third = await book.open("3")

    assert [book.owner(token) for token in (first, second, third)] == ["1", None, "3"]
    assert len(await world.stored()) == 2


async def test_nobodys_token_is_nobody(world: World) -> None:
    book = await world.book()

    assert book.owner("") is None
    assert book.owner("made up") is None
