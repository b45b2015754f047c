"""The endpoints of surveys: making and changing them, what was answered, and the answers as CSV."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, Problem, Raw, flaws, is_number, wrong
from tellwire.gateway.surveys.book import SurveyBook
from tellwire.gateway.surveys.store import PAGE, Answered, Count, SurveyStore
from tellwire.gateway.surveys.survey import (
    CHOICE_LIMIT,
    CHOICES_LIMIT,
    QUESTION_LIMIT,
    QUESTIONS_LIMIT,
    TITLE_LIMIT,
    WORDS_LIMIT,
    Choice,
    Question,
    QuestionKind,
    Survey,
)
from tellwire.kernel.clock import Clock
from tellwire.kernel.csv_lines import csv_line
from tellwire.kernel.links.web_url import is_web_url

# It stands in the API's addresses.
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,49}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# All are kept in memory.
SURVEYS: Final = 1_000
SHOWN: Final = 50
NEWEST: Final = 1 << 62
CSV_ROWS: Final = 100_000

Text = Annotated[str, msgspec.Meta(max_length=WORDS_LIMIT)]
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{0,20}$")]


class SavedChoice(msgspec.Struct, kw_only=True, frozen=True):
    """One answer on offer; a new one has no id yet."""

    id: Id = ""
    text: Annotated[str, msgspec.Meta(max_length=CHOICE_LIMIT)]


class SavedQuestion(msgspec.Struct, kw_only=True, frozen=True):
    """One question; a new one has no id yet."""

    id: Id = ""
    text: Annotated[str, msgspec.Meta(max_length=QUESTION_LIMIT)]
    kind: QuestionKind
    is_required: bool = False
    choices: Annotated[list[SavedChoice], msgspec.Meta(max_length=CHOICES_LIMIT)] = []


class SavedSurvey(msgspec.Struct, kw_only=True, frozen=True):
    """A survey, new or changed; `closes_at` None takes answers for 48 hours after each message."""

    subaccount: Annotated[str, msgspec.Meta(max_length=100)]
    title: Annotated[str, msgspec.Meta(max_length=TITLE_LIMIT)]
    questions: Annotated[list[SavedQuestion], msgspec.Meta(max_length=QUESTIONS_LIMIT)]
    introduction: Text = ""
    thanks: Text = ""
    language: str = "en"
    closes_at: datetime | None = None
    url: str = ""


class SurveysPage:
    """Surveys as people make and read them."""

    def __init__(self, surveys: SurveyBook, store: SurveyStore, book: AccountBook, *, clock: Clock) -> None:
        self._surveys = surveys
        self._store = store
        self._book = book
        self._clock = clock

    async def show_all(self, _ask: Ask) -> object:
        """`GET /admin/api/surveys`: with how many links of each were sent, opened and answered."""
        counts = await self._store.counts()
        listed = sorted(self._surveys.surveys.values(), key=lambda survey: survey.title.casefold())
        return {"surveys": [self._listed(survey, counts) for survey in listed]}

    async def show(self, ask: Ask) -> object:
        """`GET /admin/api/surveys/{id}`: with its counts and the newest answers, for those who may see texts."""
        survey = self._surveys.surveys.get(ask.path["id"])
        if survey is None:
            return UNKNOWN
        counts = await self._store.counts(survey.id)
        totals = {(count.question, count.answer): count.n for count in counts}
        return {
            **self._listed(survey, counts),
            "results": [_result(question, totals) for question in survey.questions],
            **await self._answered(survey, NEWEST, ask),
        }

    async def answers(self, ask: Ask) -> object:
        """`GET /admin/api/surveys/{id}/answers?before`: newest first, `next` to go on."""
        survey, before = self._surveys.surveys.get(ask.path["id"]), ask.query.get("before", "")
        if survey is None:
            return UNKNOWN
        if before and not is_number(before):
            return wrong(before="This is no place in the list.")
        return await self._answered(survey, int(before) if before else NEWEST, ask)

    async def csv(self, ask: Ask) -> object:
        """`GET /admin/api/surveys/{id}/answers.csv`: a line for each answered form, at most `CSV_ROWS`."""
        survey = self._surveys.surveys.get(ask.path["id"])
        if survey is None:
            return UNKNOWN
        name = f"{survey.id}-{self._clock.now():%Y%m%d-%H%M}.csv"
        return Raw(kind=b"text/csv; charset=utf-8", name=name, chunks=self._rows(survey))

    async def save(self, ask: Ask) -> object:
        """`PUT /admin/api/surveys/{id}`: questions and choices that are kept keep their ids, and so their counts."""
        saved: SavedSurvey = ask.body
        identifier = ask.path.get("id", "")
        if flaw := self._flaws(identifier, saved):
            return flaw
        survey = Survey(
            id=identifier,
            subaccount=saved.subaccount,
            title=saved.title.strip(),
            questions=_questions(saved.questions),
            introduction=saved.introduction.strip(),
            thanks=saved.thanks.strip(),
            language=saved.language,
            closes_at=saved.closes_at,
            url=saved.url.strip(),
        )
        await self._surveys.save(survey)
        return survey

    async def delete(self, ask: Ask) -> object:
        """`DELETE /admin/api/surveys/{id}`: with all that was answered; its links end."""
        if ask.path["id"] not in self._surveys.surveys:
            return UNKNOWN
        await self._surveys.delete(ask.path["id"])
        return None

    def _listed(self, survey: Survey, counts: list[Count]) -> dict[str, Any]:
        own = {one.answer: one.n for one in counts if one.survey == survey.id and not one.question}
        return {
            **msgspec.structs.asdict(survey),
            "is_open": survey.is_open(self._clock.now()),
            "counts": {name: own.get(name, 0) for name in ("sent", "opened", "answered")},
        }

    async def _answered(self, survey: Survey, before: int, ask: Ask) -> dict[str, Any]:
        if not ask.sees_private:
            return {"answered": [], "next": None, "is_private": True}
        answered = await self._store.answered(survey.id, before, SHOWN)
        return {
            "answered": answered,
            "next": str(answered[-1].id) if len(answered) == SHOWN else None,
            "is_private": False,
        }

    async def _rows(self, survey: Survey) -> AsyncIterator[bytes]:
        yield csv_line(
            ("umid", "opened_at", "answered_at", *(question.text for question in survey.questions))
        )
        before, written = NEWEST, 0
        while written < CSV_ROWS:
            answered = await self._store.answered(survey.id, before, min(PAGE, CSV_ROWS - written))
            if not answered:
                return
            before, written = answered[-1].id, written + len(answered)
            yield b"".join(csv_line(_csv_row(survey, one)) for one in answered)

    def _flaws(self, identifier: str, saved: SavedSurvey) -> Problem | None:
        known = self._surveys.surveys.get(identifier)
        is_foreign = known is not None and known.subaccount != saved.subaccount
        if problem := flaws(
            id=(
                not _ID.fullmatch(identifier)
                and "A name has 2 to 50 letters, digits, dashes and underscores."
            )
            or (is_foreign and "Another subaccount has a survey of this name. Choose another name."),
            subaccount=saved.subaccount not in self._book.directory().subaccounts
            and "There is no such subaccount.",
            **_flaws_of_words(saved),
            questions=_flaw_of_questions(saved.questions),
        ):
            return problem
        if known is None and len(self._surveys.surveys) >= SURVEYS:
            return Problem(
                status=409, code="too_many", message=f"There are {SURVEYS} already; delete some first."
            )
        return None


def _flaws_of_words(saved: SavedSurvey) -> dict[str, str | bool | None]:
    url = saved.url.strip()
    return {
        "title": not saved.title.strip() and "Give it a title: it stands above the questions.",
        "language": not _LANGUAGE.fullmatch(saved.language)
        and "Write a language as browsers know it, such as en or pt-BR.",
        "closes_at": saved.closes_at is not None
        and saved.closes_at.tzinfo is None
        and "Write the moment with its zone, such as 2026-01-31T12:00:00Z.",
        "url": url and not is_web_url(url) and "Write a whole address, such as https://example.com/answers.",
    }


def _flaw_of_questions(questions: list[SavedQuestion]) -> str:
    """Return what is wrong with the first question that is, nothing when all are fine."""
    if not questions:
        return "Ask at least one question."
    for number, question in enumerate(questions, 1):
        texts = [choice.text.strip() for choice in question.choices]
        if not question.text.strip():
            return f"Question {number} has no words."
        if question.kind == "choice" and (len(texts) < 2 or not all(texts)):
            return f"Question {number} needs at least two answers to choose from."
        if len(set(texts)) < len(texts):
            return f"Question {number} offers the same answer twice."
    return ""


def _questions(saved: list[SavedQuestion]) -> tuple[Question, ...]:
    """Give every question and choice an id: its own, or the lowest number that is free."""
    ids = _ids([question.id for question in saved])
    return tuple(
        Question(
            id=identifier,
            text=question.text.strip(),
            kind=question.kind,
            is_required=question.is_required,
            choices=_choices(question.choices) if question.kind == "choice" else (),
        )
        for identifier, question in zip(ids, saved, strict=True)
    )


def _choices(saved: list[SavedChoice]) -> tuple[Choice, ...]:
    ids = _ids([choice.id for choice in saved])
    return tuple(
        Choice(id=identifier, text=choice.text.strip()) for identifier, choice in zip(ids, saved, strict=True)
    )


def _ids(wanted: list[str]) -> list[str]:
    taken: set[str] = set()
    ids: list[str] = []
    for identifier in wanted:
        own = identifier if identifier and identifier not in taken else ""
        ids.append(own)
        taken.add(own)
    free = (str(number) for number in range(1, 2 * len(wanted) + 2) if str(number) not in taken)
    return [own or next(free) for own in ids]


def _result(question: Question, totals: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Return how often each choice of a question was taken; answers in people's own words are only counted."""
    return {
        "id": question.id,
        "text": question.text,
        "kind": question.kind,
        "answered": sum(n for (identifier, _), n in totals.items() if identifier == question.id),
        "choices": [
            {"id": choice.id, "text": choice.text, "count": totals.get((question.id, choice.id), 0)}
            for choice in question.choices
        ],
    }


def _csv_row(survey: Survey, one: Answered) -> tuple[str, ...]:
    said = {answer.question_id: answer.answer for answer in one.answers}
    moments = (moment.isoformat(timespec="seconds") for moment in (one.opened, one.answered))
    return (one.umid, *moments, *(said.get(question.id, "") for question in survey.questions))
