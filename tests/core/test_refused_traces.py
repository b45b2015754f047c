"""What is kept of a refused record."""

import json
from typing import Any

import msgspec
import pytest
from tests.builders import NOON

from tellwire.platform.intake.clevertap.refusal import Rejected
from tellwire.platform.intake.clevertap.refused import traces_of
from tellwire.platform.model.event import Subject


def trace(record: Any, error: str = "No.Skipped record number : 12") -> Any:
    raw = record if isinstance(record, bytes) else json.dumps(record).encode()
    (kept,) = traces_of([Rejected(number=12, code=512, error=error, record=msgspec.Raw(raw))], NOON)
    return kept


@pytest.mark.parametrize(
    ("record", "subject", "kind", "name"),
    [
        (
            {"identity": "ann", "type": "event", "evtName": "Paid"},
            Subject("identity", "ann"),
            "event",
            "Paid",
        ),
        ({"identity": 12, "type": "profile"}, Subject("identity", "12"), "profile", ""),
        ({"objectId": "dev-1", "type": "token"}, Subject("device", "dev-1"), "token", ""),
        ({"FBID": "f", "type": ["event"]}, Subject("facebook", "f"), "", ""),
        ({"GPID": "g", "type": "nonsense"}, Subject("google", "g"), "", ""),
        ({"identity": {"a": 1}, "evtName": 7}, None, "", ""),
        ({"identity": "x" * 5000}, None, "", ""),
        (["no object"], None, "", ""),
        (b'{"identity": "ann", "evtName": "\xff"}', None, "", ""),
        (b"[" * 2000 + b"]" * 2000, None, "", ""),
        (b'{"identity": "ann", "x": "' + b"y" * 70_000 + b'"}', None, "", ""),
    ],
)
def test_a_trace_says_whom_and_what_a_record_was_about_as_far_as_it_can_be_read(record, subject, kind, name):
    kept = trace(record)

    assert (kept.subject, kept.kind, kept.event_name) == (subject, kind, name)


def test_a_trace_has_the_sentence_of_the_answer_without_its_ending_and_without_numbers():
    assert trace({}).error == "No."
    assert trace({}, "+65 9123 0000 is wrong").error == "*** is wrong"
    assert trace({"evtName": "Called +6591230000"}).event_name == "Called ***"
    assert len(trace({}, "x" * 1000).error) == 300
