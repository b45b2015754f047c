"""From a provider's answer to an outcome: `kernel/verdict` by the status, then the words of its body. Pure.

Providers refuse in the body of a 200, too, and without its id no receipt by their own id finds the message: an answer
that should say so and does not is a refusal.
"""

import re
from datetime import datetime
from typing import Any, Final

import msgspec

from tellwire.kernel import verdict
from tellwire.kernel.failure import Accepted, Outcome, Refused
from tellwire.kernel.http.message import HttpAnswer
from tellwire.kernel.provider.path import Path, at
from tellwire.kernel.provider.values import id_of, read_json, spellings_of

REFERENCE_LIMIT: Final = 1024  # characters of a provider's own id; theirs are a tenth of it
_SEARCHED: Final = 4096  # characters in which a text pattern is looked for


class SuccessRule(msgspec.Struct, frozen=True, kw_only=True):
    """When an answer means that the message was taken: all that is given here has to hold.

    `status` empty stands for every 2xx; what is named there counts as success whatever it usually means.
    """

    status: tuple[int, ...] = ()
    equals: tuple[tuple[Path, str], ...] = ()
    pattern: re.Pattern[str] | None = None


class AnswerFormat(msgspec.Struct, frozen=True, kw_only=True):
    """How a provider's answer is read; `id` None: it gives no id of its own, or nobody needs it."""

    success: SuccessRule = SuccessRule()
    id: Path | None = None


BY_STATUS: Final = AnswerFormat()  # the body is not read


def read_answer(form: AnswerFormat, answer: HttpAnswer, now: datetime | None = None) -> Outcome:
    """Return what an answer means; `now` turns a Retry-After that is a date into seconds."""
    outcome = verdict.outcome_of(answer.status, answer.headers.get("Retry-After", ""), now)
    success = form.success.status
    if answer.status in success or (not success and isinstance(outcome, Accepted)):
        return _read_body(form, answer.body)
    if isinstance(outcome, Accepted):
        return Refused(f"the provider answered {answer.status}, which is not its success", str(answer.status))
    return outcome


def _read_body(form: AnswerFormat, body: bytes) -> Outcome:
    if form == BY_STATUS:
        return Accepted()
    value, rule = read_json(body), form.success
    for path, wanted in rule.equals:
        if wanted not in spellings_of(at(value, path)):
            return Refused(f"the provider's answer does not say {path.text} = {wanted}")
    if rule.pattern is not None and rule.pattern.search(_text_of(body)) is None:
        return Refused(f"the provider's answer does not say {rule.pattern.pattern}")
    return Accepted() if form.id is None else _read_id(form.id, value)


def _read_id(path: Path, value: Any) -> Outcome:
    reference = id_of(at(value, path), REFERENCE_LIMIT)
    return Accepted(reference) if reference else Refused(f"the provider's answer has no id at {path.text}")


def _text_of(body: bytes) -> str:
    return body[: 4 * _SEARCHED].decode(errors="replace")[:_SEARCHED]
