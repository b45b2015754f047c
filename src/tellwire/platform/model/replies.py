"""What the account makes of people's texts: its own words beside those that everybody knows, and its answers."""

from typing import Final, Literal, TypeAlias

import msgspec

Keyword: TypeAlias = Literal["stop", "start", "help"]

KEYWORDS: Final[tuple[Keyword, ...]] = ("stop", "start", "help")
WORDS_LIMIT: Final = 50  # own words of one meaning
WORD_LENGTH: Final = 40  # characters of one
TEXT_LENGTH: Final = 600  # characters of an answer: four parts of GSM

# Help has none of ours: it says who writes and how to reach them.
ANSWERS: Final[dict[Keyword, str]] = {
    "stop": "You will get no more messages from us. Reply START to get them again.",
    "start": "You will get our messages again. Reply STOP to end them.",
    "help": "",
}


class KeywordRules(msgspec.Struct, frozen=True, kw_only=True):
    """Of one meaning: words beside the known ones, whether it is answered, and with which text instead of ours."""

    words: tuple[str, ...] = ()
    is_answered: bool = False
    text: str = ""


class ReplyRules(msgspec.Struct, frozen=True, kw_only=True):
    """What each meaning does beyond what always happens; `without` are known words that mean nothing here.

    A stop suppresses and a start releases the number whatever stands here.
    """

    stop: KeywordRules = KeywordRules()
    start: KeywordRules = KeywordRules()
    help: KeywordRules = KeywordRules()
    without: tuple[str, ...] = ()

    def answer_to(self, keyword: Keyword) -> str:
        """Return the text that answers a keyword, empty for none."""
        rules = self.of(keyword)
        return (rules.text or ANSWERS[keyword]) if rules.is_answered else ""

    def of(self, keyword: Keyword) -> KeywordRules:
        """Return the rules of one meaning."""
        match keyword:
            case "stop":
                return self.stop
            case "start":
                return self.start
            case "help":
                return self.help
