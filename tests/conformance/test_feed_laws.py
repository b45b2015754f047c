"""Laws of `ports.feed`: all is read once by pages, what changed comes until it is kept, and nothing is passed over."""

import json
from datetime import timedelta

from conformance_harness import Backend, Harness
from conformance_nouns import NOW, activity, event, number, profile, record, subject

from tellwire.platform.model.list_member import ListKey, key_of_subject
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.ports.feed import Listing
from tellwire.platform.ports.ledger import Recording

BEFORE_ALL = Listing(ListId(0), ListKey(""))


def silent(*, is_suppressed: bool = True, at: timedelta = timedelta()) -> SuppressionChange:
    return SuppressionChange(address=number(1), is_suppressed=is_suppressed, source="api", at=NOW + at)


async def test_people_come_by_pages_in_the_order_in_which_they_came(backend: Backend) -> None:
    await record(backend, Recording(profiles=tuple(profile(name) for name in ("ann", "bob", "cid"))))

    first = await backend.feed.people(0, 2)
    rest = await backend.feed.people(first[-1][0], 2)

    assert [one.id for _, one in (*first, *rest)] == ["profile-ann", "profile-bob", "profile-cid"]


async def test_events_come_with_the_place_of_who_did_them(backend: Backend) -> None:
    await record(
        backend,
        Recording(profiles=(profile("ann"),), activity=activity(event(1), event(2, name="Order  placed"))),
    )
    ((place, _),) = await backend.feed.people(0, 10)

    page = await backend.feed.events(0, 10)

    rows = [json.loads(line) for line in page.rows.split("\n")]
    assert [(row[1], row[2], row[3][1]) for row in rows] == [
        (place, "orderplaced", "e000001"),
        (place, "orderplaced", "e000002"),
    ]
    assert (page.count, page.last) == (2, (await backend.feed.source()).last_event)


async def test_events_of_nobody_are_passed_over_and_the_page_goes_beyond_them(backend: Backend) -> None:
    await record(backend, Recording(activity=activity(event(1), who="nobody")))

    page = await backend.feed.events(0, 10)

    assert (page.rows, page.count) == ("", 0)
    assert page.last == (await backend.feed.source()).last_event > 0


async def test_what_changed_comes_again_until_it_is_kept_as_it_is_by_then(backend: Backend) -> None:
    await record(backend, Recording(profiles=(profile("ann", number(1)),), suppressions=(silent(),)))
    ((place, _),) = await backend.feed.people(0, 10)

    first = await backend.feed.take(10)
    await record(backend, Recording(suppressions=(silent(is_suppressed=False, at=timedelta(minutes=1)),)))
    again = await backend.feed.take(10)
    await backend.feed.kept()
    rest = await backend.feed.take(10)

    assert list(first.people) == [place]
    assert set(first.numbers.values()) == {True}
    assert set(again.numbers.values()) == {False}
    assert not again.is_all  # the change after the first time waits for its own turn
    assert set(rest.numbers.values()) == {False}
    assert rest.is_all
    await backend.feed.kept()
    assert not await backend.feed.take(10)


async def test_a_name_comes_to_a_list_and_leaves_it(backend: Backend) -> None:
    key = key_of_subject(subject("ann"))
    await backend.lists.add(ListId(1), [key], NOW, follows=False)
    listing = Listing(ListId(1), key)

    assert await backend.feed.listings(BEFORE_ALL, 10) == [listing]
    assert (await backend.feed.take(10)).listings == {listing: True}
    await backend.feed.kept()
    await backend.lists.remove(ListId(1), [key], NOW, follows=False)

    assert (await backend.feed.take(10)).listings == {listing: False}
    assert await backend.feed.listings(BEFORE_ALL, 10) == []


async def test_only_so_much_is_taken_at_once(backend: Backend) -> None:
    await record(backend, Recording(profiles=tuple(profile(f"p{n}") for n in range(5))))

    taken = await backend.feed.take(2)

    assert (len(taken.people), taken.is_all) == (2, False)


async def test_a_store_keeps_its_id_and_what_was_not_kept(harness: Harness) -> None:
    backend = await harness.open()
    await record(backend, Recording(profiles=(profile("ann"),)))
    source, taken = await backend.feed.source(), await backend.feed.take(10)

    again = await harness.reopen()

    assert await again.feed.source() == source
    assert await again.feed.take(10) == taken


async def test_names_lead_to_who_has_them_now(backend: Backend) -> None:
    await record(backend, Recording(profiles=(profile("ann"),)))
    ((place, _),) = await backend.feed.people(0, 10)
    ann, bob = key_of_subject(subject("ann")), key_of_subject(subject("bob"))

    assert await backend.feed.holders([ann, bob]) == {ann: place}


async def test_who_changes_often_comes_once(backend: Backend) -> None:
    for n in range(3):
        await record(backend, Recording(profiles=(profile("ann", number(n + 1)),), suppressions=(silent(),)))

    taken = await backend.feed.take(10)
    for n in range(3):
        await record(backend, Recording(profiles=(profile("ann", number(n + 5)),)))

    assert (len(taken.people), len(taken.numbers)) == (1, 1)
    (again,) = (await backend.feed.take(10)).people.values()
    assert again is not None
    assert again.phone == number(7)
