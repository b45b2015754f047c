"""What a file and the API say of the account's keywords: `replies: {stop: {words, confirm, text}, ...}`."""

from collections.abc import Iterator
from typing import Annotated, Final

import msgspec

from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.keyword_text import normal
from tellwire.platform.model.replies import (
    KEYWORDS,
    TEXT_LENGTH,
    WORD_LENGTH,
    WORDS_LIMIT,
    Keyword,
    KeywordRules,
    ReplyRules,
)

Words = Annotated[
    tuple[Annotated[str, msgspec.Meta(max_length=WORD_LENGTH)], ...], msgspec.Meta(max_length=WORDS_LIMIT)
]


class KeywordForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of one meaning: own words, whether it is answered, and with which text."""

    words: Words = ()
    confirm: bool = False
    text: Annotated[str, msgspec.Meta(max_length=TEXT_LENGTH)] = ""


class RepliesForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is made of people's texts; `without` are known words that mean nothing here."""

    stop: KeywordForm = KeywordForm()
    start: KeywordForm = KeywordForm()
    help: KeywordForm = KeywordForm()
    without: Words = ()

    def of(self, keyword: Keyword) -> KeywordForm:
        """Return the form of one meaning."""
        match keyword:
            case "stop":
                return self.stop
            case "start":
                return self.start
            case "help":
                return self.help


_NO_WORD: Final = "has no letter or digit: a keyword is compared by these alone."
_NO_HELP: Final = "Say who writes and how to reach them: there is no text for this but yours."


def read_replies(form: RepliesForm | None, path: str) -> ReplyRules:
    """Return the rules that a form means. Raises `Unreadable` with all that is wrong with it."""
    if form is None:
        return ReplyRules()
    if problems := dict(_problems(form, path)):
        raise Unreadable(problems)
    return ReplyRules(
        stop=_rules(form.stop),
        start=_rules(form.start),
        help=_rules(form.help),
        without=tuple(word.strip() for word in form.without),
    )


def _problems(form: RepliesForm, path: str) -> Iterator[tuple[str, str]]:
    means: dict[str, Keyword] = {}
    for meaning in KEYWORDS:
        for number, word in enumerate(form.of(meaning).words):
            place, bare = f"{path}.{meaning}.words[{number}]", normal(word)
            if not bare:
                yield place, f"“{word}” {_NO_WORD}"
            elif means.setdefault(bare, meaning) != meaning:
                yield place, f"“{word}” means {means[bare]} already."
    for number, word in enumerate(form.without):
        if not normal(word):
            yield f"{path}.without[{number}]", f"“{word}” {_NO_WORD}"
    if form.help.confirm and not form.help.text.strip():
        yield f"{path}.help.text", _NO_HELP


def _rules(form: KeywordForm) -> KeywordRules:
    return KeywordRules(
        words=tuple(word.strip() for word in form.words), is_answered=form.confirm, text=form.text.strip()
    )


def write_replies(rules: ReplyRules) -> RepliesForm | None:
    """Return the form of rules, None for those that say nothing."""
    if rules == ReplyRules():
        return None
    return RepliesForm(
        stop=_form(rules.stop), start=_form(rules.start), help=_form(rules.help), without=rules.without
    )


def _form(rules: KeywordRules) -> KeywordForm:
    return KeywordForm(words=rules.words, confirm=rules.is_answered, text=rules.text)
