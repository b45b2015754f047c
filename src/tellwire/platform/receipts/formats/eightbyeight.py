"""8x8's webhook envelope: delivery receipts, texts from handsets and link clicks of SMS (8x8 contract 3.2 to 3.4).

The message is ours by `clientMessageId`, where the `$$MessageID` travelled. Reading is liberal, for samples of the
vendor itself misspell details and send nulls (8x8 contract 2.10, 12).
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.provider.values import id_of, moment_of, moment_of_iso, text_of
from tellwire.kernel.status import MessageStatus, Receipt, Standing, StatusDetail
from tellwire.platform.receipts.words import (
    INCOMING_LIMIT,
    NAME_LIMIT,
    URL_LIMIT,
    Click,
    Foreign,
    InboundText,
    Incomplete,
    Word,
)

_TO_OPERATOR: Final = StatusDetail.DELIVERED_TO_OPERATOR
_STATES: Final[Mapping[str, MessageStatus]] = MappingProxyType(
    {
        "queued": MessageStatus.QUEUED,
        "accepted": MessageStatus.QUEUED,
        "sent": MessageStatus.SENT,
        "delivered": MessageStatus.DELIVERED,
        "undelivered": MessageStatus.UNDELIVERED,
        "failed": MessageStatus.UNDELIVERED,
        "rejected": MessageStatus.REJECTED,
        "expired": MessageStatus.EXPIRED,
        "read": MessageStatus.READ,
    }
)
_DETAILS: Final[Mapping[str, StatusDetail]] = MappingProxyType(
    {
        **{detail.value: detail for detail in StatusDetail},
        "delivered_to_carrier": _TO_OPERATOR,  # a vendor sample
        "rejected_by_carrier": StatusDetail.REJECTED_BY_OPERATOR,
    }
)
# Details that say nothing about a state are not kept with it.
_FITTING: Final[Mapping[MessageStatus, frozenset[StatusDetail]]] = MappingProxyType(
    {
        MessageStatus.DELIVERED: frozenset({_TO_OPERATOR, StatusDetail.DELIVERED_TO_RECIPIENT}),
        MessageStatus.UNDELIVERED: frozenset(
            {StatusDetail.REJECTED_BY_OPERATOR, StatusDetail.UNDELIVERED_TO_RECIPIENT}
        ),
    }
)
_EXPIRED_CODE: Final = "36"  # 8x8 contract 2.11: an expired message is reported as undelivered


def is_envelope(item: Mapping[str, Any]) -> bool:
    """Say whether a callback's object is 8x8's."""
    return "payload" in item or "eventType" in item or "namespace" in item


def read_envelope(envelope: Mapping[str, Any], now: datetime) -> Word:
    """Return what one envelope tells; `now` stands in for a time stamp that cannot be read.

    Types that tell nothing about a message of ours (surveys) are `Foreign`.
    """
    payload, kind = envelope.get("payload"), text_of(envelope.get("eventType")).casefold()
    if not kind:
        return Incomplete(("eventType",))
    if kind not in {"outbound_message_status_changed", "short_url_clicked", "inbound_message_received"}:
        return Foreign()
    if not isinstance(payload, dict):
        return Incomplete(("payload",))
    if kind == "inbound_message_received":
        return _inbound(payload, now)
    message_id = id_of(payload.get("clientMessageId"))
    if kind == "short_url_clicked":
        return _click(message_id, payload, now)
    return _receipt(message_id, payload.get("status"), now)


def standing_of(status: Mapping[str, Any]) -> Standing | None:
    """Return the point of the lattice that 8x8's status object names, or None if it names no state we know."""
    state = _STATES.get(text_of(status.get("state")).casefold())
    if state is None:
        return None
    detail = _DETAILS.get(text_of(status.get("detail")).casefold().replace(" ", "_").replace("-", "_"))
    if state is MessageStatus.UNDELIVERED and text_of(status.get("errorCode")) == _EXPIRED_CODE:
        return Standing(MessageStatus.EXPIRED)
    return Standing(state, detail if detail in _FITTING.get(state, ()) else None)


def _receipt(message_id: str, status: Any, now: datetime) -> Word:
    if not isinstance(status, dict):
        return Incomplete(("status",))
    standing = standing_of(status)
    if standing is None:
        return Incomplete(("status.state",))
    if not message_id:  # sent by somebody else through the same subaccount
        return Foreign()
    code = text_of(status.get("errorCode"), 16)
    return Receipt(
        message_id=message_id,
        standing=standing,
        at=_moment(status.get("timestamp")) or now,
        error_code="" if code == "0" else code,
        description=text_of(status.get("errorMessage")),
    )


def _inbound(payload: Mapping[str, Any], now: datetime) -> Word:
    text, source = text_of(payload.get("body"), INCOMING_LIMIT), text_of(payload.get("source"))
    sender = parse_msisdn(source)
    if sender is None or not text:  # a short code, a name, another channel's user: nobody's number
        return Foreign()
    at = _moment(payload.get("timestamp")) or now
    to = text_of(payload.get("destination"), NAME_LIMIT)
    return InboundText(sender=sender, text_id=id_of(payload.get("umid")), at=at, text=text, to=to)


def _click(message_id: str, payload: Mapping[str, Any], now: datetime) -> Word:
    url, short = (text_of(payload.get(key), URL_LIMIT) for key in ("targetUrl", "shortUrl"))
    if not message_id or not (url or short):
        return Foreign()
    at = _moment(payload.get("occurredAt")) or now
    return Click(message_id=message_id, at=at, url=url or short, short_url=short)


def _moment(value: Any) -> datetime | None:
    return moment_of_iso(value) or moment_of(value)
