"""Reads what a browser submits from a survey's form. Pure.

Fields are `q-<question id>`; a choice's value is its id. Anything else in the form is ignored.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl

import msgspec

from tellwire.gateway.contract.drafts import Variable
from tellwire.gateway.contract.surveys import Answer
from tellwire.gateway.surveys.survey import WORDS_LIMIT, Question, Survey

FIELDS_LIMIT: Final = 100
_PLACE: Final = re.compile(r"\{\{([^{}]*)\}\}")

FlawKind: TypeAlias = Literal["missing", "too long"]
Fields: TypeAlias = Mapping[str, str]


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it came: the answers, and what is wrong by question id; nothing may be kept while anything is."""

    answers: list[Answer]
    flaws: dict[str, FlawKind]


def field_of(question: Question) -> str:
    """Return the name of a question's field."""
    return f"q-{question.id}"


def read_form(body: bytes) -> Fields:
    """Return the fields of an `application/x-www-form-urlencoded` body, the last of each name; none when too many."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT
        )
    except ValueError:
        return {}
    return {name: value.replace("\r\n", "\n").replace("\0", "").strip() for name, value in pairs}


def read_answers(survey: Survey, fields: Fields, shown: Mapping[str, str]) -> Submitted:
    """Return what was answered; a question without an answer that needs none is left out."""
    answers: list[Answer] = []
    flaws: dict[str, FlawKind] = {}
    for question in survey.questions:
        value = fields.get(field_of(question), "")
        answer = _answer(question, value, shown)
        if answer is None and question.is_required:
            flaws[question.id] = "missing"
        elif answer is not None and len(answer.answer) > WORDS_LIMIT:
            flaws[question.id] = "too long"
        elif answer is not None:
            answers.append(answer)
    return Submitted(answers=answers, flaws=flaws)


def shown_values(variables: Iterable[Variable]) -> dict[str, str]:
    """Return the values that a form may show, by name."""
    return {one.name: one.value for one in variables if one.is_shown}


def filled(text: str, shown: Mapping[str, str]) -> str:
    """Return a text of a survey with the values that its link gave it, and nothing where it gave none."""
    return _PLACE.sub(lambda place: shown.get(place[1].strip(), ""), text)


def _answer(question: Question, value: str, shown: Mapping[str, str]) -> Answer | None:
    if question.kind == "choice":
        choice = next((choice for choice in question.choices if choice.id == value), None)
        answer_id, answer = (None, "") if choice is None else (choice.id, choice.text)
    else:
        answer_id, answer = None, value
    if not answer:
        return None
    return Answer(
        question_id=question.id, answer_id=answer_id, question=filled(question.text, shown), answer=answer
    )
