"""Campaigns over a story: one line for each answer, the same machine as live, the same bytes every time."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
import pytest

from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Cap, Limits, QuietHours
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import (
    Answer,
    DateOf,
    ForTime,
    SendStep,
    Signal,
    Step,
    StopStep,
    UntilDate,
    UntilTime,
    WaitStep,
)
from tellwire.platform.rehearse.simulation import OutputLine, simulate
from tellwire.platform.rehearse.story import BadStory, Refused, read_story

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def send(name: str, text: str = "Hi {{ Profile.Name }}", number: int = 0) -> SendStep:
    return SendStep(id=name, content=Content(text=text), number=number)


def wait(name: str, minutes: int, *answers: Answer) -> WaitStep:
    return WaitStep(id=name, until=ForTime(Duration(minutes, "minute")), answers=answers)


def campaign(name: str, event: str, *steps: Step, number: int = 1, **fields: Any) -> Campaign:
    return Campaign(
        id=CampaignId(number),
        name=name,
        state="running",
        start=fields.pop("start", OnEvent(event=event)),
        steps=steps,
        created_at=NOON,
        updated_at=NOON,
        **fields,
    )


def profile(identity: str, at: datetime = NOON, **data: Any) -> dict[str, Any]:
    numbers = {"ann": "+6591230000", "bob": "+6591230001"}
    known = {"Name": identity.title(), "Phone": numbers.get(identity, "+6591239999"), **data}
    return {"identity": identity, "ts": at.timestamp(), "type": "profile", "profileData": known}


def event(identity: str, name: str, at: datetime, **data: Any) -> dict[str, Any]:
    return {"identity": identity, "ts": at.timestamp(), "type": "event", "evtName": name, "evtData": data}


def run(
    campaigns: Sequence[Campaign],
    *records: dict[str, Any],
    until: datetime = NOON + 48 * HOUR,
    **options: Any,
) -> list[str]:
    story = read_story([msgspec.json.encode(record) for record in records])
    return [brief(line) for line in simulate(campaigns, story, until=until, **options)]


def brief(line: OutputLine | Refused) -> str:
    if isinstance(line, Refused):
        return f"refused {line.line}"
    what = line.text if line.verdict == "send" else line.code
    return f"{line.at[5:16]} {line.identity} {line.campaign}/{line.step} {line.verdict} {what}"


CART = campaign(
    "Cart",
    "Added To Cart",
    wait("pause", 30),
    send("remind"),
    key="cart_id",
    stop=Signal(event="Charged", same="cart_id"),
)


def test_a_cart_that_is_left_is_reminded_and_one_that_is_paid_is_not() -> None:
    lines = run(
        [CART],
        profile("ann"),
        event("ann", "Added To Cart", NOON, cart_id=1),
        event("ann", "Added To Cart", NOON + MINUTE, cart_id=2),
        event("ann", "Charged", NOON + 10 * MINUTE, cart_id=1),
    )

    assert lines == [
        "06-01T12:10 ann Cart/pause exit stopped",
        "06-01T12:31 ann Cart/remind send Hi Ann",
        "06-01T12:31 ann Cart/remind exit finished",
    ]


def test_a_campaign_of_one_send_answers_at_once_and_nobody_is_inside() -> None:
    thanks = campaign("Thanks", "Charged", send("send", "{{ Event.Amount }} paid"))

    lines = run([thanks], profile("ann"), event("ann", "Charged", NOON, Amount=5), event("ann", "Seen", NOON))

    assert lines == ["06-01T12:00 ann Thanks/send send 5 paid"]


def test_an_event_at_the_very_moment_of_a_due_time_comes_first() -> None:
    records = profile("ann"), event("ann", "Added To Cart", NOON, cart_id=1)

    at = run([CART], *records, event("ann", "Charged", NOON + 30 * MINUTE, cart_id=1))
    after = run(
        [CART], *records, event("ann", "Charged", NOON + 30 * MINUTE + timedelta(milliseconds=1), cart_id=1)
    )

    assert at == ["06-01T12:30 ann Cart/pause exit stopped"]
    assert after[0] == "06-01T12:30 ann Cart/remind send Hi Ann"


@pytest.mark.parametrize(
    ("again", "lines"),
    [
        (
            "ignore",
            ["06-01T12:10 ann Cart/None skip already_inside", "06-01T12:30 ann Cart/remind send 1"],
        ),
        ("restart", ["06-01T12:10 ann Cart/pause exit restarted", "06-01T12:40 ann Cart/remind send 2"]),
        ("beside", ["06-01T12:30 ann Cart/remind send 1", "06-01T12:40 ann Cart/remind send 2"]),
    ],
)
def test_who_is_inside_already(again: str, lines: list[str]) -> None:
    cart = campaign("Cart", "Added To Cart", wait("pause", 30), send("remind", "{{ Event.n }}"), again=again)

    told = run(
        [cart],
        profile("ann"),
        event("ann", "Added To Cart", NOON, n=1),
        event("ann", "Added To Cart", NOON + 10 * MINUTE, n=2),
    )

    assert [line for line in told if "finished" not in line] == lines


def test_an_event_without_the_key_does_not_enter() -> None:
    assert run([CART], profile("ann"), event("ann", "Added To Cart", NOON)) == [
        "06-01T12:00 ann Cart/None skip no_key"
    ]


def test_who_has_left_may_enter_again_but_only_as_often_as_ever_says() -> None:
    once = campaign("Once", "Seen", send("send"), limits=Limits(ever=1))

    lines = run([once], profile("ann"), event("ann", "Seen", NOON), event("ann", "Seen", NOON + HOUR))

    assert lines == ["06-01T12:00 ann Once/send send Hi Ann", "06-01T13:00 ann Once/None skip ever"]


def test_a_reply_answers_a_wait_only_if_it_is_to_a_message_of_this_enrollment() -> None:
    replied = Answer(
        signal=Signal(event="Notification Replied"),
        steps=(send("thanks", "Thanks", 1), StopStep(id="done", reason="replied")),
    )
    ask = campaign(
        "Ask", "Delivered", send("ask", "All well?"), wait("answer", 60, replied), send("last", "Bye", 2)
    )
    other = campaign("Other", "Delivered", send("ask", "Rate us"), number=2)
    reply = {"identity": "ann", "type": "event", "evtName": "Notification Replied"}

    lines = run(
        [ask, other],
        profile("ann"),
        event("ann", "Delivered", NOON),
        {**reply, "ts": (NOON + MINUTE).timestamp(), "evtData": {"Campaign Name": "Other", "Step": "ask"}},
        {**reply, "ts": (NOON + 2 * MINUTE).timestamp(), "evtData": {"Campaign Name": "Ask", "Step": "ask"}},
    )

    assert lines[2:] == [
        "06-01T12:02 ann Ask/thanks send Thanks",
        "06-01T12:02 ann Ask/done exit stop_step",
    ]


def test_news_finds_a_message_by_any_name_that_the_person_has_now() -> None:
    replied = Answer(signal=Signal(event="Notification Replied"), steps=(send("thanks", "Thanks", 1),))
    ask = campaign("Ask", "Seen", send("ask", "All well?"), wait("answer", 60, replied))
    device = {"objectId": "device-1", "ts": NOON.timestamp()}
    reply = {"type": "event", "evtName": "Notification Replied", "ts": (NOON + MINUTE).timestamp()}
    about = {"evtData": {"Campaign Name": "ask", "Step": "ask"}}

    def told(**name: Any) -> list[str]:
        return run(
            [ask],
            {**device, "type": "profile", "profileData": {"Phone": "+6591230000"}},
            {**device, "type": "event", "evtName": "Seen", "evtData": {}},
            {**device, "type": "profile", "identity": 7, "profileData": {"Name": "Ann"}},
            {**reply, **about, **name},
        )[1:]

    answered = ["06-01T12:01 7 Ask/thanks send Thanks", "06-01T12:01 7 Ask/thanks exit finished"]
    assert told(identity=7) == told(identity="7") == told(objectId="device-1") == answered
    assert told() == ["refused 4", "06-01T13:00 7 Ask/answer exit finished"]
    assert told(identity="bob") == ["06-01T13:00 7 Ask/answer exit finished"]


def test_whoever_a_hold_keeps_is_inside_also_by_a_single_message() -> None:
    night = (QuietHours(begins=time(20), ends=time(8)),)
    seen = [event("ann", "Seen", NOON + HOUR), event("ann", "Seen", NOON + 2 * HOUR)]  # 21:00 in Singapore
    hello = campaign("Hello", "Seen", send("a"))
    beside = campaign("Hello", "Seen", send("a"), again="beside")

    for lines in (
        run([msgspec.structs.replace(hello, quiet=night)], profile("ann"), *seen),
        run([hello], profile("ann"), *seen, account=Account(quiet=night)),
    ):
        assert lines == [
            "06-01T13:00 ann Hello/a hold quiet_hours",
            "06-01T14:00 ann Hello/None skip already_inside",
            "06-02T00:00 ann Hello/a send Hi Ann",
            "06-02T00:00 ann Hello/a exit finished",
        ]
    assert (
        run([beside], profile("ann"), *seen, account=Account(quiet=night)).count(
            "06-02T00:00 ann Hello/a send Hi Ann"
        )
        == 2
    )


def test_a_hold_is_told_once_and_the_next_wait_counts_from_the_real_send() -> None:
    night = QuietHours(begins=time(20), ends=time(8))
    hello = campaign("Hello", "Seen", send("a"), wait("w", 60), send("b", "Bye", 1), quiet=(night,))

    lines = run([hello], profile("ann"), event("ann", "Seen", NOON + HOUR))  # 21:00 in Singapore

    assert lines == [
        "06-01T13:00 ann Hello/a hold quiet_hours",
        "06-02T00:00 ann Hello/a send Hi Ann",
        "06-02T01:00 ann Hello/b send Bye",
        "06-02T01:00 ann Hello/b exit finished",
    ]


def test_caps_count_by_number_so_two_profiles_of_one_number_share() -> None:
    seen = campaign("Seen", "Seen", send("send"), limits=Limits(per_person=(Cap(1, Duration(24, "hour")),)))

    lines = run(
        [seen],
        profile("ann"),
        profile("bob", Phone="+6591230000"),
        event("ann", "Seen", NOON),
        event("bob", "Seen", NOON + 23 * HOUR),
        event("bob", "Seen", NOON + 24 * HOUR),
    )

    assert lines == [
        "06-01T12:00 ann Seen/send send Hi Ann",
        "06-02T11:00 bob Seen/send skip person_cap",
        "06-02T12:00 bob Seen/send send Hi Bob",
    ]


def test_of_two_campaigns_that_compete_for_one_cap_the_one_of_higher_priority_wins() -> None:
    account = Account(limits=Limits(per_person=(Cap(1, Duration(24, "hour")),)))
    low = campaign("Low", "Seen", send("send"), priority="low")
    high = campaign("High", "Seen", send("send"), number=2, priority="high")

    lines = run([low, high], profile("ann"), event("ann", "Seen", NOON), account=account)

    assert lines == ["06-01T12:00 ann High/send send Hi Ann", "06-01T12:00 ann Low/send skip account_cap"]


def test_a_holdout_walks_without_a_message() -> None:
    lines = run(
        [campaign("All", "Seen", send("send"), holdout=100)], profile("ann"), event("ann", "Seen", NOON)
    )

    assert lines == ["06-01T12:00 ann All/send skip holdout"]


def test_an_opt_out_during_a_wait_acts() -> None:
    lines = run(
        [CART],
        profile("ann"),
        event("ann", "Added To Cart", NOON, cart_id=1),
        profile("ann", NOON + MINUTE, **{"MSG-sms": False}),
    )

    assert lines == [
        "06-01T12:30 ann Cart/remind skip no_consent",
        "06-01T12:30 ann Cart/remind exit finished",
    ]


def test_merging_two_profiles_leaves_one_enrollment_of_a_campaign() -> None:
    device = {"objectId": "device0001", "type": "event", "evtName": "Seen"}
    hello = campaign("Hello", "Seen", wait("w", 60), send("a"))

    lines = run(
        [hello],
        profile("ann"),
        event("ann", "Seen", NOON),
        {**device, "ts": (NOON + MINUTE).timestamp()},
        {**device, "evtName": "Other", "identity": "ann", "ts": (NOON + 2 * MINUTE).timestamp()},
    )

    assert lines == [
        "06-01T12:02 ann Hello/w exit merged",
        "06-01T13:00 ann Hello/a send Hi Ann",
        "06-01T13:00 ann Hello/a exit finished",
    ]


def test_what_is_due_after_the_end_is_not_told_and_the_end_is_included() -> None:
    records = profile("ann"), event("ann", "Added To Cart", NOON, cart_id=1)

    assert run([CART], *records, until=NOON + 30 * MINUTE - timedelta(milliseconds=1)) == []
    assert len(run([CART], *records, until=NOON + 30 * MINUTE)) == 2


def test_a_record_that_an_upload_would_refuse_is_told_and_the_rest_goes_on() -> None:
    thanks = campaign("Thanks", "Charged", send("send"))

    lines = run([thanks], profile("ann"), event("ann", "", NOON), event("ann", "Charged", NOON))

    assert lines == ["refused 2", "06-01T12:00 ann Thanks/send send Hi Ann"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([b'{"ts":5,"type":"event"}', b'{"ts":4}'], "Line 2: ts goes back"),
        ([b'{"type":"event"}'], "Line 1: the first record has no ts"),
        ([b"[]"], "Line 1: this is no record"),
        ([b'{"ts":"soon"}'], "Line 1: ts has to be seconds"),
        ([b'{"ts":1e99}'], "Line 1: ts has to be seconds"),
        ([b"\xff"], "Line 1: this is no record"),
    ],
)
def test_a_story_that_cannot_be_read(lines: list[bytes], why: str) -> None:
    with pytest.raises(BadStory, match=why):
        list(read_story(lines))


def test_decimals_of_a_second_are_kept_and_a_record_without_ts_comes_with_the_one_before() -> None:
    story = read_story(
        [
            b'{"identity":"ann","ts":100.25,"type":"event","evtName":"A"}',
            b'{"identity":"ann","type":"event","evtName":"B"}',
        ]
    )

    assert {line.at for line in story if not isinstance(line, Refused)} == {
        datetime(1970, 1, 1, 0, 1, 40, 250_000, UTC)
    }


def test_conditions_lead_into_objects() -> None:
    where = (Condition(property="Address.city", value="Berlin"),)
    there = campaign("There", "Seen", send("send"), start=OnEvent(event="Seen", where=where))

    lines = run(
        [there],
        profile("ann"),
        event("ann", "Seen", NOON, Address={"city": "berlin"}),
        event("ann", "Seen", NOON, Address={"city": "Bonn"}),
    )

    assert lines == ["06-01T12:00 ann There/send send Hi Ann"]


def until(at: str) -> WaitStep:
    return WaitStep(id="until", until=UntilTime(at=time.fromisoformat(at)))


def test_who_moves_to_another_zone_while_waiting_waits_for_the_time_there() -> None:
    morning = campaign("Morning", "Seen", until("09:00"), send("a"))
    singapore = profile("ann"), event("ann", "Seen", NOON)  # 20:00 there

    stays = run([morning], *singapore)
    west = run([morning], *singapore, profile("ann", NOON + HOUR, Tz="America/New_York"))
    east = run([morning], *singapore, profile("ann", NOON + 2 * HOUR, Tz="Asia/Tokyo"))

    assert [lines[0] for lines in (stays, west, east)] == [
        "06-02T01:00 ann Morning/a send Hi Ann",
        "06-01T13:00 ann Morning/a send Hi Ann",  # 09:00 there, and just now
        "06-02T00:00 ann Morning/a send Hi Ann",
    ]


def test_a_date_that_changes_while_somebody_waits_for_it_is_another_moment_and_one_that_goes_ends_it() -> (
    None
):
    date = UntilDate(date=DateOf(source="profile", property="Trip"), shift=Duration(-2, "hour"))
    trip = campaign("Trip", "Booked", WaitStep(id="trip", until=date), send("a"))
    booked = profile("ann", Trip="$D_1780488000"), event("ann", "Booked", NOON)  # 2026-06-03T12:00:00Z

    later = run([trip], *booked, profile("ann", NOON + HOUR, Trip="$D_1780491600"), until=NOON + 72 * HOUR)
    gone = run([trip], *booked, profile("ann", NOON + HOUR, Trip={"$delete": 1}))

    assert later[0] == "06-03T11:00 ann Trip/a send Hi Ann"
    assert gone == ["06-01T13:00 ann Trip/trip exit missed"]
