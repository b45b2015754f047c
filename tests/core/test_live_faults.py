"""Faults that were found by trying to break live campaigns: each stays mended."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.live import Live, begun
from tests.rehearsing import HI, at, campaign, event, profile

from tellwire.platform.control.campaign_state import Inside, changed, moved, replacing
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Limits, Throttle
from tellwire.platform.model.rule import Condition, Has
from tellwire.platform.model.start import Moments, Now, OnDate, OnEvent, OnMembership, OnSchedule, Recurring
from tellwire.platform.model.step import DateOf, ForTime, RepeatStep, SendStep, WaitStep

NINE = at("2026-06-01T09:00")
HOUR = timedelta(hours=1)
GOLD = Has(Condition(property="Plan", operator="equals", value="gold"))
ACCOUNT = Account(audiences={"Gold": GOLD})
DAILY = Recurring(rule="FREQ=DAILY", at=datetime.strptime("09:00", "%H:%M").time())  # noqa: DTZ007 - a wall time


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    made = Live(tmp_path, NINE)
    await made.open()
    yield made
    await made.close()


async def people(live: Live, count: int = 5, **data: Any) -> None:
    when = f"{live.clock.now():%Y-%m-%dT%H:%M:%S}"
    await live.receive(
        *(profile(f"p{number}", when, Phone=f"+6590000{number:03}", **data) for number in range(count))
    )


async def turn(live: Live, change: Callable[[Campaign], Campaign], number: int = 1) -> None:
    """Save a campaign in the place of what it is now."""
    newest = await live.backend.catalog.snapshot()
    known = newest.campaigns[CampaignId(number)]
    now = live.clock.now()
    after = msgspec.structs.replace(change(known), updated_at=now)
    await live.backend.catalog.save((replacing(known, after, newest.account, now),), newest.version)


async def edit(live: Live, inside: Inside = "finish", **fields: Any) -> None:
    await turn(live, lambda known: changed(known, msgspec.structs.replace(known, **fields), inside))


async def move(live: Live, state: Any) -> None:
    now = live.clock.now()
    await turn(live, lambda known: moved(known, state, now))


def sends(live: Live) -> list[str]:
    return [line.split()[1] for line in live.lines if " send " in line]


@pytest.mark.parametrize(
    ("born", "zone"), [("9999-12-31T23:30:00Z", "Asia/Tokyo"), ("0001-01-01T00:30:00Z", "America/New_York")]
)
async def test_a_date_that_no_calendar_has_stops_nobody(live: Live, born: str, zone: str) -> None:
    start = OnDate(date=DateOf(source="profile", property="Born"), yearly=True)
    await live.publish(campaign(start), campaign(OnEvent(event="Seen"), number=2))

    await live.receive(
        profile("ann", "2026-06-01T09:00", Born=born, Tz=zone), event("ann", "Seen", "2026-06-01T09:00")
    )

    assert sends(live) == ["ann"]


async def test_somebody_who_waited_where_a_repeat_stands_now_begins_it(live: Live) -> None:
    wait = WaitStep(id="x", until=ForTime(Duration(2, "hour")))
    await live.publish(campaign(OnEvent(event="Seen"), wait, HI))
    await live.receive(profile("ann", "2026-06-01T09:00"), event("ann", "Seen", "2026-06-01T09:00"))
    send = SendStep(id="again", content=Content(text="Hi"), number=1)

    await edit(live, "move", steps=(RepeatStep(id="x", times=3, every=Duration(1, "hour"), steps=(send,)),))
    await live.wait(NINE + 9 * HOUR)

    assert sends(live) == ["ann"] * 3


async def test_a_throttle_beyond_all_calendars_holds_up_nobody(live: Live) -> None:
    await people(live, 3)
    throttle = Limits(throttle=Throttle(1, Duration(120, "month")))
    await live.publish(campaign(OnSchedule(when=Now()), limits=throttle))

    await live.decide()

    assert len(sends(live)) == 1


@pytest.mark.parametrize("what", ["edit", "pause and resume"])
async def test_a_broadcast_that_has_not_begun_survives_a_save(live: Live, what: str) -> None:
    await people(live)
    await live.publish(campaign(OnSchedule(when=Now())))
    live.clock.advance(timedelta(milliseconds=50))
    if what == "edit":
        await edit(live, labels=("a",))
    else:
        await move(live, "paused")
        live.clock.advance(timedelta(milliseconds=50))
        await move(live, "running")

    await live.decide()

    assert len(sends(live)) == 5


async def test_a_run_that_comes_while_paused_is_not_made_up_and_the_next_one_is(live: Live) -> None:
    await people(live, 1)
    await live.publish(campaign(OnSchedule(when=DAILY)))
    live.clock.advance(HOUR)
    await live.decide()
    await move(live, "paused")
    await live.wait(NINE + 30 * HOUR)
    live.clock.move_to(NINE + 30 * HOUR)
    await move(live, "running")

    await live.wait(NINE + 49 * HOUR)

    assert [line[:13] for line in live.lines] == ["2026-06-01T10", "2026-06-03T09"]


async def test_whoever_joins_while_all_are_looked_through_is_let_in_once(live: Live) -> None:
    await people(live, 1)
    await live.publish(campaign(OnMembership(audience="Gold", present=True)), account=ACCOUNT)

    await live.receive(profile("p0", "2026-06-01T09:00", Phone="+6590000000", Plan="gold"))

    assert len(sends(live)) == 1


async def test_entries_of_an_earlier_start_are_void(live: Live) -> None:
    await people(live, 1)
    await live.publish(campaign(OnSchedule(when=DAILY, zone="person")))
    live.clock.advance(HOUR)
    await live.decide()
    live.lines.clear()

    await edit(live, start=OnEvent(event="Seen"))
    await live.wait(NINE + 100 * HOUR)

    assert live.lines == []


async def test_what_an_event_promised_is_kept_when_the_start_changes(live: Live) -> None:
    start = OnDate(date=DateOf(source="event", property="On"), event="Booked", at=DAILY.at)
    await live.publish(campaign(start))
    await live.receive(
        profile("ann", "2026-06-01T09:00"), event("ann", "Booked", "2026-06-01T09:00", On="2026-06-05")
    )

    await edit(live, start=msgspec.structs.replace(start, shift=Duration(-1, "day")))
    await live.wait(NINE + 200 * HOUR)

    assert [line[:13] for line in live.lines if " send " in line] in (["2026-06-05T01"], ["2026-06-05T09"])


async def test_dates_are_gone_through_anew_when_they_are_others(live: Live) -> None:
    start = OnDate(date=DateOf(source="profile", property="Trip"), at=DAILY.at)
    await people(live, 40, Trip="2026-06-05", Trip2="2026-06-09")
    await live.publish(campaign(start))
    other = msgspec.structs.replace(start, date=DateOf(source="profile", property="Trip2"))

    await edit(live, start=other)
    await live.decide()
    await live.wait(NINE + 300 * HOUR)

    assert {line[:10] for line in live.lines if " send " in line} == {"2026-06-09"}
    assert len(sends(live)) == 40


async def test_those_who_are_only_to_enter_stay_when_those_inside_are_to_leave(live: Live) -> None:
    start = OnDate(date=DateOf(source="profile", property="Born"), at=DAILY.at, yearly=True)
    await live.publish(campaign(start))
    await live.receive(profile("ann", "2026-06-01T09:00", Born="1990-06-03"))

    await edit(live, "end", steps=(msgspec.structs.replace(HI, content=Content(text="Other")),))
    await live.wait(NINE + 100 * HOUR)

    assert [line.rpartition(" ")[2] for line in live.lines if " send " in line] == ["Other"]


async def test_stop_lets_those_leave_too_who_came_by_an_earlier_version(live: Live) -> None:
    wait = WaitStep(id="pause", until=ForTime(Duration(2, "hour")))
    await live.publish(campaign(OnEvent(event="Seen"), wait, HI))
    await live.receive(profile("ann", "2026-06-01T09:00"), event("ann", "Seen", "2026-06-01T09:00"))
    await edit(live, steps=(HI,))

    await move(live, "stopped")
    await live.decide()
    await move(live, "running")
    await live.wait(NINE + 9 * HOUR)

    assert [line.split(" ", 1)[1] for line in live.lines] == ["ann C1 pause exit ended"]


async def test_a_throttle_holds_over_steps_of_the_worker_also_where_each_has_their_own_hour(
    live: Live,
) -> None:
    await live.publish(
        campaign(
            OnSchedule(when=DAILY, zone="person"), limits=Limits(throttle=Throttle(3, Duration(1, "hour")))
        )
    )
    live.clock.advance(HOUR)
    await people(live, 10)

    await live.wait(at("2026-06-02T01:30"))  # 09:30 in Singapore

    assert len(sends(live)) == 3


async def test_one_name_published_again_is_another_run(live: Live) -> None:
    await people(live, 3)
    await live.publish(campaign(OnSchedule(when=Now()), limits=Limits(per_run=3)))
    await live.decide()
    await move(live, "stopped")
    live.clock.advance(24 * HOUR)
    await move(live, "running")

    await live.decide()

    assert len(sends(live)) == 6
    assert [run.messages for run in await live.backend.reports.runs(CampaignId(1), 9)] == [3, 3]


async def test_a_run_is_not_made_again_by_a_clock_that_went_back(live: Live) -> None:
    await people(live, 2)
    moment = NINE + HOUR
    await live.publish(campaign(OnSchedule(when=Moments((moment,)))))
    await live.wait(moment + HOUR)
    live.clock.advance(-24 * HOUR)

    await edit(live, labels=("a",))
    await live.wait(moment + HOUR)

    (run,) = await live.backend.reports.runs(CampaignId(1), 9)
    assert (run.people, run.messages) == (2, 2)


async def test_the_sums_of_a_schedule_of_own_hours_agree(live: Live) -> None:
    await people(live, 2, Plan="tin")
    await live.receive(profile("ann", "2026-06-01T09:00", Plan="gold"))
    await live.publish(campaign(OnSchedule(when=DAILY, zone="person"), who=GOLD))
    live.clock.advance(HOUR)
    await live.decide()
    live.lines.clear()

    await live.wait(NINE + 25 * HOUR)

    newest, *_ = await live.backend.reports.runs(CampaignId(1), 9)
    assert (newest.people, newest.entered, dict(newest.refused)) == (3, 1, {"profile_conditions": 2})


async def test_who_began_and_left_in_one_go_is_counted_as_both(live: Live) -> None:
    wait = WaitStep(id="pause", until=ForTime(Duration(2, "hour")))
    await live.publish(campaign(OnEvent(event="Seen"), wait, HI, again="restart"))
    await live.receive(
        profile("ann", "2026-06-01T09:00"), *(event("ann", "Seen", "2026-06-01T09:00") for _ in range(3))
    )

    (funnel,) = await live.backend.reports.funnel([CampaignId(1)])
    assert (funnel.inside, funnel.left) == (3, {"restarted": 2})


async def test_a_place_in_a_run_goes_on_with_the_person_that_a_device_became(live: Live) -> None:
    device = {"objectId": "d1", "type": "profile", "profileData": {"Phone": "+6590000001"}}
    await live.receive(profile("ann", "2026-06-01T09:00"), {**device, "ts": NINE.timestamp()})
    await live.publish(
        campaign(OnSchedule(when=Now()), limits=Limits(throttle=Throttle(1, Duration(1, "hour"))))
    )
    await live.decide()
    live.clock.advance(timedelta(minutes=10))
    bob = {"identity": "bob", **device, "ts": live.clock.now().timestamp()}

    await live.receive(bob)
    await live.wait(NINE + 9 * HOUR)

    assert sends(live) == ["ann", "bob"]


def test_a_campaign_begins_when_it_is_published() -> None:
    assert begun(campaign(OnEvent(event="Seen")), NINE).began_at == NINE
