"""The texts by which a person says "no more", "again" or "help", as whole messages and never as a part of one.

Which words these are stands in `keywords.toml`, by country; the account may add its own and take some away.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

from tellwire.platform.model.keyword_text import normal
from tellwire.platform.model.replies import KEYWORDS as MEANINGS
from tellwire.platform.model.replies import Keyword, ReplyRules


class KeywordRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the file: the words of one language, where they count, and whether they may be taken away."""

    language: str
    countries: tuple[str, ...] = ()
    required: bool = False
    stop: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    help: tuple[str, ...] = ()

    def words(self, meaning: Keyword) -> tuple[str, ...]:
        """Return the words of one meaning."""
        words: tuple[str, ...] = getattr(self, meaning)
        return words


NO_RULES: Final = ReplyRules()
_REMEMBERED: Final = 16  # rules: the account's, and those of before it was saved


def keyword_of(text: str, country: str | None = None, rules: ReplyRules = NO_RULES) -> Keyword | None:
    """Return what a whole text of a number of this country asks for, or None; `rules` are the account's."""
    word = normal(text)
    if not word:
        return None
    known = _known(country)
    if word in known.required:
        return known.required[word]
    own = _own(rules)
    if word in own:
        return own[word]
    return None if word in _left_out(rules) else known.words.get(word)


class _Known(msgspec.Struct, frozen=True):
    """The words of one country by their normal form, and those of them that cannot be taken away."""

    words: Mapping[str, Keyword]
    required: Mapping[str, Keyword]


@cache
def rows() -> tuple[KeywordRow, ...]:
    """Return the file."""
    text = files("tellwire.platform.receipts").joinpath("keywords.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["words"], tuple[KeywordRow, ...])


@cache
def _known(country: str | None) -> _Known:
    here = [row for row in rows() if not row.countries or country in row.countries]
    return _Known(_by_word(here), _by_word(row for row in here if row.required))


def _by_word(of: Iterable[KeywordRow]) -> Mapping[str, Keyword]:
    """Return the meaning of each word; a word with two is a stop before it is anything else."""
    meanings: dict[str, Keyword] = {}
    for row in of:
        for meaning in MEANINGS:
            for word in row.words(meaning):
                meanings.setdefault(normal(word), meaning)
                if meaning == "stop":
                    meanings[normal(word)] = meaning
    return MappingProxyType(meanings)


@cache
def required_words() -> frozenset[str]:
    """Return the words, in their normal form, that no account may take away everywhere."""
    return frozenset(_known(None).required)


@lru_cache(maxsize=_REMEMBERED)
def _own(rules: ReplyRules) -> Mapping[str, Keyword]:
    return {normal(word): meaning for meaning in reversed(MEANINGS) for word in rules.of(meaning).words}


@lru_cache(maxsize=_REMEMBERED)
def _left_out(rules: ReplyRules) -> frozenset[str]:
    return frozenset(map(normal, rules.without))


KEYWORDS: Final = _known(None).words  # those that count everywhere
