"""A whole upload: its answer, its limits, and that every record is accounted for."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.intake.clevertap.admission import Admitted, admit
from tellwire.platform.intake.clevertap.record import Rules
from tellwire.platform.intake.clevertap.records import Malformed, records_of
from tellwire.platform.model.event import Event

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = {"identity": "u1", "type": "event", "evtName": "Login", "evtData": {"a": 1}}
BAD = {"identity": "u2", "type": "profile", "profileData": {"Email": "no"}}


def read(body: bytes) -> Admitted | Malformed:
    records = records_of(body)
    return records if isinstance(records, Malformed) else admit(records, now=NOW, entropy=7, rules=Rules())


def admitted(body: bytes) -> Admitted:
    outcome = read(body)
    assert isinstance(outcome, Admitted)
    return outcome


def upload(*records: Any) -> bytes:
    return json.dumps({"d": records}).encode()


def answer(*records: Any) -> Any:
    return json.loads(admitted(upload(*records)).answer)


def test_all_good_is_success() -> None:
    assert answer(GOOD, GOOD) == {"status": "success", "processed": 2, "unprocessed": []}


def test_nothing_sent_is_fail_as_clevertap_answers() -> None:
    assert answer() == {"status": "fail", "processed": 0, "unprocessed": []}


def test_some_good_is_partial_with_the_refused_record_and_its_number() -> None:
    assert answer(GOOD, BAD) == {
        "status": "partial",
        "processed": 1,
        "unprocessed": [
            {
                "status": "fail",
                "code": 515,
                "error": "Profile data is incorrect. Email is not valid.Skipped record number : 2",
                "record": BAD,
            }
        ],
    }


def test_all_bad_is_fail() -> None:
    told = answer(BAD)

    assert (told["status"], told["processed"], len(told["unprocessed"])) == ("fail", 0, 1)


def test_entries_keep_the_order_of_their_records_and_have_ids_of_their_own() -> None:
    records = [{**GOOD, "identity": f"u{n}"} for n in range(1000)]

    entries = admitted(upload(*records)).entries

    assert [entry.subject.value for entry in entries] == [f"u{n}" for n in range(1000)]
    assert len({entry.id for entry in entries}) == 1000


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "JSON"),
        (b"nonsense", "JSON"),
        (b'{"d":[{"identity":"u1"', "JSON"),
        (b'{"d":[]} x', "JSON"),
        (b"[]", '{"d"'),
        (b"{}", '{"d"'),
        (b'{"d":{}}', '{"d"'),
        (b'{"d":null}', '{"d"'),
        (b'{"d":[{"identity":"\xff\xfe","type":"event","evtName":"x"}]}', "UTF-8"),
        (b'{"d":[{"evtData":{"a":"\xff"}}]}', "UTF-8"),
        (b'{"d":[{"evtData":' + b"[" * 100_000 + b"]" * 100_000 + b"}]}", "deep"),
        (b'{"d":[{"zz":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}]}", "deep"),
        (b'{"d":[' + b"[" * 1_000_000, "deep"),
        (b'{"d":[{"evtData":{"a":"\\ud83d"', "JSON"),
        (b'{"d":[{"evtData":{"a":"\\ud83g"}}]}', "JSON"),
        (b'{"d":[{"evtData":{"a":\\ud83d}}]}', "JSON"),
        (upload(*[GOOD] * 1001), "1000 records"),
        (b'{"d":[%s1]}' % (b"1," * 1000), "1000 records"),
        (b'{"d":[%s1]}' % (b"1," * 1_000_000), "1000 records"),
        (b'{"d":{"a":"%s"}}' % (b"x" * 1_000_000), '{"d"'),
        (b'{"d":"%s"}' % (b"x" * 1_000_000), '{"d"'),
        (b'{"e":"%s"}' % (b"x" * 1_000_000), '{"d"'),
        (b'{"d":[' + b"[" * 900_000, "deep"),
        (b'{"d":["%s"' % (b"x" * 1_000_000), "JSON"),
    ],
)
def test_a_body_that_is_no_upload_is_refused_cheaply(body: bytes, why: str) -> None:
    started = time.process_time()
    outcome = read(body)

    assert isinstance(outcome, Malformed)
    assert why in outcome.why
    assert time.process_time() - started < 1


def test_half_an_emoji_refuses_its_record_and_the_others_are_processed() -> None:
    cut = {**GOOD, "evtData": {"note": "\ud83d"}}

    outcome = admitted(upload(GOOD, cut, GOOD))

    assert [entry.subject.value for entry in outcome.entries] == ["u1", "u1"]
    told = json.loads(outcome.answer)
    assert (told["status"], told["processed"]) == ("partial", 2)
    [refused] = told["unprocessed"]
    assert refused["code"] == 512
    assert refused["error"].startswith("Event data is incorrect. evtData has to be a JSON object")
    assert refused["error"].endswith("Skipped record number : 2")
    assert refused["record"] == cut


def named(*names: str) -> list[dict[str, Any]]:
    return [{**GOOD, "evtName": name} for name in names]


def limited(known: set[str], limit: int, *records: Any) -> Admitted:
    read = records_of(upload(*records))
    assert not isinstance(read, Malformed)
    return admit(read, now=NOW, entropy=7, rules=Rules(event_types=limit), known=known)


def test_an_event_of_one_type_too_many_is_discarded_and_known_ones_are_taken() -> None:
    outcome = limited({"login"}, 3, *named("Log In", "A", "a", "B", "C", " B "))

    [refused] = json.loads(outcome.answer)["unprocessed"]
    assert (refused["code"], refused["record"]["evtName"]) == (528, "C")
    assert refused["error"] == (
        "Event data is incorrect. 'C' is discarded: there are 3 event types already, as many as are allowed."
        "Skipped record number : 5"
    )
    assert outcome.new_types == ("a", "b")
    assert len(outcome.entries) == 5


def test_an_event_that_is_refused_takes_no_room() -> None:
    bad = {**GOOD, "evtName": "A", "evtData": [1]}

    outcome = limited(set(), 1, bad, *named("B"))

    assert outcome.new_types == ("b",)


def test_an_account_has_512_event_types_by_default() -> None:
    outcome = admitted(upload(*named(*(f"E{n}" for n in range(513)))))

    assert len(outcome.new_types) == 512
    assert outcome.rejected == 1


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert admitted(b"\xef\xbb\xbf" + upload(GOOD)).records == 1


def test_nesting_just_below_the_readers_own_limit_is_a_refused_record() -> None:
    for depth in (10, 100, 400, 700, 900, 950, 990):
        body = b'{"d":[{"identity":"u","type":"event","evtName":"x","evtData":%s%s}]}' % (
            b'{"a":' * depth + b"1",
            b"}" * depth,
        )

        outcome = read(body)

        assert isinstance(outcome, Malformed) or outcome.rejected == 1


@given(st.lists(st.sampled_from([GOOD, BAD, {}, 3, None, {**GOOD, "objectId": "d1"}]), max_size=12))
def test_every_record_is_accounted_for(records: list[Any]) -> None:
    outcome = admitted(upload(*records))
    told = json.loads(outcome.answer)

    assert outcome.records == len(records) == told["processed"] + len(told["unprocessed"])
    events = [entry for entry in outcome.entries if not entry.id.endswith("-link")]
    assert outcome.new_types == (("login",) if any(isinstance(e, Event) for e in events) else ())
    assert len(events) == told["processed"]
    assert len({entry.id for entry in outcome.entries}) == len(outcome.entries)
    for refused in told["unprocessed"]:
        number = int(refused["error"].rpartition(" ")[2])
        assert refused["record"] == records[number - 1]


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda noise: b'{"d":[' + noise + b"]}"))
def test_any_bytes_are_read_or_refused_but_never_raise(body: bytes) -> None:
    outcome = read(body)

    assert isinstance(outcome, Malformed) or json.loads(outcome.answer)["processed"] <= outcome.records


@given(st.integers(min_value=0, max_value=200))
def test_an_upload_cut_short_is_refused(length: int) -> None:
    body = upload(GOOD, BAD)

    outcome = read(body[: min(length, len(body) - 1)])

    assert isinstance(outcome, Malformed)
