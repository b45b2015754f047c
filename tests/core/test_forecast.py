"""What schedules will do, as the calendar shows it: by the very timetables that the machine goes by."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_campaign

from tellwire.platform.decide.forecast import forecast
from tellwire.platform.decide.sweeping import first_sweep
from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.start import Moments, Now, OnSchedule, Recurring, When

BERLIN = Account(zone="Europe/Berlin")
WEEK = timedelta(days=7)


def scheduled(when: When, number: int = 1, *, zone: str = "account", **fields: object) -> Campaign:
    start = OnSchedule(when=when, zone=zone)
    campaign = a_campaign(id=CampaignId(number), began_at=NOON, **{"state": "running"} | fields)
    return msgspec.structs.replace(campaign, start=start)


def daily(number: int = 1, **fields: object) -> Campaign:
    return scheduled(Recurring(rule="FREQ=DAILY", at=time(9)), number, **fields)


def moments(*campaigns: Campaign, since: datetime = NOON, until: datetime = NOON + WEEK) -> list[datetime]:
    return [one.moment for one in forecast(campaigns, BERLIN, since, until)]


def test_a_daily_run_keeps_its_time_over_the_change_of_the_clock() -> None:
    since = datetime(2026, 10, 23, tzinfo=UTC)
    found = moments(daily(), since=since, until=since + timedelta(days=4))

    assert [one.hour for one in found] == [7, 7, 8, 8]


def test_runs_of_many_campaigns_come_in_order_of_time_and_no_more_are_worked_out_than_are_taken() -> None:
    campaigns = [daily(number) for number in range(1, 40)]
    found = list(islice(forecast(campaigns, BERLIN, NOON, NOON + timedelta(days=700)), 60))

    assert [one.moment for one in found] == sorted(one.moment for one in found)
    assert [one.campaign_id for one in found[:39]] == list(range(1, 40))


def test_only_what_is_in_use_is_planned() -> None:
    others = [daily(2, state="draft"), daily(3, state="stopped"), a_campaign(id=CampaignId(4))]

    assert {one.campaign_id for one in forecast([daily(), *others], BERLIN, NOON, NOON + WEEK)} == {1}
    assert len(moments(daily(state="paused"))) == 7


def test_nothing_is_planned_before_a_campaign_starts_and_from_its_end_on() -> None:
    third, fifth = NOON + timedelta(days=3), NOON + timedelta(days=5)
    found = moments(daily(starts_at=third, ends_at=fifth))

    assert [third <= one < fifth for one in found] == [True, True]


def test_the_first_moment_is_included_and_the_last_is_not() -> None:
    once = scheduled(Moments((NOON + timedelta(days=1), NOON + WEEK)))

    assert moments(once, since=NOON + timedelta(days=1)) == [NOON + timedelta(days=1)]
    assert moments(scheduled(Now())) == [NOON]


@given(
    st.integers(0, 60),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYMONTHDAY=-1"]),
)
def test_what_is_planned_first_is_what_the_machine_plans(days: int, rule: str) -> None:
    campaign = scheduled(Recurring(rule=rule, at=time(18, 30)))
    now = NOON + timedelta(days=days)

    first = next(forecast([campaign], BERLIN, now, now + timedelta(days=62)))

    timetable = Timetable(OnSchedule(when=campaign.start.when), NOON, BERLIN)  # type: ignore[union-attr]
    assert first.moment == timetable.next(now, timetable.zone, is_included=True).moment  # type: ignore[union-attr]
    sweep = first_sweep(campaign, BERLIN, now)
    assert sweep is not None
    assert (sweep.run, sweep.at) == (first.run, first.moment)
