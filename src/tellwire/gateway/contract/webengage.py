"""WebEngage's contract for private SMS providers: request, answer and receipt (8x8 contract 8.5)."""

from typing import Any, Final

import msgspec

from tellwire.gateway.contract.errors import (
    ADDRESS_REFUSED,
    BODY_TOO_LARGE,
    NO_CREDIT,
    TEXT_TOO_LONG,
    ApiError,
)
from tellwire.gateway.contract.receipts import MessageReport
from tellwire.kernel.status import FAILURES, MessageStatus, Standing

VERSIONS: Final = ("1.0", "2.0")
_ACCEPTED: Final = b'{"status":"sms_accepted"}'
_EXPIRED: Final = 2008
_UNDELIVERED: Final = 2009
_OTHER: Final = 9988
# Our refusal, or else its code -> (their code, HTTP status); what is in neither is their "other" with our status.
_REFUSALS: Final = {
    TEXT_TOO_LONG: (2007, 413),
    BODY_TOO_LARGE: (2007, 413),
    NO_CREDIT: (2000, 402),
    ADDRESS_REFUSED: (2001, 401),
}
_CODES: Final = {
    1000: (2002, 400),
    1002: (2003, 400),
    1004: (2002, 400),
    1005: (2004, 400),
    1001: (2005, 403),
    1200: (2011, 401),
    429: (2015, 429),
}


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One message in 8x8's words (a body for `read_single`) and WebEngage's id for it."""

    body: bytes
    message_id: str | None


class _SmsData(msgspec.Struct):
    to_number: Any = msgspec.field(default=None, name="toNumber")
    from_number: Any = msgspec.field(default=None, name="fromNumber")
    body: Any = None


class _Metadata(msgspec.Struct):
    message_id: Any = msgspec.field(default=None, name="messageId")


class _Request(msgspec.Struct):
    version: Any = None
    sms_data: _SmsData = msgspec.field(default_factory=_SmsData, name="smsData")
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class Rejection(msgspec.Struct, frozen=True):
    """The answer for a refused message."""

    status: int
    body: bytes


def read_submission(body: bytes) -> Submission | Rejection:
    """Return the message that WebEngage posts, or the refusal of it."""
    try:
        request = msgspec.json.decode(body, type=_Request)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return rejection(2002, 400, "The body is not the JSON of a message")
    if str(request.version) not in VERSIONS:
        return rejection(2010, 400, "This version is not supported", supported_version=VERSIONS[-1])
    data = request.sms_data
    message_id = request.metadata.message_id
    if message_id is not None and (isinstance(message_id, bool) or not isinstance(message_id, str | int)):
        return rejection(2002, 400, "Invalid messageId value")
    return Submission(
        body=msgspec.json.encode(
            {"destination": data.to_number, "source": data.from_number, "text": data.body}
        ),
        message_id=None if message_id is None else str(message_id)[:500],
    )


def accepted() -> bytes:
    """Return the answer to an accepted message."""
    return _ACCEPTED


def rejection_of(error: ApiError) -> Rejection:
    """Return a refusal of ours in WebEngage's words."""
    code, status = _REFUSALS.get(error) or _CODES.get(error.code, (_OTHER, error.status))
    return rejection(code, status, error.message)


def rejection(code: int, status: int, message: str, *, supported_version: str | None = None) -> Rejection:
    """Return a refusal with WebEngage's `code`."""
    answer: dict[str, Any] = {"status": "sms_rejected", "statusCode": code, "message": message}
    if supported_version is not None:
        answer["supportedVersion"] = supported_version
    return Rejection(status, msgspec.json.encode(answer))


def is_reported(standing: Standing) -> bool:
    """Say whether WebEngage hears of this standing: handed to the operator, or failed."""
    return standing.status in FAILURES or standing.status is MessageStatus.SENT


def receipt_body(report: MessageReport) -> bytes:
    """Return the JSON for WebEngage's tracking address."""
    failed = report.standing.status in FAILURES
    code = _EXPIRED if report.standing.status is MessageStatus.EXPIRED else _UNDELIVERED
    return msgspec.json.encode(
        {
            "version": "1.0",
            "messageId": report.client_id or report.umid,
            "toNumber": report.destination,
            "status": "sms_failed" if failed else "sms_sent",
            "statusCode": code if failed else 0,
            "smsCount": report.parts,
        }
    )
