"""Which texts stop, start and ask for help: whole messages, never a part of one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.address import is_region
from tellwire.platform.model.keyword_text import LENGTH_LIMIT, normal
from tellwire.platform.model.replies import KeywordRules, ReplyRules
from tellwire.platform.receipts.keywords import KEYWORDS, keyword_of, required_words, rows

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
        f"🛑\ufe0f {word} 👩‍👩‍👧",
        " ".join(word),
        f"\u200b{word}\ufeff",
    ):
        assert keyword_of(text) == wanted, text


@pytest.mark.parametrize("text", ["Stop all", "OPT-OUT", "opt out", "ＳＴＯＰ", "Ŝtőp", "𝐒𝐓𝐎𝐏"])
def test_a_keyword_may_be_written_apart_wide_or_with_accents(text: str) -> None:
    assert keyword_of(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "!",
        "🛑",
        "don't stop",
        "Don’t stop",
        "nonstop",
        "stop it",
        "please stop",
        "STOPP",
        "the end",
        "yes please",
        "yess",
        "help me",
        "СТОП",
        "STOP\nbuy now at https://example.com",
        f"STOP{'.' * LENGTH_LIMIT}",
        "stop" * 25_000,
    ],
)
def test_a_part_of_a_text_is_no_keyword(text: str) -> None:
    assert keyword_of(text) is None


@pytest.mark.parametrize(
    ("text", "country", "wanted"),
    [
        ("Stopp!", "SE", "stop"),
        ("stopp", "US", None),
        ("Arrêt", "FR", "stop"),
        ("fin", "CA", "stop"),
        ("fin", "FR", None),
        ("İPTAL", "TR", "stop"),
        ("ıptal", "TR", "stop"),
        ("Ret", "TR", "stop"),
        ("ret", "SE", None),
        ("TC", "VN", "stop"),
        ("Từ chối", "VN", "stop"),
        ("tc", None, None),
        ("退订", "CN", "stop"),
        ("t", "CN", "stop"),
        ("t", "GB", None),
        ("수신 거부", "KR", "stop"),
        ("הסר", "IL", "stop"),
        ("СТОП", "UA", "stop"),
        ("إيقاف", "EG", "stop"),
        ("ايقـاف", "EG", "stop"),
        ("बंद", "IN", "stop"),
        ("बाद", "IN", None),
        ("ストップ", "JP", "stop"),
        ("ハルプ", "JP", None),
        ("Sair", "BR", "stop"),
        ("Começar", "BR", "start"),
        ("BAJA", "ES", "stop"),
        ("Hilfe?", "DE", "help"),
        ("HELP", None, "help"),
        ("info", "US", "help"),
        ("revoke", "US", "stop"),
        ("revoke", "GB", None),
        ("yes", "US", "start"),
    ],
)
def test_words_of_a_country_count_for_its_numbers(text: str, country: str | None, wanted: str | None) -> None:
    assert keyword_of(text, country) == wanted


def test_the_account_adds_words_and_takes_others_away_but_none_that_are_required() -> None:
    rules = ReplyRules(
        stop=KeywordRules(words=("Nie wieder",)),
        help=KeywordRules(words=("?x",)),
        without=("end", "STOP", "yes"),
    )

    assert keyword_of("nie  wieder!", "DE", rules) == "stop"
    assert keyword_of("X", "DE", rules) == "help"
    assert keyword_of("END", "DE", rules) is None
    assert keyword_of("END", "US", rules) == "stop"  # the carriers' word there
    assert keyword_of("stop", "DE", rules) == "stop"
    assert keyword_of("yes", "DE", rules) is None


@given(st.from_regex("[ .]{0,2}[bdgjkz]{1,9}[ .]{0,2}", fullmatch=True), st.sampled_from(sorted(KEYWORDS)))
def test_a_text_with_another_word_is_no_keyword(other: str, word: str) -> None:
    assert keyword_of(word + other) is keyword_of(other + word) is keyword_of(other + word + other) is None


@given(st.text(max_size=200))
def test_any_text_is_judged_and_its_normal_form_is_its_own(text: str) -> None:
    keyword_of(text, "CN")

    assert normal(normal(text)) == normal(text)


def test_the_file_is_whole() -> None:
    assert required_words() == {"stop"}
    for row in rows():
        assert re.fullmatch("[a-z]{2,3}", row.language)
        assert all(is_region(country) for country in row.countries)
        assert row.stop
        for word in (*row.stop, *row.start, *row.help):
            assert normal(word), word


def test_no_word_of_a_country_means_two_things() -> None:
    countries = {country for row in rows() for country in row.countries} | {None}
    for country in countries:
        meanings: dict[str, set[str]] = {}
        for row in rows():
            if not row.countries or country in row.countries:
                for name, words in (("stop", row.stop), ("start", row.start), ("help", row.help)):
                    for word in words:
                        meanings.setdefault(normal(word), set()).add(name)
        assert [word for word, has in meanings.items() if len(has) > 1] == [], country
