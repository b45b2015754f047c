"""Reads a deliver_sm or data_sm: a receipt (by TLV, by text, in every dialect) or a text from a handset.

Outside words are parsed once here and never fail: what a receipt lacks stays empty, what is no receipt is a text.
Not here: which message a receipt is for, joining the parts of a text (the gateway's store does both).
"""

import re
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from tellwire.gateway.smpp import dialect as dialects
from tellwire.gateway.smpp.alphabets import Alphabet
from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import DataSm, DeliverSm, Tlv, tlv
from tellwire.gateway.smpp.texts import octets_of, words_of
from tellwire.gateway.smpp.verdicts import MESSAGE_STATES, STATS
from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import Standing

_LONGEST_ID = 255  # the standard's 64 are not enough for some centres
RAW_LIMIT = 300  # characters of a receipt's text that are worth keeping
MINUTE = timedelta(minutes=1)
OLDEST = timedelta(days=7)  # no centre tries for longer


class DeliveredReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """The carrier's word on one submit_sm, or on a whole message (`is_of_message`).

    `carrier_message_id` is in the form of the link's `Accepted.reference`. `error_code` is of 8x8 contract 2.11,
    0 when all is well; `carrier_error` is what the carrier wrote, and `untranslated` the same where no table of the
    dialect says what it means. `mcc` and `mnc` are empty where the receipt
    has none.
    """

    carrier_message_id: str
    standing: Standing
    at: datetime
    error_code: int = 0
    carrier_error: str = ""
    untranslated: str = ""
    raw: str = ""
    mcc: str = ""
    mnc: str = ""
    addresses: tuple[str, ...] = ()
    is_of_message: bool = False


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """A text from a handset, or one part of one: then `part_count` > 1 and `reference` joins them.

    `source` and `destination` are as the carrier wrote them. `message_id` is TLV 0x1502 where the carrier sends it.
    `octets` and `alphabet` are what the text was read of, for joining.
    """

    source: str
    destination: str
    text: str
    encoding: Encoding
    received_at: datetime
    octets: bytes = b""
    alphabet: Alphabet = "GSM7"
    reference: int = 0
    part_number: int = 1
    part_count: int = 1
    message_id: str = ""


Deliver: TypeAlias = DeliveredReceipt | Inbound

_RECEIPT_TYPES = (0x04, 0x20)  # esm_class bits 5-2: delivery receipt, intermediate notification (5.2.12)
_TYPE_MASK = 0x3C
_KEYS = r"id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err"
# A colon is part of a value (ids have them) unless a key follows.
_VALUE = rf"(?!(?:{_KEYS}|text)\s*:)((?:[^\s:;,]|:(?=[^\s:;,])(?!(?:{_KEYS}|text)\s*:))*)"
_PAIR = re.compile(rf"(?<![\w])({_KEYS})\s*:\s*{_VALUE}", re.IGNORECASE)
# The form of Appendix B, which most carriers keep to, in one step: a fifth of what looking for each key costs.
_NAMES = ("id", "sub", "dlvrd", "submit date", "done date", "stat", "err")
_USUAL = re.compile("id:([^\\s;,]+) " + " ".join(rf"{name}:([^\s:;,]+)" for name in _NAMES[1:]) + r"\Z")
_ERROR = re.compile(r"[0-9A-Za-z]{1,8}").fullmatch  # what may stand behind `err:` in a receipt of ours
_TEXT = re.compile(r"(?<![\w])text\s*:", re.IGNORECASE)
# How many digits the year has, by the length of a date; what follows are pairs: month, day, hour, minute, second.
_YEARS = {10: (2,), 12: (2, 4), 14: (4,)}


def read_deliver(body: DeliverSm | DataSm, dialect: Dialect, received_at: datetime) -> Deliver:
    """Return the carrier's receipt or text; `received_at` (aware, UTC) stands in for a time that it lacks."""
    octets = octets_of(body)
    if body.esm_class & _TYPE_MASK in _RECEIPT_TYPES:
        return _receipt(octets, body, dialect, received_at)
    if dialect.receipts_without_flag and _is_receipt_text(octets):
        return _receipt(octets, body, dialect, received_at)
    return _inbound(body, dialect, received_at)


def receipt_fields(text: str) -> dict[str, str]:
    """Return the keys and values of a receipt's text, keys in lower case with a space ("done date").

    The first of a repeated key counts, and nothing after `Text:` does: that is the message's own words.
    """
    return _fields(_without_words(text))


def _fields(head: str) -> dict[str, str]:
    usual = _USUAL.match(head)
    if usual is not None:
        return dict(zip(_NAMES, usual.groups(), strict=True))
    fields: dict[str, str] = {}
    for key, value in _PAIR.findall(head):
        name = key.lower().replace("_", " ").replace("edate", "e date").replace("tdate", "t date")
        fields.setdefault(name, value)
    return fields


def _receipt(
    octets: bytes, body: DeliverSm | DataSm, dialect: Dialect, received_at: datetime
) -> DeliveredReceipt:
    text = _receipt_text(octets)
    head = _without_words(text)
    fields = _fields(head)
    word = _state(body.tlvs) or fields.get("stat", "").upper()[:7]
    standing, usual_code = STATS.get(word, STATS["UNKNOWN"])
    carrier_error = fields.get("err", "") or _network_error(body.tlvs)
    translated = _translated(carrier_error, dialect)
    is_failed = usual_code != 0
    return DeliveredReceipt(
        carrier_message_id=_id(body.tlvs, fields, dialect),
        standing=standing,
        at=_done_at(fields.get("done date", ""), dialect, received_at),
        error_code=(translated or usual_code) if translated is not None else usual_code,
        carrier_error=carrier_error[:32],
        untranslated=carrier_error if is_failed and translated is None and _ERROR(carrier_error) else "",
        raw=head[:RAW_LIMIT],
        mcc=_ascii(tlv(body.tlvs, Tag.DESTINATION_MCC), 3),
        mnc=_ascii(tlv(body.tlvs, Tag.DESTINATION_MNC), 3),
        addresses=_addresses(body) if dialect.receipt_addresses == "match" else (),
        is_of_message=dialect.receipt_per == "message",
    )


def _receipt_text(octets: bytes) -> str:
    """Return a receipt's text by what it is: centres write ASCII under data_coding 8, and UTF-16 under 0.

    Its keys and values are ASCII, so in UTF-16 every other octet of them is a NUL.
    """
    high, low = octets[::2].count(0), octets[1::2].count(0)
    if high + low < len(octets) // 3:
        return octets.decode("latin-1")
    return octets.decode("utf-16-be" if high >= low else "utf-16-le", "replace")


def _addresses(body: DeliverSm | DataSm) -> tuple[str, ...]:
    """Both: some centres turn a receipt's addresses round, and some leave them as they were."""
    return tuple(address for address in (body.source_addr, body.destination_addr) if address)


def _is_receipt_text(octets: bytes) -> bool:
    fields = receipt_fields(_receipt_text(octets))
    return "id" in fields and "stat" in fields


def _id(tlvs: tuple[Tlv, ...], fields: dict[str, str], dialect: Dialect) -> str:
    """The TLV repeats the id of submit_sm_resp (5.3.2.12); the text's may be in another base."""
    message_id = _ascii(tlv(tlvs, Tag.RECEIPTED_MESSAGE_ID), _LONGEST_ID)
    if message_id:
        return dialects.canonical_submit_id(message_id, dialect)
    return dialects.canonical_receipt_id(fields.get("id", ""), dialect)


def _state(tlvs: tuple[Tlv, ...]) -> str | None:
    octets = tlv(tlvs, Tag.MESSAGE_STATE)
    return MESSAGE_STATES.get(octets[0]) if octets else None


def _network_error(tlvs: tuple[Tlv, ...]) -> str:
    """Network type and code (5.3.2.31), as "3:42"; empty when there is none."""
    octets = tlv(tlvs, Tag.NETWORK_ERROR_CODE)
    if octets is None or len(octets) != 3 or octets[1:] == b"\0\0":
        return ""
    return f"{octets[0]}:{int.from_bytes(octets[1:])}"


def _translated(carrier_error: str, dialect: Dialect) -> int | None:
    """Return the carrier's error in 8x8's table, None where the dialect does not say what it means."""
    if carrier_error in dialect.error_codes:
        return dialect.error_codes[carrier_error]
    is_code = carrier_error.isascii() and carrier_error.isdecimal() and len(carrier_error) <= 3
    return int(carrier_error) if dialect.error_codes_are_8x8 and is_code else None


def _done_at(text: str, dialect: Dialect, received_at: datetime) -> datetime:
    for digits in _YEARS.get(len(text), ()) if text.isdecimal() else ():
        written = _moment(text[:digits], text[digits:])
        if written is None:
            continue
        done = _in_utc(written, dialect, received_at)
        # A time in whole minutes is the received one, rounded down; a future one, or one of years ago, is a
        # wrong clock or none. That it is not before the message's own time is for the store to see.
        return done if received_at - OLDEST <= done <= received_at - MINUTE else received_at
    return received_at


def _in_utc(written: datetime, dialect: Dialect, received_at: datetime) -> datetime:
    if not dialect.receipt_zone:
        return written - timedelta(minutes=dialect.receipt_offset_minutes)
    local = written.replace(tzinfo=ZoneInfo(dialect.receipt_zone))
    # The hour that comes twice when summer time ends: the later of the two that has come.
    later = local.replace(fold=1).astimezone(UTC)
    return later if later <= received_at else local.astimezone(UTC)


def _moment(year: str, rest: str) -> datetime | None:
    """The date of a year and pairs of digits, or None; `strptime` would take ten times as long."""
    if len(year) == 4 and not year.startswith("20"):
        return None
    month, day, hour, minute, second = (int(f"{rest}00"[at : at + 2]) for at in range(0, 10, 2))
    try:
        return datetime(2000 + int(year[-2:]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _without_words(text: str) -> str:
    """The receipt without the message's own words, which belong in no log."""
    words = _TEXT.search(text)
    return text[: words.start()].rstrip() if words else text


def _inbound(body: DeliverSm | DataSm, dialect: Dialect, received_at: datetime) -> Inbound:
    words = words_of(body, dialect, ia5_is_plain=False)
    return Inbound(
        source=body.source_addr,
        destination=body.destination_addr,
        text=words.text,
        encoding=words.encoding,
        received_at=received_at,
        octets=words.octets,
        alphabet=words.alphabet,
        reference=words.reference,
        part_number=words.part_number,
        part_count=words.part_count,
        message_id=_ascii(tlv(body.tlvs, Tag.MO_MESSAGE_ID), 65),
    )


def _ascii(octets: bytes | None, limit: int) -> str:
    return octets[:limit].rstrip(b"\0").decode("latin-1") if octets else ""
