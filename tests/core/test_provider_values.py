"""What others send, at the limit of what is taken for an id, a text or a moment."""

from datetime import UTC, datetime

import pytest

from tellwire.kernel.provider.values import id_of, moment_of, moment_of_iso, read_json, spellings_of, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 512, "x" * 512),
        ("x" * 513, "x" * 512),
        (" a ", "a"),
        (7, "7"),
        (2**256 - 1, str(2**256 - 1)),
        (2**256, ""),
        (True, ""),
        (1.5, ""),
        (None, ""),
        ([], ""),
    ],
)
def test_a_text_is_cut_at_512_characters_and_only_texts_and_whole_numbers_are_ones(
    value: object, text: str
) -> None:
    assert text_of(value) == text


def test_an_id_is_whole_or_none() -> None:
    assert id_of("x" * 350) == "x" * 350
    assert id_of("x" * 351) == ""
    assert (id_of("abc", 3), id_of("abcd", 3)) == ("abc", "")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1, datetime.fromtimestamp(1, UTC)),
        (0, None),
        (-1, None),
        (99_999_999_999, datetime.fromtimestamp(99_999_999_999, UTC)),
        (100_000_000_000, datetime.fromtimestamp(100_000_000, UTC)),
        (99_999_999_999_999, datetime.fromtimestamp(99_999_999_999.999, UTC)),
        (100_000_000_000_000, None),
        ("1654002370000.000000", datetime.fromtimestamp(1_654_002_370, UTC)),
        ("1654002370000.0000000", None),
        (" 1654002370 ", datetime.fromtimestamp(1_654_002_370, UTC)),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        (True, None),
        (None, None),
    ],
)
def test_a_number_below_a_hundred_thousand_million_is_seconds_and_above_milliseconds(
    value: object, moment: datetime | None
) -> None:
    assert moment_of(value) == moment


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-01-31T08:15:33Z", datetime(2026, 1, 31, 8, 15, 33, tzinfo=UTC)),
        ("2026-01-31T08:15:33+01:00", datetime(2026, 1, 31, 7, 15, 33, tzinfo=UTC)),
        (" 2026-01-31 08:15:33 ", datetime(2026, 1, 31, 8, 15, 33, tzinfo=UTC)),
        ("2026-01-31T08:15:33Z" + " " * 16, datetime(2026, 1, 31, 8, 15, 33, tzinfo=UTC)),
        ("2026-01-31T08:15:33Z" + " " * 17, None),
        ("1970-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:01Z", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("9999-12-31T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        (7, None),
    ],
)
def test_an_iso_text_is_a_moment_of_the_same_range(value: object, moment: datetime | None) -> None:
    assert moment_of_iso(value) == moment


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b""])
def test_a_body_that_is_not_json_is_none(body: bytes) -> None:
    assert read_json(body) is None


def test_a_value_is_spelled_as_json_and_as_python_writes_it() -> None:
    values = [True, False, None, "a", 7, 1.5, [], {}, [1], {"a": 1}]

    assert [spellings_of(value) for value in values] == [
        ("true", "True"), ("false", "False"), ("null", "None"), ("a",), ("7",), ("1.5",), ("[]",), ("{}",), (), (),
    ]  # fmt: skip
