"""A part of a campaign as YAML and back: nothing is lost on the way, and a mistake has its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.control.yaml_plain import DOCUMENT_LIMIT, dumped
from tellwire.platform.control.yaml_text import reading_of

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_written_is_read_again(value):
    assert reading_of(dumped(value)).value == value


def test_everything_that_is_named_has_its_line():
    text = dumped({"campaigns": [{"name": "Cart", "start": {"event": "Cart Left"}, "steps": [{"send": {}}]}]})

    lines = reading_of(text).lines

    assert lines["campaigns[0].name"] == 2
    assert lines["campaigns[0].start.event"] == 4
    assert lines["campaigns[0].steps[0].send"] == 6


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a:\n\t- b", 2, "cannot start any token"),
        ("a: 1\na: 2", 2, "stands twice"),
        ("a: &x 1\nb: *x", 2, "Aliases"),
        ("[" * 200 + "]" * 200, None, "nests"),
        ("x" * (DOCUMENT_LIMIT + 1), None, "longer"),
    ],
)
def test_a_mistake_is_an_answer_with_its_line(text, line, why):
    reading = reading_of(text)

    assert reading.value is None
    assert reading.error is not None
    assert reading.error.line == line
    assert why in reading.error.message


def test_no_text_says_nothing():
    assert (reading_of("").value, reading_of("").lines, reading_of("").error) == (None, {}, None)
