"""From an HTTP carrier's answer to an outcome: `kernel/provider/answer`, in 8x8's error codes. Pure.

An answer about our key or account says nothing about the message: `refusals_to_hold` says when it holds the carrier.
"""

from typing import Final, assert_never

from tellwire.gateway.contract.delivery_errors import DENIED, SMSC_ERROR, SMSC_REJECT, TEMPORARY, TIME_OUT
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.http.message import HttpAnswer
from tellwire.kernel.provider.answer import AnswerFormat, read_answer

# 401 and 407 are about our key and nothing else. 402 (no credit) and 403 are so as well when nothing is accepted
# between them, but some providers refuse a single message with 403: one alone only puts that message off.
_REFUSALS_TO_HOLD: Final = {401: 1, 407: 1, 402: 5, 403: 5}
_CODES: Final = {408: TIME_OUT, 504: TIME_OUT, 425: TEMPORARY, 429: TEMPORARY, 503: TEMPORARY}


def refusals_to_hold(status: int) -> int | None:
    """Return how many such answers in a row say that our key or account is refused; None for any other answer."""
    return _REFUSALS_TO_HOLD.get(status)


def outcome_of(answer: HttpAnswer, form: AnswerFormat) -> Outcome:
    """Return what an answer means."""
    if answer.status in _REFUSALS_TO_HOLD:
        return Deferred(f"the provider answered {answer.status}: it refuses our key or account", str(DENIED))
    outcome = read_answer(form, answer)
    match outcome:
        case Accepted():
            return outcome
        case Refused():
            return Refused(outcome.reason, str(SMSC_REJECT))
        case Deferred():
            return Deferred(outcome.reason, _code(answer.status), outcome.retry_after_s)
        case Unresolved():
            return Unresolved(outcome.reason, _code(answer.status))
        case _:
            assert_never(outcome)


def _code(status: int) -> str:
    return str(_CODES.get(status, SMSC_ERROR))
