"""What becomes of those who are inside when their campaign is paused, resumed, stopped or changed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.live import Live
from tests.rehearsing import at, campaign, event, profile

from tellwire.platform.control.campaign_state import Inside, changed, moved, replacing
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import ForTime, SendStep, Step, WaitStep

NINE = at("2026-06-01T09:00")
HOUR = timedelta(hours=1)


def send(name: str, text: str = "Hi", number: int = 0) -> SendStep:
    return SendStep(id=name, content=Content(text=text), number=number)


def wait(name: str, hours: int) -> WaitStep:
    return WaitStep(id=name, until=ForTime(Duration(hours, "hour")))


def journey(*steps: Step, **fields: Any) -> Campaign:
    return campaign(OnEvent(event="Seen"), *steps, name="J", **fields)


FIRST = journey(wait("pause", 2), send("hello", "one"))


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    await made.publish(moved(FIRST, "running", NINE))
    yield made
    await made.close()


async def turn(live: Live, after: Campaign) -> None:
    """Save a campaign in the place of what it is now."""
    newest = await live.backend.catalog.snapshot()
    change = replacing(newest.campaigns[after.id], after, newest.account, live.clock.now())
    await live.backend.catalog.save((change,), newest.version)


async def move(live: Live, state: Any) -> None:
    await turn(live, moved(await live.campaign(), state, live.clock.now()))


async def change(live: Live, inside: Inside, *steps: Step) -> None:
    now = await live.campaign()
    await turn(live, changed(now, msgspec.structs.replace(now, steps=steps), inside))


def seen(who: str, when: str) -> list[dict[str, Any]]:
    return [profile(who, when), event(who, "Seen", when)]


async def test_nobody_moves_in_a_campaign_that_is_paused_and_all_go_on_when_it_is_resumed(live: Live) -> None:
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await move(live, "paused")
    await live.receive(*seen("bob", "2026-06-01T10:00"))
    await live.wait(NINE + 30 * HOUR)
    assert live.lines == ["2026-06-01T10:00:00.000Z bob J None skip paused"]

    live.clock.move_to(NINE + 30 * HOUR)
    await move(live, "running")
    await live.decide()

    assert live.lines[1:] == [
        "2026-06-02T15:00:00.000Z ann J hello send one",
        "2026-06-02T15:00:00.000Z ann J hello exit finished",
    ]
    assert await live.backend.ledger.next_due(0) is None


async def test_a_pause_that_ends_before_somebody_is_due_changes_nothing(live: Live) -> None:
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await move(live, "paused")
    await move(live, "running")
    await live.decide()

    await live.wait(NINE + 3 * HOUR)

    assert live.lines[0] == "2026-06-01T11:00:00.000Z ann J hello send one"


async def test_whoever_is_inside_leaves_when_the_campaign_stops_and_is_not_back_when_it_runs_again(
    live: Live,
) -> None:
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await move(live, "stopped")
    await move(live, "running")
    await live.receive(*seen("bob", "2026-06-01T10:00"))

    await live.wait(NINE + 5 * HOUR)

    assert live.lines == [
        "2026-06-01T09:00:00.000Z ann J pause exit ended",
        "2026-06-01T12:00:00.000Z bob J hello send one",
        "2026-06-01T12:00:00.000Z bob J hello exit finished",
    ]
    assert (await live.campaign()).version == 2


async def test_ten_thousand_who_wait_leave_with_the_campaign_in_steps_that_hold_nobody_up(live: Live) -> None:
    entries = []
    for number in range(3_000):
        entries += seen(f"p{number}", "2026-06-01T09:00")
    await live.receive(*entries)
    await move(live, "stopped")

    await live.decide()

    assert len(live.lines) == 3_000
    assert all(line.endswith("pause exit ended") for line in live.lines)
    assert await live.backend.ledger.next_due(0) is None


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        ("finish", ["11:00 ann hello one"]),
        ("move", ["10:30 ann hello two", "10:30 ann more three"]),
        ("end", ["10:30 ann pause ended"]),
    ],
)
async def test_those_inside_finish_move_or_leave_when_the_campaign_changes(
    live: Live, inside: Inside, lines: list[str]
) -> None:
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    live.clock.move_to(NINE + 1.5 * HOUR)
    await change(live, inside, wait("pause", 1), send("hello", "two"), send("more", "three", 1))
    await live.decide()

    await live.receive(*seen("bob", "2026-06-01T10:30"))
    await live.wait(NINE + 6 * HOUR)

    told = [f"{line[11:16]} {line.split()[1]} {line.split()[3]} {line.split()[-1]}" for line in live.lines]
    assert [line for line in told if "ann" in line and "finished" not in line] == lines
    assert [line for line in told if "bob" in line and "finished" not in line] == [
        "11:30 bob hello two",
        "11:30 bob more three",
    ]


async def test_who_stands_at_a_step_that_is_gone_finishes_by_the_version_that_has_it(live: Live) -> None:
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await change(live, "move", wait("other", 1), send("hello", "two"))
    await live.decide()

    await live.wait(NINE + 6 * HOUR)

    assert live.lines[0] == "2026-06-01T11:00:00.000Z ann J hello send one"


async def test_who_waited_at_a_step_that_sends_now_gets_its_message_at_once(live: Live) -> None:
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    live.clock.move_to(NINE + HOUR)
    await change(live, "move", send("pause", "now"), send("hello", "two", 1))

    await live.decide()

    assert [line.split()[0][11:16] + " " + line.split()[-1] for line in live.lines] == [
        "10:00 now",
        "10:00 two",
        "10:00 finished",
    ]


async def test_a_version_that_somebody_is_inside_by_is_read_after_a_restart(live: Live) -> None:
    await live.receive(*seen("ann", "2026-06-01T09:00"))
    await change(live, "finish", wait("other", 1), send("bye", "two"))
    await live.close()
    await live.open()

    await live.wait(NINE + 6 * HOUR)

    assert live.lines[0] == "2026-06-01T11:00:00.000Z ann J hello send one"


def test_a_clock_set_back_strands_nobody(tmp_path: Path) -> None:
    async def story() -> list[str]:
        live = Live(tmp_path, NINE)
        await live.open()
        await live.publish(moved(FIRST, "running", NINE))
        await live.receive(*seen("ann", "2026-06-01T09:00"))
        live.clock.advance(-48 * HOUR)
        await live.append([])
        await live.wait(NINE + 3 * HOUR)
        await live.close()
        return live.lines

    assert asyncio.run(story())[0] == "2026-06-01T11:00:00.000Z ann J hello send one"
