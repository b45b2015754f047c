"""Messages of an SMSC to an ESME: receipts and texts of handsets in deliver_sm, as 8x8 writes them (8x8 contract 6).

Our server uses it as it is; the simulated carrier bends it (`simulator/receipts`). Reading them is `receipts`.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import DeliverSm, Tlv
from tellwire.gateway.smpp.submission import in_parts
from tellwire.kernel.sms import Composition
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

RECEIPT_ESM_CLASS = 0x04
_WORDS = 20  # characters of the message that a receipt repeats (Appendix B)
_STATES = {"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7,
           "REJECTD": 8}  # fmt: skip


class ReceiptFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a receipt. `source` and `destination` are of the message: the receipt travels the other way.

    `stat` is a word of 8x8 contract 6, `error` a code of 2.11, and `carrier_error` stands in its place where only the
    carrier knows what went wrong; `mcc` and `mnc` go along on DELIVRD when known.
    `words` is the message's beginning, empty where texts must not be repeated.
    """

    message_id: str
    source: str
    destination: str
    stat: str
    error: int
    carrier_error: str = ""
    submitted_at: datetime
    done_at: datetime
    parts: int = 1
    words: str = ""
    source_ton_npi: tuple[int, int] = (0, 0)
    destination_ton_npi: tuple[int, int] = (1, 1)
    mcc: str = ""
    mnc: str = ""


def stat_of(standing: Standing) -> str:
    """Return the `stat` word for a status (8x8 contract 6); what is on its way is ENROUTE."""
    match standing.status:
        case MessageStatus.DELIVERED | MessageStatus.READ:
            return "ACCEPTD" if standing.detail is StatusDetail.DELIVERED_TO_OPERATOR else "DELIVRD"
        case MessageStatus.UNDELIVERED:
            return "REJECTD" if standing.detail is StatusDetail.REJECTED_BY_OPERATOR else "UNDELIV"
        case MessageStatus.REJECTED:
            return "REJECTD"
        case MessageStatus.EXPIRED:
            return "EXPIRED"
        case MessageStatus.QUEUED | MessageStatus.SENT:
            return "ENROUTE"


def receipt_pairs(facts: ReceiptFacts) -> list[tuple[str, str]]:
    """Return the keys and values of a receipt's text, in order."""
    delivered = facts.parts if facts.stat == "DELIVRD" else 0
    return [
        ("id", facts.message_id),
        ("sub", f"{facts.parts:03d}"),
        ("dlvrd", f"{delivered:03d}"),
        ("submit date", f"{facts.submitted_at:%y%m%d%H%M}"),
        ("done date", f"{facts.done_at:%y%m%d%H%M}"),
        ("stat", facts.stat),
        ("err", facts.carrier_error or f"{facts.error:03d}"),
        ("Text", facts.words[:_WORDS]),
    ]


def receipt_sm(facts: ReceiptFacts, text: str | None = None, *, tlvs: bool = True) -> DeliverSm:
    """Return a receipt; `text` replaces the text that `receipt_pairs` would make."""
    if text is None:
        text = " ".join(f"{key}:{value}" for key, value in receipt_pairs(facts))
    return DeliverSm(
        source_ton=facts.destination_ton_npi[0],
        source_npi=facts.destination_ton_npi[1],
        source_addr=facts.destination,
        dest_ton=facts.source_ton_npi[0],
        dest_npi=facts.source_ton_npi[1],
        destination_addr=facts.source,
        esm_class=RECEIPT_ESM_CLASS,
        short_message=text.encode("latin-1", "replace")[:254],
        tlvs=_receipt_tlvs(facts) if tlvs else (),
    )


def text_sms(
    source: str,
    destination: str,
    composition: Composition,
    *,
    reference: int,
    dialect: Dialect,
    message_id: str = "",
) -> list[DeliverSm]:
    """Return a text from a handset, a deliver_sm a part; `source` and `destination` are digits.

    `message_id` goes along as TLV 0x1502, so that it is the same in every part.
    """
    identity: tuple[Tlv, ...] = ((Tag.MO_MESSAGE_ID.value, message_id.encode("ascii")),) if message_id else ()
    common = DeliverSm(
        source_ton=1,
        source_npi=1,
        source_addr=source,
        dest_ton=1,
        dest_npi=1,
        destination_addr=destination,
        tlvs=identity,
    )
    return in_parts(common, composition, reference, dialect)


def without_flag(receipt: DeliverSm) -> DeliverSm:
    """Return a receipt that does not say it is one, as some centres send it."""
    return replace(receipt, esm_class=0)


def _receipt_tlvs(facts: ReceiptFacts) -> tuple[Tlv, ...]:
    tlvs: list[Tlv] = [
        (Tag.RECEIPTED_MESSAGE_ID.value, facts.message_id.encode("latin-1") + b"\0"),
        (Tag.MESSAGE_STATE.value, bytes([_STATES[facts.stat]])),
    ]
    if facts.stat == "DELIVRD" and facts.mcc:
        tlvs.append((Tag.DESTINATION_MCC.value, facts.mcc.encode("ascii")))
        if facts.mnc:
            tlvs.append((Tag.DESTINATION_MNC.value, facts.mnc.encode("ascii")))
    return tuple(tlvs)
