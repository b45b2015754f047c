"""The words that a submit_sm, deliver_sm or data_sm carries, and its place in a longer text.

Reading never fails: octets that are not a header are part of the text. Not here: receipts (`receipts`), joining parts
(`joining`).
"""

import msgspec

from tellwire.gateway.smpp.alphabets import Alphabet, alphabet_of, read_octets
from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import DataSm, Sm, Tlv, tlv
from tellwire.kernel import gsm
from tellwire.kernel.sms import Encoding

_UDHI = 0x40


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A text, or one part of one: then `part_count` > 1 and `reference` joins them.

    `units` are septets or UTF-16 code units on the wire, without the header; of other alphabets, octets.
    `octets` and `alphabet` are what the text was read of: a character cut between two parts is in neither's text.
    """

    text: str
    encoding: Encoding
    units: int
    octets: bytes = b""
    alphabet: Alphabet = "GSM7"
    reference: int = 0
    part_number: int = 1
    part_count: int = 1


def octets_of(body: Sm | DataSm) -> bytes:
    """Return the user data: message_payload where there is one, else short_message (5.3.2.32)."""
    payload = tlv(body.tlvs, Tag.MESSAGE_PAYLOAD) if body.tlvs else None
    if payload is not None:
        return payload
    return body.short_message if isinstance(body, Sm) else b""


def words_of(body: Sm | DataSm, dialect: Dialect, *, ia5_is_plain: bool = True) -> Words:
    """Return what the PDU says, its header taken off; `ia5_is_plain` as for `alphabet_of`.

    Octets that are no text keep a header that joins no parts: its ports say what they are.
    """
    whole = octets = octets_of(body)
    reference, number, count = _sar(body.tlvs) if body.tlvs else (0, 1, 1)
    if body.esm_class & _UDHI and octets:
        header, octets = octets[1 : octets[0] + 1], octets[octets[0] + 1 :]
        reference, number, count = _udh(header) or (reference, number, count)
    alphabet = alphabet_of(body.data_coding, dialect, ia5_is_plain=ia5_is_plain)
    if alphabet == "OCTETS" and count == 1:
        octets = whole
    text = read_octets(octets, alphabet)
    return Words(
        text=text,
        encoding=_encoding_of(text, alphabet),
        units=(len(octets) + 1) // 2 if alphabet == "UCS2" else len(octets),
        octets=octets,
        alphabet=alphabet,
        reference=reference,
        part_number=number,
        part_count=count,
    )


def _encoding_of(text: str, alphabet: Alphabet) -> Encoding:
    """Return the encoding in which the text would go on."""
    if alphabet == "UCS2" or (alphabet != "GSM7" and gsm.first_outside(text) is not None):
        return Encoding.UCS2
    return Encoding.GSM7


def _udh(header: bytes) -> tuple[int, int, int] | None:
    """Reference, number and count of a concatenation element (GSM 03.40 9.2.3.24.1 and .8), or None."""
    while len(header) >= 2:
        kind, length = header[0], header[1]
        value, header = header[2 : 2 + length], header[2 + length :]
        if kind == 0x00 and len(value) == 3:
            return _sane(value[0], value[2], value[1])
        if kind == 0x08 and len(value) == 4:
            return _sane(int.from_bytes(value[:2]), value[3], value[2])
    return None


def _sar(tlvs: tuple[Tlv, ...]) -> tuple[int, int, int]:
    reference = tlv(tlvs, Tag.SAR_MSG_REF_NUM)
    count, number = tlv(tlvs, Tag.SAR_TOTAL_SEGMENTS), tlv(tlvs, Tag.SAR_SEGMENT_SEQNUM)
    if not reference or not count or not number:
        return 0, 1, 1
    return _sane(int.from_bytes(reference[-2:]), number[0], count[0])


def _sane(reference: int, number: int, count: int) -> tuple[int, int, int]:
    """A part outside its own count is a text of its own."""
    return (reference, number, count) if 1 <= number <= count else (0, 1, 1)
