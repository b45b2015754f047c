"""Surveys' definitions, answers and counts in the store; sent links are counted by `store.links`."""

from datetime import datetime
from typing import Final

import apsw
import msgspec

from tellwire.gateway.contract.surveys import Answer
from tellwire.gateway.model.link import Happening
from tellwire.gateway.store.happenings import tell
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.gateway.surveys.survey import Survey
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.sqlite import Database

PAGE: Final = 1_000  # answered forms in one read
DELETE_LIMIT: Final = 500  # in one transaction: some 5 ms


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of one form, and the post about them; `happening` is None when their message is gone."""

    slug: str
    survey: str
    umid: str
    opened_ms: int
    answered_ms: int
    answers: list[Answer]
    happening: Happening | None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an answer was the link's first and is kept, and the callback lanes that have something new."""

    is_first: bool
    lanes: frozenset[str] = frozenset()


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """One answered form; `id` orders them."""

    id: int
    umid: str
    opened: datetime
    answered: datetime
    answers: list[Answer]


class Count(msgspec.Struct, frozen=True, array_like=True):
    """How often an answer was given; without a question, how many links were `sent`, `opened`, `answered`."""

    survey: str
    question: str
    answer: str
    n: int


class _Row(msgspec.Struct, frozen=True, array_like=True):
    id: int
    umid: str
    opened_ms: int
    answered_ms: int
    answers: list[Answer]


class SurveyStore:
    """The surveys on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[Survey]:
        """Return all surveys."""
        return await self._database.read(_load)

    async def save(self, survey: Survey) -> None:
        """Create or replace a survey."""
        await self._database.write(_save, survey)

    async def delete(self, survey: str) -> bool:
        """Delete a survey and some of its answers; True when there may be more of them to delete."""
        return await self._database.write(_delete, survey)

    async def open(self, slug: str, survey: str, now: datetime) -> None:
        """Note that a form was opened; the first time counts."""
        await self._database.write(_open, (slug, survey, to_ms(now)))

    async def submit(self, submission: Submission) -> Kept:
        """Keep an answered form and queue its callback, unless its link was answered before."""
        return await self._database.write(_submit, submission)

    async def counts(self, survey: str | None = None) -> list[Count]:
        """Return the counts of one survey, or (None) how many links of every survey were sent, opened, answered."""
        return await self._database.read(_counts, survey)

    async def answered(self, survey: str, before: int, limit: int) -> list[Answered]:
        """Return the newest answered forms with an id below `before`, at most `limit` and never more than `PAGE`."""
        rows = await self._database.read(_answered, survey, before, min(limit, PAGE))
        return [
            Answered(
                id=row.id,
                umid=row.umid,
                opened=from_ms(row.opened_ms),
                answered=from_ms(row.answered_ms),
                answers=row.answers,
            )
            for row in rows
        ]

    async def forget(self, before: datetime) -> Step:
        """Drop some of what was answered before a moment; how often each answer was given stays."""
        return await self._database.write(_forget, to_ms(before))


_LOAD: Final = "SELECT json_group_array(json(value) ORDER BY key) FROM document WHERE kind = 'survey'"
_SAVE: Final = "INSERT OR REPLACE INTO document (kind, key, value) VALUES ('survey', ?, ?)"
_DROP: Final = "DELETE FROM document WHERE kind = 'survey' AND key = ?"
_DROP_COUNTS: Final = "DELETE FROM survey_count WHERE survey = ?"
_DROP_ANSWERS: Final = """
DELETE FROM survey_answer WHERE id IN (SELECT id FROM survey_answer WHERE survey = ? ORDER BY id LIMIT ?)
"""
_FORGET: Final = """
DELETE FROM survey_answer WHERE id IN (
  SELECT id FROM (SELECT id, answered_ms FROM survey_answer ORDER BY id LIMIT ?2) WHERE answered_ms < ?1)
"""
_OPEN: Final = "UPDATE link SET opened_ms = ? WHERE slug = ? AND opened_ms IS NULL RETURNING 1"
_CLOSE: Final = """
UPDATE link SET answered_ms = ? WHERE slug = ? AND survey = ? AND answered_ms IS NULL RETURNING 1
"""
_KEEP: Final = """
INSERT INTO survey_answer (survey, umid, opened_ms, answered_ms, answers) VALUES (?, ?, ?, ?, ?)
"""
_COUNT: Final = """
INSERT INTO survey_count (survey, question, answer, n) SELECT ?1, value->>0, value->>1, 1 FROM json_each(?2) WHERE true
ON CONFLICT DO UPDATE SET n = n + 1
"""
_COUNTS: Final = """
SELECT json_group_array(json_array(survey, question, answer, n)) FROM survey_count
WHERE (?1 IS NULL AND question = '') OR survey = ?1
"""
_ANSWERED: Final = """
SELECT json_group_array(json_array(id, umid, opened_ms, answered_ms, json(answers)) ORDER BY id DESC)
FROM (SELECT * FROM survey_answer WHERE survey = ? AND id < ? ORDER BY id DESC LIMIT ?)
"""


def _load(connection: apsw.Connection) -> list[Survey]:
    return read_rows(connection, _LOAD, (), Survey)


def _save(connection: apsw.Connection, surveys: list[Survey]) -> list[None]:
    for survey in surveys:
        connection.execute(_SAVE, (survey.id, msgspec.json.encode(survey).decode()))
    return [None] * len(surveys)


def _delete(connection: apsw.Connection, surveys: list[str]) -> list[bool]:
    return [_delete_one(connection, survey) for survey in surveys]


def _delete_one(connection: apsw.Connection, survey: str) -> bool:
    connection.execute(_DROP, (survey,))
    connection.execute(_DROP_COUNTS, (survey,))
    connection.execute(_DROP_ANSWERS, (survey, DELETE_LIMIT))
    return connection.changes() == DELETE_LIMIT


def _forget(connection: apsw.Connection, moments_ms: list[int]) -> list[Step]:
    return [_forget_some(connection, before_ms) for before_ms in moments_ms]


def _forget_some(connection: apsw.Connection, before_ms: int) -> Step:
    connection.execute(_FORGET, (before_ms, DELETE_LIMIT))
    gone = connection.changes()
    return Step(rows={"survey_answer": gone}, resume=0 if gone == DELETE_LIMIT else None)


def _open(connection: apsw.Connection, opened: list[tuple[str, str, int]]) -> list[None]:
    for slug, survey, now_ms in opened:
        if connection.execute(_OPEN, (now_ms, slug)).get is not None:
            connection.execute(_COUNT, (survey, as_json([("", "opened")])))
    return [None] * len(opened)


def _submit(connection: apsw.Connection, submissions: list[Submission]) -> list[Kept]:
    return [_submit_one(connection, submission) for submission in submissions]


def _submit_one(connection: apsw.Connection, submission: Submission) -> Kept:
    survey = submission.survey
    _open(connection, [(submission.slug, survey, submission.opened_ms)])  # who answers has opened it
    if connection.execute(_CLOSE, (submission.answered_ms, submission.slug, survey)).get is None:
        return Kept(is_first=False)
    answers = msgspec.json.encode(submission.answers).decode()
    row = (survey, submission.umid, submission.opened_ms, submission.answered_ms, answers)
    connection.execute(_KEEP, row)
    counted = [("", "answered"), *((one.question_id, one.answer_id or "") for one in submission.answers)]
    connection.execute(_COUNT, (survey, as_json(counted)))
    happening = submission.happening
    return Kept(is_first=True, lanes=frozenset() if happening is None else tell(connection, happening))


def _counts(connection: apsw.Connection, survey: str | None) -> list[Count]:
    return read_rows(connection, _COUNTS, (survey,), Count)


def _answered(connection: apsw.Connection, survey: str, before: int, limit: int) -> list[_Row]:
    return read_rows(connection, _ANSWERED, (survey, before, limit), _Row)
