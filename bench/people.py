"""How long it takes to find somebody among a million people, and to look at one who did ten thousand things.

    PYTHONPATH=. .venv/bin/python bench/people.py

The store is made once, by SQL, as the program would have left it; then the API's own reads are timed: from the port to
the answer's bytes, without a server around it.
"""

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec
from bench._figures import figure, percentile

from tellwire.kernel.address import msisdn_of_digits
from tellwire.platform.backends.embedded.codec import encode
from tellwire.platform.backends.embedded.profile_hash import profile_hash
from tellwire.platform.control.people import wanted_by
from tellwire.platform.control.person_view import person_of, person_row
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.consent import addresses_of, consents_of, suppressed_of
from tellwire.wiring.backend import open_backend

PEOPLE, EVENTS, ASKED = 1_000_000, 10_000, 200
AT = datetime(2026, 1, 31, 8, tzinfo=UTC)
FIRST = ("Ann", "Bob", "Cem", "Dora", "Emil", "Fay", "Gus", "Hana")
LAST = ("Lee", "Meyer", "Okafor", "Rossi", "Tan", "Usman", "Vogt", "Wolf")


def main() -> None:
    data = Path(tempfile.mkdtemp(prefix="tellwire-bench-"))
    try:
        asyncio.run(measured(data))
    finally:
        shutil.rmtree(data)


async def measured(data: Path) -> None:
    backend = await open_backend(data)
    await backend.close()
    fill(data / "tellwire.db")
    backend = await open_backend(data)

    async def found(search: str) -> bytes:
        people = await backend.people.find(wanted_by(search), 50)
        assert people, search
        return msgspec.json.encode([person_row(one) for one in people])

    async def whole(_: str) -> bytes:
        profile = await backend.reports.profile(Subject("identity", "u7"))
        assert profile is not None
        return msgspec.json.encode(
            person_of(
                profile,
                CampaignSet(version=0),
                consent=consents_of(profile),
                suppressed=await suppressed_of(backend.consents, profile),
                lines=await backend.consents.lines_of(profile.id, addresses_of(profile), 50),
                lists=(),
                stays=await backend.reports.stays(profile.id, 50),
                happenings=await backend.people.happenings(profile.id, profile.phone, 50),
                is_first=True,
            )
        )

    for name, ask, words in (
        ("search by identity, p95", found, [f"u{n * 4999 + 1}" for n in range(ASKED)]),
        ("search by name, p95", found, [f"{FIRST[n % 8]} {LAST[n // 8 % 8]}{n}" for n in range(ASKED)]),
        ("search by last name, p95", found, [f"{LAST[n * 37 // 8 % 8]}{n * 37}" for n in range(ASKED)]),
        ("search by number, p95", found, [f"+65 9{n * 4999:07d}" for n in range(ASKED)]),
        ("search by the beginning of a number, p95", found, [f"+65 9{n:04d}" for n in range(ASKED)]),
    ):
        figure(name, [percentile(await timed(ask, words), 0.95)], "ms", 50, at_most=True)
    figure(
        "person with 10,000 events, p95",
        [percentile(await timed(whole, ["u7"] * ASKED), 0.95)],
        "ms",
        20,
        at_most=True,
    )
    await backend.close()


async def timed(ask: Callable[[str], Awaitable[bytes]], words: list[str]) -> list[float]:
    """Return how long each took, in milliseconds."""
    took = []
    for word in words:
        begun = time.perf_counter()
        json.loads(await ask(word))
        took.append((time.perf_counter() - begun) * 1000)
    return took


def fill(file: Path) -> None:
    """Write a million people, of whom one did ten thousand things."""
    store = apsw.Connection(str(file))
    store.pragma("synchronous", 0)
    with store:
        store.executemany(
            "INSERT INTO profile (seq, id, phone, body) VALUES (?, ?, ?, ?)",
            map(profile_row, range(1, PEOPLE + 1)),
        )
        subjects = ((f"identity:u{n}", n) for n in range(1, PEOPLE + 1))
        store.executemany("INSERT INTO subject (key, profile, version) VALUES (?, ?, 0)", sorted(subjects))
        owner = ProfileId(f"p{7:024}")
        events = ((f"e{n}", owner, profile_hash(owner), "looked", encode(an_event(n))) for n in range(EVENTS))
        store.executemany(
            "INSERT INTO activity (event_id, profile_id, profile_hash, name, body) VALUES (?, ?, ?, ?, ?)",
            events,
        )
    store.close()


def profile_row(n: int) -> tuple[object, ...]:
    number = msisdn_of_digits(f"659{n - 1:07d}")
    profile = Profile(
        id=ProfileId(f"p{n:024}"),
        subjects=(Subject("identity", f"u{n}"),),
        properties={"Name": f"{FIRST[(n - 1) % 8]} {LAST[(n - 1) // 8 % 8]}{n - 1}", "Plan": "gold"},
        phone=number,
        created_at=AT,
        updated_at=AT,
    )
    return n, profile.id, int(number.digits), encode(profile)


def an_event(n: int) -> Event:
    return Event(
        id=EventId(f"e{n}"), subject=Subject("identity", "u7"), name="Looked", occurred_at=AT, received_at=AT
    )


if __name__ == "__main__":
    main()
