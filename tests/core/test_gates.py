"""Every gate's yes and no, with what it saw; and that none is passed by a profile it should stop."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from tests.builders import a_campaign, a_provider

from tellwire.kernel.address import Msisdn, msisdn_of_digits
from tellwire.platform.control.gate_words import words_of
from tellwire.platform.decide import gates, send_gates
from tellwire.platform.decide.meeting import Meeting, RunSoFar, Sending, standing_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.codes import GATE_NAMES, GATE_NUMBERS
from tellwire.platform.model.content import Content
from tellwire.platform.model.decision import GateResult, StoredCheck, packed, unpacked
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.enrollment import Contact, entrance_of
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.guard import Cap, Limits, QuietHours
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import Provider, QueryParameters
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.start import Now, OnSchedule

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBER = msisdn_of_digits("6591230000")
SUBJECT = Subject("identity", "u1")
PROVIDER = a_provider(parameters=QueryParameters())


class Around:
    """Surroundings in which nothing was sent so far."""

    account = Account()

    def __init__(self, *, suppressed: bool) -> None:
        self._suppressed = suppressed

    def is_suppressed(self, _number: Msisdn) -> bool:
        return self._suppressed

    def contacts(self, _profile: Profile) -> tuple[Contact, ...]:
        return ()

    def entries(self, _profile: Profile, _campaign: CampaignId) -> int:
        return 0

    def sent_today(self, _campaign: CampaignId) -> int:
        return 0

    def run(self, _campaign: CampaignId, _name: str) -> RunSoFar:
        return RunSoFar(at=NOW)


def happened(**fields: Any) -> Event:
    order = Event(id=EventId("e"), subject=SUBJECT, name="Order", occurred_at=NOW, received_at=NOW)
    return msgspec.structs.replace(order, **fields)


def sending(met: Meeting) -> Sending:
    return next(iter(met.standing.sendings.values()))


def meeting(
    *,
    campaign: dict[str, Any] | None = None,
    properties: dict[str, Any] | None = None,
    profile: dict[str, Any] | None = None,
    phone: Msisdn | None = NUMBER,
    provider: Provider | None = PROVIDER,
    suppressed: bool = False,
) -> Meeting:
    known = {"id": CampaignId(7), "name": "c", "event": "Order", "content": Content(text="x")}
    met = a_campaign(**{**known, "created_at": NOW, "updated_at": NOW, **(campaign or {})})
    return Meeting(
        entrance=entrance_of(happened()),
        properties=properties or {},
        profile=Profile(
            id=ProfileId("f"),
            subjects=(SUBJECT,),
            properties=profile or {},
            phone=phone,
            created_at=NOW,
            updated_at=NOW,
        ),
        standing=standing_of(met, lambda _: provider, NOW),
        around=Around(suppressed=suppressed),
        now=NOW,
    )


DAY = Duration(1, "day")
EVERYTHING = {
    "holdout": 1,
    "limits": Limits(per_person=(Cap(1, DAY),), gap=DAY, per_day=1),
    "quiet": (QuietHours(begins=time(22), ends=time(8)),),
}


def started_by(*, campaign: dict[str, Any], properties: dict[str, Any]) -> GateResult:
    return gates.event_conditions(meeting(campaign=campaign).campaign.start, properties)


def asked(gate: send_gates.SendGate, met: Meeting) -> GateResult:
    result = gate(met, sending(met))
    assert isinstance(result, GateResult)
    return result


def code(result: GateResult) -> str:
    return result.code


def words(result: GateResult) -> tuple[str, str]:
    """What the gate saw and wanted, as it is read when it was stored and somebody looks."""
    (stored,) = msgspec.json.decode(msgspec.json.encode(packed([result])), type=tuple[StoredCheck, ...])
    (read,) = unpacked([stored], result.code)
    assert words_of(read) == words_of(result)
    return words_of(read)[:2]


def saw(result: GateResult) -> str:
    return words(result)[0]


def test_gates_stand_in_the_order_of_their_names() -> None:
    start = started_by(campaign={}, properties={}).gate
    met = meeting(campaign=EVERYTHING)
    entering = [
        met.standing.schedule,
        gates.triggering_window(met, happened()),
        gates.profile_conditions(met),
    ]
    names = [result.gate for result in (*entering, gates.may_begin(met))]
    scheduled = msgspec.structs.replace(met.campaign, start=OnSchedule(when=Now()))
    messages = [gate(met, sending(met)) for gate in send_gates.gates_for(scheduled, Account())]
    names += [one.result.gate if isinstance(one, send_gates.NotYet) else one.gate for one in messages]

    of_walks = {"winner"}  # what a split with a winner notes, on the way to its messages
    assert [start, *names, "content"] == [name for name in GATE_NAMES if name not in of_walks]
    assert set(GATE_NUMBERS) == set(GATE_NAMES)
    assert len(set(GATE_NUMBERS.values())) == len(GATE_NUMBERS)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, ""),
        (NOW, None, ""),
        (NOW + HOUR, None, "not_started"),
        (None, NOW + HOUR, ""),
        (None, NOW, "ended"),
        (NOW - HOUR, NOW + HOUR, ""),
    ],
)
def test_schedule(start: datetime | None, end: datetime | None, expected: str) -> None:
    assert code(meeting(campaign={"starts_at": start, "ends_at": end}).standing.schedule) == expected


@pytest.mark.parametrize(
    ("event", "properties", "expected"),
    [
        ({}, {}, ""),
        ({"may_trigger": False}, {}, "outside_triggering_window"),
        ({"may_trigger": False, "depth": 4}, {}, "chain_too_long"),
        ({"may_trigger": False, "depth": 3}, {}, "outside_triggering_window"),
        ({"may_trigger": False, "id": EventId("0" * 24 + "c4")}, {}, "chain_too_long"),
        ({"source": "receipt", "cause": 8}, {"Campaign ID": 7}, ""),
        ({"source": "receipt", "cause": 7}, {}, "own_doing"),
        ({"may_trigger": False, "name": "Notification Failed"}, {}, "taken_back"),
        ({"source": "receipt"}, {"Campaign ID": 8}, ""),
        ({"source": "receipt"}, {"Campaign ID": 7}, "own_doing"),
        ({"source": "api"}, {"Campaign ID": 7}, ""),
    ],
)
def test_triggering_window(event: dict[str, Any], properties: dict[str, Any], expected: str) -> None:
    assert code(gates.triggering_window(meeting(properties=properties), happened(**event))) == expected


def test_a_moment_in_a_trace_is_an_instant_for_the_page_to_write() -> None:
    now = meeting()

    assert f"{NOW:%Y-%m-%dT%H:%M:%SZ}" in saw(gates.triggering_window(now, happened()))


def test_conditions_show_the_value_that_failed() -> None:
    conditions = (
        Condition(property="Plan", value="gold"),
        Condition(property="Amount", operator="greater_than", value=100),
    )
    met = started_by(campaign={"event_conditions": conditions}, properties={"Plan": "Gold", "amount": 120})
    unmet = started_by(campaign={"event_conditions": conditions}, properties={"Plan": "gold", "Amount": 12})

    assert code(met) == ""
    assert words(met) == (
        "Plan = Gold; Amount = 120",
        "Plan equals gold; Amount greater than 100",
    )
    assert code(unmet) == "event_conditions"
    assert words(unmet) == ("Amount = 12", "Amount greater than 100")


def test_profile_conditions_look_at_the_profile() -> None:
    campaign = {"profile_conditions": (Condition(property="Plan", operator="exists"),)}

    assert code(gates.profile_conditions(meeting(campaign=campaign, profile={"Plan": "x"}))) == ""
    stopped = gates.profile_conditions(meeting(campaign=campaign, properties={"Plan": "x"}))
    assert code(stopped) == "profile_conditions"
    assert saw(stopped) == "Plan is not set"


def test_numbers_in_a_trace_are_masked_and_long_values_cut() -> None:
    campaign = {
        "event_conditions": (
            Condition(property="From", operator="exists"),
            Condition(property="Text", operator="exists"),
        )
    }

    seen = saw(started_by(campaign=campaign, properties={"From": "+65 9123 0000", "Text": "y" * 500}))

    assert "9123" not in seen
    assert "0000" not in seen
    assert len(seen) < 120


def test_a_masked_value_keeps_its_country_code_whole() -> None:
    campaign = {"event_conditions": (Condition(property="From", operator="exists"),)}

    seen = saw(started_by(campaign=campaign, properties={"From": "+852 9123 4567"}))

    assert seen == "From = +852******67"


@pytest.mark.parametrize(
    ("phone", "properties", "expected", "seen"),
    [
        (NUMBER, {"Phone": "+6591230000"}, "", "+65******00"),
        (None, {}, "no_phone", "no Phone"),
        (None, {"Phone": "call me"}, "bad_phone", "Phone = call me"),
    ],
)
def test_reachability(phone: Msisdn | None, properties: dict[str, Any], expected: str, seen: str) -> None:
    check = asked(send_gates.reachability, meeting(phone=phone, profile=properties))

    assert code(check) == expected
    assert saw(check) == seen


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, ""),
        ("true", ""),
        ("Yes", ""),
        (False, "no_consent"),
        ("false", "no_consent"),
        (0, "no_consent"),
        ("perhaps", "no_consent"),
        ([True], "no_consent"),
    ],
)
def test_consent_is_given_unless_it_is_taken_back(value: object, expected: str) -> None:
    profile = {} if value is None else {"msg-SMS": value}

    assert code(asked(send_gates.consent, meeting(profile=profile))) == expected


def test_what_a_person_must_get_passes_consent_and_not_suppression() -> None:
    must = {"respects_consent": False}

    assert code(asked(send_gates.consent, meeting(campaign=must, profile={"MSG-sms": False}))) == ""
    assert code(asked(send_gates.suppression, meeting(campaign=must, suppressed=True))) == "suppressed"


@pytest.mark.parametrize(
    ("phone", "suppressed", "expected"),
    [(NUMBER, False, ""), (NUMBER, True, "suppressed"), (None, False, "suppressed")],
)
def test_suppression_fails_closed(phone: Msisdn | None, suppressed: bool, expected: str) -> None:
    check = asked(send_gates.suppression, meeting(phone=phone, suppressed=suppressed))

    assert code(check) == expected
    assert "9123" not in saw(check)


def test_provider() -> None:
    assert code(asked(send_gates.provider, meeting())) == ""
    assert saw(asked(send_gates.provider, meeting())) == "acme"
    assert code(asked(send_gates.provider, meeting(provider=None))) == "no_provider"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 1_000, f"Note = {'x' * 60}…"),
        (["x" * 100, "y" * 100], f'Note = ["{"x" * 58}…'),
        (10**30, "Note = …00"),
        ({"a": 1}, 'Note = {"a":1}'),
        (f"{'y' * 155}+6591230000", f"Note = {'y' * 60}…"),
        ("😀" * 200, f"Note = {'😀' * 60}…"),
    ],
)
def test_what_a_trace_keeps_of_a_value_is_short_and_can_be_stored(value: object, shown: str) -> None:
    campaign = {"profile_conditions": (Condition(property="Note", operator="exists"),)}

    result = gates.profile_conditions(meeting(campaign=campaign, profile={"Note": value}))

    assert len(str(result.values)) < 250
    assert saw(result) == shown


def test_a_number_that_a_cut_would_halve_is_not_kept() -> None:
    campaign = {"profile_conditions": (Condition(property="Note", operator="exists"),)}
    numbers = "+65 9123 0000 " * 20

    result = gates.profile_conditions(meeting(campaign=campaign, profile={"Note": numbers}))

    assert "912" not in saw(result)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("x" * 160, "x" * 160),
        ("x" * 161, "x" * 160 + "…"),
        ("x" * 150 + "6591230000123", "x" * 150 + "…"),
        (2**63 - 1, 2**63 - 1),
        (2**63, str(2**63)),
        (-(2**63), str(-(2**63))),
        (1.5, 1.5),
        (True, True),
        (["a"], ["a"]),
        (["x" * 156], ["x" * 156]),
        (["x" * 157], '["' + "x" * 157 + '"…'),
    ],
)
def test_a_trace_keeps_160_characters_and_numbers_that_every_reader_takes(written: Any, kept: Any) -> None:
    result = asked(send_gates.reachability, meeting(phone=None, profile={"Phone": written}))

    assert (result.code, result.values) == ("bad_phone", (kept,))


@pytest.mark.parametrize(("depth", "expected"), [(3, "outside_triggering_window"), (4, "chain_too_long")])
def test_a_chain_is_too_long_from_its_fourth_event(depth: int, expected: str) -> None:
    event = happened(may_trigger=False, depth=depth, source="receipt")

    result = gates.triggering_window(meeting(), event)

    assert result.code == expected


def test_a_campaign_starts_at_its_very_moment() -> None:
    now = int(NOW.timestamp())

    started = meeting(campaign={"starts_at": NOW, "ends_at": NOW + HOUR}).standing.schedule
    ended = meeting(campaign={"starts_at": NOW - HOUR, "ends_at": NOW}).standing.schedule

    assert (started.code, started.values) == ("", (now, now, now + 3600))
    assert (ended.code, ended.values) == ("ended", (now, now - 3600, now))
