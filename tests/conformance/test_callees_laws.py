"""Laws of `ports.callees`: whom calls name is found by every name, and what became of a call is known once decided."""

import msgspec
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, subject

from tellwire.platform.model.event import Called, EventId, Subject, event_of_call
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.callees import NAMESAKES_LIMIT
from tellwire.platform.ports.ledger import Activity, Advance, Recorded, Recording
from tellwire.platform.ports.stream import START, Position


def a_profile(name: str, email: str | None = None, *others: Subject) -> Profile:
    properties = {} if email is None else {"Email": email}
    return Profile(
        id=ProfileId(f"p-{name}"),
        subjects=(subject(name), *others),
        properties=properties,
        created_at=NOW,
        updated_at=NOW,
    )


async def record(backend: Backend, recording: Recording, after: int = 0) -> None:
    advance = Advance(partition=0, after=Position(after), to=Position(after + 1))
    assert await backend.ledger.record(recording, advance) == Recorded()


async def test_people_are_known_by_every_name(backend: Backend) -> None:
    device = Subject("device", "phone-1")
    await record(backend, Recording(profiles=(a_profile("ann", None, device),)))

    asked = [subject("ann"), device, subject("eve")]

    assert await backend.callees.known(asked) == dict.fromkeys((subject("ann"), device), ProfileId("p-ann"))
    assert await backend.callees.known([]) == {}


async def test_people_are_found_by_their_address_whatever_its_capitals(harness: Harness) -> None:
    backend = await harness.open()
    people = (a_profile("ann", "Ann@Example.com"), a_profile("ben", "both@example.com"))
    await record(
        backend, Recording(profiles=(*people, a_profile("eve", "BOTH@example.com"), a_profile("tom")))
    )

    backend = await harness.reopen()
    found = await backend.callees.of_emails(["aNN@example.com", "both@example.com", "nobody@example.com"])

    assert {email: sorted(one.value for one in names) for email, names in found.items()} == {
        "aNN@example.com": ["ann"],
        "both@example.com": ["ben", "eve"],
    }


async def test_whoever_changed_their_address_is_found_by_the_new_one_alone(backend: Backend) -> None:
    await record(backend, Recording(profiles=(a_profile("ann", "old@example.com"),)))
    await record(backend, Recording(profiles=(a_profile("ann", "new@example.com"),)), after=1)

    found = await backend.callees.of_emails(["old@example.com", "new@example.com"])

    assert list(found) == ["new@example.com"]


async def test_a_profile_that_was_merged_away_is_nobody(backend: Backend) -> None:
    await record(backend, Recording(profiles=(a_profile("ann", "a@example.com"),)))
    taker = msgspec.structs.replace(a_profile("ben"), subjects=(subject("ben"), subject("ann")))
    await record(backend, Recording(profiles=(taker,)), after=1)

    assert await backend.callees.of_emails(["a@example.com"]) == {}


async def test_of_one_address_only_so_many_are_looked_at(backend: Backend) -> None:
    many = tuple(a_profile(f"u{n}", "all@example.com") for n in range(NAMESAKES_LIMIT + 5))
    await record(backend, Recording(profiles=many))

    assert len((await backend.callees.of_emails(["all@example.com"]))["all@example.com"]) == NAMESAKES_LIMIT


async def test_who_was_met_is_known_once_it_is_decided(backend: Backend) -> None:
    called = Called(id=EventId("c1"), subject=subject("ann"), campaigns=(), received_at=NOW)
    await backend.stream.append([called])
    assert await backend.callees.decided(0) == START
    assert await backend.callees.met([called.id]) == frozenset()

    ann = a_profile("ann")
    activity = Activity(ann.id, event_of_call(called))
    await record(backend, Recording(profiles=(ann,), activity=(activity,)))

    assert await backend.callees.decided(0) == Position(1)
    assert await backend.callees.met([called.id, EventId("c2")]) == {called.id}


async def test_a_call_comes_out_of_the_stream_as_it_went_in(harness: Harness) -> None:
    called = Called(
        id=EventId("c1"),
        subject=subject("ann"),
        campaigns=(),
        received_at=NOW,
        values=msgspec.Raw(b'{"otp":"1"}'),
        text="Hi",
    )
    backend = await harness.open()
    await backend.stream.append([called])

    backend = await harness.reopen()

    assert [one.entry for one in await backend.stream.read(0, START, 10)] == [called]
