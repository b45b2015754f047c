"""The forms in which receipts are posted, and which standings each has a word for."""

from typing import assert_never

from tellwire.gateway.contract import clevertap, webengage
from tellwire.gateway.contract.drafts import CallbackStyle
from tellwire.gateway.contract.happenings import HappeningReport
from tellwire.gateway.contract.receipts import (
    InboundReport,
    MessageReport,
    inbound_body,
    receipt_body,
    with_plus,
)
from tellwire.kernel.status import FAILURES, MessageStatus, Standing


def is_reported(style: CallbackStyle, standing: Standing) -> bool:
    """Say whether a change to `standing` is posted in this style."""
    match style:
        case "8x8":
            return True
        case "clevertap":
            return clevertap.is_reported(standing)
        case "webengage":
            return webengage.is_reported(standing)
        case "smpp":
            return standing.status is not MessageStatus.SENT
        case "smpp_failures":
            return standing.status in FAILURES
        case _:
            assert_never(style)


def is_smpp(style: CallbackStyle) -> bool:
    """Say whether receipts go over SMPP."""
    return style in ("smpp", "smpp_failures")


def styled_body(style: CallbackStyle, report: MessageReport | InboundReport | HappeningReport) -> bytes:
    """Return the body of the post; an inbound text has CleverTap's form or 8x8's, a happening brings its own."""
    if isinstance(report, HappeningReport):
        return report.body
    if isinstance(report, InboundReport):
        return _reply_body(report) if style == "clevertap" else inbound_body(report)
    match style:
        case "8x8":
            return receipt_body(report)
        case "clevertap":
            return clevertap.callback_body(report)
        case "webengage":
            return webengage.receipt_body(report)
        case "smpp" | "smpp_failures":
            raise ValueError("an SMPP customer's receipts are deliver_sm and have no body")
        case _:
            assert_never(style)


def _reply_body(report: InboundReport) -> bytes:
    return clevertap.reply_body(
        meta=report.in_reply_to or report.umid,
        ts=int(report.at.timestamp()),
        to_phone=with_plus(report.destination),
        text=report.body,
    )
