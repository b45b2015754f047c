"""Limits and quiet hours of the version that is live hold for those too who are inside by earlier ones."""

from collections.abc import AsyncIterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.live import Live
from tests.rehearsing import at, campaign, event, profile

from tellwire.platform.control.campaign_state import changed, replacing
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.guard import Cap, Limits, QuietHours
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import ForTime, SendStep, Step, WaitStep

NINE = at("2026-06-01T09:00")
HOUR = timedelta(hours=1)
DAILY = Cap(1, Duration(1, "day"))


def steps(text: str, hours: int = 2) -> tuple[Step, ...]:
    wait = WaitStep(id="pause", until=ForTime(Duration(hours, "hour")))
    return (wait, SendStep(id="hello", content=Content(text=text)))


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


def seen(who: str, when: str) -> list[dict[str, Any]]:
    return [profile(who, when), event(who, "Seen", when)]


async def publish(live: Live, **fields: Any) -> None:
    await live.publish(campaign(OnEvent(event="Seen"), *steps("one"), name="J", again="beside", **fields))


async def change(live: Live, **fields: Any) -> None:
    newest = await live.backend.catalog.snapshot()
    known = newest.campaigns[CampaignId(1)]
    after = changed(known, msgspec.structs.replace(known, **fields), "finish")
    await live.backend.catalog.save(
        (replacing(known, after, newest.account, live.clock.now()),), newest.version
    )


def said(live: Live) -> list[str]:
    lines = [line for line in live.lines if " exit " not in line]
    return [f"{line[11:16]} {line.split()[1]} {' '.join(line.split()[4:])}" for line in lines]


async def test_a_cap_that_is_published_holds_for_those_inside(live: Live) -> None:
    await publish(live)
    await live.receive(*seen("ann", "2026-06-01T09:00"), event("ann", "Seen", "2026-06-01T09:30"))

    await change(live, limits=Limits(per_person=(DAILY,)))
    await live.wait(NINE + 5 * HOUR)

    assert said(live) == ["11:00 ann send one", "11:30 ann skip person_cap"]


async def test_a_cap_that_is_taken_away_holds_for_nobody(live: Live) -> None:
    await publish(live, limits=Limits(per_person=(DAILY,)))
    await live.receive(*seen("ann", "2026-06-01T09:00"), event("ann", "Seen", "2026-06-01T09:30"))

    await change(live, limits=Limits())
    await live.wait(NINE + 5 * HOUR)

    assert said(live) == ["11:00 ann send one", "11:30 ann send one"]


async def test_the_limit_of_the_day_counts_those_inside_by_each_version(live: Live) -> None:
    await publish(live)
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await change(live, limits=Limits(per_day=1), steps=steps("two", 3))
    await live.receive(*seen("bob", "2026-06-01T10:00"))
    await live.close()
    await live.open()

    await live.wait(NINE + 8 * HOUR)

    assert said(live) == ["11:00 ann send one", "13:00 bob hold per_day"]


async def test_quiet_hours_that_are_published_hold_for_those_inside(live: Live) -> None:
    await publish(live)
    await live.receive(*seen("ann", "2026-06-01T09:00"))

    await change(live, quiet=(QuietHours(begins=time(10), ends=time(12)),))
    await live.wait(NINE + 5 * HOUR)

    assert said(live) == ["11:00 ann hold quiet_hours", "12:00 ann send one"]


async def test_two_versions_that_write_at_one_moment_each_say_their_own(live: Live) -> None:
    await publish(live)
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await change(live, steps=(*steps("two", 1), SendStep(id="more", content=Content(text="more"), number=1)))
    await live.receive(*seen("bob", "2026-06-01T10:00"))

    await live.wait(NINE + 5 * HOUR)

    assert sorted(said(live)) == ["11:00 ann send one", "11:00 bob send more", "11:00 bob send two"]


async def test_facts_are_asked_for_once_though_people_are_inside_by_an_earlier_version(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(live, limits=Limits(per_person=(DAILY,), per_day=5))
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await change(live, limits=Limits())
    await live.close()
    await live.open()
    asked: list[Needs] = []
    facts = live.backend.ledger.facts

    async def noting(needs: Needs) -> Facts:
        asked.append(needs)
        return await facts(needs)

    monkeypatch.setattr(live.backend.ledger, "facts", noting)
    live.clock.move_to(NINE + 2 * HOUR)
    steps_before = len(asked)

    await live.step()

    assert len(asked) == steps_before + 1
    assert said(live) == ["11:00 ann send one"]
