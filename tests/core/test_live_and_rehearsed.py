"""What is decided live is what a simulation says, line by line, also when the process dies in between."""

import random
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.live import PLAIN, lived
from tests.rehearsing import at, campaign, event, profile, told

from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Cap, Limits, QuietHours, Throttle
from tellwire.platform.model.rule import Condition, Has, Not
from tellwire.platform.model.start import Moments, OnDate, OnEvent, OnMembership, OnSchedule, Recurring
from tellwire.platform.model.step import (
    Answer,
    Branch,
    ChooseStep,
    DateOf,
    ForTime,
    PutProperty,
    RepeatStep,
    SendStep,
    SetStep,
    Share,
    Signal,
    SplitStep,
    StopStep,
    UntilDate,
    UntilTime,
    WaitStep,
)
from tellwire.platform.rehearse.simulation import OutputLine

UNTIL = at("2026-06-20T00:00")
SEEN, CART, PAID = OnEvent(event="Seen"), OnEvent(event="Added To Cart"), "Charged"


def send(name: str, text: str = "Hi {{ Profile.Name }}", number: int = 0, **fields: Any) -> SendStep:
    return SendStep(id=name, content=Content(text=f"{name}: {text}"), number=number, **fields)


def wait(name: str, minutes: int, *answers: Answer) -> WaitStep:
    return WaitStep(id=name, until=ForTime(Duration(minutes, "minute")), answers=answers)


GOLD = Has(Condition(property="Plan", operator="equals", value="gold"))
CART_REMINDER = campaign(
    CART,
    wait("pause", 30),
    send("remind", "{{ Event.cart_id }}"),
    wait("later", 1440, Answer(signal=Signal(event=PAID), steps=(send("thanks", number=2),))),
    send("last", number=1),
    name="Cart",
    key="cart_id",
    stop=Signal(event=PAID, same="cart_id"),
)
CAPPED = campaign(
    SEEN, send("hello"), number=2, name="Capped", limits=Limits(per_person=(Cap(2, Duration(1, "day")),))
)
NIGHT = campaign(
    SEEN,
    send("hello"),
    wait("hour", 60),
    send("again", number=1),
    number=3,
    name="Night",
    quiet=(QuietHours(begins=time(20), ends=time(8)),),
    again="restart",
)
MANY = campaign(
    SEEN,
    SplitStep(
        id="half",
        shares=(Share(share=50, steps=(send("a"),)), Share(share=50, steps=(send("b", number=1),))),
    ),
    SetStep(id="mark", changes=(PutProperty("Seen", "yes"),)),
    RepeatStep(
        id="thrice",
        times=3,
        every=Duration(2, "hour"),
        until=Signal(event=PAID),
        steps=(send("nag", number=2),),
    ),
    ChooseStep(
        id="which",
        branches=(
            Branch(
                rule=Has(Condition(property="Plan", operator="equals", value="gold")),
                steps=(send("gold", number=3),),
            ),
            Branch(rule=None, steps=(StopStep(id="none", reason="no gold"),)),
        ),
    ),
    WaitStep(id="morning", until=UntilTime(at=time(9))),
    send("end", number=4),
    number=4,
    name="Many",
    again="beside",
)
DATED = campaign(
    OnEvent(event="Booked"),
    WaitStep(
        id="until",
        until=UntilDate(date=DateOf(source="event", property="On"), shift=Duration(-1, "day"), at=time(10)),
    ),
    send("pack"),
    number=5,
    name="Dated",
    limits=Limits(ever=2, gap=Duration(3, "hour"), per_day=3),
)
NEWS = campaign(
    OnEvent(event="Asked"),
    send("ask"),
    wait("went", 10, Answer(signal=Signal(event="Notification Sent"), steps=(send("sent", number=1),))),
    send("unsent", number=2),
    number=6,
    name="News",
    again="beside",
)
TRIP = campaign(
    OnDate(date=DateOf(source="event", property="On"), event="Booked", shift=Duration(-2, "day"), at=time(9)),
    number=7,
    name="Trip",
    stop=Signal(event=PAID),
)
BIRTHDAY = campaign(
    OnDate(date=DateOf(source="profile", property="Born"), at=time(10), yearly=True),
    number=8,
    name="Birthday",
)
WEEKLY = campaign(
    OnSchedule(when=Recurring(rule="FREQ=WEEKLY;BYDAY=MO,TH", at=time(9))),
    send("news"),
    wait("hour", 60, Answer(signal=Signal(event="Seen"), steps=None)),
    send("more", number=1),
    number=9,
    name="Weekly",
    who=Not(GOLD),
    limits=Limits(per_run=2),
)
OWN_TIME = campaign(
    OnSchedule(when=Recurring(rule="FREQ=DAILY;INTERVAL=3", at=time(18)), zone="person"),
    number=10,
    name="Own",
)
SLOWLY = campaign(
    OnSchedule(
        when=Moments((datetime.fromisoformat("2026-06-08T12:00"), datetime.fromisoformat("2026-06-12T12:00")))
    ),
    number=11,
    name="Slowly",
    limits=Limits(throttle=Throttle(1, Duration(10, "minute"))),
)
JOINED = campaign(OnMembership(audience="Gold"), number=12, name="Joined")
EVERY = (CART_REMINDER, CAPPED, NIGHT, MANY, DATED, NEWS)
TIMED = (TRIP, BIRTHDAY, WEEKLY, OWN_TIME, SLOWLY, JOINED)
ACCOUNT = Account(audiences={"Gold": GOLD}, zone="Europe/Berlin")


def rehearsed(
    campaigns: tuple[Campaign, ...], *records: dict[str, Any], account: Account = PLAIN
) -> list[str]:
    lines = []
    for line in told(campaigns, *records, until="2026-06-20T00:00", account=account):
        assert isinstance(line, OutputLine)
        if line.campaign in {"Weekly", "Slowly"} and line.code == "not_in_who":
            continue  # which a live run only counts
        what = line.text if line.verdict == "send" else line.code
        lines.append(f"{line.at} {line.identity} {line.campaign} {line.step} {line.verdict} {what}")
    return sorted(lines)


def a_story(seed: int) -> list[dict[str, Any]]:
    """Return records of a few people over some days, at whole minutes and with ties."""
    chance = random.Random(seed)
    moment, people = at("2026-06-01T00:00"), ("ann", "bob", "cyd")
    zones = ("Asia/Singapore", "America/New_York", "Europe/Berlin")
    records = [profile(who, "2026-06-01T00:00", Tz=chance.choice(zones)) for who in people]
    for _ in range(60):
        moment += timedelta(minutes=chance.choice((0, 0, 1, 30, 60, 240, 1440)))
        who, now = chance.choice(people), f"{moment:%Y-%m-%dT%H:%M}"
        what = chance.choice(("Seen", "Seen", "Added To Cart", "Charged", "Booked", "Asked", "profile"))
        if what == "profile":
            born = f"1990-06-{chance.randint(2, 18):02}"
            plan = chance.choice(("gold", "tin"))
            records.append(profile(who, now, Tz=chance.choice(zones), Plan=plan, Born=born))
        else:
            data = {"cart_id": chance.randint(1, 3), "On": f"2026-06-{chance.randint(5, 15):02}"}
            records.append(event(who, what, now, **data))
    return records


@pytest.mark.parametrize("seed", range(6))
def test_live_is_as_rehearsed(tmp_path: Path, seed: int) -> None:
    records = a_story(seed)

    assert lived(tmp_path, EVERY, *records, until=UNTIL) == rehearsed(EVERY, *records)


@pytest.mark.parametrize("seed", range(6, 12))
def test_a_process_that_dies_again_and_again_does_nothing_else(tmp_path: Path, seed: int) -> None:
    records = a_story(seed)

    crashed = lived(tmp_path, EVERY, *records, until=UNTIL, chance=random.Random(seed))

    assert crashed == rehearsed(EVERY, *records)


@pytest.mark.parametrize("seed", range(12, 18))
def test_what_time_starts_is_as_rehearsed(tmp_path: Path, seed: int) -> None:
    records = a_story(seed)

    alive = lived(tmp_path, TIMED, *records, until=UNTIL, account=ACCOUNT)

    assert alive == rehearsed(TIMED, *records, account=ACCOUNT)


@pytest.mark.parametrize("seed", range(18, 24))
def test_what_time_starts_is_once_though_the_process_dies(tmp_path: Path, seed: int) -> None:
    records = a_story(seed)

    crashed = lived(tmp_path, TIMED, *records, until=UNTIL, account=ACCOUNT, chance=random.Random(seed))

    assert crashed == rehearsed(TIMED, *records, account=ACCOUNT)
