"""Audiences over the copy of the past: counting and naming, how fast it loads, and what memory that takes.

HISTORY_PEOPLE (1,000,000) and HISTORY_EVENTS (50,000,000) say how much there is; less is for a machine that has not the
time. The events that are counted over are made by the database, what is loaded goes the way that it goes live.
"""

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import duckdb
import msgspec
from bench._figures import figure

from tellwire.kernel.clock import SystemClock, to_ms
from tellwire.platform.history.audiences import column_audiences
from tellwire.platform.history.projections import run
from tellwire.platform.history.schema import creating, event_table
from tellwire.platform.history.store import Opened
from tellwire.platform.language.rule import RuleForm, read_rule
from tellwire.platform.model.account import Account
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.rule import Rule
from tellwire.platform.ports.ledger import Activity, Advance, Recording
from tellwire.platform.ports.stream import START
from tellwire.wiring.backend import open_backend

PEOPLE = int(os.environ.get("HISTORY_PEOPLE", "1000000"))
EVENTS = int(os.environ.get("HISTORY_EVENTS", "50000000"))
LOADED = 200_000  # events whose loading is timed
SLICE = 40_000
NAMES = {"charged": 20, "appopened": 50, "refunded": 2, "viewed": 28}  # in percent of all events
NOW = datetime(2026, 6, 6, 12, tzinfo=UTC)
DAYS = 90
RULE = {
    "all": [
        {"profile": "Plan", "equals": "gold"},
        {
            "did": "Charged",
            "where": [{"property": "Amount", "greater_than": 10}],
            "at_least": 2,
            "within": "30 days",
        },
        {"not": {"did": "Refunded"}},
    ]
}
T = TypeVar("T")


def rule_of(form: object) -> Rule:
    return read_rule(msgspec.convert(form, RuleForm))


def timed(work: Callable[[], T]) -> tuple[float, float, T]:
    """Return the seconds that passed, those of the processors (which others do not lengthen), and the answer."""
    begun, used = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - begun, time.process_time() - used, answer


@contextmanager
def filled(directory: Path) -> Iterator[Opened]:
    """Give a file with all people and events, written by the database itself."""
    connection = duckdb.connect(str(directory / "h.duckdb"), config={"threads": "2", "memory_limit": "512MB"})
    for statement, parameters in creating("bench"):
        run(connection, statement, parameters)
    opened = Opened(connection)
    run(
        connection,
        f"""INSERT INTO person SELECT i, 'id' || i, 'p' || i,
          '{{"Plan":"' || ['gold', 'silver', 'free'][1 + i % 3] || '","City":"c' || i % 500 || '"}}'
          FROM range(1, {PEOPLE} + 1) AS r(i)""",
    )
    run(
        connection,
        f"INSERT INTO person_reach SELECT i, 'sms', 6500000000 + i FROM range(1, {PEOPLE} + 1) AS r(i)",
    )
    begins = to_ms(NOW) - DAYS * 86_400_000
    for name, percent in NAMES.items():
        n, count = opened.loading.number_of(name), EVENTS * percent // 100
        run(
            connection,
            f"""INSERT INTO {event_table(n)}
              SELECT i, 1 + (hash(i * {n}) % {PEOPLE}), {begins} + i * {DAYS * 86_400_000} // {count},
              '{{"Amount":' || (hash(i) % 100000) / 100.0 || ',"Category":"k' || i % 40 || '"}}'
              FROM range({count}) AS r(i)""",
        )
    run(connection, "CHECKPOINT")
    try:
        yield opened
    finally:
        connection.close()


def counting(directory: Path) -> None:
    account, rule = Account(), rule_of(RULE)
    with filled(directory) as opened:
        first, used, _ = timed(lambda: opened.reading(account, NOW).meeting(rule))
        figure("first count of a rule, properties never asked before", [first], "s", 3.0, at_most=True)
        figure("the same, processor time", [used], "s")
        counts, used_ms = list[float](), list[float]()
        for n in range(5):  # each a minute later, so that nothing is remembered
            opened.remembered.forget()
            at = NOW + timedelta(minutes=n)
            passed, used, _ = timed(lambda at=at: opened.reading(account, at).meeting(rule).bit_count())
            counts.append(passed * 1000)
            used_ms.append(used * 1000)
        figure(f"audience counted, {PEOPLE:,} people and {EVENTS:,} events", counts, "ms", 300, at_most=True)
        figure("the same, processor time", used_ms, "ms")
        members = []
        for _ in range(5):
            opened.remembered.forget()
            members.append(timed(lambda: _all_members(opened, account, rule))[0])
        figure("all members named", members, "s", 2.0, at_most=True)


def _all_members(opened: Opened, account: Account, rule: Rule) -> int:
    reading = opened.reading(account, NOW)
    places = reading.places(reading.meeting(rule), 0, PEOPLE)
    names = opened.connection.execute(
        "SELECT name FROM person WHERE place IN (SELECT unnest(?::UINTEGER[])) ORDER BY place", [places]
    ).fetchall()
    return len(names)


def an_event(n: int) -> Event:
    return Event(
        id=EventId(f"{n:026}"),
        subject=Subject("identity", f"p{n % 1000}"),
        name=["Charged", "Viewed", "App Opened"][n % 3],
        occurred_at=NOW + timedelta(seconds=n),
        received_at=NOW + timedelta(seconds=n),
        properties=msgspec.Raw(b'{"Amount": %d.5, "Category": "shoes", "Currency": "EUR"}' % (n % 500)),
    )


def loading() -> None:
    """From NDJSON that lies ready to columns."""
    encode = msgspec.json.Encoder().encode
    rows = [
        f'[{n},{1 + n % 1000},"{["charged", "viewed", "appopened"][n % 3]}",{encode(an_event(n)).decode()}]'
        for n in range(LOADED)
    ]
    slices = ["\n".join(rows[n : n + SLICE]) for n in range(0, LOADED, SLICE)]
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(f"{folder}/h.duckdb", config={"threads": "2", "memory_limit": "512MB"})
        for statement, parameters in creating("bench"):
            run(connection, statement, parameters)
        opened, rates, used = Opened(connection), list[float](), list[float]()
        for _ in range(5):
            begun, begun_used = time.perf_counter(), time.process_time()
            for one in slices:
                run(connection, "BEGIN")
                opened.loading.unpack([one])
                opened.loading.events({})
                run(connection, "COMMIT")
            rates.append(LOADED / (time.perf_counter() - begun))
            used.append((time.process_time() - begun_used) / LOADED * 1_000_000)
        connection.close()
    figure("events loaded from NDJSON", rates, "events/s", 200_000)
    figure("the same, processor time of each", used, "us")


async def copying() -> None:
    """From the store that feeds to columns, as it is made anew."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        backend = await open_backend(directory)
        people = tuple(
            Profile(
                id=ProfileId(f"id{n}"),
                subjects=(Subject("identity", f"p{n}"),),
                created_at=NOW,
                updated_at=NOW,
            )
            for n in range(1000)
        )
        await backend.ledger.record(Recording(profiles=people), Advance(partition=0, after=START, to=START))
        for begins in range(0, LOADED, 5_000):
            activity = tuple(
                Activity(ProfileId(f"id{n % 1000}"), an_event(n)) for n in range(begins, begins + 5_000)
            )
            await backend.ledger.record(
                Recording(activity=activity), Advance(partition=0, after=START, to=START)
            )
        audiences = column_audiences(directory, backend.feed, SystemClock(), memory_mb=512, threads=2)
        rates, used = list[float](), list[float]()
        for _ in range(3):
            begun, begun_used = time.perf_counter(), time.process_time()
            while await audiences.copying.step() or not audiences.copying.is_current:
                pass
            rates.append(LOADED / (time.perf_counter() - begun))
            used.append((time.process_time() - begun_used) / LOADED * 1_000_000)
            audiences.make_anew()
        await audiences.close()
        await backend.close()
    figure("events loaded from the stream's store", rates, "events/s", 100_000)
    figure("the same, processor time of each", used, "us")


def main() -> None:
    loading()
    asyncio.run(copying())
    with tempfile.TemporaryDirectory() as folder:
        counting(Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figure("memory at its highest, all of the above", [peak], "MB", 1024, at_most=True)


if __name__ == "__main__":
    main()
