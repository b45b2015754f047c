"""The deviations of one carrier from the standard, as data.

Every option has the value that most centres take (8x8 contract 6, suggested defaults). The files that read it:
`submission` (messages out), `receipts` (deliver_sm in), `verdicts` (command_status).
"""

from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tellwire.gateway.smpp.pdu import Tlv

TonNpi: TypeAlias = tuple[int, int]
Concatenation: TypeAlias = Literal["udh8", "udh16", "sar", "payload"]
Charset: TypeAlias = Literal["gsm7", "latin1"]
ReceiptIds: TypeAlias = Literal["as_is", "submit_hex_receipt_decimal", "submit_decimal_receipt_hex"]
Verdict: TypeAlias = Literal["refused", "deferred", "throttled"]

GSM7_CODING = 0
IA5_CODING = 1
LATIN1_CODING = 3
UCS2_CODING = 8


class Dialect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One carrier's SMPP habits."""

    # Texts. `plain_coding` is the data_coding of a text that is not UCS-2 (0, 1 or 3); `plain_charset` is what its
    # octets are. GSM 7-bit is always unpacked: one octet a septet. A text that Latin-1 lacks (a Euro sign) goes as
    # GSM 7-bit under data_coding 0, since UCS-2 would no longer fit the parts that it was cut into.
    plain_coding: Literal[0, 1, 3] = 0
    plain_charset: Charset = "gsm7"
    concatenation: Concatenation = "udh8"

    # Addresses: type of number and numbering plan.
    alphanumeric: TonNpi = (5, 0)
    number: TonNpi = (1, 1)
    short_code: TonNpi = (3, 0)
    destination: TonNpi = (1, 1)
    destination_plus: bool = False  # whether the carrier wants +6591230000

    # The rest of submit_sm.
    service_type: str = ""
    protocol_id: int = 0
    priority_flag: int = 0
    registered_delivery: int = 1
    times: Literal["absolute", "relative", "none"] = "absolute"
    vendor_tlvs: tuple[Tlv, ...] = ()
    umid_tag: int | None = (
        None  # send the gateway's message id in this TLV (our simulated carrier asks for it)
    )

    # Receipts.
    receipt_ids: ReceiptIds = "as_is"
    ids_compare: Literal["exact", "loose"] = "exact"  # loose: neither leading zeros nor case count
    receipt_addresses: Literal["match", "ignore"] = "match"  # ignore: receipts do not name the recipient
    receipt_per: Literal["part", "message"] = "part"  # message: one receipt speaks for all parts
    receipts_without_flag: bool = (
        False  # some centres leave esm_class 0; believing them lets a handset forge receipts
    )
    receipt_offset_minutes: int = 0  # the carrier's clock in receipt texts, east of UTC
    receipt_zone: str = ""  # the same where it keeps summer time, such as "Europe/London"
    error_codes: dict[str, int] = {}  # the carrier's `err` -> 8x8 contract 2.11
    error_codes_are_8x8: bool = False  # its `err` is that table already

    # command_status of submit_sm_resp that means something else than `verdicts` says.
    verdicts: dict[int, Verdict] = {}

    def __post_init__(self) -> None:
        """Refuse a zone that there is not, rather than the first receipt that needs it."""
        if self.receipt_zone:
            try:
                ZoneInfo(self.receipt_zone)
            except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
                raise ValueError(f"receipt_zone {self.receipt_zone!r} is no time zone's name") from problem


def canonical_submit_id(message_id: str, dialect: Dialect) -> str:
    """Return the id of a submit_sm_resp in the form under which its receipts will be looked for."""
    if dialect.receipt_ids == "submit_hex_receipt_decimal":
        return _as_decimal(message_id, 16)
    if dialect.receipt_ids == "submit_decimal_receipt_hex":
        return _as_decimal(message_id, 10)
    return _comparable(message_id, dialect)


def canonical_receipt_id(message_id: str, dialect: Dialect) -> str:
    """Return the id of a receipt's text in the same form as `canonical_submit_id`."""
    if dialect.receipt_ids == "submit_hex_receipt_decimal":
        return _as_decimal(message_id, 10)
    if dialect.receipt_ids == "submit_decimal_receipt_hex":
        return _as_decimal(message_id, 16)
    return _comparable(message_id, dialect)


def _comparable(message_id: str, dialect: Dialect) -> str:
    """Return an id so that those that this carrier takes for the same are equal; zeros alone are one zero."""
    text = message_id.strip()
    if dialect.ids_compare == "exact" or not text:
        return text
    return text.lstrip("0").casefold() or "0"


def _as_decimal(text: str, base: int) -> str:
    """Return the number in plain decimal, or the text as it is when it is no number of that base."""
    digits = text.strip()
    if not digits.isascii() or "_" in digits:
        return digits
    try:
        return str(int(digits, base))
    except ValueError:
        return digits
