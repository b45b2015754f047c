"""The error object that every answer with a status of 400 or more carries (8x8 contract 1.1, 1.2)."""

from datetime import datetime

import msgspec

from tellwire.gateway.contract.moments import write_moment


class ApiError(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal: the HTTP `status`, 8x8's `code`, a sentence, and when to come back if that helps."""

    status: int
    code: int
    message: str
    retry_after_s: int | None = None


UNAUTHENTICATED = ApiError(status=401, code=1200, message="Request was not authenticated properly")
FOREIGN_SUBACCOUNT = ApiError(
    # 8x8's own grammar: clients compare it.
    status=400,
    code=1001,
    message="Provided subAccountId doesn't belongs to your account",
)
FOREIGN_ACCOUNT = ApiError(status=400, code=1001, message="Provided accountId doesn't belong to your API key")
MALFORMED = ApiError(status=400, code=1000, message="The body is not a JSON document of the expected shape")
INVALID_UMID = ApiError(status=400, code=1000, message="Invalid umid.")
MESSAGE_NOT_FOUND = ApiError(status=404, code=1300, message="Message not found.")
NOT_FOUND = ApiError(status=404, code=1300, message="Object wasn't found or is already expired")
METHOD_NOT_ALLOWED = ApiError(status=405, code=1000, message="This method is not offered here")
INVALID_JOB = ApiError(status=404, code=4018, message="Invalid jobId")
NO_MESSAGES = ApiError(status=400, code=3012, message="Messages are missing")
TOO_MANY_MESSAGES = ApiError(
    status=400, code=3013, message="Too many messages: one request takes at most 10000"
)
BODY_TOO_LARGE = ApiError(status=413, code=1100, message="The body is larger than this server takes")
ADDRESS_REFUSED = ApiError(status=403, code=1201, message="Calls from this address are not allowed")
NOT_PREPAID = ApiError(status=403, code=1201, message="Account not in prepaid mode")
NO_CREDIT = ApiError(status=403, code=1201, message="The prepaid balance does not cover this request")
NO_ROUTE = ApiError(status=400, code=1002, message="There is no route to this destination")
SENDER_REFUSED = ApiError(
    status=400, code=1005, message="Invalid Source value. It may not send to this destination"
)
TEXT_TOO_LONG = ApiError(status=400, code=1004, message="Invalid Text value. Reached max allowed limit")
INTERNAL = ApiError(status=500, code=2000, message="Internal server error")
STORE_FULL = ApiError(
    status=503,
    code=2000,
    message="The gateway cannot store messages at the moment; nothing of this request was accepted",
    retry_after_s=5,
)


def invalid(code: int, message: str) -> ApiError:
    """Return the refusal of a value that cannot be used, with the code of its member (8x8 contract 1.2)."""
    return ApiError(status=400, code=code, message=message)


def quota_exceeded(retry_after_s: int) -> ApiError:
    """Return the refusal of a caller that is too fast, with 8x8's wording."""
    return ApiError(
        status=429,
        code=429,
        message=f"Quota exceeded. Please try again in {retry_after_s} second(s).",
        retry_after_s=retry_after_s,
    )


class _Body(msgspec.Struct, rename="camel"):
    code: int
    message: str
    error_id: str
    timestamp: str


def error_body(error: ApiError, error_id: str, now: datetime) -> bytes:
    """Return the JSON of an error; `error_id` is a UUID that the caller made for this one answer."""
    return msgspec.json.encode(
        _Body(code=error.code, message=error.message, error_id=error_id, timestamp=write_moment(now))
    )
