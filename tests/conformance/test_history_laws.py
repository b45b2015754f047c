"""Laws of `ports.history`: what was published can be read again, and the log says what was so at every moment."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, activity, campaign, event, provider, record, skip

from tellwire.kernel.retention import horizon
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.campaign_version import Around, LogEntry, Moment, PublishedVersion
from tellwire.platform.ports.catalog import DeleteProvider, PutCampaign, PutProvider, Stale
from tellwire.platform.ports.ledger import Recording

ONE = CampaignId(1)
KEPT = timedelta(days=90)


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def numbered(campaign: Campaign, number: int) -> Campaign:
    """Return a campaign as a version of this number has it."""
    return msgspec.structs.replace(campaign, version=number)


def saved_on(day: float, text: str = "Hello", state: str = "running", n: int = 1) -> Campaign:
    return msgspec.structs.replace(campaign(n, text=text), state=state, created_at=NOW, updated_at=at(day))


async def save(backend: Backend, *campaigns: Campaign, by: str = "ann@example.com") -> CampaignSet:
    newest = await backend.catalog.snapshot()
    answer = await backend.catalog.save(tuple(map(PutCampaign, campaigns)), newest.version, by)
    assert isinstance(answer, CampaignSet)
    return answer


async def log(backend: Backend, n: int = 1) -> list[tuple[str, int]]:
    return [(line.what, line.number) for line in reversed(await backend.history.log_of(CampaignId(n), 500))]


async def numbers(backend: Backend, n: int = 1) -> list[int]:
    return [version.number for version in await backend.history.versions_of(CampaignId(n), 500)]


async def around(backend: Backend, moment: datetime, catalog_version: int | None = None) -> Around:
    (found,) = await backend.history.around(
        [Moment(campaign_id=ONE, at=moment, catalog_version=catalog_version)]
    )
    return found


async def decide(backend: Backend, n: int, day: float, catalog_version: int) -> None:
    decision = msgspec.structs.replace(skip(n), campaign_version=catalog_version, decided_at=at(day))
    happened = msgspec.structs.replace(event(n), received_at=at(day))
    await record(backend, Recording(activity=activity(happened), decisions=(decision,)))


async def forget(backend: Backend, now: datetime) -> None:
    for one in (backend.retention.forget_activity, backend.retention.forget_history):
        resume: int | None = 0
        while resume is not None:
            resume = (await one(horizon(now, KEPT), resume)).resume


async def test_a_version_reads_as_it_was_published_whatever_came_later(harness: Harness) -> None:
    backend = await harness.open()
    first, second = saved_on(0, "first"), saved_on(1, "second")
    await save(backend, first)
    await save(backend, second, by="bob@example.com")
    await save(backend, saved_on(2, "second", "stopped"))

    for _ in range(2):
        assert await backend.history.versions_of(ONE, 9) == [
            PublishedVersion(
                number=2, campaign=numbered(second, 2), published_at=at(1), published_by="bob@example.com"
            ),
            PublishedVersion(
                number=1, campaign=numbered(first, 1), published_at=at(0), published_by="ann@example.com"
            ),
        ]
        named = await backend.history.versions([(ONE, 1), (ONE, 3), (CampaignId(2), 1)])
        assert {key: version.campaign for key, version in named.items()} == {(ONE, 1): numbered(first, 1)}
        assert await backend.history.newest([ONE, CampaignId(2)]) == {ONE: 2}
        backend = await harness.reopen()


async def test_the_log_says_who_did_what_when_and_at_which_number_of_the_catalog(backend: Backend) -> None:
    await save(backend, saved_on(0, "first"))
    await save(backend, saved_on(1, "first", "stopped"), by="bob@example.com")

    assert await backend.history.log_of(ONE, 9) == [
        LogEntry(
            campaign_id=ONE, what="stopped", at=at(1), by="bob@example.com", number=1, catalog_version=2
        ),
        LogEntry(
            campaign_id=ONE, what="published", at=at(0), by="ann@example.com", number=1, catalog_version=1
        ),
    ]


async def test_a_new_number_is_given_when_a_campaign_that_runs_behaves_otherwise(backend: Backend) -> None:
    for saved in (
        saved_on(0, "one", "draft"),
        saved_on(1, "two", "draft"),
        saved_on(2, "two"),
        saved_on(3, "three"),
        saved_on(4, "three", "stopped"),
        saved_on(5, "three"),
        saved_on(6, "three", "stopped"),
        saved_on(7, "four", "stopped"),
        saved_on(8, "five"),
    ):
        await save(backend, saved)

    turns = [
        ("published", 1),
        ("published", 2),
        ("stopped", 2),
        ("published", 2),
        ("stopped", 2),
        ("published", 3),
    ]
    assert await log(backend) == turns
    kept = [version.campaign for version in await backend.history.versions_of(ONE, 9)]
    assert kept == [
        numbered(saved_on(8, "five"), 3),
        numbered(saved_on(3, "three"), 2),
        numbered(saved_on(2, "two"), 1),
    ]


async def test_saving_what_nobody_can_tell_apart_adds_nothing(backend: Backend) -> None:
    await save(backend, saved_on(0))

    await save(backend, msgspec.structs.replace(saved_on(1), name="Another name", dropped_until=at(1)))
    await save(backend, saved_on(2))

    assert (await log(backend), await numbers(backend)) == ([("published", 1)], [1])
    assert (await backend.catalog.snapshot()).campaigns[ONE].version == 1


async def test_whose_people_have_left_is_a_new_version_though_it_is_as_it_was(backend: Backend) -> None:
    await save(backend, saved_on(0))
    await save(backend, msgspec.structs.replace(saved_on(1, state="stopped"), ended_version=1))

    await save(backend, msgspec.structs.replace(saved_on(2), ended_version=1))

    assert await numbers(backend) == [2, 1]


async def test_a_draft_and_what_was_never_published_have_no_history(backend: Backend) -> None:
    await save(backend, saved_on(0, state="draft"))
    await save(backend, saved_on(1, state="stopped"))

    assert (await log(backend), await numbers(backend)) == ([], [])
    assert await backend.history.newest([ONE]) == {}


async def test_each_campaign_counts_for_itself(backend: Backend) -> None:
    await save(backend, saved_on(0, n=1), saved_on(0, n=2))
    await save(backend, saved_on(1, "other", n=2))

    assert await backend.history.newest([CampaignId(1), CampaignId(2)]) == {1: 1, 2: 2}


async def test_a_save_that_is_refused_adds_nothing(backend: Backend) -> None:
    await backend.catalog.save((PutProvider(provider()), PutCampaign(campaign(2, provider_id="main"))), 0)

    answer = await backend.catalog.save((PutCampaign(saved_on(0)),), 0)
    with pytest.raises(ValueError, match="archive"):
        await backend.catalog.save((PutCampaign(saved_on(0)), DeleteProvider(provider().id)), 1)

    assert isinstance(answer, Stale)
    assert (await log(backend), await numbers(backend)) == ([], [])


async def test_of_many_saves_at_once_each_number_is_given_once(backend: Backend) -> None:
    async def publish(text: str) -> bool:
        for _ in range(50):
            newest = await backend.catalog.snapshot()
            change = (PutCampaign(saved_on(0, text)),)
            if isinstance(await backend.catalog.save(change, newest.version), CampaignSet):
                return True
        return False

    assert all(await asyncio.gather(*(publish(f"text {n}") for n in range(8))))

    assert await numbers(backend) == [8, 7, 6, 5, 4, 3, 2, 1]
    newest = await backend.history.versions_of(ONE, 1)
    assert newest[0].campaign == (await backend.catalog.snapshot()).campaigns[ONE]


async def test_pages_of_versions_and_log_go_on_where_the_one_before_ended(backend: Backend) -> None:
    for n in range(5):
        await save(backend, saved_on(n, f"text {n}"))

    first = await backend.history.log_of(ONE, 2)
    second = await backend.history.log_of(ONE, 2, before=first[-1].catalog_version)

    assert [line.number for line in first + second] == [5, 4, 3, 2]
    assert [v.number for v in await backend.history.versions_of(ONE, 2, before=4)] == [3, 2]


async def test_the_log_answers_for_every_moment(backend: Backend) -> None:
    await save(backend, saved_on(1, "one"))
    await save(backend, saved_on(2, "two"))
    await save(backend, saved_on(3, "two", "stopped"))

    found = [await around(backend, at(day)) for day in (0.9, 1, 1.5, 2, 3)]

    assert [one.number for one in found] == [None, 1, 1, 2, None]
    assert [one.after and one.after.what for one in found] == [
        "published",
        "published",
        "published",
        "stopped",
        None,
    ]
    assert all(one.is_known for one in found), "the first line is the first ever"


async def test_a_decision_finds_its_version_by_the_number_of_the_catalog_whatever_the_clock_said(
    backend: Backend,
) -> None:
    first = (await save(backend, saved_on(1, "one"))).version
    second = (await save(backend, saved_on(1, "two"))).version
    later = await backend.catalog.save((PutProvider(provider()),), second)
    assert isinstance(later, CampaignSet)

    decided = [(await around(backend, at(1), n)).number for n in (first, second, later.version)]

    assert decided == [1, 2, 2]


async def test_what_changed_since_a_moment_is_told_once_by_id(backend: Backend) -> None:
    await save(backend, saved_on(0, n=1), saved_on(0, n=2), saved_on(0, n=3))
    await save(backend, saved_on(2, "a", n=3), saved_on(2, "a", n=1))
    await save(backend, saved_on(3, "b", n=3))

    assert await backend.history.changed_since(at(1)) == [1, 3]
    assert await backend.history.changed_since(at(3)) == []


async def test_nothing_is_asked_of_an_empty_list(backend: Backend) -> None:
    history = backend.history

    assert (await history.versions([]), await history.newest([]), await history.around([])) == ({}, {}, [])


async def test_a_version_that_a_kept_decision_names_stays_and_older_ones_go(backend: Backend) -> None:
    for day in range(4):
        number = (await save(backend, saved_on(day, f"text {day}"))).version
        await decide(backend, day + 1, day + 0.5, number)
    await decide(
        backend, 9, 80, number
    )  # the newest event stays, however old: the others are those to forget

    await forget(backend, at(2) + KEPT)

    kept: Sequence[int] = await numbers(backend)
    assert kept == [4, 3]
    assert await log(backend) == [("published", 3), ("published", 4)]
    assert (await around(backend, at(2.5))).number == 3


async def test_what_is_so_now_stays_however_old(backend: Backend) -> None:
    await save(backend, saved_on(0, n=1), saved_on(0, n=2))
    await save(backend, saved_on(1, state="stopped", n=2))

    await forget(backend, at(5000))
    await forget(backend, at(5001))

    assert await log(backend) == [("published", 1)]
    assert await log(backend, 2) == [("stopped", 1)]
    assert (await numbers(backend), await numbers(backend, 2)) == ([1], [1])


async def test_a_number_that_was_forgotten_is_not_given_again(backend: Backend) -> None:
    for day in range(3):
        await save(backend, saved_on(day, f"text {day}"))
    await forget(backend, at(5000))

    await save(backend, saved_on(5000, "again"))

    assert await numbers(backend) == [4, 3]


async def test_an_event_that_is_kept_keeps_what_was_live_when_it_came(backend: Backend) -> None:
    await save(backend, saved_on(0, "one"))
    await save(backend, saved_on(10, "two"))
    happened = msgspec.structs.replace(event(1), received_at=at(5))
    await record(backend, Recording(activity=activity(happened)))

    await forget(backend, at(5000))  # the newest event stays

    assert (await around(backend, at(5))).number == 1
    assert await numbers(backend) == [2, 1]


async def test_a_back_up_has_the_whole_history(harness: Harness) -> None:
    backend = await harness.open()
    await save(backend, saved_on(0, "one"))
    await save(backend, saved_on(1, "two"))

    copy = await harness.open_copy()

    assert await copy.history.versions_of(ONE, 9) == await backend.history.versions_of(ONE, 9)
    assert await copy.history.log_of(ONE, 9) == await backend.history.log_of(ONE, 9)
