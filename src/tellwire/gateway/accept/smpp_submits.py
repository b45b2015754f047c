"""From an SMPP customer's submit_sm to drafts and waiting parts, and from a report to its receipts. Pure."""

from datetime import datetime
from typing import Final

from tellwire.gateway.contract.drafts import LINK_PLACE, CallbackStyle, Draft
from tellwire.gateway.contract.members import FlawedError, checked_times, settled_digits
from tellwire.gateway.contract.receipts import MessageReport
from tellwire.gateway.model.part import JoinedText, SubmittedPart
from tellwire.gateway.model.smpp_address import SmppAddress, read_address, write_address
from tellwire.gateway.smpp.accounts import BindGrant, CustomerSubmit
from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.deliveries import ReceiptFacts, stat_of
from tellwire.gateway.smpp.joining import joined
from tellwire.kernel.address import parse_sender_id

_STATUSES: Final = {1006: Status.RINVEXPIRY, 1011: Status.RINVSCHED}


def flaw_of(submit: CustomerSubmit, now: datetime) -> int | None:
    """Return the status for an address or a time that HTTP's customers could not use either."""
    if submit.destination.startswith("0"):
        return Status.RINVDSTADR
    if submit.source and parse_sender_id(submit.source) is None:
        return Status.RINVSRCADR
    try:
        checked_times(submit.deliver_at, submit.expires_at, now)
    except FlawedError as flawed:
        return _STATUSES[flawed.error.code]
    return None


def receipt_to(grant: BindGrant, submit: CustomerSubmit) -> str | None:
    """Return where the receipt of a submit goes, None when it asks for none."""
    if not submit.wants_receipt:
        return None
    return write_address(
        SmppAddress(
            system_id=grant.system_id,
            source=submit.source_ton_npi,
            destination=submit.destination_ton_npi,
            of=submit.words.part_count,
            only_failures=submit.only_failures,
        )
    )


def part_of(
    grant: BindGrant, subaccount: str, submit: CustomerSubmit, umid: str, now: datetime
) -> SubmittedPart:
    """Return one part of a longer text as it waits for the others."""
    words = submit.words
    return SubmittedPart(
        subaccount=subaccount,
        system_id=grant.system_id,
        bind=grant.bind,
        source=submit.source,
        destination=settled_digits(submit.destination),
        reference=words.reference,
        total=words.part_count,
        number=words.part_number,
        umid=umid,
        alphabet=words.alphabet,
        octets=words.octets,
        receipt_to=receipt_to(grant, submit),
        deliver_at=submit.deliver_at,
        expires_at=submit.expires_at,
        received=now,
    )


def joined_draft(text: JoinedText) -> Draft:
    """Return the one message of a text's parts: the first of them that names a time or asks for receipts counts.

    One that asks for every receipt goes before those that ask to hear of failures only.
    """
    first = text.parts[0]
    asking = [part for part in text.parts if part.receipt_to is not None]
    url = min((part.receipt_to for part in asking if part.receipt_to), key=_only_failures, default=None)
    there = {part.number: (part.alphabet, part.octets) for part in text.parts}
    return Draft(
        destination=first.destination,
        source=first.source,
        text=joined(there.get(number) for number in range(1, first.total + 1)).replace(LINK_PLACE, ""),
        client_id=" ".join(part.umid for part in asking) or None,
        scheduled=next((part.deliver_at for part in text.parts if part.deliver_at), None),
        expiry=next((part.expires_at for part in text.parts if part.expires_at), None),
        callback_url=url,
        style=_style(url),
    )


def draft_of(grant: BindGrant, submit: CustomerSubmit, umid: str) -> Draft:
    """Return the message of a submit_sm that is whole."""
    url = receipt_to(grant, submit)
    return Draft(
        destination=settled_digits(submit.destination),
        source=submit.source,
        text=submit.words.text.replace(LINK_PLACE, ""),
        client_id=umid if submit.wants_receipt else None,
        scheduled=submit.deliver_at,
        expiry=submit.expires_at,
        callback_url=url,
        style=_style(url),
    )


def _style(receipt_to: str | None) -> CallbackStyle:
    if receipt_to is None:
        return "8x8"
    return "smpp_failures" if _only_failures(receipt_to) else "smpp"


def _only_failures(receipt_to: str) -> bool:
    return read_address(receipt_to).only_failures


def facts_of(report: MessageReport, umid: str, address: SmppAddress, *, is_part: bool) -> ReceiptFacts:
    """Return what the receipt of one id says."""
    return ReceiptFacts(
        message_id=umid,
        source=report.source,
        destination=report.destination,
        stat=stat_of(report.standing),
        error=report.error_code,
        carrier_error=report.carrier_error,
        submitted_at=report.created or report.at,
        done_at=report.at,
        parts=1 if is_part or address.of > 1 else report.parts,
        source_ton_npi=address.source,
        destination_ton_npi=address.destination,
        mcc=report.mcc,
        mnc=report.mnc,
    )
