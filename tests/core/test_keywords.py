"""Which texts stop and start: whole messages, never a part of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.receipts.keywords import KEYWORDS, keyword_of

WORDS = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT"]
BACK = ["START", "UNSTOP", "YES"]


@pytest.mark.parametrize("word", [*WORDS, *BACK])
def test_a_keyword_is_one_in_any_case_with_spaces_and_punctuation(word: str) -> None:
    wanted = "stop" if word in WORDS else "start"

    for text in (
        word,
        word.lower(),
        word.title(),
        f"  {word}.\n",
        f"“{word}!!”",
        f"{word} 🙏",
        " ".join(word),
    ):
        assert keyword_of(text) == wanted, text


@pytest.mark.parametrize("text", ["Stop all", "OPT-OUT", "opt out", "ＳＴＯＰ"])
def test_a_keyword_may_be_written_apart_or_wide(text: str) -> None:
    assert keyword_of(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "!",
        "don't stop",
        "Don’t stop",
        "nonstop",
        "stop it",
        "please stop",
        "STOPP",
        "the end",
        "yes please",
        "yess",
    ],
)
def test_a_part_of_a_text_is_no_keyword(text: str) -> None:
    assert keyword_of(text) is None


@given(st.from_regex("[ .]{0,2}[bdgjkz]{1,9}[ .]{0,2}", fullmatch=True), st.sampled_from(sorted(KEYWORDS)))
def test_a_text_with_another_word_is_no_keyword(other: str, word: str) -> None:
    assert keyword_of(word + other) is keyword_of(other + word) is keyword_of(other + word + other) is None
