"""Which request for a short link is a click, and how links of a text are replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.links.clicks import is_click, location_of
from tellwire.kernel.links.in_text import TEXT_LIMIT, replace_links

PIECES = st.lists(
    st.sampled_from(["https://a.example/é", "http://b.example/(1)", " ", ")", ".", "\0", "https://", "x"])
)


@pytest.mark.parametrize(
    ("method", "purpose", "wanted"),
    [
        ("GET", b"", True),
        ("HEAD", b"", False),
        ("POST", b"", False),
        ("GET", b"prefetch", False),
        ("GET", b"Prefetch;prerender", False),
        ("GET", b"preview", True),
    ],
)
def test_a_click_is_a_person_who_goes_there_now(method: str, purpose: bytes, wanted: bool) -> None:
    assert is_click(method, purpose) is wanted


def test_a_location_keeps_what_is_escaped_and_escapes_the_rest() -> None:
    assert location_of("https://a.example/%C3%A9?x=é#t") == b"https://a.example/%C3%A9?x=%C3%A9#t"


@given(pieces=PIECES)
def test_links_that_stay_leave_the_text_as_it_is(pieces: list[str]) -> None:
    text = "".join(pieces)

    assert replace_links(text, lambda _: None) == text


@given(pieces=PIECES)
def test_what_is_not_a_link_stays_where_it_is(pieces: list[str]) -> None:
    text, targets = "".join(pieces), []

    def marked(target: str) -> str:
        targets.append(target)
        return f"\1{len(targets) - 1}\1"

    parts = replace_links(text, marked).split("\1")

    assert "".join(targets[int(part)] if n % 2 else part for n, part in enumerate(parts)) == text


def test_a_text_that_is_too_long_to_be_sent_is_not_searched() -> None:
    text = "https://a.example/ " + "x" * TEXT_LIMIT

    assert replace_links(text, lambda _: "short") == text
