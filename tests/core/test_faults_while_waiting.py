"""Faults of clocks, zones, merges and changes while people wait, told to the real worker on a real store."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.live import Live
from tests.rehearsing import at, campaign, event, profile, run

from tellwire.platform.control.campaign_state import changed, moved, replacing
from tellwire.platform.decide.share import branch_of
from tellwire.platform.decide.worker import BATCH_LIMIT
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import QuietHours
from tellwire.platform.model.resumption import Overdue, Resumption
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import Answer, ForTime, SendStep, Share, Signal, SplitStep, WaitStep, Winner

NINE = at("2026-06-01T09:00")
HOUR = timedelta(hours=1)
ID = CampaignId(1)
SHARES = (30, 30, 40)


def send(name: str, number: int = 0) -> SendStep:
    return SendStep(id=name, content=Content(text=name), number=number)


def journey(hours: int = 2, **fields: Any) -> Campaign:
    wait = WaitStep(id="pause", until=ForTime(Duration(hours, "hour")))
    return campaign(OnEvent(event="Seen"), wait, send("one"), name="J", **fields)


def trial() -> Campaign:
    split = SplitStep(
        id="test",
        shares=(Share(share=30, steps=(send("a"),)), Share(share=30, steps=(send("b", 1),))),
        winner=Winner(share=40, by="delivered", after=Duration(4, "hour")),
    )
    return campaign(OnEvent(event="Seen"), split, name="J")


def falling(branch: int, count: int) -> list[str]:
    names = (f"p{number:03}" for number in range(1_000))
    return [name for name in names if branch_of(name, "J", "test", SHARES) == branch][:count]


def seen(who: str, when: str = "2026-06-01T09:00") -> list[dict[str, Any]]:
    return [profile(who, when, Phone=f"+6590000{who[1:]}"), event(who, "Seen", when)]


def device(name: str, phone: str, when: str = "2026-06-01T09:00") -> list[dict[str, Any]]:
    """Return somebody whom nobody has named yet, and what they did."""
    about = {"objectId": name, "ts": at(when).timestamp()}
    return [
        {**about, "type": "profile", "profileData": {"Phone": phone}},
        {**about, "type": "event", "evtName": "Seen", "evtData": {}},
    ]


def named(device_name: str, identity: str, when: str) -> dict[str, Any]:
    """Return the record by which a device turns out to be somebody."""
    ts = at(when).timestamp()
    return {"objectId": device_name, "identity": identity, "ts": ts, "type": "profile", "profileData": {}}


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


async def turn(
    live: Live, change: Callable[[Campaign], Campaign], resumption: Resumption | None = None
) -> None:
    newest = await live.backend.catalog.snapshot()
    known, now = newest.campaigns[ID], live.clock.now()
    saved = replacing(known, change(known), newest.account, now, resumption)
    await live.backend.catalog.save((saved,), newest.version)


async def state(live: Live, name: Any, overdue: Overdue | None = None, over: timedelta = 2 * HOUR) -> None:
    now = live.clock.now()
    resumption = None
    if overdue is not None:
        people = await live.backend.reports.overdue(ID, 99_999)
        resumption = Resumption(overdue=overdue, at=now, over=over, people=people)
    await turn(live, lambda known: moved(known, name, now), resumption)


async def pause_past_the_due_time(live: Live, *records: dict[str, Any]) -> None:
    await live.publish(journey())
    await live.receive(*records)
    await state(live, "paused")
    await live.wait(NINE + 8 * HOUR)
    live.clock.move_to(NINE + 8 * HOUR)


def said(live: Live, what: str = " send ") -> list[str]:
    return sorted(f"{line[11:16]} {line.split()[1]}" for line in live.lines if what in line)


# A clock that is set


@pytest.mark.parametrize(
    ("by", "firsts"),
    [
        (-24 * HOUR, ["17:00 p000", "17:30 p001", "18:00 p002", "18:30 p003"]),
        (HOUR, ["17:00 p000", "18:10 p001", "18:10 p002", "18:30 p003"]),
        (24 * HOUR, ["17:00 p000", "17:10 p001", "17:10 p002", "17:10 p003"]),
    ],
)
async def test_a_clock_that_is_set_during_a_spread_sends_to_each_once_and_nobody_early(
    live: Live, by: timedelta, firsts: list[str]
) -> None:
    await pause_past_the_due_time(live, *(record for n in range(4) for record in seen(f"p{n:03}")))
    await state(live, "running", "spread")
    await live.decide()
    live.clock.advance(timedelta(minutes=10))

    live.clock.advance(by)
    await live.decide()
    await live.wait(NINE + 60 * HOUR)

    assert said(live) == firsts


async def test_a_spread_that_is_under_way_when_the_clock_is_set_back_is_the_same_in_the_next_process(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellwire.platform.backends.embedded.resuming.PAGE", 1)
    await pause_past_the_due_time(live, *(record for n in range(4) for record in seen(f"p{n:03}")))
    await state(live, "running", "spread")
    await live.step()

    live.clock.advance(-3 * HOUR)
    await live.begin_to_crash(random.Random(3))
    await live.decide()
    await live.wait(NINE + 9 * HOUR)
    await live.wait(NINE + 60 * HOUR)

    assert said(live) == ["17:00 p000", "17:30 p001", "18:00 p002", "18:30 p003"]


@pytest.mark.parametrize("by", [-24 * HOUR, 24 * HOUR])
async def test_a_clock_that_is_set_during_a_trial_finds_one_winner_by_what_was_counted(
    live: Live, by: timedelta
) -> None:
    (a,), (b,), rest = falling(0, 1), falling(1, 1), falling(2, 3)
    await live.publish(trial())
    await live.receive(*(record for who in (a, b, *rest) for record in seen(who)))
    await live.receive(
        {
            **event(b, "Notification Delivered", "2026-06-01T10:00"),
            "evtData": {"Campaign Name": "J", "Step": "b"},
        }
    )

    live.clock.advance(by)
    await live.decide()
    await live.wait(NINE + 60 * HOUR)

    (found,) = await live.backend.reports.trials(ID, 9)
    assert (found.reached, found.winner) == ((0, 1), 1)
    to_rest = [line for line in live.lines if line.split()[1] in rest and " send " in line]
    assert sorted(line.split()[1] for line in to_rest) == rest
    assert {line.split()[-1] for line in to_rest} == {"b"}


# A merge


async def test_two_who_are_spread_and_turn_out_to_be_one_get_one_message(live: Live) -> None:
    await pause_past_the_due_time(live, *seen("p000"), *device("d1", "+6590000001"), *seen("p002"))
    await state(live, "running", "spread")
    await live.decide()

    await live.receive(named("d1", "p002", "2026-06-01T17:05"))
    await live.wait(NINE + 60 * HOUR)

    assert [line.split()[1] for line in said(live)] == ["p000", "p002"]
    assert said(live, "exit merged") == ["17:05 p002"]


async def test_two_who_turn_out_to_be_one_before_their_page_of_a_spread_get_one_message(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellwire.platform.backends.embedded.resuming.PAGE", 1)
    await pause_past_the_due_time(live, *seen("p000"), *device("d1", "+6590000001"), *seen("p002"))
    await state(live, "running", "spread")

    await live.put(named("d1", "p002", "2026-06-01T17:00"))
    await live.decide()
    await live.wait(NINE + 60 * HOUR)

    assert [line.split()[1] for line in said(live)] == ["p000", "p002"]
    assert await live.backend.reports.overdue(ID, 9) == 0


@pytest.mark.parametrize("branches", [(0, 1), (0, 2), (2, 2), (2, 0)])
async def test_two_in_a_trial_who_turn_out_to_be_one_stay_with_the_first_and_nobody_is_lost(
    live: Live, branches: tuple[int, int]
) -> None:
    of_person, of_device = branches
    person = falling(of_person, 1)[0]
    name = next(
        one for one in (f"d{n}" for n in range(99)) if branch_of(one, "J", "test", SHARES) == of_device
    )
    others = [falling(0, 2)[1], falling(1, 2)[1], falling(2, 2)[1]]
    await live.publish(trial())
    await live.receive(
        *seen(person), *device(name, "+6590000999"), *(one for who in others for one in seen(who))
    )

    await live.receive(named(name, person, "2026-06-01T10:00"))
    await live.wait(NINE + 60 * HOUR)

    (found,) = await live.backend.reports.trials(ID, 9)
    assert found.winner == 0
    sends = Counter(line.split()[1] for line in live.lines if " send " in line)
    assert all(sends[other] == 1 for other in others)
    waited = [branch for branch in branches if branch == 2]
    assert len(said(live, "exit merged")) == (len(waited) == 2)
    (funnel,) = await live.backend.reports.funnel([ID])
    assert funnel.inside == sum(funnel.left.values())


async def test_an_opt_out_of_either_holds_for_those_who_wait_and_turn_out_to_be_one(live: Live) -> None:
    await live.publish(journey())
    await live.receive(*seen("p000"), *device("d1", "+6590000001"))
    out = {"objectId": "d1", "ts": NINE.timestamp(), "type": "profile", "profileData": {"MSG-sms": False}}
    await live.receive(out)

    await live.receive(named("d1", "p000", "2026-06-01T10:00"))
    await live.wait(NINE + 60 * HOUR)

    assert said(live) == []
    assert said(live, "skip no_consent") == ["11:00 p000"]


# Zones


BERLIN_NIGHT = QuietHours(begins=time(22), ends=time(8))


@pytest.mark.parametrize(
    ("zone", "sent"),
    [
        ("Europe/Berlin", "2026-06-02T06:00"),  # as it was
        ("Asia/Tokyo", "2026-06-01T23:30"),  # morning already: at once
        ("America/New_York", "2026-06-01T23:30"),  # evening, not night yet
        ("America/Sao_Paulo", "2026-06-01T23:30"),
        ("Atlantic/Azores", "2026-06-02T08:00"),  # deep in the night, and longer than thought
    ],
)
def test_who_is_held_for_the_night_and_moves_is_held_by_the_night_there(zone: str, sent: str) -> None:
    lines = run(
        campaign(OnEvent(event="Seen"), quiet=(BERLIN_NIGHT,)),
        profile("ann", "2026-06-01T21:00", Tz="Europe/Berlin"),
        event("ann", "Seen", "2026-06-01T21:00"),
        profile("ann", "2026-06-01T23:30", Tz=zone),
        until="2026-06-03T00:00",
    )

    assert lines == ["2026-06-01T21:00 ann hold quiet_hours", f"{sent} ann send", f"{sent} ann exit finished"]


def test_a_profile_that_changes_otherwise_hastens_no_hold() -> None:
    lines = run(
        campaign(OnEvent(event="Seen"), quiet=(BERLIN_NIGHT,)),
        profile("ann", "2026-06-01T21:00", Tz="Europe/Berlin"),
        event("ann", "Seen", "2026-06-01T21:00"),
        profile("ann", "2026-06-01T23:30", Plan="gold"),
        until="2026-06-02T05:59",
    )

    assert lines == ["2026-06-01T21:00 ann hold quiet_hours"]


# What cancels, at the moment of the due time


@pytest.mark.parametrize(
    ("when", "sent"), [("10:59", 0), ("11:00", 0), ("11:01", 1)], ids=["before", "at the moment", "after"]
)
@pytest.mark.parametrize("how", ["stop", "or"])
async def test_what_cancels_in_the_batch_of_the_due_time_counts_by_its_moment(
    live: Live, when: str, sent: int, how: str
) -> None:
    paid = Signal(event="Paid")
    if how == "stop":
        await live.publish(journey(stop=paid))
    else:
        wait = WaitStep(id="pause", until=ForTime(Duration(2, "hour")), answers=(Answer(signal=paid),))
        await live.publish(campaign(OnEvent(event="Seen"), wait, send("one"), name="J"))
    await live.receive(*seen("p000"), *seen("p001"))
    live.clock.move_to(NINE + 5 * HOUR)  # the worker was away

    await live.put(
        event("p001", "Other", "2026-06-01T10:58"),
        event("p000", "Paid", f"2026-06-01T{when}"),
        event("p001", "Other", "2026-06-01T11:02"),
    )
    count = await live.step()

    assert count >= 3
    assert [line.split()[1] for line in said(live)] == ["p000"] * sent + ["p001"]


# Ten thousand


PEOPLE = 10_000


async def ten_thousand(live: Live) -> None:
    await live.publish(journey())
    for first in range(0, PEOPLE, 2_500):
        await live.put(
            *(
                record
                for n in range(first, first + 2_500)
                for record in (
                    profile(f"p{n}", "2026-06-01T09:00", Phone=f"+65{90000000 + n}"),
                    event(f"p{n}", "Seen", "2026-06-01T09:00"),
                )
            )
        )
    await live.decide()


async def steps(live: Live) -> None:
    """Let the worker do all there is to do, and no more than a batch in one step."""
    while count := await live.step():
        assert count <= BATCH_LIMIT + 1


@pytest.mark.parametrize("what", ["stopped", "paused and on", "ended", "moved"])
async def test_a_change_while_ten_thousand_wait_reaches_each_once_and_the_sums_agree(
    live: Live, what: str
) -> None:
    await ten_thousand(live)
    shorter = (WaitStep(id="pause", until=ForTime(Duration(1, "hour"))), send("two"))

    live.clock.move_to(NINE + 1.5 * HOUR)
    if what == "stopped":
        await state(live, "stopped")
    elif what == "paused and on":
        await state(live, "paused")
        live.clock.move_to(NINE + 8 * HOUR)
        await steps(live)
        await state(live, "running", "now")
    else:
        inside: Any = "end" if what == "ended" else "move"
        await turn(live, lambda known: changed(known, msgspec.structs.replace(known, steps=shorter), inside))
    await steps(live)

    reasons = Counter(line.split()[-1] for line in live.lines if " exit " in line)
    sent = Counter(line.split()[1] for line in live.lines if " send " in line)
    assert reasons == {"ended" if what in {"stopped", "ended"} else "finished": PEOPLE}
    assert len(sent) == sent.total() == (0 if what in {"stopped", "ended"} else PEOPLE)
    (funnel,) = await live.backend.reports.funnel([ID])
    assert (funnel.inside, sum(funnel.left.values())) == (PEOPLE, PEOPLE)
    assert await live.backend.ledger.next_due(0) is None
