"""The copy that audiences are counted over, when something goes wrong: made anew and said, or taken up again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from control_client import Platform, running
from tests.builders import a_change, a_subject, an_event

from tellwire.kernel.retention import horizon
from tellwire.platform.history.audiences import FILE_NAME, ColumnAudiences, column_audiences
from tellwire.platform.model.event import EventId, SetValue
from tellwire.platform.model.list_member import key_of_subject
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.ports.ledger import Advance, Recording

DID = {"did": "Charged"}


@pytest.fixture
async def platform(tmp_path: Path):
    async with running(tmp_path) as one:
        yield one


async def copied(audiences: ColumnAudiences) -> None:
    while await audiences.copying.step() or not audiences.copying.is_current:
        pass


async def bought(platform: Platform, *names: str, day: int = 0) -> None:
    now = platform.clock.now()
    await platform.track(
        *(
            an_event(
                id=EventId(f"e-{name}-{day}"),
                subject=a_subject(name),
                name="Charged",
                properties=b'{"Amount": 5}',
                occurred_at=now,
                received_at=now,
            )
            for name in names
        )
    )


async def count(platform: Platform, rule: Any = DID) -> int:
    counted = await platform.api.post("/api/audiences/count", {"rule": rule})
    number: int = counted["count"]
    return number


async def standing(platform: Platform) -> Any:
    return await platform.api.get("/api/history")


def beside(platform: Platform, directory: Path) -> ColumnAudiences:
    """Return a copy as the next start of the program has it."""
    return column_audiences(directory, platform.backend.feed, platform.clock, memory_mb=64, threads=1)


async def test_a_copy_goes_on_where_it_stopped(platform: Platform, tmp_path: Path) -> None:
    await bought(platform, "ann")
    await copied(platform.audiences)
    await platform.audiences.close()
    await bought(platform, "bob")

    again = beside(platform, tmp_path)
    await copied(again)

    stands = await again.standing()
    await again.close()
    assert (stands.people, stands.events, stands.made_anew) == (2, 2, None)


@pytest.mark.parametrize("content", [b"", b"no database" * 100], ids=["empty", "damaged"])
async def test_a_damaged_file_is_made_anew_and_that_is_said(
    platform: Platform, tmp_path: Path, content: bytes
) -> None:
    await bought(platform, "ann")
    await copied(platform.audiences)
    await platform.audiences.close()
    (tmp_path / FILE_NAME).write_bytes(content)

    again = beside(platform, tmp_path)
    await copied(again)

    stands = await again.standing()
    await again.close()
    assert (stands.state, stands.events, stands.made_anew) == ("current", 1, "damaged")


async def test_a_copy_of_another_store_is_made_anew(platform: Platform, tmp_path: Path) -> None:
    await bought(platform, "ann")
    other = tmp_path / "other"
    async with running(other) as elsewhere:
        await bought(elsewhere, "bob", "cid")
        await copied(elsewhere.audiences)
    (other / FILE_NAME).replace(tmp_path / FILE_NAME)

    await copied(platform.audiences)

    assert (await standing(platform))["made_anew"] == "of another store"
    assert await count(platform) == 1


async def test_what_was_taken_and_not_kept_comes_again(platform: Platform) -> None:
    await bought(platform, "ann")
    await copied(platform.audiences)
    now = platform.clock.now()
    await platform.track(
        a_change(
            SetValue("Plan", "gold"),
            id=EventId("c"),
            subject=a_subject("ann"),
            occurred_at=now,
            received_at=now,
        )
    )
    taken = await platform.backend.feed.take(10)  # and then the program dies

    again = await platform.backend.feed.take(10)
    await copied(platform.audiences)

    assert taken == again
    assert await count(platform, {"profile": "Plan", "equals": "gold"}) == 1
    assert not await platform.backend.feed.take(10)


async def test_what_the_store_forgets_is_forgotten_here(platform: Platform) -> None:
    await bought(platform, "ann", "bob")
    platform.clock.advance(timedelta(days=100))
    await bought(platform, "cid", day=100)
    await copied(platform.audiences)
    assert await count(platform) == 3

    now, after = platform.clock.now(), 0
    while after is not None:
        after = (
            await platform.backend.retention.forget_activity(horizon(now, timedelta(days=90)), after)
        ).resume
    await copied(platform.audiences)

    assert await count(platform) == 1
    assert (await standing(platform))["events"] == 1


async def test_a_number_that_is_suppressed_and_a_name_on_a_list_are_counted_at_once(
    platform: Platform,
) -> None:
    now = platform.clock.now()
    await platform.track(
        a_change(
            SetValue("Phone", "+6591230001"),
            id=EventId("c"),
            subject=a_subject("ann"),
            occurred_at=now,
            received_at=now,
        )
    )
    made = await platform.api.post("/api/lists", {"name": "VIPs"})
    await copied(platform.audiences)
    assert await count(platform, {"reachable": "sms"}) == 1
    assert await count(platform, {"listed": "vips"}) == 0

    position = await platform.backend.ledger.position(0)
    (profile,) = (one for _, one in await platform.backend.feed.people(0, 10))
    silent = SuppressionChange(address=profile.phone, is_suppressed=True, source="api", at=now)
    await platform.backend.ledger.record(
        Recording(suppressions=(silent,)), Advance(partition=0, after=position, to=position)
    )
    await platform.backend.lists.add(
        ListId(made["id"]), [key_of_subject(a_subject("ann"))], now, follows=False
    )
    await copied(platform.audiences)

    assert await count(platform, {"reachable": "sms"}) == 0
    assert await count(platform, {"listed": "vips"}) == 1
    await platform.backend.lists.remove(
        ListId(made["id"]), [key_of_subject(a_subject("ann"))], now, follows=False
    )
    await copied(platform.audiences)
    assert await count(platform, {"listed": "vips"}) == 0
