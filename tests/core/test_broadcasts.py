"""A broadcast: its audience is a number before the first message, its cursor keeps to limits, and its sum agrees."""

import random
from collections.abc import AsyncIterator, Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.live import Live
from tests.rehearsing import at, campaign, profile

from tellwire.platform.backends.embedded import schema
from tellwire.platform.backends.embedded.migrations import m16_broadcasts
from tellwire.platform.control.campaign_state import moved, replacing
from tellwire.platform.control.run_view import RunView, run_view
from tellwire.platform.decide.property_rules import property_test
from tellwire.platform.decide.rules import Person, meets
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Limits, QuietHours, Throttle
from tellwire.platform.model.rule import All, Condition, Has, Member, Not, Reachable, Rule
from tellwire.platform.model.rule import Any as AnyOf
from tellwire.platform.model.run import RunRecord, Sweep, attempt_named
from tellwire.platform.model.start import Moments, Now, OnSchedule
from tellwire.platform.ports.run_reports import SweepProgress
from tellwire.platform.ports.runs import Attempt

NINE = at("2026-06-01T09:00")
GOLD = Has(Condition(property="Plan", operator="equals", value="gold"))
NOW = OnSchedule(when=Now())


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


async def people(live: Live, *names: str, **data: Any) -> None:
    when = f"{live.clock.now():%Y-%m-%dT%H:%M:%S}"
    await live.receive(*(profile(name, when, Phone=phone_of(name), **data) for name in names))


def phone_of(name: str) -> str:
    return f"+659{int(name[1:]):07}"


async def take_down(live: Live) -> RunRecord:
    """Let the worker go on until the audience of the run stands."""
    while True:
        assert await live.step()
        (run,) = await live.backend.reports.runs(CampaignId(1), 9)
        (sweep,) = await live.backend.reports.sweeps(CampaignId(1))
        if sweep.is_chosen:
            return run


async def view(live: Live) -> RunView:
    newest = await live.backend.catalog.snapshot()
    sweeps = {one.run: one for one in await live.backend.reports.sweeps(CampaignId(1))}
    run = (await live.backend.reports.runs(CampaignId(1), 9))[0]
    return run_view(
        newest.campaigns[CampaignId(1)], run, sweeps.get(run.run), newest.account, live.clock.now()
    )


async def turn(live: Live, change: Callable[[Campaign], Campaign]) -> None:
    newest = await live.backend.catalog.snapshot()
    known, now = newest.campaigns[CampaignId(1)], live.clock.now()
    after = msgspec.structs.replace(change(known), updated_at=now)
    await live.backend.catalog.save((replacing(known, after, newest.account, now),), newest.version)


async def move(live: Live, state: Any) -> None:
    await turn(live, lambda known: moved(known, state, live.clock.now()))


def sends(live: Live) -> list[str]:
    return [f"{line.split()[0][11:16]} {line.split()[1]}" for line in live.lines if " send " in line]


async def test_whoever_comes_to_belong_to_it_later_is_out_and_whoever_ceases_to_is_in(live: Live) -> None:
    await people(live, "p1", "p2", Plan="gold")
    await people(live, "p3", Plan="tin")
    await live.publish(campaign(NOW, who=GOLD))

    run = await take_down(live)
    await people(live, "p3", "p4", Plan="gold")
    await people(live, "p1", Plan="tin")
    await live.decide()

    assert (run.people, run.members, run.met) == (3, 2, 0)
    assert sends(live) == ["09:00 p1", "09:00 p2"]
    shown = await view(live)
    assert (shown.state, shown.qualified, shown.messages, shown.missing) == ("complete", 2, 2, 0)


async def test_all_that_keeps_members_from_a_message_is_in_the_sum(live: Live) -> None:
    await people(live, *(f"p{number}" for number in range(1, 6)))
    await live.receive(profile("none", "2026-06-01T09:00", Phone=None))
    await people(live, "p1", **{"MSG-sms": False})
    await live.receive(profile("twin", "2026-06-01T09:00", Phone=phone_of("p2")))
    await live.publish(campaign(NOW, limits=Limits(per_run=2)))

    await live.decide()

    shown = await view(live)
    assert (shown.state, shown.qualified, shown.messages, shown.held, shown.missing) == (
        "complete",
        7,
        2,
        0,
        0,
    )
    assert {one.code: one.people for one in shown.reasons} == {"no_consent": 1, "no_phone": 1, "per_run": 3}
    assert all(one.words.endswith(".") for one in shown.reasons)


async def test_a_run_is_complete_when_what_it_holds_is_sent(live: Live) -> None:
    night = QuietHours(begins=time(8), ends=time(10), zone="account")
    await people(live, "p1", "p2", "p3")
    await live.publish(campaign(NOW, quiet=(night,)))

    await live.decide()
    held = await view(live)
    await live.wait(NINE + timedelta(hours=2))
    sent = await view(live)

    assert (held.state, held.messages, held.held, held.missing) == ("finishing", 0, 3, 0)
    assert (sent.state, sent.messages, sent.held, sent.missing) == ("complete", 3, 0, 0)


async def test_who_is_stopped_while_a_message_is_held_is_a_reason(live: Live) -> None:
    night = QuietHours(begins=time(8), ends=time(10), zone="account")
    await people(live, "p1", "p2")
    await live.publish(campaign(NOW, quiet=(night,)))
    await live.decide()

    await move(live, "stopped")
    await live.decide()

    shown = await view(live)
    assert (shown.state, shown.messages, shown.held, shown.missing) == ("complete", 0, 0, 0)
    assert {one.code: one.people for one in shown.reasons} == {"ended": 2}


async def test_the_throttle_is_the_speed_of_the_cursor_and_nobody_waits_in_the_store(live: Live) -> None:
    await people(live, *(f"p{number}" for number in range(1, 6)))
    await live.publish(campaign(NOW, limits=Limits(throttle=Throttle(2, Duration(10, "minute")))))

    await live.decide()
    waiting = await view(live)
    inside = await live.backend.reports.waiting(CampaignId(1))
    await live.wait(NINE + timedelta(hours=2))

    assert (waiting.state, waiting.met, waiting.qualified) == ("waiting", 2, 5)
    assert waiting.resumes_at == NINE + timedelta(minutes=10)
    assert waiting.over_at == NINE + timedelta(minutes=20)
    assert inside == []
    assert sends(live) == ["09:00 p1", "09:00 p2", "09:10 p3", "09:10 p4", "09:20 p5"]


async def test_a_throttled_run_makes_up_no_windows_after_a_pause(live: Live) -> None:
    await people(live, *(f"p{number}" for number in range(1, 8)))
    await live.publish(campaign(NOW, limits=Limits(throttle=Throttle(2, Duration(10, "minute")))))
    await live.decide()

    await move(live, "paused")
    live.clock.advance(timedelta(hours=1))
    assert (await view(live)).state == "paused"
    await move(live, "running")
    await live.wait(NINE + timedelta(hours=3))

    assert [line[:5] for line in sends(live)] == ["09:00"] * 2 + ["10:00"] * 2 + ["10:10"] * 2 + ["10:20"]


async def test_those_left_at_the_cut_off_are_told_apart(live: Live) -> None:
    limits = Limits(throttle=Throttle(1, Duration(1, "hour")), cut_off=time(10, 30))
    await people(live, "p1", "p2", "p3", "p4")
    await live.publish(campaign(NOW, limits=limits))

    await live.wait(NINE + timedelta(hours=9))

    shown = await view(live)
    assert sends(live) == ["09:00 p1", "10:00 p2"]
    assert (shown.state, shown.messages, shown.missing) == ("complete", 2, 0)
    assert {one.code: one.people for one in shown.reasons} == {"cut_off": 2}


@pytest.mark.parametrize("state", ["paused", "stopped"])
async def test_a_pause_or_stop_acts_while_the_audience_is_taken_down(live: Live, state: Any) -> None:
    await people(live, *(f"p{number}" for number in range(1, 4)))
    await live.publish(campaign(NOW))

    await move(live, state)
    await live.decide()
    assert sends(live) == []
    await move(live, "running")
    await live.decide()

    # Published anew after a stop it is another campaign's life, with a run of its own.
    assert sends(live) == ["09:00 p1", "09:00 p2", "09:00 p3"]


async def test_stopped_in_the_middle_it_says_how_many_had_their_turn(live: Live) -> None:
    await people(live, *(f"p{number}" for number in range(1, 4)))
    await live.publish(campaign(NOW, limits=Limits(throttle=Throttle(1, Duration(1, "hour")))))
    await live.decide()

    await move(live, "stopped")
    await live.wait(NINE + timedelta(hours=9))

    shown = await view(live)
    assert (shown.state, shown.met, shown.qualified, shown.missing) == ("stopped", 1, 3, 0)
    assert sends(live) == ["09:00 p1"]


async def test_a_rule_that_is_saved_while_the_audience_is_taken_down_is_the_one_that_counts(
    live: Live,
) -> None:
    await people(live, "p1", Plan="gold")
    await people(live, "p2", Plan="tin")
    await live.publish(campaign(NOW, who=GOLD))
    choosing = (await live.facts()).choosing
    assert choosing is not None

    await turn(live, lambda known: msgspec.structs.replace(known, who=Not(GOLD)))
    await live.decide()

    assert sends(live) == ["09:00 p2"]


@pytest.mark.parametrize(("seconds", "rate"), [(0.004, None), (4.9, None), (7, 14.3), (1000, 0.1)])
def test_a_rate_has_three_digits_and_is_none_in_the_first_seconds(seconds: float, rate: float | None) -> None:
    last = NINE + timedelta(seconds=seconds)
    record = RunRecord(
        campaign_id=CampaignId(1), run="r", at=NINE, members=900, met=100, first_at=NINE, last_at=last
    )
    sweep = SweepProgress(run="r", at=NINE, is_chosen=True, next_at=NINE)

    shown = run_view(campaign(NOW), record, sweep, Account(), last)

    assert (shown.state, shown.rate, shown.over_at is None) == ("sending", rate, rate is None)


async def test_rules_that_look_beyond_properties_choose_too(live: Live) -> None:
    await people(live, "p1", "p2")
    await people(live, "p2", **{"MSG-sms": False})
    await live.receive(profile("none", "2026-06-01T09:00", Phone=None))
    account = Account(audiences={"Reachable": Reachable("sms")})
    await live.publish(campaign(NOW, who=Member("Reachable")), account=account)

    await live.decide()

    shown = await view(live)
    assert (shown.people, shown.qualified, shown.messages) == (3, 1, 1)


async def test_the_campaigns_end_is_a_reason_and_no_line(live: Live) -> None:
    limits = Limits(throttle=Throttle(1, Duration(1, "hour")))
    await people(live, "p1", "p2", "p3")
    await live.publish(campaign(NOW, limits=limits, ends_at=NINE + timedelta(minutes=90)))

    await live.wait(NINE + timedelta(hours=9))

    shown = await view(live)
    assert (shown.state, shown.messages, shown.missing) == ("complete", 2, 0)
    assert {one.code: one.people for one in shown.reasons} == {"ended": 1}
    assert not [line for line in live.lines if "ended" in line]


async def test_a_run_in_everybodys_own_zone_is_complete_when_the_last_day_has_come(live: Live) -> None:
    await people(live, "p1", Tz="Asia/Tokyo")
    await people(live, "p2", Tz="America/New_York")
    noon = Moments((datetime.fromisoformat("2026-06-02T12:00"),))
    await live.publish(campaign(OnSchedule(when=noon, zone="person")))

    await live.wait(at("2026-06-02T04:00"))
    first = await view(live)
    await live.wait(at("2026-06-03T04:00"))
    live.clock.move_to(at("2026-06-03T04:00"))
    last = await view(live)

    assert (first.state, first.qualified, first.messages) == ("sending", 1, 1)
    assert (last.state, last.qualified, last.messages, last.missing) == ("complete", 2, 2, 0)


@pytest.mark.parametrize("seed", range(4))
async def test_a_broadcast_over_crashes_reaches_its_members_once(tmp_path: Path, seed: int) -> None:
    live = Live(tmp_path, NINE, random.Random(seed))
    await live.open()
    names = [f"p{number}" for number in range(1, 40)]
    await people(live, *names[::2], Plan="gold")
    await people(live, *names[1::2], Plan="tin")
    limits = Limits(throttle=Throttle(7, Duration(1, "minute")))
    await live.publish(campaign(NOW, who=GOLD, limits=limits))

    await live.wait(NINE + timedelta(hours=1))

    shown = await view(live)
    assert sorted(line.split()[1] for line in sends(live)) == sorted(names[::2])
    assert (shown.state, shown.qualified, shown.messages, shown.missing) == ("complete", 20, 20, 0)
    await live.close()


@pytest.mark.parametrize("seed", range(4, 7))
async def test_an_attempt_over_crashes_writes_to_each_once_more(tmp_path: Path, seed: int) -> None:
    live = Live(tmp_path, NINE, random.Random(seed))
    await live.open()
    names = [f"p{number}" for number in range(1, 30)]
    await people(live, *names)
    await live.publish(campaign(NOW))
    await live.decide()
    (run,) = await live.backend.reports.runs(CampaignId(1), 9)
    live.clock.advance(timedelta(minutes=1))
    sweep = Sweep(campaign_id=CampaignId(1), run=attempt_named(run.run, 2), at=live.clock.now())
    record = RunRecord(campaign_id=sweep.campaign_id, run=sweep.run, at=sweep.at, people=9, members=9)
    places = list(range(3, 12))
    attempt = Attempt(sweep=sweep, members=places, record=record)

    assert await live.backend.runs.begin(attempt)
    assert not await live.backend.runs.begin(attempt), "a second one while it is under way"
    await live.decide()

    second = [line.split()[1] for line in sends(live) if line.startswith("09:01")]
    assert sorted(second) == sorted(names[place - 1] for place in places)
    shown = await view(live)
    assert (shown.attempt, shown.state, shown.qualified, shown.messages) == (2, "complete", 9, 9)
    assert not await live.backend.runs.begin(attempt), "nor one of the same name, when it is over"
    await live.close()


def as_before(file: Path, run: RunRecord, after: int, upto: int) -> None:
    """Make a store one of the release before audiences were taken down, with a run that has come so far."""
    newer = file.with_suffix(".new")
    file.rename(newer)
    connection = apsw.Connection(str(file))
    before = schema.MIGRATIONS.index(m16_broadcasts.SCRIPT)
    for script in schema.MIGRATIONS[:before]:
        connection.execute(script)
    connection.pragma("user_version", before)
    connection.execute("ATTACH ? AS newer", (str(newer),))
    tables = [
        name for (name,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
    ]
    for table in tables:
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
        connection.execute(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM newer.{table}")
    connection.execute("UPDATE main.sweep SET after = ?, upto = ?", (after, upto))
    body = msgspec.json.encode(run).decode()
    connection.execute(
        "INSERT INTO main.campaign_run (campaign_id, run, at_ms, body) VALUES (1, ?, ?, ?)",
        (run.run, int(run.at.timestamp() * 1000), body),
    )
    connection.close()


async def test_a_run_that_was_under_way_in_the_release_before_goes_on(tmp_path: Path) -> None:
    live = Live(tmp_path, NINE)
    await live.open()
    await people(live, "p1", "p2", "p5", Plan="gold")
    await people(live, "p3", Plan="tin")
    await people(live, "p4", Plan="gold")
    await live.publish(campaign(NOW, who=GOLD))
    (sweep,) = await live.backend.reports.sweeps(CampaignId(1))
    await live.close()
    run = RunRecord(
        campaign_id=CampaignId(1), run=sweep.run, at=sweep.at, people=2, entered=2, messages=2, refused={}
    )
    as_before(tmp_path / "tellwire.db", run, after=2, upto=5)

    await live.open()
    await live.decide()

    shown = await view(live)
    assert sorted(sends(live)) == ["09:00 p4", "09:00 p5"]
    assert (shown.state, shown.qualified, shown.messages, shown.missing) == ("complete", 4, 4, 0)
    await live.close()


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(["gold", " Gold ", "tin", "2", "2.0", "$D_1780000000", "2026-05-28", ""]),
    st.lists(st.sampled_from(["gold", 2, "tin"]), max_size=2),
)
PROPERTIES = st.dictionaries(st.sampled_from(["Plan", "plan", "P lan", "Age", "Address.city"]), VALUES)
CONDITIONS = st.builds(
    Has,
    st.builds(
        Condition,
        property=st.sampled_from(["Plan", "Age", "Address.city"]),
        operator=st.sampled_from(
            ["equals", "not_equals", "contains", "exists", "does_not_exist", "greater_than"]
        ),
        value=st.sampled_from(["gold", 2, "2026-05-28", True]),
    ),
)
AUDIENCES: dict[str, Rule] = {"Gold": GOLD}
RULES = st.recursive(
    st.one_of(CONDITIONS, st.sampled_from([Member("Gold"), Member("Nobody's")])),
    lambda rules: st.one_of(
        st.builds(Not, rules),
        st.builds(lambda some: All(tuple(some)), st.lists(rules, min_size=1, max_size=3)),
        st.builds(lambda some: AnyOf(tuple(some)), st.lists(rules, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)


@given(rule=RULES, crowd=st.lists(PROPERTIES, max_size=6))
def test_a_rule_made_ready_says_what_the_rule_says(rule: Rule, crowd: list[dict[str, Any]]) -> None:
    test = property_test(rule, AUDIENCES.get)
    assert test is not None

    for properties in crowd:
        person = Person(properties, lambda _channel: False, lambda _name: False, AUDIENCES.get)
        assert test(properties) == meets(rule, person)


def test_a_rule_that_asks_for_more_than_properties_is_none() -> None:
    reachable = Reachable("sms")

    assert property_test(All((GOLD, Not(reachable))), AUDIENCES.get) is None
    assert property_test(Member("Within"), {"Within": AnyOf((reachable,))}.get) is None
    assert property_test(Member("Round"), {"Round": Member("Round")}.get) is None
    assert property_test(None, AUDIENCES.get) is not None
