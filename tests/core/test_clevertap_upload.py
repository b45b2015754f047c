"""What one uploaded record becomes: the tables in `data/`, and what tables cannot say."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tellwire.platform.intake.clevertap import refusal
from tellwire.platform.intake.clevertap.allowance import Allowance
from tellwire.platform.intake.clevertap.record import Arrival, Rules, arrival, read_record
from tellwire.platform.intake.clevertap.records import RECORD_LIMIT, records_of
from tellwire.platform.intake.clevertap.refusal import Rejected
from tellwire.platform.model.device_token import DeviceToken, WebPushKeys
from tellwire.platform.model.event import (
    Change,
    Event,
    EventId,
    KeepToken,
    LinkSubject,
    ProfileChange,
    SetValue,
    Subject,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DATA = Path(__file__).parent / "data"
RECORDS = json.loads((DATA / "upload_records.json").read_text())
CHANGES = json.loads((DATA / "profile_changes.json").read_text())


def came(rules: Rules | None = None) -> Arrival:
    return arrival(NOW, rules or Rules(), Allowance(frozenset(), 512))


def read(record: Any, rules: Rules | None = None) -> tuple[Any, ...] | Rejected:
    raw = msgspec.Raw(json.dumps(record).encode())
    return read_record(raw, 1, EventId("e1"), came(rules))


def event(**members: Any) -> dict[str, Any]:
    return {"identity": "u1", "type": "event", "evtName": "Login", **members}


def the_event(record: Any) -> Event:
    entries = read(record)
    assert isinstance(entries, tuple)
    assert isinstance(entries[-1], Event)
    return entries[-1]


def changes_of(data: dict[str, Any], rules: Rules | None = None) -> tuple[Change, ...]:
    entries = read({"identity": "u1", "type": "profile", "profileData": data}, rules)
    assert isinstance(entries, tuple)
    [change] = entries
    assert isinstance(change, ProfileChange)
    return change.changes


@pytest.mark.parametrize("case", [c for c in RECORDS if "code" not in c], ids=lambda c: c["law"])
def test_a_good_record_is_taken(case: dict[str, Any]) -> None:
    entries = read(case["record"])

    assert isinstance(entries, tuple)
    assert len(entries) == 1


@pytest.mark.parametrize("case", [c for c in RECORDS if "code" in c], ids=lambda c: c["law"])
def test_a_bad_record_is_refused_with_its_code(case: dict[str, Any]) -> None:
    refused = read(case["record"])

    assert isinstance(refused, Rejected)
    assert refused.code == case["code"]
    assert refused.error == case.get("error", refused.error)
    assert refused.error.endswith("Skipped record number : 1")
    assert json.loads(bytes(refused.record)) == case["record"]


@pytest.mark.parametrize("case", CHANGES, ids=lambda c: c["law"])
def test_profile_data_becomes_changes_in_order(case: dict[str, Any]) -> None:
    changes = changes_of(case["data"])

    assert json.loads(msgspec.json.encode(changes)) == case["changes"]


def test_an_event_keeps_its_data_as_it_came() -> None:
    record = (
        b'{"identity":"u1","ts":1795348800,"type":"event","evtName":" Order  Placed ","evtData":{"a": 1.50}}'
    )

    entries = read_record(msgspec.Raw(record), 1, EventId("e1"), came())

    assert entries == (
        Event(
            id=EventId("e1"),
            subject=Subject("identity", "u1"),
            name="Order  Placed",
            occurred_at=NOW,
            received_at=NOW,
            properties=msgspec.Raw(b'{"a": 1.50}'),
        ),
    )


def test_an_event_without_data_has_an_empty_object() -> None:
    assert bytes(the_event(event()).properties) == b"{}"
    assert bytes(the_event(event(evtData=None)).properties) == b"{}"


@pytest.mark.parametrize(
    ("ago", "may_trigger"),
    [
        (timedelta(0), True),
        (timedelta(hours=2), True),
        (timedelta(hours=2, seconds=1), False),
        (-timedelta(minutes=2), True),
        (-timedelta(minutes=2, seconds=1), False),
    ],
)
def test_only_events_of_the_triggering_window_may_trigger(ago: timedelta, may_trigger: bool) -> None:
    ts = int((NOW - ago).timestamp())

    assert the_event(event(ts=ts)).may_trigger is may_trigger


LENIENT = Rules(is_lenient=True)


@pytest.mark.parametrize(
    ("members", "name", "properties"),
    [
        ({"evtName": "Viewed: Home"}, "Viewed Home", {}),
        (
            {"evtName": "Viewed", "evtData": {"page:url": "a:b", "x.y": 1}},
            "Viewed",
            {"pageurl": "a:b", "xy": 1},
        ),
        ({"evtData": {"a": {"b:c": [{"d:e": 1}]}}}, "Login", {"a": {"bc": [{"de": 1}]}}),
        ({"evtData": {"a:": 1, "a": 2}}, "Login", {"a": 1}),
    ],
)
def test_a_lenient_passcode_mends_names(
    members: dict[str, Any], name: str, properties: dict[str, Any]
) -> None:
    strict, entries = read(event(**members)), read(event(**members), LENIENT)

    assert isinstance(strict, Rejected)
    assert isinstance(entries, tuple)
    assert (entries[0].name, json.loads(bytes(entries[0].properties))) == (name, properties)


def test_a_lenient_passcode_mends_names_of_profiles_and_leaves_operators() -> None:
    data = {"traits:plan": "pro", "tags": {"$add": ["a:b"]}, "#no": 1}

    changes = changes_of(data, LENIENT)

    assert [(type(change).__name__, change.key) for change in changes] == [  # type: ignore[union-attr]  # all have one
        ("SetValue", "traitsplan"),
        ("AddValues", "tags"),
        ("SetValue", "no"),
    ]


@pytest.mark.parametrize(
    "ts", ["2026-11-22T11:59:30.123Z", "2026-11-22T19:59:30+08:00", "2026-11-22T11:59:30Z"]
)
def test_a_lenient_passcode_reads_moments_of_iso_8601(ts: str) -> None:
    entries = read(event(ts=ts), LENIENT)

    assert isinstance(read(event(ts=ts)), Rejected)
    assert isinstance(entries, tuple)
    assert entries[0].occurred_at == datetime(2026, 11, 22, 11, 59, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "members",
    [
        {"ts": "2026-11-22T11:59:30"},  # in which zone?
        {"ts": "2026-13-22T11:59:30Z"},
        {"ts": "yesterday"},
        {"evtName": ":::"},
        {"evtData": {"a": "x" * 513}},
        {"identity": "", "evtName": "a:b"},
    ],
)
def test_what_cannot_be_mended_is_refused_as_it_came(members: dict[str, Any]) -> None:
    record = event(**members)

    refused = read(record, LENIENT)

    assert isinstance(refused, Rejected)
    assert json.loads(bytes(refused.record)) == record


def test_an_event_without_time_stamp_happened_now() -> None:
    assert the_event(event()).occurred_at == NOW


def test_several_identifiers_of_an_event_are_linked_before_it() -> None:
    entries = read(event(objectId="dev1", FBID="f1", GPID="g1"))

    assert isinstance(entries, tuple)
    change, happened = entries
    assert isinstance(change, ProfileChange)
    assert isinstance(happened, Event)
    assert change.id != happened.id
    assert change.subject == happened.subject == Subject("identity", "u1")
    assert change.changes == (
        LinkSubject(Subject("device", "dev1")),
        LinkSubject(Subject("facebook", "f1")),
        LinkSubject(Subject("google", "g1")),
    )


def test_several_identifiers_of_a_profile_are_linked_before_its_data() -> None:
    entries = read({"identity": "u1", "objectId": "d", "type": "profile", "profileData": {"Plan": "x"}})

    assert isinstance(entries, tuple)
    [change] = entries
    assert change.changes == (LinkSubject(Subject("device", "d")), SetValue("Plan", "x"))


def test_a_device_token_is_kept_for_its_device() -> None:
    data = {"id": " s3cret ", "type": "Chrome", "keys": {"p256dh": "s3cret P", "auth": "A", "more": 1}}

    entries = read(
        {"objectId": "dev1", "identity": "u1", "ts": 1795348800, "type": "token", "tokenData": data}
    )

    token = DeviceToken(
        device="dev1", kind="chrome", value="s3cret", keys=WebPushKeys("s3cret P", "A"), at=NOW
    )
    assert entries == (
        ProfileChange(
            id=EventId("e1"),
            subject=Subject("device", "dev1"),
            occurred_at=NOW,
            received_at=NOW,
            changes=(KeepToken(token),),
        ),
    )
    assert "s3cret" not in repr(entries)


@pytest.mark.parametrize(
    ("record", "code", "word"),
    [
        (rb'{"identity":"u","type":"event","evtName":"x","evtData":{"a":"\ud83d"}}', 512, "characters"),
        (rb'{"identity":"u","type":"event","evtName":"x","evtData":{"\ud83d":1}}', 512, "characters"),
        (
            rb'{"identity":"u","type":"event","evtName":"x","evtData":{"a":[{"b":"\ud83d"}]}}',
            512,
            "characters",
        ),
        (rb'{"identity":"u","type":"event","evtName":"\ud83d","evtData":{}}', 512, "evtName"),
        (rb'{"identity":"\ud83d","type":"event","evtName":"x"}', 523, "identity"),
        (rb'{"objectId":"\ud83d","type":"event","evtName":"x"}', 526, "objectId"),
        (rb'{"identity":"u","type":"\ud83d","evtName":"x"}', 524, "Type"),
        (rb'{"identity":"u","type":"profile","profileData":{"Name":"\ud83d"}}', 555, "characters"),
        (rb'{"objectId":"u","type":"token","tokenData":{"id":"\ud83d","type":"fcm"}}', 531, "characters"),
        (rb'{"identity":"u","type":"event","evtName":"x","evtData":{"a":1e999}}', 512, "range"),
        (rb'{"identity":"u","type":"profile","profileData":{"a":{"$incr":-1e999}}}', 555, "range"),
        (rb'{"identity":"u","type":"event","evtName":"x","ts":1e999}', 525, "Epoch"),
        (rb'{"identity":"u","type":"event","evtName":"x","ts":%s}' % (b"9" * 5000), 525, "Epoch"),
        (rb'{"identity":1e999,"type":"event","evtName":"x"}', 523, "identity"),
        (rb'{"FBID":1e999,"type":"event","evtName":"x"}', 523, "FBID"),
        (rb'"\ud83d"', 524, "JSON object"),
        (
            b'{"identity":"u","type":"event","evtName":"x","evtData":{"a":"%s"}}' % (b"x" * RECORD_LIMIT),
            555,
            "long",
        ),
        (b'"%s"' % (b"x" * RECORD_LIMIT), 555, "long"),
    ],
)
def test_what_no_reader_takes_is_refused_for_the_member_it_is_in(record: bytes, code: int, word: str) -> None:
    [raw] = records_read(b'{"d":[%s]}' % record)

    refused = read_record(raw, 1, EventId("e1"), came())

    assert isinstance(refused, Rejected)
    assert refused.code == code
    assert word in refused.error


def test_what_is_ignored_may_be_anything() -> None:
    [raw] = records_read(
        rb'{"d":[{"identity":"u","type":"event","evtName":"x","$source":"\ud83d","n":1e999}]}'
    )

    assert isinstance(read_record(raw, 1, EventId("e1"), came()), tuple)


def records_read(body: bytes) -> list[msgspec.Raw]:
    found = records_of(body)
    assert isinstance(found, list)
    return found


def test_the_largest_flat_event_of_the_contract_is_taken() -> None:
    data = {f"{n:03}" + "\U0001f600" * 117: "\U0001f600" * 512 for n in range(100)}
    record = event(evtData=data)

    assert RECORD_LIMIT > len(json.dumps(record)) > 700_000
    assert the_event(record)


def test_the_guide_names_every_code_that_a_record_may_be_refused_with() -> None:
    guide = (DATA.parents[2] / "docs" / "howto" / "upload-events.md").read_text()
    told = {int(code) for code in re.findall(r"^\| (\d{3}) \|", guide, re.MULTILINE)}

    assert told == {value for value in vars(refusal).values() if isinstance(value, int)}


def test_a_national_number_needs_a_default_region() -> None:
    assert changes_of({"Phone": "9123 0000"}, Rules(default_region="SG")) == (
        SetValue("Phone", "+6591230000"),
    )

    refused = read({"identity": "u1", "type": "profile", "profileData": {"Phone": "912"}})

    assert isinstance(refused, Rejected)
    assert refused.code == 516


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"Phone": 6591230000}, None),
        ({"Phone": -6591230000}, 516),  # a minus is no separator
        ({"n": {"$decr": 2**63 - 1}}, None),
        ({"n": {"$decr": -(2**63)}}, 555),  # its opposite is one too large
        ({"n": {"$decr": True}}, 555),
    ],
)
def test_numbers_of_a_profile_at_their_edges(data: dict[str, Any], code: int | None) -> None:
    reading = read({"identity": "u1", "type": "profile", "profileData": data})

    assert (reading.code if isinstance(reading, Rejected) else None) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({f"k{n}": n for n in range(101)}, 522),
        ({f"k{n}": n for n in range(100)}, None),
        ({"k": "x" * 513}, 512),
        ({"k": "x" * 512}, None),
        ({"k" * 121: 1}, 512),
        ({"k" * 120: 1}, None),
        ({"k": 2**63}, 512),
        ({"k": -(2**63)}, None),
        ({"k": list(range(101))}, 512),
        ({"k": list(range(100))}, None),
        ({"k": {f"k{n}": n for n in range(101)}}, 512),
        ({"k": {"a.b": 1}}, 512),
        ({"k": {"a": "x" * 513}}, 512),
        ({"bell\a": 1}, 512),
    ],
)
def test_event_data_has_limits(data: dict[str, Any], code: int | None) -> None:
    reading = read(event(evtData=data))

    assert (reading.code if isinstance(reading, Rejected) else None) == code


def test_a_purchase_has_up_to_256_items() -> None:
    items = [{"sku": n} for n in range(256)]

    assert the_event(event(evtName="Charged", evtData={"Items": items}))
    refused = read(event(evtName="Charged", evtData={"Items": [*items, {}]}))

    assert isinstance(refused, Rejected)
    assert refused.code == 512


def test_an_event_name_has_up_to_120_characters() -> None:
    assert the_event(event(evtName="n" * 120))
    refused = read(event(evtName="n" * 121))

    assert isinstance(refused, Rejected)
    assert refused.code == 512


def test_a_multi_value_keeps_the_newest_hundred() -> None:
    [change] = changes_of({"tags": [f"t{n}" for n in range(130)]})

    assert json.loads(msgspec.json.encode(change)) == ["set", "tags", [f"t{n}" for n in range(30, 130)]]


@pytest.mark.parametrize("more", [1, 1000])
def test_a_profile_has_up_to_256_properties_of_its_own_in_a_record(more: int) -> None:
    standard = {"Identity": "u", "Name": "A", "phone": "+6591230000"}
    assert len(changes_of({**standard, **{f"k{n}": n for n in range(256)}})) == 256 + 3

    too_many = {f"k{n}": n for n in range(256 + more)}
    refused = read({"identity": "u", "type": "profile", "profileData": too_many})

    assert isinstance(refused, Rejected)
    assert refused.code == 555
    assert "256" in refused.error
