"""Those who became due while their campaign was paused: now, skip, spread."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.builders import an_event
from tests.live import Live
from tests.rehearsing import at, campaign, event, profile

from tellwire.platform.backends.resuming import resumed
from tellwire.platform.control.campaign_state import changed, moved, replacing
from tellwire.platform.decide.overdue import next_of
from tellwire.platform.decide.program import program_of
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.enrollment import Enrollment, EnrollmentId, entrance_of
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.resumption import Overdue, Resumption
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import ForTime, RepeatStep, SendStep, StopStep, WaitStep

NINE = at("2026-06-01T09:00")
HOUR = timedelta(hours=1)
ID = CampaignId(1)


def send(name: str, number: int = 0) -> SendStep:
    return SendStep(id=name, content=Content(text=name), number=number)


def wait(name: str, hours: int) -> WaitStep:
    return WaitStep(id=name, until=ForTime(Duration(hours, "hour")))


def journey() -> Campaign:
    return campaign(
        OnEvent(event="Seen"), wait("pause", 2), send("one"), wait("more", 1), send("two", 1), name="J"
    )


def seen(number: int, when: str) -> list[dict[str, Any]]:
    who = f"p{number:03}"
    return [profile(who, when, Phone=f"+6590000{number:03}"), event(who, "Seen", when)]


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


async def turn(live: Live, state: Any, resumption: Resumption | None = None) -> None:
    newest = await live.backend.catalog.snapshot()
    known, now = newest.campaigns[ID], live.clock.now()
    change = replacing(known, moved(known, state, now), newest.account, now, resumption)
    await live.backend.catalog.save((change,), newest.version)


async def pause_past_the_due_time(live: Live, people: int) -> None:
    """Let people wait in a campaign, each a second after the other, pause it, and let their moment go by."""
    await live.publish(journey())
    for number in range(people):
        await live.receive(*seen(number, f"2026-06-01T09:{number // 60:02}:{number % 60:02}"))
    await turn(live, "paused")
    await live.wait(NINE + 8 * HOUR)
    live.clock.move_to(NINE + 8 * HOUR)
    assert await live.backend.reports.overdue(ID, 9_999) == people


async def resume(live: Live, overdue: Overdue, over: timedelta = timedelta(0)) -> None:
    people = await live.backend.reports.overdue(ID, 9_999)
    await turn(live, "running", Resumption(overdue=overdue, at=live.clock.now(), over=over, people=people))
    await live.decide()


def said(live: Live) -> list[str]:
    return [f"{line[11:16]} {line.split()[1]} {' '.join(line.split()[3:])}" for line in live.lines]


async def test_those_who_are_overdue_are_known_by_step_and_since_when(live: Live) -> None:
    await pause_past_the_due_time(live, 3)

    (row,) = await live.backend.reports.overdue_by_step(ID, 9_999)

    assert (row.version, row.step, row.people, row.since) == (1, "pause", 3, NINE + 2 * HOUR)


async def test_now_is_at_once(live: Live) -> None:
    await pause_past_the_due_time(live, 2)

    await resume(live, "now")

    assert said(live) == ["17:00 p000 one send one", "17:00 p001 one send one"]


async def test_skip_drops_the_message_that_would_go_out_and_the_person_goes_on(live: Live) -> None:
    await pause_past_the_due_time(live, 2)

    await resume(live, "skip")
    await live.wait(NINE + 20 * HOUR)

    assert sorted(said(live)) == [
        "17:00 p000 one skip overdue",
        "17:00 p001 one skip overdue",
        "18:00 p000 two exit finished",
        "18:00 p000 two send two",
        "18:00 p001 two exit finished",
        "18:00 p001 two send two",
    ]
    (funnel,) = await live.backend.reports.funnel([ID])
    assert funnel.skips == {"overdue": 2}


async def test_what_comes_after_another_wait_is_not_dropped(live: Live) -> None:
    await live.publish(campaign(OnEvent(event="Seen"), wait("a", 1), wait("b", 1), send("one"), name="J"))
    await live.receive(*seen(0, "2026-06-01T09:00"))
    await turn(live, "paused")
    await live.wait(NINE + 8 * HOUR)
    live.clock.move_to(NINE + 8 * HOUR)

    await resume(live, "skip")
    await live.wait(NINE + 20 * HOUR)

    assert said(live) == ["18:00 p000 one send one", "18:00 p000 one exit finished"]


async def test_spread_is_even_and_in_the_order_in_which_they_were_due(live: Live) -> None:
    await pause_past_the_due_time(live, 4)

    await resume(live, "spread", 2 * HOUR)
    await live.wait(NINE + 9.9 * HOUR)

    assert sorted(said(live)) == [
        "17:00 p000 one send one",
        "17:30 p001 one send one",
        "18:00 p000 two exit finished",
        "18:00 p000 two send two",
        "18:00 p002 one send one",
        "18:30 p001 two exit finished",
        "18:30 p001 two send two",
        "18:30 p003 one send one",
    ]


async def test_who_is_spread_keeps_their_turn_though_the_campaign_changes_and_they_move(live: Live) -> None:
    await pause_past_the_due_time(live, 4)
    await resume(live, "spread", 2 * HOUR)
    newest, now = await live.backend.catalog.snapshot(), live.clock.now()
    known = newest.campaigns[ID]
    steps = (wait("pause", 1), *known.steps[1:])
    after = changed(known, msgspec.structs.replace(known, steps=steps), "move")
    await live.backend.catalog.save((replacing(known, after, newest.account, now),), newest.version)

    await live.decide()
    await live.wait(NINE + 9.9 * HOUR)

    assert [line for line in said(live) if line.endswith("send one")] == [
        "17:00 p000 one send one",
        "17:30 p001 one send one",
        "18:00 p002 one send one",
        "18:30 p003 one send one",
    ]


async def test_who_is_spread_keeps_their_turn_though_their_profile_changes(live: Live) -> None:
    await pause_past_the_due_time(live, 4)
    await resume(live, "spread", 2 * HOUR)

    await live.receive(profile("p003", "2026-06-01T17:00", Tz="Europe/Berlin"))
    await live.wait(NINE + 9.9 * HOUR)

    assert [line.split()[:2] for line in said(live) if line.endswith("send one")][-1] == ["18:30", "p003"]


@pytest.mark.parametrize(
    ("overdue", "lines"),
    [
        (
            "skip",
            ["17:00 p000 one skip overdue", "17:00 p001 one skip overdue", "17:00 p002 one skip overdue"],
        ),
        ("spread", ["17:00 p000 one send one", "18:00 p001 one send one", "19:00 p002 one send one"]),
    ],
)
async def test_to_whom_something_happens_before_their_page_goes_on_as_it_was_chosen(
    live: Live, monkeypatch: pytest.MonkeyPatch, overdue: Overdue, lines: list[str]
) -> None:
    monkeypatch.setattr("tellwire.platform.backends.embedded.resuming.PAGE", 1)
    await pause_past_the_due_time(live, 3)
    await turn(live, "running", Resumption(overdue=overdue, at=live.clock.now(), over=3 * HOUR, people=3))

    await live.put(event("p002", "Other", "2026-06-01T17:00"), event("p001", "Seen", "2026-06-01T17:00"))
    await live.decide()
    await live.wait(NINE + 12 * HOUR)

    assert [line for line in sorted(said(live)) if line.split()[2] == "one"] == lines


async def test_who_is_paused_again_before_their_turn_waits_for_the_next_choice(live: Live) -> None:
    await pause_past_the_due_time(live, 4)
    await resume(live, "spread", 4 * HOUR)
    await live.wait(NINE + 9.5 * HOUR)
    assert [line.split()[1] for line in said(live) if line.endswith("send one")] == ["p000", "p001"]
    await turn(live, "paused")
    await live.wait(NINE + 30 * HOUR)
    live.clock.move_to(NINE + 30 * HOUR)
    live.lines.clear()

    await resume(live, "skip")

    assert sorted(said(live)) == [
        "15:00 p001 two exit finished",
        "15:00 p001 two skip overdue",
        "15:00 p002 one skip overdue",
        "15:00 p003 one skip overdue",
    ]


async def test_nobody_who_is_overdue_stays_behind_where_a_campaign_stops_at_once(live: Live) -> None:
    await pause_past_the_due_time(live, 3)
    await turn(live, "running", Resumption(overdue="spread", at=live.clock.now(), over=HOUR, people=3))

    await turn(live, "stopped")
    await live.decide()

    assert {line.split(maxsplit=2)[2] for line in said(live)} == {"pause exit ended"}
    assert await live.backend.ledger.next_due(0) is None


@pytest.mark.parametrize("overdue", ["now", "skip", "spread"])
async def test_more_than_a_page_goes_on_once_though_the_process_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overdue: Overdue
) -> None:
    monkeypatch.setattr("tellwire.platform.backends.embedded.resuming.PAGE", 7)
    live = Live(tmp_path, NINE)
    await live.open()
    await pause_past_the_due_time(live, 40)
    await live.begin_to_crash(random.Random(1))

    await resume(live, overdue, HOUR)
    await live.wait(NINE + 9.5 * HOUR)

    firsts = [line for line in said(live) if line.split()[2] == "one"]
    assert sorted(line.split()[1] for line in firsts) == [f"p{number:03}" for number in range(40)]
    assert {line.split(maxsplit=3)[3] for line in firsts} == {
        "skip overdue" if overdue == "skip" else "send one"
    }
    assert await live.backend.reports.overdue(ID, 99) == 0
    await live.close()


def test_whoever_came_after_the_count_is_the_last() -> None:
    entered = Enrollment(
        id=EnrollmentId("e1-1"),
        campaign_id=ID,
        profile_id=ProfileId("p"),
        entrance=entrance_of(an_event()),
        entered_at=NINE,
        step="pause",
        since=NINE,
        due_at=NINE + HOUR,
    )
    spread = Resumption(overdue="spread", at=NINE + 2 * HOUR, over=HOUR, people=4)

    moments = [resumed(entered, spread, rank).due_at - spread.at for rank in (0, 1, 4, 9)]
    assert moments == [0 * HOUR, HOUR / 4, HOUR, HOUR]
    nobody = msgspec.structs.replace(spread, people=0)
    assert resumed(entered, nobody, 3).due_at == spread.at
    assert resumed(entered, Resumption(at=NINE), 3) == entered


def test_what_comes_next_is_what_stands_behind_a_wait() -> None:
    again = RepeatStep(id="again", times=2, every=Duration(1, "hour"), steps=(send("nag"),))
    program = program_of((wait("pause", 1), again, StopStep(id="done"), wait("last", 1)))

    following = [next_of(program, step) for step in ("pause", "again", "nag", "done", "last", "gone")]

    assert [one and one.id for one in following] == ["again", "nag", "nag", "done", None, None]
