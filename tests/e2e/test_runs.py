"""Runs of broadcasts through the API: how far each is, whether its sum agrees, and writing again to whom one failed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import PROVIDER, Platform, running

from tellwire.kernel.status import MessageStatus, Receipt, Standing
from tellwire.platform.model.message import Claimed, Dropped, GivenUp, HandedOver, Settlement, TryAgain

SALE = {"name": "Sale", "start": {"at": "now"}, "steps": [{"id": "all", "send": {"text": "Sale"}}]}
REJECTED = Standing(MessageStatus.REJECTED)
LEASE = timedelta(minutes=1)


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        yield started


async def published(platform: Platform, **more: Any) -> str:
    saved = await platform.api.post("/api/campaigns", {**SALE, **more})
    path = f"/api/campaigns/{saved['id']}"
    await platform.api.post(f"{path}/publish", {})
    return path


async def crowd(platform: Platform, count: int) -> None:
    await platform.track(*(platform.record(f"p{n}", Phone=f"912300{n:02}") for n in range(count)))


async def claims(platform: Platform) -> list[Claimed]:
    """Take all that wait, in the order of their people."""
    taken: list[Claimed] = []
    providers = {one.id: 100 for one in (await platform.backend.catalog.snapshot()).providers.values()}
    while some := (await platform.backend.messages.claim(providers, platform.clock.now(), LEASE)).taken:
        taken += some
    return sorted(taken, key=lambda claimed: claimed.message.subject.value)


async def settle(platform: Platform, *settlements: Settlement) -> None:
    await platform.backend.messages.settle(settlements, platform.clock.now())


def refused(claimed: Claimed, code: str = "400") -> Settlement:
    return GivenUp(
        message_id=claimed.message.id, standing=REJECTED, code=code, reason="The provider said no."
    )


async def run_of(platform: Platform, path: str) -> dict[str, Any]:
    run: dict[str, Any] = (await platform.api.get(f"{path}/runs"))["runs"][0]
    return run


async def resend(platform: Platform, path: str, run: str, *, dry: bool = False) -> Any:
    return await platform.api.ask("POST", f"{path}/runs/{run}/resend?dry_run={str(dry).lower()}")


async def test_only_those_who_surely_got_nothing_are_written_to_again(platform: Platform) -> None:
    await crowd(platform, 7)
    path = await published(platform)
    await platform.track()
    a, b, c, d, e, f, g = await claims(platform)
    again = TryAgain(message_id=d.message.id, at=platform.clock.now(), code="", reason="no answer")
    dropped = Dropped(message_id=f.message.id, code="suppressed", reason="suppressed")
    silent = HandedOver(message_id=c.message.id, is_certain=False)
    await settle(
        platform, refused(a), refused(b, "500"), silent, again, HandedOver(message_id=e.message.id), dropped
    )
    await settle(platform, HandedOver(message_id=g.message.id))
    (d_again,) = await claims(platform)
    await settle(platform, refused(d_again))
    undelivered = Standing(MessageStatus.UNDELIVERED)
    receipt = Receipt(message_id=e.message.id, standing=undelivered, at=platform.clock.now(), error_code="27")
    await platform.backend.messages.apply([receipt])
    run = (await run_of(platform, path))["run"]

    planned = (await resend(platform, path, run, dry=True)).json()
    assert (planned["messages"], planned["left_out"]) == (2, {"perhaps_sent": 3, "taken_back": 1})
    assert {one["code"]: one["people"] for one in planned["reasons"]} == {"400": 1, "27": 1}
    assert len((await platform.api.get(f"{path}/runs"))["runs"]) == 1

    platform.clock.advance(timedelta(minutes=1))
    begun = (await resend(platform, path, run)).json()
    assert begun["run"] == f"{run}~2"
    assert (await resend(platform, path, run)).json()["error"]["code"] == "under_way"
    await platform.track()
    second = await claims(platform)

    assert [one.message.subject.value for one in second] == ["p0", "p4"]
    assert {one.message.id for one in second}.isdisjoint({a.message.id, e.message.id})
    shown = await run_of(platform, path)
    assert (shown["run"], shown["attempt"], shown["state"]) == (begun["run"], 2, "complete")
    assert (shown["qualified"], shown["messages"], shown["missing"]) == (2, 2, 0)


async def test_each_attempt_goes_by_the_last_message_of_a_person(platform: Platform) -> None:
    await crowd(platform, 3)
    path = await published(platform, limits={"ever": 1})
    await platform.track()
    await settle(platform, *map(refused, await claims(platform)))
    run = (await run_of(platform, path))["run"]

    platform.clock.advance(timedelta(minutes=1))
    assert (await resend(platform, path, run)).status == 200
    await platform.track()
    first, second, third = await claims(platform)
    await settle(platform, refused(first), HandedOver(message_id=second.message.id))
    waiting = (await resend(platform, path, run, dry=True)).json()
    assert waiting["messages"] == 1, "one is sent, and one is still on its way"
    await settle(platform, refused(third))
    platform.clock.advance(timedelta(minutes=1))
    third_run = (await resend(platform, path, f"{run}~2")).json()
    await platform.track()

    assert (third_run["run"], third_run["messages"]) == (f"{run}~3", 2)
    assert [one.message.subject.value for one in await claims(platform)] == ["p0", "p2"]


async def test_the_gates_are_asked_again(platform: Platform) -> None:
    await crowd(platform, 2)
    path = await published(platform)
    await platform.track()
    await settle(platform, *map(refused, await claims(platform)))
    run = (await run_of(platform, path))["run"]
    await platform.track(platform.record("p0", **{"MSG-sms": False}))

    platform.clock.advance(timedelta(minutes=1))
    await resend(platform, path, run)
    await platform.track()

    assert [one.message.subject.value for one in await claims(platform)] == ["p1"]
    shown = await run_of(platform, path)
    assert (shown["qualified"], shown["messages"], shown["missing"]) == (2, 1, 0)
    assert [(one["code"], one["people"]) for one in shown["reasons"]] == [("no_consent", 1)]


async def test_those_who_failed_at_their_own_hour_are_written_to_again_when_all_had_theirs(
    platform: Platform,
) -> None:
    await platform.track(platform.record("p0", Phone="91230000", Tz="Asia/Tokyo"))
    await platform.track(platform.record("p1", Phone="91230001", Tz="America/New_York"))
    noon = platform.clock.now().replace(hour=12, minute=0) + timedelta(days=1)
    start = {"at": f"{noon:%Y-%m-%dT%H:%M}", "zone": "person"}
    path = await published(platform, start=start)
    await platform.track()
    platform.clock.move_to(noon - timedelta(hours=9))
    await platform.track()
    await settle(platform, *map(refused, await claims(platform)))
    run = (await run_of(platform, path))["run"]
    assert (await resend(platform, path, run)).json()["error"]["code"] == "under_way"
    platform.clock.move_to(noon + timedelta(hours=13))
    await platform.track()
    await settle(platform, *map(refused, await claims(platform)))

    begun = (await resend(platform, path, run)).json()
    await platform.track()

    assert begun["messages"] == 2
    assert [one.message.subject.value for one in await claims(platform)] == ["p0", "p1"]


async def test_what_cannot_be_sent_again_says_why(platform: Platform) -> None:
    await crowd(platform, 1)
    path = await published(platform)
    await platform.track()
    run = (await run_of(platform, path))["run"]
    steps = [{"id": "a", "send": {"text": "A"}}, {"id": "b", "send": {"text": "B"}}]
    long = await published(platform, name="Long", steps=steps)

    nothing = await resend(platform, path, run)
    assert (nothing.status, nothing.json()["error"]["code"]) == (409, "nothing_failed")
    assert (await resend(platform, path, "none")).status == 404
    assert (await resend(platform, long, run)).json()["error"]["code"] == "several_steps"
    await platform.api.post(f"{path}/stop", {})
    assert (await resend(platform, path, run)).json()["error"]["code"] == "not_running"


async def test_a_broadcast_whose_run_is_over_says_so(platform: Platform) -> None:
    await crowd(platform, 1)
    path = await published(platform)
    before = await platform.api.get(path)
    await platform.track()

    after = await platform.api.get(path)

    assert (before["facts"], after["state"]) == ([], "running")
    assert [fact["code"] for fact in after["facts"]] == ["over"]
    weekly = {"rule": "FREQ=WEEKLY;BYDAY=FR", "at": "09:00"}
    assert (await platform.api.get(await published(platform, name="Weekly", start=weekly)))["facts"] == []
