"""A schedule chooses everybody who is known: at moments, by RFC 5545 rules, at everybody's own hour, within limits."""

from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rehearsing import HI, at, campaign, event, profile, run, told

from tellwire.kernel.recurrence import OCCURRENCES_LIMIT, rule_problem, wall_times
from tellwire.kernel.zones import zone_named
from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.model.account import Account
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Limits, QuietHours, Throttle
from tellwire.platform.model.rule import Condition, Has, Not
from tellwire.platform.model.start import Moments, Now, OnEvent, OnSchedule, Recurring
from tellwire.platform.model.step import ForTime, WaitStep
from tellwire.platform.rehearse.simulation import OutputLine

NINE = time(9)
PEOPLE = ("ann", "bob", "cid", "dan", "eve")


def wall(written: str) -> datetime:
    return datetime.fromisoformat(written)


def at_moment(*written: str, zone: str = "account") -> OnSchedule:
    return OnSchedule(when=Moments(tuple(map(wall, written))), zone=zone)


def by_rule(rule: str, zone: str = "account", **fields: Any) -> OnSchedule:
    return OnSchedule(when=Recurring(rule=rule, at=NINE, **fields), zone=zone)


def people(written: str, **data: Any) -> list[dict[str, Any]]:
    return [profile(name, written, **data) for name in PEOPLE]


def moments(schedule: OnSchedule, zone: str, beginning: str, count: int) -> list[str]:
    table, clock = Timetable(schedule, at(beginning), Account()), zone_named(zone)
    assert clock is not None
    found: list[str] = []
    moment, is_included = at(beginning), True
    while len(found) < count and (one := table.next(moment, clock, is_included=is_included)):
        found.append(f"{one.moment:%Y-%m-%dT%H:%M}")
        moment, is_included = one.moment, False
    return found


@pytest.mark.parametrize(
    ("zone", "beginning", "hours"),
    [
        ("Europe/Berlin", "2026-03-27T12:00", ["28T08:00", "29T07:00", "30T07:00"]),
        ("Europe/Berlin", "2026-10-23T12:00", ["24T07:00", "25T08:00", "26T08:00"]),
        ("America/New_York", "2026-03-06T15:00", ["07T14:00", "08T13:00", "09T13:00"]),
        ("America/New_York", "2026-10-30T15:00", ["31T13:00", "01T14:00", "02T14:00"]),
        ("Australia/Lord_Howe", "2026-04-02T23:00", ["03T22:00", "04T22:30", "05T22:30"]),
        ("Australia/Lord_Howe", "2026-10-01T23:00", ["02T22:30", "03T22:00", "04T22:00"]),
    ],
)
def test_nine_stays_nine_over_both_changes_of_the_clock(zone: str, beginning: str, hours: list[str]) -> None:
    for schedule in (by_rule("FREQ=DAILY", zone), by_rule("FREQ=DAILY", "person")):
        assert [one[8:] for one in moments(schedule, zone, beginning, 3)] == hours


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=FR", ["2026-06-05", "2026-06-12", "2026-06-19"]),
        ("RRULE:freq=weekly;byday=mo,we", ["2026-06-03", "2026-06-08", "2026-06-10"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-06-30", "2026-07-31", "2026-08-31"]),
        ("FREQ=MONTHLY;BYDAY=2TU", ["2026-06-09", "2026-07-14", "2026-08-11"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2026-06-30", "2026-07-31", "2026-08-31"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("FREQ=DAILY;INTERVAL=2", ["2026-06-02", "2026-06-04", "2026-06-06"]),
        ("FREQ=DAILY;COUNT=2", ["2026-06-02", "2026-06-03"]),
    ],
)
def test_rules_count_from_the_first_day_whose_hour_is_still_to_come(rule: str, days: list[str]) -> None:
    assert rule_problem(rule) is None
    assert [one[:10] for one in moments(by_rule(rule), "UTC", "2026-06-01T12:00", 3)] == days


def test_a_rule_counts_from_and_until_both_included() -> None:
    rule = by_rule("FREQ=WEEKLY;INTERVAL=2", begins=wall("2026-06-05"), ends=wall("2026-07-03T09:00"))

    assert moments(rule, "UTC", "2026-06-10T00:00", 9) == ["2026-06-19T09:00", "2026-07-03T09:00"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", "FREQ has to be"),
        ("FREQ=HOURLY", "FREQ has to be"),
        ("", "no part of a rule"),
        ("BYDAY=FR", "FREQ has to be"),
        ("FREQ=WEEKLY;BYDAY=XX", "cannot be read"),
        ("FREQ=WEEKLY;BYDAY=", "cannot be read"),
        ("FREQ=DAILY;FREQ=WEEKLY", "twice"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL has to be"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL has to be"),
        ("FREQ=DAILY;COUNT=-1", "COUNT has to be"),
        ("FREQ=DAILY;BYHOUR=9", "the time of the day is at"),
        ("FREQ=DAILY;UNTIL=20260601", "no part of a rule"),
        ("FREQ=DAILY;BYEASTER=1", "no part of a rule"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "it has no day"),
        ("FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30", "it has no day"),
        ("FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 500), "more than"),
        ("FREQ=MONTHLY;BYMONTHDAY=99", "it has no day"),
        ("DTSTART:20260101T000000", "no part of a rule"),
    ],
)
def test_a_rule_that_is_none_or_has_no_day(rule: str, why: str) -> None:
    assert why in (rule_problem(rule) or "")


@given(
    first=st.dates(datetime(1970, 1, 1).date(), datetime(2399, 12, 31).date()),  # noqa: DTZ001
    rule=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY"]),
)
def test_a_rule_gives_real_days_of_its_own_years(first: Any, rule: str) -> None:
    start = datetime.combine(first, NINE)
    days = list(islice(wall_times(rule, start), 3))

    assert days == sorted(set(days))
    assert start <= days[0] < start + timedelta(days=4 * 367)
    assert all(day.time() == NINE for day in days)
    assert "WEEKLY" not in rule or {day.strftime("%a") for day in days} == {"Fri"}


def test_a_rule_is_looked_at_so_far_and_no_further() -> None:
    assert sum(1 for _ in wall_times("FREQ=DAILY", wall("2026-01-01"))) == OCCURRENCES_LIMIT


def test_now_is_the_moment_of_the_first_record_and_takes_all_of_that_moment_in_their_order() -> None:
    lines = run(
        campaign(OnSchedule(when=Now())),
        profile("bob", "2026-06-01T12:00"),
        profile("ann", "2026-06-01T12:00"),
        profile("eve", "2026-06-01T12:01"),
        until="2026-06-02T12:00",
    )

    assert lines == ["2026-06-01T12:00 bob send", "2026-06-01T12:00 ann send"]


def test_each_moment_is_a_run_and_one_that_is_past_is_none() -> None:
    lines = run(
        campaign(
            at_moment("2026-06-03T09:00", "2026-05-31T09:00", "2026-06-02T09:00:00+00:00", "2026-06-03T09:00")
        ),
        profile("ann", "2026-06-01T12:00"),
        profile("bob", "2026-06-02T12:00"),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-02T09:00 ann send", "2026-06-03T09:00 ann send", "2026-06-03T09:00 bob send"]


def test_wall_times_are_of_the_schedules_zone() -> None:
    start = at_moment("2026-06-03T09:00", zone="Asia/Tokyo")
    mine = at_moment("2026-06-03T09:00")

    lines = run(
        [campaign(start), campaign(mine, number=2)],
        profile("ann", "2026-06-01T12:00"),
        until="2026-07-01T00:00",
        account=Account(zone="Europe/Berlin"),
    )

    assert lines == ["2026-06-03T00:00 ann send", "2026-06-03T07:00 ann send"]


def test_everybody_is_chosen_at_their_own_hour() -> None:
    lines = run(
        campaign(by_rule("FREQ=WEEKLY;BYDAY=FR", "person")),
        profile("ann", "2026-06-01T12:00", Tz="America/New_York"),
        profile("bob", "2026-06-01T12:00", Tz="Asia/Tokyo"),
        profile("cid", "2026-06-01T12:00"),
        until="2026-06-12T08:59",
        account=Account(zone="Europe/Berlin"),
    )

    assert lines == [
        "2026-06-05T00:00 bob send",
        "2026-06-05T07:00 cid send",
        "2026-06-05T13:00 ann send",
        "2026-06-12T00:00 bob send",
        "2026-06-12T07:00 cid send",
    ]


def test_of_one_hour_the_profiles_go_in_the_order_in_which_they_came() -> None:
    for start in (by_rule("FREQ=DAILY"), by_rule("FREQ=DAILY", "person")):
        lines = run(campaign(start), *people("2026-06-01T12:00"), until="2026-06-02T12:00")

        assert [line.split()[1] for line in lines] == list(PEOPLE)


@pytest.mark.parametrize(
    ("moves", "hours"),
    [
        ([("2026-06-04T12:00", "Asia/Tokyo")], ["05T00:00", "06T00:00"]),
        ([("2026-06-05T05:00", "Asia/Tokyo")], ["04T07:00", "05T05:00", "06T00:00"]),  # past there: now
        ([("2026-06-05T08:00", "America/New_York")], ["04T07:00", "05T07:00", "06T13:00"]),  # had it today
        ([("2026-06-05T06:00", "America/New_York")], ["04T07:00", "05T13:00", "06T13:00"]),
    ],
)
def test_who_moves_to_another_zone_is_chosen_once_a_run(
    moves: list[tuple[str, str]], hours: list[str]
) -> None:
    lines = run(
        campaign(by_rule("FREQ=DAILY", "person")),
        profile("ann", "2026-06-03T12:00", Tz="Europe/Berlin"),
        *(profile("ann", moment, Tz=tz) for moment, tz in moves),
        until="2026-06-06T23:00",
    )

    assert [line[8:16] for line in lines][-len(hours) :] == hours
    assert len(lines) == len({line[8:10] for line in lines})


def test_who_comes_after_their_hour_waits_for_the_next_run() -> None:
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=2", "person")),
        profile("ann", "2026-06-01T08:00"),
        profile("bob", "2026-06-01T09:00"),
        profile("cid", "2026-06-01T09:01"),
        until="2026-07-01T00:00",
    )

    assert lines == [
        "2026-06-01T09:00 ann send",
        "2026-06-01T09:00 bob send",
        "2026-06-02T09:00 ann send",
        "2026-06-02T09:00 bob send",
        "2026-06-02T09:00 cid send",
    ]


@pytest.mark.parametrize(
    ("who", "word"),
    [
        (Has(Condition(property="Plan", operator="exists")), "skip not_in_who"),
        (Not(Has(Condition(property="Plan", operator="exists"))), "send"),
    ],
)
def test_a_rule_that_nobody_and_one_that_everybody_meets(who: Any, word: str) -> None:
    lines = run(
        campaign(OnSchedule(when=Now()), who=who), *people("2026-06-01T12:00"), until="2026-06-02T12:00"
    )

    assert lines == [f"2026-06-01T12:00 {name} {word}" for name in PEOPLE]


def test_a_number_is_written_to_once_a_run_and_again_in_the_next() -> None:
    phone = "+6591230000"
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=2")),
        profile("ann", "2026-06-01T08:00", Phone=phone, **{"MSG-sms": False}),
        profile("bob", "2026-06-01T08:00", Phone=phone),
        profile("cid", "2026-06-01T08:00", Phone=phone),
        until="2026-07-01T00:00",
    )

    assert [line[8:] for line in lines] == [
        "01T09:00 ann skip no_consent",
        "01T09:00 bob send",
        "01T09:00 cid skip number_twice",
        "02T09:00 ann skip no_consent",
        "02T09:00 bob send",
        "02T09:00 cid skip number_twice",
    ]


def test_a_person_may_get_several_messages_of_one_run() -> None:
    second = HI.__class__(id="second", content=HI.content, number=1)
    pause = WaitStep(id="w", until=ForTime(Duration(1, "hour")))
    lines = run(
        campaign(OnSchedule(when=Now()), HI, pause, second),
        profile("ann", "2026-06-01T12:00"),
        until="2026-06-02T00:00",
    )

    assert [line[11:] for line in lines] == ["12:00 ann send", "13:00 ann send", "13:00 ann exit finished"]


def test_a_run_sends_as_much_as_it_may() -> None:
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=2"), limits=Limits(per_run=2)),
        *people("2026-06-01T08:00"),
        until="2026-07-01T00:00",
    )

    assert [line[17:] for line in lines] == [
        *("ann send", "bob send", "cid skip per_run", "dan skip per_run", "eve skip per_run"),
    ] * 2


FIVE_MINUTES = Throttle(2, Duration(5, "minute"))


@pytest.mark.parametrize("zone", ["account", "person"])
def test_so_many_at_once_and_the_next_a_window_later(zone: str) -> None:
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=1", zone), limits=Limits(throttle=FIVE_MINUTES)),
        *people("2026-06-01T08:00"),
        until="2026-07-01T00:00",
    )

    assert [line[11:] for line in lines] == [
        "09:00 ann send",
        "09:00 bob send",
        "09:05 cid send",
        "09:05 dan send",
        "09:10 eve send",
    ]


def test_who_is_none_of_them_takes_no_place_and_who_is_asked_once() -> None:
    gold = Has(Condition(property="Plan", value="gold"))
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=1"), limits=Limits(throttle=FIVE_MINUTES), who=gold),
        *people("2026-06-01T08:00", Plan="gold"),
        profile("ann", "2026-06-01T08:30", Plan="silver"),
        profile("dan", "2026-06-01T09:02", Plan="silver"),
        until="2026-07-01T00:00",
    )

    assert [line[11:] for line in lines] == [
        "09:00 ann skip not_in_who",
        "09:00 bob send",
        "09:00 cid send",
        "09:05 dan send",
        "09:05 eve send",
    ]


def test_a_cut_off_skips_those_left_at_that_moment() -> None:
    limits = Limits(throttle=FIVE_MINUTES, cut_off=time(9, 7))
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=1"), limits=limits),
        *people("2026-06-01T08:00"),
        until="2026-07-01T00:00",
    )

    assert [line[11:] for line in lines][-2:] == ["09:05 dan send", "09:07 eve skip cut_off"]


def test_a_run_after_its_cut_off_chooses_nobody() -> None:
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=1"), limits=Limits(cut_off=time(8, 30))),
        profile("ann", "2026-06-01T08:00"),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-01T09:00 ann skip cut_off"]


def test_quiet_hours_hold_what_a_run_decided() -> None:
    night = QuietHours(begins=time(20), ends=time(10))
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=1"), quiet=(night,)),
        profile("ann", "2026-06-01T08:00"),
        until="2026-07-01T00:00",
    )

    assert [line[11:] for line in lines] == [
        "09:00 ann hold quiet_hours",
        "10:00 ann send",
        "10:00 ann exit finished",
    ]


def test_who_is_inside_still_is_not_chosen_again() -> None:
    pause = WaitStep(id="w", until=ForTime(Duration(30, "hour")))
    lines = run(
        campaign(by_rule("FREQ=DAILY;COUNT=2"), pause, HI),
        profile("ann", "2026-06-01T08:00"),
        until="2026-07-01T00:00",
    )

    assert [line[8:] for line in lines] == [
        "02T09:00 ann skip already_inside",
        "02T15:00 ann send",
        "02T15:00 ann exit finished",
    ]


def test_at_one_moment_campaigns_go_in_the_order_of_their_files() -> None:
    pause = WaitStep(id="w", until=ForTime(Duration(1, "hour")))
    first = campaign(by_rule("FREQ=DAILY;COUNT=1"))
    second = campaign(OnEvent(event="Seen"), pause, HI, number=2)
    records = profile("ann", "2026-06-01T08:00"), event("ann", "Seen", "2026-06-01T08:00")

    def order(*campaigns: Any) -> list[str]:
        lines = told(list(campaigns), *records, until="2026-06-02T00:00")
        return [line.campaign for line in lines if isinstance(line, OutputLine) and line.verdict == "send"]

    assert order(first, second) == ["C1", "C2"]
    assert order(
        campaign(OnEvent(event="Seen"), pause, HI), campaign(by_rule("FREQ=DAILY;COUNT=1"), number=2)
    ) == ["C1", "C2"]
    assert order(first, campaign(OnEvent(event="Seen"), pause, HI, number=2, priority="high")) == ["C2", "C1"]


def test_nothing_begins_before_the_first_record_and_a_story_without_records_has_no_lines() -> None:
    assert run(campaign(OnSchedule(when=Now())), until="2026-06-02T00:00") == []


@pytest.mark.parametrize("zone", ["account", "person"])
def test_a_schedule_has_no_runs_before_its_campaign_starts_and_after_it_ends(zone: str) -> None:
    period = {"starts_at": at("2026-06-02T00:00"), "ends_at": at("2026-06-04T09:00")}

    lines = run(
        campaign(by_rule("FREQ=DAILY", zone), **period),
        profile("ann", "2026-06-01T08:00"),
        until="2026-06-10T00:00",
    )

    assert lines == ["2026-06-02T09:00 ann send", "2026-06-03T09:00 ann send"]
