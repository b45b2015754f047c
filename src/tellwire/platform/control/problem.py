"""What the API answers when it cannot do what was asked, in one shape: `{"error": {code, message, fields}}`.

`code` is a short stable word, `message` a sentence with what to do, `fields` says why by the path of each field
(`headers[0].value`).
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from tellwire.kernel.telemetry import log
from tellwire.platform.control.flaws import flaws_in, mistake_in, with_words


class Problem(Exception):
    """An expected refusal, raised by a handler."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})


def not_found(what: str) -> Problem:
    """Return the answer for a thing that is not there; `what` is a noun phrase."""
    return Problem(404, "not_found", f"There is no {what}. Reload the list: it may have gone.")


def invalid(fields: Mapping[str, str], message: str = "") -> Problem:
    """Return the answer for fields that must be mended first."""
    return Problem(422, "invalid", message or "Please mend the fields named here.", fields)


def body_of(code: str, message: str, fields: Mapping[str, str] | None = None) -> bytes:
    """Return the JSON of a problem."""
    return msgspec.json.encode({"error": {"code": code, "message": message, "fields": fields or {}}})


def answer_problem(_request: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    """Write a problem that a handler raised."""
    return _answer(
        problem.status, body_of(problem.code, problem.message, problem.fields), headers=problem.headers
    )


def answer_framework(request: Request[Any, Any, Any], problem: HTTPException) -> Response[bytes]:
    """Write what the framework refused: paths, methods, bodies that are not what the endpoint takes."""
    code = _CODES.get(problem.status_code, "refused")
    if isinstance(problem, ValidationException):
        handler = request.scope["route_handler"].fn
        fields = with_words(_fields(problem), handler) | flaws_in(request.scope, handler)
        return _answer(400, body_of("invalid", "The request is not what this endpoint takes.", fields))
    if problem.status_code == 400 and (mistake := mistake_in(request.scope)):
        return _answer(400, body_of(code, f"The body is not JSON: {mistake}."))
    message = _MESSAGES.get(problem.status_code, problem.detail)
    return _answer(problem.status_code, body_of(code, message), headers=problem.headers)


def answer_bug(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Write what nobody expected; the log has its place, the answer has not."""
    if isinstance(error, RecursionError):  # a body of brackets, which the decoder gives up on
        return _answer(400, body_of("malformed", "The body nests too deeply."))
    if isinstance(error, UnicodeDecodeError):  # the framework catches only what the decoder calls its own
        return _answer(400, body_of("malformed", "The body has to be UTF-8."))
    log("request.failed", "error", error=error)
    return _answer(500, body_of("failed", _MESSAGES[500]))


_CODES: Final = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_MESSAGES: Final = {
    404: "There is nothing at this address. /api/docs lists what there is.",
    405: "This address does not take that method. /api/docs lists what it takes.",
    413: "The request's body is too long.",
    500: "Something went wrong on our side; the log has the place. Trying again may help.",
}


def _fields(problem: ValidationException) -> dict[str, str]:
    extra = problem.extra if isinstance(problem.extra, list) else []
    return {str(item.get("key") or "body"): str(item.get("message", "")) for item in extra}


def _answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    return Response(body, status_code=status, media_type="application/json", headers=dict(headers or {}))
