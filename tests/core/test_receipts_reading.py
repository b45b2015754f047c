"""What a callback's body tells: the table in `data/`, and what tables cannot say."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.status import Receipt
from tellwire.platform.model.inbound import TEXT_KEPT
from tellwire.platform.receipts.callback import Callback, Unreadable, read_callback
from tellwire.platform.receipts.formats.clevertap import FAILURES
from tellwire.platform.receipts.words import Click, Reply

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASES = json.loads((Path(__file__).parent / "data" / "callbacks.json").read_text())


def read(body: Any) -> Callback:
    callback = read_callback(json.dumps(body).encode(), NOW)
    assert isinstance(callback, Callback)
    return callback


def plain(word: Receipt | Click | Reply) -> list[Any]:
    match word:
        case Receipt():
            told = word.standing
            detail = told.detail and told.detail.value
            words = [word.error_code, word.description]
            return ["receipt", word.message_id, told.status.value, detail, *words]
        case Click():
            return ["click", word.message_id, word.url, word.short_url]
        case Reply():
            return ["reply", word.message_id, word.text]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["law"])
def test_a_callback_tells(case: dict[str, Any]) -> None:
    callback = read(case["body"])

    assert [plain(word) for word in callback.words] == case["words"]
    assert [[t.sender.digits, t.text_id, t.text] for t in callback.texts] == case.get("texts", [])
    assert list(callback.missing_fields) == case.get("missing", [])
    assert callback.foreign == case.get("foreign", 0)


def test_times_are_read_in_every_form_they_come_in() -> None:
    groups = [
        {"event": "delivered", "data": [{"ts": ts, "meta": "m"}]}
        for ts in (1654002370, "1654002370", 1654002370.0, 1654002370000, "1654002370000")
    ]

    words = read(groups).words

    assert {word.at for word in words} == {datetime(2022, 5, 31, 13, 6, 10, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("2026-01-31T08:15:33.10Z", datetime(2026, 1, 31, 8, 15, 33, 100_000, tzinfo=UTC)),
        ("2026-01-31T08:15:33", datetime(2026, 1, 31, 8, 15, 33, tzinfo=UTC)),
        ("2026-01-31T16:15:33+08:00", datetime(2026, 1, 31, 8, 15, 33, tzinfo=UTC)),
        ("2026-01-31T08:15:33.1234567Z", datetime(2026, 1, 31, 8, 15, 33, 123_456, tzinfo=UTC)),
        (1769847333, datetime(2026, 1, 31, 8, 15, 33, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", NOW),
        ("9999-12-31T23:59:59.9999999Z", NOW),  # rounded up, there is no such year
        ("1850-01-01T00:00:00Z", NOW),
        ("yesterday", NOW),
        (None, NOW),
    ],
)
def test_a_time_of_8x8_that_cannot_be_read_is_now(timestamp: Any, at: datetime) -> None:
    status = {"state": "sent", "timestamp": timestamp}
    payload = {"clientMessageId": "m", "status": status}

    [word] = read({"eventType": "outbound_message_status_changed", "payload": payload}).words

    assert word.at == at


def test_every_failure_code_ends_a_message_with_words() -> None:
    codes = {str(code) for code in range(900, 921)} - {"911"}

    assert set(FAILURES) == codes
    for code in codes:
        item = {"ts": 1654002370, "meta": "m", "code": code}
        [word] = read([{"event": "failed", "data": [item]}]).words
        assert isinstance(word, Receipt)
        assert word.standing.status.value in {"undelivered", "rejected", "expired"}
        assert word.description


@pytest.mark.parametrize(
    "body",
    [
        [{"event": "delivered", "data": [1] * 10_001}],
        [{"event": "other", "data": []}] * 10_001,
        [{"event": "failed", "data": [{}] * 5_000}] * 3,
    ],
    ids=["items", "groups", "both"],
)
def test_a_flood_of_items_is_refused_before_any_is_read(body: Any) -> None:
    told = read_callback(json.dumps(body).encode(), NOW)

    assert isinstance(told, Unreadable)
    assert "10000" in told.why


SAID = "Größe 👋 – nein"
REPLIED = {"event": "replied", "data": [{"ts": 1654002370, "meta": "m", "incomingText": SAID}]}


@pytest.mark.parametrize(
    ("encoding", "said", "text"),
    [
        ("utf-8", "application/json", SAID),
        ("utf-8-sig", "application/json", SAID),
        ("utf-16", "", SAID),
        ("iso-8859-1", "application/json; charset=ISO-8859-1", "Größe"),
        ("cp1252", "application/json", "Größe – nein"),
        ("cp1251", 'application/json; charset="windows-1251"', "СТОП"),
        ("shift_jis", "application/json;charset=Shift_JIS", "ストップ"),
        ("cp1252", "application/json; charset=zip", "Größe"),
        ("cp1252", "application/json; charset=utf-8", "Größe"),
    ],
)
def test_a_reply_is_read_in_any_encoding(encoding: str, said: str, text: str) -> None:
    item = {"ts": 1654002370, "meta": "m", "incomingText": text}
    body = json.dumps([{"event": "replied", "data": [item]}], ensure_ascii=False).encode(encoding)

    callback = read_callback(body, NOW, said)

    assert isinstance(callback, Callback)
    assert [word.text for word in callback.words if isinstance(word, Reply)] == [text]


def test_half_a_surrogate_pair_and_raw_control_characters_spoil_no_callback() -> None:
    body = b'[{"event":"replied","data":[{"ts":1654002370,"meta":"m","incomingText":"a\\ud800b\n\x01"}]}]'

    callback = read_callback(body, NOW)

    assert isinstance(callback, Callback)
    [word] = callback.words
    assert isinstance(word, Reply)
    assert word.text == "a?b\n\x01"


MO = json.loads((Path(__file__).parent / "data" / "texts.json").read_text())


@pytest.mark.parametrize("case", MO, ids=lambda case: case["law"])
def test_a_text_is_read_in_the_form_of_its_vendor(case: dict[str, Any]) -> None:
    body = case["form"].encode() if "form" in case else json.dumps(case["body"]).encode()
    kind = "application/x-www-form-urlencoded" if "form" in case else "application/json"

    callback = read_callback(body, NOW, kind)

    assert isinstance(callback, Callback)
    assert [[t.sender.digits, t.to, t.text_id, t.text, t.at.isoformat()] for t in callback.texts] == case[
        "texts"
    ]
    assert callback.missing_fields == ()
    assert callback.words == ()


def test_long_texts_are_cut_and_long_ids_are_none() -> None:
    item = {"ts": 1654002370, "meta": "m", "incomingText": "x" * 100_000}
    other = {"ts": 1654002370, "meta": "m" * 351, "incomingText": "x"}

    callback = read([{"event": "replied", "data": [item, other]}])

    [word] = callback.words
    assert isinstance(word, Reply)
    assert len(word.text) == TEXT_KEPT
    assert callback.missing_fields == ("meta",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"delivered",
        b"7",
        b"[7]",
        b"null",
        b'[{"event":"delivered"',
        b"[" * 100_000,
        b'[{"event":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
        b'[{"event":"delivered","data":[' + b"7," * 10_000 + b"7]}]",
    ],
)
def test_what_is_no_callback_is_unreadable(body: bytes) -> None:
    assert isinstance(read_callback(body, NOW), Unreadable)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "ts",
        "meta",
        "code",
        "url",
        "incomingText",
        "description",
        "clientMessageId",
        "status",
        "state",
        "detail",
    ]
)
ITEM = st.dictionaries(KEYS, JSON | st.sampled_from(["m1", 1654002370, "delivered", {"state": "sent"}]))
GROUP = st.fixed_dictionaries(
    {},
    optional={
        "event": JSON | st.sampled_from(["delivered", "failed", "clicked", "replied", "other"]),
        "data": JSON | st.lists(ITEM | JSON, max_size=4),
        "eventType": JSON | st.sampled_from(["outbound_message_status_changed", "short_url_clicked"]),
        "payload": JSON | ITEM,
    },
)


@given(GROUP | st.lists(GROUP, max_size=4) | JSON)
def test_any_json_is_read_or_refused_but_never_raises(body: Any) -> None:
    told = read_callback(json.dumps(body).encode(), NOW)

    if isinstance(told, Callback):
        assert all(word.message_id and word.at.tzinfo is not None for word in told.words)


@given(st.lists(ITEM, max_size=6), st.sampled_from(["delivered", "failed", "clicked", "replied"]))
def test_every_item_is_read_or_said_to_lack_something(items: list[Any], event: str) -> None:
    callback = read([{"event": event, "data": items}])

    assert len(callback.words) == len(items) or callback.missing_fields


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused_but_never_raise(body: bytes) -> None:
    assert isinstance(read_callback(body, NOW), Callback | Unreadable)
