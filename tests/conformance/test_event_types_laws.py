"""Laws of `ports.event_types`: durable, never more than the limit, all of a claim or none."""

import asyncio

from conformance_harness import Backend, Harness
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


async def test_a_new_store_has_no_types(backend: Backend) -> None:
    assert backend.event_types.known == frozenset()


async def test_what_was_claimed_is_known_and_survives_a_restart(harness: Harness) -> None:
    backend = await harness.open()

    assert await backend.event_types.claim(["login", "orderplaced"], 512)

    assert backend.event_types.known == {"login", "orderplaced"}
    backend = await harness.reopen()
    assert backend.event_types.known == {"login", "orderplaced"}


async def test_a_claim_beyond_the_limit_changes_nothing(backend: Backend) -> None:
    assert await backend.event_types.claim(["a", "b"], 3)

    assert not await backend.event_types.claim(["c", "d"], 3)

    assert backend.event_types.known == {"a", "b"}


async def test_a_known_type_needs_no_room(backend: Backend) -> None:
    assert await backend.event_types.claim(["a", "b"], 2)

    assert await backend.event_types.claim(["b", "a", "a"], 2)
    assert await backend.event_types.claim(["a"], 1)  # a limit that was lowered takes nothing away


async def test_claims_at_once_share_the_room_and_each_knows_what_is_left(backend: Backend) -> None:
    claims = [[f"type {k} {n}" for n in range(4)] for k in range(30)]

    taken = await asyncio.gather(*(backend.event_types.claim(names, 50) for names in claims))

    assert sum(taken) == 50 // 4
    assert backend.event_types.known == {
        name for names, has in zip(claims, taken, strict=True) if has for name in names
    }


@given(
    claims=st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=5), max_size=8), limit=st.integers(0, 9)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
async def test_whatever_is_claimed_the_answer_tells_what_is_known(
    backend: Backend, claims: list[list[str]], limit: int
) -> None:
    for names in claims:
        before = backend.event_types.known
        has_claimed = await backend.event_types.claim(names, limit)
        after = backend.event_types.known

        assert after == (before | set(names) if has_claimed else before)
        assert has_claimed == (set(names) <= before or len(before | set(names)) <= limit)
