"""Laws of audiences: taken down slice by slice, each once and by one catalog, and read back as pages of members."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, campaign, number, profile, record, subject

from tellwire.kernel.retention import horizon
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.rule import Condition, Has
from tellwire.platform.model.run import (
    AudienceSlice,
    Choosing,
    RunRecord,
    Sweep,
    SweepPage,
    Swept,
    attempt_named,
)
from tellwire.platform.ports.catalog import PutAccount, PutCampaign
from tellwire.platform.ports.ledger import Recorded, Recording
from tellwire.platform.ports.runs import Attempt

RUN = Sweep(campaign_id=CampaignId(1), run="now", at=NOW)
PEOPLE = 12


@pytest.fixture
async def planned(backend: Backend) -> Backend:
    """A store of some people, with a run that is due."""
    people = tuple(profile(f"p{n}", number(n)) for n in range(1, PEOPLE + 1))
    await record(backend, Recording(profiles=people))
    await backend.catalog.save((PutCampaign(campaign(), sweep=RUN),), 0)
    return backend


async def facts(backend: Backend, limit: int = 4) -> Facts:
    return await backend.ledger.facts(Needs(due_before=NOW + timedelta(minutes=1), sweep_limit=limit))


async def choosing(backend: Backend) -> Choosing:
    found = (await facts(backend)).choosing
    assert found is not None
    return found


async def page_of(backend: Backend, limit: int = 4) -> SweepPage | None:
    return (await facts(backend, limit)).page


def a_slice(
    was: Choosing, members: Sequence[int], last: int, *, is_last: bool = False, version: int = 1
) -> AudienceSlice:
    so_far = was.record or RunRecord(campaign_id=CampaignId(1), run="now", at=NOW, members=0)
    members_now = (so_far.members or 0) + len(members)
    return AudienceSlice(
        choosing=was,
        members=members,
        last=last,
        is_last=is_last,
        catalog_version=version,
        record=msgspec.structs.replace(so_far, people=last, members=members_now),
    )


async def taken_down(backend: Backend, *members: int) -> None:
    await backend.ledger.take_down(a_slice(await choosing(backend), members, PEOPLE, is_last=True))


def places(page: SweepPage | None) -> list[int]:
    return [] if page is None else [place for place, _ in page.people]


async def swept(backend: Backend, after: int | None, *, is_over: bool = False) -> None:
    stands_at = await backend.ledger.position(0)
    answer = await record(backend, Recording(swept=Swept(sweep=RUN, after=after, is_over=is_over)))
    assert answer == Recorded(), stands_at


async def test_people_are_looked_at_in_the_order_in_which_they_came(planned: Backend) -> None:
    first = await choosing(planned)
    some = await planned.ledger.candidates(first, 5)
    await planned.ledger.take_down(a_slice(first, [2], some[-1][0]))
    second = await choosing(planned)
    rest = await planned.ledger.candidates(second, 99)

    assert [place for place, _ in (*some, *rest)] == list(range(1, PEOPLE + 1))
    assert all(one.is_somebody for _, one in some)
    assert (second.record and second.record.members) == 1
    assert await page_of(planned) is None, "no message before the audience stands"


async def test_a_slice_is_taken_once_and_only_in_its_turn(planned: Backend) -> None:
    first = await choosing(planned)
    await planned.ledger.take_down(a_slice(first, [1, 2], 5))
    await planned.ledger.take_down(a_slice(first, [1, 2], 5))
    second = await choosing(planned)
    await planned.ledger.take_down(a_slice(second, [7], PEOPLE, is_last=True))
    await planned.ledger.take_down(a_slice(second, [7], PEOPLE, is_last=True))

    assert (await facts(planned)).choosing is None
    assert places(await page_of(planned, 99)) == [1, 2, 7]
    (run,) = await planned.reports.runs(CampaignId(1), 9)
    assert (run.people, run.members) == (PEOPLE, 3)


@pytest.mark.parametrize("what", ["campaign", "account"])
async def test_a_change_of_whom_it_is_for_lets_it_begin_anew(planned: Backend, what: str) -> None:
    first = await choosing(planned)
    await planned.ledger.take_down(a_slice(first, [1, 2], 5))
    second = await choosing(planned)
    newest = await planned.catalog.snapshot()
    other = PutCampaign(campaign(), chooses_anew=True)
    moved = PutAccount(msgspec.structs.replace(newest.account, zone="Asia/Tokyo"))
    await planned.catalog.save((other if what == "campaign" else moved,), newest.version)

    await planned.ledger.take_down(a_slice(second, [7], PEOPLE, is_last=True))
    again = await choosing(planned)
    await planned.ledger.take_down(a_slice(again, [3], PEOPLE, is_last=True, version=2))

    assert (again.after, again.record) == (-1, None)
    assert places(await page_of(planned)) == [3]


@pytest.mark.parametrize("what", ["campaign", "account"])
async def test_a_change_that_it_does_not_depend_on_keeps_it(planned: Backend, what: str) -> None:
    first = await choosing(planned)
    await planned.ledger.take_down(a_slice(first, [1, 2], 5))
    second = await choosing(planned)
    newest = await planned.catalog.snapshot()
    audiences = {"Gold": Has(Condition(property="Plan", operator="equals", value="gold"))}
    paused = msgspec.structs.replace(newest.account, is_paused=True, holdout=5, audiences=audiences)
    other = PutCampaign(campaign(text="Other")) if what == "campaign" else PutAccount(paused)
    await planned.catalog.save((other,), newest.version)

    await planned.ledger.take_down(a_slice(second, [6], PEOPLE, is_last=True))
    again = await choosing(planned)
    await planned.ledger.take_down(a_slice(again, [7], PEOPLE, is_last=True, version=newest.version + 1))

    assert again == second, "a slice that was decided by the older catalog is asked for again"
    assert places(await page_of(planned)) == [1, 2, 7]


async def test_members_come_page_by_page_though_slices_have_few(planned: Backend) -> None:
    for place in range(1, PEOPLE, 3):
        was = await choosing(planned)
        await planned.ledger.take_down(a_slice(was, [place], place + 2, is_last=place + 2 == PEOPLE))

    first = await page_of(planned, 3)
    await swept(planned, 7)
    second = await page_of(planned, 3)
    await swept(planned, 10, is_over=True)

    assert first is not None
    assert second is not None
    assert (places(first), first.is_last) == ([1, 4, 7], False)
    assert (places(second), second.is_last) == ([10], True)
    assert await page_of(planned) is None


async def test_a_run_goes_on_when_it_says(planned: Backend) -> None:
    await taken_down(planned, 1, 2)
    later = NOW + timedelta(hours=1)
    await record(planned, Recording(swept=Swept(sweep=RUN, after=1, is_over=False, resumes_at=later)))

    assert await page_of(planned) is None
    assert await planned.ledger.next_due(0) == later
    needs = Needs(due_before=later + timedelta(minutes=1), sweep_limit=4)
    assert places((await planned.ledger.facts(needs)).page) == [2]


async def merge(backend: Backend, giver: Profile, taker: Profile) -> None:
    nobody = msgspec.structs.replace(giver, subjects=(), properties={}, phone=None)
    both = msgspec.structs.replace(taker, subjects=(*taker.subjects, *giver.subjects))
    await record(backend, Recording(profiles=(nobody, both), merged=((giver.id, taker.id),)))


async def test_who_became_part_of_another_stands_there_as_that_one_once(planned: Backend) -> None:
    people = [profile(f"p{n}", number(n)) for n in range(1, PEOPLE + 1)]
    await taken_down(planned, 1, 2, 3, 4)
    await merge(planned, people[0], people[8])  # who is no member
    await merge(planned, people[1], people[8])  # who has a turn by the first
    await merge(planned, people[2], people[3])  # who is a member

    page = await page_of(planned, 99)

    assert page is not None
    assert [(place, [one.value for one in who.subjects][:1]) for place, who in page.people] == [
        (1, ["p9"]),
        (2, []),
        (3, []),
        (4, ["p4"]),
    ]


async def test_facts_of_a_page_are_of_those_who_have_the_turns(planned: Backend) -> None:
    await taken_down(planned, 1)
    await merge(planned, profile("p1", number(1)), profile("p9", number(9)))

    known = (await facts(planned)).profiles

    assert subject("p9") in known


async def test_an_attempt_begins_with_its_audience_and_once(harness: Harness, planned: Backend) -> None:
    await taken_down(planned, 1, 2, 3)
    newest = await planned.catalog.snapshot()
    await planned.catalog.save((PutCampaign(campaign()),), newest.version)
    again = Sweep(campaign_id=CampaignId(1), run=attempt_named("now", 2), at=NOW)
    made = RunRecord(campaign_id=CampaignId(1), run=again.run, at=NOW, people=2, members=2)
    attempt = Attempt(sweep=again, members=[2, 5], record=made)
    assert not await planned.runs.begin(attempt), "its run is under way"
    await swept(planned, 3, is_over=True)

    assert await planned.runs.begin(attempt)
    backend = await harness.reopen()

    page = await page_of(backend)
    assert page is not None
    assert (page.sweep, places(page)) == (again, [2, 5])
    assert [one.run for one in await backend.runs.attempts(CampaignId(1), "now~2")] == ["now", "now~2"]
    assert await backend.runs.is_under_way(CampaignId(1), "now")
    assert not await backend.runs.begin(attempt)


async def test_an_old_run_is_forgotten_with_its_audience(planned: Backend) -> None:
    await taken_down(planned, 1, 2, 3)
    await swept(planned, 3, is_over=True)
    old = horizon(NOW + timedelta(days=99), timedelta(days=14))

    gone = await planned.retention.forget_journeys(old, 0)

    assert (gone.rows["audience"], gone.rows["campaign_run"]) == (1, 1)
