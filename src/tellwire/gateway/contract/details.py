"""Message details and the export's CSV (8x8 contract 2.6, 2.7)."""

from collections.abc import Iterable
from csv import writer
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Final

import msgspec

from tellwire.gateway.contract.delivery_errors import sentence
from tellwire.gateway.contract.moments import write_moment
from tellwire.gateway.contract.receipts import (
    InboundReport,
    MessageReport,
    WirePrice,
    WireStatus,
    of_micro,
    wire_status,
)
from tellwire.kernel.address import msisdn_of_digits

MASKED_BODY: Final = "**MASKED**"
_MASKED_DIGITS: Final = 4
_SHORT_CODE_DIGITS: Final = 6
_NUMBER_DIGITS: Final = 15
_OUTBOUND: Final = "1"
_INBOUND: Final = "0"
_RECEIVED: Final = (
    "ok"  # of the words that only details know, the one for a text that came (8x8 contract 2.6)
)


class _Details(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    umid: str
    sub_account_id: str
    direction: str
    source: str
    msisdn: str
    status: WireStatus
    body: str
    encoding: str
    sms_count: int
    price: WirePrice
    created_at: str
    country: str | None = None
    client_message_id: str | None = None
    client_batch_id: str | None = None
    batch_id: str | None = None


_encode = msgspec.json.Encoder(decimal_format="number").encode


def details_body(report: MessageReport, encoding: str, created: datetime) -> bytes:
    """Return the JSON of a message's details: the text is never shown, nor the number's last four digits."""
    return _encode(
        _Details(
            umid=report.umid,
            sub_account_id=report.subaccount,
            direction="outbound",
            source=report.source,
            msisdn=masked(report.destination),
            status=wire_status(report.standing, report.error_code, report.at),
            body=MASKED_BODY,
            encoding=encoding,
            sms_count=report.parts,
            price=_price(report),
            created_at=write_moment(created),
            country=country_of(report.destination),
            client_message_id=report.client_id,
            client_batch_id=report.client_batch_id,
            batch_id=report.batch,
        )
    )


def inbound_details_body(report: InboundReport, currency: str) -> bytes:
    """Return the JSON of a text from a handset: `msisdn` is the handset's number and `source` ours, as outbound."""
    return _encode(
        _Details(
            umid=report.umid,
            sub_account_id=report.subaccount,
            direction="inbound",
            source=report.destination,
            msisdn=masked(report.source) if _is_number(report.source) else report.source,
            status=_received(report),
            body=MASKED_BODY,
            encoding=report.encoding,
            sms_count=report.parts,
            price=_no_price(currency),
            created_at=write_moment(report.at),
            country=country_of(report.source),
        )
    )


def _received(report: InboundReport) -> WireStatus:
    return WireStatus(state=_RECEIVED, timestamp=write_moment(report.at))


def _no_price(currency: str) -> WirePrice:
    return WirePrice(total=of_micro(0), per_sms=of_micro(0), currency=currency)


def _is_number(address: str) -> bool:
    return address.isdecimal() and _SHORT_CODE_DIGITS < len(address) <= _NUMBER_DIGITS


def masked(digits: str) -> str:
    """Return an E.164 number with its last four digits written as `x`; empty for an erased one."""
    return f"+{digits[:-_MASKED_DIGITS]}{'x' * _MASKED_DIGITS}" if digits else ""


def country_of(digits: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a number's country; None when it has none, was erased or is no number."""
    return msisdn_of_digits(digits).country if _is_number(digits) else None


def _price(report: MessageReport) -> WirePrice:
    return WirePrice(
        total=of_micro(report.price_micro),
        per_sms=of_micro(report.price_micro // max(report.parts, 1)),
        currency=report.currency,
    )


CSV_COLUMNS: Final = (
    "umid", "subaccountid", "direction", "country", "operator", "mcc", "mnc", "status_value", "status_details",
    "status_errorcode", "status_errormessage", "status_timestamp", "msisdn", "source", "encoding", "createdat",
    "smscount", "price_currency", "price_persms", "price_total", "clientmessageid", "clientbatchid", "batchid",
    "body",
)  # fmt: skip


def csv_head() -> str:
    """Return the first line of an export."""
    return _csv([CSV_COLUMNS])


def csv_lines(records: Iterable[tuple[MessageReport, str, datetime]]) -> str:
    """Return one line a message (with its encoding and acceptance); the text is not exported."""
    return _csv(_csv_row(report, encoding, created) for report, encoding, created in records)


def inbound_csv_lines(records: Iterable[tuple[InboundReport, str]]) -> str:
    """Return one line a text from a handset (with its account's currency)."""
    return _csv(_inbound_csv_row(report, currency) for report, currency in records)


def _inbound_csv_row(report: InboundReport, currency: str) -> tuple[object, ...]:
    price, at = _no_price(currency), write_moment(report.at)
    return (
        report.umid, report.subaccount, _INBOUND, country_of(report.source) or "", "", "", "",
        _RECEIVED, "", "", "", at,
        f"+{report.source}" if _is_number(report.source) else report.source, report.destination,
        report.encoding, at, report.parts, price.currency, _plain(price.per_sms), _plain(price.total),
        "", "", "", MASKED_BODY,
    )  # fmt: skip


def _csv_row(report: MessageReport, encoding: str, created: datetime) -> tuple[object, ...]:
    status = wire_status(report.standing, report.error_code, report.at)
    price = _price(report)
    return (
        report.umid, report.subaccount, _OUTBOUND, country_of(report.destination) or "",
        report.operator, report.mcc, report.mnc,
        status.state, status.detail or "", status.error_code or "",
        sentence(status.error_code) if status.error_code else "", status.timestamp,
        f"+{report.destination}" if report.destination else "", report.source, encoding, write_moment(created),
        report.parts, price.currency, _plain(price.per_sms), _plain(price.total),
        report.client_id or "", report.client_batch_id or "", report.batch or "", MASKED_BODY,
    )  # fmt: skip


def _plain(amount: Decimal) -> str:
    return f"{amount:f}"


def _csv(rows: Iterable[Iterable[object]]) -> str:
    text = StringIO()
    writer(text, lineterminator="\r\n").writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue()


def _harmless(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe; a number's own plus stays."""
    if isinstance(value, str) and value[:1] in {"=", "@", "-", "\t", "\r"}:
        return f"'{value}"
    return value
