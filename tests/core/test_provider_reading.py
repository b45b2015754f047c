"""The kernel's reading of what providers send: paths, answers, receipts, signatures."""

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved
from tellwire.kernel.http.message import HttpAnswer
from tellwire.kernel.provider.answer import BY_STATUS, AnswerFormat, SuccessRule, read_answer
from tellwire.kernel.provider.path import BadPath, at, path_of
from tellwire.kernel.provider.receipt import (
    FIELDS_LIMIT,
    ITEMS_LIMIT,
    ReadReceipt,
    ReadReceipts,
    ReceiptFormat,
    Unreadable,
    read_receipts,
)
from tellwire.kernel.provider.signature import SignatureRule, is_signed
from tellwire.kernel.provider.status_words import STANDINGS, standings_of

DOCUMENT = {"a": [{"id": 7, "odd name": "x"}], "a.b": 1, "$": {"x": 2}, "n": None}
SENT, DELIVERED = STANDINGS["sent"], STANDINGS["delivered"]
WORDS = {"DELIVRD": "delivered", "true": "sent", "1": "sent"}
FORM = ReceiptFormat(
    by="id",
    id=path_of("$.ref"),
    status=path_of("$.state"),
    words=standings_of(WORDS),  # type: ignore[arg-type]  # literals of a table
    error=path_of("$.code"),
    at=path_of("$.when"),
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.0.id", 7),
        ("$.a[0].id", 7),
        ("$['a'][0][\"odd name\"]", "x"),
        ("a.0.odd name", "x"),
        ("$['a.b']", 1),
        ("$", DOCUMENT),
        ("$.a[1].id", None),
        ("a.x.id", None),
        ("a.0.id.deeper", None),
        ("n", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: str, value: Any) -> None:
    assert at(DOCUMENT, path_of(path)) == value


@pytest.mark.parametrize(
    "path", ["", "$.", "$a", "$[", "$[*]", "$..id", "$.a[0", "$.a[-1]", "$.a b", "x" * 513]
)
def test_what_is_not_a_path_is_refused_with_how_one_is_written(path: str) -> None:
    with pytest.raises(BadPath, match=r"\$\.messages\[0\]\.id"):
        path_of(path)


def answer(status: int, body: bytes = b"", **headers: str) -> HttpAnswer:
    return HttpAnswer(status=status, headers=headers, body=body)


def rule(**members: Any) -> AnswerFormat:
    return AnswerFormat(success=SuccessRule(**members))


OK = rule(equals=((path_of("$.result"), "ok"),))
TRUE = rule(equals=((path_of("$.success"), "true"),))
NO_ERROR = rule(equals=((path_of("$.error"), "null"),))
PATTERN = rule(pattern=re.compile(r"^OK\b"))
ONLY_202 = rule(status=(202,))
ALSO_409 = rule(status=(200, 409))
WITH_ID = AnswerFormat(id=path_of("$.ref"))


@pytest.mark.parametrize(
    ("form", "status", "body", "kind"),
    [
        (BY_STATUS, 200, b"anything", Accepted),
        (BY_STATUS, 302, b"", Refused),
        (BY_STATUS, 500, b"", Unresolved),
        (BY_STATUS, 401, b"", Deferred),
        (OK, 200, b'{"result":"ok"}', Accepted),
        (OK, 200, b'{"result":"no credit"}', Refused),
        (OK, 200, b'{"result":["ok"]}', Refused),
        (OK, 200, b"ok", Refused),
        (OK, 500, b'{"result":"ok"}', Unresolved),
        (TRUE, 200, b'{"success":true}', Accepted),
        (TRUE, 200, b'{"success":"true"}', Accepted),
        (TRUE, 200, b'{"success":1}', Refused),
        (NO_ERROR, 200, b'{"error":null}', Accepted),
        (NO_ERROR, 200, b'{"error":{"code":1}}', Refused),
        (PATTERN, 200, b"OK: 17", Accepted),
        (PATTERN, 200, b"ERROR: not OK", Refused),
        (PATTERN, 200, b"\xff\xfe", Refused),
        (ONLY_202, 202, b"", Accepted),
        (ONLY_202, 200, b"", Refused),
        (ALSO_409, 409, b"", Accepted),
        (ALSO_409, 503, b"", Unresolved),
        (WITH_ID, 200, b'{"ref":"r-1"}', Accepted),
        (WITH_ID, 200, b'{"ref":17}', Accepted),
        (WITH_ID, 200, b'{"ref":true}', Refused),
        (WITH_ID, 200, b'{"ref":" "}', Refused),
        (WITH_ID, 200, b'{"ref":"' + b"x" * 1025 + b'"}', Refused),
        (WITH_ID, 200, b"[" * 60_000, Refused),
    ],
)
def test_an_answer_is_a_success_only_if_all_of_the_rule_holds(
    form: AnswerFormat, status: int, body: bytes, kind: type
) -> None:
    assert isinstance(read_answer(form, answer(status, body)), kind)


def test_an_answer_gives_the_providers_own_id() -> None:
    assert read_answer(WITH_ID, answer(200, b'{"ref":" r-1 "}')) == Accepted("r-1")


def test_retry_after_is_kept() -> None:
    outcome = read_answer(OK, answer(429, **{"Retry-After": "7"}))

    assert outcome == Deferred("the provider answered 429", "429", 7.0)


WHEN = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "receipt"),
    [
        ({"ref": "m", "state": "DELIVRD"}, ReadReceipt(id="m", standing=DELIVERED)),
        ({"ref": 7, "state": 1, "code": 15}, ReadReceipt(id="7", standing=SENT, error="15")),
        ({"ref": "m", "state": True, "code": None}, ReadReceipt(id="m", standing=SENT)),
        (
            {"ref": "m", "state": "DELIVRD", "when": 1769860800},
            ReadReceipt(id="m", standing=DELIVERED, at=WHEN),
        ),
        (
            {"ref": "m", "state": "DELIVRD", "when": "2026-01-31T12:00:00Z"},
            ReadReceipt(id="m", standing=DELIVERED, at=WHEN),
        ),
        (
            {"ref": "m", "state": "DELIVRD", "when": "soon", "code": {"x": 1}},
            ReadReceipt(id="m", standing=DELIVERED),
        ),
    ],
)
def test_a_receipt_says_where_a_message_stands(item: dict[str, Any], receipt: ReadReceipt) -> None:
    assert read_receipts(FORM, json.dumps(item).encode(), "") == ReadReceipts(receipts=(receipt,))


def test_a_receipt_is_the_same_as_json_form_and_query() -> None:
    as_json = read_receipts(FORM, b'{"ref":"7","state":"DELIVRD","code":"15"}', "")

    assert read_receipts(FORM, b"ref=7&state=DELIVRD&code=15", "") == as_json
    assert read_receipts(FORM, b" ", "ref=7&state=DELIVRD&code=15") == as_json


def test_what_says_nothing_is_counted_and_the_rest_is_read() -> None:
    items = [
        {"ref": "1", "state": "DELIVRD"},
        {"ref": "2", "state": "RINGING"},
        {"state": "DELIVRD"},
        5,
        None,
    ]

    assert read_receipts(FORM, json.dumps(items).encode(), "") == ReadReceipts(
        receipts=(ReadReceipt(id="1", standing=DELIVERED),), unknown_words=("RINGING",), without_id=3
    )


@pytest.mark.parametrize(
    ("body", "query", "why"),
    [
        (b"", "", "empty"),
        (b"nonsense", "", "neither JSON nor a form"),
        (b"{}", "", "no message id at $.ref"),
        (b"[]", "", "no message id at $.ref"),
        (b"17", "", "no message id at $.ref"),
        (b'{"ref":"' + b"x" * 1025 + b'","state":"1"}', "", "no message id"),
        (b'{"ref":' + b"9" * 4000 + b',"state":"1"}', "", "no message id"),
        (b'{"ref":' + b"9" * 9000 + b',"state":"1"}', "", "neither JSON nor a form"),
        (b"[" * 60_000, "", "neither JSON nor a form"),
        (b"&".join(b"f%d=1" % n for n in range(FIELDS_LIMIT + 1)), "", "at most 100 fields"),
        (b"", "&".join(f"f{n}=1" for n in range(FIELDS_LIMIT + 1)), "at most 100 fields"),
        (b"[" + b",".join([b"1"] * (ITEMS_LIMIT + 1)) + b"]", "", "10001 items are too many"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, query: str, why: str) -> None:
    read = read_receipts(FORM, body, query)

    assert isinstance(read, Unreadable)
    assert why in read.why


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ref", "state", "when", "code", "x"]), inner, max_size=5)
    ),
    max_leaves=10,
)


@given(
    body=st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode()),
    query=st.text(max_size=50),
)
def test_whatever_is_posted_is_read_within_bounds_and_nothing_raises(body: bytes, query: str) -> None:
    read = read_receipts(FORM, body, query)

    if isinstance(read, Unreadable):
        assert 10 < len(read.why) < 600
        return
    assert len(read.unknown_words) <= 10
    for receipt in read.receipts:
        assert 0 < len(receipt.id) <= 1024
        assert len(receipt.error) <= 512
        assert receipt.standing in STANDINGS.values()
        assert receipt.at is None or receipt.at.tzinfo is UTC


@given(body=st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_answered_ends_in_an_outcome(body: bytes) -> None:
    form = AnswerFormat(success=OK.success, id=path_of("$.ref"))

    assert isinstance(read_answer(form, answer(200, body)), Accepted | Refused)


@given(body=st.binary(max_size=100), other=st.binary(max_size=100), secret=st.binary(min_size=1, max_size=70))
def test_only_the_body_that_was_signed_is_signed(body: bytes, other: bytes, secret: bytes) -> None:
    digest = hmac.new(secret, body, hashlib.sha256).digest()
    hexed, packed = SignatureRule(header="X", prefix="sha256="), SignatureRule(header="X", encoding="base64")
    shown = base64.b64encode(digest).decode()

    assert is_signed(hexed, secret, body, f"sha256={digest.hex().upper()}")
    assert is_signed(packed, secret, body, shown)
    assert not is_signed(hexed, secret, body, digest.hex())
    assert is_signed(packed, secret, other, shown) is (body == other)


@pytest.mark.parametrize("header", ["", "é", "\ud800", "sha256=", "0" * 64])
def test_what_is_no_signature_is_refused(header: str) -> None:
    assert not is_signed(SignatureRule(header="X"), b"k", b"body", header)
