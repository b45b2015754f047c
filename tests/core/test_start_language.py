"""The words of files and the API for starts, and what is wrong with those that cannot be read."""

from datetime import datetime, time
from typing import Any

import msgspec
import pytest
from tests.rehearsing import at, event, profile, told

from tellwire.platform.control.catalog_yaml import BadDocument
from tellwire.platform.control.simulating import read_files
from tellwire.platform.language.start import StartForm, read_start, write_start
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.start import (
    Moments,
    Now,
    OnCall,
    OnDate,
    OnEvent,
    OnMembership,
    OnSchedule,
    Recurring,
    Start,
)
from tellwire.platform.model.step import DateOf
from tellwire.platform.rehearse.simulation import OutputLine

FIRST = Condition(property="Class", value="first")
FRIDAYS = "FREQ=WEEKLY;BYDAY=FR"


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ({"event": "Charged", "where": []}, OnEvent(event="Charged")),
        (
            {"date": "Profile.DOB", "shift": "-3 days", "at": "09:00", "yearly": True, "missed": "now"},
            OnDate(
                date=DateOf(source="profile", property="DOB"),
                shift=Duration(-3, "day"),
                at=time(9),
                yearly=True,
                missed="now",
            ),
        ),
        (
            {
                "date": "Event.Departure",
                "event": "Flight Booked",
                "where": [{"property": "Class", "equals": "first"}],
                "shift": "-2 hours",
            },
            OnDate(
                date=DateOf(source="event", property="Departure"),
                event="Flight Booked",
                where=(FIRST,),
                shift=Duration(-2, "hour"),
            ),
        ),
        ({"at": "now"}, OnSchedule(when=Now())),
        (
            {"at": "2026-06-06T09:00:00", "zone": "person"},
            OnSchedule(when=Moments((moment("2026-06-06T09:00"),)), zone="person"),
        ),
        (
            {"at": ["2026-06-06T09:00:00+00:00", "2026-06-13T09:00:00"]},
            OnSchedule(when=Moments((moment("2026-06-06T09:00Z"), moment("2026-06-13T09:00")))),
        ),
        (
            {"rule": FRIDAYS, "at": "09:00", "zone": "Asia/Tokyo"},
            OnSchedule(when=Recurring(rule=FRIDAYS, at=time(9)), zone="Asia/Tokyo"),
        ),
        (
            {"rule": FRIDAYS, "at": "09:00", "from": "2026-06-01", "until": "2026-12-31"},
            OnSchedule(
                when=Recurring(
                    rule=FRIDAYS,
                    at=time(9),
                    begins=moment("2026-06-01"),
                    ends=datetime.combine(moment("2026-12-31"), time.max),
                )
            ),
        ),
        ({"joins": "Big spenders"}, OnMembership(audience="Big spenders")),
        ({"joins": "Big spenders", "present": True}, OnMembership(audience="Big spenders", present=True)),
        ({"call": "order-shipped"}, OnCall("order-shipped")),
    ],
)
def test_a_start_is_read_written_and_kept(written: dict[str, Any], start: Start) -> None:
    assert read_start(msgspec.convert(written, StartForm)) == start
    assert msgspec.json.decode(msgspec.json.encode(write_start(start))) == written
    assert msgspec.json.decode(msgspec.json.encode(start), type=Start) == start


@pytest.mark.parametrize(
    ("written", "path", "why"),
    [
        ({"date": "DOB"}, "date", "Profile.DOB"),
        ({"date": "Event.Departure"}, "event", "Name the event"),
        ({"date": "Profile.DOB", "event": "Seen"}, "event", "of the profile"),
        ({"date": "Profile.DOB", "at": ["09:00"]}, "at", "time of the day"),
        ({"date": "Profile.DOB", "at": "25:00"}, "at", "time of the day"),
        ({"date": "Profile.DOB", "shift": "100 months ago"}, "shift", "no duration"),
        ({"date": "Profile.DOB", "shift": "-4000 days"}, "shift", "no duration"),
        ({"date": "Profile.DOB", "zone": "person"}, "zone", "A start with date has no zone"),
        ({"at": "tomorrow"}, "at", "not a moment"),
        ({"at": "2026-02-30T09:00"}, "at", "not a moment"),
        ({"at": "2026-06-06"}, "at", "not a moment"),
        ({"at": []}, "at", "list of moments"),
        ({"at": ["now"]}, "at[0]", "not a moment"),
        ({"at": "now", "zone": "Berlin"}, "zone", "no time zone"),
        ({"at": "now", "yearly": True}, "yearly", "A start with at has no yearly"),
        ({"at": "now", "event": "Seen"}, "event", "A start with at has no"),
        ({"rule": FRIDAYS}, "at", "time of the day"),
        ({"rule": "FREQ=SECONDLY", "at": "09:00"}, "rule", "FREQ has to be"),
        ({"rule": FRIDAYS, "at": "09:00", "from": "2026-02-30"}, "from", "not a day"),
        ({"rule": FRIDAYS, "at": "09:00", "until": "soon"}, "until", "not a moment"),
        ({"rule": f"{FRIDAYS};UNTIL=2026", "at": "09:00"}, "rule", "UNTIL"),
        ({"rule": f"{FRIDAYS};UNTIL=20260601", "at": "09:00", "until": "2026-06-01"}, "until", "rule says"),
        ({"joins": " "}, "joins", "Name the audience"),
        ({"joins": "A", "at": "now"}, "joins", "A start with at has no"),
        ({"call": ""}, "call", "name"),
        ({"event": "Seen", "present": True}, "present", "A start with an event has no present"),
    ],
)
def test_a_start_that_cannot_be_read_says_why_and_where(written: dict[str, Any], path: str, why: str) -> None:
    with pytest.raises(Unreadable) as problem:
        read_start(msgspec.convert(written, StartForm))

    ((where, sentence),) = problem.value.fields.items()
    assert where == f"start.{path}"
    assert why in sentence


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        ("20261231", datetime.combine(moment("2026-12-31"), time.max)),
        ("20261231T120000", moment("2026-12-31T12:00")),
        ("20261231T120000Z", moment("2026-12-31T12:00Z")),
    ],
)
def test_an_end_in_a_rule_is_the_end_beside_it(until: str, ends: datetime) -> None:
    form = StartForm(rule=f"FREQ=WEEKLY;UNTIL={until};BYDAY=FR", at="09:00")

    assert read_start(form) == OnSchedule(when=Recurring(rule=FRIDAYS, at=time(9), ends=ends))


FILE = """
account: {zone: Europe/Berlin}
audiences: [{name: Gold, rule: {profile: Plan, equals: gold}}]
campaigns:
- {name: Birthday, start: {date: Profile.DOB, at: 09:00, yearly: true}, steps: [send: {text: Happy birthday}]}
- name: Flight
  start: {date: Event.Departure, event: Flight Booked, shift: -2 hours}
  key: Event.Booking
  steps: [send: {text: "Go {{ Event.Booking }}"}]
- {name: Now, start: {at: now}, who: {member: Gold}, steps: [send: {text: Now}]}
- {name: Later, start: {at: 2026-06-03T09:00}, steps: [send: {text: Later}]}
- name: Friday
  start: {rule: FREQ=WEEKLY;BYDAY=FR, at: 09:00, zone: person, until: 2026-06-08}
  steps: [send: {text: Friday}]
- {name: Joined, start: {joins: Gold}, steps: [send: {text: Welcome}]}
- {name: Called, start: {call: shipped}, steps: [send: {text: Shipped}]}
"""


def test_a_file_of_every_start_says_who_gets_what_when() -> None:
    campaigns, account = read_files([("all.yaml", FILE)])
    born, leaves = (int(at(day).timestamp()) for day in ("1990-06-05T22:30", "2026-06-02T12:00"))
    records = [
        profile("ann", "2026-06-01T12:00", DOB=f"$D_{born}", Plan="gold"),  # the 6th in Berlin
        profile("bob", "2026-06-01T12:00", Tz="America/New_York"),
        event("bob", "Flight Booked", "2026-06-01T13:00", Booking=7, Departure=f"$D_{leaves}"),
        profile("bob", "2026-06-01T14:00", Plan="gold"),
    ]

    lines = told(campaigns, *records, until="2026-07-01T00:00", account=account)

    assert [
        (line.at[5:16], line.identity, line.text or line.code)
        for line in lines
        if isinstance(line, OutputLine)
    ] == [
        ("06-01T12:00", "ann", "Now"),
        ("06-01T12:00", "bob", "not_in_who"),
        ("06-01T14:00", "bob", "Welcome"),
        ("06-02T10:00", "bob", "Go 7"),
        ("06-03T07:00", "ann", "Later"),
        ("06-03T07:00", "bob", "Later"),
        ("06-05T07:00", "ann", "Friday"),
        ("06-05T13:00", "bob", "Friday"),
        ("06-06T07:00", "ann", "Happy birthday"),
    ]


@pytest.mark.parametrize(
    ("start", "line", "why"),
    [
        ("{joins: Gol}", 6, "There is no audience “Gol”: did you mean “Gold”?"),
        ("{at: now}\n  key: Event.x", 7, "no event starts this campaign"),
        ("{rule: FREQ=SECONDLY, at: 09:00}", 6, "FREQ has to be"),
        ("{dat: Profile.DOB}", 6, "did you mean `date`?"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_line(start: str, line: int, why: str) -> None:
    text = "\n".join(
        [
            "audiences: [{name: Gold, rule: {profile: Plan, equals: gold}}]",
            "campaigns:",
            "- name: A",
            "  steps: [send: {text: Hi}]",
            "  labels: []",
            f"  start: {start}",
        ]
    )

    with pytest.raises(BadDocument) as problem:
        read_files([("wrong.yaml", text)])

    assert f"Line {line}: " in str(problem.value)
    assert why in str(problem.value)


def test_a_wait_for_a_date_of_an_event_needs_an_event() -> None:
    text = """
campaigns:
- name: A
  start: {at: now}
  steps: [{id: w, wait: {until: {date: Event.Departure}}}, {id: s, send: {text: Hi}}]
"""

    with pytest.raises(BadDocument, match=r"steps\[0\]\.wait\.until\.date: Line 5: No event starts"):
        read_files([("wrong.yaml", text)])
