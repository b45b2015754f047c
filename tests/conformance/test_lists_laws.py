"""Laws of `ports.lists`: a name is on a list once, changes are followed once, a list that is gone leaves nothing."""

import asyncio
from collections.abc import Iterable

import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, number, profile, subject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tellwire.platform.model.account import Account
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.list_member import ListKey, key_of_number, key_of_subject
from tellwire.platform.model.people_list import ListId, PeopleList
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.catalog import PutAccount, Stale
from tellwire.platform.ports.ledger import Advance, Recorded, Recording
from tellwire.platform.ports.lists import PIECE, ListChanged
from tellwire.platform.ports.stream import START

VIPS, BLOCKED = ListId(1), ListId(2)


def keys(*names: str) -> list[ListKey]:
    return [key_of_subject(subject(name)) for name in names]


async def put(
    backend: Backend, *names: str, on: ListId = VIPS, follows: bool = False, adds: bool = True
) -> ListChanged:
    call = backend.lists.add if adds else backend.lists.remove
    return await call(on, keys(*names), NOW, follows=follows)


async def know(backend: Backend, *people: Profile) -> None:
    recorded = await backend.ledger.record(
        Recording(profiles=people), Advance(partition=0, after=START, to=START)
    )
    assert recorded == Recorded()


async def members(backend: Backend, on: ListId = VIPS) -> list[str]:
    return [one.key for one in await backend.lists.members(on, "", 1_000)]


async def facts(
    backend: Backend, *names: Subject, limit: int = 0, lists: Iterable[ListId] = (VIPS, BLOCKED)
) -> Facts:
    return await backend.ledger.facts(
        Needs(subjects=names, lists=list(lists), list_limit=limit, due_before=NOW)
    )


async def test_a_name_is_on_a_list_once_and_the_answer_says_what_changed(backend: Backend) -> None:
    await know(backend, profile("ann"))

    first = await put(backend, "ann", "bob", "ann")
    again = await put(backend, "bob", "cid")

    assert (first, again) == (ListChanged(changed=2, unknown=1), ListChanged(changed=1, unknown=2))
    assert await members(backend) == keys("ann", "bob", "cid")
    assert await backend.lists.sizes() == {VIPS: 3}


async def test_a_name_that_leaves_is_off_this_list_alone(backend: Backend) -> None:
    for on in (VIPS, BLOCKED):
        await put(backend, "ann", "bob", on=on)

    left = await put(backend, "ann", "nobody", adds=False)

    assert left.changed == 1
    assert (await members(backend), await members(backend, BLOCKED)) == (keys("bob"), keys("ann", "bob"))
    assert await backend.lists.sizes() == {VIPS: 1, BLOCKED: 2}


async def test_members_come_page_by_page_with_who_has_the_name(backend: Backend) -> None:
    await know(backend, profile("p1"), profile("held", number(7)), profile("too", number(7)))
    await backend.lists.add(
        VIPS, [*keys(*(f"p{n}" for n in range(5))), key_of_number(number(7))], NOW, follows=False
    )

    first = await backend.lists.members(VIPS, "", 4)
    rest = await backend.lists.members(VIPS, first[-1].key, 4)

    assert [one.key for one in (*first, *rest)] == [
        *keys(*(f"p{n}" for n in range(5))),
        key_of_number(number(7)),
    ]
    holders = {one.key: one.profile_id for one in (*first, *rest) if one.profile_id}
    assert holders == {
        keys("p1")[0]: ProfileId("profile-p1"),
        key_of_number(number(7)): ProfileId("profile-held"),
    }


async def test_a_call_takes_no_more_than_a_piece(backend: Backend) -> None:
    with pytest.raises(ValueError, match="more than"):
        await put(backend, *(f"p{n}" for n in range(PIECE + 1)))

    assert await members(backend) == []


async def test_facts_have_the_lists_that_were_asked_for_and_none_else(backend: Backend) -> None:
    await know(backend, profile("ann", number(1)), profile("bob"))
    for on in (VIPS, BLOCKED):
        await put(backend, "ann", "new", on=on)
    await backend.lists.add(VIPS, [key_of_number(number(1))], NOW, follows=False)

    both = await facts(backend, subject("ann"), subject("bob"), subject("new"))
    one = await facts(backend, subject("ann"), lists=[BLOCKED])
    none = await facts(backend, subject("ann"), lists=[])

    ann, new = keys("ann", "new")
    assert both.listed == {ann: {VIPS, BLOCKED}, new: {VIPS, BLOCKED}, key_of_number(number(1)): {VIPS}}
    assert (one.listed, none.listed) == ({ann: {BLOCKED}}, {})


async def test_changes_that_starts_follow_wait_in_their_order_until_they_are_recorded(
    harness: Harness,
) -> None:
    backend = await harness.open()
    await know(backend, profile("ann"))
    await put(backend, "ann", "bob", follows=True)
    await put(backend, "ann", follows=True)  # is there already: no change
    await put(backend, "ann", adds=False, follows=True)
    await put(backend, "cid")

    backend = await harness.reopen()
    waiting = await facts(backend, limit=10)

    assert [(one.key, one.is_added) for one in waiting.list_changes] == [
        *((key, True) for key in keys("ann", "bob")),
        (keys("ann")[0], False),
    ]
    assert waiting.list_page == waiting.list_changes[-1].seq
    assert waiting.profiles[subject("ann")].id == "profile-ann"
    assert await backend.ledger.next_due(0) == NOW
    done = Recording(followed=tuple(one.seq for one in waiting.list_changes[:2]))
    assert await backend.ledger.record(done, Advance(partition=0, after=START, to=START)) == Recorded()
    assert (await facts(backend, limit=10)).list_changes == waiting.list_changes[2:]


async def test_facts_about_people_have_their_changes_though_it_is_not_their_turn(backend: Backend) -> None:
    await put(backend, "ann", "bob", "cid", follows=True)

    known = await facts(backend, subject("cid"), limit=1)

    assert [one.key for one in known.list_changes] == keys("ann", "cid")
    assert known.list_page == known.list_changes[0].seq


async def test_of_a_number_that_many_have_some_follow_its_change_and_a_page_stays_small(
    backend: Backend,
) -> None:
    for n in range(30):
        await know(backend, *(profile(f"p{n}-{k}", number(n)) for k in range(120)))
    numbers = [key_of_number(number(n)) for n in range(30)]
    await backend.lists.add(VIPS, numbers, NOW, follows=True)

    first = await facts(backend, limit=1_000)
    done = tuple(one.seq for one in first.list_changes if one.seq <= first.list_page)
    await backend.ledger.record(Recording(followed=done), Advance(partition=0, after=START, to=START))
    rest = await facts(backend, limit=1_000)

    assert len(done) == 21
    assert len(first.profiles) == 2_100
    assert [one.key for one in rest.list_changes] == numbers[21:]


async def test_a_change_names_the_catalog_by_which_it_was_kept(backend: Backend) -> None:
    version = await having(backend, VIPS)
    await put(backend, "ann", follows=True)

    (change,) = (await facts(backend, limit=1)).list_changes

    assert (change.catalog_version, change.at) == (version, NOW)


async def having(backend: Backend, *lists: ListId) -> int:
    """Let the account have these lists, and return the catalog's version."""
    newest = await backend.catalog.snapshot()
    account = Account(lists=tuple(PeopleList(id=one, name=f"L{one}") for one in lists), last_list=9)
    saved = await backend.catalog.save((PutAccount(account),), newest.version)
    assert not isinstance(saved, Stale)
    return saved.version


async def test_who_was_on_a_list_that_is_gone_is_forgotten_and_nobody_else(backend: Backend) -> None:
    await having(backend, VIPS, BLOCKED)
    for on in (VIPS, BLOCKED):
        await asyncio.gather(*(put(backend, *(f"p{k}-{n}" for n in range(900)), on=on) for k in range(3)))
    await having(backend, BLOCKED)

    rows, resume = 0, 0
    while resume is not None:
        step = await backend.retention.forget_lists(resume)
        rows, resume = rows + step.rows.get("list_member", 0), step.resume

    assert rows == 2_700
    assert await members(backend) == []
    assert await backend.lists.sizes() == {BLOCKED: 2_700}
    assert len(await members(backend, BLOCKED)) == 1_000


async def test_a_copy_has_lists_and_what_waits(harness: Harness) -> None:
    backend = await harness.open()
    await put(backend, "ann", "bob", follows=True)

    copy = await harness.open_copy()

    assert await members(copy) == keys("ann", "bob")
    assert len((await facts(copy, limit=10)).list_changes) == 2


NAMES = ["ann", "bob", "cid", "Ünï ☃", "x" * 512, "a:b", "phone", "%_\\'\""]


@given(
    changes=st.lists(
        st.tuples(
            st.booleans(), st.sampled_from([VIPS, BLOCKED]), st.lists(st.sampled_from(NAMES), max_size=5)
        ),
        max_size=12,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
async def test_lists_are_sets_of_names_whatever_comes_and_goes(
    backend: Backend, changes: list[tuple[bool, ListId, list[str]]]
) -> None:
    for on in (VIPS, BLOCKED):
        await put(backend, *NAMES, on=on, adds=False)
    model: dict[ListId, set[str]] = {VIPS: set(), BLOCKED: set()}

    for adds, on, names in changes:
        before = set(model[on])
        model[on] = before | set(names) if adds else before - set(names)
        done = await put(backend, *names, on=on, adds=adds)
        assert done.changed == len(before ^ model[on])

    for on, names in model.items():
        assert await members(backend, on) == sorted(keys(*names))
        assert (await backend.lists.sizes()).get(on, 0) == len(names)
    listed = (await facts(backend, *map(subject, NAMES))).listed
    assert listed == {
        key: ids
        for name in NAMES
        for key in keys(name)
        if (ids := {on for on, names in model.items() if name in names})
    }
