"""Reading answers: however the bytes are cut, the same answer; whatever they are, a bounded end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.http.answer import HEAD_LIMIT, AnswerReader
from tellwire.kernel.http.client import HttpRequest
from tellwire.kernel.http.message import Headers, NotSent, Unknown
from tellwire.kernel.http.request import Origin, written

TOKENS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK", b"HTTP/1.0 500 No", b"HTTP/1.1 100 Go on", b"HTTP/1.1 204 N", b"\r\n", b"\n",
        b"\r\n\r\n", b"Content-Length: 3", b"Content-Length: 99999999999999999999", b"Connection: close",
        b"Transfer-Encoding: chunked", b"Content-Encoding: gzip", b"3\r\nabc\r\n", b"0\r\n\r\n", b"abc",
        b"\0", b"\xff: \xff", b"Upgrade: x", b"Connection: Upgrade",
    ]
)  # fmt: skip
BYTES = st.lists(st.one_of(TOKENS, st.binary(max_size=20)), max_size=20).map(b"".join)


def read(pieces):
    """Return the answer that `pieces` give, or why there is none."""
    reader = AnswerReader(limit=8)
    reader.expect(is_head=False)
    try:
        for piece in pieces:
            reader.feed(piece)
            if reader.is_whole:
                break
        else:
            reader.end()
        return reader.answer() if reader.is_whole else None
    except Unknown as reason:
        return reason.reason


@given(data=BYTES)
def test_no_bytes_are_too_odd_to_be_read_or_refused(data):
    outcome = read([data])

    assert outcome is None or isinstance(outcome, str) or len(outcome.body) <= 8


@given(
    body=st.binary(max_size=8),
    chunks=st.booleans(),
    interim=st.booleans(),
    cuts=st.lists(st.integers(0, 200)),
)
def test_an_answer_cut_anywhere_is_the_same_answer(body, chunks, interim, cuts):
    framing = b"Transfer-Encoding: chunked" if chunks else b"Content-Length: %d" % len(body)
    sent = b"%b0\r\n\r\n" % (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") if chunks else body
    hint = b"HTTP/1.1 102 Processing\r\nX: 1\r\n\r\n" if interim else b""
    data = hint + b"HTTP/1.1 201 Created\r\n" + framing + b"\r\nX-Id: 7\r\n\r\n" + sent
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})

    answer = read([data[start:end] for start, end in pairwise(edges)])

    assert (answer.status, answer.body, answer.headers["x-id"]) == (201, body, "7")
    assert "x" not in answer.headers


def test_a_head_of_the_largest_size_is_read_and_no_larger():
    start, end = b"HTTP/1.1 204 Empty\r\nA: ", b"\r\n\r\n"
    room = HEAD_LIMIT - len(start) - len(end)

    assert read([start + b"x" * room + end]).status == 204
    assert "too long" in read([start + b"x" * (room + 1) + end])


def test_headers_are_found_in_any_case_and_the_first_of_a_name_counts():
    headers = Headers({b"retry-after": b"3", b"x-odd": b"\xff"})

    assert (headers["Retry-After"], headers["X-ODD"], len(headers)) == ("3", "\xff", 2)
    assert headers.get("€") is None
    assert list(headers) == ["retry-after", "x-odd"]


@given(
    path=st.text(max_size=30),
    headers=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=3).map(tuple),
    body=st.binary(max_size=30),
)
def test_whatever_is_asked_for_one_request_is_written_or_none(path, headers, body):
    request = HttpRequest(method="POST", url=f"https://a.example/{path}", headers=headers, body=body)

    try:
        origin, data = written(request)
    except NotSent:
        return

    head, _, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert origin == Origin(tls=True, host="a.example", port=443)
    assert rest == body
    assert first.startswith(b"POST /")
    assert first.endswith(b" HTTP/1.1")
    assert first.count(b" ") == 2
    assert first.isascii()
    assert all(b": " in line for line in lines)
    assert lines.count(b"Content-Length: %d" % len(body)) == 1


@pytest.mark.parametrize(
    ("url", "origin", "host"),
    [
        ("http://A.Example", Origin(tls=False, host="a.example", port=80), b"a.example"),
        ("https://a.example:443/", Origin(tls=True, host="a.example", port=443), b"a.example"),
        ("https://a.example:8443/", Origin(tls=True, host="a.example", port=8443), b"a.example:8443"),
        ("http://[::1]:81/", Origin(tls=False, host="::1", port=81), b"[::1]:81"),
        ("http://bücher.example/", Origin(tls=False, host="xn--bcher-kva.example", port=80), b"xn--bcher-kva.example"),
    ],
)  # fmt: skip
def test_a_url_says_where_to_connect_and_what_to_call_it(url, origin, host):
    found, data = written(HttpRequest(method="GET", url=url))

    assert found == origin
    assert b"\r\nHost: " + host + b"\r\n" in data
