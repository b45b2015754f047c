"""The words of a trace: the table is whole, what is stored reads the same, and so does what earlier releases stored."""

import string
from typing import Any, get_args

import msgspec
import pytest
from tests.builders import NOON

from tellwire.platform.compose.draft import PARTS_LIMIT
from tellwire.platform.control.gate_words import reason_of, words_of
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.codes import ANSWERS, FAILED, PASSED, Answer, GateName
from tellwire.platform.model.decision import DecisionRecord, GateResult, WordedResult, packed
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import CONSENT_SMS, ProfileId

# One value of each kind, by the names that the table uses.
VALUES: dict[str, Any] = {
    "conditions": (("Plan", "equals", "gold", "silver"),),
    **dict.fromkeys(("now", "starts_at", "ends_at", "occurred_at", "received_at"), 1_780_736_400),
    "depth": 4,
    "limit": 3,
    "number": 6591230000,
    "phone": "call me",
    "consent": None,
    "parts": 2,
    "respects_consent": False,
    "nickname": "acme",
    "provider": "p",
    "encoding": "GSM7",
    "error": "KeyError",
    "name": "$$code",
    "reason": "it is wrong",
    "rule": "Plan equals gold",
    "seen": "silver",
    "property": "cart_id",
    "entered_at": 1_780_736_400,
    "due": 1_780_736_400,
    "until": 1_780_736_400,
    "entries": 3,
    "percent": 5,
    "messages": 3,
    "window": "1 day",
    "hours": "22:00-08:00",
    "zone": "Europe/Berlin",
    "cut_off": "18:00",
    "branch": "B",
}
# Of these the words of what was seen say it all, where the message passed.
WANTED_IN_WORDS = {
    "content",
    "schedule",
    "entry",
    "holdout",
    "frequency",
    "gap",
    "quiet_hours",
    "daily_limit",
    "run_limit",
}
# A decision of an earlier release, as its store has it.
EARLIER = (
    b'{"event_id":"e1","event_name":"Order","campaign_id":7,"campaign_name":"","campaign_version":3,'
    b'"profile_id":"p1","decided_at":"2026-03-04T12:00:00Z","trace":[["schedule",true,"no start and no end",""],'
    b'["consent",false,"MSG-sms = false","MSG-sms not false"]],"message_id":null,"code":"no_consent",'
    b'"reason":"The profile has opted out of text messages."}'
)


def a_record(*trace: GateResult, **changed: Any) -> DecisionRecord:
    return DecisionRecord(
        occasion_id=OccasionId("e1"),
        event_name="Order",
        campaign_id=CampaignId(7),
        campaign_name="",
        campaign_version=3,
        profile_id=ProfileId("p1"),
        decided_at=NOON,
        worded=(),
        checks=packed(trace),
        **changed,
    )


def stored_and_read(record: DecisionRecord) -> DecisionRecord:
    return msgspec.json.decode(msgspec.json.encode(record), type=DecisionRecord)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: f"{a.gate}-{a.code or 'passed'}-{len(a.values)}")
def test_every_answer_of_the_table_has_words(answer: Answer) -> None:
    words = words_of(GateResult(answer.gate, answer.code, tuple(VALUES[name] for name in answer.values)))

    assert bool(words.sentence) is (answer.code != PASSED)
    assert words.saw or (answer.gate.endswith("conditions") and words.wanted == "no conditions")
    assert words.wanted or answer.code == FAILED or answer.gate in WANTED_IN_WORDS
    assert "6591230000" not in "".join(words)


def test_an_answer_is_told_from_the_others_by_gate_code_and_number_of_values() -> None:
    keys = [(answer.gate, answer.code, len(answer.values)) for answer in ANSWERS]

    assert len(set(keys)) == len(keys)
    assert {answer.gate for answer in ANSWERS if answer.code == PASSED} == set(get_args(GateName))


def test_a_template_names_values_of_its_answer_only() -> None:
    for answer in ANSWERS:
        for template in (answer.sentence, answer.saw, answer.wanted):
            assert {name for _, name, _, _ in string.Formatter().parse(template) if name} <= {*answer.values}


def test_the_table_names_what_the_code_counts_with() -> None:
    templates = " ".join(f"{answer.sentence} {answer.saw} {answer.wanted}" for answer in ANSWERS)

    assert f"at most {PARTS_LIMIT} are sent" in templates
    assert f"{CONSENT_SMS} not false" in templates


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (GateResult("schedule"), ("no start and no end", "")),
        (
            GateResult("schedule", "ended", (1_780_736_400, None, 1_780_736_000)),
            ("2026-06-06T09:00:00Z", "until 2026-06-06T08:53:20Z"),
        ),
        (
            GateResult("schedule", "not_started", (1_780_736_000, 1_780_736_400, None)),
            ("2026-06-06T08:53:20Z", "from 2026-06-06T09:00:00Z"),
        ),
        (GateResult("consent"), ("MSG-sms is not set", "MSG-sms not false")),
        (
            GateResult("consent", PASSED, (False, False)),
            ("MSG-sms = false", "nothing: this campaign sends what a person must get"),
        ),
        (
            GateResult("suppression", PASSED, (6591230000,)),
            ("+65******00 is not suppressed", "not suppressed"),
        ),
        (GateResult("provider", "no_provider", ()), ("no default provider", "a provider in use")),
        (GateResult("content", PASSED, ("GSM7", 1)), ("GSM-7, 1 part", "")),
        (
            GateResult("content", "too_long", (11,)),
            ("The text came out as 11 parts; at most 10 are sent.", "a text to send"),
        ),
        (
            GateResult("content", "aborted"),
            ("The template came to {% abort %} (LiquidLogicAborted).", "a text to send"),
        ),
    ],
)
def test_words(result: GateResult, words: tuple[str, str]) -> None:
    assert words_of(result)[:2] == words


def test_values_with_braces_are_no_templates() -> None:
    assert words_of(GateResult("provider", PASSED, ("{0} {x:y}",))).saw == "{0} {x:y}"


def test_a_decision_stored_is_the_decision_read() -> None:
    trace = (
        GateResult("schedule"),
        GateResult("profile_conditions", "profile_conditions", ((("Plan", "equals", "gold", None),),)),
    )

    read = stored_and_read(a_record(*trace, code="profile_conditions"))

    assert [(result.gate, result.has_passed) for result in read.trace] == [
        ("schedule", True),
        ("profile_conditions", False),
    ]
    assert words_of(read.trace[-1])[:2] == ("Plan is not set", "Plan equals gold")
    assert reason_of(read) == "The profile's Plan is not as the campaign wants it."


def test_a_decision_of_an_earlier_release_is_shown_as_it_is() -> None:
    record = msgspec.json.decode(EARLIER, type=DecisionRecord)

    assert [words_of(result)[:2] for result in record.trace] == [
        ("no start and no end", ""),
        ("MSG-sms = false", "MSG-sms not false"),
    ]
    assert reason_of(record) == "The profile has opted out of text messages."


def test_an_earlier_release_reads_a_decision_of_today_without_its_trace() -> None:
    class Earlier(msgspec.Struct, kw_only=True):
        event_id: str
        event_name: str
        campaign_id: int
        campaign_name: str
        campaign_version: int
        profile_id: str
        decided_at: str
        trace: tuple[WordedResult, ...]
        message_id: str | None = None
        code: str = ""
        reason: str = ""

    record = a_record(GateResult("reachability", "no_phone"), code="no_phone")

    earlier = msgspec.json.decode(msgspec.json.encode(record), type=Earlier)

    assert (earlier.event_id, earlier.code, earlier.trace) == ("e1", "no_phone", ())


def test_what_only_a_newer_release_knows_is_shown_by_its_code() -> None:
    record = msgspec.structs.replace(a_record(code="capped"), checks=((1,), (99, 3)))

    assert [result.gate for result in record.trace] == ["schedule"]
    assert words_of(GateResult("consent", "unheard_of", (1, 2, 3))).sentence == "unheard_of"
    assert reason_of(record) == "capped"


def test_a_result_shows_no_value_of_itself() -> None:
    assert "6591230000" not in repr(GateResult("reachability", PASSED, (6591230000,)))
