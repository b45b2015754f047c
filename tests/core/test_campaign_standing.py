"""How a campaign stands, in one word: its state, and what the facts make of it."""

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest
from tests.builders import NOON, a_campaign

from tellwire.platform.control.campaign_health import CampaignFact
from tellwire.platform.control.campaign_standing import Timing, standing_of, timing_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.start import Moments, OnSchedule, Recurring
from tellwire.platform.ports.run_reports import PlannedRun

SOON, AGO = NOON + timedelta(hours=4), NOON - timedelta(hours=4)
ONCE = OnSchedule(when=Moments((SOON,)))
WEEKLY = OnSchedule(when=Recurring(rule="FREQ=WEEKLY", at=time(9)))
FAILING = CampaignFact(code="failing", text="All failed.", advice="Look.")
OVER = CampaignFact(code="over", text="Its last run is over.", advice="Nothing.")
IDLE = CampaignFact(code="idle", text="Nothing came.", advice="Look.")


def scheduled(start: OnSchedule) -> Campaign:
    return msgspec.structs.replace(a_campaign(state="running", began_at=AGO), start=start)


@pytest.mark.parametrize(
    ("fields", "facts", "timing", "has_decided", "word"),
    [
        ({"state": "draft"}, (), Timing(), False, "draft"),
        ({"state": "paused"}, (FAILING,), Timing(), True, "paused"),
        ({"state": "stopped"}, (), Timing(), True, "stopped"),
        ({"state": "stopped", "archived_at": NOON}, (), Timing(), True, "archived"),
        ({"state": "draft", "archived_at": NOON}, (), Timing(), False, "archived"),
        ({}, (), Timing(), True, "running"),
        ({}, (IDLE,), Timing(), True, "running"),
        ({}, (IDLE, FAILING), Timing(), True, "failing"),
        ({"starts_at": SOON}, (), Timing(), False, "scheduled"),
        ({"starts_at": NOON}, (), Timing(), False, "running"),
        ({"ends_at": NOON}, (FAILING,), Timing(), True, "ended"),
        ({"ends_at": SOON}, (), Timing(), True, "running"),
        ({"start": ONCE}, (), Timing(next_at=SOON), False, "scheduled"),
        ({"start": ONCE}, (), Timing(next_at=NOON), False, "running"),  # due, and about to begin
        ({"start": ONCE}, (), Timing(is_under_way=True), True, "running"),
        ({"start": ONCE}, (OVER,), Timing(), True, "ended"),
        ({"start": ONCE}, (), Timing(), True, "running"),  # somebody is still inside
        ({"start": ONCE}, (FAILING,), Timing(is_under_way=True), True, "failing"),
        ({"start": WEEKLY}, (), Timing(next_at=SOON), False, "scheduled"),
        ({"start": WEEKLY}, (), Timing(next_at=SOON), True, "running"),
        ({"start": WEEKLY}, (OVER,), Timing(), True, "ended"),
    ],
)
def test_a_campaign_stands_so(fields, facts, timing, has_decided, word) -> None:
    campaign = msgspec.structs.replace(a_campaign(), **{"state": "running"} | fields)

    assert standing_of(campaign, facts, timing, NOON, has_decided=has_decided) == word


def test_the_next_run_is_what_is_planned_and_one_that_has_begun_is_under_way() -> None:
    campaign = scheduled(WEEKLY)
    runs = [
        PlannedRun(campaign_id=CampaignId(1), run="a", at=AGO, has_begun=True),
        PlannedRun(campaign_id=CampaignId(1), run="b", at=SOON, has_begun=False),
    ]

    assert timing_of(campaign, runs, Account(), NOON) == Timing(next_at=SOON, is_under_way=True)
    assert timing_of(campaign, runs[:1], Account(), NOON) == Timing(is_under_way=True)
    assert timing_of(a_campaign(), runs, Account(), NOON) == Timing()


def test_a_moment_of_each_persons_own_is_under_way_while_it_may_still_come_somewhere() -> None:
    wall = datetime(2026, 11, 29, 9)  # noqa: DTZ001 - a wall time
    campaign = scheduled(OnSchedule(when=Moments((wall,)), zone="person"))
    at = wall.replace(tzinfo=UTC)

    before = timing_of(campaign, (), Account(), at - timedelta(hours=1))
    during = timing_of(campaign, (), Account(), at + timedelta(hours=1))
    after = timing_of(campaign, (), Account(), at + timedelta(hours=30))

    assert before == Timing(next_at=at)
    assert during == Timing(is_under_way=True)
    assert after == Timing()
