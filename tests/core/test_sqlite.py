"""Laws of `kernel/sqlite`: what is answered is on the disk, and one caller's error is nobody else's."""

import asyncio
import json
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from tellwire.kernel import group_commit, sqlite
from tellwire.kernel.sqlite import Broken, Busy, Closed, Database, Full, copy_database

NOTES = ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT"]


def add_notes(connection: apsw.Connection, texts: list[str]) -> list[int]:
    rows = connection.execute(
        "INSERT INTO note (text) SELECT value FROM json_each(?) RETURNING id", (json.dumps(texts),)
    )
    return [row[0] for row in rows]


def all_notes(connection: apsw.Connection) -> list[str]:
    return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY id")]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "notes.db", NOTES)
    yield database
    await database.close()


class Gate:
    """A write handler that stops the writer until it is opened, so that others gather behind it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def hold(self, _connection: apsw.Connection, items: list[None]) -> list[None]:
        self.reached.set()
        assert self.opened.wait(10)
        return items


async def held(database: Database) -> tuple[Gate, asyncio.Task[None]]:
    gate = Gate()
    task = asyncio.create_task(database.write(gate.hold, None))
    await asyncio.to_thread(gate.reached.wait, 10)
    return gate, task


async def test_a_read_sees_every_answered_write(database: Database) -> None:
    number = await database.write(add_notes, "one")

    notes = await database.read(all_notes)

    assert number == 1
    assert notes == ["one"]


async def test_writes_that_wait_together_are_one_call_with_results_in_order(database: Database) -> None:
    sizes: list[int] = []

    def counted(connection: apsw.Connection, texts: list[str]) -> list[str]:
        sizes.append(len(texts))
        add_notes(connection, texts)
        return [text.upper() for text in texts]

    gate, holding = await held(database)
    writes = [asyncio.create_task(database.write(counted, f"note {n}")) for n in range(100)]
    await asyncio.sleep(0)
    gate.opened.set()
    answers = await asyncio.gather(*writes)
    await holding

    assert sizes == [100]
    assert answers == [f"NOTE {n}" for n in range(100)]
    assert await database.read(all_notes) == [f"note {n}" for n in range(100)]


async def test_handlers_that_wait_together_share_one_transaction(database: Database) -> None:
    sizes: list[int] = []

    def see(connection: apsw.Connection, items: list[None]) -> list[bool]:
        sizes.append(len(all_notes(connection)))
        return [connection.in_transaction for _ in items]

    gate, holding = await held(database)
    adding = asyncio.create_task(database.write(add_notes, "first"))
    seeing = asyncio.create_task(database.write(see, None))
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(adding, holding)

    assert await seeing is True
    assert sizes == [1]


async def test_only_the_guilty_call_raises(database: Database) -> None:
    gate, holding = await held(database)
    texts = [*(f"note {n}" for n in range(50)), "note 7", *(f"late {n}" for n in range(50))]
    writes = [asyncio.create_task(database.write(add_notes, text)) for text in texts]
    await asyncio.sleep(0)
    gate.opened.set()
    answers = await asyncio.gather(*writes, return_exceptions=True)
    await holding

    assert [index for index, answer in enumerate(answers) if isinstance(answer, Exception)] == [50]
    assert isinstance(answers[50], apsw.ConstraintError)
    assert len(await database.read(all_notes)) == 100


async def test_a_handler_that_answers_too_few_results_keeps_nothing(database: Database) -> None:
    def forgetful(connection: apsw.Connection, texts: list[str]) -> list[int]:
        return add_notes(connection, texts)[1:]

    with pytest.raises(RuntimeError, match="answered 0 results for 1 items"):
        await database.write(forgetful, "lost")

    assert await database.read(all_notes) == []


async def test_a_cancelled_caller_breaks_nobody_else(database: Database) -> None:
    gate, holding = await held(database)
    writes = [asyncio.create_task(database.write(add_notes, f"note {n}")) for n in range(10)]
    await asyncio.sleep(0)
    writes[4].cancel()
    gate.opened.set()
    answers = await asyncio.gather(*writes, return_exceptions=True)
    await holding

    assert [isinstance(answer, asyncio.CancelledError) for answer in answers] == [n == 4 for n in range(10)]
    assert len(await database.read(all_notes)) in {9, 10}


async def test_a_full_queue_makes_writers_wait_and_loses_none(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "notes.db", NOTES, pending_limit=3)
    gate, holding = await held(database)

    writes = [asyncio.create_task(database.write(add_notes, f"note {n}")) for n in range(20)]
    await asyncio.sleep(0)
    waiting = database._writer._inbox.qsize()
    gate.opened.set()
    await asyncio.gather(*writes, holding)

    assert waiting == 2
    assert sorted(await database.read(all_notes)) == sorted(f"note {n}" for n in range(20))
    await database.close()


async def test_a_full_disk_is_said_and_harms_nothing(database: Database) -> None:
    def shrink(connection: apsw.Connection, items: list[int]) -> list[None]:
        return [connection.pragma("max_page_count", pages) and None for pages in items]

    await database.write(add_notes, "before")
    await database.write(shrink, 8)
    with pytest.raises(Full, match=r"notes\.db"):
        await database.write(add_notes, "x" * 200_000)
    await database.write(shrink, 100_000)
    await database.write(add_notes, "after")

    assert await database.read(all_notes) == ["before", "after"]


@pytest.mark.parametrize("lost", [apsw.IOError, apsw.CorruptError, apsw.CantOpenError])
async def test_a_disk_that_fails_is_said_and_no_other_error_is_hidden(
    database: Database, lost: type[Exception]
) -> None:
    def fail(_connection: apsw.Connection, *_items: object) -> list[None]:
        raise lost("disk I/O error")

    for call in (database.write(fail, 1), database.read(fail)):
        with pytest.raises(Broken, match=r"notes\.db"):
            await call

    await database.write(add_notes, "after")
    assert await database.read(all_notes) == ["after"]


async def test_a_file_locked_by_another_process_is_said(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = apsw.Connection(str(tmp_path / "notes.db"))
    database._writer._connection.set_busy_timeout(20)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        await database.write(add_notes, "never")

    other.execute("ROLLBACK")
    await database.write(add_notes, "now")
    other.close()

    assert await database.read(all_notes) == ["now"]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(apsw.ReadOnlyError):
        await database.read(add_notes, ["sly"])

    assert await database.read(all_notes) == []


async def test_a_read_is_one_snapshot(database: Database) -> None:
    began, written = threading.Event(), threading.Event()

    def twice(connection: apsw.Connection) -> tuple[list[str], list[str]]:
        before = all_notes(connection)
        began.set()
        assert written.wait(10)
        return before, all_notes(connection)

    reading = asyncio.create_task(database.read(twice))
    await asyncio.to_thread(began.wait, 10)
    await database.write(add_notes, "meanwhile")
    written.set()

    assert await reading == ([], [])
    assert await database.read(all_notes) == ["meanwhile"]


async def test_close_finishes_what_waits_and_refuses_what_comes(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "notes.db", NOTES)
    gate, holding = await held(database)
    waiting = asyncio.create_task(database.write(add_notes, "last"))
    await asyncio.sleep(0)
    gate.opened.set()

    await database.close()
    await database.close()

    assert await waiting == 1
    await holding
    for call in (database.write(add_notes, "x"), database.read(all_notes), database.backup(tmp_path / "b")):
        with pytest.raises(Closed):
            await call


async def test_close_interrupts_a_read_that_does_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "READ_STOP_S", 0.05)
    database = await Database.open(tmp_path / "notes.db", NOTES)
    began = threading.Event()

    def endless(connection: apsw.Connection) -> None:
        began.set()
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        ).fetchall()

    reading = asyncio.create_task(database.read(endless))
    await asyncio.to_thread(began.wait, 10)
    await database.close()

    with pytest.raises(Closed):
        await reading


async def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    more = [*NOTES, "ALTER TABLE note ADD COLUMN colour TEXT; UPDATE note SET colour = 'blue'"]
    path = tmp_path / "notes.db"
    first = await Database.open(path, NOTES)
    await first.write(add_notes, "old")
    await first.close()

    second = await Database.open(path, more)
    await second.write(add_notes, "new")
    await second.close()
    third = await Database.open(path, more)
    colours = await third.read(lambda c: c.execute("SELECT text, colour FROM note ORDER BY id").fetchall())
    await third.close()

    assert colours == [("old", "blue"), ("new", None)]


async def test_a_broken_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with pytest.raises(apsw.SQLError):
        await Database.open(path, [*NOTES, "CREATE TABLE extra (x); SELECT no_such_column FROM note"])

    database = await Database.open(path, [*NOTES, "CREATE TABLE extra (x)"])

    assert await database.read(lambda c: c.pragma("user_version")) == 2
    await database.close()


async def test_a_file_of_a_newer_release_still_opens(tmp_path: Path) -> None:
    newer = await Database.open(tmp_path / "notes.db", [*NOTES, "CREATE TABLE extra (x)"])
    await newer.close()

    older = await Database.open(tmp_path / "notes.db", NOTES)

    assert await older.write(add_notes, "works") == 1
    await older.close()


async def test_only_the_owner_may_read_the_file(database: Database, tmp_path: Path) -> None:
    await database.write(add_notes, "private")
    await database.backup(tmp_path / "copy.db")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}

    assert set(modes) >= {"notes.db", "notes.db-wal", "copy.db"}
    assert set(modes.values()) == {0o600}


async def test_a_backup_made_during_writes_is_whole(database: Database, tmp_path: Path) -> None:
    for n in range(100):
        await database.write(add_notes, f"note {n}")
    writes = [asyncio.create_task(database.write(add_notes, f"late {n}")) for n in range(500)]

    await database.backup(tmp_path / "copy.db")
    await asyncio.gather(*writes)
    copy = await Database.open(tmp_path / "copy.db", NOTES)
    notes = await copy.read(all_notes)
    await copy.close()

    assert notes[:100] == [f"note {n}" for n in range(100)]
    assert notes[100:] == [f"late {n}" for n in range(len(notes) - 100)]
    assert not (tmp_path / "copy.db.partial").exists()


async def test_a_copy_has_the_log_of_a_file_that_is_in_use(database: Database, tmp_path: Path) -> None:
    await database.write(add_notes, "in the log only")

    copy_database(tmp_path / "notes.db", tmp_path / "copy.db")

    copy = apsw.Connection(str(tmp_path / "copy.db"))
    assert all_notes(copy) == ["in the log only"]
    copy.close()
    with pytest.raises(FileNotFoundError, match=r"nothing\.db"):
        copy_database(tmp_path / "nothing.db", tmp_path / "copy.db")


async def test_the_log_does_not_grow_without_end(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "CHECKPOINT_BUSY_PAGES", 50)
    monkeypatch.setattr(group_commit, "CHECKPOINT_IDLE_PAGES", 50)
    for n in range(100):
        await database.write(add_notes, f"{n}" + "x" * 20_000)

    assert (tmp_path / "notes.db-wal").stat().st_size < 100 * 4096


WRITER = """
import asyncio, sys
from pathlib import Path
from tellwire.kernel.sqlite import Database
sys.path.insert(0, {here!r})
from test_sqlite import NOTES, add_notes

async def one(database, start):
    for n in range(1_000_000):
        text = f"{{start}}-{{n}}"
        await database.write(add_notes, text)
        sys.stdout.write(text + "\\n")
        sys.stdout.flush()

async def main():
    database = await Database.open(Path(sys.argv[1]), NOTES)
    await asyncio.gather(*(one(database, start) for start in range(20)))

asyncio.run(main())
"""


async def test_kill_9_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    script = WRITER.format(here=str(Path(__file__).parent))
    child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    answered = [await asyncio.to_thread(child.stdout.readline) for _ in range(500)]
    child.send_signal(signal.SIGKILL)
    rest = await asyncio.to_thread(child.stdout.read)
    child.wait(10)
    child.stdout.close()
    answered += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]

    database = await Database.open(path, NOTES)
    kept = set(await database.read(all_notes))
    integrity = await database.read(lambda c: c.pragma("integrity_check"))

    assert len(answered) >= 500
    assert {line.strip() for line in answered} <= kept
    assert integrity == "ok"
    await database.close()
