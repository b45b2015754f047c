"""The body of an upload becomes its records: only what is no upload at all is refused as a whole."""

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.intake.clevertap.records import RECORDS_LIMIT, Malformed, as_it_came, records_of

LONG = 1_000_000


def records(body: bytes) -> list[bytes]:
    """Return the records as they came."""
    found = records_of(body)
    assert not isinstance(found, Malformed), found.why
    return [bytes(as_it_came(record)) for record in found]


@pytest.mark.parametrize("padding", [b"", b" " * 300_000], ids=["short", "long"])
@pytest.mark.parametrize(
    "text",
    [
        rb"\ud83d",
        rb"\ude00",
        rb"\uD83D x",
        rb"x\ud83d\u0041",
        rb"\ud83d\ud83d\ude00",
        rb"\ude00\ud83d",
        rb"\\\ud83d",
        rb"\ud83d\\ude00",
        rb"\ud83d\n\ude00",
    ],
)
def test_half_an_emoji_spoils_its_own_record_only(text: bytes, padding: bytes) -> None:
    body = b'{"d":[1,{"a":"%s"}%s,{"b":2}]}' % (text, padding)

    assert records(body) == [b"1", b'{"a":"%s"}' % text, b'{"b":2}']


@pytest.mark.parametrize(
    "text", [rb"\ud83d\ude00", rb"\uD83D\uDE00", rb"\\ud83d", rb"\\\\ude00", b"\xf0\x9f\x98\x80"]
)
def test_whole_emoji_and_escaped_backslashes_are_no_halves(text: bytes) -> None:
    body = b'{"d":["%s",{"a":"\\udfff"}]}' % text  # the half makes the body be looked through

    found = records_of(body)

    assert not isinstance(found, Malformed)
    assert json.loads(bytes(found[0])) == json.loads(b'"%s"' % text)


def test_half_an_emoji_beside_the_records_is_nobodys_business() -> None:
    assert records(rb'{"note":"\ud83d","d":[1]}') == [b"1"]


SURROGATE_TEXT = st.text(
    st.sampled_from(["\\", '"', "u", "d", "8", "\ud83d", "\ude00", "\U0001f600", "\n", "é"]), max_size=12
)


@given(st.lists(st.dictionaries(SURROGATE_TEXT, SURROGATE_TEXT, max_size=3), max_size=5), st.booleans())
def test_whatever_is_cut_every_record_comes_back_as_it_came(
    texts: list[dict[str, str]], is_long: bool
) -> None:
    written = [json.dumps(text).encode() for text in texts]
    body = b'{"d":[' + b",".join(written) + b" " * (300_000 * is_long) + b"]}"

    assert records(body) == written


@given(st.integers(0, RECORDS_LIMIT + 3), st.booleans(), st.sampled_from([b"1", b"[]", b"{}", b'"x"']))
def test_up_to_a_thousand_records_come_in_order_and_no_more(count: int, is_long: bool, record: bytes) -> None:
    body = b'{"d":[' + b",".join([record] * count) + b" " * (300_000 * is_long) + b"]}"

    found = records_of(body)

    if count > RECORDS_LIMIT:
        assert isinstance(found, Malformed)
        assert "1000 records" in found.why
    else:
        assert records(body) == [record] * count


def repeated(item: bytes) -> bytes:
    return b",".join([item] * (LONG // (len(item) + 1)))


@pytest.mark.parametrize(
    "body",
    [
        b'{"d":[' + repeated(b"1") + b"]}",
        b'{"d":[' + repeated(b"[]") + b"]}",
        b'{"d":[[' + repeated(b"[]") + b"]]}",
        b'{"d":[' + repeated(rb'"\ud83d"') + b"]}",
        b'{"d":["' + rb"\ud83d" * 160_000 + b'"]}',
        b'{"d":["' + b"\\" * LONG + rb'\ud83d"]}',
        b'{"d":["' + b"\\" * (LONG + 1) + rb'\ud83d"]}',
    ],
    ids=[
        "numbers",
        "lists",
        "one record",
        "halves",
        "a text of halves",
        "even backslashes",
        "odd backslashes",
    ],
)
def test_a_body_costs_no_more_than_a_few_times_its_length(body: bytes) -> None:
    tracemalloc.start()
    try:
        records_of(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak <= 4 * len(body)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(noise: bytes, is_long: bool) -> None:
    found: Any = records_of(b'{"d":[' + noise + b" " * (300_000 * is_long) + b"]}")

    assert isinstance(found, (list, Malformed))
