"""A date lets people enter: at its moment in their zone, once or each year, and as the profile has it then."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rehearsing import HI, at, campaign, event, profile, run, told

from tellwire.kernel.zones import zone_named
from tellwire.platform.decide.date_start import Coming, Zones, coming, next_year
from tellwire.platform.model.account import Account
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Limits
from tellwire.platform.model.rule import Condition, Has
from tellwire.platform.model.start import Missed, OnDate
from tellwire.platform.model.step import DateOf, ForTime, PutProperty, SetStep, Signal, WaitStep
from tellwire.platform.rehearse.simulation import OutputLine

NINE = time(9)
BORN = DateOf(source="profile", property="Birthday")
DUE = DateOf(source="profile", property="Due")
DEPARTURE = DateOf(source="event", property="Departure")
UTC_ONLY = Zones(UTC, UTC)
MOMENTS = st.integers(0, 60 * 366 * 24 * 60).map(lambda n: at("2000-01-01T00:00") + timedelta(minutes=n))


def days(count: int) -> Duration:
    return Duration(count, "day")


def zone(name: str) -> Zones:
    found = zone_named(name)
    assert found is not None
    return Zones(found, UTC)


BIRTHDAY = OnDate(date=BORN, at=NINE, yearly=True)
PAYMENT = OnDate(date=DUE, at=NINE, shift=days(-3))
FLIGHT = OnDate(date=DEPARTURE, event="Flight Booked", shift=Duration(-2, "hour"))


@pytest.mark.parametrize(
    ("name", "day", "moment"),
    [
        ("Europe/Berlin", "2026-03-28", "2026-03-28T08:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T07:00"),  # put forward in the night before
        ("Europe/Berlin", "2026-10-25", "2026-10-25T08:00"),  # put back
        ("America/New_York", "2026-03-07", "2026-03-07T14:00"),
        ("America/New_York", "2026-03-08", "2026-03-08T13:00"),
        ("America/New_York", "2026-11-01", "2026-11-01T14:00"),
        ("Australia/Lord_Howe", "2026-04-04", "2026-04-03T22:00"),  # half an hour
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T22:30"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T22:00"),
    ],
)
def test_nine_stays_nine_over_both_changes_of_the_clock(name: str, day: str, moment: str) -> None:
    once = OnDate(date=DUE, at=NINE)

    assert coming(once, day, at("2026-01-01T00:00"), zone(name)) == Coming(at(moment))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-01-01T00:00", "2026-02-28T09:00"),
        ("2027-03-01T00:00", "2028-02-29T09:00"),
        ("2028-02-29T09:00", "2028-02-29T09:00"),
        ("2028-03-01T00:00", "2029-02-28T09:00"),
    ],
)
def test_a_birthday_on_29_february_is_on_the_28th_in_other_years(now: str, due: str) -> None:
    assert coming(BIRTHDAY, "2000-02-29", at(now), UTC_ONLY) == Coming(at(due))


@given(
    born=st.dates(date(1930, 1, 1), date(2030, 12, 31)),
    now=MOMENTS,
    shift=st.integers(-800, 800),
    name=st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_each_year_has_its_day_and_no_year_is_left_out(
    born: date, now: datetime, shift: int, name: str
) -> None:
    start = OnDate(date=BORN, at=NINE, yearly=True, shift=days(shift))
    found = coming(start, born.isoformat(), now, zone(name))

    assert found is not None
    assert found.due is not None
    assert found.due >= now.replace(microsecond=0)
    following = next_year(start, born.isoformat(), found.due, zone(name))
    assert following is not None
    assert timedelta(days=363) < following - found.due < timedelta(days=368)


@pytest.mark.parametrize(
    "value", [None, "", "soon", 5, True, [], {}, "2026-02-30", "$D_x", "9999-12-31T99:00"]
)
@pytest.mark.parametrize("yearly", [True, False])
def test_what_is_no_date_lets_nobody_in(value: Any, yearly: bool) -> None:
    start = OnDate(date=BORN, at=NINE, yearly=yearly)

    assert coming(start, value, at("2026-01-01T00:00"), UTC_ONLY) is None


@pytest.mark.parametrize("shift", [Duration(-3_660, "day"), Duration(120, "month"), Duration(3_660, "day")])
@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("yearly", [True, False])
def test_dates_at_the_ends_of_the_calendar_break_nothing(shift: Duration, value: str, yearly: bool) -> None:
    coming(OnDate(date=BORN, at=NINE, yearly=yearly, shift=shift), value, at("2026-01-01T00:00"), UTC_ONLY)


def test_a_date_of_the_profile_counts_from_when_the_profile_has_it() -> None:
    lines = run(
        campaign(PAYMENT),
        profile("ann", "2026-06-01T12:00", Due="2026-06-10"),
        profile("bob", "2026-06-01T12:00"),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-07T09:00 ann send"]


def test_a_day_is_the_persons_and_a_moment_is_of_its_day_in_the_accounts_zone() -> None:
    late = int(at("2026-06-09T23:00").timestamp())  # the 10th in Berlin
    lines = run(
        campaign(PAYMENT),
        profile("ann", "2026-06-01T12:00", Due="2026-06-10", Tz="Asia/Tokyo"),
        profile("bob", "2026-06-01T12:00", Due=f"$D_{late}", Tz="America/New_York"),
        until="2026-07-01T00:00",
        account=Account(zone="Europe/Berlin"),
    )

    assert lines == ["2026-06-07T00:00 ann send", "2026-06-07T13:00 bob send"]


def test_a_date_that_changes_is_moved_and_one_that_goes_is_gone() -> None:
    lines = run(
        campaign(PAYMENT),
        profile("ann", "2026-06-01T12:00", Due="2026-06-10"),
        profile("bob", "2026-06-01T12:00", Due="2026-06-10"),
        profile("ann", "2026-06-02T12:00", Due="2026-06-20"),
        {**profile("bob", "2026-06-02T12:00"), "profileData": {"Due": {"$delete": 1}}},
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-17T09:00 ann send"]


def test_the_same_date_said_again_changes_nothing() -> None:
    again = [profile("ann", f"2026-06-0{day}T12:00", Due="2026-06-10", City=str(day)) for day in range(1, 10)]

    assert run(campaign(PAYMENT), *again, until="2026-07-01T00:00") == ["2026-06-07T09:00 ann send"]


@pytest.mark.parametrize(
    ("missed", "lines"),
    [
        ("skip", ["2026-06-08T12:00 ann skip missed"]),
        ("now", ["2026-06-08T12:00 ann send"]),
        ("stop", ["2026-06-08T12:00 ann skip missed"]),
    ],
)
def test_a_date_that_is_past_already(missed: Missed, lines: list[str]) -> None:
    start = msgspec.structs.replace(PAYMENT, missed=missed)

    assert (
        run(
            campaign(start),
            profile("ann", "2026-06-08T12:00", Due="2026-06-10"),
            profile("ann", "2026-06-08T13:00", City="Bonn"),
            until="2028-07-01T00:00",
        )
        == lines
    )


@pytest.mark.parametrize(
    ("missed", "lines"),
    [
        ("skip", ["2026-06-08T12:00 ann skip missed", "2027-06-08T09:00 ann send"]),
        ("now", ["2026-06-08T12:00 ann send", "2027-06-08T09:00 ann send"]),
        ("stop", ["2026-06-08T12:00 ann skip missed"]),
    ],
)
def test_a_birthday_whose_hour_has_passed_but_not_its_day_is_missed(missed: Missed, lines: list[str]) -> None:
    start = msgspec.structs.replace(BIRTHDAY, missed=missed)

    assert (
        run(
            campaign(start),
            profile("ann", "2026-06-08T12:00", Birthday="1990-06-08"),
            until="2027-07-01T00:00",
        )
        == lines
    )


def test_a_date_comes_again_each_year() -> None:
    lines = run(
        campaign(BIRTHDAY),
        profile("ann", "2026-06-01T12:00", Birthday="1992-02-29", Tz="Europe/Berlin"),
        until="2029-01-01T00:00",
    )

    assert lines == ["2027-02-28T08:00 ann send", "2028-02-29T08:00 ann send"]


def test_each_year_is_an_occasion_of_its_own() -> None:
    lines = told(
        campaign(BIRTHDAY, WaitStep(id="w", until=ForTime(days(400))), HI, again="beside"),
        profile("ann", "2026-06-01T12:00", Birthday="1992-07-01"),
        until="2029-01-01T00:00",
    )

    sends = [line.at[:10] for line in lines if isinstance(line, OutputLine) and line.verdict == "send"]
    assert sends == ["2027-08-05", "2028-08-04"]


@pytest.mark.parametrize(
    ("moved_at", "tz", "due"),
    [
        ("2026-06-02T12:00", "America/New_York", "2026-06-07T13:00"),
        ("2026-06-02T12:00", "Asia/Tokyo", "2026-06-07T00:00"),
        ("2026-06-07T05:00", "Asia/Tokyo", "2026-06-07T05:00"),  # 09:00 has passed there: due now
    ],
)
def test_who_moves_to_another_zone_is_asked_at_the_hour_there(moved_at: str, tz: str, due: str) -> None:
    lines = run(
        campaign(PAYMENT),
        profile("ann", "2026-06-01T12:00", Due="2026-06-10", Tz="Europe/Berlin"),
        profile("ann", moved_at, Tz=tz),
        until="2026-07-01T00:00",
    )

    assert lines == [f"{due} ann send"]


def test_a_number_of_another_country_moves_the_hour_too() -> None:
    lines = run(
        campaign(PAYMENT),
        profile("ann", "2026-06-01T12:00", Due="2026-06-10", Phone="+6591230000"),
        profile("ann", "2026-06-02T12:00", Phone="+819012345678"),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-07T00:00 ann send"]


def test_a_yearly_date_of_who_moved_comes_once_a_year() -> None:
    lines = run(
        campaign(BIRTHDAY),
        profile("ann", "2026-06-01T12:00", Birthday="1990-06-08", Tz="America/New_York"),
        profile("ann", "2026-06-08T06:00", Tz="Asia/Tokyo"),  # 15:00 there
        profile("ann", "2026-06-08T07:00", Tz="America/New_York"),
        until="2027-07-01T00:00",
    )

    assert lines == ["2026-06-08T06:00 ann send", "2027-06-08T13:00 ann send"]


def test_who_is_asked_at_the_moment_and_not_before() -> None:
    gold = Has(Condition(property="Plan", value="gold"))
    lines = run(
        campaign(PAYMENT, who=gold),
        profile("ann", "2026-06-01T12:00", Due="2026-06-10", Plan="gold"),
        profile("bob", "2026-06-01T12:00", Due="2026-06-10"),
        profile("ann", "2026-06-02T12:00", Plan="silver"),
        profile("bob", "2026-06-02T12:00", Plan="gold"),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-07T09:00 ann skip not_in_who", "2026-06-07T09:00 bob send"]


def test_ever_counts_entries_and_not_pending_ones() -> None:
    lines = run(
        campaign(BIRTHDAY, limits=Limits(ever=1)),
        profile("ann", "2026-06-01T12:00", Birthday="1990-06-08"),
        until="2027-07-01T00:00",
    )

    assert lines == ["2026-06-08T09:00 ann send", "2027-06-08T09:00 ann skip ever"]


def test_nobody_enters_a_paused_campaign_and_the_next_year_is_kept() -> None:
    lines = run(
        campaign(BIRTHDAY, state="paused"),
        profile("ann", "2026-06-01T12:00", Birthday="1990-06-08"),
        until="2027-07-01T00:00",
    )

    assert lines == ["2026-06-08T09:00 ann skip paused", "2027-06-08T09:00 ann skip paused"]


def test_merging_while_pending_leaves_one_entry_of_the_person_that_remains() -> None:
    device = {"objectId": "device0001", "type": "profile", "ts": at("2026-06-01T12:00").timestamp()}
    linked = {"objectId": "device0001", "identity": "ann", "type": "event", "evtName": "Seen"}

    lines = run(
        campaign(PAYMENT),
        {**device, "profileData": {"Due": "2026-06-10"}},
        profile("ann", "2026-06-01T13:00", Due="2026-06-15"),
        {**linked, "ts": at("2026-06-02T12:00").timestamp()},
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-12T09:00 ann send"]


@pytest.mark.parametrize("missed", ["skip", "now", "stop"])
@pytest.mark.parametrize(
    ("device_zone", "zone_of_ann"), [("UTC", "UTC"), ("Asia/Singapore", "America/New_York")]
)
def test_a_birthday_that_was_written_to_a_device_is_not_written_again_to_the_person_that_it_becomes(
    missed: Missed, device_zone: str, zone_of_ann: str
) -> None:
    start = msgspec.structs.replace(BIRTHDAY, missed=missed)
    device: dict[str, Any] = {"objectId": "device0001", "type": "profile"}
    born = {"Birthday": "1990-06-02", "Phone": "+883510099999", "Name": "dev", "Tz": device_zone}
    linked = {**device, "identity": "ann", "profileData": {"Tz": zone_of_ann}}

    told_of = run(
        campaign(start),
        {**device, "ts": at("2026-06-01T12:00").timestamp(), "profileData": born},
        profile("ann", "2026-06-01T12:00", Tz=zone_of_ann),
        {**linked, "ts": at("2026-06-02T10:00").timestamp()},
        until="2027-06-03T00:00",
    )

    assert len([line for line in told_of if " send" in line and line.startswith("2026")]) == 1
    years = [line[:10] for line in told_of if " send" in line]
    assert years == ["2026-06-02", "2027-06-02"]


def test_a_merge_that_brings_a_date_makes_the_entry() -> None:
    device = {"objectId": "device0001", "type": "profile", "ts": at("2026-06-01T12:00").timestamp()}
    linked = {"objectId": "device0001", "identity": "ann", "type": "event", "evtName": "Seen"}

    lines = run(
        campaign(PAYMENT),
        {**device, "profileData": {"Due": "2026-06-10"}},
        profile("ann", "2026-06-01T13:00"),
        {**linked, "ts": at("2026-06-02T12:00").timestamp()},
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-07T09:00 ann send"]


def test_a_date_that_a_step_sets_counts_as_any_other() -> None:
    remind = campaign(PAYMENT)
    mark = campaign(
        OnDate(date=BORN, at=NINE), SetStep(id="s", changes=(PutProperty("Due", "2026-06-20"),)), number=2
    )

    lines = run(
        [remind, mark], profile("ann", "2026-06-01T12:00", Birthday="2026-06-08"), until="2026-07-01T00:00"
    )

    assert lines == ["2026-06-17T09:00 ann send"]


def departure(written: str, booking: int = 1) -> dict[str, Any]:
    return {"Departure": f"$D_{int(at(written).timestamp())}", "Booking": booking}


def test_an_event_names_the_date() -> None:
    lines = run(
        campaign(FLIGHT),
        profile("ann", "2026-06-01T12:00"),
        event("ann", "Flight Booked", "2026-06-01T13:00", **departure("2026-06-05T18:30")),
        event("ann", "Flight Booked", "2026-06-01T14:00", **departure("2026-06-06T18:30", 2)),
        event("ann", "Flight Booked", "2026-06-01T15:00"),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-05T16:30 ann send", "2026-06-06T16:30 ann send"]


def test_an_event_that_does_not_meet_the_start_names_no_date() -> None:
    start = msgspec.structs.replace(FLIGHT, where=(Condition(property="Class", value="first"),))
    booked = departure("2026-06-05T18:30")

    lines = run(
        campaign(start),
        profile("ann", "2026-06-01T12:00"),
        event("ann", "Flight Booked", "2026-06-01T13:00", Class="first", **booked),
        event("ann", "Flight Booked", "2026-06-01T13:00", **booked),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-05T16:30 ann send"]


def test_the_stop_of_a_campaign_calls_the_entry_of_its_event_off_without_a_word() -> None:
    stop = Signal(event="Flight Cancelled", same="Booking")
    lines = run(
        campaign(FLIGHT, stop=stop),
        profile("ann", "2026-06-01T12:00"),
        event("ann", "Flight Booked", "2026-06-01T13:00", **departure("2026-06-05T18:30")),
        event("ann", "Flight Booked", "2026-06-01T14:00", **departure("2026-06-06T18:30", 2)),
        event("ann", "Flight Cancelled", "2026-06-02T14:00", Booking=1),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-06T16:30 ann send"]


def test_an_entry_by_event_moves_with_the_persons_zone_and_with_the_person() -> None:
    check_in = OnDate(date=DEPARTURE, event="Flight Booked", shift=days(-1), at=NINE)
    device = {"objectId": "device0001", "ts": at("2026-06-01T13:00").timestamp()}

    lines = run(
        campaign(check_in),
        {
            **event("", "Flight Booked", "2026-06-01T13:00", **departure("2026-06-05T18:30")),
            **device,
            "identity": "",
        },
        profile("ann", "2026-06-01T14:00", Tz="Europe/Berlin"),
        {**event("ann", "Seen", "2026-06-01T15:00"), "objectId": "device0001"},
        profile("ann", "2026-06-02T14:00", Tz="Asia/Tokyo"),
        until="2026-07-01T00:00",
    )

    assert lines == ["2026-06-04T00:00 ann send"]


def test_the_words_of_a_date_of_an_event_have_the_event() -> None:
    hello = msgspec.structs.replace(
        HI, content=msgspec.structs.replace(HI.content, text="Booking {{ Event.Booking }}")
    )
    (line,) = told(
        campaign(FLIGHT, hello, key="Booking"),
        profile("ann", "2026-06-01T12:00"),
        event("ann", "Flight Booked", "2026-06-01T13:00", **departure("2026-06-05T18:30", 7)),
        until="2026-07-01T00:00",
    )

    assert isinstance(line, OutputLine)
    assert line.text == "Booking 7"


def test_a_birthday_as_the_contract_has_it_is_a_moment() -> None:
    born = campaign(OnDate(date=DateOf(source="profile", property="DOB"), at=NINE, yearly=True))
    moment = int(at("1965-06-07T23:30").timestamp())  # the 8th in Berlin, before there were epoch seconds

    lines = run(
        born,
        profile("ann", "2026-06-01T12:00", DOB=f"$D_{moment}", Tz="Europe/Berlin"),
        until="2027-01-01T00:00",
        account=Account(zone="Europe/Berlin"),
    )

    assert lines == ["2026-06-08T07:00 ann send"]


def test_entries_end_with_their_campaign_without_a_word() -> None:
    lines = run(
        campaign(BIRTHDAY, ends_at=at("2027-01-01T00:00")),
        profile("ann", "2026-06-01T12:00", Birthday="1990-06-08"),
        until="2029-01-01T00:00",
    )

    assert lines == ["2026-06-08T09:00 ann send"]


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati")
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 3 * 24).map(lambda hour: at("2026-03-27T00:30") + timedelta(hours=hour)),
        st.one_of(
            st.dates(date(2026, 3, 28), date(2026, 3, 30)).map(lambda day: {"Due": day.isoformat()}),
            st.just({"Due": {"$delete": 1}}),
            st.sampled_from(ZONES).map(lambda name: {"Tz": name}),
        ),
    ),
    max_size=8,
).map(lambda changes: sorted(changes, key=lambda one: one[0]))


class Book:
    """What one person's date should lead to, in plain words."""

    def __init__(self) -> None:
        self.tz, self.date, self.pending = "UTC", None, False
        self.moved_at: datetime | None = None
        self.lines: list[str] = []

    def moment(self) -> datetime:
        assert self.date is not None
        clock = zone_named(self.tz)
        wall = datetime.combine(date.fromisoformat(self.date), NINE, tzinfo=clock)
        return max(filter(None, (wall.astimezone(UTC), self.moved_at)))

    def pass_until(self, now: datetime) -> None:
        if self.pending and self.moment() < now:
            self.lines.append(f"{self.moment():%Y-%m-%dT%H:%M} ann send")
            self.pending = False

    def change(self, now: datetime, data: dict[str, Any]) -> None:
        self.pass_until(now)
        if "Tz" in data:
            self.moved_at = now if self.tz != data["Tz"] and self.pending else self.moved_at
            self.tz = data["Tz"]
            return
        day = data["Due"] if isinstance(data["Due"], str) else None
        if day == self.date:
            return
        self.date, self.moved_at = day, None
        self.pending = day is not None and self.moment() >= now
        if day is not None and not self.pending:
            self.lines.append(f"{now:%Y-%m-%dT%H:%M} ann skip missed")


@settings(max_examples=300)
@given(CHANGES)
def test_any_story_of_dates_and_moves_is_as_a_plain_book_has_it(
    changes: list[tuple[datetime, dict[str, Any]]],
) -> None:
    book = Book()
    records = [profile("ann", "2026-03-01T00:00", Tz="UTC")]
    for moment, data in changes:
        book.change(moment, data)
        records.append({**records[0], "ts": moment.timestamp(), "profileData": data})
    book.pass_until(at("2026-06-01T00:00"))

    lines = run(campaign(OnDate(date=DUE, at=NINE)), *records, until="2026-06-01T00:00")

    assert lines == book.lines
