"""The delivery receipt that 8x8's API posts to a webhook, and its inbound sister (8x8 contract 2.10, 3.2, 3.3)."""

from datetime import datetime
from decimal import Decimal
from typing import assert_never

import msgspec

from tellwire.gateway.contract.delivery_errors import EXPIRED, sentence
from tellwire.gateway.contract.moments import write_moment
from tellwire.kernel.status import FAILURES, MessageStatus, Standing, StatusDetail

_MICRO = 1_000_000
_NUMBER_DIGITS = 8  # a short code has at most seven (8x8 contract 7.1)


class MessageReport(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt of a message: its number, its end and the moment of it, and its price.

    `mcc`, `mnc` and `operator` are the handset's network as far as it is known.
    `carrier_error` is what the carrier wrote where 8x8's table has no code for it; SMPP customers get it as it is.
    `destination` is E.164 digits; `price_micro` is the whole price in millionths of `currency`, 0 for not charged.
    """

    umid: str
    subaccount: str
    source: str
    destination: str
    standing: Standing
    error_code: int
    at: datetime
    parts: int
    batch: str | None = None
    client_id: str | None = None
    client_batch_id: str | None = None
    price_micro: int = 0
    currency: str = ""
    created: datetime | None = None
    mcc: str = ""
    mnc: str = ""
    operator: str = ""
    carrier_error: str = ""


class InboundReport(msgspec.Struct, frozen=True, kw_only=True):
    """A text from a handset; `source` and `destination` are digits, or whatever the network wrote.

    `in_reply_to` is the id that CleverTap gave the message that this answers, where it is one of CleverTap's.
    """

    umid: str
    subaccount: str
    source: str
    destination: str
    body: str
    encoding: str
    parts: int
    at: datetime
    in_reply_to: str | None = None


class WireStatus(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """8x8's status object; the error members are there only when there is an error."""

    state: str
    timestamp: str
    detail: str | None = None
    error_code: int | None = None
    error_message: str | None = None


class WirePrice(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A price as JSON numbers that are exact decimals."""

    total: Decimal
    per_sms: Decimal
    currency: str


class _Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    umid: str
    batch_id: str | None = None
    client_message_id: str | None = None
    client_batch_id: str | None = None
    sub_account_id: str
    source: str
    destination: str
    status: WireStatus
    price: WirePrice | None = None
    sms_count: int


class _Envelope(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    namespace: str
    event_type: str
    description: str
    payload: _Payload


_encode = msgspec.json.Encoder(decimal_format="number").encode


def receipt_body(report: MessageReport) -> bytes:
    """Return the JSON of one status change; members that are not known are left out (8x8 contract, decision 10)."""
    return _encode(
        _Envelope(
            namespace="SMS",
            event_type="outbound_message_status_changed",
            description="SMS outbound message delivery receipt",
            payload=_Payload(
                umid=report.umid,
                batch_id=report.batch,
                client_message_id=report.client_id,
                client_batch_id=report.client_batch_id,
                sub_account_id=report.subaccount,
                source=report.source,
                destination=f"+{report.destination}",
                status=wire_status(report.standing, report.error_code, report.at),
                price=wire_price(report.price_micro, report.parts, report.currency),
                sms_count=report.parts,
            ),
        )
    )


class _InboundPayload(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    umid: str
    sub_account_id: str
    timestamp: str
    source: str
    destination: str
    body: str
    encoding: str
    sms_count: int


def inbound_body(report: InboundReport) -> bytes:
    """Return the JSON of an inbound text (8x8 contract 3.3)."""
    payload = _InboundPayload(
        umid=report.umid,
        sub_account_id=report.subaccount,
        timestamp=write_moment(report.at),
        source=with_plus(report.source),
        destination=with_plus(report.destination),
        body=report.body,
        encoding=report.encoding,
        sms_count=report.parts,
    )
    return _encode(
        {
            "namespace": "SMS",
            "eventType": "inbound_message_received",
            "description": "SMS inbound message",
            "payload": payload,
        }
    )


def with_plus(address: str) -> str:
    """Return an international number with its plus, and a short code or word as it is."""
    is_number = address.isascii() and address.isdecimal() and len(address) >= _NUMBER_DIGITS
    return f"+{address}" if is_number else address


def wire_status(standing: Standing, error_code: int, at: datetime) -> WireStatus:
    """Return the status object; our `expired` is 8x8's `undelivered` with error 36."""
    state, detail = _state(standing)
    if standing.status is MessageStatus.EXPIRED and not error_code:
        error_code = EXPIRED
    has_error = standing.status in FAILURES and error_code != 0
    return WireStatus(
        state=state.value,
        timestamp=write_moment(at),
        detail=None if detail is None else detail.value,
        error_code=error_code if has_error else None,
        error_message=sentence(error_code) if has_error else None,
    )


def _state(standing: Standing) -> tuple[MessageStatus, StatusDetail | None]:
    match standing.status:
        case MessageStatus.EXPIRED:
            return MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT
        case MessageStatus.DELIVERED:
            return standing.status, standing.detail or StatusDetail.DELIVERED_TO_RECIPIENT
        case MessageStatus.UNDELIVERED:
            return standing.status, standing.detail or StatusDetail.UNDELIVERED_TO_RECIPIENT
        case MessageStatus.QUEUED | MessageStatus.SENT | MessageStatus.REJECTED | MessageStatus.READ:
            return standing.status, standing.detail
        case _:
            assert_never(standing.status)


def wire_price(price_micro: int, parts: int, currency: str) -> WirePrice | None:
    """Return the price of a message of `parts` parts, None when it was not charged."""
    if not price_micro:
        return None
    per_part = price_micro // max(parts, 1)
    return WirePrice(total=of_micro(price_micro), per_sms=of_micro(per_part), currency=currency)


def of_micro(amount_micro: int) -> Decimal:
    """Return millionths as an exact decimal without trailing zeros."""
    return (Decimal(amount_micro) / _MICRO).normalize() + 0
