"""`tellwire backup`, as an operator uses it: under load, restored elsewhere, and on a disk that is full."""

import asyncio
import json
import resource
import stat
import threading
from itertools import count
from pathlib import Path
from typing import Self

import pytest
from tests.e2e.conftest import Demo, eventually
from tests.e2e.test_command_line import tellwire

from tellwire.platform.model.event import Event
from tellwire.platform.ports.stream import Position
from tellwire.wiring.backend import open_backend

ROOM_BYTES = 64 * 1024  # less than either store has at its birth


class Load:
    """Uploads one numbered event after the other until it is stopped; `answered` is the last one that was."""

    def __init__(self, demo: Demo) -> None:
        self.answered = 0
        self._demo = demo
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        eventually(lambda: self.answered >= 20, what="the load to begin")
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        for number in count(1):
            if self._is_over.is_set():
                return
            self._demo.upload(
                {"identity": "load", "type": "event", "evtName": "Looked", "evtData": {"Number": number}}
            )
            self.answered = number


async def numbers_in(data: Path) -> set[int]:
    """Return the numbers of the load's events in a data directory."""
    backend = await open_backend(data)
    found: set[int] = set()
    after = Position(0)
    while page := await backend.stream.read(0, after, 1_000):
        after = page[-1].position
        entries = [one.entry for one in page]
        found |= {
            json.loads(bytes(e.properties))["Number"]
            for e in entries
            if isinstance(e, Event) and e.name == "Looked"
        }
    await backend.close()
    return found


def test_a_backup_under_load_has_all_that_was_answered_and_sends_when_it_is_restored(start_demo, tmp_path):
    first = start_demo(tmp_path / "data", sample=True)
    handset = first.ready["handset"]
    eventually(lambda: first.texts(handset), what="the sample's text")

    with Load(first) as load:
        answered = load.answered
        tellwire("backup", tmp_path / "backups" / "monday", "--data", tmp_path / "data")
        assert load.answered > answered, "the backup held everything up"
    first.stop()
    copied = asyncio.run(numbers_in(tmp_path / "backups" / "monday"))
    second = start_demo(tmp_path / "backups" / "monday")
    second.upload(*second.ready["sample_upload"]["d"])

    assert set(range(1, answered + 1)) <= copied
    assert copied == set(range(1, max(copied) + 1)), "a copy is of one moment"
    assert second.ready["api_token"] == first.ready["api_token"]
    assert second.get("/api/messages")["messages"]
    # Its text arrives: the keys of both halves open what was sealed.
    eventually(lambda: second.texts(handset), what="a text sent by the restored copy")
    second.stop()


@pytest.fixture(scope="module")
def stopped(start_demo, tmp_path_factory) -> Path:
    """A data directory that nobody uses."""
    data = tmp_path_factory.mktemp("stopped") / "data"
    start_demo(data).stop()
    return data


def test_a_full_disk_is_said_and_leaves_nothing_behind(stopped, tmp_path):
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))

    told = tellwire("backup", tmp_path / "copy", "--data", stopped, check=False, preexec_fn=small_files)

    assert told.returncode == 1
    assert "No backup was made, and nothing is left of it" in told.stderr
    assert "Traceback" not in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backup_has_settings_and_keys_and_only_the_owner_may_read_it(stopped, tmp_path):
    settings = tmp_path / "tellwire.toml"
    settings.write_text(f'data = "{stopped}"\n')
    (tmp_path / "copy.partial").mkdir()  # of a backup that was killed

    tellwire("backup", tmp_path / "copy", "--config", settings)

    files = {str(path.relative_to(tmp_path / "copy")): path for path in (tmp_path / "copy").rglob("*.*")}
    assert set(files) == {
        "tellwire.db",
        "tellwire.toml",
        "sealing.key",
        "demo.json",
        "gateway/gateway.db",
        "gateway/gateway.key",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert not (tmp_path / "copy.partial").exists()


def test_a_backup_never_writes_over_anything(stopped, tmp_path):
    (tmp_path / "copy").mkdir()

    told = tellwire("backup", tmp_path / "copy", "--data", stopped, check=False)

    assert (told.returncode, "never writes over anything" in told.stderr) == (1, True)
    assert list((tmp_path / "copy").iterdir()) == []
