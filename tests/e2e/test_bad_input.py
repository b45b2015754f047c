"""Input from somebody careless or hostile: the clear answer, in bounded time and memory, and the program works on.

The fixture `victim` sees to the last two after every test.
"""

import gzip
import json
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from tests.e2e.conftest import eventually
from tests.e2e.victim import ROOM_MB, TEXT, read_answer, works

from tellwire.kernel.web.server import HEAD_S

UPLOAD_LIMIT = 5 * 1024 * 1024
DEEP = 100_000


def record(**changed):
    whole = {"identity": "bad", "type": "event", "evtName": "Looked", "evtData": {}}
    return json.dumps({"d": [{**whole, **changed}]}).encode()


EVENT_WITH = b'{"d":[{"identity":"bad","type":"event","evtName":"Looked","evtData":{"a":%s}}]}'
PROFILE_WITH = b'{"d":[{"identity":"bad","type":"profile","profileData":{"a":%s}}]}'
MALFORMED = {
    "truncated": (record()[:-5], "whole, valid JSON"),
    "empty": (b"", "whole, valid JSON"),
    "no JSON": (b"\x00\x01\x02", "whole, valid JSON"),
    "not UTF-8": (b'{"d":[{"identity":"\xff\xfe"}]}', "UTF-8"),
    "a list": (b"[]", "[record, ...]"),
    "a word": (b'"d"', "[record, ...]"),
    "null": (b"null", "[record, ...]"),
    "an object of records": (b'{"d":{}}', "[record, ...]"),
    "no records at all": (b"{}", "[record, ...]"),
    "deep and never closed": (b'{"d":' + b"[" * DEEP, "nested"),
    "deep lists": (EVENT_WITH % (b"[" * DEEP + b"]" * DEEP), "nested"),
    "deep objects": (PROFILE_WITH % (b'{"a":' * DEEP + b"1" + b"}" * DEEP), "nested"),
    "too many records": (b'{"d":[%s1]}' % (b"1," * 1000), "1000 records"),
    "millions of records": (b'{"d":[%s1]}' % (b"1," * 2_600_000), "1000 records"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_body_that_is_no_upload_is_refused_as_a_whole(victim, case):
    body, word = MALFORMED[case]

    status, told = victim.upload(body)

    refusal = json.loads(told)
    assert (status, refusal["status"], refusal["code"]) == (400, "fail", 400)
    assert word in refusal["error"]


RECORDS = {
    "a number": (b'{"d":[1]}', 524),
    "null": (b'{"d":[null]}', 524),
    "a type nobody knows": (record(type="purchase"), 524),
    "a type of the wrong type": (record(type=["event"]), 524),
    "nobody": (record(identity=None), 523),
    "an identity that is an object": (record(identity={"a": 1}), 523),
    "a moment in words": (record(ts="yesterday"), 525),
    "no event name": (record(evtName=None), 509),
    "NUL in a name": (record(evtName="a\0b"), 512),
    "data that is a list": (record(evtData=[1]), 512),
    "a list of 101": (record(evtData={"a": [1] * 101}), 512),
    "too many properties": (record(evtData={f"p{n}": n for n in range(101)}), 522),
    "a telephone number that is none": (record(type="profile", profileData={"Phone": "0"}), 516),
    "half an emoji in an event": (EVENT_WITH % rb'"\ud83d"', 512),
    "half an emoji in a profile": (PROFILE_WITH % rb'"\ud83d"', 555),
    "a number beyond all range": (EVENT_WITH % b"1e999", 512),
    "a record of a megabyte": (EVENT_WITH % (b'"%s"' % (b"x" * 1024 * 1024)), 555),
    "a device token of nobody": (record(type="token", tokenData={"id": "x", "type": "fcm"}), 530),
    "profile data that is a word": (record(type="profile", profileData="x"), 555),
}


@pytest.mark.parametrize("case", RECORDS)
def test_a_wrong_record_is_refused_by_its_code_and_shown_again(victim, case):
    body, code = RECORDS[case]

    status, told = victim.upload(body)

    answer = json.loads(told)
    assert (status, answer["status"], answer["processed"]) == (200, "fail", 0)
    [refused] = answer["unprocessed"]
    assert refused["code"] == code
    assert refused["error"].endswith("Skipped record number : 1")
    assert refused["record"] == json.loads(body)["d"][0]


def test_nul_in_a_value_is_kept_and_harms_nobody(victim):
    number = "+6591299999"
    named = {"identity": "nul", "type": "profile", "profileData": {"Name": "x\0y", "Phone": number}}

    told = victim.demo.upload(named, {"identity": "nul", "type": "event", "evtName": "Order Placed"})

    assert told["processed"] == 2
    assert eventually(lambda: victim.demo.texts(number))[0]["text"].startswith("Hi x")


@pytest.mark.parametrize(
    ("headers", "length", "chunks"),
    [
        ("", 10_000_000_000, 0),
        ("", UPLOAD_LIMIT + 1, 0),
        ("Transfer-Encoding: chunked\r\n", None, 160),
    ],
    ids=["that says so", "by one byte", "in chunks that do not end"],
)
def test_a_body_over_the_limit_is_refused_before_it_is_kept(victim, headers, length, chunks):
    peak = victim.peak_mb()
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"

    status, told = victim.raw(victim.head(length, headers) + chunk * chunks)

    assert status == 413
    assert str(UPLOAD_LIMIT) in json.loads(told)["error"]
    assert victim.peak_mb() - peak <= ROOM_MB


def test_a_gzip_bomb_is_opened_no_further_than_the_limit(victim):
    peak = victim.peak_mb()
    bomb = gzip.compress(b"0" * 200_000_000, 9)

    status, told = victim.upload(bomb, "Content-Encoding: gzip\r\n")

    assert status == 413
    assert str(UPLOAD_LIMIT) in json.loads(told)["error"]
    assert victim.peak_mb() - peak <= ROOM_MB


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [(b"no gzip", "gzip", 400), (gzip.compress(record())[:-9], "gzip", 400), (record(), "br", 415)],
)
def test_a_packed_body_that_cannot_be_opened_is_refused(victim, body, encoding, status):
    assert victim.upload(body, f"Content-Encoding: {encoding}\r\n")[0] == status


def test_strangers_are_told_so_and_nothing_more(victim):
    wrong = (
        b"POST /1/upload HTTP/1.1\r\nHost: x\r\nX-CleverTap-Account-Id: nobody\r\nX-CleverTap-Passcode: x\r\n"
    )

    status, told = victim.raw(wrong + b"Content-Length: 2\r\n\r\n{}")

    assert (status, json.loads(told)) == (
        401,
        {"status": "fail", "error": "Account ID is not valid", "code": 401},
    )


def test_an_upload_by_get_is_answered_in_json(victim):
    status, told = victim.upload(b"", method="GET")

    assert (status, json.loads(told)["code"]) == (405, 405)


@pytest.mark.parametrize("base", ["platform_url", "gateway_url"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ("X-Long: " + "a" * 10_000 + "\r\n", 200),
        ("X-Long: " + "a" * 1_000_000 + "\r\n", 400),
        ("X-Many: a\r\n" * 10_000, 400),
        ("Content-Length: -5\r\n", 400),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        ("No colon\r\n", 400),
    ],
    ids=["long", "endless", "many", "negative length", "two framings", "no header"],
)
def test_a_head_is_read_within_bounds(victim, base, headers, status):
    request = f"GET /health HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode()

    assert victim.raw(request, base)[0] == status


@pytest.mark.parametrize("base", ["platform_url", "gateway_url"])
def test_what_is_no_http_is_refused(victim, base):
    assert victim.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n", base)[0] == 400


def test_a_body_that_ends_early_is_not_stored(victim):
    with victim.connect() as connection:
        connection.sendall(victim.head(100) + record()[:50])
        connection.shutdown(socket.SHUT_WR)

        assert read_answer(connection)[0] in {0, 400}


def test_heads_and_bodies_that_drip_hold_nobody_up(victim):
    with ExitStack() as open_ones:
        for _ in range(100):
            head, body = (open_ones.enter_context(victim.connect()) for _ in range(2))
            head.sendall(b"POST /1/upload HTTP/1.1\r\nHost: x\r\nX-Slow: a")
            body.sendall(victim.head(1000) + b'{"d":')
        begun = time.monotonic()

        works(victim)

        assert time.monotonic() - begun < HEAD_S, (
            "had they held anybody up, then for as long as a head may take"
        )


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"key": "wrong"}, 401, 1200),
        ({"subaccount": "foreign"}, 400, 1001),
        ({"body": TEXT[:-5]}, 400, 1000),
        ({"body": b"\xff"}, 400, 1000),
        ({"body": b"null"}, 400, 1000),
        ({"body": b'{"destination":[1],"text":"x"}'}, 400, 1002),
        ({"body": b'{"messages":' + b"[" * DEEP, "end": "messages/batch"}, 400, 1000),
        ({"body": b"{" + b" " * 40_000_000, "end": "messages/batch"}, 413, 1100),
    ],
    ids=["key", "subaccount", "truncated", "not UTF-8", "null", "wrong types", "deep", "oversized"],
)
def test_the_gateway_refuses_in_8x8s_words(victim, changed, status, code):
    answered, told = victim.to_gateway(**changed)

    assert (answered, json.loads(told)["code"]) == (status, code)


CALLBACKS = {
    "nothing": b"",
    "truncated": b"{",
    "null": b"null",
    "not UTF-8": b"\xff",
    "a number in a list": b"[1]",
    "data that is a word": b'[{"event":"delivered","data":"x"}]',
    "an event that is a number": b'[{"event":1,"data":[]}]',
    "no id of a message": b'[{"event":"delivered","data":[{"ts":1}]}]',
    "deep": b"[" * DEEP,
    "8x8's without a payload": b'{"namespace":"SMS","eventType":"outbound_message_status_changed","payload":[]}',
}


@pytest.mark.parametrize("case", CALLBACKS)
def test_garbage_at_a_callback_address_is_refused_in_clevertaps_words(victim, case):
    status, told = victim.demo.ask("POST", callback_path(victim), CALLBACKS[case])

    assert (status, told["status"], told["error_code"]) == (400, "error", 400)


def test_callbacks_for_nobody_change_nothing(victim):
    foreign = [{"event": "delivered", "data": [{"ts": 1, "meta": "no-such-message"}]}]

    assert victim.demo.ask("POST", "/callbacks/sms/nobody", foreign)[0] == 404
    status, told = victim.demo.ask("POST", callback_path(victim), foreign)

    assert (status, told["status"]) == (200, "success")


def callback_path(victim):
    [provider] = victim.demo.get("/api/providers")["providers"]
    return urlsplit(provider["callback_url"]).path
