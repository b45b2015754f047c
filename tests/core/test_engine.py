"""A batch of the stream, decided: order, who is asked, what comes of it."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_campaign, a_change, a_profile, a_provider, an_event

from tellwire.kernel.address import msisdn_of_digits
from tellwire.platform.decide.asking import is_heard, numbers_of, subjects_of
from tellwire.platform.decide.engine import FAILED, decide_batch
from tellwire.platform.decide.index import Listeners, index_of
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet, campaign_set
from tellwire.platform.model.content import Content
from tellwire.platform.model.decision import GateResult, Send, Skip
from tellwire.platform.model.event import (
    Change,
    Entry,
    Event,
    EventId,
    LinkSubject,
    ProfileChange,
    SetValue,
    Subject,
)
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange
from tellwire.platform.model.provider import ProviderId, QueryParameters
from tellwire.platform.model.rule import Condition, Operator
from tellwire.platform.ports.ledger import Recording

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
ANN, DEVICE = Subject("identity", "ann"), Subject("device", "d1")
NUMBER = msisdn_of_digits("6591230000")
PROVIDER = a_provider(endpoint="https://sms.example/?text=$$Body", parameters=QueryParameters())
numbers = count(1)


def campaign(
    identifier: int, *, text: str = "Hi {{ Profile.Name | default: 'you' }}", **fields: Any
) -> Campaign:
    known: dict[str, Any] = {"state": "running", "event": "Order Placed", **fields}
    return a_campaign(
        id=CampaignId(identifier),
        name=f"c{identifier}",
        content=Content(text=text),
        created_at=NOW,
        updated_at=NOW,
        **known,
    )


def catalog(*campaigns: Campaign) -> CampaignSet:
    return campaign_set(3, list(campaigns), [PROVIDER])


def event(name: str = "Order Placed", subject: Subject = ANN, **fields: Any) -> Event:
    identifier = EventId(f"e{next(numbers):04}")
    return an_event(id=identifier, subject=subject, name=name, occurred_at=NOW, received_at=NOW, **fields)


def record(*changes: Change, subject: Subject = ANN) -> ProfileChange:
    identifier = EventId(f"e{next(numbers):04}")
    return a_change(*changes, id=identifier, subject=subject, occurred_at=NOW, received_at=NOW)


def person(**properties: Any) -> Profile:
    known = {"Phone": "+6591230000", **properties}
    return a_profile(subjects=(ANN,), properties=known, phone=NUMBER, created_at=NOW, updated_at=NOW)


def decided(*entries: Entry, campaigns: CampaignSet | None = None, facts: Facts | None = None) -> Recording:
    return decide_batch(
        entries,
        facts=facts or Facts(profiles={ANN: person(Name="Ann")}),
        index=index_of(campaigns or catalog(campaign(1))),
        now=NOW,
        new_ids=(ProfileId(f"new{n}") for n in numbers),
    )


def test_an_event_that_passes_every_gate_is_a_message() -> None:
    placed = event()

    recording = decided(placed)

    (decision,) = recording.decisions
    assert isinstance(decision.verdict, Send)
    assert decision.verdict.message.text == "Hi Ann"
    assert decision.verdict.message.id == f"{placed.id}-1"
    assert (decision.campaign_version, decision.profile_id, decision.decided_at) == (3, "p1", NOW)
    assert [gate.gate for gate in decision.trace][-1] == "content"
    assert all(gate.has_passed for gate in decision.trace)
    assert recording.profiles == ()
    assert [a.profile_id for a in recording.activity] == ["p1"]


def test_the_first_gate_that_fails_ends_the_trace() -> None:
    (decision,) = decided(event(may_trigger=False)).decisions

    assert decision.verdict == Skip("outside_triggering_window")
    assert [gate.gate for gate in decision.trace] == ["schedule", "triggering_window"]


def test_an_event_nobody_listens_to_is_activity_and_no_decision() -> None:
    recording = decided(event("Page Seen"))

    assert recording.decisions == ()
    assert len(recording.activity) == 1


def test_names_of_events_compare_without_case_and_spaces() -> None:
    assert len(decided(event("order placed")).decisions) == 1


def test_an_event_meets_every_listening_campaign_once_in_order_of_ids() -> None:
    several = catalog(campaign(3), campaign(1), campaign(2, state="stopped"), campaign(4, event="Other"))

    decisions = decided(event(), campaigns=several).decisions

    assert [d.campaign_id for d in decisions] == [1, 3]


def test_a_profile_update_before_an_event_is_seen_by_it_and_one_after_is_not() -> None:
    recording = decided(
        record(SetValue("Name", "Anna")), event(), record(SetValue("Name", "Annabel")), facts=None
    )

    (decision,) = recording.decisions
    assert isinstance(decision.verdict, Send)
    assert decision.verdict.message.text == "Hi Anna"
    (kept,) = recording.profiles
    assert kept.properties["Name"] == "Annabel"


def test_an_unknown_subject_becomes_a_profile_that_cannot_be_reached() -> None:
    recording = decided(event(subject=DEVICE), facts=Facts())

    (profile,) = recording.profiles
    (decision,) = recording.decisions
    assert profile.subjects == (DEVICE,)
    assert recording.activity[0].profile_id == decision.profile_id == profile.id
    assert isinstance(decision.verdict, Skip)
    assert decision.verdict.code == "no_phone"


def test_a_profile_made_in_the_batch_gets_its_message_in_the_batch() -> None:
    recording = decided(record(SetValue("Phone", "+6591230000")), event(), facts=Facts())

    (decision,) = recording.decisions
    assert isinstance(decision.verdict, Send)
    assert decision.verdict.message.to == NUMBER
    assert decision.verdict.message.profile_id == recording.profiles[0].id


def test_dnd_earlier_in_the_batch_stops_the_message() -> None:
    recording = decided(record(SetValue("MSG-dndPhone", True)), event())

    (decision,) = recording.decisions
    assert isinstance(decision.verdict, Skip)
    assert decision.verdict.code == "suppressed"
    assert [s.address for s in recording.suppressions] == [NUMBER]


def test_a_suppressed_new_number_gets_nothing() -> None:
    suppression = SuppressionChange(address=NUMBER, is_suppressed=True, source="reply", at=NOW)
    facts = Facts(suppressions={NUMBER: suppression})

    recording = decided(record(SetValue("Phone", "+6591230000")), event(), facts=facts)

    (decision,) = recording.decisions
    assert isinstance(decision.verdict, Skip)
    assert decision.verdict.code == "suppressed"


def test_an_event_that_does_not_start_a_campaign_leaves_no_decision() -> None:
    picky = catalog(
        campaign(1, event_conditions=(Condition(property="Amount", operator="greater_than", value=10),))
    )

    few, many = event(properties={"Amount": 5}), event(properties={"Amount": "50"})

    recording = decided(few, many, campaigns=picky)

    (decision,) = recording.decisions
    assert decision.occasion_id == many.id
    assert isinstance(decision.verdict, Send)
    assert [activity.event for activity in recording.activity] == [few, many]


def test_campaigns_that_one_event_starts_answer_in_the_order_of_their_ids() -> None:
    city = (Condition(property="City", value="Berlin"),)
    many = [campaign(n, event_conditions=city if n % 3 else ()) for n in range(1, 12)]

    recording = decided(event(properties={"City": "berlin"}), campaigns=catalog(*reversed(many)))

    assert [decision.campaign_id for decision in recording.decisions] == list(range(1, 12))


def test_campaigns_without_a_provider_of_their_own_send_through_the_default_one() -> None:
    own = msgspec.structs.replace(PROVIDER, id=ProviderId("own"), nickname="own", is_default=False)
    gone = msgspec.structs.replace(own, id=ProviderId("gone"), archived_at=NOW)
    campaigns = [campaign(1), campaign(2, provider_id=own.id), campaign(3, provider_id=gone.id)]

    recording = decided(event(), event(), campaigns=campaign_set(3, campaigns, [own, gone, PROVIDER]))

    through = [
        d.verdict.message.provider_id if isinstance(d.verdict, Send) else None for d in recording.decisions
    ]
    assert through == ["acme", "own", None] * 2


@pytest.mark.parametrize("raw", [b"[1]", b"{", b"", b"null"])
def test_properties_that_are_no_object_count_as_none(raw: bytes) -> None:
    broken = msgspec.structs.replace(event(), properties=msgspec.Raw(raw))

    (decision,) = decided(broken).decisions

    assert isinstance(decision.verdict, Send)


def test_a_text_that_fails_is_a_skip_with_its_reason() -> None:
    (decision,) = decided(event(), campaigns=catalog(campaign(1, text="{% abort %}"))).decisions

    assert isinstance(decision.verdict, Skip)
    assert decision.verdict.code == "aborted"
    assert decision.trace[-1].gate == "content"
    assert not decision.trace[-1].has_passed


def test_a_campaigns_own_news_never_triggers_it() -> None:
    ring = catalog(campaign(1, event="Notification Sent"), campaign(2, event="Notification Sent"))
    news = event("Notification Sent", source="receipt", properties={"Campaign ID": 1})

    own, other = decided(news, campaigns=ring).decisions

    assert isinstance(own.verdict, Skip)
    assert own.verdict.code == "own_doing"
    assert isinstance(other.verdict, Send)


def test_questions_name_every_subject_and_number_once() -> None:
    entries = [
        event(subject=DEVICE),
        record(LinkSubject(DEVICE), SetValue("phone", "+65 9123 0000"), SetValue("Phone", 6591230000)),
        event(),
    ]

    assert list(subjects_of(entries)) == [DEVICE, ANN]
    assert list(numbers_of(entries, None)) == [NUMBER]


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
        st.sampled_from(
            ["$D_1700000000", "$D_99999999999999999999", "$D_", "0001-01-01T00:00:00+14:00", "1e999"]
        ),
        st.from_regex(r"[0-9+$D_:TZ.-]{1,30}", fullmatch=True),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=8,
)
FILTERS = "abs|ceil|round|plus: 1|times: 2|divided_by: 3|modulo: 2|date: '%Y-%m-%d'|date_tz: '%H', 'UTC'|size"
FILTERS += "|join: ','|split: ','|first|last|sort|reverse|uniq|sum|upcase|slice: 0, 3|default: 'x'|map: 'a'|where: 'a'"
FILTERS += (
    "|truncate: 5|escape|url_encode|compact|concat: Event.a|replace: 'a', 'b'|append: Event.a|at_most: 3"
)


@given(
    a=JSON,
    wanted=JSON,
    operator=st.sampled_from(Operator.__args__),  # type: ignore[attr-defined]  # of a Literal
    chain=st.lists(st.sampled_from(FILTERS.split("|")), max_size=3),
)
def test_whatever_properties_come_every_event_is_decided(
    a: Any, wanted: Any, operator: Any, chain: list[str]
) -> None:
    condition = Condition(property="A", operator=operator, value=wanted)
    text = "x{{ " + " | ".join(["Event.a", *chain]) + " }}{% if Event.a > 3 %}{{ Event.a.size }}{% endif %}"
    odd = catalog(
        campaign(1, text=text, profile_conditions=(condition,)),
        *(campaign(n, event_conditions=(condition,)) for n in range(2, 8)),
    )
    raw = msgspec.Raw(json.dumps({"a": a}).encode())
    happened = msgspec.structs.replace(event(), properties=raw)

    recording = decided(record(SetValue("a", a)), happened, campaigns=odd)

    assert len(recording.decisions) in {1, 7}
    assert all(isinstance(d.verdict, Send) or d.verdict.code != FAILED for d in recording.decisions)


def test_an_event_that_cannot_be_decided_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_meeting: object) -> GateResult:
        raise AttributeError("a bug")

    monkeypatch.setattr("tellwire.platform.decide.entering.profile_conditions", broken)

    recording = decided(event(), event())

    assert [d.verdict.code for d in recording.decisions if isinstance(d.verdict, Skip)] == [FAILED, FAILED]


def test_an_event_that_cannot_be_looked_up_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: object, _properties: object) -> None:
        raise AttributeError("a bug")

    monkeypatch.setattr(Listeners, "candidates", broken)

    assert [isinstance(d.verdict, Send) for d in decided(event(), event()).decisions] == [True, True]


ENTRIES = st.lists(
    st.one_of(
        st.builds(event, st.sampled_from(["Order Placed", "Page Seen"]), st.sampled_from([ANN, DEVICE])),
        st.builds(
            lambda change, subject: record(change, subject=subject),
            st.sampled_from(
                [
                    SetValue("Phone", "+6591230000"),
                    SetValue("Name", "Ann"),
                    SetValue("MSG-dndPhone", True),
                    LinkSubject(DEVICE),
                    LinkSubject(ANN),
                ]
            ),
            st.sampled_from([ANN, DEVICE]),
        ),
    ),
    max_size=10,
)


@given(ENTRIES)
def test_every_event_is_activity_and_every_listened_one_is_decided(entries: list[Entry]) -> None:
    events = [entry for entry in entries if isinstance(entry, Event)]

    recording = decided(*entries, facts=Facts())

    assert [a.event for a in recording.activity] == events
    assert [d.occasion_id for d in recording.decisions] == [e.id for e in events if e.name == "Order Placed"]


@given(ENTRIES, st.integers(0, 10))
def test_deciding_in_two_batches_is_deciding_in_one(entries: list[Entry], cut: int) -> None:
    whole = decided(*entries, facts=Facts())

    first = decided(*entries[:cut], facts=Facts())
    # What a ledger keeps of a recording: names belong to the profile that lists them last.
    known = {name: profile for profile in first.profiles for name in profile.subjects}
    suppressions = {s.address: s for s in first.suppressions}
    second = decided(*entries[cut:], facts=Facts(profiles=known, suppressions=suppressions))

    def verdicts(recording: Recording) -> list[str]:
        return ["send" if isinstance(d.verdict, Send) else d.verdict.code for d in recording.decisions]

    assert verdicts(first) + verdicts(second) == verdicts(whole)


def test_what_no_campaign_hears_of_our_own_sending_is_not_kept_twice():
    sent = an_event_named("Notification Sent")
    delivered = an_event_named("Notification Delivered")
    listening = campaign_set(1, [a_campaign(event="notification sent")], [])

    assert [is_heard(each, CampaignSet(version=1)) for each in (sent, delivered)] == [False, True]
    assert [is_heard(each, listening) for each in (sent, delivered)] == [True, True]


def an_event_named(name):
    return an_event(id=EventId(f"{len(name):024x}"), name=name)


def test_an_error_of_ours_is_told_of_the_gate_whose_turn_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_occasion: object) -> GateResult:
        raise AttributeError("a bug")

    monkeypatch.setattr("tellwire.platform.decide.entering.profile_conditions", broken)

    (decision,) = decided(event()).decisions

    assert [(result.gate, result.code) for result in decision.trace] == [
        ("schedule", ""),
        ("triggering_window", ""),
        ("profile_conditions", FAILED),
    ]
