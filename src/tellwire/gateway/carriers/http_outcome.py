"""What an HTTP carrier's answer means for its message: the one table of `kernel/verdict`, in 8x8's error codes. Pure.

A 2xx answer takes the message only if it says what the carrier's description says that it says. An answer about our
key or account is no word on the message: `refusals_to_hold` says when it holds the carrier.
"""

from typing import Any, Final

import msgspec

from tellwire.gateway.contract.delivery_errors import DENIED, SMSC_ERROR, SMSC_REJECT, TEMPORARY, TIME_OUT
from tellwire.kernel import verdict
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.http.client import HttpAnswer

# 401 and 407 are about our key and nothing else. 402 (no credit) and 403 are so as well when nothing is accepted
# between them, but some providers refuse a single message with 403: one alone only puts that message off.
_REFUSALS_TO_HOLD: Final = {401: 1, 407: 1, 402: 5, 403: 5}
_CODES: Final = {408: TIME_OUT, 504: TIME_OUT, 425: TEMPORARY, 429: TEMPORARY, 503: TEMPORARY}


def refusals_to_hold(status: int) -> int | None:
    """Return how many such answers in a row say that our key or account is refused; None for any other answer."""
    return _REFUSALS_TO_HOLD.get(status)


def outcome_of(answer: HttpAnswer, accepted_if: dict[str, str], answer_id: str) -> Outcome:
    """Return what an answer means; `accepted_if` and `answer_id` are those of `HttpCarrierConfig`."""
    if answer.status in _REFUSALS_TO_HOLD:
        return Deferred(f"the provider answered {answer.status}: it refuses our key or account", str(DENIED))
    outcome = verdict.outcome_of(answer.status, answer.headers.get("Retry-After", ""))
    match outcome:
        case Accepted():
            return _read_accepted(answer.body, accepted_if, answer_id)
        case Refused():
            return Refused(outcome.reason, str(SMSC_REJECT))
        case Deferred():
            return Deferred(outcome.reason, _code(answer.status), outcome.retry_after_s)
        case Unresolved():
            return Unresolved(outcome.reason, _code(answer.status))


def at(value: Any, path: str) -> Any:
    """Return what stands at a dotted path of names and list positions, None when nothing does."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def read_json(body: bytes) -> Any:
    """Return the JSON value of a body, None when it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def _read_accepted(body: bytes, accepted_if: dict[str, str], answer_id: str) -> Outcome:
    value = read_json(body)
    for path, wanted in accepted_if.items():
        if str(at(value, path)) != wanted:
            return Refused(f"the provider's answer does not say {path} = {wanted}", str(SMSC_REJECT))
    if not answer_id:
        return Accepted()
    reference = at(value, answer_id)
    # Providers refuse in the body of a 200, too; and without its id no receipt would ever find the message.
    if reference is None or reference == "" or isinstance(reference, (dict, list, bool)):
        return Refused(f"the provider's answer has no id at {answer_id}", str(SMSC_REJECT))
    return Accepted(str(reference))


def _code(status: int) -> str:
    return str(_CODES.get(status, SMSC_ERROR))
