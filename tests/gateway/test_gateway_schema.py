"""A store of every older version opens, works and forgets, and the previous release can still run on the newest."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from tellwire.gateway.model.callback import Tried
from tellwire.gateway.model.message import SENT, LaneSettlement, Settled
from tellwire.gateway.store.callbacks import Callbacks
from tellwire.gateway.store.history import History
from tellwire.gateway.store.messages import Messages
from tellwire.gateway.store.records import Records
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.kernel.retention import horizon
from tellwire.kernel.sqlite import Database

NOW = datetime(2026, 1, 31, 8, 15, 30, tzinfo=UTC)
UMID = "00000000-0000-0000-0000-000000000001"
URL = "http://hooks.example/dlr"
# Rows as the first version wrote them: one message that waits for its carrier, and its customer.
OF_THE_FIRST = f"""
INSERT INTO account (id, name, created_ms) VALUES ('a', 'A', 0);
INSERT INTO subaccount (id, account, default_source, created_ms) VALUES ('s', 'a', 'ACME', 0);
INSERT INTO message (seq, umid, account, subaccount, source, destination, body, encoding, parts, status,
  created_ms, changed_ms, expiry_ms, callback_url, style, price_micro, currency, lane)
VALUES (1, '{UMID}', 'a', 's', 'ACME', '6591200000', 'hi', 'GSM7', 1, 'queued',
  1769847330000, 1769847330000, 1769933730000, '{URL}', '8x8', 0, 'EUR', 'sim');
INSERT INTO ready (lane, place, seq) VALUES ('sim', 1, 1);
UPDATE counter SET next = 2;
"""


def write_version(path: Path, version: int) -> None:
    """Make a file as the release of that version left it."""
    connection = apsw.Connection(str(path))
    connection.execute(MIGRATIONS[0])
    connection.execute(OF_THE_FIRST)
    for script in MIGRATIONS[1:version]:
        connection.execute(script)
    connection.pragma("user_version", version)
    connection.close()


@asynccontextmanager
async def opened(path: Path, migrations: tuple[str, ...] = MIGRATIONS) -> AsyncIterator[Database]:
    database = await Database.open(path, migrations)
    yield database
    await database.close()


async def send(database: Database) -> None:
    """Hand over what waits, and tell its webhook."""
    messages, callbacks = Messages(database), Callbacks(database)
    settled = [
        Settled(place=c.place, seq=c.seq, references=[(1, "ref")], at=NOW, standing=SENT)
        for c in await messages.claim("sim", 0, 10)
    ]
    (lane,) = (await messages.settle(LaneSettlement("sim", settled))).callback_lanes
    for due in await callbacks.due(lane, NOW, 10, []):
        await callbacks.settle(Tried(id=due.id, at=NOW, status=200))


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
async def test_a_store_of_each_older_version_opens_and_works(tmp_path: Path, version: int) -> None:
    write_version(tmp_path / "gateway.db", version)

    async with opened(tmp_path / "gateway.db") as database:
        before = await Records(database).find("s", UMID)
        await send(database)
        after = await Records(database).find("s", UMID)
        old = horizon(NOW + timedelta(days=400), timedelta(days=90))
        step = await History(database).forget_messages(old, 0)

        assert before is not None
        assert after is not None
        assert (before.report.standing.status, after.report.standing) == ("queued", SENT)
        assert step.rows["message"] == 1
        assert await database.read(lambda c: c.pragma("foreign_key_check")) is None


async def test_the_previous_release_runs_on_the_newest_schema(tmp_path: Path) -> None:
    write_version(tmp_path / "gateway.db", len(MIGRATIONS))

    async with opened(tmp_path / "gateway.db", MIGRATIONS[:-1]) as database:
        await send(database)

        found = await Records(database).find("s", UMID)
        assert found is not None
        assert found.report.standing == SENT
    async with opened(tmp_path / "gateway.db") as database:
        assert await database.read(lambda c: c.pragma("user_version")) == len(MIGRATIONS)
