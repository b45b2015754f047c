"""A survey and its questions, as values. Pure."""

from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

QUESTIONS_LIMIT: Final = 20
CHOICES_LIMIT: Final = 20
TITLE_LIMIT: Final = 100
QUESTION_LIMIT: Final = 500
CHOICE_LIMIT: Final = 200
WORDS_LIMIT: Final = 1000

QuestionKind: TypeAlias = Literal["choice", "text"]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One of the answers that a question offers."""

    id: str
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question: `choices` for one of them, none for words of one's own.

    `{{name}}` in its text is what the sender's link gave the form under that name.
    """

    id: str
    text: str
    kind: QuestionKind
    is_required: bool = False
    choices: tuple[Choice, ...] = ()


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """The questions of a subaccount; `id` is the `surveyId` of its sends.

    Answers are taken until `closes_at`, or (None) for 48 hours after the message. They go to `url`, or (empty)
    to the subaccount's webhook. `language` is that of its words, as HTML names it.
    """

    id: str
    subaccount: str
    title: str
    questions: tuple[Question, ...]
    introduction: str = ""
    thanks: str = ""
    language: str = "en"
    closes_at: datetime | None = None
    url: str = ""

    def is_open(self, now: datetime) -> bool:
        """Say whether it takes answers at all."""
        return self.closes_at is None or now < self.closes_at
