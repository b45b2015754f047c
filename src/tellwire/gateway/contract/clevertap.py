"""CleverTap's callback, into which receipts turn when a message came with `partnerCallbackUrl`.

CleverTap contract 2 and 8x8 contract 8.1(c), whose mapping of error codes is `_FAILURES`.
"""

import msgspec

from tellwire.gateway.contract.delivery_errors import EXPIRED, sentence
from tellwire.gateway.contract.receipts import MessageReport
from tellwire.kernel.status import FAILURES, MessageStatus, Standing, StatusDetail

_FAILURES = {
    **dict.fromkeys((15, 13, 55, 59), "910"),
    **dict.fromkeys((1, 45, 46, 47), "905"),
    21: "912",
    36: "916",
    **dict.fromkeys((43, 60), "902"),
    26: "903",
    8: "901",
    **dict.fromkeys((14, 48, 54), "904"),
}
_UNDELIVERED = "914"
INCOMING_LIMIT = 512


class _Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    ts: int
    meta: str
    code: str | None = None
    description: str | None = None
    to_phone: str | None = msgspec.field(default=None, name="toPhone")
    incoming_text: str | None = msgspec.field(default=None, name="incomingText")
    url: str | None = None
    short_url: str | None = msgspec.field(default=None, name="shortUrl")


class _Group(msgspec.Struct, frozen=True):
    event: str
    data: list[_Item]


def is_reported(standing: Standing) -> bool:
    """Say whether CleverTap's callback has a word for this standing: delivered to the phone, or failed."""
    if standing.status in FAILURES:
        return True
    return (
        standing.status is MessageStatus.DELIVERED
        and standing.detail is not StatusDetail.DELIVERED_TO_OPERATOR
    )


def callback_body(report: MessageReport) -> bytes:
    """Return CleverTap's array with one event of one message.

    `meta` is the message id that CleverTap sent, verbatim. `code` is a string, as CleverTap's own samples have it.
    """
    ts = int(report.at.timestamp())
    meta = report.client_id or report.umid
    if report.standing.status not in FAILURES:
        return _body("delivered", _Item(ts=ts, meta=meta, description="delivered"))
    error_code = report.error_code
    if report.standing.status is MessageStatus.EXPIRED and not error_code:
        error_code = EXPIRED
    code = _FAILURES.get(error_code, _UNDELIVERED)
    return _body("failed", _Item(ts=ts, meta=meta, code=code, description=sentence(error_code)))


def reply_body(*, meta: str, ts: int, to_phone: str, text: str) -> bytes:
    """Return the event of a reply to the message `meta`; CleverTap cuts the text at 512 characters, so do we."""
    return _body("replied", _Item(ts=ts, meta=meta, to_phone=to_phone, incoming_text=text[:INCOMING_LIMIT]))


def click_body(*, meta: str, ts: int, to_phone: str, url: str, short_url: str) -> bytes:
    """Return the event of a click on a link of the message `meta`."""
    return _body("clicked", _Item(ts=ts, meta=meta, to_phone=to_phone, url=url, short_url=short_url))


def _body(event: str, item: _Item) -> bytes:
    return msgspec.json.encode([_Group(event=event, data=[item])])
